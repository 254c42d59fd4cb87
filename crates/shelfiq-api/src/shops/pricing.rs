//! How the shop prices, on the wire.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shelfiq_app::settings::{FrozenDays, PricingPolicy, PricingStrategy, ReductionRule, RiskChoice, ShopSettings};
use shelfiq_pricing::{CompetitiveStance, Objective, Reference};
use utoipa::ToSchema;

use super::ratio;
use crate::error::ApiError;

/// How prices are found. Shares are numbers: 0.1 for 10 %.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PricingPolicyBody {
    objective: ObjectiveBody,
    strategy: PricingStrategyBody,
    /// Whose price counts, if the strategy is `compete`.
    reference: RivalReferenceBody,
    /// Distance to it as a share: 0 matches, −0.02 undercuts by 2 %.
    distance: f64,
    /// Most that the position may cost, as a share of what the best price earns.
    sacrifice_max: f64,
    /// Names under which the shop itself sells; at most 20.
    own_sellers: Vec<String>,
    risk: RiskBody,
    /// Probability of a gain below which a price is kept.
    confidence: f64,
    reductions: ReductionRuleBody,
    /// Smallest reduction worth announcing, as a share of the lowest price of thirty days.
    reduction_min: f64,
    /// `any`, `charm`, or the last two digits: `49,99`.
    price_endings: String,
    /// How far below the cheapest rival a price may go, as a share.
    rival_band_below: f64,
    /// How far above the cheapest rival a price may go, as a share.
    rival_band_above: f64,
    /// Days on which no price changes; at most 100 entries.
    frozen: Vec<FrozenDaysBody>,
}

/// What a price should make as large as possible.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ObjectiveBody {
    /// Price times units.
    Revenue,
    /// Price less cost, times units.
    Margin,
    /// The mean of both.
    Balanced,
}

/// How a price is found.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PricingStrategyBody {
    /// The price that earns most.
    Earn,
    /// A place among the rivals, as far as it costs little.
    Compete,
}

/// Which of the rivals' prices counts.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RivalReferenceBody {
    /// The cheapest.
    Cheapest,
    /// The middle one.
    Median,
}

/// How doubt about demand weighs.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RiskBody {
    /// The expected gain decides.
    Neutral,
    /// What is reached in four cases of five decides.
    Careful,
    /// The mean of the worst fifth of all cases decides.
    VeryCareful,
}

/// Whether a price may be cut without announcing the cut.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ReductionRuleBody {
    /// It may.
    Any,
    /// Only where the cut may be announced: below the lowest price of thirty days.
    OnlyAnnounceable,
}

/// Days on which no price changes.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FrozenDaysBody {
    /// The first.
    from: NaiveDate,
    /// The last.
    to: NaiveDate,
    /// Why.
    #[serde(default)]
    name: String,
}

impl PricingPolicyBody {
    pub(super) fn of(settings: &ShopSettings) -> Self {
        let policy = &settings.pricing;
        Self {
            objective: objective_body(policy.objective),
            strategy: match policy.strategy {
                PricingStrategy::Earn => PricingStrategyBody::Earn,
                PricingStrategy::Compete => PricingStrategyBody::Compete,
            },
            reference: match policy.stance.reference {
                Reference::Cheapest => RivalReferenceBody::Cheapest,
                Reference::Median => RivalReferenceBody::Median,
            },
            distance: policy.stance.distance.to_f64(),
            sacrifice_max: policy.stance.sacrifice_max.to_f64(),
            own_sellers: policy.own_sellers.clone(),
            risk: match policy.risk {
                RiskChoice::Neutral => RiskBody::Neutral,
                RiskChoice::Careful => RiskBody::Careful,
                RiskChoice::VeryCareful => RiskBody::VeryCareful,
            },
            confidence: policy.confidence.to_f64(),
            reductions: match policy.reductions {
                ReductionRule::Any => ReductionRuleBody::Any,
                ReductionRule::OnlyAnnounceable => ReductionRuleBody::OnlyAnnounceable,
            },
            reduction_min: policy.reduction_min.to_f64(),
            price_endings: settings.price_endings.to_string(),
            rival_band_below: settings.rival_band_below.to_f64(),
            rival_band_above: settings.rival_band_above.to_f64(),
            frozen: policy
                .frozen
                .iter()
                .map(|days| FrozenDaysBody { from: days.from, to: days.to, name: days.name.clone() })
                .collect(),
        }
    }

    /// Writes the policy into the settings.
    pub(super) fn apply(self, settings: &mut ShopSettings) -> Result<(), ApiError> {
        let mut frozen: Vec<FrozenDays> = self
            .frozen
            .into_iter()
            .map(|days| FrozenDays { from: days.from, to: days.to, name: days.name.trim().to_owned() })
            .collect();
        frozen.sort_by(|one, other| one.from.cmp(&other.from).then_with(|| one.to.cmp(&other.to)));
        settings.pricing = PricingPolicy {
            objective: self.objective.into(),
            strategy: match self.strategy {
                PricingStrategyBody::Earn => PricingStrategy::Earn,
                PricingStrategyBody::Compete => PricingStrategy::Compete,
            },
            stance: CompetitiveStance {
                reference: match self.reference {
                    RivalReferenceBody::Cheapest => Reference::Cheapest,
                    RivalReferenceBody::Median => Reference::Median,
                },
                distance: ratio("pricing.distance", self.distance)?,
                sacrifice_max: ratio("pricing.sacrifice_max", self.sacrifice_max)?,
            },
            own_sellers: self.own_sellers.iter().map(|name| name.trim().to_owned()).collect(),
            risk: match self.risk {
                RiskBody::Neutral => RiskChoice::Neutral,
                RiskBody::Careful => RiskChoice::Careful,
                RiskBody::VeryCareful => RiskChoice::VeryCareful,
            },
            confidence: ratio("pricing.confidence", self.confidence)?,
            reductions: match self.reductions {
                ReductionRuleBody::Any => ReductionRule::Any,
                ReductionRuleBody::OnlyAnnounceable => ReductionRule::OnlyAnnounceable,
            },
            reduction_min: ratio("pricing.reduction_min", self.reduction_min)?,
            frozen,
        };
        settings.price_endings = self.price_endings.parse().map_err(|error: shelfiq_pricing::UnclearEndings| {
            ApiError::invalid("pricing.price_endings", error.to_string())
        })?;
        settings.rival_band_below = ratio("pricing.rival_band_below", self.rival_band_below)?;
        settings.rival_band_above = ratio("pricing.rival_band_above", self.rival_band_above)?;
        Ok(())
    }
}

impl From<ObjectiveBody> for Objective {
    fn from(body: ObjectiveBody) -> Self {
        match body {
            ObjectiveBody::Revenue => Self::Revenue,
            ObjectiveBody::Margin => Self::Margin,
            ObjectiveBody::Balanced => Self::Balanced,
        }
    }
}

const fn objective_body(objective: Objective) -> ObjectiveBody {
    match objective {
        Objective::Revenue => ObjectiveBody::Revenue,
        Objective::Margin => ObjectiveBody::Margin,
        Objective::Balanced => ObjectiveBody::Balanced,
    }
}
