//! What an engine answers.

use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, DateRange, Ratio, Sku};

use crate::{MeasureId, MeasureValue};

/// Rows of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureAnswer {
    /// One row per slice, measure and (for money and its ratios) currency. Periods come in calendar order and without
    /// gaps; other slices by the first measure, largest first. Without a slice there is a row for every measure even
    /// if nothing happened.
    pub rows: Vec<MeasureRow>,
    /// The days compared with, if a comparison was asked for.
    pub compared_with: Option<DateRange>,
    /// Whether slices beyond the limit were left out.
    pub is_cut: bool,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeasureRow {
    /// The part of the shop or the period.
    pub slice: SliceValue,
    /// What was measured.
    pub measure: MeasureId,
    /// Currency of the components: of the amount itself, or of the amounts behind a ratio. Absent for pure counts.
    pub currency: Option<CurrencyCode>,
    /// The value; `None` where it is not defined.
    pub value: Option<MeasureValue>,
    /// The value in the days compared with; `None` where not asked for or not defined.
    pub comparison: Option<MeasureValue>,
    /// Share of the net revenue whose cost is known: how much of the shop a margin speaks of. Only for margins.
    pub coverage: Option<Ratio>,
    /// The period is not over, or the request cuts through its week or month.
    pub is_partial: bool,
}

/// A change against the value compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delta {
    /// The difference, in the unit of the measure.
    pub absolute: MeasureValue,
    /// The difference as a proportion of the earlier value; `None` where that is zero.
    pub relative: Option<Ratio>,
}

/// Which part of the shop or which period a value belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SliceValue {
    /// Everything asked for.
    All,
    /// A day, week or month, cut to the days asked for.
    Period(PeriodDays),
    /// A Sku.
    Sku(Sku),
    /// A category; `None` for Skus without one.
    Category(Option<String>),
    /// One of the merchant's stores.
    Store(String),
    /// A channel, by name.
    Channel(String),
    /// A country; `None` where unknown.
    Country(Option<String>),
}

/// First and last day of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeriodDays {
    /// First day.
    pub first: chrono::NaiveDate,
    /// Last day.
    pub last: chrono::NaiveDate,
}

impl MeasureRow {
    /// The change against the value compared with, where both are defined.
    #[must_use]
    pub fn delta(&self) -> Option<Delta> {
        let (now, then) = (self.value?, self.comparison?);
        let absolute = now.less(then)?;
        let base = then.number();
        // Against a negative base (a loss) the sign would mislead: the magnitude is the base.
        let relative =
            (base != Decimal::ZERO).then(|| absolute.number().checked_div(base.abs())).flatten().map(Ratio::new);
        Some(Delta { absolute, relative })
    }
}

impl MeasureAnswer {
    /// The first value of a measure that no slice and no second currency divides: what a card shows.
    #[must_use]
    pub fn total(&self, measure: MeasureId) -> Option<&MeasureRow> {
        self.rows.iter().find(|row| row.measure == measure && row.slice == SliceValue::All)
    }
}
