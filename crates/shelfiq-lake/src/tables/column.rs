//! Kinds of columns: how a value of ours becomes a cell of an Arrow array.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use deltalake::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Float64Builder, Int64Builder, StringBuilder,
    TimestampMicrosecondBuilder,
};
use deltalake::arrow::datatypes::{DataType, TimeUnit};
use rust_decimal::Decimal;

use crate::LakeError;

/// Digits of an amount, decimals included.
pub const AMOUNT_DIGITS: u8 = 24;
/// Decimals of an amount: four beyond the cent, for unit prices of beads and screws.
pub const AMOUNT_SCALE: i8 = 6;

/// A kind of column.
pub trait Column {
    /// What a row holds.
    type Value<'a>: Clone + std::fmt::Debug;
    /// What gathers the cells.
    type Builder: Default;
    /// Whether cells may be null.
    const NULLABLE: bool = false;

    /// The Arrow type.
    fn data_type() -> DataType;
    /// Adds a cell; `column` names the column in errors.
    ///
    /// # Errors
    /// [`LakeError::DecimalOutOfRange`] if an amount does not fit exactly.
    fn append(builder: &mut Self::Builder, value: Self::Value<'_>, column: &'static str) -> Result<(), LakeError>;
    /// Adds a null cell.
    fn append_null(builder: &mut Self::Builder);
    /// The cells as an array.
    fn finish(builder: Self::Builder) -> ArrayRef;
}

macro_rules! plain_column {
    ($($(#[$doc:meta])* $kind:ident: $value:ty, $builder:ty, $data_type:expr, $cell:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $kind {}

        impl Column for $kind {
            type Value<'a> = $value;
            type Builder = $builder;

            fn data_type() -> DataType {
                $data_type
            }

            fn append(builder: &mut $builder, value: $value, _column: &'static str) -> Result<(), LakeError> {
                builder.append_value($cell(value));
                Ok(())
            }

            fn append_null(builder: &mut $builder) {
                builder.append_null();
            }

            fn finish(mut builder: $builder) -> ArrayRef {
                Arc::new(builder.finish())
            }
        }
    )*};
}

plain_column! {
    /// A whole number.
    Count: i64, Int64Builder, DataType::Int64, |value| value;
    /// A measured or modelled number; never money.
    Number: f64, Float64Builder, DataType::Float64, |value| value;
    /// Yes or no.
    Flag: bool, BooleanBuilder, DataType::Boolean, |value| value;
    /// A calendar day in the merchant's time zone.
    Day: NaiveDate, Date32Builder, DataType::Date32, days_since_1970;
}

pub(crate) fn days_since_1970(day: NaiveDate) -> i32 {
    // A `NaiveDate` spans fewer than 2^28 days.
    i32::try_from((day - NaiveDate::default()).num_days()).expect("every calendar date is an i32 of days")
}

/// A text.
#[derive(Debug)]
pub enum Text {}

impl Column for Text {
    type Value<'a> = &'a str;
    type Builder = StringBuilder;

    fn data_type() -> DataType {
        DataType::Utf8
    }

    fn append(builder: &mut StringBuilder, value: &str, _column: &'static str) -> Result<(), LakeError> {
        builder.append_value(value);
        Ok(())
    }

    fn append_null(builder: &mut StringBuilder) {
        builder.append_null();
    }

    fn finish(mut builder: StringBuilder) -> ArrayRef {
        Arc::new(builder.finish())
    }
}

/// An instant in UTC, in microseconds.
#[derive(Debug)]
pub enum Instant {}

impl Column for Instant {
    type Value<'a> = DateTime<Utc>;
    type Builder = TimestampMicrosecondBuilder;

    fn data_type() -> DataType {
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
    }

    fn append(builder: &mut Self::Builder, value: DateTime<Utc>, _column: &'static str) -> Result<(), LakeError> {
        builder.append_value(value.timestamp_micros());
        Ok(())
    }

    fn append_null(builder: &mut Self::Builder) {
        builder.append_null();
    }

    fn finish(mut builder: Self::Builder) -> ArrayRef {
        Arc::new(builder.finish().with_timezone("UTC"))
    }
}

/// An exact amount in major units.
#[derive(Debug)]
pub enum Amount {}

/// [`Decimal128Builder`] that starts with the precision of amounts.
pub struct AmountBuilder(Decimal128Builder);

impl Default for AmountBuilder {
    fn default() -> Self {
        Self(Decimal128Builder::new().with_data_type(Amount::data_type()))
    }
}

impl Column for Amount {
    type Value<'a> = Decimal;
    type Builder = AmountBuilder;

    fn data_type() -> DataType {
        DataType::Decimal128(AMOUNT_DIGITS, AMOUNT_SCALE)
    }

    fn append(builder: &mut AmountBuilder, value: Decimal, column: &'static str) -> Result<(), LakeError> {
        let out_of_range = LakeError::DecimalOutOfRange { column, value, scale: AMOUNT_SCALE };
        builder.0.append_value(scaled(value).ok_or(out_of_range)?);
        Ok(())
    }

    fn append_null(builder: &mut AmountBuilder) {
        builder.0.append_null();
    }

    fn finish(mut builder: AmountBuilder) -> ArrayRef {
        Arc::new(builder.0.finish())
    }
}

/// The amount in millionths, if it is one exactly and has no more than the allowed digits.
fn scaled(value: Decimal) -> Option<i128> {
    const LIMIT: i128 = 10_i128.pow(AMOUNT_DIGITS as u32);
    let value = value.normalize();
    let missing_decimals = (AMOUNT_SCALE as u32).checked_sub(value.scale())?;
    let scaled = value.mantissa().checked_mul(10_i128.pow(missing_decimals))?;
    (scaled.abs() < LIMIT).then_some(scaled)
}

impl<C: Column> Column for Option<C> {
    type Value<'a> = Option<C::Value<'a>>;
    type Builder = C::Builder;
    const NULLABLE: bool = true;

    fn data_type() -> DataType {
        C::data_type()
    }

    fn append(builder: &mut C::Builder, value: Option<C::Value<'_>>, column: &'static str) -> Result<(), LakeError> {
        match value {
            Some(value) => C::append(builder, value, column),
            None => {
                C::append_null(builder);
                Ok(())
            }
        }
    }

    fn append_null(builder: &mut C::Builder) {
        C::append_null(builder);
    }

    fn finish(builder: C::Builder) -> ArrayRef {
        C::finish(builder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_kept_exactly_or_refused() {
        let scaled = |text: &str| scaled(text.parse().unwrap());
        assert_eq!(scaled("0.001"), Some(1_000));
        assert_eq!(scaled("-11062.06"), Some(-11_062_060_000));
        assert_eq!(scaled("1.5000000000"), Some(1_500_000), "zeros at the end are no decimals");
        assert_eq!(scaled("0.0000001"), None);
        assert_eq!(scaled("999999999999999999.999999"), Some(10_i128.pow(24) - 1));
        assert_eq!(scaled("1000000000000000000"), None);
    }
}
