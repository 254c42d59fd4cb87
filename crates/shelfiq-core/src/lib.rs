//! The vocabulary every other crate speaks: typed ids, money, quantities, ratios, time ranges, clock and chance as
//! arguments, and error kinds.
//!
//! Values only. Nothing here does IO, reads a clock or rolls dice.

mod clock;
mod error_kind;
mod holidays;
mod id;
mod money;
mod name;
mod quantity;
mod randomness;
mod ratio;
mod time;
mod wording;

pub use clock::{Clock, ManualClock};
pub use error_kind::ErrorKind;
pub use holidays::{Holiday, HolidayCountry, HolidayKind, UnknownCountry, easter_sunday};
pub use id::{
    AlertId, AlertRuleId, ApiKeyId, EventId, ImportId, JobId, LedgerEntryId, MemberId, MerchantId, ModelVersionId,
    ParseIdError, PriceTestId, RecommendationId, SavedViewId, SessionId, StoreId,
};
pub use money::{CurrencyCode, Money, MoneyError, Rounding, UnitPrice};
pub use name::{Channel, CountryCode, CustomerKey, NameError, OrderNumber, Sku};
pub use quantity::Quantity;
pub use randomness::{Randomness, SeededRandomness};
pub use ratio::Ratio;
pub use time::{CalendarUnit, DateRange, TimeError, TimeRange, TimeZone};
pub use wording::{money_range_text, money_text};
