//! What alert rules look at: one fact per Sku and concern, and one per feed.

use std::collections::HashMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use rust_decimal::Decimal;
use shelfiq_alerts::{
    AlertKind, DemandFact, Fact, FeedFact, MarginFact, Observed, PriceFact, RatingFact, RivalFact, StockFact, Subject,
    UnusualValue, WatchedFact, WatchedSeries,
};
use shelfiq_core::{CurrencyCode, Money, Quantity, Ratio, UnitPrice};
use shelfiq_forecast::{Forecast, Level, Status};
use shelfiq_store::anomaly_answers::AnomalyMeasure;

use crate::brains::anomalies::{DemandVerdict, PriceVerdict, SkuVerdicts, Unusual};
use crate::brains::price::money_of;
use crate::brains::signals::{knows_demand, lead_time_days};
use crate::facts::{ShopFacts, SkuFacts};
use crate::settings::{ShopSettings, SkuLimits};

/// Days over which the newest ratings are compared with all before.
const RATING_WINDOW_DAYS: i64 = 30;
/// A rival's offer that is older says nothing about today.
const RIVAL_DAYS_MAX: i64 = 14;
/// Days ahead whose mean stands for "units per day".
const OUTLOOK_DAYS: usize = 28;
/// Days back over which it is counted what the shop and its Skus sell: the measure of what is worth an alert.
const TURNOVER_DAYS: usize = 28;

/// Gaps between days with orders from which it can be told what is usual.
const FEED_GAPS_MIN: usize = 7;

/// What a run found out about the Skus, as far as alert rules ask for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Findings<'a> {
    /// One for each Sku of the facts, in their order.
    pub(crate) forecasts: &'a [Forecast],
    /// By code.
    pub(crate) verdicts: &'a HashMap<String, SkuVerdicts>,
    /// Elasticities of demand to the cheapest rival's price, by code, where the data tell them.
    pub(crate) rival_elasticities: &'a HashMap<String, f64>,
}

/// Facts of every Sku and of the order feed.
pub(crate) fn observe(
    facts: &ShopFacts,
    settings: &ShopSettings,
    limits: &HashMap<String, SkuLimits>,
    findings: Findings<'_>,
) -> Vec<Observed> {
    let mut observed: Vec<Observed> = order_feed(facts).into_iter().collect();
    for (sku, forecast) in facts.skus.iter().zip(findings.forecasts) {
        let code = sku.sku.as_str();
        let outlook = Outlook::of(forecast).filter(|_| knows_demand(facts, sku));
        let verdict = findings.verdicts.get(code);
        let found = [
            verdict.and_then(|verdict| demand_fact(sku, verdict.demand.as_ref()?, facts)),
            verdict.and_then(|verdict| price_fact(sku, verdict.price.as_ref()?, outlook, facts.currency)),
            outlook.and_then(|outlook| {
                stock_fact(sku, outlook, lead_time_days(sku, settings, limits.get(code)), facts.currency)
            }),
            margin_fact(sku, outlook, facts),
            rival_fact(sku, outlook, findings.rival_elasticities.get(code).copied(), facts),
            rating_fact(sku, facts.newest_order_at),
        ];
        let subject = Subject::Sku(sku.sku.clone());
        let turnover = money_of(sku.turnover(TURNOVER_DAYS), facts.currency);
        let observe = |fact| Observed { subject: subject.clone(), title: sku.title.clone(), turnover, fact };
        let watched = Watching::ALL.iter().filter_map(|watching| watched_fact(watching, sku, verdict?, outlook, facts));
        observed.extend(found.into_iter().flatten().chain(watched).map(observe));
    }
    observed
}

/// What the shop sold over the last four weeks of data; `None` if nothing.
pub(crate) fn turnover(facts: &ShopFacts) -> Option<Money> {
    money_of(facts.turnover(TURNOVER_DAYS), facts.currency).filter(|sum| sum.minor() > 0)
}

/// Units per day over the next weeks: expected, and the cautious view.
#[derive(Debug, Clone, Copy)]
struct Outlook {
    daily: f64,
    daily_hi: f64,
}

impl Outlook {
    fn of(forecast: &Forecast) -> Option<Self> {
        let ahead = (forecast.status == Status::Ready).then_some(&forecast.steps)?.get(OUTLOOK_DAYS - 1)?;
        let hi = ahead.cumulative.intervals.iter().find(|interval| interval.level == Level::EIGHTY)?.hi;
        let days = OUTLOOK_DAYS as f64;
        Some(Self { daily: ahead.cumulative.mean / days, daily_hi: hi / days })
    }
}

fn price_of(amount: Decimal, currency: CurrencyCode) -> UnitPrice {
    UnitPrice::new(amount, currency)
}

/// A price out of a model, as finely as such prices are set: to the minor unit from one major unit on.
fn float_price(amount: f64, currency: CurrencyCode) -> Option<UnitPrice> {
    let digits = if amount.abs() >= 1.0 { currency.exponent() } else { 4 };
    Decimal::from_f64_retain(amount).map(|amount| price_of(amount.round_dp(digits), currency))
}

fn unit_value(sku: &SkuFacts, currency: CurrencyCode) -> Option<UnitPrice> {
    sku.unit_value().map(|value| price_of(value, currency))
}

/// A shop that sells every day should bring orders every day: the usual gap is the 95 % quantile of the gaps between days
/// with revenue. `None` while too few of them are known to tell what is usual.
fn order_feed(facts: &ShopFacts) -> Option<Observed> {
    let days_with_sales: Vec<usize> = facts
        .daily_net_revenue
        .values
        .iter()
        .enumerate()
        .filter(|(_, revenue)| **revenue != 0.0)
        .map(|(day, _)| day)
        .collect();
    let mut gaps: Vec<usize> = days_with_sales.windows(2).map(|pair| pair[1] - pair[0]).collect();
    if gaps.len() < FEED_GAPS_MIN {
        return None;
    }
    gaps.sort_unstable();
    let usual_days = gaps.get(gaps.len() * 95 / 100).copied().unwrap_or(1).max(1);
    let usual_gap_hours = 24.0 * usual_days as f64 + 24.0;
    let fact = Fact::Feed(FeedFact { newest_at: facts.newest_order_at, usual_gap_hours, last_error: None });
    Some(Observed { subject: Subject::Feed("orders".to_owned()), title: "Orders".to_owned(), turnover: None, fact })
}

fn demand_fact(sku: &SkuFacts, verdict: &DemandVerdict, facts: &ShopFacts) -> Option<Fact> {
    let known = facts.trading_days_since(sku.first_day) - facts.trading_days_since(verdict.first_day);
    let newest = |days: usize| sku.price.len().saturating_sub(days);
    let recent = mean_price(&sku.price[newest(verdict.days as usize)..]);
    let before = mean_price(&sku.price[newest(verdict.days as usize + 28)..newest(verdict.days as usize)]);
    let price_change = recent.zip(before).and_then(|(recent, before)| Decimal::from_f64_retain(recent / before - 1.0));
    Some(Fact::Demand(DemandFact {
        first_day: verdict.first_day,
        days: verdict.days,
        history_days: u32::try_from(known).unwrap_or(u32::MAX),
        actual_units: verdict.actual,
        expected_units: verdict.expected,
        lo_units: verdict.lo,
        hi_units: verdict.hi,
        unit_value: unit_value(sku, facts.currency)?,
        was_out_of_stock: sku.was_out_of_stock[newest(verdict.days as usize)..].contains(&true),
        price_change: price_change.map(|change| Ratio::new(change.round_dp(4))),
        had_promotion: sku.had_promotion[newest(verdict.days as usize)..].contains(&true),
    }))
}

fn mean_price(prices: &[f64]) -> Option<f64> {
    let known: Vec<f64> = prices.iter().copied().filter(|price| price.is_finite()).collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

fn price_fact(
    sku: &SkuFacts,
    verdict: &PriceVerdict,
    outlook: Option<Outlook>,
    currency: CurrencyCode,
) -> Option<Fact> {
    Some(Fact::Price(PriceFact {
        price: price_of(sku.price_now?, currency),
        expected: float_price(verdict.expected, currency)?,
        lo: float_price(verdict.lo, currency)?,
        hi: float_price(verdict.hi, currency)?,
        score: Ratio::new(Decimal::from_f64_retain(verdict.score)?.round_dp(4)),
        since: sku.price_since?,
        daily_demand_units: outlook.map(|outlook| outlook.daily),
    }))
}

fn stock_fact(sku: &SkuFacts, outlook: Outlook, lead_time_days: u32, currency: CurrencyCode) -> Option<Fact> {
    let stock = sku.stock?;
    Some(Fact::Stock(StockFact {
        on_hand: Quantity::new(stock.on_hand),
        on_order: Quantity::new(stock.on_order),
        daily_demand_units: outlook.daily,
        daily_demand_hi_units: outlook.daily_hi,
        lead_time_days,
        unit_value: unit_value(sku, currency)?,
        observed_at: stock.observed_at,
    }))
}

fn margin_fact(sku: &SkuFacts, outlook: Option<Outlook>, facts: &ShopFacts) -> Option<Fact> {
    let price = |amount| price_of(amount, facts.currency);
    let since = sku.unit_cost_since.max(sku.price_since).unwrap_or(facts.newest_order_at);
    Some(Fact::Margin(MarginFact {
        price: price(sku.price_now?),
        unit_cost: price(sku.unit_cost?),
        since,
        daily_demand_units: outlook.map_or(0.0, |outlook| outlook.daily),
        previous_price: sku.price_before.map(price),
        previous_unit_cost: sku.unit_cost_before.map(price),
    }))
}

fn rival_fact(
    sku: &SkuFacts,
    outlook: Option<Outlook>,
    cross_elasticity: Option<f64>,
    facts: &ShopFacts,
) -> Option<Fact> {
    let rival = sku.cheapest_rival(facts.newest_order_at, RIVAL_DAYS_MAX)?;
    Some(Fact::Rival(RivalFact {
        price: price_of(sku.price_now?, facts.currency),
        rival_price: price_of(rival.price, facts.currency),
        rival: rival.name.clone(),
        observed_at: rival.observed_at,
        since: rival.since,
        daily_demand_units: outlook.map_or(0.0, |outlook| outlook.daily),
        cross_elasticity,
        unit_value: unit_value(sku, facts.currency)?,
    }))
}

fn rating_fact(sku: &SkuFacts, now: DateTime<Utc>) -> Option<Fact> {
    let since = now - TimeDelta::days(RATING_WINDOW_DAYS);
    let split = sku.ratings.partition_point(|(at, _)| *at < since);
    let (earlier, recent) = sku.ratings.split_at(split);
    let stars = |ratings: &[(DateTime<Utc>, u8)]| {
        let sum: f64 = ratings.iter().map(|(_, stars)| f64::from(*stars)).sum();
        (!ratings.is_empty()).then(|| sum / ratings.len() as f64)
    };
    let (earlier_stars, recent_stars) = (stars(earlier)?, stars(recent)?);
    let squares: f64 = earlier.iter().map(|(_, stars)| (f64::from(*stars) - earlier_stars).powi(2)).sum();
    // A handful of equal ratings must not pass for certainty: one star is the usual spread of single ratings.
    let deviation_stars = (squares / earlier.len() as f64).sqrt().max(1.0);
    Some(Fact::Rating(RatingFact {
        recent_stars,
        recent_count: u32::try_from(recent.len()).unwrap_or(u32::MAX),
        earlier_stars,
        earlier_count: u32::try_from(earlier.len()).unwrap_or(u32::MAX),
        deviation_stars,
        since,
        top_complaint: None,
    }))
}

/// A series that an alert rule looks at, and the measures in which the detector watches it.
#[derive(Debug)]
pub(crate) struct Watching {
    kind: AlertKind,
    series: WatchedSeries,
    /// What matters more goes first.
    pub(crate) measures: &'static [AnomalyMeasure],
}

impl Watching {
    const ALL: &[Self] = &[
        Self { kind: AlertKind::RivalMove, series: WatchedSeries::RivalPrice, measures: &[AnomalyMeasure::RivalPrice] },
        Self { kind: AlertKind::TrafficChange, series: WatchedSeries::Traffic, measures: &[AnomalyMeasure::Traffic] },
        Self {
            kind: AlertKind::ReviewSurge,
            series: WatchedSeries::Reviews,
            measures: &[AnomalyMeasure::Complaints, AnomalyMeasure::Reviews],
        },
        Self {
            kind: AlertKind::StockLoss,
            series: WatchedSeries::MissingStock,
            measures: &[AnomalyMeasure::MissingStock],
        },
    ];

    /// The series that alerts of this kind tell of.
    pub(crate) fn of(kind: AlertKind) -> Option<&'static Self> {
        Self::ALL.iter().find(|watching| watching.kind == kind)
    }

    fn is_known(&self, sku: &SkuFacts) -> bool {
        match self.series {
            WatchedSeries::RivalPrice => !sku.watched.rival_price.is_empty(),
            WatchedSeries::Traffic => !sku.watched.sessions.is_empty(),
            WatchedSeries::Reviews => !sku.ratings.is_empty(),
            WatchedSeries::MissingStock => !sku.watched.missing_units.is_empty(),
        }
    }
}

fn watched_fact(
    watched: &Watching,
    sku: &SkuFacts,
    verdict: &SkuVerdicts,
    outlook: Option<Outlook>,
    facts: &ShopFacts,
) -> Option<Fact> {
    if !watched.is_known(sku) {
        return None;
    }
    // That a rival sells below us has a rule of its own.
    let is_told_elsewhere = |unusual: &Unusual| {
        watched.series == WatchedSeries::RivalPrice && sku.price.last().is_some_and(|price| unusual.actual < *price)
    };
    let unusual = verdict.beside(watched.measures).filter(|unusual| !is_told_elsewhere(unusual));
    let unit_value = match watched.series {
        WatchedSeries::MissingStock => sku.unit_cost.map(|cost| price_of(cost, facts.currency)),
        _ => unit_value(sku, facts.currency),
    };
    Some(Fact::Watched(WatchedFact {
        series: watched.series,
        unusual: unusual.and_then(unusual_value),
        daily_demand_units: outlook.map_or(0.0, |outlook| outlook.daily),
        unit_value,
    }))
}

fn unusual_value(unusual: &Unusual) -> Option<UnusualValue> {
    Some(UnusualValue {
        day: unusual.day,
        actual: unusual.actual,
        expected: unusual.verdict.band?.expected,
        score: Ratio::new(Decimal::from_f64_retain(unusual.verdict.score)?.round_dp(4)),
        sentence: unusual.sentence.clone(),
    })
}

/// The first instant after the last day of data: when facts are as fresh as they get.
pub(crate) fn as_of(facts: &ShopFacts, now: DateTime<Utc>) -> DateTime<Utc> {
    let end = (facts.last_day + Days::new(1)).and_time(chrono::NaiveTime::MIN).and_utc();
    now.min(end.max(facts.newest_order_at))
}
