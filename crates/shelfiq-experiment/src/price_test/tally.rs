//! The sales of the test days, sorted into rounds.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::DayQuality;
use crate::amount::to_f64;
use crate::error::ExperimentError;
use crate::price_test::outlook::shortfall_per_unit;
use crate::price_test::schedule::ScheduledPrice;
use crate::price_test::{DayRole, DropReason, PriceTestPlan, TestDay, TestSchedule};
use crate::rate_slope::{Cell, Round};

/// Counted sales by round, and the days that do not count.
pub(crate) struct Tally<'a> {
    plan: &'a PriceTestPlan,
    /// Whole rounds.
    pub(crate) rounds: Vec<Round>,
    /// The round that is not over yet, as far as it has come.
    running: Option<Round>,
    /// The counted days of whole rounds, ascending.
    pub(crate) sales: Vec<&'a TestDay>,
    /// Counted days, those of the round that is not over yet included.
    pub(crate) counted: u32,
    pub(crate) dropped: BTreeMap<DropReason, u32>,
    /// Price and units at today's price that the plan expects, for every past day and group.
    days: Vec<(Decimal, f64)>,
}

impl<'a> Tally<'a> {
    /// The sales up to and including `through`.
    ///
    /// # Errors
    /// [`ExperimentError::Invalid`] if the schedule is not one of the plan.
    pub(crate) fn of(
        plan: &'a PriceTestPlan,
        schedule: &TestSchedule,
        sales: &'a [TestDay],
        through: NaiveDate,
    ) -> Result<Self, ExperimentError> {
        check_schedule(plan, schedule)?;
        let sales: BTreeMap<(NaiveDate, usize), &'a TestDay> =
            sales.iter().map(|sale| ((sale.day, sale.group), sale)).collect();
        let mut tally = Self {
            plan,
            rounds: Vec::new(),
            running: None,
            sales: Vec::new(),
            counted: 0,
            dropped: BTreeMap::new(),
            days: Vec::new(),
        };
        for round in schedule.days.chunk_by(|a, b| a.round == b.round) {
            let mut cells = tally.empty_round();
            let mut counted = Vec::new();
            for day in round.iter().take_while(|day| day.day <= through) {
                for (group, planned) in day.groups.iter().enumerate() {
                    let sale = sales.get(&(day.day, group)).copied();
                    counted.extend(tally.add(&mut cells, day.day, group, planned, sale));
                }
            }
            if round.last().is_some_and(|day| day.day <= through) {
                tally.rounds.push(cells);
                tally.sales.append(&mut counted);
            } else if round.first().is_some_and(|day| day.day <= through) {
                tally.running = Some(cells);
            }
        }
        Ok(tally)
    }

    fn empty_round(&self) -> Round {
        let today = to_f64(self.plan.question.current_price);
        let cell = |&price: &Decimal| Cell { x: (to_f64(price) / today).ln(), exposure: 0.0, units: 0.0 };
        let stratum: Vec<Cell> = self.plan.prices.iter().map(cell).collect();
        Round { strata: vec![stratum; self.plan.question.groups.len()] }
    }

    /// Counts a day, or notes why not; gives it back if it counts.
    fn add(
        &mut self,
        round: &mut Round,
        day: NaiveDate,
        group: usize,
        planned: &ScheduledPrice,
        sale: Option<&'a TestDay>,
    ) -> Option<&'a TestDay> {
        let demand = &self.plan.question.groups[group].demand;
        let asked = sale.map_or(planned.price, |sale| sale.price);
        self.days.push((asked, demand.units_per_day * demand.weight(day)));
        let reason = match (planned.role, sale) {
            (DayRole::Washout, _) => DropReason::Washout,
            (DayRole::Frozen, _) => DropReason::Frozen,
            (DayRole::Counted, None) => DropReason::Missing,
            (DayRole::Counted, Some(sale)) if sale.quality == DayQuality::Censored => DropReason::Censored,
            (DayRole::Counted, Some(sale)) if sale.price != planned.price => DropReason::OtherPrice,
            (DayRole::Counted, Some(sale)) => {
                let cell = &mut round.strata[group][planned.price_index];
                cell.exposure += demand.weight(day);
                cell.units += to_f64(sale.units.units().max(0).into());
                self.counted += 1;
                return Some(sale);
            }
        };
        *self.dropped.entry(reason).or_default() += 1;
        None
    }

    /// Every round, the running one included: for the cost guard, which must not wait for its end.
    pub(crate) fn rounds_so_far(&self) -> Vec<Round> {
        self.rounds.iter().chain(&self.running).cloned().collect()
    }

    /// What the objective earned less than at today's price, if the elasticity is this.
    pub(crate) fn cost(&self, elasticity: f64) -> f64 {
        self.days.iter().map(|&(price, units)| units * shortfall_per_unit(&self.plan.question, price, elasticity)).sum()
    }
}

fn check_schedule(plan: &PriceTestPlan, schedule: &TestSchedule) -> Result<(), ExperimentError> {
    let belongs = |planned: &ScheduledPrice| plan.prices.get(planned.price_index) == Some(&planned.price);
    let groups = plan.question.groups.len();
    match schedule.days.iter().find(|day| day.groups.len() != groups || !day.groups.iter().all(belongs)) {
        None => Ok(()),
        Some(day) => Err(ExperimentError::Invalid {
            quantity: "a day of the schedule",
            value: day.day.to_string(),
            expected: "one of the groups and prices of the plan",
        }),
    }
}
