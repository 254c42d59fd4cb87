//! One Sku, one day at a time.

use chrono::NaiveDate;
use rand::Rng;
use serde::Serialize;
use shelfiq_core::Money;

use crate::anomaly::PlantedKind;
use crate::catalogue::CatalogueEntry;
use crate::merchant::{PriceTag, SalesMemory};
use crate::noise::{Noise, Stream, negative_binomial_quantile, normal, poisson};
use crate::rival::{RivalOffer, Rivals};
use crate::season::Calendar;
use crate::shop::Shop;
use crate::stock::StockRoom;
use crate::story::StoryKind;
use crate::truth::SkuTruth;

/// One day of one Sku, seen and unseen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SkuDay {
    /// The day in the shop's zone.
    pub day: NaiveDate,
    /// Price before a promotion, as shown.
    pub regular_price: Money,
    /// Price paid.
    pub price: Money,
    /// Whether the price belonged to a promotion.
    pub is_promotion: bool,
    /// Cost of one unit.
    pub unit_cost: Money,
    /// Mean of the day's demand at this price: what the best possible forecast would say the evening before.
    pub expected_units: f64,
    /// Units that shoppers wanted. Nobody records this.
    pub wanted_units: u32,
    /// Units sold: `wanted_units` cut off at the stock.
    pub sold_units: u32,
    /// Units on the shelf in the morning, before the delivery.
    pub opening_units: u32,
    /// Units delivered in the morning.
    pub delivered_units: u32,
    /// Units on the shelf in the evening.
    pub closing_units: u32,
    /// Units in the evening as counted: wrong on the day of a count error.
    pub counted_units: u32,
    /// Units ordered from the supplier and not yet here.
    pub on_order_units: u32,
    /// Times the listing was looked at.
    pub page_views: u32,
    /// Offers of rivals.
    pub rivals: Vec<RivalOffer>,
}

impl SkuDay {
    /// Whether shoppers wanted more than there was, so that sales tell less than demand.
    #[must_use]
    pub const fn is_censored(&self) -> bool {
        self.wanted_units > self.sold_units
    }
}

/// Lives the days of one Sku in order. A clone lives the same days again, with the same luck.
#[derive(Debug, Clone)]
pub struct SkuSimulator<'a> {
    calendar: &'a Calendar,
    noise: Noise,
    entry: &'a CatalogueEntry,
    truth: &'a SkuTruth,
    next_day: u32,
    drift: f64,
    tag: PriceTag,
    stock: StockRoom,
    rivals: Rivals,
    memory: SalesMemory,
    unit_cost: Money,
    yesterday_paid_minor: i64,
    price_override: Option<Money>,
}

impl<'a> SkuSimulator<'a> {
    pub(crate) fn new(shop: &'a Shop, entry: &'a CatalogueEntry, truth: &'a SkuTruth) -> Self {
        let (calendar, noise) = (shop.calendar(), shop.noise());
        let first_day = (entry.launched_on.max(calendar.days().first()) - calendar.days().first()).num_days() as u32;
        let per_day = truth.demand.base_units_per_day * calendar.season(entry.category, first_day).exp();
        let mut rng = noise.at(Stream::Supply, entry.index, calendar.day_count() + 1);
        let first_stock = (per_day * (f64::from(entry.lead_time_days) + 25.0)).ceil() as u32 + rng.random_range(3..9);
        Self {
            calendar,
            noise,
            entry,
            truth,
            next_day: first_day,
            drift: truth.demand.drift_deviation * normal(&mut rng),
            tag: PriceTag::new(entry, noise),
            stock: StockRoom::stocked(first_stock),
            rivals: Rivals::draw(entry, noise),
            memory: SalesMemory { recent: per_day, usual: per_day },
            unit_cost: entry.unit_cost,
            yesterday_paid_minor: entry.list_price.minor(),
            price_override: None,
        }
    }

    /// Sells at `price` from the next day on, whatever the merchant would have done: the other branch of history.
    #[must_use]
    pub fn at_price(mut self, price: Money) -> Self {
        self.price_override = Some(price);
        self
    }

    /// Number of the day that [`live`](Self::live) would live, from the first day of records.
    pub(crate) const fn next_day(&self) -> u32 {
        self.next_day
    }

    /// Lives the next day; `None` after the last one. The first is the launch or the first day of records.
    pub fn live(&mut self) -> Option<SkuDay> {
        let day = self.next_day;
        if day >= self.calendar.day_count() {
            return None;
        }
        let date = self.calendar.date(day);
        self.next_day += 1;

        let opening_units = self.stock.on_hand();
        let delivered_units = self.stock.receive(day);
        self.follow_story_in_the_morning(day);
        self.rivals.live(self.entry, self.yesterday_paid_minor, day, self.noise);
        if self.has_story(StoryKind::RivalUndercuts, day) {
            self.rivals.undercut(self.entry, self.yesterday_paid_minor, day);
        }
        let (regular_price, price, is_promotion) = self.decide_price(date, day);

        let mut luck = self.noise.at(Stream::Demand, self.entry.index, day);
        self.drift = self.truth.demand.next_drift(self.drift, normal(&mut luck));
        let log_attention = self.log_attention(date, day);
        let expected_units = (log_attention + self.log_offer(price, is_promotion)).exp();
        let count_size = self.truth.demand.count_size;
        let wanted_units = negative_binomial_quantile(luck.random(), expected_units, count_size);
        let sold_units = self.stock.sell(wanted_units);
        let visits = log_attention.exp() / self.truth.demand.conversion;
        let page_views = poisson(&mut self.noise.at(Stream::Traffic, self.entry.index, day), visits);

        self.remember(sold_units);
        let closing_units = self.stock.on_hand();
        self.reorder_in_the_evening(day, expected_units);
        self.yesterday_paid_minor = price.minor();
        Some(SkuDay {
            day: date,
            regular_price,
            price,
            is_promotion,
            unit_cost: self.unit_cost,
            expected_units,
            wanted_units,
            sold_units,
            opening_units,
            delivered_units,
            closing_units,
            counted_units: self.counted(date, closing_units),
            on_order_units: self.stock.on_order(),
            page_views,
            rivals: self.rivals.offers(self.entry),
        })
    }

    fn decide_price(&mut self, date: NaiveDate, day: u32) -> (Money, Money, bool) {
        let currency = self.entry.list_price.currency();
        let shown = self.tag.decide(self.truth.regime, self.entry, self.calendar, self.memory, day, self.noise);
        if let Some(price) = self.price_override {
            return (price, price, false);
        }
        let typo = self.truth.anomalies.iter().find(|a| a.kind == PlantedKind::PriceTypo && a.covers(date));
        let mistyped = |minor: i64| typo.map_or(minor, |typo| ((minor as f64 * typo.magnitude).round() as i64).max(1));
        (
            Money::from_minor(mistyped(shown.regular_minor), currency),
            Money::from_minor(mistyped(shown.paid_minor), currency),
            shown.is_promotion,
        )
    }

    /// Log of expected units as if the price had never moved and no rival existed.
    fn log_attention(&self, date: NaiveDate, day: u32) -> f64 {
        let demand = &self.truth.demand;
        let category = self.entry.category;
        let years_to_end = f64::from(self.calendar.day_count() - day) / 365.0;
        let age_days = (date - self.entry.launched_on).num_days() as f64;
        let ramp = (0.3 + 0.7 * (age_days / 30.0).min(1.0)).ln();
        let planted: f64 = self.truth.anomalies.iter().map(|anomaly| anomaly.demand_effect(date)).sum();
        demand.base_units_per_day.ln() - demand.trend_per_year * years_to_end
            + demand.season_strength * self.calendar.season(category, day)
            + demand.weather_strength * category.profile().weather * self.calendar.weather(day)
            + self.drift
            + ramp
            + planted
            + self.fading(date)
    }

    /// Log effect of our price, of showing it as a promotion, and of the rivals' prices.
    fn log_offer(&self, price: Money, is_promotion: bool) -> f64 {
        let demand = &self.truth.demand;
        let log_ratio = (price.minor() as f64 / self.entry.list_price.minor() as f64).ln();
        let promotion = if is_promotion { demand.promotion_effect } else { 0.0 };
        demand.price_effect(log_ratio) + demand.rival_elasticity * self.rivals.pressure(self.entry) + promotion
    }

    fn remember(&mut self, sold_units: u32) {
        // A day without stock says nothing about demand.
        if sold_units > 0 || self.stock.on_hand() > 0 {
            let sold = f64::from(sold_units);
            self.memory.recent += (sold - self.memory.recent) / 28.0;
            self.memory.usual += (sold - self.memory.usual) / 150.0;
        }
    }

    fn counted(&self, date: NaiveDate, units: u32) -> u32 {
        let error = self.truth.anomalies.iter().find(|a| a.kind == PlantedKind::StockCountError && a.covers(date));
        error.map_or(units, |error| (f64::from(units) * error.magnitude).round() as u32)
    }

    fn has_story(&self, kind: StoryKind, day: u32) -> bool {
        self.truth.story.is_some_and(|story| story.kind == kind && self.calendar.date(day) >= story.since)
    }

    fn begins_on(&self, kind: StoryKind, day: u32) -> bool {
        self.truth.story.is_some_and(|story| story.kind == kind && self.calendar.date(day) == story.since)
    }

    fn follow_story_in_the_morning(&mut self, day: u32) {
        if self.begins_on(StoryKind::PricedTooLow, day) || self.begins_on(StoryKind::PricedTooHigh, day) {
            self.tag.hold_list_price(self.entry);
        }
        if self.begins_on(StoryKind::SoldBelowCost, day) {
            self.tag.hold_list_price(self.entry);
            let above_price = (self.entry.list_price.minor() as f64 * 1.06).round() as i64;
            self.unit_cost = Money::from_minor(above_price, self.entry.list_price.currency());
        }
        if self.begins_on(StoryKind::Overstocked, day) {
            self.stock.order((self.truth.demand.base_units_per_day * 130.0).round() as u32, day + 1);
        }
        if self.begins_on(StoryKind::RunsOut, day) {
            self.stock.cancel_orders();
        }
        if self.begins_on(StoryKind::GoesViral, day + 2) {
            // Luck helps: a delivery the day before, or the spike would end at an empty shelf at once.
            self.stock.order((self.truth.demand.base_units_per_day * 45.0).round() as u32, day + 1);
        }
    }

    /// Log effect of a fashion that passed: demand of overstocked Skus falls to a fifth within three months.
    fn fading(&self, date: NaiveDate) -> f64 {
        match self.truth.story {
            Some(story) if story.kind == StoryKind::Overstocked && date > story.since => {
                let age_days = (date - story.since).num_days() as f64;
                -5.0_f64.ln() * (age_days / 90.0).min(1.0)
            }
            _ => 0.0,
        }
    }

    fn reorder_in_the_evening(&mut self, day: u32, expected_units: f64) {
        if self.has_story(StoryKind::Overstocked, day) {
            return;
        }
        if self.has_story(StoryKind::RunsOut, day) {
            self.top_up_in_small_lots(day, expected_units);
            return;
        }
        let horizon_days = self.entry.lead_time_days + 20;
        let season_ahead =
            self.truth.demand.season_strength * self.calendar.season_ahead(self.entry.category, day, horizon_days);
        self.stock.reorder(self.entry, self.memory, season_ahead, day, self.noise);
    }

    /// The supplier of a Sku that runs out sends a little every third day and, in the last days, nothing.
    fn top_up_in_small_lots(&mut self, day: u32, expected_units: f64) {
        const COVER_DAYS: f64 = 7.0;
        const LAST_LOT_DAYS_BEFORE_END: u32 = 3;
        let days_left = self.calendar.day_count() - 1 - day;
        let is_lot_day = days_left >= LAST_LOT_DAYS_BEFORE_END && days_left.is_multiple_of(3);
        if is_lot_day {
            let wanted = (expected_units * COVER_DAYS).ceil() as u32;
            self.stock.order(wanted.saturating_sub(self.stock.on_hand() + self.stock.on_order()), day + 1);
        }
    }
}

impl Iterator for SkuSimulator<'_> {
    type Item = SkuDay;

    fn next(&mut self) -> Option<SkuDay> {
        self.live()
    }
}
