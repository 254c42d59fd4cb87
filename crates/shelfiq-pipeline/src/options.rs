//! What the caller decides about an import.

use chrono::{DateTime, Utc};
use shelfiq_core::{CurrencyCode, TimeZone};
use shelfiq_tabular::{DateOrder, DecimalMark, Hints, Limits};

use crate::{CustomerSalt, Mapping, SourceKind};

/// How to import. There is no default: zone, currency and salt are the merchant's.
#[derive(Debug, Clone)]
pub struct ImportOptions {
    /// What the file is, if the caller knows; told from its headers otherwise.
    pub kind: Option<SourceKind>,
    /// Which column means what; guessed otherwise, for kinds that need it.
    pub mapping: Option<Mapping>,
    /// Name of the store that the file comes from, for files that do not name one.
    pub store: String,
    /// Currency of amounts without one of their own; rows with such amounts are refused where nobody knows it.
    pub currency: Option<CurrencyCode>,
    /// Order of day and month, where the values of a file do not tell.
    pub date_order: Option<DateOrder>,
    /// Decimal mark, where the values of a file do not tell.
    pub decimal_mark: Option<DecimalMark>,
    /// Zone of times without one.
    pub time_zone: TimeZone,
    /// When the file was received: the instant of listings, stock and prices that carry none, and the bound of dates.
    pub received_at: DateTime<Utc>,
    /// Turns buyers into keys.
    pub customer_salt: CustomerSalt,
    /// What the caller knows about the form of the file.
    pub hints: Hints,
    /// What a file may cost.
    pub limits: Limits,
}
