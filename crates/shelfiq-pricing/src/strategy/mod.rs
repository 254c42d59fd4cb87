//! Prices that look at the market: a place among the rivals, or what rating and features are worth there.
//!
//! Both aim at a target and then take the printable price nearest to it that (a) breaks no guard rail, (b) is not dearer than
//! the price that is best without looking at rivals, and (c) costs at most a stated share of what that price earns. The
//! last limit does not move with the rivals' prices, so two sellers who undercut each other stop at it, far above their
//! costs; and when the rivals leave, the target goes with them and the price returns to its best.

mod hedonic;
mod market;
mod position;

pub use hedonic::{Attribute, Direction, HedonicModel, ValueEstimate};
pub use market::{Availability, Market, Offer, Reference};

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;

use crate::advice::{OptimizeOptions, PriceAdvice, PriceProblem};
use crate::error::PricingError;
use crate::optimize::optimize;
use position::{Target, price_at};

/// Where a price wants to stand among the rivals, and what that may cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompetitiveStance {
    /// Whose price counts.
    pub reference: Reference,
    /// Distance wanted as a share of the reference: 0 to match, −0.02 to undercut by 2 %.
    pub distance: Ratio,
    /// Largest share of the objective at its best price that the position may cost.
    pub sacrifice_max: Ratio,
}

impl Default for CompetitiveStance {
    /// Matches the median; gives up at most a tenth.
    fn default() -> Self {
        Self { reference: Reference::Median, distance: Ratio::ZERO, sacrifice_max: Ratio::from_percent(10) }
    }
}

/// The price that takes the position of `stance` in `market`; the best price without rivals if none has anything to sell.
///
/// # Errors
/// As [`optimize`].
pub fn compete(
    problem: &PriceProblem,
    market: &Market,
    stance: &CompetitiveStance,
    options: &OptimizeOptions,
) -> Result<PriceAdvice, PricingError> {
    let rivals = market.rivals(problem.current_price);
    let Some(reference) = stance.reference.price_of(&rivals) else { return optimize(problem, options) };
    let factor = Decimal::ONE + stance.distance.proportion();
    let wanted = match stance.distance {
        distance if distance < Ratio::ZERO => format!("{} below", Ratio::new(-distance.proportion())),
        distance if distance > Ratio::ZERO => format!("{distance} above"),
        _ => "matching".to_owned(),
    };
    let target = Target {
        price: reference.checked_mul(factor).unwrap_or(Decimal::MAX),
        why: format!("{wanted} {} at {}", stance.reference.named(rivals.len()), reference.normalize()),
    };
    price_at(problem, &target, stance.sacrifice_max, options)
}

/// The price that rating and features are worth in `market`, by what rivals ask for theirs; the best price without rivals if
/// none has anything to sell. `model` is [`HedonicModel::fit`] of the same market.
///
/// # Errors
/// As [`optimize`]; [`PricingError::InvalidProblem`] if `attributes` are not as many as the model's.
pub fn price_by_value(
    problem: &PriceProblem,
    model: &HedonicModel,
    attributes: &[f64],
    sacrifice_max: Ratio,
    options: &OptimizeOptions,
) -> Result<PriceAdvice, PricingError> {
    let value = model.value_of(attributes)?;
    let (Some(value), Some(price)) = (value, value.and_then(|value| Decimal::from_f64(value.price))) else {
        return optimize(problem, options);
    };
    let premium = Ratio::new(Decimal::from_f64(value.premium).unwrap_or_default().round_dp(4));
    let typical = Decimal::from_f64(value.price / (1.0 + value.premium)).unwrap_or(price).round_dp(2).normalize();
    let compared = if premium >= Ratio::ZERO { "above" } else { "below" };
    let target = Target {
        price,
        why: format!(
            "{} {compared} the typical {typical} of {} rivals for what this offers",
            Ratio::new(premium.proportion().abs()),
            model.offer_count()
        ),
    };
    price_at(problem, &target, sacrifice_max, options)
}

/// Distance of two prices as the absolute log of their ratio.
fn log_distance(a: Decimal, b: Decimal) -> f64 {
    let number = |price: Decimal| price.to_f64().unwrap_or(f64::NAN);
    (number(a) / number(b)).ln().abs()
}
