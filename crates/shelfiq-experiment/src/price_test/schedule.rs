//! Which price on which day.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{Randomness, SeededRandomness};

use crate::error::ExperimentError;
use crate::price_test::PriceTestPlan;
use crate::price_test::turns::Turns;

/// What a day of the test is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayRole {
    /// Its sales count.
    Counted,
    /// Shortly after a change of price: buyers still answer to the old one.
    Washout,
    /// A holiday or another day on which prices stay as they are and sales do not count.
    Frozen,
}

/// One day of one group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledPrice {
    /// Index into [`crate::PriceTestPlan::prices`].
    pub price_index: usize,
    /// The price itself, major units.
    pub price: Decimal,
    /// Whether its sales count.
    pub role: DayRole,
}

/// One day of the test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledDay {
    /// The day in the merchant's zone.
    pub day: NaiveDate,
    /// Round it belongs to, from 0.
    pub round: u32,
    /// One entry per group of the question, in its order.
    pub groups: Vec<ScheduledPrice>,
}

/// The whole test, day by day, without gaps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestSchedule {
    /// Seed that decided the order of the prices.
    pub seed: u64,
    /// The days, ascending.
    pub days: Vec<ScheduledDay>,
}

/// Lays the test out on the calendar. The same seed gives the same order of prices.
///
/// The test starts on `start`, whatever weekday that is: weeks are counted from there. On a `frozen` day every price stays
/// as it was the day before and sales do not count; a start on a frozen day is put off. A round that frozen days leave
/// less than half of its counted days for some price is followed by one more at the end.
///
/// # Errors
/// [`ExperimentError::Invalid`] if there are so many frozen days that twice the rounds do not suffice.
pub fn schedule_price_test(
    plan: &PriceTestPlan,
    start: NaiveDate,
    frozen: &[NaiveDate],
    seed: u64,
) -> Result<TestSchedule, ExperimentError> {
    // Twice the rounds, and a start that is put off, must not run out of the calendar.
    let latest = NaiveDate::MAX - Days::new(u64::from(CALENDAR_RESERVE_DAYS));
    if start > latest || plan.days() > CALENDAR_RESERVE_DAYS / 4 || plan.rounds == 0 {
        let quantity = "the start or the length of the test";
        let value = format!("{start}, {} days", plan.days());
        return Err(ExperimentError::Invalid { quantity, value, expected: "within the calendar" });
    }
    let frozen: BTreeSet<NaiveDate> = frozen.iter().copied().collect();
    let start = start.iter_days().find(|day| !frozen.contains(day)).filter(|&day| day <= latest).unwrap_or(start);
    let mut layout = LayingOut::new(plan, start, &frozen, seed);
    for round in 0..2 * plan.rounds {
        if layout.whole_rounds == plan.rounds {
            break;
        }
        layout.add_round(round);
    }
    if layout.whole_rounds < plan.rounds {
        return Err(ExperimentError::Invalid {
            quantity: "the number of frozen days",
            value: frozen.len().to_string(),
            expected: "so few that half of the rounds stay whole",
        });
    }
    Ok(TestSchedule { seed, days: layout.days })
}

/// Room that is kept at the end of the calendar.
const CALENDAR_RESERVE_DAYS: u32 = 36_600;

struct LayingOut<'a> {
    plan: &'a PriceTestPlan,
    turns: Turns,
    start: NaiveDate,
    frozen: &'a BTreeSet<NaiveDate>,
    chance: SeededRandomness,
    days: Vec<ScheduledDay>,
    whole_rounds: u32,
    /// Per group: price of the day before and days since it last changed. Before the test it is today's price, which may
    /// not be in the plan.
    held: Vec<Held>,
}

#[derive(Clone, Copy)]
struct Held {
    price_index: Option<usize>,
    days_since_change: u32,
}

impl<'a> LayingOut<'a> {
    fn new(plan: &'a PriceTestPlan, start: NaiveDate, frozen: &'a BTreeSet<NaiveDate>, seed: u64) -> Self {
        let today = plan.prices.iter().position(|&price| price == plan.question.current_price);
        Self {
            plan,
            turns: plan.turns(),
            start,
            frozen,
            chance: SeededRandomness::new(seed),
            days: Vec::new(),
            whole_rounds: 0,
            held: vec![Held { price_index: today, days_since_change: u32::MAX / 2 }; plan.question.groups.len()],
        }
    }

    fn add_round(&mut self, round: u32) {
        let order = self.shuffled(self.plan.prices.len());
        let groups = self.held.len();
        let mut counted = vec![0_usize; groups * order.len()];
        for day_of_round in 0..self.turns.round_days() {
            let day = self.start + Days::new(self.days.len() as u64);
            let is_frozen = self.frozen.contains(&day);
            let entries: Vec<ScheduledPrice> = (0..groups)
                .map(|group| self.entry(group, order[self.turns.turn(day_of_round, group)], is_frozen))
                .collect();
            for (group, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.role == DayRole::Counted) {
                counted[group * order.len() + entry.price_index] += 1;
            }
            self.days.push(ScheduledDay { day, round, groups: entries });
        }
        let days_per_price = self.turns.round_days() / order.len();
        self.whole_rounds += u32::from(counted.iter().all(|&days| 2 * days >= days_per_price));
    }

    fn entry(&mut self, group: usize, planned: usize, is_frozen: bool) -> ScheduledPrice {
        let held = &mut self.held[group];
        let price_index = if is_frozen { held.price_index.unwrap_or(planned) } else { planned };
        held.days_since_change = if held.price_index == Some(price_index) { held.days_since_change + 1 } else { 0 };
        held.price_index = Some(price_index);
        let role = if is_frozen {
            DayRole::Frozen
        } else if held.days_since_change < self.plan.washout_days {
            DayRole::Washout
        } else {
            DayRole::Counted
        };
        ScheduledPrice { price_index, price: self.plan.prices[price_index], role }
    }

    /// A random order (Fisher and Yates).
    fn shuffled(&self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        for last in (1..count).rev() {
            let mut bytes = [0; 8];
            self.chance.fill(&mut bytes);
            order.swap(last, (u64::from_le_bytes(bytes) % (last as u64 + 1)) as usize);
        }
        order
    }
}
