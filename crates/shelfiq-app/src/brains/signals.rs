//! What recommendations rest on: the models' outputs as plain signals, one set per Sku.

use std::collections::HashMap;

use shelfiq_core::{Quantity, UnitPrice};
use shelfiq_forecast::{Forecast, Level, Status};
use shelfiq_pricing::ElasticityRow;
use shelfiq_recommend::{
    AnomalySignal, DemandOutlook, DemandSignal, ElasticitySignal, PricingSignal, SkuSignals, StockSignal,
};

use crate::brains::demand::day_of;
use crate::brains::price::{self, PriceAnswer};
use crate::facts::{ShopFacts, SkuFacts};
use crate::settings::{ShopSettings, SkuLimits};

/// Days of trading from which a Sku's demand can be told at all: every weekday was seen twice.
const TRADING_DAYS_MIN: usize = 14;

/// Whether the Sku has been sold for long enough to expect anything of it.
pub(crate) fn knows_demand(facts: &ShopFacts, sku: &SkuFacts) -> bool {
    facts.trading_days_since(sku.first_day) >= TRADING_DAYS_MIN
}

/// The signals of every Sku, in the order of the facts.
pub(crate) fn signals(
    facts: &ShopFacts,
    settings: &ShopSettings,
    limits: &HashMap<String, SkuLimits>,
    forecasts: &[Forecast],
    rows: &HashMap<&str, &ElasticityRow>,
    answers: &HashMap<String, PriceAnswer>,
    anomalies: &HashMap<String, Vec<AnomalySignal>>,
) -> Vec<SkuSignals> {
    let one = |(sku, forecast): (&SkuFacts, &Forecast)| {
        let code = sku.sku.as_str();
        let row = rows.get(code).copied();
        let demand = demand_signal(facts, sku, forecast);
        let pricing = match &demand {
            DemandSignal::Forecast(_) => price::signal(answers.get(code), row, facts.currency),
            DemandSignal::NotEnoughData { reason } => PricingSignal::NotEnoughData { reason: reason.clone() },
        };
        SkuSignals {
            sku: sku.sku.clone(),
            title: sku.title.clone(),
            currency: facts.currency,
            price: sku.price_now.map(|price| UnitPrice::new(price, facts.currency)),
            lowest_price: price::lowest_price(facts, sku, settings, limits.get(code))
                .map(|price| UnitPrice::new(price, facts.currency)),
            unit_cost: sku.unit_cost.map(|cost| UnitPrice::new(cost, facts.currency)),
            stock: stock_signal(sku, settings, limits.get(code)),
            demand,
            elasticity: row.map(|row| ElasticitySignal {
                mean: row.belief.mean,
                deviation: row.belief.sd,
                identified: row.identified(),
            }),
            pricing,
            anomalies: anomalies.get(code).cloned().unwrap_or_default(),
            first_seen: Some(sku.first_day),
            companion: None,
        }
    };
    facts.skus.iter().zip(forecasts).map(one).collect()
}

fn stock_signal(sku: &SkuFacts, settings: &ShopSettings, limits: Option<&SkuLimits>) -> Option<StockSignal> {
    let stock = sku.stock?;
    Some(StockSignal {
        on_hand: Quantity::new(stock.on_hand),
        on_order: Quantity::new(stock.on_order),
        lead_time_days: lead_time_days(sku, settings, limits),
        lead_time_deviation_days: 0.0,
        pack_size: Quantity::new(1),
        min_order: Quantity::new(1),
        observed_at: stock.observed_at,
    })
}

/// The Sku's own setting, else what the stock file says, else the shop's default.
pub(crate) fn lead_time_days(sku: &SkuFacts, settings: &ShopSettings, limits: Option<&SkuLimits>) -> u32 {
    limits
        .and_then(|limits| limits.lead_time_days)
        .or_else(|| sku.stock.and_then(|stock| stock.lead_time_days))
        .unwrap_or(settings.default_lead_time_days)
}

/// How the forecaster marks models that also saw price and promotion.
const REGRESSORS: &str = " + regressors";

/// Which models made a forecast, in the words of the glossary of their trade.
fn model_in_words(forecast: &Forecast) -> String {
    let (name, drivers) = match forecast.members.first() {
        Some(member) => {
            member.model.strip_suffix(REGRESSORS).map_or((member.model.as_str(), false), |name| (name, true))
        }
        None => (forecast.model.as_str(), false),
    };
    let words = match name {
        "adida" => "aggregated smoothing",
        "autoregression" => "autoregression",
        "croston" => "Croston's method",
        "drift" => "the trend carried on",
        "dynamic-theta" => "the dynamic Theta method",
        "ets" => "exponential smoothing with trend and season",
        "holt-damped" => "exponential smoothing with a fading trend",
        "imapa" => "smoothing over several aggregations",
        "naive" => "the last value carried on",
        "sba" => "Croston's method, corrected",
        "seasonal-median" => "the median of past seasons",
        "seasonal-naive" => "the last season carried on",
        "ses" => "exponential smoothing",
        "theta" => "the Theta method",
        "tsb" => "Croston's method with fading demand",
        "window-average" => "the recent average",
        other => other,
    };
    let words = if drivers { format!("{words} with price and promotion") } else { words.to_owned() };
    match forecast.members.len() {
        0 | 1 => words,
        several => format!("{several} models weighed by their recent errors, most on {words}"),
    }
}

fn demand_signal(facts: &ShopFacts, sku: &SkuFacts, forecast: &Forecast) -> DemandSignal {
    if !knows_demand(facts, sku) {
        let known = facts.trading_days_since(sku.first_day);
        let reason = format!("{known} days with sales are known, {TRADING_DAYS_MIN} are needed");
        return DemandSignal::NotEnoughData { reason };
    }
    match &forecast.status {
        Status::Ready => {}
        Status::ShortHistory { observed, needed } => {
            return DemandSignal::NotEnoughData { reason: format!("{observed} days are known, {needed} are needed") };
        }
        Status::NothingObserved => return DemandSignal::NotEnoughData { reason: "nothing was ever sold".to_owned() },
    }
    let Some(first) = forecast.steps.first() else {
        return DemandSignal::NotEnoughData { reason: "no day was forecast".to_owned() };
    };
    let bounds = |pick: fn(&shelfiq_forecast::Interval) -> f64| {
        forecast
            .steps
            .iter()
            .map(|step| step.intervals.iter().find(|interval| interval.level == Level::EIGHTY).map_or(step.mean, pick))
            .collect()
    };
    // Ends where the forecaster gives no interval of the sum.
    let sums = |pick: fn(&shelfiq_forecast::Interval) -> f64| {
        forecast
            .steps
            .iter()
            .map_while(|step| {
                step.cumulative.intervals.iter().find(|interval| interval.level == Level::EIGHTY).map(pick)
            })
            .collect()
    };
    DemandSignal::Forecast(DemandOutlook {
        first_day: day_of(first.stamp),
        mean_units: forecast.steps.iter().map(|step| step.mean).collect(),
        lo80_units: bounds(|interval| interval.lo),
        hi80_units: bounds(|interval| interval.hi),
        cumulative_lo80_units: sums(|interval| interval.lo),
        cumulative_hi80_units: sums(|interval| interval.hi),
        model: model_in_words(forecast),
    })
}
