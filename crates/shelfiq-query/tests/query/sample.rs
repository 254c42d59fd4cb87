//! Small shops written as text, and answers as text.

use chrono::{DateTime, Utc};
use shelfiq_core::{DateRange, MerchantId, TimeZone};
use shelfiq_lake::arrow::array::RecordBatch;
use shelfiq_lake::tables::{Cost, CostRows, Listing, ListingRows, OrderLine, OrderLineRows, Stock, StockRows};
use shelfiq_lake::{Lake, Table, Zone};
use shelfiq_measures::{MeasureAnswer, MeasureEngine, MeasureId, MeasureRequest, MeasureValue, SliceValue};
use shelfiq_query::{QueryConfig, QueryEngine};
use tempfile::TempDir;
use uuid::Uuid;

pub(crate) fn merchant() -> MerchantId {
    MerchantId::from_uuid(Uuid::from_u128(1))
}

/// A shop in a folder of its own.
pub(crate) struct Shop {
    pub(crate) engine: QueryEngine,
    pub(crate) zone: TimeZone,
    _folder: TempDir,
}

impl Shop {
    /// A shop without any table, in London.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let lake = Lake::open(folder.path()).unwrap();
        let engine = QueryEngine::new(lake, QueryConfig::default()).unwrap();
        Self { engine, zone: "Europe/London".parse().unwrap(), _folder: folder }
    }

    /// A shop with these order lines (see [`order_lines`]).
    pub(crate) async fn with_lines(lines: &str) -> Self {
        let shop = Self::empty();
        shop.append(Table::OrderLines, &order_lines(lines)).await;
        shop
    }

    pub(crate) async fn append(&self, table: Table, rows: &RecordBatch) {
        let mut writer = self.engine.lake().writer(merchant(), Zone::Curated, table).await.unwrap();
        writer.write(rows).await.unwrap();
        writer.commit().await.unwrap();
    }

    /// The answer over the order lines themselves; asserts that the roll-ups then give the same.
    pub(crate) async fn measure(&self, request: &MeasureRequest, now: &str) -> MeasureAnswer {
        let by_definition = self.engine.measure(merchant(), request, at(now)).await.unwrap();
        self.engine.refresh_derived(merchant(), self.zone).await.unwrap();
        let by_roll_up = self.engine.measure(merchant(), request, at(now)).await.unwrap();
        assert_eq!(by_roll_up, by_definition, "the roll-ups differ from the definition");
        by_definition
    }

    /// Totals of `measures` over `days` as text: one `name value` a line.
    pub(crate) async fn totals(&self, measures: &[MeasureId], days: &str) -> String {
        text(&self.measure(&self.request(measures, days), "2030-01-01T00:00:00Z").await)
    }

    /// A request for `first..last`.
    pub(crate) fn request(&self, measures: &[MeasureId], days: &str) -> MeasureRequest {
        let (first, last) = days.split_once("..").unwrap();
        let days = DateRange::new(first.parse().unwrap(), last.parse().unwrap()).unwrap();
        MeasureRequest::totals(measures, days, self.zone)
    }

    /// Asks in SQL; rows as CSV.
    pub(crate) async fn sql(&self, query: &str) -> String {
        let request = shelfiq_query::SqlRequest { query: query.to_owned(), ..Default::default() };
        csv(&self.engine.sql(merchant(), request).await.unwrap())
    }
}

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Order lines written as `instant order sku quantity price currency customer country kind`, one a line; `-` for what is
/// unknown, and a trailing `duplicate` where it applies.
pub(crate) fn order_lines(text: &str) -> RecordBatch {
    let mut rows = OrderLineRows::default();
    for (index, line) in text.lines().map(str::trim).filter(|line| !line.is_empty()).enumerate() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [instant, order_id, sku, quantity, price, currency, customer, country, kind, further @ ..] =
            words.as_slice()
        else {
            panic!("not an order line: {line}");
        };
        rows.push(OrderLine {
            order_id,
            line: i64::try_from(index).unwrap(),
            ordered_at: at(instant),
            sku,
            title: Some(&format!("Title of {sku}")),
            quantity: quantity.parse().unwrap(),
            unit_price: price.parse().unwrap(),
            currency,
            customer_id: (*customer != "-").then_some(customer),
            country: (*country != "-").then_some(country),
            channel: "direct",
            store: if order_id.starts_with('E') { "etsy" } else { "main" },
            kind,
            is_duplicate: further.contains(&"duplicate"),
            source_file: None,
            source_row: None,
            import_id: None,
            event_id: "00000000-0000-0000-0000-000000000000",
        })
        .unwrap();
    }
    rows.finish().unwrap()
}

/// Costs written as `instant sku cost currency`.
pub(crate) fn costs(text: &str) -> RecordBatch {
    let mut rows = CostRows::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        rows.push(Cost {
            sku: words[1],
            valid_from: at(words[0]),
            unit_cost: words[2].parse().unwrap(),
            currency: words[3],
            import_id: None,
            event_id: "00000000-0000-0000-0000-000000000000",
        })
        .unwrap();
    }
    rows.finish().unwrap()
}

/// Stock written as `instant sku store on-hand`.
pub(crate) fn stock(text: &str) -> RecordBatch {
    let mut rows = StockRows::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        rows.push(Stock {
            sku: words[1],
            store: words[2],
            observed_at: at(words[0]),
            on_hand: words[3].parse().unwrap(),
            on_order: None,
            lead_time_days: Some(7),
            import_id: None,
            event_id: "00000000-0000-0000-0000-000000000000",
        })
        .unwrap();
    }
    rows.finish().unwrap()
}

/// Listings written as `sku category`.
pub(crate) fn listings(text: &str) -> RecordBatch {
    let mut rows = ListingRows::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (sku, category) = line.split_once(' ').unwrap();
        rows.push(Listing {
            sku,
            channel: "direct",
            store: "main",
            observed_at: at("2011-01-01T00:00:00Z"),
            listing_id: None,
            product: None,
            title: "As listed",
            category: Some(category),
            brand: None,
            tags: "",
            description: None,
            gtin: None,
            image: None,
            status: "active",
            import_id: None,
            event_id: "00000000-0000-0000-0000-000000000000",
        })
        .unwrap();
    }
    rows.finish().unwrap()
}

/// Rows of an answer, one a line: slice, measure, value, comparison, marks.
pub(crate) fn text(answer: &MeasureAnswer) -> String {
    let line = |row: &shelfiq_measures::MeasureRow| {
        let slice = match &row.slice {
            SliceValue::All => String::new(),
            SliceValue::Period(days) if days.first == days.last => format!("{} ", days.first),
            SliceValue::Period(days) => format!("{}..{} ", days.first, days.last),
            SliceValue::Sku(sku) => format!("{sku} "),
            SliceValue::Store(name) | SliceValue::Channel(name) => format!("{name} "),
            SliceValue::Category(name) | SliceValue::Country(name) => {
                format!("{} ", name.as_deref().unwrap_or("(none)"))
            }
        };
        let comparison = row.comparison.map_or_else(String::new, |value| format!(" was {}", value_text(Some(value))));
        let coverage = row
            .coverage
            .map_or_else(String::new, |ratio| format!(" covering {}", ratio.proportion().round_dp(4).normalize()));
        let partial = if row.is_partial { " so far" } else { "" };
        format!("{slice}{} {}{comparison}{coverage}{partial}", row.measure, value_text(row.value))
    };
    answer.rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn value_text(value: Option<MeasureValue>) -> String {
    match value {
        None => "undefined".to_owned(),
        Some(MeasureValue::Money(amount)) => format!("{} {}", amount.exact.normalize(), amount.currency),
        Some(other) => other.number().round_dp(4).normalize().to_string(),
    }
}

pub(crate) fn csv(answer: &shelfiq_query::Answer) -> String {
    let mut lines = Vec::new();
    answer
        .write_rows(shelfiq_query::CellFormat::Plain, |cells| {
            lines.push(cells.join(","));
            Ok(())
        })
        .unwrap();
    lines.join("\n")
}

/// Compares texts line by line, ignoring indentation.
#[track_caller]
pub(crate) fn assert_lines(found: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    assert_eq!(found.lines().collect::<Vec<_>>(), expected);
}
