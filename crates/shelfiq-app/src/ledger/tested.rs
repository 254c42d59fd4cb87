//! What price tests brought: a line for each price that took turns with the one before, once the test is over.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use shelfiq_core::{LedgerEntryId, MerchantId, Sku, TimeZone, UnitPrice, money_text};
use shelfiq_experiment::{EffectAnswer, measure_by_test};
use shelfiq_recommend::RecommendationKind;
use shelfiq_store::ledger::{
    self as stored, LedgerDecision, LedgerFilter, LedgerOrigin, LedgerOutcome, Measured, NewEntry,
};
use shelfiq_store::price_tests::PriceTest;
use shelfiq_store::{Author, PAGE_SIZE_MAX, PageRequest};

use super::books::Books;
use super::effect::{claim, history};
use super::measurement::{Measurement, PriceChange};
use crate::error::AppError;
use crate::facts::ShopFacts;
use crate::platform::Platform;
use crate::price_tests::{StoredPlan, ended, test_days};
use crate::recommendations::to_value;

/// A test that is over, and the days of it that count.
struct Ended {
    test: PriceTest,
    plan: StoredPlan,
    first_day: NaiveDate,
    last_day: NaiveDate,
}

/// Writes the lines of tests that are over and have none yet; returns how many. What is written stays as it was read then.
pub(super) async fn record_tests(
    platform: &Platform,
    merchant: MerchantId,
    facts: &ShopFacts,
    zone: TimeZone,
) -> Result<usize, AppError> {
    let known = known_tests(platform, merchant).await?;
    let tests = ended(platform, merchant).await?.into_iter();
    let new: Vec<Ended> = tests
        .filter(|(test, _)| !known.contains(&(test.sku.clone(), test.started_at)))
        .filter_map(|(test, plan)| Ended::of(test, plan, facts.last_day, zone))
        .collect();
    if new.is_empty() {
        return Ok(0);
    }
    let skus: Vec<Sku> = new.iter().map(|ended| ended.test.sku.clone()).collect();
    let books = Books::of(&platform.query.view(merchant).await?, facts.currency, &skus).await?;
    let mut lines = Vec::new();
    for ended in &new {
        let question = &ended.plan.plan.question;
        for price in ended.plan.plan.prices.iter().copied().filter(|price| *price != question.current_price) {
            let id = LedgerEntryId::from_uuid(platform.randomness.next_uuid(platform.clock.now()));
            lines.push(ended.line(id, price, facts, &books, zone)?);
        }
    }
    let count = lines.len();
    let tx = platform.begin(Author::system(super::daily::PART)).await?;
    stored::record_new(&tx, merchant, lines).await?;
    tx.commit().await?;
    Ok(count)
}

/// Skus and starts of the tests that have lines.
async fn known_tests(platform: &Platform, merchant: MerchantId) -> Result<HashSet<(Sku, DateTime<Utc>)>, AppError> {
    let filter = LedgerFilter { origins: vec![LedgerOrigin::PriceTest], ..LedgerFilter::default() };
    let (mut known, mut request) = (HashSet::new(), PageRequest::first(PAGE_SIZE_MAX));
    loop {
        let page = stored::page(&platform.store, merchant, &filter, &request).await?;
        known.extend(page.rows.into_iter().map(|line| (line.sku, line.decided_at)));
        let Some(next) = page.next else { return Ok(known) };
        request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
    }
}

impl Ended {
    /// `None` while the shop's data do not reach to the end of the test, and for a test that nobody let begin.
    fn of(test: PriceTest, plan: StoredPlan, known_until: NaiveDate, zone: TimeZone) -> Option<Self> {
        let (first_day, planned) = plan.days()?;
        // On the day on which somebody stopped it the price may have gone back at any hour.
        let stopped = test.ended_at.and_then(|at| zone.day_of(at).pred_opt());
        let last_day = stopped.map_or(planned, |day| day.min(planned));
        (first_day <= last_day && last_day <= known_until).then_some(Self { test, plan, first_day, last_day })
    }

    fn line(
        &self,
        id: LedgerEntryId,
        price: Decimal,
        facts: &ShopFacts,
        books: &Books,
        zone: TimeZone,
    ) -> Result<NewEntry, AppError> {
        let Self { test, plan, first_day, .. } = self;
        let measurement = self.measured(price, facts, books)?;
        let known = measurement.claim;
        Ok(NewEntry {
            id,
            key: Some(format!("{}/{}/{price}", LedgerOrigin::PriceTest, test.id)),
            origin: LedgerOrigin::PriceTest,
            kind: RecommendationKind::PriceTest.to_string(),
            sku: test.sku.clone(),
            title: test.title.clone(),
            decision: LedgerDecision::Done,
            decided_at: test.started_at,
            decided_by: test.started_by.clone(),
            reason: test.end_reason.clone(),
            currency: plan.currency(),
            promised: None,
            promise: None,
            measured: Measured {
                outcome: if known.is_some() { LedgerOutcome::Measured } else { LedgerOutcome::NotMeasurable },
                applied_at: Some(zone.start_of(*first_day)),
                effect_minor: known.map(|claim| claim.claimed.minor()),
                actual_minor: known.map(|claim| claim.actual.minor()),
                measurement: Some(to_value(&measurement)?),
                back_test: None,
                is_settled: true,
            },
        })
    }

    /// What asking `price` did on its days, beside the books.
    fn measured(&self, price: Decimal, facts: &ShopFacts, books: &Books) -> Result<Measurement, AppError> {
        let Self { test, plan, first_day, last_day } = self;
        let before = plan.plan.question.current_price;
        let change = PriceChange { day: *first_day, from: before, to: price };
        let [from, to] = [before, price].map(|price| money_text(UnitPrice::new(price, plan.currency())));
        let tell = |rest: &str| Measurement {
            change: Some(change),
            ..Measurement::only(format!("From {first_day} to {last_day} {to} took turns with {from}. {rest}"))
        };
        let Some(sku) = facts.skus.iter().find(|sku| sku.sku == test.sku) else {
            return Ok(tell("Nothing was sold."));
        };
        let booked = history(facts, books, sku, *first_day, *last_day);
        let days = test_days(sku, plan);
        let answer = measure_by_test(&plan.plan, &plan.schedule, &days, &booked.days, price, *last_day);
        Ok(match answer {
            Ok(EffectAnswer::Measured { effect }) => match claim(&effect, &booked) {
                Ok(claim) => {
                    let told = tell(&effect.summary);
                    Measurement { claim: Some(claim), effect: Some(*effect), ..told }
                }
                Err(error) => tell(&format!("{error}.")),
            },
            Ok(EffectAnswer::TooEarly { .. }) => tell("It ended before each price had its first turn."),
            Ok(EffectAnswer::NoComparableProducts { summary, .. } | EffectAnswer::TooFewSales { summary }) => {
                tell(&summary)
            }
            Err(error) => tell(&format!("{error}.")),
        })
    }
}
