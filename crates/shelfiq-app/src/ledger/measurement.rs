//! What the ledger keeps of a measured effect, as stored and as shown.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{CurrencyCode, LedgerEntryId, Money, UnitPrice, money_text};
use shelfiq_experiment::MeasuredEffect;

/// What is known of one decision's effect.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// What came of it, in a sentence.
    pub explanation: String,
    /// The change of price that the shop's data show; `None` if there is none.
    #[serde(default)]
    pub change: Option<PriceChange>,
    /// The effect; `None` until it can be measured.
    #[serde(default)]
    pub effect: Option<MeasuredEffect>,
    /// The claim beside the books; `None` until there is an effect.
    #[serde(default)]
    pub claim: Option<Claim>,
}

impl Measurement {
    /// Nothing but a sentence.
    pub(crate) fn only(explanation: impl Into<String>) -> Self {
        Self { explanation: explanation.into(), change: None, effect: None, claim: None }
    }

    /// A change of price, and what there is to say about it.
    pub(crate) fn of_change(change: PriceChange, currency: CurrencyCode, rest: &str) -> Self {
        let price = |amount| money_text(UnitPrice::new(amount, currency));
        let (from, to, day) = (price(change.from), price(change.to), change.day);
        Self { change: Some(change), ..Self::only(format!("The price went from {from} to {to} on {day}. {rest}")) }
    }
}

/// A price that really changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PriceChange {
    /// First day at the new price.
    pub day: NaiveDate,
    /// Price before, major units.
    pub from: Decimal,
    /// Price since, major units.
    pub to: Decimal,
}

/// What the ledger claims: always `actual = counterfactual + claimed`, and `actual` is the books'.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What the amounts are.
    pub basis: Basis,
    /// What was earned in the measured days.
    pub actual: Money,
    /// What would have been earned without the decision.
    pub counterfactual: Money,
    /// What the decision brought.
    pub claimed: Money,
}

/// What is claimed and reconciled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// Gross margin.
    Margin,
    /// Revenue: the cost is unknown.
    Revenue,
}

/// What the same kind of move brought before, so that a promise can be held against experience.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BackTest {
    /// The answer in a sentence: also why there is none.
    pub explanation: String,
    /// The ledger entry of the earlier move.
    #[serde(default)]
    pub entry: Option<LedgerEntryId>,
    /// The earlier move.
    #[serde(default)]
    pub change: Option<PriceChange>,
    /// What it brought.
    #[serde(default)]
    pub effect: Option<MeasuredEffect>,
}

impl BackTest {
    /// There is no earlier move to learn from.
    pub(crate) fn not_possible(why: impl Into<String>) -> Self {
        Self { explanation: why.into(), entry: None, change: None, effect: None }
    }
}
