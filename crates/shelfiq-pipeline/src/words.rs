//! What was understood of a row, in words, for the preview.

use shelfiq_events::{EventKind, Seller};

use crate::accept::AcceptedDrafts;

pub(crate) fn describe(drafts: &AcceptedDrafts) -> Vec<String> {
    let lines = drafts.lines.iter().map(|line| {
        let kind = line.kind.as_str();
        let (number, sku, quantity) = (&line.number, &line.sku, line.quantity);
        let (price, currency) = (line.unit_price, line.currency);
        format!(
            "{kind}: {quantity} × {sku} at {price} {currency}, order {number}, {}",
            line.ordered_at.format("%Y-%m-%d %H:%M UTC")
        )
    });
    let facts = drafts.facts.iter().map(|fact| {
        let day = fact.time.format("%Y-%m-%d");
        match &fact.kind {
            EventKind::PriceObserved(seen) => match &seen.seller {
                Seller::Own => format!("price of {}: {} {}, {day}", seen.sku, seen.price, seen.currency),
                Seller::Rival(seller) => {
                    format!("offer of {seller} against {}: {} {}, {day}", seen.sku, seen.price, seen.currency)
                }
            },
            EventKind::StockObserved(seen) => format!("stock of {}: {} on hand, {day}", seen.sku, seen.on_hand),
            EventKind::CostObserved(seen) => {
                format!("cost of {}: {} {}, from {day}", seen.sku, seen.unit_cost, seen.currency)
            }
            EventKind::ReviewObserved(seen) => format!("review: {} stars, {day}", seen.rating),
            EventKind::ListingObserved(seen) => format!("listing of {}: {}", seen.sku, seen.title),
            EventKind::TrafficObserved(seen) => format!("traffic: {} sessions, {}", seen.sessions, seen.day),
            EventKind::SignalObserved(seen) => format!("{}: {} {}, {day}", seen.name, seen.value, seen.unit),
            other => other.type_name().to_owned(),
        }
    });
    lines.chain(facts).collect()
}
