//! Who makes a change.

use std::fmt;
use std::str::FromStr;

use shelfiq_core::{ApiKeyId, MemberId};

use crate::UnknownWord;

/// The one behind a change, as written into audit rows.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Author {
    /// A signed-in person.
    Member(MemberId),
    /// A program with an API key.
    ApiKey(ApiKeyId),
    /// ShelfIQ itself; the name says which part, for example `daily` or `command line`.
    System(String),
}

impl Author {
    /// ShelfIQ itself, acting as `part`.
    #[must_use]
    pub fn system(part: &str) -> Self {
        Self::System(part.to_owned())
    }
}

impl fmt::Display for Author {
    /// `member:<id>`, `api_key:<id>` or `system:<part>`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(id) => write!(f, "member:{id}"),
            Self::ApiKey(id) => write!(f, "api_key:{id}"),
            Self::System(part) => write!(f, "system:{part}"),
        }
    }
}

impl serde::Serialize for Author {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl FromStr for Author {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let unknown = || UnknownWord {
            what: "author",
            text: text.to_owned(),
            allowed: "member:<id>, api_key:<id>, system:<part>".to_owned(),
        };
        match text.split_once(':').ok_or_else(unknown)? {
            ("member", id) => id.parse().map(Self::Member).map_err(|_| unknown()),
            ("api_key", id) => id.parse().map(Self::ApiKey).map_err(|_| unknown()),
            ("system", part) => Ok(Self::System(part.to_owned())),
            _ => Err(unknown()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shelfiq_core::MemberId;

    #[test]
    fn an_author_reads_back_what_it_prints() {
        for author in [Author::Member(MemberId::from_uuid(uuid::Uuid::from_u128(7))), Author::system("daily: 6 am")] {
            assert_eq!(author.to_string().parse(), Ok(author));
        }
        assert!("nobody".parse::<Author>().is_err());
    }
}
