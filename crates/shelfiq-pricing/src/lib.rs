//! Price intelligence: how strongly demand answers to price, and which price to ask.
//!
//! - [`estimate_elasticities`]: the elasticity of every series of a [`DemandPanel`], pooled, with honest doubt;
//! - [`demand_curve`] and [`DemandModel`]: units at a price with an interval that widens outside what was observed;
//! - [`optimize`], [`optimize_all`], [`evaluate`]: the best legal price with its gain, and what any price would bring;
//! - [`simulate`]: the joint distribution of what another plan of prices, promotions, stock and costs would bring;
//! - [`plan_season`]: the course of prices that sells a stock by a date;
//! - [`compete`] and [`price_by_value`]: a place among the rivals, and what rating and features are worth there;
//! - [`optimize_portfolio`] and [`pareto_front`]: the best prices under shared limits, and what can be had together;
//! - [`GuardRails`]: the limits a price must respect, checked in exact decimals and reused wherever a price is set.
//!
//! Synchronous functions over values: no IO, no clock, no randomness. Prices at the boundary are exact decimals in major
//! units of one currency per problem; statistics are floating point.

mod advice;
mod announced;
mod demand;
mod elasticity;
mod error;
mod guard_rails;
mod ladder;
mod linear;
mod normal;
mod optimize;
mod panel;
mod portfolio;
mod price_path;
mod reason;
mod season;
mod simulate;
mod strategy;
mod table;
mod value;

pub use advice::{
    Action, Gain, KeepReason, Objective, OptimizeOptions, Outcome, PriceAdvice, PriceProblem, RiskAttitude,
    SupportPolicy,
};
pub use announced::{AnnouncedReduction, PriceChange, lowest_price_before, reduction_to_announce};
pub use demand::{CurvePoint, DemandModel, ElasticityBelief, Estimate, PriceSupport, RivalReaction, demand_curve};
pub use elasticity::{
    CrossPrice, ElasticityDiagnostics, ElasticityOptions, ElasticityReport, ElasticityRow, Identification,
    PopulationElasticity, estimate_elasticities,
};
pub use error::PricingError;
pub use guard_rails::{Bound, Constraint, DayRule, GuardRails, PriceContext, PriceWindow, RivalBand, Violation};
pub use ladder::{PriceEndings, UnclearEndings, ends_well, rungs};
pub use optimize::{evaluate, gain, optimize, optimize_all};
pub use panel::{Control, ControlScale, DemandObservation, DemandPanel, DemandSeries, TimeAxis};
pub use portfolio::{
    FamilyGap, FrontPoint, Portfolio, PortfolioAdvice, PortfolioError, PortfolioLimit, PortfolioLimits,
    optimize_portfolio, pareto_front,
};
pub use price_path::price_path;
pub use season::{SeasonDay, SeasonPlan, SeasonProblem, SeasonStep, plan_season};
pub use simulate::{
    DayOutlook, DayPlan, Difference, Future, Outlook, Plan, PlanOutcome, Promotion, SimulateOptions, Simulation,
    Spread, StockOut, Warning, simulate,
};
pub use strategy::{
    Attribute, Availability, CompetitiveStance, Direction, HedonicModel, Market, Offer, Reference, ValueEstimate,
    compete, price_by_value,
};
pub use table::{DemandTable, PriceDefaults, PriceRow, TableError, panel_of_table, problem_of_row};
