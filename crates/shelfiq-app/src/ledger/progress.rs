//! Where one line of the ledger stands, as far as the shop's data tell.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::{Sku, TimeZone};
use shelfiq_recommend::{Action, Recommendation};
use shelfiq_store::ledger::{Entry, LedgerOrigin, LedgerOutcome};

use super::books::Books;
use super::change::followed;
use super::effect::judge;
use super::measurement::{Measurement, PriceChange};
use crate::facts::{ShopFacts, SkuFacts};

/// Days in which an accepted price is expected to show in the shop's data.
pub(super) const WAITS_DAYS: u64 = 14;

/// Changes of price that a line has claimed: each belongs to one decision.
#[derive(Debug, Default)]
pub(super) struct Taken(HashSet<(Sku, NaiveDate)>);

impl Taken {
    /// What the lines have claimed already.
    pub(super) fn of(lines: &[Entry]) -> Self {
        let claims = lines.iter().filter_map(|line| Some((line.sku.clone(), change_of(line)?.day)));
        Self(claims.collect())
    }
}

/// What the data say about a line.
#[derive(Debug)]
pub(super) enum Finding {
    /// Nothing new.
    Nothing,
    /// A change of price to be measured.
    Change(PriceChange),
    /// This.
    Known { outcome: LedgerOutcome, measurement: Box<Measurement>, is_settled: bool },
}

impl Finding {
    /// The line with its finding, measured where there is a change.
    pub(super) fn measured(self, facts: &ShopFacts, books: &Books, line: Entry) -> (Entry, Self) {
        let Self::Change(change) = self else { return (line, self) };
        let Some(sku) = sku_of(facts, &line.sku) else { return (line, Self::Nothing) };
        let judged = judge(facts, books, sku, change);
        let finding = Self::Known {
            outcome: judged.outcome,
            measurement: Box::new(judged.measurement),
            is_settled: judged.is_settled,
        };
        (line, finding)
    }
}

/// Looks for the change that a line decided.
pub(super) fn find(facts: &ShopFacts, line: &Entry, zone: TimeZone, taken: &mut Taken) -> Finding {
    if line.origin == LedgerOrigin::OwnPriceChange {
        return change_of(line).map_or(Finding::Nothing, Finding::Change);
    }
    let decided = zone.day_of(line.decided_at);
    let proposal: Option<Recommendation> =
        line.promise.clone().and_then(|promise| serde_json::from_value(promise).ok());
    let Some(proposal) = proposal else {
        return settled(LedgerOutcome::NotMeasurable, "What was proposed can no longer be read.");
    };
    match &proposal.action {
        Action::SetPrice { from, to } | Action::Markdown { from, to } => {
            let prices = from.amount().to_f64().zip(to.to_major().to_f64());
            let change =
                prices.zip(sku_of(facts, &line.sku)).and_then(|((from, to), sku)| followed(sku, from, to, decided));
            match change {
                Some(change) => claim(facts, line, change, taken),
                None => not_yet(facts, decided),
            }
        }
        Action::TestPrice { .. } => {
            settled(LedgerOutcome::NotMeasurable, "What the test brings stands in lines of its own once it is over.")
        }
        Action::Order { .. } | Action::Bundle { .. } => {
            if facts.last_day < decided + Days::new(proposal.impact.horizon_days.into()) {
                return Finding::Nothing;
            }
            settled(
                LedgerOutcome::NotMeasurable,
                "Its days are over. What it brought cannot be measured: there is no product like it without it.",
            )
        }
    }
}

fn claim(facts: &ShopFacts, line: &Entry, change: PriceChange, taken: &mut Taken) -> Finding {
    // A line that is looked at again finds the change that it claimed itself.
    let is_own = change_of(line).is_some_and(|own| own.day == change.day);
    if taken.0.insert((line.sku.clone(), change.day)) || is_own {
        return Finding::Change(change);
    }
    let measurement =
        Measurement::of_change(change, facts.currency, "Another decision of the ledger claims that change already.");
    Finding::Known { outcome: LedgerOutcome::NotMeasurable, measurement: Box::new(measurement), is_settled: true }
}

fn not_yet(facts: &ShopFacts, decided: NaiveDate) -> Finding {
    if facts.last_day < decided + Days::new(WAITS_DAYS) {
        return Finding::Nothing;
    }
    let why = format!("Accepted, but never applied: {WAITS_DAYS} days later the price had not moved that way.");
    settled(LedgerOutcome::NotApplied, &why)
}

fn settled(outcome: LedgerOutcome, why: &str) -> Finding {
    Finding::Known { outcome, measurement: Box::new(Measurement::only(why)), is_settled: true }
}

fn change_of(line: &Entry) -> Option<PriceChange> {
    serde_json::from_value::<Measurement>(line.measurement.clone()?).ok()?.change
}

fn sku_of<'a>(facts: &'a ShopFacts, sku: &Sku) -> Option<&'a SkuFacts> {
    facts.skus.binary_search_by(|one| one.sku.cmp(sku)).ok().map(|index| &facts.skus[index])
}
