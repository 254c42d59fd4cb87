//! Seasonal profiles: what each part of a season adds to the level.

use serde::{Deserialize, Serialize};

use crate::stabilise::median;

/// Longest season that is kept: a week of minutes.
pub(crate) const PERIOD_MAX: usize = 10_080;
/// Seasons from this length on also have a smoothed view.
pub(crate) const SMOOTHED_FROM: usize = 48;
/// A part of a season keeps changing at least this fast.
const RATE_MIN: f64 = 0.08;
/// How fast the record of noise and season is forgotten.
const RECORD_RATE: f64 = 0.02;
/// Parts averaged on each side in the smoothed view, as a share of the season.
const SMOOTHING: usize = 144;
/// Sightings for which "no season" counts at most.
const DOUBT_MAX: f64 = 4.0;

/// Values among which a season is looked for.
const FIND_WITHIN: usize = 2_048;
/// Longest season that is looked for.
const FIND_PERIOD_MAX: usize = 400;

/// What each part of one season adds to the level, learnt value by value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Profile {
    effects: Vec<f64>,
    counts: Vec<u32>,
    /// Parts averaged on each side.
    reach: usize,
    /// Slow level that separates the season from the trend.
    base: f64,
    /// Mean distance from the base, before and after the effect is taken out.
    distances: (f64, f64),
}

impl Profile {
    /// A profile that takes each part of the season by itself.
    pub(crate) fn sharp(period: usize, base: f64) -> Self {
        Self { effects: vec![0.0; period], counts: vec![0; period], reach: 0, base, distances: (0.0, 0.0) }
    }

    /// A profile that averages neighbouring parts: less noise, rounder edges.
    pub(crate) fn smooth(period: usize, base: f64) -> Self {
        Self { reach: (period / SMOOTHING).max(1), ..Self::sharp(period, base) }
    }

    /// The effect at a position.
    pub(crate) fn effect(&self, position: i64) -> f64 {
        let (phase, period) = (self.phase(position), self.effects.len());
        let window = (0..=2 * self.reach).map(|step| (phase + period + step - self.reach) % period);
        let doubt = self.doubt();
        // Few sightings say little where noise is large; where there is none, one says all.
        let believed = |phase: usize| {
            let count = f64::from(self.counts[phase]);
            if count > 0.0 { self.effects[phase] * count / (count + doubt) } else { 0.0 }
        };
        window.map(believed).sum::<f64>() / (2 * self.reach + 1) as f64
    }

    /// Learns from a value that shorter seasons have been taken out of, where `effect` was expected. `count` values came
    /// before it; deviations beyond `clip` count as `clip`.
    pub(crate) fn learn(&mut self, position: i64, value: f64, effect: f64, count: usize, clip: f64) {
        let startup = 1.0 / (count + 1) as f64;
        let deviation = value - self.base;
        let error = (deviation - effect).clamp(-clip, clip);
        let rate = RECORD_RATE.max(startup);
        self.distances.0 += rate * (deviation.abs() - self.distances.0);
        self.distances.1 += rate * (error.abs() - self.distances.1);
        self.base += startup.max(0.5 / self.effects.len() as f64) * error;

        let phase = self.phase(position);
        let known = self.effects[phase];
        // The first sighting of a part is taken as it comes.
        let seen = if self.counts[phase] == 0 { deviation } else { deviation.clamp(known - clip, known + clip) };
        self.counts[phase] = self.counts[phase].saturating_add(1);
        self.effects[phase] += RATE_MIN.max(1.0 / f64::from(self.counts[phase])) * (seen - known);
    }

    /// Moves the slow level, after the series has moved.
    pub(crate) fn shift(&mut self, by: f64) {
        self.base += by;
    }

    /// The ratio of noise to season: so many sightings does "no season" count for (empirical Bayes shrinkage).
    fn doubt(&self) -> f64 {
        let (all, noise) = self.distances;
        let share = if all > 0.0 { (noise / all).powi(2) } else { 1.0 };
        (share / (1.0 - share).max(1e-9)).min(DOUBT_MAX)
    }

    fn phase(&self, position: i64) -> usize {
        // The period is at most PERIOD_MAX, so the remainder fits.
        position.rem_euclid(self.effects.len() as i64) as usize
    }
}

/// The season that the values themselves show: the strongest peak of their autocorrelation, if it is strong. `history`
/// holds positions and values in the order of time.
pub(crate) fn find_season(history: &[(i64, f64)]) -> Option<usize> {
    let recent = &history[history.len().saturating_sub(FIND_WITHIN)..];
    let mut sorted: Vec<f64> = recent.iter().map(|(_, value)| *value).collect();
    let middle = median(&mut sorted);
    let mut sizes: Vec<f64> = recent.iter().map(|(_, value)| (value - middle).abs()).collect();
    let reach = 4.0 * median(&mut sizes);
    // Differences take out trends and slow changes; clipping takes out what is strange.
    let clipped: Vec<f64> = recent.iter().map(|(_, value)| (value - middle).clamp(-reach, reach)).collect();
    let changes: Vec<f64> = clipped.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let longest = (recent.len() / 3).min(FIND_PERIOD_MAX);
    let power: f64 = changes.iter().map(|change| change * change).sum();
    if longest < 4 || power <= 0.0 {
        return None;
    }
    let correlation = |lag: usize| changes.iter().zip(&changes[lag..]).map(|(a, b)| a * b).sum::<f64>() / power;
    let correlations: Vec<f64> = (0..=longest).map(correlation).collect();
    let is_peak = |lag: usize| {
        correlations[lag] > correlations[lag - 1]
            && correlations.get(lag + 1).is_none_or(|next| correlations[lag] >= *next)
    };
    let strongest = (2..=longest).filter(|lag| is_peak(*lag)).max_by(|a, b| {
        // Of a period and its multiples the shortest should win: later peaks must be clearly stronger.
        let weight =
            |lag: usize| correlations[lag] / (1.0 - lag as f64 / recent.len() as f64).sqrt() - 1e-3 * lag as f64;
        weight(*a).total_cmp(&weight(*b))
    })?;
    (correlations[strongest] > 0.25_f64.max(3.0 / (recent.len() as f64).sqrt())).then_some(strongest)
}
