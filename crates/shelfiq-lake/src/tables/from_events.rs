//! From events to rows: the raw row of every event, and the typed rows of those that have some.

use deltalake::arrow::array::RecordBatch;
use shelfiq_events::{Envelope, EventKind, ListingStatus, Seller};

use super::{
    Cost, CostRows, Event, EventRows, Listing, ListingRows, Offer, OfferRows, OrderLine, OrderLineRows, Price,
    PriceRows, Review, ReviewRows, Signal, SignalRows, Stock, StockRows, Traffic, TrafficRows,
};
use crate::{LakeError, Table};

/// Gathers the rows of events, table by table.
#[derive(Default)]
pub struct EventRowsByTable {
    events: EventRows,
    order_lines: OrderLineRows,
    prices: PriceRows,
    offers: OfferRows,
    stock: StockRows,
    costs: CostRows,
    reviews: ReviewRows,
    listings: ListingRows,
    traffic: TrafficRows,
    signals: SignalRows,
}

impl EventRowsByTable {
    /// Adds the rows of an event: one to `events` (raw zone), and one or more to the table it fills, if any.
    ///
    /// `json` is the event as it stands in the log.
    ///
    /// # Errors
    /// [`LakeError::DecimalOutOfRange`] if an amount does not fit exactly; the rows gathered so far are then of no use.
    pub fn push(&mut self, partition: u16, offset: u64, envelope: &Envelope, json: &str) -> Result<(), LakeError> {
        let event_id = envelope.id.to_string();
        let import_id = envelope.import.map(|import| import.to_string());
        let origin = Origin { event_id: &event_id, import_id: import_id.as_deref() };
        self.events.push(Event {
            partition: i64::from(partition),
            offset: i64::try_from(offset).unwrap_or(i64::MAX),
            event_id: origin.event_id,
            event_type: envelope.kind.type_name(),
            time: envelope.time,
            subject: &envelope.subject,
            source: &envelope.source,
            import_id: origin.import_id,
            json,
        })?;
        self.push_typed(envelope, origin)
    }

    /// What was gathered since the last call: the tables that have rows, with their rows.
    /// [`Table::Events`] belongs to the raw zone, the others to processed and curated.
    ///
    /// # Errors
    /// [`LakeError::Batch`] if columns do not fit together.
    pub fn finish(&mut self) -> Result<Vec<(Table, RecordBatch)>, LakeError> {
        let mut tables = vec![
            (Table::Events, self.events.finish()?),
            (Table::OrderLines, self.order_lines.finish()?),
            (Table::Prices, self.prices.finish()?),
            (Table::Offers, self.offers.finish()?),
            (Table::Stock, self.stock.finish()?),
            (Table::Costs, self.costs.finish()?),
            (Table::Reviews, self.reviews.finish()?),
            (Table::Listings, self.listings.finish()?),
            (Table::Traffic, self.traffic.finish()?),
            (Table::Signals, self.signals.finish()?),
        ];
        tables.retain(|(_, rows)| rows.num_rows() > 0);
        Ok(tables)
    }

    /// Rows of typed tables gathered since the last [`Self::finish`]: what bounds a batch.
    #[must_use]
    pub const fn typed_row_count(&self) -> usize {
        self.order_lines.len()
            + self.prices.len()
            + self.offers.len()
            + self.stock.len()
            + self.costs.len()
            + self.reviews.len()
            + self.listings.len()
            + self.traffic.len()
            + self.signals.len()
    }

    fn push_typed(&mut self, envelope: &Envelope, origin: Origin<'_>) -> Result<(), LakeError> {
        let Origin { event_id, import_id } = origin;
        let time = envelope.time;
        match &envelope.kind {
            EventKind::OrderPlaced(order) | EventKind::OrderCancelled(order) | EventKind::OrderRefunded(order) => {
                self.push_order(order, origin)
            }
            EventKind::PriceObserved(seen) => self.push_offer(seen, envelope, origin),
            EventKind::StockObserved(seen) => self.stock.push(Stock {
                sku: seen.sku.as_str(),
                store: &seen.store,
                observed_at: time,
                on_hand: seen.on_hand.units(),
                on_order: seen.on_order.map(|quantity| quantity.units()),
                lead_time_days: seen.lead_time_days.map(i64::from),
                import_id,
                event_id,
            }),
            EventKind::CostObserved(seen) => self.costs.push(Cost {
                sku: seen.sku.as_str(),
                valid_from: time,
                unit_cost: seen.unit_cost,
                currency: seen.currency.as_str(),
                import_id,
                event_id,
            }),
            EventKind::ReviewObserved(seen) => self.reviews.push(Review {
                review_id: &seen.review,
                sku: seen.sku.as_ref().map(|sku| sku.as_str()),
                channel: seen.channel.as_str(),
                store: &seen.store,
                reviewed_at: time,
                rating: i64::from(seen.rating),
                title: &seen.title,
                text: &seen.text,
                customer_id: seen.customer.as_ref().map(|customer| customer.as_str()),
                import_id,
                event_id,
            }),
            EventKind::ListingObserved(seen) => self.listings.push(Listing {
                sku: seen.sku.as_str(),
                channel: seen.channel.as_str(),
                store: &seen.store,
                observed_at: time,
                listing_id: seen.listing.as_deref(),
                product: seen.product.as_deref(),
                title: &seen.title,
                category: seen.category.as_deref(),
                brand: seen.brand.as_deref(),
                tags: &seen.tags.join(", "),
                description: seen.description.as_deref(),
                gtin: seen.gtin.as_deref(),
                image: seen.image.as_deref(),
                status: match seen.status {
                    ListingStatus::Active => "active",
                    ListingStatus::Draft => "draft",
                    ListingStatus::Inactive => "inactive",
                },
                import_id,
                event_id,
            }),
            EventKind::TrafficObserved(seen) => self.traffic.push(Traffic {
                day: seen.day,
                sku: seen.sku.as_ref().map(|sku| sku.as_str()),
                channel: seen.channel.as_str(),
                store: &seen.store,
                sessions: i64::try_from(seen.sessions).unwrap_or(i64::MAX),
                page_views: i64::try_from(seen.page_views).unwrap_or(i64::MAX),
                import_id,
                event_id,
            }),
            EventKind::SignalObserved(seen) => self.signals.push(Signal {
                name: &seen.name,
                country: seen.country.as_ref().map(|country| country.as_str()),
                observed_at: time,
                value: seen.value,
                unit: &seen.unit,
                import_id,
                event_id,
            }),
            EventKind::ImportFinished(_) | EventKind::ImportUndone(_) => Ok(()),
        }
    }

    fn push_order(&mut self, order: &shelfiq_events::Order, origin: Origin<'_>) -> Result<(), LakeError> {
        let country = order.country.as_ref().map(|country| country.as_str()).or(order.country_as_written.as_deref());
        for line in &order.lines {
            self.order_lines.push(OrderLine {
                order_id: order.number.as_str(),
                line: i64::from(line.line),
                ordered_at: order.ordered_at,
                sku: line.sku.as_str(),
                title: line.title.as_deref(),
                quantity: line.quantity.units(),
                unit_price: line.unit_price,
                currency: order.currency.as_str(),
                customer_id: order.customer.as_ref().map(|customer| customer.as_str()),
                country,
                channel: order.channel.as_str(),
                store: &order.store,
                kind: line.kind.as_str(),
                is_duplicate: line.is_duplicate,
                source_file: line.source_file.as_deref(),
                source_row: line.source_row.map(|row| i64::try_from(row).unwrap_or(i64::MAX)),
                import_id: origin.import_id,
                event_id: origin.event_id,
            })?;
        }
        Ok(())
    }

    fn push_offer(
        &mut self,
        seen: &shelfiq_events::PriceObserved,
        envelope: &Envelope,
        origin: Origin<'_>,
    ) -> Result<(), LakeError> {
        let Origin { event_id, import_id } = origin;
        let (sku, channel, currency) = (seen.sku.as_str(), seen.channel.as_str(), seen.currency.as_str());
        match &seen.seller {
            Seller::Own => self.prices.push(Price {
                sku,
                channel,
                store: &seen.store,
                observed_at: envelope.time,
                price: seen.price,
                list_price: seen.list_price,
                currency,
                in_stock: seen.in_stock,
                is_promotion: seen.is_promotion,
                import_id,
                event_id,
            }),
            Seller::Rival(seller) => self.offers.push(Offer {
                sku,
                seller,
                channel,
                store: &seen.store,
                observed_at: envelope.time,
                price: seen.price,
                list_price: seen.list_price,
                currency,
                in_stock: seen.in_stock,
                is_promotion: seen.is_promotion,
                import_id,
                event_id,
            }),
        }
    }
}

/// Where a row comes from.
#[derive(Clone, Copy)]
struct Origin<'a> {
    event_id: &'a str,
    import_id: Option<&'a str>,
}
