//! A simulated Sku: level, weekly pattern, scatter of days and weeks, a drift, and a known elasticity.

use chrono::{Datelike, Days, NaiveDate};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Gamma, Poisson, StandardNormal};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::{CurrencyCode, Money, Quantity, Ratio};
use shelfiq_experiment::{
    DailyDemand, DayQuality, PriceTestPlan, PriceTestQuestion, SalesDay, TestDay, TestGroup, TestLimits, TestProposal,
    TestSchedule, propose_price_test,
};
use shelfiq_pricing::{ElasticityBelief, GuardRails, Objective, PriceEndings};

#[derive(Debug, Clone, Copy)]
pub(crate) struct Shop {
    pub(crate) units_per_day: f64,
    pub(crate) dispersion: f64,
    pub(crate) week_log_sd: f64,
    /// Change of the log level over a year.
    pub(crate) drift: f64,
    pub(crate) elasticity: f64,
    pub(crate) groups: usize,
}

pub(crate) const PRICE: f64 = 20.0;
pub(crate) const UNIT_COST: f64 = 11.0;
const WEEKDAYS: [f64; 7] = [0.8, 0.8, 0.9, 1.0, 1.1, 1.3, 1.1];

pub(crate) fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn rng(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

pub(crate) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    StandardNormal.sample(rng)
}

/// A count whose variance is `dispersion` times its mean.
pub(crate) fn count(mean: f64, dispersion: f64, rng: &mut ChaCha8Rng) -> i64 {
    let mean = if dispersion > 1.0 && mean > 0.0 {
        Gamma::new(mean / (dispersion - 1.0), dispersion - 1.0).unwrap().sample(rng)
    } else {
        mean
    };
    if mean <= 1e-12 { 0 } else { Poisson::new(mean).unwrap().sample(rng).to_i64().unwrap() }
}

/// Weekly shocks of one shop, the same for all its groups.
pub(crate) struct Weather(Vec<f64>);

impl Shop {
    pub(crate) fn weather(&self, rng: &mut ChaCha8Rng) -> Weather {
        Weather((0..120).map(|_| self.week_log_sd * normal(rng) - 0.5 * self.week_log_sd.powi(2)).collect())
    }

    /// Expected units of one group on a day counted from the first of the history.
    fn mean(&self, day: NaiveDate, age: usize, price: f64, weather: &Weather) -> f64 {
        let weekday = WEEKDAYS[usize::try_from(day.weekday().num_days_from_monday()).unwrap()];
        let level = self.units_per_day / self.groups as f64;
        let shape = weather.0[age / 7] + self.drift * age as f64 / 365.0 + self.elasticity * (price / PRICE).ln();
        level * weekday * shape.exp()
    }

    /// Half a year before the test, at one price; then what is asked about it.
    pub(crate) fn question(
        &self,
        belief: ElasticityBelief,
        weather: &Weather,
        rng: &mut ChaCha8Rng,
    ) -> PriceTestQuestion {
        let first = date("2024-01-03");
        let groups = (0..self.groups)
            .map(|group| {
                let days: Vec<SalesDay> = (0..HISTORY_DAYS)
                    .map(|age| {
                        let day = first + Days::new(age as u64);
                        let units = count(self.mean(day, age, PRICE, weather), self.dispersion, rng);
                        sales_day(day, units)
                    })
                    .collect();
                TestGroup { name: format!("channel {group}"), demand: DailyDemand::of_history(&days).unwrap() }
            })
            .collect();
        PriceTestQuestion {
            currency: CurrencyCode::EUR,
            current_price: decimal(PRICE),
            unit_cost: Some(decimal(UNIT_COST)),
            objective: Objective::Margin,
            elasticity: belief,
            support: None,
            guard_rails: GuardRails {
                max_change_per_day: Some(Ratio::from_percent(30)),
                endings: PriceEndings::Charm,
                ..GuardRails::default()
            },
            groups,
        }
    }

    /// Sales of the days of a schedule.
    pub(crate) fn run(&self, schedule: &TestSchedule, weather: &Weather, rng: &mut ChaCha8Rng) -> Vec<TestDay> {
        let mut sales = Vec::new();
        for (offset, day) in schedule.days.iter().enumerate() {
            for (group, planned) in day.groups.iter().enumerate() {
                let mean = self.mean(day.day, HISTORY_DAYS + offset, planned.price.to_f64().unwrap(), weather);
                let units = Quantity::new(count(mean, self.dispersion, rng));
                sales.push(TestDay { day: day.day, group, price: planned.price, units, quality: DayQuality::Complete });
            }
        }
        sales
    }

    /// What the test really costs: expected margin at today's price less expected margin at the prices asked.
    pub(crate) fn true_cost(&self, schedule: &TestSchedule, weather: &Weather) -> f64 {
        let margin = |day, age, price: f64| (price - UNIT_COST) * self.mean(day, age, price, weather);
        let mut cost = 0.0;
        for (offset, day) in schedule.days.iter().enumerate() {
            for planned in &day.groups {
                let age = HISTORY_DAYS + offset;
                cost += margin(day.day, age, PRICE) - margin(day.day, age, planned.price.to_f64().unwrap());
            }
        }
        cost
    }
}

pub(crate) const HISTORY_DAYS: usize = 26 * 7;

pub(crate) fn sales_day(day: NaiveDate, units: i64) -> SalesDay {
    SalesDay {
        day,
        units: Quantity::new(units),
        revenue: Money::from_minor(units * 2_000, CurrencyCode::EUR),
        cost: Some(Money::from_minor(units * 1_100, CurrencyCode::EUR)),
        quality: DayQuality::Complete,
    }
}

pub(crate) fn decimal(price: f64) -> Decimal {
    Decimal::try_from(price).unwrap().round_dp(2)
}

/// Shops from slow to fast, calm to wild.
pub(crate) fn shops(rng: &mut ChaCha8Rng) -> Shop {
    Shop {
        units_per_day: 3.0 * 40_f64.powf(rng.random::<f64>()),
        dispersion: 1.0 + 2.0 * rng.random::<f64>(),
        week_log_sd: 0.2 * rng.random::<f64>(),
        drift: 0.6 * rng.random::<f64>() - 0.3,
        elasticity: 0.0,
        groups: if rng.random::<f64>() < 0.3 { 2 } else { 1 },
    }
}

/// The plan proposed, or the one that comes closest.
pub(crate) fn plan(question: &PriceTestQuestion, limits: &TestLimits) -> Option<PriceTestPlan> {
    match propose_price_test(question, limits).unwrap() {
        TestProposal::Run { plan } => Some(*plan),
        TestProposal::OutOfReach { closest, .. } => closest.map(|plan| *plan),
        TestProposal::AlreadySure { .. } => None,
    }
}
