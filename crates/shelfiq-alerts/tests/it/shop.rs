//! Facts of a small shop, and an evaluation that stores its cases.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use rust_decimal::Decimal;
use shelfiq_alerts::{
    AlertRule, Case, CaseKey, Change, Condition, Evaluation, Fact, Hold, MarginFact, Observed, StockFact, Subject,
    Transition, evaluate,
};
use shelfiq_core::{AlertRuleId, CurrencyCode, Money, Quantity, Sku, UnitPrice};

pub(crate) fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 6, 0, 0).unwrap()
}

pub(crate) fn euro(cents: i64) -> UnitPrice {
    UnitPrice::new(Decimal::new(cents, 2), CurrencyCode::EUR)
}

pub(crate) fn subject(sku: &str) -> Subject {
    Subject::Sku(Sku::new(sku).unwrap())
}

pub(crate) fn about(sku: &str, fact: Fact) -> Observed {
    Observed { subject: subject(sku), title: format!("Product {sku}"), turnover: None, fact }
}

pub(crate) fn rule(number: u128, condition: Condition) -> AlertRule {
    AlertRule::with_defaults(AlertRuleId::from_uuid(uuid::Uuid::from_u128(number)), condition)
}

/// Stock of so many units that sells two a day with a lead time of ten days: twenty are needed.
pub(crate) fn stock(on_hand: i64) -> Fact {
    Fact::Stock(StockFact {
        on_hand: Quantity::new(on_hand),
        on_order: Quantity::ZERO,
        daily_demand_units: 2.0,
        daily_demand_hi_units: 2.0,
        lead_time_days: 10,
        unit_value: euro(500),
        observed_at: start(),
    })
}

/// A Sku with a cost of 10.00 EUR that sells three a day at this price.
pub(crate) fn margin(price_cents: i64) -> Fact {
    Fact::Margin(MarginFact {
        price: euro(price_cents),
        unit_cost: euro(1000),
        since: start(),
        daily_demand_units: 3.0,
        previous_price: Some(euro(1500)),
        previous_unit_cost: Some(euro(1000)),
    })
}

/// A merchant's stored cases, and a clock that moves only when told to.
pub(crate) struct Desk {
    pub(crate) cases: BTreeMap<CaseKey, Case>,
    pub(crate) now: DateTime<Utc>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self { cases: BTreeMap::new(), now: start() }
    }

    pub(crate) fn wait(&mut self, minutes: i64) -> &mut Self {
        self.now += TimeDelta::minutes(minutes);
        self
    }

    /// Evaluates and stores, as the application does.
    pub(crate) fn see(&mut self, rule: &AlertRule, facts: &[Observed]) -> Vec<Transition> {
        self.see_in_shop_of(None, rule, facts).transitions
    }

    /// The same in a shop that sells for so much in four weeks.
    pub(crate) fn see_in_shop_of(
        &mut self,
        turnover: Option<Money>,
        rule: &AlertRule,
        facts: &[Observed],
    ) -> Evaluation {
        let evaluation = evaluate(rule, &self.cases, facts, turnover, self.now);
        for transition in &evaluation.transitions {
            let key = transition.case.key.clone();
            match transition.change {
                Change::Dropped => self.cases.remove(&key),
                _ => self.cases.insert(key, transition.case.clone()),
            };
        }
        evaluation
    }

    pub(crate) fn changes(&mut self, rule: &AlertRule, facts: &[Observed]) -> Vec<Change> {
        self.see(rule, facts).iter().map(|transition| transition.change).collect()
    }
}

pub(crate) const PATIENT: Hold = Hold { fire_after_minutes: 30, resolve_after_minutes: 60, reopen_within_minutes: 600 };
