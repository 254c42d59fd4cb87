//! What a proposed test promises, and what it then brings.

use chrono::Days;
use shelfiq_experiment::{ReadingOptions, TestLimits, read_price_test, schedule_price_test};
use shelfiq_pricing::ElasticityBelief;

use crate::shop::{date, normal, plan, rng, shops};

const RUNS: u64 = 300;
const BELIEF: ElasticityBelief = ElasticityBelief { mean: -2.0, sd: 1.2 };

struct Kept {
    /// Standard deviation reached over the one promised.
    sd_ratio: f64,
    /// Error of the belief in its own standard deviations.
    error_in_sd: f64,
    cost_in_interval: bool,
}

fn run(seed: u64) -> Option<Kept> {
    let mut rng = rng(seed);
    let mut shop = shops(&mut rng);
    shop.elasticity = BELIEF.mean + BELIEF.sd * normal(&mut rng);
    let weather = shop.weather(&mut rng);
    let question = shop.question(BELIEF, &weather, &mut rng);
    let plan = plan(&question, &TestLimits::default())?;
    let start = date("2024-01-03") + Days::new(26 * 7);
    let schedule = schedule_price_test(&plan, start, &[], seed).unwrap();
    let sales = shop.run(&schedule, &weather, &mut rng);
    let end = schedule.days.last().unwrap().day;
    let reading = read_price_test(&plan, &schedule, &sales, end, &ReadingOptions::default()).unwrap();
    let cost = shop.true_cost(&schedule, &weather);
    let within = |minor: i64| minor as f64 / 100.0;
    Some(Kept {
        sd_ratio: reading.belief.sd / plan.expected_sd,
        error_in_sd: (reading.belief.mean - shop.elasticity) / reading.belief.sd,
        cost_in_interval: within(plan.cost.lo.minor()) <= cost && cost <= within(plan.cost.hi.minor()),
    })
}

fn share(kept: &[Kept], judge: impl Fn(&Kept) -> bool) -> f64 {
    kept.iter().filter(|one| judge(one)).count() as f64 / kept.len() as f64
}

#[test]
fn a_test_teaches_and_costs_what_its_plan_promised() {
    let kept: Vec<Kept> = (1_000..1_000 + RUNS).filter_map(run).collect();
    assert!(kept.len() as f64 > 0.95 * RUNS as f64, "plans for {} of {RUNS}", kept.len());
    let mean = kept.iter().map(|one| one.sd_ratio).sum::<f64>() / kept.len() as f64;
    let near = share(&kept, |one| (one.sd_ratio - 1.0).abs() < 0.2);
    let within_80 = share(&kept, |one| one.error_in_sd.abs() < 1.2816);
    let within_95 = share(&kept, |one| one.error_in_sd.abs() < 1.96);
    let cost = share(&kept, |one| one.cost_in_interval);
    println!(
        "sd {mean:.3} of promised, within 20 %: {near:.3}; belief 80 %: {within_80:.3}, 95 %: {within_95:.3}; cost in 80 %: {cost:.3}"
    );
    assert!((mean - 1.0).abs() < 0.1, "sd {mean:.3} of the promised");
    assert!(near > 0.8, "only {near:.3} of the tests came within 20 % of the promised sd");
    assert!((within_80 - 0.8).abs() < 0.07, "80 % belief held the truth in {within_80:.3}");
    assert!(within_95 > 0.91, "95 % belief held the truth in {within_95:.3}");
    assert!((cost - 0.8).abs() < 0.07, "80 % interval held the cost in {cost:.3}");
}
