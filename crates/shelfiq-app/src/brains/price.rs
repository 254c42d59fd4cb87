//! Price problems: what each Sku's demand, cost, stock and limits allow, and what the optimiser says.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use shelfiq_core::{CurrencyCode, Money, Ratio, Rounding, UnitPrice, money_range_text, money_text};
use shelfiq_forecast::{Forecast, Level, Status};
use shelfiq_pricing::{
    Action, DayRule, DemandModel, ElasticityBelief, ElasticityReport, ElasticityRow, GuardRails, Objective,
    PriceAdvice, PriceProblem, PriceSupport, PricingError, RivalBand, RivalReaction,
};
use shelfiq_recommend::{GainRange, GuardRailCheck, PricingSignal};

use crate::brains::demand::EFFECT_DAYS;
use crate::brains::strategy::Standing;
use crate::facts::{ShopFacts, SkuFacts};
use crate::settings::{ShopSettings, SkuLimits};

const MODEL: &str = "elasticity of this product, pooled with its like";
/// A rival's price that is older does not bind ours.
pub(crate) const RIVAL_DAYS_MAX: i64 = 14;

/// What the optimiser said about one Sku, with the problem it was given.
#[derive(Debug, Clone)]
pub(crate) struct PriceAnswer {
    pub(crate) problem: PriceProblem,
    pub(crate) advice: Result<PriceAdvice, PricingError>,
    /// Among whom the Sku stands, and what was asked lately.
    pub(crate) standing: Standing,
    /// The strategy that answered, in words.
    pub(crate) strategy: String,
}

/// Everything that is needed to judge prices of a shop.
pub(crate) struct PriceBoard<'a> {
    pub(crate) facts: &'a ShopFacts,
    pub(crate) settings: &'a ShopSettings,
    pub(crate) limits: &'a HashMap<String, SkuLimits>,
    pub(crate) elasticities: &'a ElasticityReport,
}

impl<'a> PriceBoard<'a> {
    /// The elasticity rows by Sku code.
    pub(crate) fn rows(&self) -> HashMap<&'a str, &'a ElasticityRow> {
        self.elasticities.rows.iter().map(|row| (row.id.as_str(), row)).collect()
    }

    /// Answers for every Sku whose price can be judged at all, by code. `forecasts` stand in the order of the facts.
    pub(crate) fn answer_all(&self, forecasts: &[Forecast]) -> HashMap<String, PriceAnswer> {
        let rows = self.rows();
        let asked: Vec<(String, PriceProblem, Standing)> = self
            .facts
            .skus
            .iter()
            .zip(forecasts)
            .filter_map(|(sku, forecast)| {
                let row = rows.get(sku.sku.as_str())?;
                let belief =
                    Belief { elasticity: row.belief, rival_reaction: row.rival_reaction, support: row.support };
                let limits = self.limits.get(sku.sku.as_str());
                let problem = problem(self.facts, sku, Baseline::of(forecast)?, belief, self.settings, limits)?;
                let standing = Standing::of(self.facts, sku, self.settings);
                Some((sku.sku.as_str().to_owned(), problem, standing))
            })
            .collect();
        let policy = &self.settings.pricing;
        let answer = |(code, problem, standing): (String, PriceProblem, Standing)| {
            let advice = standing.advise(&problem, policy);
            let strategy = policy.in_words(problem.objective, standing.has_rivals(&problem));
            (code, PriceAnswer { problem, advice, standing, strategy })
        };
        asked.into_par_iter().map(answer).collect()
    }
}

/// Units expected over the next [`EFFECT_DAYS`] days at the present price, and the upper end of their 80 % interval.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Baseline {
    pub(crate) units: f64,
    pub(crate) units_hi_80: f64,
}

impl Baseline {
    fn of(forecast: &Forecast) -> Option<Self> {
        let ahead = (forecast.status != Status::NothingObserved).then_some(&forecast.steps)?.get(EFFECT_DAYS - 1)?;
        let units = ahead.cumulative.mean;
        let spread = ahead.cumulative.intervals.iter().find(|interval| interval.level == Level::EIGHTY);
        Some(Self { units, units_hi_80: spread.map_or(2.0 * units, |interval| interval.hi) })
    }
}

/// What is believed about the answer to price, and the prices it was learnt from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Belief {
    pub(crate) elasticity: ElasticityBelief,
    pub(crate) rival_reaction: Option<RivalReaction>,
    pub(crate) support: Option<PriceSupport>,
}

/// The price problem of one Sku over the next [`EFFECT_DAYS`] days, if price and demand are known.
pub(crate) fn problem(
    facts: &ShopFacts,
    sku: &SkuFacts,
    baseline: Baseline,
    belief: Belief,
    settings: &ShopSettings,
    limits: Option<&SkuLimits>,
) -> Option<PriceProblem> {
    let current_price = sku.price_now.filter(|price| *price > Decimal::ZERO)?;
    let current_price = UnitPrice::new(current_price, facts.currency).written();
    if !baseline.units.is_finite() || baseline.units <= 0.0 {
        return None;
    }
    Some(PriceProblem {
        current_price,
        unit_cost: sku.unit_cost,
        demand: DemandModel {
            baseline_price: current_price.to_f64()?,
            baseline_quantity: baseline.units,
            baseline_log_sd: log_sd(baseline.units, baseline.units_hi_80),
            elasticity: belief.elasticity,
            rival_reaction: belief.rival_reaction,
            support: belief.support,
        },
        stock_units: None,
        guard_rails: guard_rails(facts, sku, settings, limits),
        objective: settings.pricing.objective_for(sku.unit_cost.is_some()),
    })
}

/// The first day on which a new price could hold.
pub(crate) fn first_day_ahead(facts: &ShopFacts) -> NaiveDate {
    facts.last_day + Days::new(1)
}

/// The lowest price that merchant, brand and calendar allow now; the present one where prices stand still.
pub(crate) fn lowest_price(
    facts: &ShopFacts,
    sku: &SkuFacts,
    settings: &ShopSettings,
    limits: Option<&SkuLimits>,
) -> Option<Decimal> {
    let frozen = settings.pricing.frozen_on(first_day_ahead(facts)).and(sku.price_now);
    let limit = |of: fn(&SkuLimits) -> Option<Decimal>| limits.and_then(of);
    [frozen, limit(|limits| limits.min_price), limit(|limits| limits.min_advertised_price)].into_iter().flatten().max()
}

/// The 90 % quantile of a log-normal lies 1.28 standard deviations of the log above its median.
fn log_sd(mean: f64, hi_80: f64) -> f64 {
    ((hi_80 / mean).max(1.0).ln() / 1.281_551_6).clamp(0.02, 1.0)
}

fn guard_rails(facts: &ShopFacts, sku: &SkuFacts, settings: &ShopSettings, limits: Option<&SkuLimits>) -> GuardRails {
    let now = facts.newest_order_at;
    let rival = sku.cheapest_rival(now, RIVAL_DAYS_MAX).map(|rival| RivalBand {
        rival_price: rival.price,
        below: settings.rival_band_below,
        above: settings.rival_band_above,
    });
    GuardRails {
        min_price: limits.and_then(|limits| limits.min_price),
        max_price: limits.and_then(|limits| limits.max_price),
        margin_floor: Some(limits.and_then(|limits| limits.min_margin).unwrap_or(settings.policy.margin_floor)),
        max_change_per_day: Some(settings.policy.max_price_change),
        rival_band: rival,
        min_advertised_price: limits.and_then(|limits| limits.min_advertised_price),
        day: match settings.pricing.frozen_on(first_day_ahead(facts)) {
            Some(_) => DayRule::Frozen,
            None => DayRule::Free,
        },
        endings: settings.price_endings.clone(),
        currency_exponent: facts.currency.exponent(),
        ..GuardRails::default()
    }
}

/// The answer in the words of recommendations.
pub(crate) fn signal(
    answer: Option<&PriceAnswer>,
    row: Option<&ElasticityRow>,
    currency: CurrencyCode,
) -> PricingSignal {
    let Some(row) = row else {
        return PricingSignal::NotEnoughData { reason: "there is no sale at a known price".to_owned() };
    };
    if !row.identified() {
        return PricingSignal::NotIdentified { reason: row.reason.clone(), test: None };
    }
    let Some(answer) = answer else {
        return PricingSignal::NotEnoughData { reason: "there is no demand forecast to plan with".to_owned() };
    };
    match &answer.advice {
        Ok(advice) if matches!(advice.action, Action::Keep(_)) => {
            PricingSignal::PriceIsRight { reason: advice.reason.clone() }
        }
        Ok(advice) => price_advice(answer, advice, currency).map_or_else(
            || PricingSignal::NotEnoughData { reason: "the amounts are too large to book".to_owned() },
            PricingSignal::Advice,
        ),
        Err(error) => PricingSignal::PriceIsRight { reason: error.to_string() },
    }
}

pub(crate) fn price_advice(
    answer: &PriceAnswer,
    advice: &PriceAdvice,
    currency: CurrencyCode,
) -> Option<shelfiq_recommend::PriceAdvice> {
    let money = |amount: f64| money_of(amount, currency);
    Some(shelfiq_recommend::PriceAdvice {
        price: Money::from_major(advice.recommended.price, currency, Rounding::HalfEven).ok()?,
        gain: GainRange {
            expected: money(advice.gain.amount.expected)?,
            lo: money(advice.gain.amount.lo)?,
            hi: money(advice.gain.amount.hi)?,
        },
        horizon_days: EFFECT_DAYS as u32,
        probability_of_gain: ratio_of(advice.gain.probability_positive),
        units_now: advice.current.quantity.expected,
        units_then: advice.recommended.quantity.expected,
        guard_rails: checks(answer, advice, currency),
        binding_constraint: advice.binding.map(|constraint| constraint.to_string()),
        is_outside_support: advice.recommended.extrapolated,
        strategy: answer.strategy.clone(),
        gain_in: match answer.problem.objective {
            Objective::Revenue => "revenue",
            Objective::Margin => "profit",
            Objective::Balanced => "on average of revenue and profit",
        }
        .to_owned(),
        aim: advice.aim.clone(),
        model: MODEL.to_owned(),
    })
}

/// The limits that applied, each with its numbers.
fn checks(answer: &PriceAnswer, advice: &PriceAdvice, currency: CurrencyCode) -> Vec<GuardRailCheck> {
    let problem = &answer.problem;
    let rails = &problem.guard_rails;
    let price = advice.recommended.price;
    let written = |amount: Decimal| money_text(UnitPrice::new(amount, currency));
    let shown = written(price);
    let mut checks = Vec::new();
    let mut add = |name: &str, detail: String| {
        checks.push(GuardRailCheck { name: name.to_owned(), passed: true, detail });
    };
    if let Some(limit) = rails.min_price {
        add("min_price", format!("{shown}, at least {}", written(limit)));
    }
    if let Some(limit) = rails.min_advertised_price {
        add("min_advertised_price", format!("{shown}, the brand asks for at least {}", written(limit)));
    }
    if let Some(limit) = rails.max_price {
        add("max_price", format!("{shown}, at most {}", written(limit)));
    }
    if let (Some(floor), Some(cost)) = (rails.margin_floor, problem.unit_cost) {
        let margin = Ratio::new(((price - cost) / price).round_dp(4));
        add("margin_floor", format!("margin {margin}, at least {floor}"));
    }
    if let Some(limit) = rails.max_change_per_day {
        let change = Ratio::new((price / problem.current_price - Decimal::ONE).round_dp(4));
        add("max_change", format!("step {change}, at most ±{limit}"));
    }
    if let Some(band) = rails.rival_band {
        let distance = Ratio::new((price / band.rival_price - Decimal::ONE).round_dp(4));
        add("rival_band", format!("{distance} against the cheapest rival's {}", written(band.rival_price)));
    }
    if let Some(told) = answer.standing.announcement(problem.current_price, price, currency) {
        add("announced_reduction", told);
    }
    add(
        "observed_prices",
        match problem.demand.support {
            Some(support) => format!("{shown}, prices of {} were tried before", tried(support, currency)),
            None => format!("{shown}, no record of prices tried before"),
        },
    );
    checks
}

fn tried(support: PriceSupport, currency: CurrencyCode) -> String {
    match (money_of(support.min, currency), money_of(support.max, currency)) {
        (Some(min), Some(max)) => money_range_text(min, max),
        _ => "unknown height".to_owned(),
    }
}

/// A float amount as money, rounded half to even.
pub(crate) fn money_of(amount: f64, currency: CurrencyCode) -> Option<Money> {
    Money::from_major(Decimal::from_f64(amount)?.round_dp(10), currency, Rounding::HalfEven).ok()
}

/// A float proportion with four decimals; what is not finite becomes 0.
pub(crate) fn ratio_of(proportion: f64) -> Ratio {
    Ratio::new(Decimal::from_f64(proportion).unwrap_or_default().round_dp(4))
}
