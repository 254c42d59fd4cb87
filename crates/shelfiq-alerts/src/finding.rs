//! What a condition found: the part of an alert that a person reads.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::Money;

use crate::{Severity, Subject};

/// Why and how badly a condition holds for a subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// One sentence with the numbers, for example "6 left, 9–14 will sell in the 10 days until new stock can arrive".
    pub sentence: String,
    /// When the trouble began, as far as known: at or before the evaluation.
    pub since: DateTime<Utc>,
    /// What is lost or at risk over the horizon that the sentence names. `None` where no honest figure exists.
    pub money_at_stake: Option<Money>,
    /// How bad: the rule's severity, or critical where the sum at stake reaches the rule's bound.
    pub severity: Severity,
    /// The most likely cause among those that the facts can show.
    pub cause: Cause,
    /// What to do about it.
    pub action: Action,
    /// The subjects that an alert for the rest tells together, the one with most at stake first; at most 200. Empty for
    /// every other alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
}

/// One subject of an alert for the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// Whom it concerns.
    pub subject: Subject,
    /// The name that a person reads. Empty if unknown.
    pub title: String,
    /// What is lost or at risk, where an honest figure exists.
    pub money_at_stake: Option<Money>,
}

/// A cause that the facts themselves show. `Unknown` is an honest answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "detail")]
pub enum Cause {
    /// Nothing in the facts explains it.
    Unknown,
    /// Our price moved.
    OwnPrice,
    /// The cost moved.
    Cost,
    /// A promotion ran.
    Promotion,
    /// The Sku could not be bought.
    OutOfStock,
    /// Demand runs above what the stock was meant for.
    DemandAboveStock,
    /// A rival, by name.
    Rival(String),
    /// The feed failed, with its own message.
    FeedError(String),
    /// What customers complain about.
    Complaint(String),
}

/// The button beside an alert.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Look at the price and set it right.
    ReviewPrice,
    /// Order new stock.
    Restock,
    /// Check the feed's connection or import a newer file.
    RefreshFeed,
    /// Read the recent reviews.
    ReadReviews,
    /// Look at the product's sales.
    ReviewDemand,
    /// Look at how far forecasts were off, and at the versions of the model.
    ReviewModel,
    /// Count the stock again and look for what is missing.
    CountStock,
}

impl Action {
    /// What the button does, in the imperative.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::ReviewPrice => "Review the price",
            Self::Restock => "Order new stock",
            Self::RefreshFeed => "Check the connection or import a newer file",
            Self::ReadReviews => "Read the recent reviews",
            Self::ReviewDemand => "Look at the sales",
            Self::ReviewModel => "Look at the forecasts and their model",
            Self::CountStock => "Count the stock again",
        }
    }
}

impl Cause {
    /// The cause as a short clause, `None` if unknown.
    #[must_use]
    pub fn clause(&self) -> Option<String> {
        Some(match self {
            Self::Unknown => return None,
            Self::OwnPrice => "our own price changed".to_owned(),
            Self::Cost => "the unit cost rose".to_owned(),
            Self::Promotion => "a promotion ran".to_owned(),
            Self::OutOfStock => "it was out of stock".to_owned(),
            Self::DemandAboveStock => "demand runs ahead of the stock".to_owned(),
            Self::Rival(rival) => format!("{rival} went below our price"),
            Self::FeedError(error) => format!("the last attempt failed: {error}"),
            Self::Complaint(topic) => format!("recent bad reviews speak of {topic}"),
        })
    }
}
