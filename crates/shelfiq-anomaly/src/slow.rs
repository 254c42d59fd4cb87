//! Slow changes: levels that every expert follows, each day a little.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::Direction;
use crate::tail::Tail;

/// Moves seen count for a normal tail until there are so many beyond the threshold: moves overlap, so that many of them
/// say little.
const BELIEF: f64 = 200.0;
/// A move is learnt so many times in the time that it spans.
const LESSONS: usize = 8;
/// Share of the span over which the level is smoothed.
const SMOOTHING: f64 = 0.25;

/// Compares the smoothed level with the one a span of values before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct SlowScan {
    span: usize,
    smoothed: Option<f64>,
    past: VecDeque<f64>,
    upwards: Tail,
    downwards: Tail,
    unlearnt: usize,
}

/// A slow change.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Move {
    pub(crate) direction: Direction,
    /// Probability of a move at least as far, to either side.
    pub(crate) probability: f64,
    distance: f64,
}

impl SlowScan {
    pub(crate) fn new(span: usize) -> Self {
        let tail = || Tail::new(1.0, BELIEF);
        let past = VecDeque::with_capacity(span + 1);
        Self { span, smoothed: None, past, upwards: tail(), downwards: tail(), unlearnt: 0 }
    }

    /// Values between the levels that are compared.
    pub(crate) const fn span(&self) -> usize {
        self.span
    }

    /// Takes in a value without its season, and the deviation of single values. `None` until there are enough of them.
    pub(crate) fn look(&mut self, value: f64, deviation: f64) -> Option<Move> {
        let rate = 1.0 / (SMOOTHING * self.span as f64).max(1.0);
        let before = self.smoothed.unwrap_or(value);
        let clipped = value.clamp(before - 3.0 * deviation, before + 3.0 * deviation);
        let smoothed = before + rate * (clipped - before);
        self.smoothed = Some(smoothed);
        self.past.push_back(smoothed);
        if self.past.len() <= self.span {
            return None;
        }
        let then = self.past.pop_front()?;
        // The deviation of the difference of two smoothed levels far enough apart.
        let usual = deviation * (2.0 * rate / (2.0 - rate)).sqrt();
        let distance = (smoothed - then) / usual.max(f64::MIN_POSITIVE);
        let (above, below) = (self.upwards.probability(distance), self.downwards.probability(-distance));
        let direction = if above <= below { Direction::Above } else { Direction::Below };
        Some(Move { direction, probability: (2.0 * above.min(below)).min(1.0), distance })
    }

    /// Remembers how far levels usually move.
    pub(crate) fn learn(&mut self, seen: &Move) {
        self.unlearnt += 1;
        if self.unlearnt * LESSONS >= self.span {
            self.unlearnt = 0;
            self.upwards.learn(seen.distance);
            self.downwards.learn(-seen.distance);
        }
    }

    /// Starts over, after a change was told.
    pub(crate) fn forget(&mut self) {
        self.past.clear();
        self.smoothed = None;
    }
}
