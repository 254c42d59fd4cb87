//! What follows a sale: cancellations, returns and reviews.

use chrono::TimeDelta;
use rand::Rng;
use shelfiq_core::Quantity;
use shelfiq_events::{EventKind, LineKind, Order, OrderLine, ReviewObserved};

use super::{Draft, RecordedDays, clock};
use crate::anomaly::PlantedKind;
use crate::basket::Basket;
use crate::noise::{Stream, happens, poisson};
use crate::review::{self, ReviewTruth, Written};
use crate::shop::Shop;
use crate::simulate::SkuDay;

const CANCELLED: f64 = 0.012;
const RETURNED: f64 = 0.022;
const REVIEWED: f64 = 0.11;

impl RecordedDays<'_> {
    /// Draws what becomes of an order. Goods that come back are checked by hand and not sold as new: stock stays as it is.
    pub(super) fn draw_after_sales(
        &mut self,
        day: u32,
        position: u32,
        order: &Order,
        basket: &Basket,
        drafts: &mut Vec<Draft>,
    ) {
        let mut rng = self.shop.noise().at(Stream::AfterSale, position, day);
        if happens(&mut rng, CANCELLED) {
            self.cancel(day, order, rng.random_range(10..20 * 60), drafts);
            return;
        }
        for (line, &(sku_index, units)) in order.lines.iter().zip(&basket.lines) {
            if happens(&mut rng, RETURNED) {
                let returned = rng.random_range(1..=units);
                let due_day = day + rng.random_range(6..28);
                self.take_back(due_day, order, line, returned, rng.random_range(8 * 3_600..18 * 3_600));
            } else if happens(&mut rng, REVIEWED) {
                let entry = &self.shop.catalogue()[sku_index as usize];
                let mut quality_rng = self.shop.noise().at(Stream::Review, sku_index, u32::MAX);
                let written = review::write(entry.family, review::draw_quality(&mut quality_rng), &mut rng);
                let due_day = day + rng.random_range(4..26);
                let key = format!("r-{day}-{position}-{}", line.line);
                let draft = self.reviewed(
                    due_day,
                    rng.random_range(7 * 3_600..23 * 3_600),
                    key,
                    sku_index,
                    written,
                    Some(order),
                );
                self.keep(due_day, draft);
            }
        }
    }

    fn cancel(&mut self, day: u32, order: &Order, after_minutes: i64, drafts: &mut Vec<Draft>) {
        let time = order.ordered_at + TimeDelta::minutes(after_minutes);
        let lines = order.lines.iter().map(|line| back(line, line.quantity.units(), LineKind::Cancellation)).collect();
        let cancelled = Order { ordered_at: time, lines, ..order.clone() };
        let draft = Draft::new(time, order.number.as_str(), EventKind::OrderCancelled(cancelled));
        if self.shop.config().time_zone.day_of(time) == self.shop.calendar().date(day) {
            drafts.push(draft);
        } else {
            self.keep(day + 1, draft);
        }
    }

    fn take_back(&mut self, due_day: u32, order: &Order, line: &OrderLine, units: u32, second: u32) {
        if due_day < self.shop.calendar().day_count() {
            let time = clock::at(self.shop, due_day, second);
            let lines = vec![back(line, i64::from(units), LineKind::Return)];
            let returned = Order { ordered_at: time, lines, ..order.clone() };
            self.keep(due_day, Draft::new(time, order.number.as_str(), EventKind::OrderRefunded(returned)));
        }
    }

    /// Adds the complaints of days on which a bad batch is felt.
    pub(super) fn record_bad_batches(&mut self, day: u32, lived: &[(u32, SkuDay)], drafts: &mut Vec<Draft>) {
        for (index, sku_day) in lived {
            let surges = &self.shop.truths()[*index as usize].anomalies;
            let surge = surges.iter().find(|a| a.kind == PlantedKind::ReviewSurge && a.covers(sku_day.day));
            let Some(surge) = surge else { continue };
            let mut rng = self.shop.noise().at(Stream::Review, *index, day);
            let family = self.shop.catalogue()[*index as usize].family;
            for number in 0..poisson(&mut rng, surge.magnitude).max(1) {
                let written = review::complain(family, &mut rng);
                let key = format!("r-{day}-b{index}-{number}");
                let second = rng.random_range(7 * 3_600..23 * 3_600);
                drafts.push(self.reviewed(day, second, key, *index, written, None));
            }
        }
    }

    fn reviewed(
        &self,
        day: u32,
        second: u32,
        key: String,
        sku_index: u32,
        written: Written,
        order: Option<&Order>,
    ) -> Draft {
        let entry = &self.shop.catalogue()[sku_index as usize];
        let (channel, store) = order.map_or(Shop::STORES[0], |order| {
            Shop::STORES.into_iter().find(|(channel, _)| *channel == order.channel).unwrap_or(Shop::STORES[0])
        });
        let truth = ReviewTruth { review: key.clone(), sku_index, rating: written.rating, aspects: written.aspects };
        let observed = ReviewObserved {
            review: key,
            sku: Some(entry.sku.clone()),
            channel,
            store: store.to_owned(),
            rating: written.rating,
            title: written.title,
            text: written.text,
            customer: order.and_then(|order| order.customer.clone()),
        };
        let time = clock::at(self.shop, day, second);
        Draft { review: Some(truth), ..Draft::new(time, entry.sku.as_str(), EventKind::ReviewObserved(observed)) }
    }

    fn keep(&mut self, day: u32, draft: Draft) {
        if day < self.shop.calendar().day_count() {
            self.pending.entry(day).or_default().push(draft);
        }
    }
}

/// The line that takes back so many units of `line`.
fn back(line: &OrderLine, units: i64, kind: LineKind) -> OrderLine {
    OrderLine { quantity: Quantity::new(-units), kind, ..line.clone() }
}
