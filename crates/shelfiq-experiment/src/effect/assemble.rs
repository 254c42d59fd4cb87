//! From counterfactual units to amounts, verdict and words.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use shelfiq_core::{CurrencyCode, Money, MoneyError, Rounding, UnitPrice};

use crate::SalesDay;
use crate::amount::to_f64;
use crate::effect::statement::reconcile;
use crate::effect::{
    Counterfactual, CounterfactualDay, EffectMethod, EffectVerdict, LedgerTotals, MeasuredEffect, MoneyEffect,
    PeerWeight, UnitsEffect, Weakness, words,
};
use crate::error::ExperimentError;

/// What a method found.
pub(crate) struct Finding {
    pub(crate) method: EffectMethod,
    /// The measured days as booked, ascending.
    pub(crate) actual: Vec<SalesDay>,
    /// Units that would have been sold on each of them.
    pub(crate) counterfactual_units: Vec<f64>,
    /// Effect on the units of all of them: ends of the 80 % and of the 95 % interval.
    pub(crate) interval_80: [f64; 2],
    pub(crate) interval_95: [f64; 2],
    /// What a unit would have brought and cost.
    pub(crate) unit_revenue: UnitPrice,
    pub(crate) unit_cost: Option<UnitPrice>,
    pub(crate) peers: Vec<PeerWeight>,
    pub(crate) weaknesses: Vec<Weakness>,
}

impl Finding {
    pub(crate) fn effect(self) -> Result<MeasuredEffect, ExperimentError> {
        let counterfactual = self.counterfactual();
        let statement = reconcile(&self.actual, &counterfactual)?;
        let units = self.units_effect(&counterfactual);
        let unit_margin = counterfactual
            .unit_cost
            .map(|cost| UnitPrice::new(self.unit_revenue.amount() - cost.amount(), cost.currency()));
        let margin = match (statement.margin, unit_margin) {
            (Some(totals), Some(unit)) => Some(money_effect(totals, unit, &units)?),
            _ => None,
        };
        let verdict = match units.interval_95 {
            [lo, _] if lo > 0.0 => EffectVerdict::More,
            [_, hi] if hi < 0.0 => EffectVerdict::Fewer,
            _ => EffectVerdict::Unclear,
        };
        let day = |sales: Option<&SalesDay>| sales.map_or(NaiveDate::MIN, |sales| sales.day);
        let mut effect = MeasuredEffect {
            method: self.method,
            first_day: day(self.actual.first()),
            last_day: day(self.actual.last()),
            days_measured: u32::try_from(self.actual.len()).unwrap_or(u32::MAX),
            revenue: money_effect(statement.revenue, self.unit_revenue, &units)?,
            margin,
            units,
            verdict,
            counterfactual,
            peers: self.peers,
            weaknesses: self.weaknesses,
            summary: String::new(),
        };
        effect.summary = words::measured(&effect);
        Ok(effect)
    }

    fn counterfactual(&self) -> Counterfactual {
        let units = |units: f64| Decimal::from_f64(units.max(0.0)).unwrap_or_default().round_dp(6);
        let days = self.actual.iter().zip(&self.counterfactual_units);
        Counterfactual {
            days: days.map(|(day, &expected)| CounterfactualDay { day: day.day, units: units(expected) }).collect(),
            unit_revenue: self.unit_revenue,
            unit_cost: self.unit_cost,
        }
    }

    fn units_effect(&self, counterfactual: &Counterfactual) -> UnitsEffect {
        let actual: f64 = self.actual.iter().map(|day| to_f64(day.units.units().into())).sum();
        let would_be = to_f64(counterfactual.days.iter().map(|day| day.units).sum());
        let expected = actual - would_be;
        // Counterfactual units are never below zero, so the effect never exceeds what was sold.
        let ends = |[lo, hi]: [f64; 2]| [lo.min(expected), hi.min(actual).max(expected)];
        let (interval_80, interval_95) = (ends(self.interval_80), ends(self.interval_95));
        let ratio = |units: f64| if would_be > 0.0 { units / would_be } else { 0.0 };
        UnitsEffect {
            expected,
            interval_80,
            interval_95,
            expected_ratio: ratio(expected),
            ratio_interval_95: interval_95.map(ratio),
        }
    }
}

/// The claim itself is exact; its interval follows from the units not sold otherwise.
fn money_effect(totals: LedgerTotals, unit: UnitPrice, units: &UnitsEffect) -> Result<MoneyEffect, ExperimentError> {
    let shifted = |end: f64| -> Result<Money, ExperimentError> {
        let units = Decimal::from_f64(end - units.expected).unwrap_or_default();
        let more = units.checked_mul(unit.amount()).ok_or(MoneyError::Overflow)?;
        Ok(totals.claimed.plus(Money::from_major(more, unit.currency(), Rounding::HalfEven)?)?)
    };
    let ends = |[lo, hi]: [f64; 2]| -> Result<[Money; 2], ExperimentError> {
        let (a, b) = (shifted(lo)?, shifted(hi)?);
        Ok(if a.minor() <= b.minor() { [a, b] } else { [b, a] })
    };
    Ok(MoneyEffect {
        expected: totals.claimed,
        interval_80: ends(units.interval_80)?,
        interval_95: ends(units.interval_95)?,
    })
}

/// Amount per unit over some days, to six decimals; `None` if nothing was sold or an amount is unknown.
pub(crate) fn per_unit<'a>(
    days: impl Iterator<Item = &'a SalesDay>,
    amount: fn(&SalesDay) -> Option<Money>,
    currency: CurrencyCode,
) -> Option<UnitPrice> {
    let (mut total, mut units) = (Decimal::ZERO, Decimal::ZERO);
    for day in days {
        total += amount(day)?.to_major();
        units += Decimal::from(day.units.units());
    }
    (units > Decimal::ZERO).then(|| UnitPrice::new((total / units).round_dp(6), currency))
}
