//! From signals to ranked, explained, guard-railed actions.
//!
//! [`advise`] turns what the models know about one Sku into recommendations, or into reasons for giving none.
//! [`rank`] orders them by impact × confidence × urgency in money. [`reconcile`] compares a fresh run with what the
//! merchant already has, and [`Lifecycle`] moves a recommendation through the merchant's decisions.
//!
//! Nothing here reads a clock or a store, and no model of another crate appears: forecasts, elasticities and price
//! advice come in as the plain structs of [`SkuSignals`].

mod advise;
mod amount;
mod lead_demand;
mod lifecycle;
mod policy;
mod rank;
mod recommendation;
mod reconcile;
mod signal;

pub use advise::{Advice, NoAdvice, Withheld, advise};
pub use lifecycle::{Decision, DismissReason, Lifecycle, LifecycleError, State, Step};
pub use policy::{Policy, PolicyError};
pub use rank::rank;
pub use recommendation::{
    Action, Evidence, EvidenceValue, GuardRail, Impact, Link, Recommendation, RecommendationKey, RecommendationKind,
};
pub use reconcile::{Change, Known, reconcile};
pub use signal::{
    AnomalySignal, Companion, DemandOutlook, DemandSignal, ElasticitySignal, GainRange, GuardRailCheck, PriceAdvice,
    PriceTestPlan, PricingSignal, SkuSignals, StockSignal,
};
