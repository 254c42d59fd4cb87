//! What a row says, before it is known whether we knew it.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use shelfiq_core::{Channel, CountryCode, CurrencyCode, CustomerKey, OrderNumber, Quantity, Sku};
use shelfiq_events::{EventKind, LineKind};

use crate::CellProblem;

/// Everything that came out of one row.
#[derive(Debug, Default)]
pub(crate) struct RowDrafts {
    /// Parts of the natural key: which row of the source this is.
    pub(crate) natural_key: Vec<String>,
    pub(crate) lines: Vec<LineDraft>,
    pub(crate) facts: Vec<FactDraft>,
    /// Why the row says nothing that is kept, if so: a totals row, an order that is not final.
    pub(crate) skipped: Option<&'static str>,
    /// Why the row is refused, if so.
    pub(crate) problems: Vec<CellProblem>,
}

impl RowDrafts {
    pub(crate) fn clear(&mut self) {
        self.natural_key.clear();
        self.lines.clear();
        self.facts.clear();
        self.skipped = None;
        self.problems.clear();
    }

    pub(crate) fn identify(&mut self, parts: &[&str]) {
        self.natural_key.extend(parts.iter().map(|part| (*part).to_owned()));
    }
}

/// Which event a line goes into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum OrderEvent {
    Placed,
    Cancelled,
    Refunded,
}

impl OrderEvent {
    /// The event in which a line of this kind belongs.
    pub(crate) const fn of(kind: LineKind) -> Self {
        match kind {
            LineKind::Cancellation => Self::Cancelled,
            LineKind::Return => Self::Refunded,
            _ => Self::Placed,
        }
    }
}

/// One line of an order.
#[derive(Debug, Clone)]
pub(crate) struct LineDraft {
    pub(crate) number: OrderNumber,
    pub(crate) ordered_at: DateTime<Utc>,
    pub(crate) channel: Channel,
    pub(crate) store: String,
    pub(crate) customer: Option<CustomerKey>,
    pub(crate) country: Option<CountryCode>,
    pub(crate) country_as_written: Option<String>,
    pub(crate) currency: CurrencyCode,
    pub(crate) sku: Sku,
    pub(crate) title: Option<String>,
    pub(crate) quantity: Quantity,
    pub(crate) unit_price: Decimal,
    pub(crate) kind: LineKind,
    pub(crate) event: OrderEvent,
    /// Kept only where it replaces what an earlier import said: nobody needs to know that nothing was sold.
    pub(crate) is_replacement_only: bool,
}

/// One observation.
#[derive(Debug, Clone)]
pub(crate) struct FactDraft {
    pub(crate) subject: String,
    pub(crate) time: DateTime<Utc>,
    pub(crate) kind: EventKind,
}

/// What the lines of an order have in common.
#[derive(Debug, Clone)]
pub(crate) struct OrderHead {
    pub(crate) number: OrderNumber,
    pub(crate) ordered_at: DateTime<Utc>,
    pub(crate) channel: Channel,
    pub(crate) store: String,
    pub(crate) customer: Option<CustomerKey>,
    pub(crate) country: Option<String>,
    pub(crate) currency: CurrencyCode,
}

impl OrderHead {
    /// One line of the order.
    pub(crate) fn line(
        &self,
        sku: Sku,
        title: Option<&str>,
        quantity: Quantity,
        unit_price: Decimal,
        kind: LineKind,
    ) -> LineDraft {
        LineDraft {
            number: self.number.clone(),
            ordered_at: self.ordered_at,
            channel: self.channel,
            store: self.store.clone(),
            customer: self.customer.clone(),
            country: None,
            country_as_written: self.country.clone(),
            currency: self.currency,
            sku,
            title: title.map(str::to_owned),
            quantity,
            unit_price,
            kind,
            event: OrderEvent::of(kind),
            is_replacement_only: false,
        }
    }

    /// A line for something that is no product: postage, a fee, a discount. `code` stands where a Sku would.
    pub(crate) fn charge(&self, code: &str, title: Option<&str>, amount: Decimal, kind: LineKind) -> LineDraft {
        let sku = Sku::new(code).expect("codes of charges are short and not blank");
        self.line(sku, title, Quantity::new(1), amount, kind)
    }
}
