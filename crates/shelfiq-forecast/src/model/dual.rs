//! Numbers that know how they answer to parameters.

use std::ops::{Add, Mul, Sub};

/// What the recursions of models calculate with: a plain number, or one with its slopes.
pub(super) trait Number: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> {
    /// A number that no parameter moves.
    fn fixed(value: f64) -> Self;

    fn value(self) -> f64;

    /// What a function makes of it that has this value and this slope there.
    fn through(self, value: f64, slope: f64) -> Self;

    /// One over it.
    fn inverse(self) -> Self {
        let inverse = self.value().recip();
        self.through(inverse, -inverse * inverse)
    }

    /// So many times as much.
    fn times(self, factor: f64) -> Self {
        self.through(factor * self.value(), factor)
    }

    /// So much more.
    fn plus(self, more: f64) -> Self {
        self.through(self.value() + more, 1.0)
    }

    /// The logistic function: any number brought between zero and one.
    fn squeezed(self) -> Self {
        let share = 1.0 / (1.0 + (-self.value()).exp());
        self.through(share, share * (1.0 - share))
    }
}

impl Number for f64 {
    fn fixed(value: f64) -> Self {
        value
    }

    fn value(self) -> f64 {
        self
    }

    fn through(self, value: f64, _: f64) -> Self {
        value
    }
}

/// A value and its derivatives by `N` parameters: forward differentiation, exact to rounding (Griewank & Walther,
/// *Evaluating Derivatives*, 2008).
#[derive(Debug, Clone, Copy)]
pub(super) struct Dual<const N: usize> {
    value: f64,
    pub(super) slopes: [f64; N],
}

impl<const N: usize> Dual<N> {
    /// The parameter in this place.
    pub(super) fn parameter(value: f64, place: usize) -> Self {
        Self { value, slopes: std::array::from_fn(|other| if other == place { 1.0 } else { 0.0 }) }
    }
}

impl<const N: usize> Number for Dual<N> {
    fn fixed(value: f64) -> Self {
        Self { value, slopes: [0.0; N] }
    }

    fn value(self) -> f64 {
        self.value
    }

    fn through(self, value: f64, slope: f64) -> Self {
        Self { value, slopes: self.slopes.map(|own| slope * own) }
    }
}

impl<const N: usize> Add for Dual<N> {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let slopes = std::array::from_fn(|place| self.slopes[place] + other.slopes[place]);
        Self { value: self.value + other.value, slopes }
    }
}

impl<const N: usize> Sub for Dual<N> {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        let slopes = std::array::from_fn(|place| self.slopes[place] - other.slopes[place]);
        Self { value: self.value - other.value, slopes }
    }
}

impl<const N: usize> Mul for Dual<N> {
    type Output = Self;
    #[expect(clippy::suspicious_arithmetic_impl, reason = "the rule of products adds")]
    fn mul(self, other: Self) -> Self {
        let slope = |place: usize| self.value * other.slopes[place] + other.value * self.slopes[place];
        Self { value: self.value * other.value, slopes: std::array::from_fn(slope) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_small_steps() {
        fn curve<T: Number>(x: T, y: T) -> T {
            (x * y - x.inverse()).times(3.0).plus(2.0) + y.squeezed() * x
        }
        let (x, y, step) = (1.7, -0.4, 1e-6);
        let found = curve(Dual::<2>::parameter(x, 0), Dual::parameter(y, 1));
        assert_eq!(found.value(), curve(x, y));
        let by_x = (curve(x + step, y) - curve(x - step, y)) / (2.0 * step);
        let by_y = (curve(x, y + step) - curve(x, y - step)) / (2.0 * step);
        assert!((found.slopes[0] - by_x).abs() < 1e-7 && (found.slopes[1] - by_y).abs() < 1e-7, "{found:?}");
    }
}
