//! Last stage: the rows of a chunk as events, ready to be appended in one batch with their index changes.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use shelfiq_core::{Channel, CountryCode, CurrencyCode, CustomerKey, ImportId, MerchantId};
use shelfiq_events::{Envelope, EventKind, Order, OrderLine};

use crate::RowState;
use crate::accept::AcceptedDrafts;
use crate::deduplicate::Verdict;
use crate::draft::{LineDraft, OrderEvent};
use crate::identity::{PartHasher, event_id};

/// Where the events of an import are said to come from.
const SOURCE: &str = "import";

/// What the events of one file have in common.
pub(crate) struct Origin<'a> {
    pub(crate) merchant: MerchantId,
    pub(crate) import: ImportId,
    pub(crate) file: &'a str,
}

/// The events of a chunk: one for each order with its lines, in the order of the file, and one for each observation.
/// Lines of an order that stand in two chunks come in two events and are told together by their numbers.
pub(crate) fn events(origin: &Origin<'_>, rows: Vec<(u64, AcceptedDrafts, Verdict)>) -> Vec<Envelope> {
    let mut orders: Vec<Gathered> = Vec::new();
    let mut by_head: HashMap<Head, usize> = HashMap::new();
    let mut events = Vec::new();
    for (number, row, verdict) in rows {
        for (index, fact) in row.facts.into_iter().enumerate() {
            let mut content = PartHasher::default();
            content.add_row(row.key, row.content);
            content.add_number(index as u64);
            let id = event_id(origin.merchant, &fact.subject, content.finish());
            events.push(envelope(origin, id, fact.time, fact.subject, fact.kind));
        }
        for line in row.lines {
            if line.is_replacement_only && verdict.state == RowState::New {
                continue;
            }
            let head = Head::of(&line);
            let slot = *by_head.entry(head).or_insert_with(|| {
                orders.push(Gathered::begin(&line));
                orders.len() - 1
            });
            let gathered = &mut orders[slot];
            gathered.content.add_row(row.key, row.content);
            gathered.order.lines.push(OrderLine {
                line: verdict.line,
                sku: line.sku,
                title: line.title,
                quantity: line.quantity,
                unit_price: line.unit_price,
                kind: line.kind,
                is_duplicate: row.is_duplicate,
                source_file: Some(origin.file.to_owned()),
                source_row: Some(number),
            });
        }
    }
    events.extend(orders.into_iter().map(|gathered| gathered.finish(origin)));
    events
}

/// An event that says something about the import itself.
pub(crate) fn manifest(origin: &Origin<'_>, time: DateTime<Utc>, kind: EventKind) -> Envelope {
    let subject = origin.import.to_string();
    let content = PartHasher::default().part(kind.type_name()).part(&subject).finish();
    let id = event_id(origin.merchant, &subject, content);
    let mut envelope = envelope(origin, id, time, subject, kind);
    // It speaks of the import and is no part of it: undoing the import does not undo that it was.
    envelope.import = None;
    envelope
}

fn envelope(
    origin: &Origin<'_>,
    id: shelfiq_core::EventId,
    time: DateTime<Utc>,
    subject: String,
    kind: EventKind,
) -> Envelope {
    Envelope {
        id,
        source: SOURCE.to_owned(),
        time,
        subject,
        merchant: origin.merchant,
        import: Some(origin.import),
        kind,
    }
}

/// What lines must share to stand in one event.
#[derive(PartialEq, Eq, Hash)]
struct Head {
    event: OrderEvent,
    number: String,
    ordered_at: DateTime<Utc>,
    channel: Channel,
    store: String,
    customer: Option<CustomerKey>,
    country: Option<CountryCode>,
    country_as_written: Option<String>,
    currency: CurrencyCode,
}

impl Head {
    fn of(line: &LineDraft) -> Self {
        Self {
            event: line.event,
            number: line.number.as_str().to_owned(),
            ordered_at: line.ordered_at,
            channel: line.channel,
            store: line.store.clone(),
            customer: line.customer.clone(),
            country: line.country,
            country_as_written: line.country_as_written.clone(),
            currency: line.currency,
        }
    }
}

struct Gathered {
    event: OrderEvent,
    order: Order,
    content: PartHasher,
}

impl Gathered {
    fn begin(line: &LineDraft) -> Self {
        let order = Order {
            number: line.number.clone(),
            ordered_at: line.ordered_at,
            channel: line.channel,
            store: line.store.clone(),
            customer: line.customer.clone(),
            country: line.country,
            country_as_written: line.country_as_written.clone(),
            currency: line.currency,
            lines: Vec::new(),
        };
        Self { event: line.event, order, content: PartHasher::default() }
    }

    fn finish(self, origin: &Origin<'_>) -> Envelope {
        let subject = self.order.number.as_str().to_owned();
        let id = event_id(origin.merchant, &subject, self.content.part(&format!("{:?}", self.event)).finish());
        let time = self.order.ordered_at;
        let kind = match self.event {
            OrderEvent::Placed => EventKind::OrderPlaced(self.order),
            OrderEvent::Cancelled => EventKind::OrderCancelled(self.order),
            OrderEvent::Refunded => EventKind::OrderRefunded(self.order),
        };
        envelope(origin, id, time, subject, kind)
    }
}
