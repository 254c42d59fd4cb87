//! Series that stop moving, and values that stay away.

use serde::{Deserialize, Serialize};

/// Shorter runs of one value are never strange.
const RUN_MIN: u32 = 5;

/// Counts how often a value repeats the one before it, and how often one is missing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Stillness {
    last: Option<f64>,
    run: u32,
    longest: u32,
    values: u32,
    repeats: u32,
    missing: u32,
    is_told: bool,
}

impl Stillness {
    /// Takes in a value. Returns the length of its run and the probability of so long a run, were repeats independent;
    /// 1 where the run is no longer than half as long again as the longest before it, or was told already.
    pub(crate) fn look(&mut self, value: f64) -> (u32, f64) {
        let is_repeat = self.last == Some(value);
        if is_repeat {
            self.run = self.run.saturating_add(1);
        } else {
            self.longest = self.longest.max(self.run);
            self.run = 1;
            self.is_told = false;
        }
        self.last = Some(value);
        let is_long = self.run >= RUN_MIN && f64::from(self.run) > 1.5 * f64::from(self.longest);
        // The run itself must not teach that repeats are usual.
        let before = self.run - 1;
        let repeats = f64::from(self.repeats.saturating_sub(before.saturating_sub(1)) + 1);
        // One standard error above the estimate: a share that few values gave must not make long runs look impossible.
        let share = (repeats + repeats.sqrt()) / f64::from(self.values.saturating_sub(before) + 2);
        self.values = self.values.saturating_add(1);
        self.repeats = self.repeats.saturating_add(u32::from(is_repeat));
        let probability = if is_long && !self.is_told { share.min(1.0).powi(before as i32) } else { 1.0 };
        (self.run, probability)
    }

    /// The run was reported; it is not reported again.
    pub(crate) fn tell(&mut self) {
        self.is_told = true;
    }

    /// Takes in a missing value and returns the conformal probability of one.
    pub(crate) fn look_missing(&mut self) -> f64 {
        let probability = f64::from(self.missing + 1) / f64::from(self.values.saturating_add(self.missing) + 1);
        self.missing = self.missing.saturating_add(1);
        probability
    }
}
