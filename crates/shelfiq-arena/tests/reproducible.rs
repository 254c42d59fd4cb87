//! Equal configurations give equal shops, byte for byte.

#![allow(clippy::unwrap_used)]

use chrono::NaiveDate;
use proptest::prelude::*;
use shelfiq_arena::{ArenaConfig, Market, Shop, ShopSize, Stories};
use shelfiq_core::{CurrencyCode, TimeZone};
use shelfiq_events::EventKind;

fn config(seed: u64, skus: u32, days: u32) -> ArenaConfig {
    let last_day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    ArenaConfig { size: ShopSize::Custom { skus, days }, ..ArenaConfig::small(seed, last_day) }
}

/// FNV-1a over the written events: enough to notice a change, and no dependency.
fn fingerprint(config: ArenaConfig) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for event in Shop::new(config).unwrap().events() {
        for byte in shelfiq_events::encode(&event).unwrap() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// When a change of the generator is meant, take the new value over and say so in the changelog: demos change.
#[test]
fn the_bytes_of_a_known_seed_stay_as_released() {
    assert_eq!(fingerprint(config(1, 40, 400)), "000a853f1a32d70d");
}

#[test]
fn another_seed_is_another_shop() {
    assert_ne!(fingerprint(config(1, 10, 60)), fingerprint(config(2, 10, 60)));
}

#[test]
fn threads_change_nothing() {
    let with_threads = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| fingerprint(config(3, 2_500, 12)))
    };
    assert_eq!(with_threads(1), with_threads(3));
}

#[test]
fn the_confounded_twin_has_the_same_goods_and_shoppers() {
    let shop = Shop::new(config(4, 80, 200)).unwrap();
    let twin = Shop::new(ArenaConfig { market: Market::Confounded, ..config(4, 80, 200) }).unwrap();
    assert_eq!(shop.catalogue(), twin.catalogue());
    assert!(shop.truth().skus().iter().zip(twin.truth().skus()).all(|(a, b)| a.demand == b.demand));
    assert!(shop.truth().skus().iter().zip(twin.truth().skus()).any(|(a, b)| a.regime != b.regime));
}

#[test]
fn the_other_branch_of_history_has_the_same_luck() {
    let shop = Shop::new(ArenaConfig { stories: Stories::None, ..config(5, 60, 300) }).unwrap();
    for entry in shop.catalogue() {
        let mut kept = shop.simulator(entry.index).unwrap();
        let before: Vec<_> = kept.by_ref().take(40).collect();
        let Some(price) = before.last().map(|day| day.price) else { continue };
        let cheaper = shelfiq_core::Money::from_minor((price.minor() * 8 / 10).max(1), price.currency());
        let (kept, cut) = (kept.clone().at_price(price), kept.at_price(cheaper));
        assert!(kept.zip(cut).all(|(kept, cut)| cut.wanted_units >= kept.wanted_units));
    }
}

#[test]
fn yen_and_dinars_have_prices_without_impossible_fractions() {
    for (code, exponent) in [("JPY", 0), ("KWD", 3), ("USD", 2)] {
        let currency = CurrencyCode::new(code).unwrap();
        let shop = Shop::new(ArenaConfig { currency, ..config(6, 30, 40) }).unwrap();
        for event in shop.events() {
            if let EventKind::PriceObserved(seen) = event.kind {
                assert!(seen.price.scale() <= exponent && seen.currency == currency);
            }
        }
    }
}

#[test]
fn impossible_sizes_are_refused() {
    for (skus, days) in [(0, 10), (10, 0), (2_000_000, 10), (10, 5_000)] {
        let error = Shop::new(config(1, skus, days)).unwrap_err();
        assert!(error.to_string().contains("1 to 1000000 Skus"), "{error}");
    }
    assert!(Shop::new(ArenaConfig { last_day: NaiveDate::MIN, ..config(1, 1, 10) }).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_shop_of_any_size_tells_its_days_in_order(
        seed in any::<u64>(), skus in 1_u32..40, days in 1_u32..120, start in 0_i64..20_000, zone in 0_usize..4,
    ) {
        let time_zone: TimeZone = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"][zone].parse().unwrap();
        let last_day = NaiveDate::from_ymd_opt(1980, 1, 1).unwrap() + chrono::TimeDelta::days(start);
        let shop = Shop::new(ArenaConfig { last_day, time_zone, ..config(seed, skus, days) }).unwrap();
        let mut last = shop.days().in_zone(time_zone).start();
        let mut day_count = 0;
        for day in shop.recorded_days() {
            day_count += 1;
            for event in day.events {
                prop_assert!(event.time >= last && time_zone.day_of(event.time) == day.day);
                last = event.time;
                prop_assert_eq!(shelfiq_events::decode(&shelfiq_events::encode(&event).unwrap()).unwrap(), event);
            }
        }
        prop_assert_eq!(day_count, days);
    }
}
