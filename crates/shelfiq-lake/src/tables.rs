//! The columns of every table, declared once: the row type, the builder of record batches and the schema are one text.
//!
//! Money is an exact decimal in major units beside a `currency` column. Instants are UTC in microseconds. Days are
//! calendar days in the merchant's time zone. Columns of kind `Option` may be null: unknown, never zero.

mod column;
mod derived;
mod from_events;
mod model;
mod observed;
mod raw;

pub(crate) use self::column::days_since_1970;
pub use self::column::{AMOUNT_DIGITS, AMOUNT_SCALE, Amount, Column, Count, Day, Flag, Instant, Number, Text};
pub use self::derived::{
    Customer, CustomerRows, DailySales, DailySalesRows, Order, OrderDay, OrderDayRows, OrderRows, Product, ProductRows,
};
pub use self::from_events::EventRowsByTable;
pub use self::model::{
    DemandEffect, DemandEffectRows, Elasticity, ElasticityRows, Forecast, ForecastPart, ForecastPartRows, ForecastRows,
    GroupForecast, GroupForecastRows, PastForecast, PastForecastRows,
};
pub use self::observed::{
    Cost, CostRows, Listing, ListingRows, Offer, OfferRows, OrderLine, OrderLineRows, Price, PriceRows, Review,
    ReviewRows, Signal, SignalRows, Stock, StockRows, Traffic, TrafficRows,
};
pub use self::raw::{Event, EventRows};

/// Declares a row type, its schema and its builder of record batches from one list of columns.
macro_rules! rows {
    ($(#[doc = $doc:literal])* $row:ident => $rows:ident { $($(#[doc = $column_doc:literal])* $column:ident: $kind:ty,)* }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub struct $row<'a> {
            $($(#[doc = $column_doc])* pub $column: <$kind as $crate::tables::Column>::Value<'a>,)*
        }

        #[doc = concat!("Gathers rows of [`", stringify!($row), "`] into a record batch.")]
        #[derive(Default)]
        pub struct $rows {
            $($column: <$kind as $crate::tables::Column>::Builder,)*
            row_count: usize,
        }

        impl $rows {
            /// What each column means, in the order of [`Self::schema`].
            pub const MEANINGS: &[&str] = &[$(concat!($($column_doc),*)),*];

            /// The columns, in order.
            #[must_use]
            pub fn schema() -> deltalake::arrow::datatypes::SchemaRef {
                use deltalake::arrow::datatypes::{Field, Schema};
                let fields = vec![$(Field::new(
                    stringify!($column),
                    <$kind as $crate::tables::Column>::data_type(),
                    <$kind as $crate::tables::Column>::NULLABLE,
                )),*];
                std::sync::Arc::new(Schema::new(fields))
            }

            /// Adds a row.
            ///
            /// # Errors
            /// [`LakeError::DecimalOutOfRange`](crate::LakeError::DecimalOutOfRange) if an amount does not fit exactly;
            /// the rows gathered so far are then of no use.
            pub fn push(&mut self, row: $row<'_>) -> Result<(), $crate::LakeError> {
                $(<$kind as $crate::tables::Column>::append(&mut self.$column, row.$column, stringify!($column))?;)*
                self.row_count += 1;
                Ok(())
            }

            /// Number of rows gathered since the last [`Self::finish`].
            #[must_use]
            pub const fn len(&self) -> usize {
                self.row_count
            }

            /// Whether no row was gathered since the last [`Self::finish`].
            #[must_use]
            pub const fn is_empty(&self) -> bool {
                self.row_count == 0
            }

            /// The gathered rows as a batch of [`Self::schema`]; starts afresh.
            ///
            /// # Errors
            /// [`LakeError::Batch`](crate::LakeError::Batch) if the columns do not fit together.
            pub fn finish(&mut self) -> Result<deltalake::arrow::array::RecordBatch, $crate::LakeError> {
                let gathered = std::mem::take(self);
                let columns = vec![$(<$kind as $crate::tables::Column>::finish(gathered.$column)),*];
                Ok(deltalake::arrow::array::RecordBatch::try_new(Self::schema(), columns)?)
            }
        }
    };
}
use rows;
