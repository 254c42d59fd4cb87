//! A shop of ten products that tests can steer: what sells follows from the price, and every file is theirs to choose.

use std::fmt::Write as _;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde_json::{Value, json};
use shelfiq_app::imports::{ImportRequest, import_files};
use shelfiq_core::{CurrencyCode, Money, RecommendationId, Sku};
use shelfiq_store::Author;
use shelfiq_store::recommendations::{self, Figures, NewRecommendation};
use shelfiq_testkit::TestApp;
use uuid::Uuid;

/// The first day on which anything sells.
pub(crate) const FIRST_DAY: &str = "2026-01-01";
/// The day on which decisions are taken: half a year of history lies behind it.
pub(crate) const TODAY: &str = "2026-07-01";
const SKUS: usize = 12;

/// Units that product `sku` sells on a day at `price`: 10 at 10.00 with an elasticity of −2, and the luck of the day.
fn units(sku: usize, day: NaiveDate, price: f64) -> u32 {
    let mut hash =
        0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(sku as u64 + 1) ^ (day - NaiveDate::default()).num_days() as u64;
    for _ in 0..3 {
        hash ^= hash >> 31;
        hash = hash.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    }
    let luck = (hash >> 40) as f64 / (1_u64 << 24) as f64 - 0.5;
    (10.0 * (price / 10.0).powf(-2.0) + 4.0 * luck).round().max(0.0) as u32
}

/// Imports prices, costs and orders of every product up to `last_day`; `changes` says from which day on a product has
/// which price instead of 10.00.
pub(crate) async fn live_until(app: &TestApp, from: &str, last_day: &str, changes: &[(usize, &str, f64)]) {
    let (first, last): (NaiveDate, NaiveDate) = (from.parse().unwrap(), last_day.parse().unwrap());
    let mut prices = "sku,price,currency,observed_at\n".to_owned();
    let mut costs = "sku,unit_cost,currency,observed_at\n".to_owned();
    let mut orders = "order_id,ordered_at,sku,title,quantity,unit_price,currency\n".to_owned();
    if from == FIRST_DAY {
        for sku in 0..SKUS {
            writeln!(prices, "{},10.00,GBP,{FIRST_DAY}T00:00:00Z", code(sku)).unwrap();
            writeln!(costs, "{},6.00,GBP,{FIRST_DAY}T00:00:00Z", code(sku)).unwrap();
        }
    }
    for (sku, day, price) in changes.iter().filter(|(_, day, _)| *day >= from && *day <= last_day) {
        writeln!(prices, "{},{price:.2},GBP,{day}T00:00:00Z", code(*sku)).unwrap();
    }
    for day in first.iter_days().take_while(|day| *day <= last) {
        for sku in 0..SKUS {
            let price = price_on(sku, day, changes);
            let sold = units(sku, day, price);
            if sold > 0 {
                writeln!(orders, "{day}-{sku},{day}T11:00:00Z,{0},Product {0},{sold},{price:.2},GBP", code(sku))
                    .unwrap();
            }
        }
    }
    let mut files = vec![app.file(&format!("orders-{last_day}.csv"), &orders)];
    for (name, content) in [("prices", prices), ("costs", costs)] {
        if content.lines().count() > 1 {
            files.push(app.file(&format!("{name}-{last_day}.csv"), &content));
        }
    }
    let report =
        import_files(&app.platform, &app.system(), &files, &ImportRequest::default(), &|_, _| {}).await.unwrap();
    assert_eq!(report.rejected, 0, "{report:?}");
}

fn price_on(sku: usize, day: NaiveDate, changes: &[(usize, &str, f64)]) -> f64 {
    let newest = changes.iter().rfind(|(of, since, _)| *of == sku && since.parse::<NaiveDate>().unwrap() <= day);
    newest.map_or(10.0, |(.., price)| *price)
}

/// The code of a product.
pub(crate) fn code(sku: usize) -> String {
    format!("P{sku:02}")
}

/// Moves the clock to noon of `day`.
pub(crate) fn go_to(app: &TestApp, day: &str) {
    let noon: DateTime<Utc> = format!("{day}T12:00:00Z").parse().unwrap();
    let now = shelfiq_core::Clock::now(&*app.clock);
    app.clock.advance(noon - now + TimeDelta::zero());
}

/// The day `days` after `day`.
pub(crate) fn after(day: &str, days: u64) -> String {
    (day.parse::<NaiveDate>().unwrap() + Days::new(days)).to_string()
}

/// Puts an open advice to go from 10.00 to `to` into the inbox.
pub(crate) async fn advise(app: &TestApp, sku: usize, to: &str) -> Uuid {
    let gbp = |amount: &str| json!({ "amount": amount, "currency": "GBP" });
    let payload: Value = json!({
        "key": { "kind": "reprice", "sku": code(sku) },
        "title": format!("Product {}", code(sku)),
        "action": { "type": "set_price", "from": gbp("10.00"), "to": gbp(to) },
        "impact": { "expected": gbp("40.00"), "lo": gbp("-5.00"), "hi": gbp("85.00"), "horizon_days": 28, "against": "against keeping the present price" },
        "confidence": "0.85", "urgency": "0.7", "priority": gbp("23.80"),
        "reason": "A test says so", "evidence": [], "guard_rails": [],
        "computed_at": format!("{TODAY}T12:00:00Z"), "expires_at": "2026-12-31T12:00:00Z",
    });
    let money = |minor| Money::from_minor(minor, CurrencyCode::GBP);
    let id = Uuid::from_u128(0xA11CE + sku as u128);
    let new = NewRecommendation {
        id: RecommendationId::from_uuid(id),
        key: format!("reprice/{}", code(sku)),
        kind: "reprice".to_owned(),
        sku: Sku::new(&code(sku)).unwrap(),
        figures: Figures {
            title: format!("Product {}", code(sku)),
            priority: money(2_380),
            impact: money(4_000),
            confidence: 0.85,
            payload,
            expires_at: "2026-12-31T12:00:00Z".parse().unwrap(),
        },
        lifecycle: json!([{ "state": "open", "at": format!("{TODAY}T12:00:00Z") }]),
    };
    let now = shelfiq_core::Clock::now(&*app.clock);
    let tx = app.platform.store.begin(Author::system("test"), now).await.unwrap();
    recommendations::insert_all(&tx, app.merchant, vec![new]).await.unwrap();
    tx.commit().await.unwrap();
    id
}
