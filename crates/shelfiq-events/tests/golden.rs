//! Every released version of every event kind loads forever and is written byte for byte as it was.

#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test may")]

use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use shelfiq_core::{
    Channel, CountryCode, CurrencyCode, CustomerKey, EventId, ImportId, MerchantId, OrderNumber, Quantity, Sku,
};
use shelfiq_events::{
    ControlTotals, CostObserved, Envelope, EventKind, ImportFinished, ImportUndone, ImportedFile, KindTotal, LineKind,
    ListingObserved, ListingStatus, Order, OrderLine, PriceObserved, ReviewObserved, Seller, SignalObserved,
    StockObserved, TrafficObserved, decode, encode,
};
use uuid::Uuid;

fn sku() -> Sku {
    Sku::new("85123A").unwrap()
}

fn import() -> ImportId {
    ImportId::from_uuid(Uuid::from_u128(3))
}

fn order(number: &str, quantity: i64, kind: LineKind) -> Order {
    Order {
        number: OrderNumber::new(number).unwrap(),
        ordered_at: "2010-12-01T08:26:00Z".parse::<DateTime<Utc>>().unwrap(),
        channel: Channel::Direct,
        store: "Gift shop".into(),
        customer: Some(CustomerKey::new("17850").unwrap()),
        country: Some(CountryCode::new("GB").unwrap()),
        country_as_written: Some("United Kingdom".into()),
        currency: CurrencyCode::GBP,
        lines: vec![OrderLine {
            line: 1,
            sku: sku(),
            title: Some("WHITE HANGING HEART T-LIGHT HOLDER".into()),
            quantity: Quantity::new(quantity),
            unit_price: "2.55".parse().unwrap(),
            kind,
            is_duplicate: false,
            source_file: Some("orders.csv".into()),
            source_row: Some(1),
        }],
    }
}

fn every_kind() -> Vec<EventKind> {
    let price = |seller, list_price: Option<&str>| PriceObserved {
        sku: sku(),
        seller,
        channel: Channel::Etsy,
        store: "Gift shop".into(),
        price: "2.55".parse().unwrap(),
        list_price: list_price.map(|text| text.parse().unwrap()),
        currency: CurrencyCode::GBP,
        in_stock: Some(true),
        is_promotion: None,
    };
    vec![
        EventKind::OrderPlaced(order("536365", 6, LineKind::Sale)),
        EventKind::OrderCancelled(order("C536379", -1, LineKind::Cancellation)),
        EventKind::OrderRefunded(order("536380", -2, LineKind::Return)),
        EventKind::PriceObserved(price(Seller::Rival("Other shop".into()), Some("2.95"))),
        EventKind::StockObserved(StockObserved {
            sku: sku(),
            store: "Gift shop".into(),
            on_hand: Quantity::new(12),
            on_order: Some(Quantity::new(40)),
            lead_time_days: Some(14),
        }),
        EventKind::CostObserved(CostObserved {
            sku: sku(),
            unit_cost: "1.105".parse().unwrap(),
            currency: CurrencyCode::GBP,
        }),
        EventKind::ReviewObserved(ReviewObserved {
            review: "r-1".into(),
            sku: Some(sku()),
            channel: Channel::Etsy,
            store: "Gift shop".into(),
            rating: 4,
            title: "Lovely".into(),
            text: "Lovely, though smaller than I thought.".into(),
            customer: None,
        }),
        EventKind::ListingObserved(ListingObserved {
            sku: sku(),
            channel: Channel::Etsy,
            store: "Gift shop".into(),
            listing: Some("1000000001".into()),
            product: Some("heart-holder".into()),
            title: "White hanging heart tea-light holder".into(),
            category: Some("Home > Candles".into()),
            brand: None,
            tags: vec!["heart".into(), "candle".into()],
            description: Some("A heart of white metal.".into()),
            gtin: None,
            image: None,
            status: ListingStatus::Active,
        }),
        EventKind::TrafficObserved(TrafficObserved {
            sku: Some(sku()),
            channel: Channel::Etsy,
            store: "Gift shop".into(),
            day: NaiveDate::from_ymd_opt(2010, 12, 1).unwrap(),
            sessions: 31,
            page_views: 54,
        }),
        EventKind::SignalObserved(SignalObserved {
            name: "consumer_price_index".into(),
            country: Some(CountryCode::new("US").unwrap()),
            value: 219.179,
            unit: "index 1982-84 = 100".into(),
        }),
        EventKind::ImportFinished(ImportFinished {
            import: import(),
            files: vec![ImportedFile {
                file: "orders.csv".into(),
                kind: "invoice_lines".into(),
                rows: 1,
                new: 1,
                changed: 0,
                unchanged: 0,
                rejected: 0,
            }],
            totals: ControlTotals {
                rows: 1,
                orders: 1,
                customers: 1,
                net_amount: Some("15.30".parse().unwrap()),
                duplicates: 0,
                by_kind: vec![KindTotal { kind: LineKind::Sale, rows: 1, amount: "15.30".parse().unwrap() }],
            },
        }),
        EventKind::ImportUndone(ImportUndone { import: import(), restored_rows: 0 }),
    ]
}

fn envelope(kind: EventKind) -> Envelope {
    Envelope {
        id: EventId::from_uuid(Uuid::from_u128(1)),
        source: "import".into(),
        time: "2010-12-01T08:26:00Z".parse().unwrap(),
        subject: "85123A".into(),
        merchant: MerchantId::from_uuid(Uuid::from_u128(2)),
        import: Some(import()),
        kind,
    }
}

/// To accept a new golden file, run the test once with `SHELFIQ_ACCEPT=1`. Existing files are never rewritten.
#[test]
fn every_event_kind_is_written_as_in_its_golden_file_and_read_back() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for kind in every_kind() {
        let name = kind.type_name();
        let expected = envelope(kind);
        let written = String::from_utf8(encode(&expected).unwrap()).unwrap();
        let file = folder.join(format!("{name}.json"));
        if !file.exists() && std::env::var_os("SHELFIQ_ACCEPT").is_some() {
            fs::write(&file, format!("{written}\n")).unwrap();
        }
        let golden = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert_eq!(golden.trim_end(), written, "{name} is written differently: release a new version instead");
        assert_eq!(decode(golden.as_bytes()).unwrap(), expected, "{name} is read differently");
    }
}

#[test]
fn an_unknown_type_is_refused_by_name() {
    let golden = String::from_utf8(
        encode(&envelope(EventKind::ImportUndone(ImportUndone { import: import(), restored_rows: 0 }))).unwrap(),
    )
    .unwrap()
    .replace("import.undone.v1", "import.undone.v9");
    let error = decode(golden.as_bytes()).unwrap_err();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("unknown event type `import.undone.v9`"), "{cause}");
}
