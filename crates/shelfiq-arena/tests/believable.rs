//! The arena's shop looks like a shop: its moments lie where those of real ones do, and its books balance.

#![allow(clippy::unwrap_used)]

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use shelfiq_arena::{ArenaConfig, Category, Shop, ShopSize, SkuDay, Story, StoryKind};
use shelfiq_core::{OrderNumber, Sku};
use shelfiq_events::{EventKind, LineKind, Seller};

fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).unwrap()
}

fn small_shop() -> Shop {
    Shop::new(ArenaConfig::small(1, last_day())).unwrap()
}

/// All days of all Skus.
fn all_days(shop: &Shop) -> Vec<Vec<SkuDay>> {
    (0..shop.catalogue().len() as u32).map(|index| shop.truth().days(index).unwrap()).collect()
}

#[track_caller]
fn check_within(what: &str, value: f64, low: f64, high: f64) {
    eprintln!("{what}: {value:.3} (expected {low} to {high})");
    assert!((low..=high).contains(&value), "{what} is {value:.4}, expected {low} to {high}");
}

#[test]
fn the_moments_are_those_of_a_gift_shop() {
    let shop = small_shop();
    let lives = all_days(&shop);
    let days = || lives.iter().flatten();
    let count = days().count() as f64;
    let share = |test: fn(&SkuDay) -> bool| days().filter(|day| test(day)).count() as f64 / count;

    check_within("share of days without a sale", share(|day| day.sold_units == 0), 0.45, 0.75);
    check_within("share of days with turned-away demand", share(SkuDay::is_censored), 0.005, 0.06);
    check_within("share of days on promotion", share(|day| day.is_promotion), 0.02, 0.12);
    check_within("units a day and Sku", days().map(|day| f64::from(day.sold_units)).sum::<f64>() / count, 0.4, 1.1);

    let revenue = |day: &SkuDay| f64::from(day.sold_units) * day.price.minor() as f64;
    let cost = |day: &SkuDay| f64::from(day.sold_units) * day.unit_cost.minor() as f64;
    let total: f64 = days().map(revenue).sum();
    check_within("gross margin", 1.0 - days().map(cost).sum::<f64>() / total, 0.35, 0.62);
    let mut by_sku: Vec<f64> = lives.iter().map(|life| life.iter().map(revenue).sum()).collect();
    by_sku.sort_by(|a, b| b.total_cmp(a));
    let top_fifth: f64 = by_sku[..by_sku.len() / 5].iter().sum();
    check_within("revenue share of the best fifth", top_fifth / total, 0.60, 0.85);

    let changes = lives.iter().flat_map(|life| life.windows(2)).filter(|pair| pair[0].price != pair[1].price).count();
    check_within("price changes a Sku and year", changes as f64 / (count / 365.0), 4.0, 20.0);
    check_within(
        "share of Skus with rivals",
        lives.iter().filter(|life| life.iter().any(|day| !day.rivals.is_empty())).count() as f64 / lives.len() as f64,
        0.4,
        0.6,
    );

    let weekday = |number: u32| -> f64 {
        days()
            .filter(|day| day.day.weekday().num_days_from_monday() == number)
            .map(|day| f64::from(day.sold_units))
            .sum()
    };
    check_within("Sunday over Saturday", weekday(6) / weekday(5), 1.08, 1.5);
    let month = |number: u32| -> f64 {
        days()
            .filter(|day| day.day.month() == number && day.day.year() == 2025)
            .map(|day| f64::from(day.sold_units))
            .sum()
    };
    check_within("December over June", month(12) / month(6), 1.2, 2.6);
}

#[test]
fn stock_is_never_negative_and_every_unit_is_accounted_for() {
    for life in all_days(&small_shop()) {
        for day in &life {
            assert_eq!(day.opening_units + day.delivered_units, day.closing_units + day.sold_units);
            assert_eq!(day.sold_units, day.wanted_units.min(day.opening_units + day.delivered_units));
            assert!(day.price.minor() > 0 && day.expected_units.is_finite());
        }
        assert!(life.windows(2).all(|pair| pair[0].closing_units == pair[1].opening_units));
    }
}

#[test]
fn orders_hold_exactly_the_units_sold_at_the_price_of_the_day() {
    let shop =
        Shop::new(ArenaConfig { size: ShopSize::Custom { skus: 60, days: 200 }, ..ArenaConfig::small(2, last_day()) })
            .unwrap();
    let mut expected: HashMap<(&Sku, NaiveDate), (u32, rust_decimal::Decimal)> = HashMap::new();
    let lives = all_days(&shop);
    for (entry, life) in shop.catalogue().iter().zip(&lives) {
        for day in life.iter().filter(|day| day.sold_units > 0) {
            expected.insert((&entry.sku, day.day), (day.sold_units, day.price.to_major()));
        }
    }
    for recorded in shop.recorded_days() {
        for event in &recorded.events {
            if let EventKind::OrderPlaced(order) = &event.kind {
                for line in &order.lines {
                    let entry = shop.catalogue().iter().find(|entry| entry.sku == line.sku).unwrap();
                    let (units, price) = expected.get_mut(&(&entry.sku, recorded.day)).unwrap();
                    *units -= u32::try_from(line.quantity.units()).unwrap();
                    assert_eq!(line.unit_price, *price);
                }
            }
        }
    }
    assert!(expected.values().all(|(units, _)| *units == 0));
}

#[test]
fn events_come_in_order_and_nothing_is_taken_back_that_was_not_sold() {
    let shop = small_shop();
    let range = shop.days().in_zone(shop.config().time_zone);
    let mut sold: HashMap<(OrderNumber, Sku), i64> = HashMap::new();
    let mut ids = HashSet::new();
    let mut last = range.start();
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for event in shop.events() {
        assert!(event.time >= last && range.contains(event.time), "{event:?}");
        last = event.time;
        assert!(ids.insert(event.id));
        *counts.entry(event.kind.type_name()).or_default() += 1;
        match &event.kind {
            EventKind::OrderPlaced(order) => {
                for line in &order.lines {
                    let is_new = sold.insert((order.number.clone(), line.sku.clone()), line.quantity.units()).is_none();
                    assert!(is_new && line.quantity.units() > 0 && line.kind == LineKind::Sale);
                }
            }
            EventKind::OrderCancelled(order) | EventKind::OrderRefunded(order) => {
                for line in &order.lines {
                    let left = sold.get_mut(&(order.number.clone(), line.sku.clone())).unwrap();
                    *left += line.quantity.units();
                    assert!(*left >= 0 && line.quantity.units() < 0);
                }
            }
            _ => {}
        }
    }
    eprintln!("{counts:?}");
    assert_eq!(counts.len(), 10, "{counts:?}");
}

#[test]
fn the_last_month_of_a_demo_tells_its_stories_whatever_the_seed() {
    for seed in 1..=4 {
        let shop = Shop::new(ArenaConfig::small(seed, last_day())).unwrap();
        let told: HashSet<StoryKind> = shop.truth().stories().map(|story| story.kind).collect();
        assert!(told.len() >= 8, "seed {seed}: {told:?}");
        for story in shop.truth().stories() {
            check_story(story, &shop.truth().days(story.sku_index).unwrap());
        }
    }
}

fn check_story(story: Story, life: &[SkuDay]) {
    let last = life.last().unwrap();
    let per_day = life[life.len() - 28..].iter().map(|day| f64::from(day.wanted_units)).sum::<f64>() / 28.0;
    let cover_days = f64::from(last.closing_units) / per_day;
    match story.kind {
        StoryKind::RunsOut => assert!(cover_days < 10.0 && last.on_order_units == 0, "{story:?}: {cover_days}"),
        StoryKind::Overstocked => assert!(cover_days > 150.0, "{story:?}: {cover_days}"),
        StoryKind::SoldBelowCost => assert!(last.unit_cost.minor() > last.price.minor()),
        StoryKind::RivalUndercuts => {
            let cheapest = last.rivals.iter().filter(|offer| offer.in_stock).map(|offer| offer.price.minor()).min();
            assert!((cheapest.unwrap() as f64) < 0.9 * last.price.minor() as f64);
        }
        StoryKind::GoesViral => {
            let first = life.iter().find(|day| day.day == story.since).unwrap();
            assert!(f64::from(first.sold_units) > 3.0 * per_day.min(5.0), "{story:?}: {} sold", first.sold_units);
        }
        StoryKind::PricedTooLow | StoryKind::PricedTooHigh | StoryKind::BadBatch | StoryKind::PriceTypo => {}
    }
}

#[test]
fn rivals_cut_prices_run_dry_leave_and_come_back() {
    let shop = small_shop();
    let mut offers: HashMap<(Sku, String), Vec<(rust_decimal::Decimal, bool)>> = HashMap::new();
    for event in shop.events() {
        if let EventKind::PriceObserved(seen) = event.kind
            && let Seller::Rival(rival) = seen.seller
        {
            offers.entry((seen.sku, rival)).or_default().push((seen.price, seen.in_stock.unwrap()));
        }
    }
    assert!(offers.len() > 200);
    assert!(offers.values().any(|seen| seen.iter().any(|(_, in_stock)| !in_stock)));
    let moves =
        offers.values().map(|seen| seen.windows(2).filter(|pair| pair[0].0 != pair[1].0).count()).sum::<usize>();
    check_within("price moves a rival offer and year", moves as f64 / offers.len() as f64 / 2.0, 4.0, 30.0);
}

#[test]
fn every_category_sells() {
    let shop = small_shop();
    for category in Category::ALL {
        let units: u32 = shop
            .catalogue()
            .iter()
            .filter(|entry| entry.category == category)
            .flat_map(|entry| shop.truth().days(entry.index).unwrap())
            .map(|day| day.sold_units)
            .sum();
        assert!(units > 3_000, "{category}: {units}");
    }
}
