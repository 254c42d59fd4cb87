//! How small a probability must be to ring an alarm, and how that adapts.

use serde::{Deserialize, Serialize};

/// How much an alarm tightens the threshold, in powers of e.
const TIGHTENING: f64 = 0.2;
/// Alarms, beyond those that the promise pays for, from which they count as usual.
const ALARMS_OF_HABIT: f64 = 3.0;
/// The threshold is never tightened beyond this rate.
const RATE_MIN: f64 = 1e-7;
/// Probabilities below this are not told apart.
const PROBABILITY_MIN: f64 = 1e-12;

/// What can be suspicious about a value. The rate of false alarms is shared between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Suspect {
    /// The value itself.
    Value,
    /// The level of the last values.
    Level,
    /// The level now and a season or two ago.
    Drift,
    /// The sums of the last counts: being whole and mostly far from the threshold, they use less than they are given.
    Sums,
    /// That it does not move, or is not there.
    Stillness,
}

/// The threshold of one series.
///
/// A tail that was fitted to a year of values can be wrong about events of once a year. So the threshold itself learns:
/// each alarm tightens it, each quiet value loosens it a little, and in the long run alarms come at the promised rate
/// whatever the noise (Gibbs and Candès, Adaptive conformal inference under distribution shift, NeurIPS 2021; here on
/// the logarithm of the rate). It is never looser than promised.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vigilance {
    promised: f64,
    current: f64,
}

impl Vigilance {
    pub(crate) fn new(promised: f64) -> Self {
        Self { promised, current: promised }
    }

    /// The probability below which one suspect alone rings.
    pub(crate) fn rate_of(&self, suspect: Suspect) -> f64 {
        self.current * share(suspect)
    }

    /// A suspect's probability on the scale of all suspects together: alarming below the promised rate.
    pub(crate) fn weigh(&self, suspect: Suspect, probability: f64) -> f64 {
        (probability / share(suspect) * (self.promised / self.current)).min(1.0)
    }

    /// Whether a weighed probability rings.
    pub(crate) fn is_alarming(&self, weighed: f64) -> bool {
        weighed < self.promised
    }

    /// Whether alarms have come so often that what rings them must be usual.
    pub(crate) fn is_worn(&self) -> bool {
        self.current < self.promised * (-TIGHTENING * ALARMS_OF_HABIT).exp()
    }

    /// Learns whether a value rang.
    pub(crate) fn learn(&mut self, rang: bool) {
        let step = if rang { -TIGHTENING } else { TIGHTENING * self.promised };
        self.current = (self.current * step.exp()).clamp(RATE_MIN.min(self.promised), self.promised);
    }

    /// Puts a weighed probability on a scale from 0 to 1 where the threshold is 0.5: the share of its evidence in
    /// evidence plus threshold, both in decimal digits.
    pub(crate) fn score(&self, weighed: f64) -> f64 {
        let digits = -weighed.clamp(PROBABILITY_MIN, 1.0).log10();
        digits / (digits - self.promised.log10())
    }
}

const fn share(suspect: Suspect) -> f64 {
    match suspect {
        Suspect::Value => 0.6,
        Suspect::Level => 0.3,
        Suspect::Drift => 0.15,
        Suspect::Sums => 0.5,
        Suspect::Stillness => 0.1,
    }
}
