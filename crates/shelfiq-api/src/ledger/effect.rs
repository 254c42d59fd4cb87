//! Measured effects on the wire.

use chrono::NaiveDate;
use serde::Serialize;
use shelfiq_app::ledger::{Basis, Claim, PriceChange};
use shelfiq_core::{CurrencyCode, UnitPrice, money_text};
use shelfiq_experiment::{MeasuredEffect, MoneyEffect};
use utoipa::ToSchema;

use crate::amount::MoneyBody;
use crate::products::price_body;

/// A price that really changed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeBody {
    /// First day at the new price.
    day: NaiveDate,
    from: MoneyBody,
    to: MoneyBody,
}

impl ChangeBody {
    pub(super) fn of(change: PriceChange, currency: CurrencyCode) -> Self {
        Self { day: change.day, from: price_body(change.from, currency), to: price_body(change.to, currency) }
    }

    /// The change in a few words.
    pub(super) fn label(change: PriceChange, currency: CurrencyCode) -> String {
        let text = |amount| money_text(UnitPrice::new(amount, currency));
        format!("Changed the price from {} to {}", text(change.from), text(change.to))
    }
}

/// What a decision brought, with 80 and 95 % intervals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EffectBody {
    /// `switch_back`, `split` or `peers`, strongest first.
    method: String,
    first_day: NaiveDate,
    last_day: NaiveDate,
    /// Days that count.
    days: u32,
    /// `more`, `fewer` or `unclear`: whether the 95 % interval of the units excludes zero.
    verdict: String,
    units: UnitsRangeBody,
    revenue: MoneyRangeBody,
    /// Null where the cost is unknown.
    margin: Option<MoneyRangeBody>,
    /// Products it was compared with, heaviest first.
    peers: Vec<PeerBody>,
    /// What could make the figures wrong: `not_randomised`, `peers_may_share_buyers`, `few_peers`, `poor_fit`, `short_history`, `censored_days`, `few_sales`.
    weaknesses: Vec<String>,
    /// What the ledger claims; null for an earlier move that only serves for comparison.
    claim: Option<ClaimBody>,
}

/// Units with 80 and 95 % intervals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitsRangeBody {
    expected: f64,
    low80: f64,
    high80: f64,
    low95: f64,
    high95: f64,
    /// Relative to what would have been sold: 0.05 is 5 % more.
    ratio: f64,
}

/// An amount with 80 and 95 % intervals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MoneyRangeBody {
    expected: MoneyBody,
    low80: MoneyBody,
    high80: MoneyBody,
    low95: MoneyBody,
    high95: MoneyBody,
}

/// A product that an effect was measured beside.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PeerBody {
    sku: String,
    /// Its share in the comparison; the shares sum to one.
    weight: f64,
}

/// `claimed + counterfactual = actual`, to the cent.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimBody {
    /// `margin`, or `revenue` where the cost is unknown.
    basis: String,
    claimed: MoneyBody,
    counterfactual: MoneyBody,
    actual: MoneyBody,
}

impl EffectBody {
    pub(super) fn of(effect: &MeasuredEffect, claim: Option<Claim>) -> Self {
        let units = &effect.units;
        Self {
            method: word(&effect.method),
            first_day: effect.first_day,
            last_day: effect.last_day,
            days: effect.days_measured,
            verdict: word(&effect.verdict),
            units: UnitsRangeBody {
                expected: units.expected,
                low80: units.interval_80[0],
                high80: units.interval_80[1],
                low95: units.interval_95[0],
                high95: units.interval_95[1],
                ratio: units.expected_ratio,
            },
            revenue: (&effect.revenue).into(),
            margin: effect.margin.as_ref().map(Into::into),
            peers: effect
                .peers
                .iter()
                .map(|peer| PeerBody { sku: peer.sku.to_string(), weight: peer.weight })
                .collect(),
            weaknesses: effect.weaknesses.iter().map(word).collect(),
            claim: claim.map(|claim| ClaimBody {
                basis: match claim.basis {
                    Basis::Margin => "margin",
                    Basis::Revenue => "revenue",
                }
                .to_owned(),
                claimed: claim.claimed.into(),
                counterfactual: claim.counterfactual.into(),
                actual: claim.actual.into(),
            }),
        }
    }
}

impl From<&MoneyEffect> for MoneyRangeBody {
    fn from(effect: &MoneyEffect) -> Self {
        Self {
            expected: effect.expected.into(),
            low80: effect.interval_80[0].into(),
            high80: effect.interval_80[1].into(),
            low95: effect.interval_95[0].into(),
            high95: effect.interval_95[1].into(),
        }
    }
}

/// The word of a value that is written as one.
pub(crate) fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}
