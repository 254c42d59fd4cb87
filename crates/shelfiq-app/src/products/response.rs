//! How demand for a product answers to prices and promotions, as the latest run stored it.

use shelfiq_pricing::{ElasticityBelief, PriceSupport, RivalReaction};

use super::record::Reader;
use crate::brains::elasticity::{Driver, RIVAL_FOLLOWS, SUBSTITUTES};
use crate::error::AppError;

/// An elasticity as the latest run stored it.
#[derive(Debug, Clone)]
pub(crate) struct StoredElasticity {
    pub(crate) belief: ElasticityBelief,
    pub(super) lo_95: f64,
    pub(super) hi_95: f64,
    pub(super) identified: bool,
    pub(crate) reason: String,
    pub(crate) support: Option<PriceSupport>,
    pub(super) observations: i64,
    pub(super) prices: i64,
}

/// What moves demand beside the own price, as the latest run stored it; `None` where nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct DemandEffects {
    /// Log of the factor by which a promotion lifts demand beyond what its price does.
    pub promotion: Option<ElasticityBelief>,
    /// Percent of demand per percent of the cheapest rival's price.
    pub rival_price: Option<ElasticityBelief>,
    /// Percent of demand per percent of the prices of our own products nearest to it in its category.
    pub substitutes: Option<ElasticityBelief>,
    /// Percent of the cheapest rival's price per percent of ours, in the weeks after a change of ours.
    pub rival_follows: Option<ElasticityBelief>,
}

impl DemandEffects {
    /// How the rivals answer to a new price.
    pub(crate) fn rival_reaction(&self) -> Option<RivalReaction> {
        Some(RivalReaction { follows: self.rival_follows?, effect: self.rival_price? })
    }
}

pub(super) async fn elasticity(reader: &Reader<'_>) -> Result<Option<StoredElasticity>, AppError> {
    let answer = reader.ask("select * from elasticities where sku = {sku}").await?;
    if answer.rows() == 0 {
        return Ok(None);
    }
    let number = |column: &str| Ok::<_, AppError>(answer.numbers(column)?.first().copied().flatten());
    let support = number("support_low")?.zip(number("support_high")?).map(|(min, max)| PriceSupport { min, max });
    Ok(Some(StoredElasticity {
        belief: ElasticityBelief {
            mean: number("elasticity")?.unwrap_or(-1.0),
            sd: number("deviation")?.unwrap_or(1.0),
        },
        lo_95: number("lo_95")?.unwrap_or(f64::NEG_INFINITY),
        hi_95: number("hi_95")?.unwrap_or(f64::INFINITY),
        identified: answer.flags("identified")?.first().copied().flatten().unwrap_or(false),
        reason: answer.texts("reason")?.into_iter().next().flatten().unwrap_or_default(),
        support,
        observations: answer.counts("observations")?.first().copied().flatten().unwrap_or(0),
        prices: answer.counts("prices")?.first().copied().flatten().unwrap_or(0),
    }))
}

pub(super) async fn demand_effects(reader: &Reader<'_>) -> Result<DemandEffects, AppError> {
    let answer = reader.ask("select driver, effect, deviation from demand_effects where sku = {sku}").await?;
    let mut effects = DemandEffects::default();
    let numbers = answer.numbers("effect")?.into_iter().zip(answer.numbers("deviation")?);
    for (driver, (mean, sd)) in answer.texts("driver")?.into_iter().zip(numbers) {
        let belief = mean.zip(sd).map(|(mean, sd)| ElasticityBelief { mean, sd });
        let known = Driver::ALL.into_iter().find(|known| driver.as_deref() == Some(known.as_str()));
        match known {
            Some(Driver::Promotion) => effects.promotion = belief,
            Some(Driver::RivalPrice) => effects.rival_price = belief,
            None => match driver.as_deref() {
                Some(SUBSTITUTES) => effects.substitutes = belief,
                Some(RIVAL_FOLLOWS) => effects.rival_follows = belief,
                _ => {}
            },
        }
    }
    Ok(effects)
}
