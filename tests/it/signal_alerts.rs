//! Alerts about what is watched beside demand and our own price: rivals, visits, reviews, and counts of stock.

use std::fmt::Write as _;

use axum::http::Method;
use chrono::NaiveDate;
use serde_json::{Value, json};
use shelfiq_app::imports::{ImportRequest, import_files};
use shelfiq_app::run::{RunScope, run};
use shelfiq_store::members::Role;
use shelfiq_testkit::TestApp;

use crate::small_shop::{FIRST_DAY, TODAY, after, code, go_to, live_until};

/// The last day of data: the day before [`TODAY`].
const LAST_DAY: &str = "2026-06-30";
/// Products of which something is unusual on the last day.
const SCARED_OFF: usize = 2;
const COMPLAINED_OF: usize = 3;
const WITH_DEAR_RIVAL: usize = 4;
const WITH_CHEAP_RIVAL: usize = 5;
const WITH_GAP: usize = 6;

/// A small number that looks like luck.
fn luck(sku: usize, day: NaiveDate, sides: u64) -> u64 {
    let number = sku as u64 * 104_729 + u64::try_from((day - NaiveDate::default()).num_days()).unwrap() * 7_919;
    (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) % sides
}

/// What was seen of the products: nothing unusual before the last day.
async fn watch_shop(app: &TestApp) {
    let (first, last): (NaiveDate, NaiveDate) = (FIRST_DAY.parse().unwrap(), LAST_DAY.parse().unwrap());
    let mut traffic = "sku,day,sessions\n".to_owned();
    let mut reviews = "review_id,sku,rating,text,observed_at\n".to_owned();
    let mut offers = "sku,seller,price,currency,observed_at\n".to_owned();
    let mut stock = "sku,on_hand,observed_at\n".to_owned();
    for day in first.iter_days().take_while(|day| *day <= last) {
        let is_last = day == last;
        for sku in 0..12 {
            let name = code(sku);
            let sessions = if is_last && sku == SCARED_OFF { 9 } else { 180 + luck(sku, day, 40) };
            writeln!(traffic, "{name},{day},{sessions}").unwrap();
            let written = if is_last && sku == COMPLAINED_OF { 14 } else { u64::from(luck(sku, day, 9) == 0) };
            for number in 0..written {
                let stars = if is_last { 1 } else { 5 };
                writeln!(reviews, "{name}-{day}-{number},{name},{stars},It came as told,{day}T09:00:00Z").unwrap();
            }
            let cents = 1_250 + 10 * luck(sku, day, 5) + if is_last && sku == WITH_DEAR_RIVAL { 900 } else { 0 };
            let cents = if is_last && sku == WITH_CHEAP_RIVAL { 600 } else { cents };
            writeln!(offers, "{name},Teapots & Co,{}.{:02},GBP,{day}T08:00:00Z", cents / 100, cents % 100).unwrap();
            // Filled up every night, so that a count never falls by itself.
            let on_hand = if is_last && sku == WITH_GAP { 400 } else { 500 };
            writeln!(stock, "{name},{on_hand},{day}T22:00:00Z").unwrap();
        }
    }
    let files: Vec<_> = [("traffic", traffic), ("reviews", reviews), ("offers", offers), ("stock", stock)]
        .iter()
        .map(|(name, content)| app.file(&format!("{name}.csv"), content))
        .collect();
    let report =
        import_files(&app.platform, &app.system(), &files, &ImportRequest::default(), &|_, _| {}).await.unwrap();
    assert_eq!(report.rejected, 0, "{report:?}");
}

async fn open(app: &TestApp, token: &str, kind: &str) -> Vec<Value> {
    let path = format!("/api/v1/alerts?kind={kind}&limit=200");
    let list = app.call(Method::GET, &path, Some(token), None).await.expect(200);
    list["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn each_signal_that_leaves_its_band_is_told_once_with_its_numbers_and_no_other_product_is() {
    let app = TestApp::start().await;
    go_to(&app, TODAY);
    live_until(&app, FIRST_DAY, LAST_DAY, &[]).await;
    watch_shop(&app).await;
    run(&app.platform, app.merchant, RunScope::Daily, &|_, _| {}).await.unwrap();
    let token = app.token(Role::Manager).await;

    let told = [
        ("traffic_change", SCARED_OFF, "traffic", "9 visits on 2026-06-30"),
        ("review_surge", COMPLAINED_OF, "complaints", "14 reviews with one or two stars on 2026-06-30"),
        ("rival_move", WITH_DEAR_RIVAL, "rival_price", "The cheapest rival asks £2"),
        ("stock_loss", WITH_GAP, "missing_stock", "missing at a count on 2026-06-30"),
    ];
    for (kind, sku, measure, words) in told {
        let alerts = open(&app, &token, kind).await;
        let [alert] = &alerts[..] else { panic!("one alert of {kind}: {alerts:#?}") };
        assert_eq!(alert["sku"], code(sku), "{kind}");
        assert!(alert["sentence"].as_str().unwrap().contains(words), "{alert}");
        assert_eq!((&alert["anomaly"]["measure"], &alert["anomaly"]["day"]), (&json!(measure), &json!(LAST_DAY)));
    }
    let undercut = open(&app, &token, "rival_undercut").await;
    assert_eq!((undercut.len(), &undercut[0]["sku"]), (1, &json!(code(WITH_CHEAP_RIVAL))), "told by its own rule");

    // What a member calls usual is over at once; what is old news is over by itself.
    let path = format!("/api/v1/products/{}/anomalies/traffic/{LAST_DAY}/answer", code(SCARED_OFF));
    let said = app.call(Method::PUT, &path, Some(&token), Some(json!({ "answer": "dismissed" }))).await.expect(200);
    assert_eq!(said["standing"], "dismissed");
    assert!(open(&app, &token, "traffic_change").await.is_empty());
    let later = after(TODAY, 4);
    go_to(&app, &after(&later, 1));
    live_until(&app, TODAY, &later, &[]).await;
    run(&app.platform, app.merchant, RunScope::Daily, &|_, _| {}).await.unwrap();
    let token = app.token(Role::Manager).await;
    for (kind, ..) in told {
        assert_eq!(open(&app, &token, kind).await, Vec::<Value>::new(), "{kind}");
    }
}
