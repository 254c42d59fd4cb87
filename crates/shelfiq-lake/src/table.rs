//! Which tables there are, where they stand and how their rows are told apart.

use std::fmt;

use deltalake::arrow::datatypes::SchemaRef;

use crate::tables;

/// How far rows have come from the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// Events as they stand in the log.
    Raw,
    /// Typed rows, append-only: superseded ones stay.
    Processed,
    /// The present state: what measures and SQL see.
    Curated,
}

impl Zone {
    /// The folder name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Processed => "processed",
            Self::Curated => "curated",
        }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

macro_rules! table_list {
    ($($(#[doc = $doc:literal])* $table:ident = $name:literal, $rows:ty, sorted by $sort:expr, key $key:expr;)*) => {
        /// A table of the lake. The row types with their columns stand in [`tables`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Table {
            $($(#[doc = $doc])* $table,)*
        }

        impl Table {
            /// Every table.
            pub const ALL: &[Self] = &[$(Self::$table),*];

            /// The folder name, and the name in SQL.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$table => $name,)* }
            }

            /// What its rows are, in a sentence.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$table => concat!($($doc),*),)* }
            }

            /// Its columns; the same in every zone.
            #[must_use]
            pub fn schema(self) -> SchemaRef {
                match self { $(Self::$table => <$rows>::schema(),)* }
            }

            /// What each column means, in the order of [`Self::schema`].
            #[must_use]
            pub const fn meanings(self) -> &'static [&'static str] {
                match self { $(Self::$table => <$rows>::MEANINGS,)* }
            }

            /// Columns by which compaction sorts: first the one that queries restrict most.
            #[must_use]
            pub const fn sort_columns(self) -> &'static [&'static str] {
                match self { $(Self::$table => &$sort,)* }
            }

            /// Columns that name one row in the curated zone.
            #[must_use]
            pub const fn key_columns(self) -> &'static [&'static str] {
                match self { $(Self::$table => &$key,)* }
            }
        }
    };
}

table_list! {
    /// Events as they stand in the log (raw zone only).
    Events = "events", tables::EventRows, sorted by ["partition", "offset"], key ["partition", "offset"];
    /// One row per order line, as sold.
    OrderLines = "order_lines", tables::OrderLineRows, sorted by ["ordered_at"], key ["channel", "store", "order_id", "kind", "line"];
    /// One row per order; derived from the order lines.
    Orders = "orders", tables::OrderRows, sorted by ["ordered_at"], key ["channel", "store", "order_id"];
    /// One row per known customer; derived from the order lines.
    Customers = "customers", tables::CustomerRows, sorted by ["customer_id"], key ["customer_id"];
    /// One row per Sku; derived from order lines, listings, prices, costs and stock.
    Products = "products", tables::ProductRows, sorted by ["sku"], key ["sku"];
    /// Our own prices as observed.
    Prices = "prices", tables::PriceRows, sorted by ["observed_at"], key ["sku", "channel", "store", "observed_at"];
    /// Rivals' offers as observed.
    Offers = "offers", tables::OfferRows, sorted by ["observed_at"], key ["sku", "seller", "channel", "store", "observed_at"];
    /// Units on hand as observed.
    Stock = "stock", tables::StockRows, sorted by ["observed_at"], key ["sku", "store", "observed_at"];
    /// Unit costs as stated.
    Costs = "costs", tables::CostRows, sorted by ["valid_from"], key ["sku", "valid_from"];
    /// Customers' reviews.
    Reviews = "reviews", tables::ReviewRows, sorted by ["reviewed_at"], key ["channel", "store", "review_id"];
    /// Listings as last seen (curated) or as ever seen (processed).
    Listings = "listings", tables::ListingRows, sorted by ["sku"], key ["sku", "channel", "store"];
    /// Visits and views per day.
    Traffic = "traffic", tables::TrafficRows, sorted by ["day"], key ["day", "sku", "channel", "store"];
    /// Outside figures.
    Signals = "signals", tables::SignalRows, sorted by ["observed_at"], key ["name", "country", "observed_at"];
    /// Roll-up of order lines per Sku and day; derived.
    DailySales = "daily_sales", tables::DailySalesRows, sorted by ["day", "sku"], key ["day", "sku", "channel", "store", "currency"];
    /// Roll-up of order lines per order and day; derived.
    OrderDays = "order_days", tables::OrderDayRows, sorted by ["day"], key ["day", "channel", "store", "order_id", "customer_id", "country", "currency"];
    /// Forecasts of the latest run.
    Forecasts = "forecasts", tables::ForecastRows, sorted by ["sku", "day"], key ["sku", "measure", "day"];
    /// Forecasts of the whole shop, of categories and of stores, in numbers that add up.
    GroupForecasts = "group_forecasts", tables::GroupForecastRows, sorted by ["level", "name", "day"], key ["level", "name", "day"];
    /// What forecasts are made of: level, trend, season, and what is not as usual.
    ForecastParts = "forecast_parts", tables::ForecastPartRows, sorted by ["sku"], key ["sku", "cause"];
    /// Forecasts of past runs, kept until what they foresaw has happened.
    ForecastHistory = "forecast_history", tables::PastForecastRows, sorted by ["origin", "sku"], key ["origin", "version", "sku", "day"];
    /// Price elasticities of the latest run.
    Elasticities = "elasticities", tables::ElasticityRows, sorted by ["sku"], key ["sku"];
    /// What promotions and rivals' prices do to demand, as of the latest run.
    DemandEffects = "demand_effects", tables::DemandEffectRows, sorted by ["sku"], key ["sku", "driver"];
}

impl Table {
    /// The table of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|table| table.name() == name)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
