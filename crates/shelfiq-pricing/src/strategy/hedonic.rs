//! What rating and features are worth: the log of the rivals' prices on their attributes.

use serde::{Deserialize, Serialize};

use super::market::Offer;
use crate::error::PricingError;

/// How buyers see more of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is never worth less: rating, warranty, capacity.
    MoreIsBetter,
    /// More is never worth more: weight of a rucksack, days to deliver.
    LessIsBetter,
    /// Either.
    Either,
}

/// One attribute of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// How buyers see more of it.
    pub direction: Direction,
}

/// What an offer is worth among the rivals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ValueEstimate {
    /// Price that fits its attributes, major units.
    pub price: f64,
    /// Share by which that lies above the price of an offer with the rivals' mean attributes.
    pub premium: f64,
}

/// Hedonic prices: how each attribute moves the price that rivals ask.
///
/// A linear model of the log price on standardised attributes with a normal prior around zero on every slope and the stated
/// signs as limits, so three offers already give a cautious answer and thirty a sharp one.
///
/// Source: S. Rosen, "Hedonic prices and implicit markets", Journal of Political Economy 82 (1974), 34–55.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HedonicModel {
    /// Mean log price of the rivals; `None` without rivals.
    level: Option<f64>,
    offer_count: usize,
    /// Mean, standard deviation and slope (per standard deviation) of each attribute.
    columns: Vec<Column>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Column {
    mean: f64,
    sd: f64,
    slope: f64,
}

/// Prior standard deviation of a slope: one standard deviation more of an attribute moves the price by about a tenth.
const SLOPE_SD: f64 = 0.1;
/// Prices of equal things differ by at least this standard deviation of their log.
const NOISE_SD_MIN: f64 = 0.05;
/// An attribute counts no farther than this many standard deviations from the rivals' mean: beyond, nobody has asked a price.
const FARTHEST_SD: f64 = 2.5;

impl HedonicModel {
    /// Fits the offers, which are rivals' only ([`super::Market::rivals`]).
    ///
    /// # Errors
    /// [`PricingError::InvalidProblem`] if an offer has another number of attributes, or one that is not a number.
    pub fn fit(attributes: &[Attribute], offers: &[&Offer]) -> Result<Self, PricingError> {
        for offer in offers {
            check(&offer.attributes, attributes.len())?;
        }
        let logs: Vec<f64> = offers.iter().map(|offer| crate::optimize::to_f64(offer.price).ln()).collect();
        let level = (!logs.is_empty()).then(|| mean(&logs));
        let centred: Vec<f64> = logs.iter().map(|log| log - level.unwrap_or(0.0)).collect();
        let mut columns = Vec::with_capacity(attributes.len());
        let mut scaled: Vec<Vec<f64>> = Vec::with_capacity(attributes.len());
        for place in 0..attributes.len() {
            let values: Vec<f64> = offers.iter().map(|offer| offer.attributes[place]).collect();
            let centre = if values.is_empty() { 0.0 } else { mean(&values) };
            let sd = root_mean_square(values.iter().map(|value| value - centre));
            scaled.push(values.iter().map(|value| if sd > 1e-12 { (value - centre) / sd } else { 0.0 }).collect());
            columns.push(Column { mean: centre, sd, slope: 0.0 });
        }
        let noise = root_mean_square(centred.iter().copied()).max(NOISE_SD_MIN);
        let slopes = slopes(&scaled, &centred, attributes, (noise / SLOPE_SD).powi(2));
        columns.iter_mut().zip(slopes).for_each(|(column, slope)| column.slope = slope);
        Ok(Self { level, offer_count: offers.len(), columns })
    }

    /// Offers the model has seen.
    #[must_use]
    pub const fn offer_count(&self) -> usize {
        self.offer_count
    }

    /// What an offer with these attributes is worth; `None` without rivals.
    ///
    /// # Errors
    /// [`PricingError::InvalidProblem`] if the attributes are not as many as the model's, or one is not a number.
    pub fn value_of(&self, attributes: &[f64]) -> Result<Option<ValueEstimate>, PricingError> {
        check(attributes, self.columns.len())?;
        let step = |(column, &value): (&Column, &f64)| {
            let distance = if column.sd > 1e-12 { (value - column.mean) / column.sd } else { 0.0 };
            column.slope * distance.clamp(-FARTHEST_SD, FARTHEST_SD)
        };
        let log_premium: f64 = self.columns.iter().zip(attributes).map(step).sum();
        Ok(self.level.map(|level| ValueEstimate { price: (level + log_premium).exp(), premium: log_premium.exp_m1() }))
    }
}

fn check(attributes: &[f64], expected_count: usize) -> Result<(), PricingError> {
    if attributes.len() == expected_count && attributes.iter().all(|value| value.is_finite()) {
        return Ok(());
    }
    Err(PricingError::InvalidProblem {
        quantity: "the list of attributes",
        value: format!("{attributes:?}"),
        expected: "a number for each attribute of the model",
    })
}

/// Ridge regression within signs, by coordinate descent: each slope in turn takes its best value within its limit.
fn slopes(columns: &[Vec<f64>], target: &[f64], attributes: &[Attribute], penalty: f64) -> Vec<f64> {
    const ROUNDS: usize = 200;
    let mut slopes = vec![0.0; columns.len()];
    let mut rest = target.to_vec();
    for _ in 0..ROUNDS {
        for (place, column) in columns.iter().enumerate() {
            let square: f64 = column.iter().map(|x| x * x).sum();
            let along: f64 = column.iter().zip(&rest).map(|(x, r)| x * r).sum();
            let free = (along + square * slopes[place]) / (square + penalty);
            let within = match attributes[place].direction {
                Direction::MoreIsBetter => free.max(0.0),
                Direction::LessIsBetter => free.min(0.0),
                Direction::Either => free,
            };
            let step = within - slopes[place];
            rest.iter_mut().zip(column).for_each(|(r, x)| *r -= step * x);
            slopes[place] = within;
        }
    }
    slopes
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn root_mean_square(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value * value, count + 1.0));
    if count > 0.0 { (sum / count).sqrt() } else { 0.0 }
}
