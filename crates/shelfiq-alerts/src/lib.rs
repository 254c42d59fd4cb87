//! Alert rules and their evaluation: facts in, transitions of alert cases out.
//!
//! A rule looks at one kind of trouble. Each evaluation compares the facts of every [`Subject`] with the rule's
//! [`Condition`] and moves the subject's [`Case`] through pending → firing → resolved. What is too small for an alert of
//! its own is told together with its like. Nothing here reads a clock or a store: `now`, the facts and the cases so far
//! are arguments, and the same arguments give the same transitions.

mod case;
mod condition;
mod evaluate;
mod fact;
mod finding;
mod rule;
mod sift;

pub use case::{Case, CaseKey, CaseState, Change, Transition};
pub use condition::{
    Condition, DataFreshness, DataQuality, DemandDrop, DemandSpike, ForecastQuality, MarginLoss, PriceAnomaly,
    RatingDrop, RivalUndercut, StockOutRisk, WatchedAnomaly,
};
pub use evaluate::{Evaluation, evaluate};
pub use fact::{
    DemandFact, Fact, FeedFact, ForecastFact, MarginFact, Observed, PriceFact, QualityFact, RatingFact, RivalFact,
    StockFact, Subject, UnusualValue, WatchedFact, WatchedSeries,
};
pub use finding::{Action, Cause, Finding, Member};
pub use rule::{AlertKind, AlertRule, Hold, RuleError, Scope, Severity, default_rules, usual_share};
pub use sift::OWN_ALERTS_MAX;
