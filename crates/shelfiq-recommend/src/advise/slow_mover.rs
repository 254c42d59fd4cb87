//! Turn stock that hardly sells into money: a markdown where the demand's answer is known, else a bundle or a small step.

use shelfiq_core::money_text;

use super::{Desk, Draft, NoAdvice, Withheld, change, days_until_a_tenth_is_lost, fact, passed, percent};
use crate::amount::{money, price_in};
use crate::lead_demand::normal_points;
use crate::{Action, DemandSignal, ElasticitySignal, EvidenceValue, Link, Recommendation, RecommendationKind};

const HORIZON_DAYS: u32 = 90;
/// Markdowns that are compared.
const STEPS: [f64; 7] = [0.05, 0.10, 0.15, 0.20, 0.30, 0.40, 0.50];
/// A bundle takes about this much off the slow Sku's price.
const BUNDLE_STEP: f64 = 0.10;
/// Equally probable elasticities over which an effect is averaged.
const DRAWS: u32 = 39;
/// Where no model has looked at the price, the elasticity that shops see most often, with room for doubt.
const PRIOR: ElasticitySignal = ElasticitySignal { mean: -1.5, deviation: 0.8, identified: false };

/// Compares keeping the price with each markdown: units sold within the horizon at the lower price, and what the rest is
/// then worth after carrying it for as long as it takes to sell.
pub(super) fn advise(desk: &Desk) -> Result<Recommendation, Withheld> {
    let (signals, policy) = (desk.signals, desk.policy);
    let kind = RecommendationKind::SlowMover;
    let withhold = |why, reason: String| desk.withhold(kind, why, reason);
    let Some(stock) = &signals.stock else {
        return Err(withhold(NoAdvice::NotEnoughData, "The stock of this product is not known".to_owned()));
    };
    let Some(price) = price_in(signals.price, signals.currency).filter(|price| *price > 0.0) else {
        return Err(withhold(NoAdvice::NotEnoughData, "The price of this product is not known".to_owned()));
    };
    let outlook = match &signals.demand {
        DemandSignal::Forecast(outlook) if !outlook.mean_units.is_empty() => outlook,
        DemandSignal::Forecast(_) => return Err(withhold(NoAdvice::NotEnoughData, "The forecast is empty".to_owned())),
        DemandSignal::NotEnoughData { reason } => {
            return Err(withhold(NoAdvice::NotEnoughData, format!("No forecast to judge the stock by: {reason}")));
        }
    };
    let on_hand = stock.on_hand.units() as f64;
    if on_hand < 1.0 {
        return Err(withhold(NoAdvice::NothingToDo, "Nothing is in stock".to_owned()));
    }
    let age_days = signals.first_seen.map(|first| (desk.now.date_naive() - first).num_days());
    if age_days.is_none_or(|days| days < i64::from(policy.slow_min_age_days)) {
        let reason = format!("It has been around for less than {} days", policy.slow_min_age_days);
        return Err(withhold(NoAdvice::NotEnoughData, reason));
    }
    let daily = outlook.mean_units.iter().map(|units| units.max(0.0)).sum::<f64>() / outlook.mean_units.len() as f64;
    // A Sku that sells nothing at all still sells something within ten years, as far as anybody can know.
    let pace = daily.max(1.0 / 3650.0);
    let cover_days = on_hand / pace;
    if cover_days < f64::from(policy.slow_cover_days) {
        return Err(withhold(
            NoAdvice::NothingToDo,
            format!("The stock lasts {cover_days:.0} days, slow begins at {}", policy.slow_cover_days),
        ));
    }

    let answer = signals.elasticity.unwrap_or(PRIOR);
    let holding = Holding { price, on_hand, pace, carrying: policy.carrying_cost_per_year.to_f64() };
    let floor = price_in(signals.unit_cost, signals.currency)
        .map_or(0.0, |cost| cost / (1.0 - policy.margin_floor.to_f64()).max(0.01));
    let lowest = price_in(signals.lowest_price, signals.currency);
    let margin_floor = floor;
    let floor = lowest.map_or(floor, |lowest| floor.max(lowest));
    let steps: Vec<f64> = if answer.identified {
        STEPS
            .into_iter()
            .filter(|step| *step <= policy.max_markdown.to_f64() && price * (1.0 - step) >= floor)
            .collect()
    } else {
        [BUNDLE_STEP].into_iter().filter(|step| price * (1.0 - step) >= floor).collect()
    };
    // Demand that rises with the price is noise, not an answer.
    let answers: Vec<f64> = normal_points(DRAWS).map(|z| (answer.mean + z * answer.deviation).min(0.0)).collect();
    let Some((step, gains)) = steps
        .into_iter()
        .map(|step| (step, holding.gains(step, &answers)))
        .max_by(|a, b| mean(&a.1).total_cmp(&mean(&b.1)))
    else {
        let which = if floor > margin_floor { "the lowest price allowed now" } else { "the margin floor" };
        return Err(withhold(NoAdvice::GuardRail, format!("Any markdown would go below {which}")));
    };

    let Some(to) = money(price * (1.0 - step), signals.currency) else {
        return Err(withhold(NoAdvice::NotEnoughData, "The price of this product is out of range".to_owned()));
    };
    let from = shelfiq_core::UnitPrice::new(
        signals.price.map(shelfiq_core::UnitPrice::amount).unwrap_or_default(),
        signals.currency,
    );
    let bundle = signals.companion.as_ref().filter(|_| !answer.identified);
    let (action, advice) = match bundle {
        Some(companion) => (
            Action::Bundle { with: companion.sku.clone(), price: to },
            format!("Sell it with {} ({} joint orders)", companion.title, companion.joint_orders),
        ),
        None => (Action::Markdown { from, to }, format!("Mark it down by {} to {}", percent(step), money_text(to))),
    };
    let tied_up =
        price_in(signals.unit_cost, signals.currency).and_then(|cost| money(cost * on_hand, signals.currency));
    let worth = tied_up.map(|sum| format!(", {} of cost tied up", money_text(sum))).unwrap_or_default();
    let doubt = if answer.identified {
        ""
    } else {
        "; how its demand answers to price is not known, the figure rests on its peers"
    };
    let mut evidence = vec![
        fact("On hand", EvidenceValue::Units(on_hand), Link::Stock),
        fact("Lasts for", EvidenceValue::Days(cover_days.round()), Link::Stock),
        fact("Expected per day", EvidenceValue::Units(daily), Link::Forecast),
        fact("Price now", EvidenceValue::Price(from), Link::Prices),
        fact(
            if answer.identified { "Elasticity" } else { "Elasticity of its peers" },
            EvidenceValue::Elasticity { mean: answer.mean, deviation: answer.deviation },
            Link::PriceModel,
        ),
        fact("Carrying cost per year", EvidenceValue::Ratio(policy.carrying_cost_per_year), Link::Policy),
    ];
    if let Some(sum) = tied_up {
        evidence.insert(2, fact("Cost tied up", EvidenceValue::Money(sum), Link::Stock));
    }
    let mut guard_rails = vec![passed(
        "max_markdown",
        format!("step {}, at most {}", change(price, price * (1.0 - step)), policy.max_markdown),
    )];
    if let Some(lowest) = lowest.and_then(|lowest| money(lowest, signals.currency)) {
        guard_rails.push(passed("min_price", format!("at least {}", money_text(lowest))));
    }
    if margin_floor > 0.0 {
        let least = money(margin_floor, signals.currency).map_or_else(|| "its cost".to_owned(), money_text);
        guard_rails
            .push(passed("margin_floor", format!("at least {least} to keep a margin of {}", policy.margin_floor)));
    }
    let quantile = |share: f64| gains[((gains.len() - 1) as f64 * share).round() as usize];
    desk.finish(Draft {
        kind,
        action,
        expected: mean(&gains),
        lo: quantile(0.1),
        hi: quantile(0.9),
        horizon_days: HORIZON_DAYS,
        against: "against keeping the present price",
        confidence: gains.iter().filter(|gain| **gain > 0.0).count() as f64 / gains.len() as f64,
        days_until_damage: days_until_a_tenth_is_lost(HORIZON_DAYS),
        aim: None,
        reason: format!("{on_hand:.0} in stock last {} at the present pace{worth}. {advice}{doubt}", span(cover_days)),
        evidence,
        guard_rails,
    })
}

/// A stock that sells at some pace.
struct Holding {
    price: f64,
    on_hand: f64,
    pace: f64,
    carrying: f64,
}

impl Holding {
    /// The gain of a markdown for each of the equally probable elasticities, in ascending order.
    fn gains(&self, step: f64, elasticities: &[f64]) -> Vec<f64> {
        let base = self.worth(0.0, 0.0);
        let mut gains: Vec<f64> = elasticities.iter().map(|elasticity| self.worth(step, *elasticity) - base).collect();
        gains.sort_by(f64::total_cmp);
        gains
    }

    /// Revenue within the horizon plus what the rest is then worth: its full price, less carrying it until half of it is
    /// sold, discounted continuously.
    fn worth(&self, step: f64, elasticity: f64) -> f64 {
        let horizon = f64::from(HORIZON_DAYS);
        let sold = (self.pace * horizon * (1.0 - step).powf(elasticity)).min(self.on_hand);
        let left = self.on_hand - sold;
        let wait_years = (horizon + left / self.pace / 2.0) / 365.0;
        sold * self.price * (1.0 - step) + left * self.price * (-self.carrying * wait_years).exp()
    }
}

fn mean(gains: &[f64]) -> f64 {
    gains.iter().sum::<f64>() / gains.len() as f64
}

fn span(days: f64) -> String {
    if days >= 730.0 { format!("{:.0} years", (days / 365.0).min(10.0)) } else { format!("{days:.0} days") }
}
