//! Alert rules: what to look for, in whose Skus, how patiently and how loudly.

use std::collections::BTreeSet;
use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use shelfiq_core::{AlertRuleId, ErrorKind, Money, Ratio, Sku};

use crate::{Condition, Subject};

/// The kinds of trouble that rules look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// Our own price lies outside its usual band.
    PriceAnomaly,
    /// More was sold than expected.
    DemandSpike,
    /// Less was sold than expected.
    DemandDrop,
    /// Stock ends before new stock can arrive.
    StockOutRisk,
    /// A feed is late.
    DataFreshness,
    /// A Sku sells below its cost, or with too thin a margin.
    MarginLoss,
    /// A rival sells cheaper.
    RivalUndercut,
    /// Recent ratings are worse than earlier ones.
    RatingDrop,
    /// Forecasts miss by more than they say, or than last week would.
    ForecastQuality,
    /// Values are missing that models need.
    DataQuality,
    /// The cheapest rival's price left its usual band.
    RivalMove,
    /// Far more or fewer visits than usual.
    TrafficChange,
    /// Far more reviews, or bad ones, than usual.
    ReviewSurge,
    /// A count found more units missing than usual.
    StockLoss,
}

impl AlertKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 14] = [
        Self::StockOutRisk,
        Self::MarginLoss,
        Self::PriceAnomaly,
        Self::RivalUndercut,
        Self::RivalMove,
        Self::StockLoss,
        Self::DemandDrop,
        Self::DemandSpike,
        Self::TrafficChange,
        Self::RatingDrop,
        Self::ReviewSurge,
        Self::DataFreshness,
        Self::ForecastQuality,
        Self::DataQuality,
    ];

    /// The name as stored and as used in filters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PriceAnomaly => "price_anomaly",
            Self::DemandSpike => "demand_spike",
            Self::DemandDrop => "demand_drop",
            Self::StockOutRisk => "stock_out_risk",
            Self::DataFreshness => "data_freshness",
            Self::MarginLoss => "margin_loss",
            Self::RivalUndercut => "rival_undercut",
            Self::RatingDrop => "rating_drop",
            Self::ForecastQuality => "forecast_quality",
            Self::DataQuality => "data_quality",
            Self::RivalMove => "rival_move",
            Self::TrafficChange => "traffic_change",
            Self::ReviewSurge => "review_surge",
            Self::StockLoss => "stock_loss",
        }
    }

    /// The name as a person reads it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::PriceAnomaly => "Unusual price",
            Self::DemandSpike => "Demand spike",
            Self::DemandDrop => "Demand drop",
            Self::StockOutRisk => "Stock-out risk",
            Self::DataFreshness => "Late input",
            Self::MarginLoss => "Sells at a loss",
            Self::RivalUndercut => "Rival is cheaper",
            Self::RatingDrop => "Rating drop",
            Self::ForecastQuality => "Forecasts miss",
            Self::DataQuality => "Missing data",
            Self::RivalMove => "Unusual rival price",
            Self::TrafficChange => "Unusual traffic",
            Self::ReviewSurge => "Review surge",
            Self::StockLoss => "Stock missing",
        }
    }
}

impl fmt::Display for AlertKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::str::FromStr for AlertKind {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| RuleError::UnknownKind(text.to_owned()))
    }
}

/// How bad, from `Low` to `Critical`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Good to know.
    Low,
    /// Look at it this week.
    Medium,
    /// Look at it today.
    High,
    /// Look at it now.
    Critical,
}

impl Severity {
    /// One step less bad.
    #[must_use]
    pub const fn lowered(self) -> Self {
        match self {
            Self::Low | Self::Medium => Self::Low,
            Self::High => Self::Medium,
            Self::Critical => Self::High,
        }
    }
}

/// How long a condition must hold, or be over, before the case moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// Minutes for which the condition must hold before the case fires. 0 fires at once.
    pub fire_after_minutes: u32,
    /// Minutes for which the condition must be over before the case is resolved. 0 resolves at once.
    pub resolve_after_minutes: u32,
    /// Minutes after a resolution in which the same trouble reopens the old case instead of opening a new one.
    pub reopen_within_minutes: u32,
}

impl Hold {
    /// For rules that are evaluated once a day: fire at once, resolve at once, reopen within three days.
    pub const DAILY: Self =
        Self { fire_after_minutes: 0, resolve_after_minutes: 0, reopen_within_minutes: 3 * 24 * 60 };
    /// For rules that follow a live feed: a quarter of an hour to fire, an hour to resolve, reopen within a day.
    pub const LIVE: Self = Self { fire_after_minutes: 15, resolve_after_minutes: 60, reopen_within_minutes: 24 * 60 };
}

/// Whom a rule looks at.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type", content = "skus")]
pub enum Scope {
    /// Every subject.
    #[default]
    All,
    /// These Skus only. Feeds are outside.
    Skus(BTreeSet<Sku>),
}

impl Scope {
    /// Whether the rule looks at `subject`.
    #[must_use]
    pub fn contains(&self, subject: &Subject) -> bool {
        match (self, subject) {
            (Self::All, _) | (Self::Skus(_), Subject::Rest) => true,
            (Self::Skus(skus), Subject::Sku(sku)) => skus.contains(sku),
            (Self::Skus(_), Subject::Feed(_)) => false,
        }
    }
}

/// One rule of one merchant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertRule {
    /// Its id.
    pub id: AlertRuleId,
    /// The name that the merchant gave it.
    pub name: String,
    /// What it looks for.
    pub condition: Condition,
    /// How bad it is when it fires.
    pub severity: Severity,
    /// The sum at stake from which the case is [`Severity::Critical`], whatever the rule says. `None` for never.
    pub critical_from: Option<Money>,
    /// The share of what the shop sells in four weeks that must be at stake for an alert of its own. What is smaller is
    /// told together, or not at all if it is small even so.
    #[serde(default = "usual_share")]
    pub min_share: Ratio,
    /// How patient it is.
    pub hold: Hold,
    /// Whom it looks at.
    pub scope: Scope,
    /// Whether it is evaluated.
    pub enabled: bool,
}

/// What is worth telling as a share of what the shop sells in four weeks: one part in two thousand, in a shop that sells
/// 100,000 in that time 50.
#[must_use]
pub fn usual_share() -> Ratio {
    Ratio::new(Decimal::new(5, 4))
}

impl AlertRule {
    /// A rule for every subject with this condition's usual severity and patience, switched on.
    #[must_use]
    pub fn with_defaults(id: AlertRuleId, condition: Condition) -> Self {
        let (severity, hold) = match condition.kind() {
            AlertKind::StockOutRisk | AlertKind::MarginLoss | AlertKind::PriceAnomaly => (Severity::High, Hold::DAILY),
            AlertKind::DataFreshness => (Severity::High, Hold::LIVE),
            AlertKind::DemandDrop
            | AlertKind::RivalUndercut
            | AlertKind::RatingDrop
            | AlertKind::ForecastQuality
            | AlertKind::DataQuality
            | AlertKind::StockLoss => (Severity::Medium, Hold::DAILY),
            AlertKind::DemandSpike | AlertKind::RivalMove | AlertKind::TrafficChange | AlertKind::ReviewSurge => {
                (Severity::Low, Hold::DAILY)
            }
        };
        let name = condition.kind().title().to_owned();
        Self {
            id,
            name,
            condition,
            severity,
            critical_from: None,
            min_share: usual_share(),
            hold,
            scope: Scope::All,
            enabled: true,
        }
    }

    /// Checks the parameters of the rule.
    ///
    /// # Errors
    /// [`RuleError`] that names the parameter and its bounds.
    pub fn validate(&self) -> Result<(), RuleError> {
        if self.name.trim().is_empty() {
            return Err(RuleError::NoName);
        }
        if self.min_share < Ratio::ZERO || self.min_share > Ratio::ONE {
            let value = self.min_share.to_f64();
            return Err(RuleError::OutOfBounds { parameter: "min_share", value, min: 0.0, max: 1.0 });
        }
        self.condition.validate()
    }
}

/// One condition of each kind with its usual thresholds: what a new merchant's rules are made of.
#[must_use]
pub fn default_rules() -> Vec<Condition> {
    AlertKind::ALL.into_iter().map(Condition::default_of).collect()
}

/// A rule that cannot be.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RuleError {
    /// The rule needs a name.
    #[error("the rule has no name")]
    NoName,
    /// A parameter outside its bounds.
    #[error("`{parameter}` is {value}, it must lie between {min} and {max}")]
    OutOfBounds {
        /// Name of the parameter.
        parameter: &'static str,
        /// What was given.
        value: f64,
        /// Least value allowed.
        min: f64,
        /// Largest value allowed.
        max: f64,
    },
    /// Hysteresis the wrong way round: the case would resolve and fire at once.
    #[error("`{clear}` must not be stricter than `{fire}`: the alert would flap")]
    ClearBeyondFire {
        /// Parameter at which the case fires.
        fire: &'static str,
        /// Parameter at which it is over.
        clear: &'static str,
    },
    /// Not a kind of alert.
    #[error("`{0}` is not a kind of alert")]
    UnknownKind(String),
}

impl RuleError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }
}
