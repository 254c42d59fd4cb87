//! What a proposed test promises, and what it then brings.

use chrono::Days;
use rand_chacha::ChaCha8Rng;
use shelfiq_experiment::{
    ReadingOptions, ScheduledDay, StopReason, TestLimits, TestVerdict, read_price_test, schedule_price_test,
};
use shelfiq_pricing::ElasticityBelief;

use crate::shop::{Shop, date, normal, plan, rng, shops};

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

/// True cost of a test of raises at the moment it is stopped, as a share of the most it may cost, and why it was stopped.
fn cost_when_stopped(seed: u64, elasticity: impl Fn(&mut ChaCha8Rng) -> f64) -> Option<(f64, StopReason)> {
    let mut rng = rng(seed);
    let shop = Shop { elasticity: elasticity(&mut rng), ..shops(&mut rng) };
    let weather = shop.weather(&mut rng);
    let mut question = shop.question(BELIEF, &weather, &mut rng);
    question.guard_rails.min_price = Some(question.current_price);
    let mut plan = plan(&question, &TestLimits::default())?;
    plan.cost_max = Some(plan.cost.hi);
    let mut schedule = schedule_price_test(&plan, date("2024-01-03") + Days::new(26 * 7), &[], seed).unwrap();
    let sales = shop.run(&schedule, &weather, &mut rng);
    let stop = |(index, day): (usize, &ScheduledDay)| {
        let reading = read_price_test(&plan, &schedule, &sales, day.day, &ReadingOptions::default()).unwrap();
        match reading.verdict {
            TestVerdict::Continue => None,
            TestVerdict::Stop(reason) => Some((index + 1, reason)),
        }
    };
    let (days, reason) = schedule.days.iter().enumerate().find_map(stop)?;
    schedule.days.truncate(days);
    Some((shop.true_cost(&schedule, &weather) / (plan.cost_max?.minor() as f64 / 100.0), reason))
}

#[test]
fn a_test_that_goes_wrong_is_stopped_near_its_cost_limit_and_one_that_does_not_is_left_alone() {
    // Buyers flee from higher prices far more than anybody believed.
    let fleeing = (400_000..400_100).filter_map(|seed| cost_when_stopped(seed, |_| -12.0));
    let mut costs: Vec<f64> = fleeing.map(|(cost, _)| cost).collect();
    costs.sort_by(f64::total_cmp);
    let (median, most) = (costs[costs.len() / 2], costs[costs.len() * 95 / 100]);
    // As believed: the upper end of the 80 % interval is exceeded by one in ten.
    let believed = |rng: &mut ChaCha8Rng| BELIEF.mean + BELIEF.sd * normal(rng);
    let calm: Vec<StopReason> =
        (410_000..410_200).filter_map(|seed| cost_when_stopped(seed, believed)).map(|(_, reason)| reason).collect();
    let alarms = calm.iter().filter(|&&reason| reason == StopReason::CostLimit).count() as f64 / calm.len() as f64;
    println!("cost over limit: median {median:.2}, 95 % below {most:.2}; stopped for cost as believed: {alarms:.3}");
    assert!(costs.len() > 80 && median < 1.5 && most < 2.5, "median {median:.2}, 95 % below {most:.2}");
    assert!(alarms < 0.25, "{alarms:.3} stopped for their cost");
}
