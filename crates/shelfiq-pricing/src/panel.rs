//! The history that elasticities are learned from.

use serde::{Deserialize, Serialize};

/// What the `day` of an observation counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeAxis {
    /// Days since 1970-01-01: the calendar (weekday, time of the year) is known.
    CalendarDays,
    /// Steps of unknown length: only order and coincidence are known.
    Steps,
}

/// How a control enters the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ControlScale {
    /// As it is: flags, shares, temperatures.
    AsGiven,
    /// By its logarithm, for positive amounts. A value of zero or below counts as missing.
    Log,
    /// The price of the cheapest rival: by its logarithm as well, and it is asked how far it follows the own price.
    RivalPrice,
}

/// Something other than the own price that moves demand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Control {
    /// Name for messages: `promotion`.
    pub name: String,
    /// How it enters the model.
    pub scale: ControlScale,
}

/// Demand of one Sku (at one place) in one period.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DemandObservation {
    /// When, on the panel's [`TimeAxis`].
    pub day: i32,
    /// Price asked in the period, major units, above zero.
    pub price: f64,
    /// Units sold in the period, zero or more.
    pub quantity: f64,
    /// Whether sales were cut short (sold out, delisted): such a period says nothing about demand and is left out.
    pub censored: bool,
}

/// The history of one Sku (at one place).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DemandSeries {
    /// Name of the series, unique in the panel.
    pub id: String,
    /// Its groups (category, store …) in the order of [`DemandPanel::group_names`].
    pub groups: Vec<String>,
    /// The periods, in any order.
    pub observations: Vec<DemandObservation>,
    /// One column per control in the order of [`DemandPanel::controls`], one value per observation; NaN when missing.
    pub controls: Vec<Vec<f64>>,
    /// Cost of one unit, major units; `None` when unknown. What is charged over cost hints at how shoppers respond.
    pub unit_cost: Option<f64>,
}

/// Many series that can learn from each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DemandPanel {
    /// What days count.
    pub time: TimeAxis,
    /// Names of the groups every series belongs to; empty if there are none.
    pub group_names: Vec<String>,
    /// What else moves demand; empty if nothing is known.
    pub controls: Vec<Control>,
    /// The series. Each has as many groups and controls as are named above.
    pub series: Vec<DemandSeries>,
}
