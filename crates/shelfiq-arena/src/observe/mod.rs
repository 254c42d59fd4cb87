//! What the shop records of its days: events in time order.

mod after_sale;
mod clock;
mod offers;
mod orders;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rand::Rng;
use rayon::prelude::*;
use shelfiq_core::EventId;
use shelfiq_events::{Envelope, EventKind, SignalObserved};
use uuid::Builder;

use crate::basket::Shoppers;
use crate::noise::Stream;
use crate::review::ReviewTruth;
use crate::shop::Shop;
use crate::simulate::{SkuDay, SkuSimulator};
use offers::LastSeen;
use orders::OrderNumbers;

/// The records of one day.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedDay {
    /// The day in the shop's zone.
    pub day: NaiveDate,
    /// What was recorded, in time order.
    pub events: Vec<Envelope>,
    /// What the day's reviews really say, in the order of their events.
    pub reviews: Vec<ReviewTruth>,
}

/// An event before it has an id.
#[derive(Debug, Clone)]
struct Draft {
    time: DateTime<Utc>,
    subject: String,
    kind: EventKind,
    review: Option<ReviewTruth>,
}

impl Draft {
    fn new(time: DateTime<Utc>, subject: &str, kind: EventKind) -> Self {
        Self { time, subject: subject.to_owned(), kind, review: None }
    }
}

/// Lives all Skus day by day and writes down what a shop would.
pub(crate) struct RecordedDays<'a> {
    shop: &'a Shop,
    simulators: Vec<SkuSimulator<'a>>,
    seen: Vec<LastSeen>,
    shoppers: Shoppers,
    numbers: OrderNumbers,
    /// Cancellations, returns and reviews to come, by day. None lies further ahead than a month.
    pending: BTreeMap<u32, Vec<Draft>>,
    next_day: u32,
}

impl<'a> RecordedDays<'a> {
    pub(crate) fn new(shop: &'a Shop) -> Self {
        let simulators: Vec<SkuSimulator<'a>> =
            shop.catalogue().iter().filter_map(|entry| shop.simulator(entry.index)).collect();
        Self {
            seen: vec![LastSeen::default(); simulators.len()],
            simulators,
            shop,
            shoppers: Shoppers::new(shop.noise()),
            numbers: OrderNumbers::default(),
            pending: BTreeMap::new(),
            next_day: 0,
        }
    }

    /// Days are independent between Skus, so threads share them; the order stays that of the catalogue.
    fn live(&mut self, day: u32) -> Vec<(u32, SkuDay)> {
        let live_one = |(index, simulator): (usize, &mut SkuSimulator<'a>)| {
            (simulator.next_day() == day).then(|| simulator.live()).flatten().map(|lived| (index as u32, lived))
        };
        const WORTH_SHARING: usize = 2_000;
        if self.simulators.len() < WORTH_SHARING {
            self.simulators.iter_mut().enumerate().filter_map(live_one).collect()
        } else {
            self.simulators.par_iter_mut().enumerate().with_min_len(512).filter_map(live_one).collect()
        }
    }

    fn record_signals(&self, day: u32, drafts: &mut Vec<Draft>) {
        let calendar = self.shop.calendar();
        let noon = clock::at(self.shop, day, 12 * 3_600);
        let mut signal = |name: &str, value: f64, unit: &str| {
            let kind = SignalObserved { name: name.to_owned(), country: None, value, unit: unit.to_owned() };
            drafts.push(Draft::new(noon, name, EventKind::SignalObserved(kind)));
        };
        const CELSIUS_PER_DEVIATION: f64 = 3.5;
        let celsius = (calendar.weather(day) * CELSIUS_PER_DEVIATION * 10.0).round() / 10.0;
        signal("temperature_anomaly", celsius, "°C above the usual of the day");
        for holiday in calendar.holidays(day) {
            signal("holiday", 1.0, holiday);
        }
    }

    /// Gives each draft an id in the form of version 7 (time first), whose random part comes from the seed.
    fn seal(&self, day: u32, mut drafts: Vec<Draft>) -> RecordedDay {
        drafts.sort_by_key(|draft| draft.time);
        let mut rng = self.shop.noise().at(Stream::Observation, 0, day);
        let mut reviews = Vec::new();
        let events = drafts
            .into_iter()
            .map(|draft| {
                reviews.extend(draft.review);
                let millis = u64::try_from(draft.time.timestamp_millis()).unwrap_or(0);
                let id = Builder::from_unix_timestamp_millis(millis, &rng.random()).into_uuid();
                Envelope {
                    id: EventId::from_uuid(id),
                    source: "arena".to_owned(),
                    time: draft.time,
                    subject: draft.subject,
                    merchant: self.shop.config().merchant,
                    import: None,
                    kind: draft.kind,
                }
            })
            .collect();
        RecordedDay { day: self.shop.calendar().date(day), events, reviews }
    }
}

impl Iterator for RecordedDays<'_> {
    type Item = RecordedDay;

    fn next(&mut self) -> Option<RecordedDay> {
        let day = self.next_day;
        if day >= self.shop.calendar().day_count() {
            return None;
        }
        self.next_day += 1;
        let lived = self.live(day);
        let mut drafts = self.pending.remove(&day).unwrap_or_default();
        for (index, sku_day) in &lived {
            self.seen[*index as usize].record(self.shop, *index, day, sku_day, &mut drafts);
        }
        self.record_signals(day, &mut drafts);
        self.record_orders(day, &lived, &mut drafts);
        self.record_bad_batches(day, &lived, &mut drafts);
        Some(self.seal(day, drafts))
    }
}
