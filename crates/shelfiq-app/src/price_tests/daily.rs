//! The tests' part of the daily run: what was really asked and sold on the days of each running test.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use shelfiq_core::{MerchantId, Quantity};
use shelfiq_experiment::{DayQuality, ReadingOptions, TestDay, TestReading, read_price_test};
use shelfiq_store::price_tests::{self as stored, PriceTest, PriceTestFilter, PriceTestState};
use shelfiq_store::{Author, PAGE_SIZE_MAX, PageRequest};

use super::learn::Tests;
use super::view::StoredPlan;
use crate::error::AppError;
use crate::facts::{ShopFacts, SkuFacts};
use crate::platform::Platform;
use crate::recommendations::to_value;

const PART: &str = "daily run";

/// Reads every running test, ends those whose days are over, and returns what all tests of the shop say.
pub(crate) async fn read_all(platform: &Platform, merchant: MerchantId, facts: &ShopFacts) -> Result<Tests, AppError> {
    let tests = all(platform, merchant).await?;
    let tx = platform.begin(Author::system(PART)).await?;
    let mut known = Vec::with_capacity(tests.len());
    for mut test in tests {
        let plan: StoredPlan = serde_json::from_value(test.plan.clone())?;
        if test.state == PriceTestState::Running {
            let reading = read(facts, &test, &plan)?;
            let value = to_value(&reading)?;
            stored::read(&tx, merchant, test.id, value.clone()).await?;
            test.reading = Some(value);
            if plan.days().is_some_and(|(_, last)| last <= facts.last_day) {
                test = stored::end(&tx, merchant, test.id, None, PriceTestState::Finished, "its days are over").await?;
            }
        }
        known.push((test, plan));
    }
    tx.commit().await?;
    Ok(Tests::of(known, facts.last_day))
}

async fn all(platform: &Platform, merchant: MerchantId) -> Result<Vec<PriceTest>, AppError> {
    let (mut tests, mut request) = (Vec::new(), PageRequest::first(PAGE_SIZE_MAX));
    loop {
        let page = stored::page(&platform.store, merchant, &PriceTestFilter::default(), &request).await?;
        tests.extend(page.rows);
        let Some(next) = page.next else { return Ok(tests) };
        request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
    }
}

/// Tests that are over, newest first, with what they were started with.
pub(crate) async fn ended(platform: &Platform, merchant: MerchantId) -> Result<Vec<(PriceTest, StoredPlan)>, AppError> {
    let over = all(platform, merchant).await?.into_iter().filter(|test| test.state != PriceTestState::Running);
    over.map(|test| Ok((serde_json::from_value(test.plan.clone())?, test)).map(|(plan, test)| (test, plan))).collect()
}

fn read(facts: &ShopFacts, test: &PriceTest, plan: &StoredPlan) -> Result<TestReading, AppError> {
    let sku = facts.skus.iter().find(|sku| sku.sku == test.sku);
    let days = sku.map_or_else(Vec::new, |sku| test_days(sku, plan));
    Ok(read_price_test(&plan.plan, &plan.schedule, &days, facts.last_day, &ReadingOptions::default())?)
}

/// The days of a test as the shop's data have them.
pub(crate) fn test_days(sku: &SkuFacts, plan: &StoredPlan) -> Vec<TestDay> {
    plan.schedule.days.iter().filter_map(|day| test_day(sku, day.day)).collect()
}

/// A day of the test as the shop's data have it; `None` after their end or where the price is unknown.
fn test_day(sku: &SkuFacts, day: chrono::NaiveDate) -> Option<TestDay> {
    let index = usize::try_from((day - sku.first_day).num_days()).ok()?;
    let price = Decimal::from_f64(*sku.price.get(index)?)?.round_dp(4).normalize();
    let is_censored = sku.was_out_of_stock[index] || sku.had_promotion[index];
    Some(TestDay {
        day,
        group: 0,
        price,
        units: Quantity::new(sku.units[index].round() as i64),
        quality: if is_censored { DayQuality::Censored } else { DayQuality::Complete },
    })
}
