//! A scale on which the noise of a series is even: counts and amounts vary more where they are large.

use serde::{Deserialize, Serialize};

/// Values per block when the spread is compared with the level.
const BLOCK: usize = 8;
/// Noise that is never called strange: the count's own, or this share of a measured amount.
const LEAST_RELATIVE_NOISE: f64 = 0.005;

/// Skewness that chance alone hardly shows.
const SKEW_MIN: f64 = 0.2;

/// A monotone change of scale.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Stabiliser {
    power: Power,
    /// Added before roots and logarithms, so that zero has an image.
    offset: f64,
    /// Whether all values seen were whole and not negative.
    is_count: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Power {
    Identity,
    Root,
    Log,
}

impl Stabiliser {
    /// The scale that the past asks for.
    ///
    /// Counts start from Anscombe's root, on which a Poisson count has a variance of one whatever its mean. Beyond that
    /// the spread-versus-level plot decides (Tukey, Exploratory Data Analysis, ch. 4): its slope is 0 where noise is
    /// even, ½ where it grows like a count's, 1 where it grows with the level.
    ///
    /// `season` is the shortest season of the series, if it has one.
    pub(crate) fn choose(history: &[(i64, f64)], season: Option<usize>) -> Self {
        let values: Vec<f64> = history.iter().map(|(_, value)| *value).collect();
        let is_count = values.iter().all(|value| *value >= 0.0 && value.fract() == 0.0);
        if values.iter().any(|value| *value < 0.0) {
            return Self { power: Power::Identity, offset: 0.0, is_count };
        }
        let mut positive: Vec<f64> = values.iter().copied().filter(|value| *value > 0.0).collect();
        let zeros = values.len() - positive.len();
        let middle = median(&mut positive);
        let log = Self { power: Power::Log, offset: if is_count { 1.0 } else { 0.05 * middle }, is_count };
        let root = Self { power: Power::Root, offset: 0.375 * if is_count { 1.0 } else { 0.1 * middle }, is_count };
        let plain = Self { power: Power::Identity, offset: 0.0, is_count };
        let has_log = zeros * 5 < values.len();
        match spread_slope(&values) {
            Some(slope) if slope > 0.75 && has_log => log,
            Some(slope) if slope > 0.25 => root,
            _ => {
                let even = if is_count { root } else { plain };
                let skew = even.skew(history, season);
                let is_better = |other: &Self| other.skew(history, season).abs() < 0.5 * skew;
                let candidates = if has_log { [root, log] } else { [root, root] };
                // Where the level does not move, a long upper tail tells of multiplied noise.
                if skew < SKEW_MIN { even } else { candidates.into_iter().find(is_better).unwrap_or(even) }
            }
        }
    }

    /// How much further the upper tail reaches than the lower one on this scale, from −1 to 1, around the median of
    /// each part of the season (Hinkley's quantile skewness at 5 %).
    fn skew(self, history: &[(i64, f64)], season: Option<usize>) -> f64 {
        let period = season.filter(|period| history.len() >= 4 * period).unwrap_or(1);
        let mut parts: Vec<Vec<f64>> = vec![Vec::new(); period];
        for (position, value) in history {
            parts[position.rem_euclid(period as i64) as usize].push(self.forward(*value));
        }
        let mut images: Vec<f64> = parts
            .iter_mut()
            .flat_map(|part| {
                let middle = median(part);
                part.iter().map(move |image| image - middle)
            })
            .collect();
        images.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| images[((images.len() - 1) as f64 * share).round() as usize];
        let (lo, middle, hi) = (at(0.05), at(0.5), at(0.95));
        if hi > lo { ((hi - middle) - (middle - lo)) / (hi - lo) } else { 0.0 }
    }

    pub(crate) fn forward(self, value: f64) -> f64 {
        match self.power {
            Power::Identity => value,
            Power::Root => 2.0 * (value + self.offset).max(0.0).sqrt(),
            Power::Log => (value + self.offset).max(1e-3 * self.offset.max(f64::MIN_POSITIVE)).ln(),
        }
    }

    pub(crate) fn backward(self, image: f64) -> f64 {
        match self.power {
            Power::Identity => image,
            Power::Root => ((image.max(0.0) / 2.0).powi(2) - self.offset).max(0.0),
            Power::Log => (image.min(700.0).exp() - self.offset).max(0.0),
        }
    }

    /// The least standard deviation, on this scale, that values around `image` can be trusted to have.
    pub(crate) fn least_noise(self, image: f64) -> f64 {
        let value = self.backward(image);
        let noise = if self.is_count { (value.max(0.0) + 0.375).sqrt() } else { LEAST_RELATIVE_NOISE * value.abs() };
        let slope = match self.power {
            Power::Identity => 1.0,
            Power::Root => 1.0 / (value + self.offset).max(f64::MIN_POSITIVE).sqrt(),
            Power::Log => 1.0 / (value + self.offset).max(f64::MIN_POSITIVE),
        };
        (noise * slope).max(f64::MIN_POSITIVE)
    }
}

/// Slope of log spread against log level over blocks of the series. `None` where the level hardly moves.
fn spread_slope(values: &[f64]) -> Option<f64> {
    let points: Vec<(f64, f64)> = values
        .chunks_exact(BLOCK)
        .filter_map(|block| {
            let level = block.iter().sum::<f64>() / BLOCK as f64;
            let spread = block.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f64>() / (BLOCK - 1) as f64;
            (level > 0.0 && spread > 0.0).then(|| (level.ln(), spread.ln()))
        })
        .collect();
    let count = points.len() as f64;
    if points.len() < 6 {
        return None;
    }
    let (mean_x, mean_y) =
        points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.0 / count, sum.1 + point.1 / count));
    let (xx, xy) = points
        .iter()
        .fold((0.0, 0.0), |sum, (x, y)| (sum.0 + (x - mean_x) * (x - mean_x), sum.1 + (x - mean_x) * (y - mean_y)));
    // A standard deviation of 0.2 on the log scale: levels that differ by a factor of about 1.5.
    ((xx / count).sqrt() > 0.2).then(|| xy / xx)
}

/// The median, the upper one of two; 0 of nothing. Reorders its argument.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}
