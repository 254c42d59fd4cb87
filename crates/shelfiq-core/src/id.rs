//! Typed ids: a `MerchantId` can never be passed where an `ImportId` belongs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A text that is not a UUID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a valid {what} (a UUID such as 0190c7a8-1c1e-7c3b-9f2e-3f1d5b1f9a10)")]
pub struct ParseIdError {
    what: &'static str,
    text: String,
}

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident = $what:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that is known to name a
            #[doc = concat!($what, ".")]
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID behind the id.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                Uuid::parse_str(text).map(Self).map_err(|_| ParseIdError { what: concat!($what, " id"), text: text.to_owned() })
            }
        }
    )*};
}

typed_id! {
    /// A tenant; owns everything else.
    MerchantId = "merchant";
    /// A person who can sign in.
    MemberId = "member";
    /// One sign-in of a member: the family of refresh tokens that descends from it.
    SessionId = "session";
    /// A scoped key for programs.
    ApiKeyId = "API key";
    /// One merchant's presence on a channel.
    StoreId = "store";
    /// One immutable fact in the log.
    EventId = "event";
    /// One run of the importer over one or more files.
    ImportId = "import";
    /// One unit of work in the job queue.
    JobId = "job";
    /// One proposed action.
    RecommendationId = "recommendation";
    /// One opened case of an alert rule.
    AlertId = "alert";
    /// A condition that opens alerts.
    AlertRuleId = "alert rule";
    /// A named set of filters and columns.
    SavedViewId = "saved view";
    /// One registered version of a model.
    ModelVersionId = "model version";
    /// One line of the decision ledger.
    LedgerEntryId = "ledger entry";
    /// One price tried on purpose.
    PriceTestId = "price test";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_what_it_prints() {
        let id = MerchantId::from_uuid(Uuid::from_u128(0x0190_c7a8_1c1e_7c3b_9f2e_3f1d_5b1f_9a10));
        assert_eq!(id.to_string().parse::<MerchantId>(), Ok(id));
    }

    #[test]
    fn a_bad_id_says_what_was_expected() {
        let error = "bananas".parse::<ImportId>().unwrap_err();
        assert!(error.to_string().starts_with("`bananas` is not a valid import id"));
    }
}
