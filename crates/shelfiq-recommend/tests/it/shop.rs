//! One Sku of a small shop, and what is advised for it.

use chrono::{DateTime, NaiveDate, TimeZone, Utc};
use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, Money, Quantity, Ratio, Sku, UnitPrice};
use shelfiq_recommend::{
    Advice, DemandOutlook, DemandSignal, GainRange, GuardRailCheck, NoAdvice, Policy, PriceAdvice, PricingSignal,
    Recommendation, RecommendationKind, SkuSignals, StockSignal, Withheld, advise,
};

pub(crate) fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 6, 0, 0).unwrap()
}

pub(crate) fn eur(cents: i64) -> Money {
    Money::from_minor(cents, CurrencyCode::EUR)
}

pub(crate) fn unit(cents: i64) -> UnitPrice {
    UnitPrice::new(Decimal::new(cents, 2), CurrencyCode::EUR)
}

pub(crate) fn outlook(daily: f64, half_width: f64) -> DemandSignal {
    DemandSignal::Forecast(DemandOutlook {
        first_day: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        mean_units: vec![daily; 28],
        lo80_units: vec![(daily - half_width).max(0.0); 28],
        hi80_units: vec![daily + half_width; 28],
        cumulative_lo80_units: Vec::new(),
        cumulative_hi80_units: Vec::new(),
        model: "damped".to_owned(),
    })
}

pub(crate) fn stock(on_hand: i64) -> StockSignal {
    StockSignal {
        on_hand: Quantity::new(on_hand),
        on_order: Quantity::ZERO,
        lead_time_days: 10,
        lead_time_deviation_days: 0.0,
        pack_size: Quantity::new(1),
        min_order: Quantity::new(1),
        observed_at: now(),
    }
}

/// Sells four a day at 20.00 EUR, costs 12.00 EUR, the price is right, stock for half a year is there.
pub(crate) fn mug() -> SkuSignals {
    SkuSignals {
        sku: Sku::new("MUG").unwrap(),
        title: "Blue mug".to_owned(),
        currency: CurrencyCode::EUR,
        price: Some(unit(2000)),
        lowest_price: None,
        unit_cost: Some(unit(1200)),
        stock: Some(stock(500)),
        demand: outlook(4.0, 3.0),
        elasticity: None,
        pricing: PricingSignal::PriceIsRight { reason: "no other price earns more".to_owned() },
        anomalies: Vec::new(),
        first_seen: NaiveDate::from_ymd_opt(2024, 1, 1),
        companion: None,
    }
}

pub(crate) fn price_advice(cents: i64) -> PriceAdvice {
    PriceAdvice {
        price: eur(cents),
        gain: GainRange { expected: eur(9_000), lo: eur(2_000), hi: eur(16_000) },
        horizon_days: 30,
        probability_of_gain: Ratio::from_percent(92),
        units_now: 120.0,
        units_then: 108.0,
        guard_rails: vec![GuardRailCheck {
            name: "rival_band".to_owned(),
            passed: true,
            detail: "within 5 % of the cheapest rival".to_owned(),
        }],
        binding_constraint: None,
        is_outside_support: false,
        strategy: "Highest margin".to_owned(),
        gain_in: "profit".to_owned(),
        aim: None,
        model: "pooled log-log".to_owned(),
    }
}

/// What one kind of advice comes to. A price test counts as price advice.
pub(crate) fn ask(kind: RecommendationKind, signals: &SkuSignals, policy: &Policy) -> Result<Recommendation, Withheld> {
    let is_price = |kind| matches!(kind, RecommendationKind::Reprice | RecommendationKind::PriceTest);
    advise(signals, policy, now())
        .into_iter()
        .map(|advice| match advice {
            Advice::Give(recommendation) => Ok(*recommendation),
            Advice::Withhold(withheld) => Err(withheld),
        })
        .find(|outcome| {
            let found = outcome.as_ref().map_or_else(|withheld| withheld.key.kind, |given| given.key.kind);
            found == kind || (is_price(found) && is_price(kind))
        })
        .unwrap()
}

pub(crate) fn refusal(kind: RecommendationKind, signals: &SkuSignals) -> (NoAdvice, String) {
    let withheld = ask(kind, signals, &Policy::default()).unwrap_err();
    (withheld.why, withheld.reason)
}

/// Whether the interval holds the expected value.
pub(crate) fn is_ordered(given: &Recommendation) -> bool {
    given.impact.lo.minor() <= given.impact.expected.minor() && given.impact.expected.minor() <= given.impact.hi.minor()
}
