//! What kind of shop to draw.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use shelfiq_core::{CurrencyCode, DateRange, ErrorKind, MerchantId, TimeError, TimeZone};
use uuid::Uuid;

/// Everything that decides a shop: equal configurations give equal shops, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArenaConfig {
    /// Start of all randomness.
    pub seed: u64,
    /// How many Skus and how many days.
    pub size: ShopSize,
    /// The last full day of records; a demo passes yesterday.
    pub last_day: NaiveDate,
    /// The one currency of the shop's prices.
    pub currency: CurrencyCode,
    /// Where the shop's days begin.
    pub time_zone: TimeZone,
    /// The tenant that owns the events.
    pub merchant: MerchantId,
    /// Why prices move.
    pub market: Market,
    /// Whether the last month tells the demo's stories.
    pub stories: Stories,
}

impl ArenaConfig {
    /// A small shop in euros and Berlin time that ends on `last_day`, with stories and without confounding.
    #[must_use]
    pub fn small(seed: u64, last_day: NaiveDate) -> Self {
        Self {
            seed,
            size: ShopSize::Small,
            last_day,
            currency: CurrencyCode::EUR,
            time_zone: TimeZone::try_from("Europe/Berlin".to_owned()).expect("Berlin is in the IANA database"),
            merchant: MerchantId::from_uuid(Uuid::new_v5(&Uuid::NAMESPACE_OID, b"shelfiq arena merchant")),
            market: Market::Experimenting,
            stories: Stories::LastMonth,
        }
    }

    /// The days of records.
    ///
    /// # Errors
    /// [`ArenaError::Days`] if they reach beyond the calendar.
    pub fn days(&self) -> Result<DateRange, ArenaError> {
        let days = self.size.days();
        // Seasons look one year around each day, so a calendar's edge is out of reach.
        let margin = Days::new(u64::from(days) + 800);
        if self.last_day.checked_sub_days(margin).is_none() || self.last_day.checked_add_days(margin).is_none() {
            return Err(ArenaError::Days { source: TimeError::OutOfCalendar });
        }
        DateRange::ending(self.last_day, days).map_err(|source| ArenaError::Days { source })
    }
}

/// How large a shop is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopSize {
    /// 300 Skus over two years: a demo that loads in seconds.
    Small,
    /// 5,000 Skus over a year and a half.
    Medium,
    /// 100,000 Skus over one year; read it as a stream.
    Large,
    /// Any other size.
    Custom {
        /// Number of Skus, 1 to 1,000,000.
        skus: u32,
        /// Number of days, 1 to 4,000.
        days: u32,
    },
}

impl ShopSize {
    const SKUS_MAX: u32 = 1_000_000;
    const DAYS_MAX: u32 = 4_000;

    /// Number of Skus.
    #[must_use]
    pub const fn skus(self) -> u32 {
        match self {
            Self::Small => 300,
            Self::Medium => 5_000,
            Self::Large => 100_000,
            Self::Custom { skus, .. } => skus,
        }
    }

    /// Number of days of records.
    #[must_use]
    pub const fn days(self) -> u32 {
        match self {
            Self::Small => 731,
            Self::Medium => 548,
            Self::Large => 365,
            Self::Custom { days, .. } => days,
        }
    }

    pub(crate) fn check(self) -> Result<(), ArenaError> {
        let (skus, days) = (self.skus(), self.days());
        if (1..=Self::SKUS_MAX).contains(&skus) && (1..=Self::DAYS_MAX).contains(&days) {
            Ok(())
        } else {
            Err(ArenaError::Size { skus, days, skus_max: Self::SKUS_MAX, days_max: Self::DAYS_MAX })
        }
    }
}

/// Why the merchant's prices move, which decides what can be learnt from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Market {
    /// Most price changes are the merchant's own tries, unrelated to demand.
    Experimenting,
    /// The same shop and the same shoppers, but most prices follow season, demand or promotions: a naive fit is wrong.
    Confounded,
}

/// Whether the last month is written for a demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stories {
    /// Only what chance brings.
    None,
    /// The last month holds the situations that a merchant should act on (see [`StoryKind`](crate::StoryKind)).
    LastMonth,
}

/// Why a shop cannot be drawn or scored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArenaError {
    /// Too small or too large.
    #[error("a shop has 1 to {skus_max} Skus and 1 to {days_max} days, not {skus} Skus and {days} days")]
    Size {
        /// Skus asked for.
        skus: u32,
        /// Days asked for.
        days: u32,
        /// Most Skus allowed.
        skus_max: u32,
        /// Most days allowed.
        days_max: u32,
    },
    /// The days lie outside the calendar.
    #[error("the shop's days cannot be written")]
    Days {
        /// What the calendar said.
        source: TimeError,
    },
    /// A forecast refused the records.
    #[error("failed to hand the records to the forecast")]
    Forecast {
        /// What it said.
        source: shelfiq_forecast::SeriesError,
    },
    /// The anomaly detector refused the records.
    #[error("failed to hand the records to the anomaly detector")]
    Detect {
        /// What it said.
        source: shelfiq_anomaly::AnomalyError,
    },
}

impl ArenaError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Size { .. } | Self::Days { .. } => ErrorKind::Invalid,
            // The arena writes the records itself: a refusal is a bug.
            Self::Forecast { .. } | Self::Detect { .. } => ErrorKind::Internal,
        }
    }
}
