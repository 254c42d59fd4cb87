//! The usual size of errors, unmoved by the unusual ones.

use serde::{Deserialize, Serialize};

use crate::window::Window;

/// Errors that are remembered.
const CAPACITY: usize = 256;
/// Median absolute deviation of a normal distribution with a standard deviation of one.
const MAD_OF_NORMAL: f64 = 0.674_49;
/// Mean absolute deviation of the same.
const MEAN_OF_NORMAL: f64 = 0.797_88;

/// A robust standard deviation of the last errors.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Spread {
    sizes: Window,
    scale: f64,
}

impl Spread {
    /// The standard deviation by the median of absolute errors. Where more than half of them are nothing, which is
    /// usual for slow Skus, half of that by their mean keeps it above zero.
    pub(crate) fn scale(&self) -> f64 {
        self.scale
    }

    /// Remembers the size of an error.
    pub(crate) fn learn(&mut self, error: f64) {
        self.sizes.push(error.abs(), CAPACITY);
        let sizes = self.sizes.sorted();
        let count = sizes.len() as f64;
        // Each share before the sum, so that huge errors stay finite.
        let mean = sizes.iter().map(|size| size / count).sum::<f64>();
        self.scale = (sizes[sizes.len() / 2] / MAD_OF_NORMAL).max(0.5 * mean / MEAN_OF_NORMAL);
    }
}
