//! What one round of a test is expected to teach and to cost.

use rust_decimal::Decimal;

use crate::amount::to_f64;
use crate::price_test::PriceTestQuestion;
use crate::price_test::turns::Turns;

/// Expected evidence of one round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Outlook {
    /// Fisher information about the elasticity if sales scattered like independent buyers.
    pub(crate) information: f64,
    /// Variance of the score over `information`: how much further they scatter.
    pub(crate) noise: f64,
}

/// One stretch of a group at a price inside a week: counted units expected.
struct Stretch {
    group: usize,
    price: usize,
    week: usize,
    units: f64,
}

/// Expected evidence of a round that begins on a Monday with a change of price.
///
/// Given the units of a round and group, those at each price are multinomial with weights `exposure · price ^ elasticity`
/// (conditional Poisson regression: the level of the round drops out). Days scatter independently with the group's
/// dispersion; a week's ups and downs hit all groups alike.
pub(crate) fn outlook(question: &PriceTestQuestion, prices: &[Decimal], turns: Turns, washout_days: u32) -> Outlook {
    let log_prices: Vec<f64> =
        prices.iter().map(|&price| (to_f64(price) / to_f64(question.current_price)).ln()).collect();
    let stretches = stretches(question, &log_prices, turns, washout_days as usize);
    let groups = question.groups.len();
    let mut means = vec![(0.0, 0.0); groups];
    for stretch in &stretches {
        means[stretch.group].0 += stretch.units * log_prices[stretch.price];
        means[stretch.group].1 += stretch.units;
    }
    let contrast = |stretch: &Stretch| {
        let (sum, units) = means[stretch.group];
        log_prices[stretch.price] - sum / units.max(f64::MIN_POSITIVE)
    };
    let mut information = 0.0;
    let mut variance = 0.0;
    let mut by_week = vec![0.0; turns.round_days() / 7];
    for stretch in &stretches {
        let (pull, demand) = (contrast(stretch), &question.groups[stretch.group].demand);
        information += stretch.units * pull * pull;
        variance += demand.dispersion * stretch.units * pull * pull;
        by_week[stretch.week] += stretch.units * pull * demand.week_log_sd;
    }
    variance += by_week.iter().map(|pull| pull * pull).sum::<f64>();
    Outlook { information, noise: variance / information.max(f64::MIN_POSITIVE) }
}

fn stretches(question: &PriceTestQuestion, log_prices: &[f64], turns: Turns, washout_days: usize) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    for (group, demand) in question.groups.iter().map(|group| &group.demand).enumerate() {
        let mut since_change = 0;
        for day in 0..turns.round_days() {
            let price = turns.turn(day, group);
            let changed = day == 0 || turns.turn(day - 1, group) != price;
            since_change = if changed { 0 } else { since_change + 1 };
            if since_change < washout_days {
                continue;
            }
            let response = (question.elasticity.mean.min(0.0) * log_prices[price]).exp();
            let units = demand.units_per_day * demand.weekday_weights[day % 7] * response;
            stretches.push(Stretch { group, price, week: day / 7, units });
        }
    }
    stretches
}

/// Standard deviation of the belief after so many rounds: normal belief times normal likelihood, whose own noise is known
/// as well as `noise_rounds` rounds of history and the rounds of the test tell.
pub(crate) fn sd_after(sd_before: f64, rounds: u32, outlook: Outlook, noise_rounds: u32) -> f64 {
    let variance = outlook.noise * student_inflation(noise_rounds, rounds)
        / (f64::from(rounds) * outlook.information).max(f64::MIN_POSITIVE);
    (sd_before.powi(-2) + 1.0 / variance).powf(-0.5)
}

/// Variance of a Student variable over that of a normal one: what not knowing the noise exactly adds.
pub(crate) fn student_inflation(noise_rounds: u32, rounds: u32) -> f64 {
    let freedom = f64::from(noise_rounds) + f64::from(rounds) - 1.0;
    if freedom > 2.0 { freedom / (freedom - 2.0) } else { f64::INFINITY }
}

/// What the objective earns less at `price` for each unit sold at today's, if the elasticity is this.
pub(crate) fn shortfall_per_unit(question: &PriceTestQuestion, price: Decimal, elasticity: f64) -> f64 {
    let (today, price) = (to_f64(question.current_price), to_f64(price));
    let cost = question.weighted_cost();
    (today - cost) - (price - cost) * (price / today).powf(elasticity)
}

/// The same in a day of all groups.
pub(crate) fn shortfall_per_day(question: &PriceTestQuestion, price: Decimal, elasticity: f64) -> f64 {
    question.units_per_day() * shortfall_per_unit(question, price, elasticity)
}
