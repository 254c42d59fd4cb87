//! Series that stop moving, and values that stay away.

use serde::{Deserialize, Serialize};

/// Shorter runs of one value are never strange.
const RUN_MIN: u32 = 5;

/// Values of one missing run that are told of.
const MISSING_TOLD_MAX: u32 = 31;

/// Counts how often a value repeats the one before it, and how often one is missing.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Stillness {
    last: Option<f64>,
    run: u32,
    longest: u32,
    values: u32,
    repeats: u32,
    missing: u32,
    missing_run: u32,
    longest_missing_run: u32,
    is_told: bool,
}

impl Stillness {
    /// Takes in a value. Returns the length of its run and the probability of so long a run, were repeats independent;
    /// 1 where the run is no longer than half as long again as the longest before it, or was told already.
    pub(crate) fn look(&mut self, value: f64) -> (u32, f64) {
        self.missing = self.missing.saturating_add(self.missing_run);
        self.longest_missing_run = self.longest_missing_run.max(std::mem::take(&mut self.missing_run));
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

    /// Takes in so many missing values. Returns the length of their run and the probability of so long a run, were
    /// values missing independently; 1 where runs as long came before, or where the run is so long that it is told.
    pub(crate) fn look_missing(&mut self, count: u32) -> (u32, f64) {
        self.missing_run = self.missing_run.saturating_add(count);
        let run = self.missing_run;
        if run <= self.longest_missing_run || run.saturating_sub(count) >= MISSING_TOLD_MAX {
            return (run, 1.0);
        }
        let missing = f64::from(self.missing);
        // The run itself must not teach that missing is usual. One standard error above the estimate, as above.
        let share = (missing + missing.sqrt() + 1.0) / (f64::from(self.values) + missing + 2.0);
        (run, share.min(1.0).powi(run.min(1_000) as i32))
    }
}
