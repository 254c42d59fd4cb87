//! The ledger's part of the daily run: finds the merchant's own price changes, sees which advice was followed, and
//! measures what can be measured.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use shelfiq_core::{LedgerEntryId, MerchantId, RecommendationId, Sku, TimeZone};
use shelfiq_recommend::{Decision, Lifecycle};
use shelfiq_store::ledger::{self as stored, Entry, LedgerDecision, LedgerFilter, LedgerOrigin, LedgerOutcome};
use shelfiq_store::ledger::{Measured, NewEntry};
use shelfiq_store::recommendations::{self, RecommendationState, Settlement};
use shelfiq_store::{Author, PAGE_SIZE_MAX, PageRequest, Transaction};

use super::books::Books;
use super::change::own_changes;
use super::measurement::{Measurement, PriceChange};
use super::progress::{Finding, Taken, find};
use super::tested::record_tests;
use crate::error::AppError;
use crate::facts::{ShopFacts, SkuFacts};
use crate::platform::{Platform, run_cpu};
use crate::recommendations::{state_of, to_value};
use crate::run::ShopPolicy;

pub(super) const PART: &str = "daily run";
/// Who changed a price that nobody advised: known from the shop's data alone.
const OWN: &str = "shop data";
/// Own changes are looked for so far back.
const OWN_CHANGE_DAYS: u64 = 365;
/// The newest ones of a Sku are measured.
const OWN_CHANGES_PER_SKU: usize = 3;
/// Days of books before the oldest change: what a measurement compares with.
const BOOKS_BEFORE_DAYS: u64 = 190;

/// Brings the ledger up to date with the shop's data; returns how many lines changed.
pub(crate) async fn measure_all(
    platform: &Platform,
    merchant: MerchantId,
    facts: &Arc<ShopFacts>,
    policy: &ShopPolicy,
) -> Result<usize, AppError> {
    let since = facts.last_day - Days::new(OWN_CHANGE_DAYS);
    let tested = record_tests(platform, merchant, facts, policy.shop.time_zone).await?;
    let decided = decided_lines(platform, merchant).await?;
    record_own_changes(platform, merchant, facts, policy.shop.time_zone, since, &decided).await?;
    let unsettled = unsettled_lines(platform, merchant).await?;
    if unsettled.is_empty() {
        return Ok(tested);
    }
    let view = platform.query.view(merchant).await?;
    let books = Books::since(&view, facts.currency, since - Days::new(BOOKS_BEFORE_DAYS)).await?;
    let mut taken = Taken::of(&decided);
    let (facts, zone) = (Arc::clone(facts), policy.shop.time_zone);
    let findings = run_cpu(move || {
        // Which change belongs to which line is decided in order; measuring them is independent work.
        let cases: Vec<_> = unsettled.into_iter().map(|line| (find(&facts, &line, zone, &mut taken), line)).collect();
        cases.into_par_iter().map(|(finding, line)| finding.measured(&facts, &books, line)).collect::<Vec<_>>()
    })
    .await;
    Ok(tested + store(platform, merchant, policy, findings).await?)
}

/// Lines of decisions to act, whose change of price must not be counted twice.
async fn decided_lines(platform: &Platform, merchant: MerchantId) -> Result<Vec<Entry>, AppError> {
    let filter = LedgerFilter {
        origins: vec![LedgerOrigin::Recommendation, LedgerOrigin::PriceTest],
        decisions: vec![LedgerDecision::Accepted, LedgerDecision::Done],
        ..LedgerFilter::default()
    };
    let (mut lines, mut request) = (Vec::new(), PageRequest::first(PAGE_SIZE_MAX));
    loop {
        let page = stored::page(&platform.store, merchant, &filter, &request).await?;
        lines.extend(page.rows);
        let Some(next) = page.next else { return Ok(lines) };
        request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
    }
}

async fn unsettled_lines(platform: &Platform, merchant: MerchantId) -> Result<Vec<Entry>, AppError> {
    let (mut lines, mut request) = (Vec::new(), PageRequest::first(PAGE_SIZE_MAX));
    loop {
        let page = stored::page_of_unsettled(&platform.store, merchant, &request).await?;
        lines.extend(page.rows);
        let Some(next) = page.next else { break };
        request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
    }
    // Of two decisions about one price the earlier one claims the change.
    lines.sort_by_key(|line| (line.decided_at, line.id));
    Ok(lines)
}

/// The merchant's own price changes that no decision explains.
async fn record_own_changes(
    platform: &Platform,
    merchant: MerchantId,
    facts: &ShopFacts,
    zone: TimeZone,
    since: NaiveDate,
    decided: &[Entry],
) -> Result<(), AppError> {
    let mut decisions: BTreeMap<&Sku, Vec<NaiveDate>> = BTreeMap::new();
    for line in decided {
        decisions.entry(&line.sku).or_default().push(zone.day_of(line.decided_at));
    }
    let is_explained = |sku: &Sku, day: NaiveDate| {
        let waits = Days::new(super::progress::WAITS_DAYS);
        decisions.get(sku).is_some_and(|days| days.iter().any(|decided| *decided <= day && day <= *decided + waits))
    };
    let mut new = Vec::new();
    let at = platform.clock.now();
    for sku in &facts.skus {
        let changes = own_changes(sku, since).into_iter().filter(|change| !is_explained(&sku.sku, change.day));
        for change in changes.take(OWN_CHANGES_PER_SKU) {
            let id = LedgerEntryId::from_uuid(platform.randomness.next_uuid(at));
            new.push(own_line(id, facts, sku, change, zone)?);
        }
    }
    let tx = platform.begin(Author::system(PART)).await?;
    stored::record_new(&tx, merchant, new).await?;
    Ok(tx.commit().await?)
}

fn own_line(
    id: LedgerEntryId,
    facts: &ShopFacts,
    sku: &SkuFacts,
    change: PriceChange,
    zone: TimeZone,
) -> Result<NewEntry, AppError> {
    let day = zone.start_of(change.day);
    let measurement = Measurement::of_change(change, facts.currency, "Not measured yet.");
    Ok(NewEntry {
        id,
        key: Some(format!("{}/{}/{}", LedgerOrigin::OwnPriceChange, sku.sku, change.day)),
        origin: LedgerOrigin::OwnPriceChange,
        kind: shelfiq_recommend::RecommendationKind::Reprice.to_string(),
        sku: sku.sku.clone(),
        title: sku.title.clone(),
        decision: LedgerDecision::Own,
        decided_at: day,
        decided_by: Author::system(OWN),
        reason: None,
        currency: facts.currency,
        promised: None,
        promise: None,
        measured: Measured {
            outcome: LedgerOutcome::TooEarly,
            applied_at: Some(day),
            effect_minor: None,
            actual_minor: None,
            measurement: Some(to_value(&measurement)?),
            back_test: None,
            is_settled: false,
        },
    })
}

async fn store(
    platform: &Platform,
    merchant: MerchantId,
    policy: &ShopPolicy,
    findings: Vec<(Entry, Finding)>,
) -> Result<usize, AppError> {
    let tx = platform.begin(Author::system(PART)).await?;
    let mut changed = 0;
    for (line, finding) in findings {
        let Finding::Known { outcome, measurement, is_settled } = finding else { continue };
        let claim = measurement.claim;
        let measured = Measured {
            outcome,
            applied_at: measurement.change.map(|change| policy.shop.time_zone.start_of(change.day)),
            effect_minor: claim.map(|claim| claim.claimed.minor()),
            actual_minor: claim.map(|claim| claim.actual.minor()),
            measurement: Some(to_value(&measurement)?),
            back_test: line.back_test.clone(),
            is_settled,
        };
        if line.outcome == measured.outcome && line.measurement == measured.measurement {
            continue;
        }
        changed += 1;
        stored::measured(&tx, merchant, line.id, measured).await?;
        if line.origin == LedgerOrigin::Recommendation {
            follow_up(&tx, merchant, policy, &line, outcome).await?;
        }
    }
    tx.commit().await?;
    Ok(changed)
}

/// What was carried out is done, and what never was gives its key back: both let new advice for the Sku come.
async fn follow_up(
    tx: &Transaction,
    merchant: MerchantId,
    policy: &ShopPolicy,
    line: &Entry,
    outcome: LedgerOutcome,
) -> Result<(), AppError> {
    let id = RecommendationId::from_uuid(line.id.as_uuid());
    let row = recommendations::get(tx, merchant, id).await?;
    if row.state != RecommendationState::Accepted || outcome == LedgerOutcome::Waiting {
        return Ok(());
    }
    let lifecycle: Lifecycle = serde_json::from_value(row.lifecycle.clone())?;
    let next = if outcome == LedgerOutcome::NotApplied {
        lifecycle.lapsed(tx.at())
    } else {
        Some(lifecycle.decide(Decision::Complete, &policy.settings.policy, tx.at())?)
    };
    let Some(next) = next else { return Ok(()) };
    let (state, snoozed_until) = state_of(next.state());
    let step = if state == RecommendationState::Done { "complete" } else { "expire" };
    let settlement = Settlement {
        step: step.to_owned(),
        state,
        lifecycle: to_value(&next)?,
        snoozed_until,
        reason: row.decision_reason,
    };
    recommendations::settle(tx, merchant, id, None, settlement).await?;
    Ok(())
}
