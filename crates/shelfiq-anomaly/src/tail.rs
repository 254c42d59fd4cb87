//! How rare a distance is, learnt from the distances before it.

use serde::{Deserialize, Serialize};

use crate::window::Window;

/// Distances that are remembered.
const CAPACITY: usize = 1_000;
/// Rarer than this is not told apart.
const LEAST_PROBABILITY: f64 = 1e-12;
/// Shape of a normal distribution's tail around these probabilities.
const SHAPE_OF_NORMAL: f64 = -0.1;
/// Normal quantiles in the middles of ten slices of the upper half, mirrored below zero: what distances look like before
/// anything is known.
const PRIOR_UPPER: [f64; 10] = [0.063, 0.189, 0.319, 0.454, 0.598, 0.755, 0.935, 1.150, 1.440, 1.960];

/// One side's tail: small probabilities for large distances.
///
/// Distances below the threshold get their conformal p-value, the share of past distances at least as large (Laxhammar
/// and Falkman, Conformal prediction for distribution-independent anomaly detection in streaming vessel data, 2010).
/// Beyond it, where no finite past can rank, a generalised Pareto tail is fitted to the excesses (Siffer, Fouque,
/// Termier and Largouet, Anomaly detection in streams with extreme value theory, KDD 2017).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tail {
    distances: Window,
    /// Distances learnt since the last fit.
    unfitted: usize,
    threshold: f64,
    /// Share of distances beyond the threshold.
    share: f64,
    scale: f64,
    shape: f64,
    /// How many excesses the belief in a normal tail counts for.
    belief: f64,
}

impl Tail {
    /// A tail that knows nothing yet. `stretch` is the usual size of distances, `belief` the number of excesses that it
    /// takes to move half-way from a normal tail's shape to theirs.
    pub(crate) fn new(stretch: f64, belief: f64) -> Self {
        let mut tail = Self {
            distances: Window::default(),
            unfitted: 0,
            threshold: 0.0,
            share: 1.0,
            scale: 1.0,
            shape: 0.0,
            belief,
        };
        for upper in PRIOR_UPPER {
            tail.distances.push(-upper * stretch, CAPACITY);
            tail.distances.push(upper * stretch, CAPACITY);
        }
        tail.fit();
        tail
    }

    /// The probability of a distance at least as large.
    pub(crate) fn probability(&self, distance: f64) -> f64 {
        if distance <= self.threshold {
            let sorted = self.distances.sorted();
            let (count, below) = (sorted.len(), sorted.partition_point(|known| *known < distance));
            return (count - below + 1) as f64 / (count + 1) as f64;
        }
        let excess = (distance - self.threshold) / self.scale;
        let survival = if self.shape.abs() < 1e-6 {
            (-excess).exp()
        } else {
            (1.0 + self.shape * excess).max(0.0).powf(-1.0 / self.shape)
        };
        (self.share * survival).clamp(LEAST_PROBABILITY, 1.0)
    }

    /// The distance with this small probability.
    pub(crate) fn distance(&self, probability: f64) -> f64 {
        let odds = (self.share / probability).max(1.0);
        let excess = if self.shape.abs() < 1e-6 { odds.ln() } else { (odds.powf(self.shape) - 1.0) / self.shape };
        self.threshold + self.scale * excess
    }

    /// Remembers a distance.
    pub(crate) fn learn(&mut self, distance: f64) {
        self.distances.push(distance, CAPACITY);
        self.unfitted += 1;
        // One more of many changes little.
        if self.unfitted * 32 > self.distances.sorted().len() {
            self.fit();
        }
    }

    fn fit(&mut self) {
        self.unfitted = 0;
        let sorted = self.distances.sorted();
        let count = sorted.len();
        let beyond = (count / 10).clamp(6, 60).min(count - 1);
        let (below, excesses) = sorted.split_at(count - beyond);
        self.threshold = below[below.len() - 1];
        self.share = beyond as f64 / count as f64;
        let excesses = excesses.iter().map(|distance| distance - self.threshold);
        let mean = excesses.clone().sum::<f64>() / beyond as f64;
        let variance = excesses.map(|excess| (excess - mean).powi(2)).sum::<f64>() / beyond as f64;
        // Method of moments for the shape (Hosking and Wallis 1987), pulled towards the belief.
        let moments = if variance > 0.0 { 0.5 * (1.0 - mean * mean / variance) } else { 0.0 };
        let weight = beyond as f64 / (beyond as f64 + self.belief);
        self.shape = (weight * moments + (1.0 - weight) * SHAPE_OF_NORMAL).clamp(-0.25, 0.4);
        // Nearly a standard error on the safe side: few excesses must not promise a short tail.
        let caution = 1.0 + 0.8 / (beyond as f64).sqrt();
        self.scale = (mean * (1.0 - self.shape) * caution).max(0.05);
    }
}
