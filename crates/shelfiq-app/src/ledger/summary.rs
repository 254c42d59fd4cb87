//! Promised beside measured, and the claims beside the books.

use shelfiq_core::{CurrencyCode, MerchantId, Money, Sku};
use shelfiq_store::ledger::{self as stored, LedgerDecision, LedgerFilter, LedgerOrigin, LedgerOutcome};
use shelfiq_store::{PAGE_SIZE_MAX, PageRequest, merchants};

use super::LedgerView;
use super::books::Books;
use super::measurement::Basis;
use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::platform::Platform;

/// The ledger in sums.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// The currency of all amounts.
    pub currency: CurrencyCode,
    /// Lines by origin, decision and outcome.
    pub counts: Vec<Count>,
    /// Measured lines by origin.
    pub origins: Vec<OriginTotals>,
    /// All measured lines beside the books.
    pub reconciliation: Reconciliation,
}

/// Lines that share origin, decision and outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Where they come from.
    pub origin: LedgerOrigin,
    /// What was decided.
    pub decision: LedgerDecision,
    /// What came of it.
    pub outcome: LedgerOutcome,
    /// How many there are.
    pub entries: u64,
    /// Sum of what they promised.
    pub promised: Money,
}

/// The measured lines of one origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OriginTotals {
    /// Where they come from.
    pub origin: LedgerOrigin,
    /// How many were measured.
    pub entries: u64,
    /// Sum of what they promised; own changes promise nothing.
    pub promised: Money,
    /// Sum of what they brought.
    pub measured: Money,
}

/// What the ledger claims beside what the books say: `claimed + counterfactual = actual`, and `actual` is what the books
/// hold for the same products and days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reconciliation {
    /// Measured lines.
    pub entries: u64,
    /// Products of them.
    pub skus: usize,
    /// Sum of what the decisions brought.
    pub claimed: Money,
    /// Sum of what would have been earned without them.
    pub counterfactual: Money,
    /// Sum of what was earned, as measured.
    pub actual: Money,
    /// What the books say now.
    pub booked: Money,
    /// Books less ledger: zero unless orders came in after the measurement.
    pub difference: Money,
}

/// Sums the ledger up.
///
/// # Errors
/// [`AppError::Access`], or a store fails.
pub async fn summary(platform: &Platform, actor: &Actor) -> Result<Summary, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let currency = merchants::get(&platform.store, merchant).await?.currency;
    let lines = stored::summary(&platform.store, merchant, &LedgerFilter::default()).await?;
    let of_currency = lines.iter().filter(|line| line.promised.currency() == currency);
    let counts = of_currency.clone().map(|line| Count {
        origin: line.origin,
        decision: line.decision,
        outcome: line.outcome,
        entries: line.entries,
        promised: line.promised,
    });
    let mut origins: Vec<OriginTotals> = Vec::new();
    for line in of_currency.clone().filter(|line| line.outcome == LedgerOutcome::Measured) {
        match origins.iter_mut().find(|totals| totals.origin == line.origin) {
            Some(totals) => {
                totals.entries += line.entries;
                totals.promised = totals.promised.plus(line.promised)?;
                totals.measured = totals.measured.plus(line.effect)?;
            }
            None => origins.push(OriginTotals {
                origin: line.origin,
                entries: line.entries,
                promised: line.promised,
                measured: line.effect,
            }),
        }
    }
    Ok(Summary {
        currency,
        counts: counts.collect(),
        origins,
        reconciliation: reconcile(platform, merchant, currency).await?,
    })
}

/// Reads the books of every measured day anew and sets the claims beside them.
async fn reconcile(
    platform: &Platform,
    merchant: MerchantId,
    currency: CurrencyCode,
) -> Result<Reconciliation, AppError> {
    let lines = measured_lines(platform, merchant, currency).await?;
    let mut skus: Vec<Sku> = lines.iter().map(|view| view.line.sku.clone()).collect();
    skus.sort();
    skus.dedup();
    let books = if skus.is_empty() {
        Books::default()
    } else {
        Books::of(&platform.query.view(merchant).await?, currency, &skus).await?
    };
    let zero = Money::zero(currency);
    let (mut claimed, mut counterfactual, mut actual, mut booked) = (zero, zero, zero, zero);
    for view in &lines {
        let Some((claim, effect)) =
            view.measurement.as_ref().and_then(|known| Some((known.claim?, known.effect.as_ref()?)))
        else {
            continue;
        };
        claimed = claimed.plus(claim.claimed)?;
        counterfactual = counterfactual.plus(claim.counterfactual)?;
        actual = actual.plus(claim.actual)?;
        for day in &effect.counterfactual.days {
            booked = booked.plus(earned(&books, &view.line.sku, day.day, currency, claim.basis))?;
        }
    }
    Ok(Reconciliation {
        entries: lines.len() as u64,
        skus: skus.len(),
        claimed,
        counterfactual,
        actual,
        booked,
        difference: booked.minus(actual)?,
    })
}

fn earned(books: &Books, sku: &Sku, day: chrono::NaiveDate, currency: CurrencyCode, basis: Basis) -> Money {
    let line = books.day(sku, day, currency);
    match basis {
        Basis::Margin => line.margin.unwrap_or(Money::zero(currency)),
        Basis::Revenue => line.revenue,
    }
}

async fn measured_lines(
    platform: &Platform,
    merchant: MerchantId,
    currency: CurrencyCode,
) -> Result<Vec<LedgerView>, AppError> {
    let filter = LedgerFilter { outcomes: vec![LedgerOutcome::Measured], ..LedgerFilter::default() };
    let (mut lines, mut request) = (Vec::new(), PageRequest::first(PAGE_SIZE_MAX));
    loop {
        let page = stored::page(&platform.store, merchant, &filter, &request).await?;
        lines.extend(page.rows.into_iter().filter(|line| line.currency == currency).map(LedgerView::from));
        let Some(next) = page.next else { return Ok(lines) };
        request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
    }
}
