//! Names that come from the merchant's shops: sku codes, order numbers, customers, channels, countries.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A name that breaks its form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but blanks.
    #[error("{what} is empty")]
    Empty {
        /// Which name.
        what: &'static str,
    },
    /// Longer than any shop allows: most likely a shifted column.
    #[error("{what} has {length} characters, at most {limit} are allowed: is it the right column?")]
    TooLong {
        /// Which name.
        what: &'static str,
        /// Characters found.
        length: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// Not one of the known values.
    #[error("`{text}` is not a {what}")]
    Unknown {
        /// Which name.
        what: &'static str,
        /// What was given.
        text: String,
    },
}

macro_rules! text_name {
    ($($(#[$doc:meta])* $name:ident = $what:literal, $limit:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Trims blanks around `text` and checks its length.
            ///
            /// # Errors
            /// [`NameError::Empty`] or [`NameError::TooLong`].
            pub fn new(text: &str) -> Result<Self, NameError> {
                let text = text.trim();
                let length = text.chars().count();
                match length {
                    0 => Err(NameError::Empty { what: $what }),
                    _ if length > $limit => Err(NameError::TooLong { what: $what, length, limit: $limit }),
                    _ => Ok(Self(text.to_owned())),
                }
            }

            /// The text as it is shown.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), self.0)
            }
        }
    )*};
}

text_name! {
    /// The code of the thing we count, price and stock. Unique within a merchant.
    Sku = "Sku code", 120;
    /// An order's number as the shop writes it, for example `536365` or `#1001`.
    OrderNumber = "order number", 120;
    /// A customer as a key that means nothing outside the merchant (never a name or an address).
    CustomerKey = "customer key", 120;
}

/// A marketplace or shop system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// Etsy.
    Etsy,
    /// Shopify.
    Shopify,
    /// Amazon.
    Amazon,
    /// eBay.
    Ebay,
    /// Walmart Marketplace.
    Walmart,
    /// The merchant's own shop, a till, a spreadsheet: anything else.
    Direct,
}

impl Channel {
    /// Every channel, in the order in which they are shown.
    pub const ALL: [Self; 6] = [Self::Etsy, Self::Shopify, Self::Amazon, Self::Ebay, Self::Walmart, Self::Direct];

    /// The name as stored and as used in filters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Etsy => "etsy",
            Self::Shopify => "shopify",
            Self::Amazon => "amazon",
            Self::Ebay => "ebay",
            Self::Walmart => "walmart",
            Self::Direct => "direct",
        }
    }
}

impl fmt::Display for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Channel {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::ALL
            .into_iter()
            .find(|channel| channel.as_str().eq_ignore_ascii_case(text.trim()))
            .ok_or_else(|| NameError::Unknown { what: "channel", text: text.to_owned() })
    }
}

/// A country by its ISO 3166-1 alpha-2 code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// Two letters in either case.
    ///
    /// # Errors
    /// [`NameError::Unknown`] unless `text` is two ASCII letters.
    pub fn new(text: &str) -> Result<Self, NameError> {
        match text.trim().as_bytes() {
            [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase()]))
            }
            _ => Err(NameError::Unknown { what: "two-letter country code", text: text.to_owned() }),
        }
    }

    /// The two upper-case letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("only ASCII letters are ever stored")
    }
}

impl TryFrom<String> for CountryCode {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(&text)
    }
}

impl From<CountryCode> for String {
    fn from(code: CountryCode) -> Self {
        code.as_str().to_owned()
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CountryCode({self})")
    }
}
