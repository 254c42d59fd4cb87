//! What is known about elasticities, and what is not.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::demand::{ElasticityBelief, PriceSupport, RivalReaction};

/// Whether the own history of a series says something about its elasticity, and if not, why.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identification {
    /// Yes.
    Identified,
    /// Too few usable periods.
    TooFewObservations,
    /// Hardly anything was sold.
    TooFewSales,
    /// Most periods were sold out.
    StockOuts,
    /// The price (almost) never moved.
    NoPriceVariation,
    /// The price moved only together with this control.
    ConfoundedWith {
        /// Name of the control.
        control: String,
    },
    /// The price moved mostly in short reductions that look like promotions nobody recorded: what being on offer did and what
    /// the lower price did cannot be told apart.
    PromotionsNotRecorded,
    /// The price moved only with season, trend or the whole group, or just once.
    ConfoundedWithTime,
    /// The price moved, but too little for the noise in demand.
    TooImprecise,
}

impl Identification {
    /// Stable name for machines: `no_price_variation`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Identified => "identified",
            Self::TooFewObservations => "too_few_observations",
            Self::TooFewSales => "too_few_sales",
            Self::StockOuts => "stock_outs",
            Self::NoPriceVariation => "no_price_variation",
            Self::ConfoundedWith { .. } => "confounded_with_control",
            Self::PromotionsNotRecorded => "promotions_not_recorded",
            Self::ConfoundedWithTime => "confounded_with_time",
            Self::TooImprecise => "too_imprecise",
        }
    }
}

impl fmt::Display for Identification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identified => f.write_str("the price moved enough on its own"),
            Self::TooFewObservations => f.write_str("too few periods"),
            Self::TooFewSales => f.write_str("too few units sold"),
            Self::StockOuts => f.write_str("sold out too often"),
            Self::NoPriceVariation => f.write_str("the price did not move"),
            Self::ConfoundedWith { control } => write!(f, "the price moved only together with `{control}`"),
            Self::PromotionsNotRecorded => {
                f.write_str("the price moved mostly in short reductions, and promotions are not recorded")
            }
            Self::ConfoundedWithTime => f.write_str("the price moved only with time"),
            Self::TooImprecise => f.write_str("the price moved too little for the noise in demand"),
        }
    }
}

/// The elasticity of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElasticityRow {
    /// The series.
    pub id: String,
    /// Belief after learning from the own history and from the groups. For a series that is not identified it is what its
    /// groups suggest, with an interval that holds where its own elasticity may lie.
    pub belief: ElasticityBelief,
    /// Lower end of the 95 % interval.
    pub lo_95: f64,
    /// Upper end of the 95 % interval.
    pub hi_95: f64,
    /// What the own history says by itself, before pooling: slope and standard error; `None` if it says nothing.
    pub own: Option<ElasticityBelief>,
    /// Whether the own history says something, or why not.
    pub identification: Identification,
    /// The same in a sentence with numbers.
    pub reason: String,
    /// Usable periods.
    pub n_obs: usize,
    /// Distinct prices in them.
    pub n_prices: usize,
    /// Lowest and highest of them; `None` without usable periods.
    pub support: Option<PriceSupport>,
    /// What each control of the panel does, in their order: the log of the factor on demand for one unit of the control, or
    /// the elasticity of demand to a control that enters by its log. `None` where the panel tells nothing of a control; empty
    /// in rows that were stored before effects were told.
    #[serde(default)]
    pub control_effects: Vec<Option<ElasticityBelief>>,
    /// How the figure came about; all zero in rows that were stored before it was told.
    #[serde(default)]
    pub diagnostics: ElasticityDiagnostics,
    /// How demand answers to the prices of its nearest substitutes; `None` where no category is named, nothing else in it ever
    /// changed its price, or in rows that were stored before it was told.
    #[serde(default)]
    pub cross_price: Option<CrossPrice>,
    /// How the cheapest rival answers to a change of the own price, which the belief leaves out: it is about demand at given
    /// prices of others. `None` where no rival sold it lately, nothing is known of the effect, or in rows that were stored
    /// before it was told.
    #[serde(default)]
    pub rival_reaction: Option<RivalReaction>,
}

/// The effect of the prices of a Sku's nearest substitutes on its demand: 0.3 means that it sells 3 % more when all of them ask
/// 10 % more.
///
/// Substitutes are the Skus of the same category that are nearest in price. What a whole category shares evenly cannot be told
/// from its common ups and downs and is left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CrossPrice {
    /// Belief after shrinking what the own history says towards what the shop shares, and that towards nothing.
    pub belief: ElasticityBelief,
    /// Lower end of the 95 % interval.
    pub lo_95: f64,
    /// Upper end of the 95 % interval.
    pub hi_95: f64,
    /// What the own history says by itself: effect and standard error; `None` if it says nothing.
    pub own: Option<ElasticityBelief>,
    /// Whether the own history says something useful: a standard error of at most 0.3. It does not say that there is an effect;
    /// an interval without 0 does.
    pub identified: bool,
    /// The substitutes, nearest in price first; at least one.
    pub substitutes: Vec<String>,
}

/// What an estimate rests on.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct ElasticityDiagnostics {
    /// Moves of the price that count, as if all moves were equally large: (Σ move²)² / Σ move⁴ over the log moves from one
    /// usable period to the next (L. Kish, *Survey Sampling*, 1965, section 11.7, for the form). One great move and many tiny
    /// ones count as one.
    pub effective_price_changes: f64,
    /// Correlation of what nothing explains with itself one period later, −1 to 1; 0 where there was no fit.
    pub residual_autocorrelation: f64,
    /// Share of the periods that were left out because the shelf was empty, 0 to 1.
    pub censored_share: f64,
    /// Share of the answer that comes from the group and not from the own history, 0 to 1; 1 where the own history says
    /// nothing.
    pub pooled_weight: f64,
    /// Share of the usable periods on offers that look like promotions nobody recorded, 0 to 1.
    pub suspected_promotion_share: f64,
}

impl ElasticityRow {
    /// Whether the own history says something about the elasticity.
    #[must_use]
    pub fn identified(&self) -> bool {
        self.identification == Identification::Identified
    }
}

/// The elasticity of the whole panel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PopulationElasticity {
    /// Belief about the *average* elasticity of the series in the panel.
    pub average: ElasticityBelief,
    /// Lower end of the 95 % interval of the average.
    pub lo_95: f64,
    /// Upper end of the 95 % interval of the average.
    pub hi_95: f64,
    /// How much single elasticities differ from each other: standard deviation.
    pub spread_sd: f64,
    /// Whether any series is identified.
    pub identified: bool,
    /// The same in a sentence with numbers.
    pub reason: String,
    /// Usable periods of all series.
    pub n_obs: usize,
    /// Distinct prices, summed over the series.
    pub n_prices: usize,
}

/// Elasticities of a panel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElasticityReport {
    /// One row per series, in the order of the panel.
    pub rows: Vec<ElasticityRow>,
    /// All of them together.
    pub population: PopulationElasticity,
}
