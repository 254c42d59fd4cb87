//! The best split of a leaf.

use crate::histogram::{Scale, Sum, add, subtract};
use crate::options::{BoostOptions, Monotone};

/// A leaf cut in two: rows whose bin is at most `bin` go left.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Split {
    pub(crate) gain: f64,
    pub(crate) column: usize,
    pub(crate) bin: u8,
    pub(crate) missing: Side,
    pub(crate) left: Sum,
    pub(crate) right: Sum,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// The values that a leaf may take, so that monotone columns keep their promise.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Range {
    pub(crate) const ALL: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };

    pub(crate) const fn clamp(self, value: f64) -> f64 {
        value.clamp(self.low, self.high)
    }

    /// The ranges of two children, of which neither may reach beyond the middle of their values.
    pub(crate) fn divide(self, monotone: Monotone, left: f64, right: f64) -> (Self, Self) {
        let middle = f64::midpoint(left, right);
        match monotone {
            Monotone::Free => (self, self),
            Monotone::Rising => (Self { high: middle, ..self }, Self { low: middle, ..self }),
            Monotone::Falling => (Self { low: middle, ..self }, Self { high: middle, ..self }),
        }
    }
}

/// Judges splits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Judge<'a> {
    pub(crate) options: &'a BoostOptions,
    pub(crate) scale: Scale,
}

impl Judge<'_> {
    /// The best value of a leaf: a Newton step, shortened by the penalties.
    pub(crate) fn value(&self, sum: Sum, range: Range) -> f64 {
        let pull = self.pull(sum);
        range.clamp(if pull == 0.0 { 0.0 } else { -pull / (self.scale.hessian(sum) + self.options.l2) })
    }

    /// Gradient, shortened by the penalty on size.
    #[inline]
    fn pull(&self, sum: Sum) -> f64 {
        let gradient = self.scale.gradient(sum);
        if self.options.l1 == 0.0 {
            return gradient;
        }
        gradient.signum() * (gradient.abs() - self.options.l1).max(0.0)
    }

    /// Twice what a leaf takes from the loss if its value is free.
    #[inline]
    fn worth(&self, sum: Sum) -> f64 {
        let pull = self.pull(sum);
        pull * pull / (self.scale.hessian(sum) + self.options.l2)
    }

    /// The same at a given value.
    fn worth_at(&self, sum: Sum, value: f64) -> f64 {
        -(2.0 * self.pull(sum) * value + (self.scale.hessian(sum) + self.options.l2) * value * value)
    }

    /// The best split of a leaf by one column, if any gains enough. `bins` are the sums per bin, missing values last.
    pub(crate) fn best(&self, column: usize, bins: &[Sum], total: Sum, range: Range) -> Option<Split> {
        let (missing, bins) = bins.split_last()?;
        let has_missing = self.scale.rows(*missing) > 0;
        let monotone = self.options.monotone_of(column);
        let is_free = monotone == Monotone::Free && range.low == f64::NEG_INFINITY && range.high == f64::INFINITY;
        let before = self.worth_at(total, self.value(total, range));
        let mut best: Option<Split> = None;
        let sides: &[Side] = if has_missing { &[Side::Right, Side::Left] } else { &[Side::Right] };
        for side in sides {
            let mut left = if *side == Side::Left { *missing } else { [0; 2] };
            // Without the last bin, except to part all values from missing ones.
            let ends = if has_missing && *side == Side::Right { bins.len() } else { bins.len() - 1 };
            for (bin, sum) in bins[..ends].iter().enumerate() {
                left = add(left, *sum);
                if self.scale.rows(left) < self.options.leaf_rows_min {
                    continue;
                }
                let right = subtract(total, left);
                if self.scale.rows(right) < self.options.leaf_rows_min {
                    break;
                }
                // An empty bin cuts where the one before did.
                if sum[1] == 0 && bin > 0 {
                    continue;
                }
                let gain = if is_free {
                    self.worth(left) + self.worth(right) - before
                } else {
                    self.bounded_gain(left, right, monotone, range) - before
                };
                if gain > best.map_or(self.options.gain_min, |best| best.gain)
                    && self.scale.hessian(left) >= self.options.leaf_hessian_min
                    && self.scale.hessian(right) >= self.options.leaf_hessian_min
                {
                    best = Some(Split { gain, column, bin: bin as u8, missing: *side, left, right });
                }
            }
        }
        // What was never missing goes with the many.
        if let Some(split) = best.as_mut().filter(|_| !has_missing) {
            let is_left = self.scale.rows(split.left) > self.scale.rows(split.right);
            split.missing = if is_left { Side::Left } else { Side::Right };
        }
        best
    }

    /// Worth of two children that must stay in range and in order; nothing if they are in the wrong order.
    fn bounded_gain(&self, left: Sum, right: Sum, monotone: Monotone, range: Range) -> f64 {
        let (on_left, on_right) = (self.value(left, range), self.value(right, range));
        let is_wrong = match monotone {
            Monotone::Free => false,
            Monotone::Rising => on_left > on_right,
            Monotone::Falling => on_left < on_right,
        };
        if is_wrong { f64::NEG_INFINITY } else { self.worth_at(left, on_left) + self.worth_at(right, on_right) }
    }
}
