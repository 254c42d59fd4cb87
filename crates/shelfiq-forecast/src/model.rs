//! The registry of models and what each must offer.

mod autoregression;
mod components;
mod croston;
mod dual;
mod ets;
mod naive;
mod regression;
mod smoothing;
mod theta;
mod window;

use std::cell::OnceCell;

use crate::season::{Adjusted, Seasons};
use smoothing::{Smoothed, smooth_best};

/// A way to continue a history.
pub(crate) trait Forecaster: Sync {
    /// Its name in results.
    fn name(&self) -> &'static str;

    /// Its mean absolute error over the mean of all models', as usual for such series: what is believed before the
    /// series at hand has spoken. Measured on the M1 competition (smooth series) and on daily shop sales (sparse
    /// ones), rounded.
    fn typical_loss(&self) -> f64;

    /// Whether it makes sense for such a history. Keeps slow or unstable models away from series they do not suit.
    fn suits(&self, training: &Training<'_>) -> bool;

    /// The expected values of the next `horizon` periods; `None` if it finds no answer.
    fn forecast(&self, training: &Training<'_>, horizon: usize, start: Start<'_>) -> Option<Path>;
}

/// Where a model's parameters come from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Start<'a> {
    /// A search from the beginning.
    Anew,
    /// A short search from those that the same model chose on a shorter part of the same series.
    Near(&'a [f64]),
    /// Those that the same model chose, as they are. Chosen on the same values, they give the same path. A model to which
    /// they mean nothing searches anew.
    Kept(&'a [f64]),
}

impl<'a> Start<'a> {
    /// Parameters that are not to be searched for from the beginning.
    pub(crate) const fn known(self) -> Option<&'a [f64]> {
        match self {
            Self::Anew => None,
            Self::Near(tuned) | Self::Kept(tuned) => Some(tuned),
        }
    }
}

/// What a model answers.
#[derive(Debug, Clone)]
pub(crate) struct Path {
    /// Expected values, one per step.
    pub(crate) mean: Vec<f64>,
    /// Parameters chosen, for the next fit.
    pub(crate) tuned: Vec<f64>,
}

impl Path {
    pub(crate) const fn new(mean: Vec<f64>) -> Self {
        Self { mean, tuned: Vec::new() }
    }
}

/// What a model may learn from: everything before the origin, nothing after.
#[derive(Debug)]
pub(crate) struct Training<'a> {
    /// The history, finite and without gaps.
    pub(crate) values: &'a [f64],
    /// Its seasons.
    pub(crate) seasons: Seasons,
    /// The history without season.
    pub(crate) adjusted: Adjusted,
    /// Whether zeros are a normal outcome.
    pub(crate) is_sparse: bool,
    /// Its level by simple smoothing, once somebody has asked.
    smoothed: OnceCell<Option<Smoothed>>,
}

impl<'a> Training<'a> {
    pub(crate) fn new(values: &'a [f64], seasons: Seasons, is_sparse: bool) -> Self {
        Self { values, seasons, adjusted: Adjusted::new(values, seasons), is_sparse, smoothed: OnceCell::new() }
    }

    /// The level of the history without season by simple smoothing; `None` if it is empty.
    fn smoothed(&self) -> Option<Smoothed> {
        *self.smoothed.get_or_init(|| smooth_best(&self.adjusted.values))
    }
}

/// Every model, in the order of results.
pub(crate) static REGISTRY: &[&dyn Forecaster] = &[
    &naive::Naive,
    &naive::SeasonalNaive,
    &naive::Drift,
    &window::WindowAverage,
    &window::SeasonalMedian,
    &smoothing::Ses,
    &smoothing::HoltDamped,
    &ets::Ets,
    &theta::Theta,
    &theta::DynamicTheta,
    &autoregression::Autoregression,
    &regression::Regression,
    &croston::Croston,
    &croston::Sba,
    &croston::Tsb,
    &croston::Adida,
    &croston::Imapa,
];

/// The model that every other is measured against.
pub(crate) static BASELINE: &dyn Forecaster = &naive::SeasonalNaive;
