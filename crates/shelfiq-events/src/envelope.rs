//! The envelope around every event.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::{EventId, ImportId, MerchantId};

use crate::{
    CostObserved, ImportFinished, ImportUndone, ListingObserved, Order, PriceObserved, ReviewObserved, SignalObserved,
    StockObserved, TrafficObserved,
};

/// One immutable fact with its time and origin. Field names are those of CloudEvents 1.0, plus `merchant` and `import`.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// Unique among all events. The same fact read twice from the same source gets the same id.
    pub id: EventId,
    /// Where the event was read: `import`, `arena`, or the integration's name.
    pub source: String,
    /// When it happened in the shop, in UTC; not when we heard of it.
    pub time: DateTime<Utc>,
    /// What it is about: a Sku code, an order number, an import id. Events of one subject keep their order.
    pub subject: String,
    /// Whose event it is.
    pub merchant: MerchantId,
    /// The import that brought it, if one did: undoing that import takes the event out of every table.
    pub import: Option<ImportId>,
    /// What happened.
    pub kind: EventKind,
}

/// What happened. The written type name (`order.placed.v1`) is this variant and its version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum EventKind {
    /// A customer ordered.
    #[serde(rename = "order.placed.v1")]
    OrderPlaced(Order),
    /// An order, or lines of it, was cancelled: quantities are negative.
    #[serde(rename = "order.cancelled.v1")]
    OrderCancelled(Order),
    /// Goods came back or money was given back: quantities are negative.
    #[serde(rename = "order.refunded.v1")]
    OrderRefunded(Order),
    /// An offer was seen: our own price or a rival's.
    #[serde(rename = "price.observed.v1")]
    PriceObserved(PriceObserved),
    /// Units on hand were counted.
    #[serde(rename = "stock.observed.v1")]
    StockObserved(StockObserved),
    /// The unit cost of a Sku was stated.
    #[serde(rename = "cost.observed.v1")]
    CostObserved(CostObserved),
    /// A customer's review was seen.
    #[serde(rename = "review.observed.v1")]
    ReviewObserved(ReviewObserved),
    /// A listing was seen with its content.
    #[serde(rename = "listing.observed.v1")]
    ListingObserved(ListingObserved),
    /// Visits and views of a day were reported.
    #[serde(rename = "traffic.observed.v1")]
    TrafficObserved(TrafficObserved),
    /// An outside figure was seen (weather, search interest, exchange rate).
    #[serde(rename = "signal.observed.v1")]
    SignalObserved(SignalObserved),
    /// An import ended; its events stand before this one.
    #[serde(rename = "import.finished.v1")]
    ImportFinished(ImportFinished),
    /// An import was taken back.
    #[serde(rename = "import.undone.v1")]
    ImportUndone(ImportUndone),
}

impl EventKind {
    /// The written type name with its version, for example `order.placed.v1`.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::OrderPlaced(_) => "order.placed.v1",
            Self::OrderCancelled(_) => "order.cancelled.v1",
            Self::OrderRefunded(_) => "order.refunded.v1",
            Self::PriceObserved(_) => "price.observed.v1",
            Self::StockObserved(_) => "stock.observed.v1",
            Self::CostObserved(_) => "cost.observed.v1",
            Self::ReviewObserved(_) => "review.observed.v1",
            Self::ListingObserved(_) => "listing.observed.v1",
            Self::TrafficObserved(_) => "traffic.observed.v1",
            Self::SignalObserved(_) => "signal.observed.v1",
            Self::ImportFinished(_) => "import.finished.v1",
            Self::ImportUndone(_) => "import.undone.v1",
        }
    }
}
