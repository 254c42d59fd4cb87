//! Looking all the time: false claims are rare, planted effects are found.

use chrono::Days;
use shelfiq_experiment::{ReadingOptions, StopReason, TestLimits, TestVerdict, read_price_test, schedule_price_test};
use shelfiq_pricing::ElasticityBelief;

use crate::shop::{PRICE, Shop, UNIT_COST, date, plan, rng, shops};

const BELIEF: ElasticityBelief = ElasticityBelief { mean: -2.0, sd: 1.2 };
const PATIENT: ReadingOptions = ReadingOptions { error_probability: 0.05, futility_probability: 0.0 };

struct Peeked {
    /// Whether the claim of an effect on units was ever made.
    claimed_units: bool,
    /// Whether a price was ever claimed to be better or worse.
    claimed_margin: bool,
    /// Whether every interval on the way held the truth.
    always_held: bool,
    last: TestVerdict,
}

/// Runs a test and looks at every instant at which the answer may change.
fn peek(seed: u64, elasticity: impl Fn(&[f64]) -> f64) -> Option<Peeked> {
    let mut rng = rng(seed);
    let mut shop: Shop = shops(&mut rng);
    let weather = shop.weather(&mut rng);
    let question = shop.question(BELIEF, &weather, &mut rng);
    let limits = TestLimits { target_sd: 0.25, days_max: 140, ..TestLimits::default() };
    let plan = plan(&question, &limits)?;
    let prices: Vec<f64> = plan.prices.iter().map(|&price| f64::try_from(price).unwrap()).collect();
    shop.elasticity = elasticity(&prices);
    let schedule = schedule_price_test(&plan, date("2024-01-03") + Days::new(26 * 7), &[], seed).unwrap();
    let sales = shop.run(&schedule, &weather, &mut rng);
    let mut peeked =
        Peeked { claimed_units: false, claimed_margin: false, always_held: true, last: TestVerdict::Continue };
    // Only whole rounds speak (a test of its own), and a round ends on the last day of a week.
    for day in schedule.days.iter().skip(6).step_by(7) {
        let reading = read_price_test(&plan, &schedule, &sales, day.day, &PATIENT).unwrap();
        peeked.claimed_units |= reading.no_effect_p_value <= 0.05;
        peeked.claimed_margin |= matches!(reading.verdict, TestVerdict::Stop(StopReason::Better | StopReason::Harm));
        peeked.always_held &= reading.elasticity.is_none_or(|e| e.lo <= shop.elasticity && shop.elasticity <= e.hi);
        peeked.last = reading.verdict;
    }
    Some(peeked)
}

fn share(peeked: &[Peeked], judge: impl Fn(&Peeked) -> bool) -> f64 {
    peeked.iter().filter(|one| judge(one)).count() as f64 / peeked.len() as f64
}

#[test]
fn looking_every_day_claims_an_effect_that_is_not_there_in_at_most_five_percent_of_tests() {
    let runs: Vec<Peeked> = (10_000..12_000).filter_map(|seed| peek(seed, |_| 0.0)).collect();
    let (claimed, held) = (share(&runs, |one| one.claimed_units), share(&runs, |one| one.always_held));
    println!("no effect: claimed in {claimed:.4} of {}, all intervals held in {held:.4}", runs.len());
    assert!(runs.len() >= 1_900 && claimed <= 0.05, "claimed in {claimed:.4} of {}", runs.len());
}

#[test]
fn looking_every_day_prefers_a_price_that_earns_the_same_in_at_most_five_percent_of_tests() {
    // The elasticity at which the highest price of the test earns exactly what today's does.
    let even = |prices: &[f64]| {
        let other = prices.iter().copied().find(|&price| (price - PRICE).abs() > 1e-9).unwrap();
        -((other - UNIT_COST) / (PRICE - UNIT_COST)).ln() / (other / PRICE).ln()
    };
    let runs: Vec<Peeked> = (20_000..20_600).filter_map(|seed| peek(seed, even)).collect();
    let held = share(&runs, |one| one.always_held);
    let claimed = share(&runs, |one| one.claimed_margin);
    println!("equal margins: intervals held in {held:.4} of {}; a price claimed in {claimed:.4}", runs.len());
    assert!(runs.len() >= 570 && held >= 0.95, "held in {held:.4} of {}", runs.len());
}

#[test]
fn a_planted_elasticity_lies_in_every_interval_of_nine_tests_in_ten() {
    let runs: Vec<Peeked> = (30_000..30_200).filter_map(|seed| peek(seed, |_| -3.5)).collect();
    let held = share(&runs, |one| one.always_held);
    let found = share(&runs, |one| one.claimed_units);
    println!("planted −3.5: intervals held in {held:.3}, effect found in {found:.3}");
    assert!(held >= 0.9 && found > 0.5, "held in {held:.3}, found in {found:.3}");
}
