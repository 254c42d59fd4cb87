//! A line of the ledger as callers see it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use shelfiq_core::{CurrencyCode, LedgerEntryId, MerchantId, Money, Sku};

use crate::database::to_the_microsecond;
use crate::entity::ledger_entry as entity;
use crate::error::Stored;
use crate::{Author, StoreError};

text_enum! {
    /// Where a line of the ledger comes from.
    LedgerOrigin = "origin of a ledger entry" {
        /// A recommendation of ours.
        Recommendation = "recommendation",
        /// The merchant's own change of a price, found in the shop's data.
        OwnPriceChange = "own_price_change",
        /// A price test.
        PriceTest = "price_test",
    }
}

text_enum! {
    /// What was decided.
    LedgerDecision = "decision" {
        /// To do it.
        Accepted = "accepted",
        /// It was carried out.
        Done = "done",
        /// Not to do it.
        Dismissed = "dismissed",
        /// A decision was taken back.
        Undone = "undone",
        /// Nobody decided in time, or accepted advice was never carried out.
        Expired = "expired",
        /// The merchant acted without advice.
        Own = "own",
    }
}

text_enum! {
    /// What came of a decision, as far as it is known.
    LedgerOutcome = "outcome" {
        /// The shop's data do not show the change yet.
        Waiting = "waiting",
        /// Accepted, but the data never showed the change.
        NotApplied = "not_applied",
        /// Too few days have passed.
        TooEarly = "too_early",
        /// The effect was measured.
        Measured = "measured",
        /// The effect cannot be measured, for a reason that the measurement names.
        NotMeasurable = "not_measurable",
        /// Nothing was done, so there is nothing to measure.
        NotDone = "not_done",
    }
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Its id; that of the recommendation where one is behind it.
    pub id: LedgerEntryId,
    /// Where it comes from.
    pub origin: LedgerOrigin,
    /// Kind of advice or change.
    pub kind: String,
    /// Whom it concerns.
    pub sku: Sku,
    /// What lists and searches show.
    pub title: String,
    /// What was decided.
    pub decision: LedgerDecision,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// By whom.
    pub decided_by: Author,
    /// Why, if somebody said.
    pub reason: Option<String>,
    /// The currency of all amounts.
    pub currency: CurrencyCode,
    /// The effect that was promised.
    pub promised: Option<Money>,
    /// What was proposed, whole, as it stood when it was decided.
    pub promise: Option<Value>,
    /// What the same advice would have brought in the past.
    pub back_test: Option<Value>,
    /// What came of it.
    pub outcome: LedgerOutcome,
    /// Since when the shop's data show the change.
    pub applied_at: Option<DateTime<Utc>>,
    /// The measured effect on margin, or on revenue where the cost is unknown.
    pub effect: Option<Money>,
    /// What was earned in the measured days; less the effect it is what would have been earned without.
    pub actual: Option<Money>,
    /// How it was measured, with intervals.
    pub measurement: Option<Value>,
    /// Whether nothing of this will change any more.
    pub is_settled: bool,
    /// When the line was written.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A line about to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// Its id; that of the recommendation where one is behind it.
    pub id: LedgerEntryId,
    /// What tells changes found in the data apart; `None` where the id does.
    pub key: Option<String>,
    /// Where it comes from.
    pub origin: LedgerOrigin,
    /// Kind of advice or change.
    pub kind: String,
    /// Whom it concerns.
    pub sku: Sku,
    /// What lists and searches show.
    pub title: String,
    /// What was decided.
    pub decision: LedgerDecision,
    /// When.
    pub decided_at: DateTime<Utc>,
    /// By whom.
    pub decided_by: Author,
    /// Why, if somebody said.
    pub reason: Option<String>,
    /// The currency of all amounts.
    pub currency: CurrencyCode,
    /// The effect that is promised, in this currency.
    pub promised: Option<Money>,
    /// What is proposed, whole.
    pub promise: Option<Value>,
    /// What is known of it at once.
    pub measured: Measured,
}

/// What a decision brought, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// What came of it.
    pub outcome: LedgerOutcome,
    /// Since when the shop's data show the change.
    pub applied_at: Option<DateTime<Utc>>,
    /// The measured effect, in minor units of the line's currency.
    pub effect_minor: Option<i64>,
    /// What was earned in the measured days, in minor units of the line's currency.
    pub actual_minor: Option<i64>,
    /// How it was measured, with intervals.
    pub measurement: Option<Value>,
    /// What the same advice would have brought in the past.
    pub back_test: Option<Value>,
    /// Whether nothing of this will change any more.
    pub is_settled: bool,
}

pub(super) fn new_row(merchant: MerchantId, new: NewEntry, at: DateTime<Utc>) -> entity::Model {
    entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        dedupe_key: new.key,
        origin: new.origin.to_string(),
        kind: new.kind,
        sku: new.sku.as_str().to_owned(),
        title: new.title,
        decision: new.decision.to_string(),
        decided_at: to_the_microsecond(new.decided_at),
        decided_by: new.decided_by.to_string(),
        reason: new.reason,
        currency: new.currency.to_string(),
        promised_minor: new.promised.map(Money::minor),
        promise: new.promise,
        back_test: new.measured.back_test,
        outcome: new.measured.outcome.to_string(),
        applied_at: new.measured.applied_at.map(to_the_microsecond),
        effect_minor: new.measured.effect_minor,
        actual_minor: new.measured.actual_minor,
        measurement: new.measured.measurement,
        is_settled: new.measured.is_settled,
        created_at: at,
        updated_at: at,
    }
}

impl TryFrom<entity::Model> for Entry {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        let currency: CurrencyCode = row.currency.parse().stored_in("ledger_entries.currency")?;
        let money = |minor: Option<i64>| minor.map(|minor| Money::from_minor(minor, currency));
        Ok(Self {
            id: LedgerEntryId::from_uuid(row.id),
            origin: row.origin.parse().stored_in("ledger_entries.origin")?,
            kind: row.kind,
            sku: row.sku.parse().stored_in("ledger_entries.sku")?,
            title: row.title,
            decision: row.decision.parse().stored_in("ledger_entries.decision")?,
            decided_at: row.decided_at,
            decided_by: row.decided_by.parse().stored_in("ledger_entries.decided_by")?,
            reason: row.reason,
            currency,
            promised: money(row.promised_minor),
            promise: row.promise,
            back_test: row.back_test,
            outcome: row.outcome.parse().stored_in("ledger_entries.outcome")?,
            applied_at: row.applied_at,
            effect: money(row.effect_minor),
            actual: money(row.actual_minor),
            measurement: row.measurement,
            is_settled: row.is_settled,
            created_at: row.created_at,
            updated_at: row.updated_at,
        })
    }
}
