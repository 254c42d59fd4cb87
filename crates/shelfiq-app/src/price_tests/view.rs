//! A stored test as callers see it.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{CurrencyCode, MerchantId};
use shelfiq_experiment::{DayRole, PriceTestPlan, TestReading, TestSchedule};
use shelfiq_store::merchants;
use shelfiq_store::price_tests::{PriceTest, PriceTestState};

use super::StartRequest;
use crate::error::AppError;
use crate::platform::Platform;

/// What a test was started with, as stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredPlan {
    /// What was asked for: the same question again starts nothing new.
    pub request: StartRequest,
    /// Prices, length, cost and value as they were expected.
    pub plan: PriceTestPlan,
    /// Which price on which day.
    pub schedule: TestSchedule,
}

impl StoredPlan {
    /// Currency of all amounts.
    #[must_use]
    pub const fn currency(&self) -> CurrencyCode {
        self.plan.question.currency
    }

    /// First and last day; `None` for a schedule without days.
    #[must_use]
    pub fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        Some((self.schedule.days.first()?.day, self.schedule.days.last()?.day))
    }
}

/// A test with its plan and what it says so far.
#[derive(Debug, Clone)]
pub struct PriceTestView {
    /// The stored row.
    pub row: PriceTest,
    /// What it was started with.
    pub plan: StoredPlan,
    /// What it says; `None` before the first daily run.
    pub reading: Option<TestReading>,
    /// What to ask today; `None` unless it is running and today lies within.
    pub today: Option<Today>,
}

/// The price to ask now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today {
    /// The day.
    pub day: NaiveDate,
    /// The price to ask, major units.
    pub price: Decimal,
    /// Whether the day's sales count.
    pub role: DayRole,
    /// The next day with another price, and that price; `None` if this one is the last.
    pub next: Option<(NaiveDate, Decimal)>,
}

impl PriceTestView {
    pub(super) fn of(row: PriceTest, today: NaiveDate) -> Result<Self, AppError> {
        let plan: StoredPlan = serde_json::from_value(row.plan.clone())?;
        let reading = row.reading.clone().map(serde_json::from_value).transpose()?;
        let today = (row.state == PriceTestState::Running).then(|| price_of_day(&plan.schedule, today)).flatten();
        Ok(Self { row, plan, reading, today })
    }
}

fn price_of_day(schedule: &TestSchedule, today: NaiveDate) -> Option<Today> {
    let at = schedule.days.iter().position(|day| day.day == today)?;
    // One price for all sales: the groups of a test of ours have one member.
    let now = schedule.days[at].groups.first()?;
    let next = schedule.days[at..]
        .iter()
        .find_map(|day| day.groups.first().filter(|then| then.price != now.price).map(|then| (day.day, then.price)));
    Some(Today { day: today, price: now.price, role: now.role, next })
}

/// The running day in the merchant's zone.
pub(super) async fn today(platform: &Platform, merchant: MerchantId) -> Result<NaiveDate, AppError> {
    Ok(merchants::get(&platform.store, merchant).await?.time_zone.day_of(platform.clock.now()))
}
