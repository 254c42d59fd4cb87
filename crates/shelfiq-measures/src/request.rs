//! What is asked.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use shelfiq_core::{CalendarUnit, DateRange, Sku, TimeZone};

use crate::{MeasureError, MeasureId};

/// A question about measures.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MeasureRequest {
    /// What to measure; the first orders the slices.
    pub measures: Vec<MeasureId>,
    /// Over which calendar days.
    pub days: DateRange,
    /// Whose calendar.
    pub zone: TimeZone,
    /// How to slice, if at all.
    pub slice: Option<Dimension>,
    /// What to leave out.
    pub filter: Filter,
    /// What to compare with, if anything.
    pub compare: Option<Comparison>,
    /// At most so many slices (never cuts periods); `None` for all.
    pub slices_max: Option<usize>,
}

impl MeasureRequest {
    /// The totals of some measures over some days, unfiltered and compared with nothing.
    #[must_use]
    pub fn totals(measures: &[MeasureId], days: DateRange, zone: TimeZone) -> Self {
        Self {
            measures: measures.to_vec(),
            days,
            zone,
            slice: None,
            filter: Filter::default(),
            compare: None,
            slices_max: None,
        }
    }

    /// The same question, sliced.
    #[must_use]
    pub fn by(self, dimension: Dimension) -> Self {
        Self { slice: Some(dimension), ..self }
    }

    /// The same question, compared.
    #[must_use]
    pub fn against(self, comparison: Comparison) -> Self {
        Self { compare: Some(comparison), ..self }
    }

    /// The same question about a part of the shop.
    #[must_use]
    pub fn only(self, filter: Filter) -> Self {
        Self { filter, ..self }
    }
}

/// A part of the shop: rows must satisfy every list that is not empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filter {
    /// One of these Skus.
    pub skus: Vec<Sku>,
    /// One of these categories, as written in the products table.
    pub categories: Vec<String>,
    /// One of these stores.
    pub stores: Vec<String>,
    /// One of these channels, by name.
    pub channels: Vec<String>,
    /// One of these countries.
    pub countries: Vec<String>,
}

impl Filter {
    /// Whether Skus or their categories are restricted.
    #[must_use]
    pub const fn restricts_skus(&self) -> bool {
        !self.skus.is_empty() || !self.categories.is_empty()
    }
}

/// How to slice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// By calendar day.
    Day,
    /// By week, Monday to Sunday.
    Week,
    /// By calendar month.
    Month,
    /// By Sku.
    Sku,
    /// By category.
    Category,
    /// By store.
    Store,
    /// By channel.
    Channel,
    /// By country of the customer.
    Country,
}

impl Dimension {
    /// Every dimension.
    pub const ALL: &[Self] =
        &[Self::Day, Self::Week, Self::Month, Self::Sku, Self::Category, Self::Store, Self::Channel, Self::Country];

    /// The name in requests.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Sku => "sku",
            Self::Category => "category",
            Self::Store => "store",
            Self::Channel => "channel",
            Self::Country => "country",
        }
    }

    /// The calendar unit, if it slices time.
    #[must_use]
    pub const fn calendar_unit(self) -> Option<CalendarUnit> {
        match self {
            Self::Day => Some(CalendarUnit::Day),
            Self::Week => Some(CalendarUnit::Week),
            Self::Month => Some(CalendarUnit::Month),
            _ => None,
        }
    }

    /// Whether its slices are Skus or groups of them.
    #[must_use]
    pub const fn is_about_skus(self) -> bool {
        matches!(self, Self::Sku | Self::Category)
    }
}

impl fmt::Display for Dimension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Dimension {
    type Err = MeasureError;

    fn from_str(text: &str) -> Result<Self, MeasureError> {
        Self::ALL
            .iter()
            .copied()
            .find(|dimension| dimension.as_str() == text)
            .ok_or_else(|| MeasureError::UnknownDimension { name: text.to_owned() })
    }
}

/// What to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// As many days directly before.
    PreviousPeriod,
    /// The same calendar days one year before.
    SamePeriodLastYear,
}
