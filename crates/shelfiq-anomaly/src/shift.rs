//! Levels that moved: errors that lean to one side for several values.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::Direction;
use crate::expectation::MEMORY;
use crate::tail::Tail;

/// Numbers of values over which errors are summed.
const SPANS: [usize; 4] = [4, 8, 16, MEMORY];
/// One value contributes at most so many standard deviations, so that a spike is no shift.
const CONTRIBUTION_MAX: f64 = 2.5;

/// Sums are near normal, and overlapping ones say little about the shape of their tail.
const BELIEF: f64 = 400.0;

/// Scans the last errors for a lean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ShiftScan {
    recent: VecDeque<f64>,
    upwards: Tail,
    downwards: Tail,
}

/// The strongest lean of the last values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Lean {
    pub(crate) direction: Direction,
    /// Values that lean.
    pub(crate) values: u32,
    /// Probability of a lean at least as strong, to either side.
    pub(crate) probability: f64,
    up: f64,
    down: f64,
}

impl ShiftScan {
    pub(crate) fn new() -> Self {
        Self {
            recent: VecDeque::with_capacity(MEMORY + 1),
            upwards: Tail::new(1.3, BELIEF),
            downwards: Tail::new(1.3, BELIEF),
        }
    }

    /// Takes in an error in standard deviations. `None` until there are enough of them.
    pub(crate) fn look(&mut self, error: f64) -> Option<Lean> {
        self.recent.push_back(error.clamp(-CONTRIBUTION_MAX, CONTRIBUTION_MAX));
        if self.recent.len() > MEMORY {
            self.recent.pop_front();
        }
        let mut sums = SPANS.iter().filter(|span| **span <= self.recent.len()).map(|span| {
            let sum: f64 = self.recent.iter().rev().take(*span).sum();
            (sum / (*span as f64).sqrt(), *span)
        });
        let first = sums.next()?;
        let (most, least) = sums.fold((first, first), |(most, least), next| {
            (if next.0 > most.0 { next } else { most }, if next.0 < least.0 { next } else { least })
        });
        let (above, below) = (self.upwards.probability(most.0), self.downwards.probability(-least.0));
        let (direction, values) = if above <= below { (Direction::Above, most.1) } else { (Direction::Below, least.1) };
        let values = values as u32;
        Some(Lean { direction, values, probability: (2.0 * above.min(below)).min(1.0), up: most.0, down: -least.0 })
    }

    /// Remembers how strong leans usually are.
    pub(crate) fn learn(&mut self, lean: &Lean) {
        self.upwards.learn(lean.up);
        self.downwards.learn(lean.down);
    }

    /// Starts over, after the level was taken anew.
    pub(crate) fn forget(&mut self) {
        self.recent.clear();
    }
}
