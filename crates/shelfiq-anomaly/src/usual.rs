//! What is usual in one column of a table.

/// How fast tails usually fall: between an exponential's 1 and a normal distribution's 2 at the edge of what is seen.
const USUAL_FALL: f64 = 1.3;

/// What is usual in one column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Usual {
    pub(crate) lo: f64,
    pub(crate) middle: f64,
    pub(crate) hi: f64,
    above: Side,
    below: Side,
}

/// One side's tail beyond its outermost tenth: −ln p = a · distanceᵏ through the outermost tenth and twentieth, with k
/// half-way to the usual fall. Quantiles, because the tail to be judged may be full of outliers.
#[derive(Debug, Clone, PartialEq)]
struct Side {
    tenth: f64,
    fall: f64,
}

impl Usual {
    pub(crate) fn of(values: &[f64]) -> Self {
        let mut known: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
        let mut at = |share: f64| {
            let place = (known.len().max(1) - 1) as f64 * share;
            if known.is_empty() { 0.0 } else { *known.select_nth_unstable_by(place.round() as usize, f64::total_cmp).1 }
        };
        let (lo, middle, hi) = (at(0.05), at(0.5), at(0.95));
        let (above, below) =
            (Side::through(at(0.9) - middle, hi - middle), Side::through(middle - at(0.1), middle - lo));
        Self { lo, middle, hi, above, below }
    }

    /// The value, or what is usual where there is none.
    pub(crate) fn fill(&self, value: f64) -> f64 {
        if value.is_nan() { self.middle } else { value }
    }

    /// The probability of a value at least as far out, 1 where it is not far.
    pub(crate) fn probability(&self, value: f64) -> f64 {
        self.above.probability(value - self.middle).min(self.below.probability(self.middle - value))
    }
}

impl Side {
    fn through(tenth: f64, twentieth: f64) -> Self {
        let fall = (20.0_f64.ln() / 10.0_f64.ln()).ln() / (twentieth / tenth).ln();
        Self { tenth, fall: f64::midpoint(if fall.is_finite() { fall.min(2.0) } else { 2.0 }, USUAL_FALL) }
    }

    /// A column that hardly varies has no measure of far.
    fn probability(&self, distance: f64) -> f64 {
        if self.tenth <= 0.0 || distance <= self.tenth {
            return 1.0;
        }
        (-10.0_f64.ln() * (distance / self.tenth).powf(self.fall)).exp().max(f64::MIN_POSITIVE)
    }
}
