//! Minimisers for a handful of parameters.

use crate::linear::solve;

/// Values tried side by side by [`valley`]: each takes as long as one alone, since none waits for another.
pub(crate) const ABREAST: usize = 8;

/// Minimum of `loss` between `lo` and `hi`, where it should have one valley: each round looks at evenly spaced values and
/// keeps what lies beside the best.
pub(crate) fn valley(lo: f64, hi: f64, rounds: usize, losses: impl Fn(&[f64; ABREAST]) -> [f64; ABREAST]) -> f64 {
    let (mut lo, mut width) = (lo, hi - lo);
    let mut best = (f64::INFINITY, lo + width / 2.0);
    for _ in 0..rounds {
        let stride = width / (ABREAST + 1) as f64;
        let tried: [f64; ABREAST] = std::array::from_fn(|place| lo + (place + 1) as f64 * stride);
        for (loss, value) in losses(&tried).into_iter().zip(tried) {
            if loss < best.0 {
                best = (loss, value);
            }
        }
        (lo, width) = (best.1 - stride, 2.0 * stride);
    }
    best.1
}

/// A sum of squared errors, and how it answers to parameters.
#[derive(Debug, Clone)]
pub(crate) struct Squares<const N: usize> {
    pub(crate) sum: f64,
    /// Sum of errors times their slopes: half the slopes of the sum.
    pub(crate) gradient: [f64; N],
    /// Sum of products of slopes: half the curvature, for small errors.
    pub(crate) curvature: [[f64; N]; N],
}

impl<const N: usize> Squares<N> {
    /// Counts one more error.
    pub(crate) fn add(&mut self, error: f64, slopes: &[f64; N]) {
        self.sum += error * error;
        for (place, slope) in slopes.iter().enumerate() {
            self.gradient[place] += error * slope;
            self.curvature[place].iter_mut().zip(slopes).for_each(|(entry, other)| *entry += slope * other);
        }
    }

    /// All errors multiplied by the square root of a number.
    pub(crate) fn times(mut self, factor: f64) -> Self {
        self.sum *= factor;
        self.gradient.iter_mut().for_each(|entry| *entry *= factor);
        self.curvature.iter_mut().flatten().for_each(|entry| *entry *= factor);
        self
    }

    /// All errors multiplied by a number that is one here and has such slopes.
    pub(crate) fn drifting(mut self, slopes: &[f64; N]) -> Self {
        for (i, left) in slopes.iter().enumerate() {
            for (j, right) in slopes.iter().enumerate() {
                self.curvature[i][j] += self.gradient[i] * right + left * self.gradient[j] + self.sum * left * right;
            }
        }
        self.gradient.iter_mut().zip(slopes).for_each(|(entry, slope)| *entry += self.sum * slope);
        self
    }
}

/// Gain in −2 log likelihood below which a search ends: far less than one parameter has to gain by chance.
const GAIN_MIN: f64 = 1e-2;
/// The largest step of one parameter, so that a logistic scale does not run away where it is flat.
const STEP_MAX: f64 = 2.0;
/// Damping at which no step is left to try.
const DAMPING_MAX: f64 = 1e6;

/// What is believed of parameters before any error speaks: normal, independent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Belief<const N: usize> {
    pub(crate) centre: [f64; N],
    pub(crate) sd: [f64; N],
}

impl<const N: usize> Belief<N> {
    /// How unlikely it makes a point: −2 log density up to a constant.
    fn against(&self, point: &[f64; N]) -> f64 {
        (0..N).map(|place| ((point[place] - self.centre[place]) / self.sd[place]).powi(2)).sum()
    }
}

/// The likeliest point, and its sum of squares: of `count` normal errors of one unknown variance, and of a belief, which a
/// long history overrules. Gauss and Newton's steps from `start`, damped where they do not lead to a likelier point
/// (Levenberg 1944, Marquardt 1963). Looks at `looks_max` points at most. `None` if there is no sum at the start; a
/// point without a sum is not stepped to.
pub(crate) fn likeliest<const N: usize>(
    start: [f64; N],
    looks_max: usize,
    belief: &Belief<N>,
    count: usize,
    squares: impl Fn(&[f64; N]) -> Option<Squares<N>>,
) -> Option<([f64; N], f64)> {
    let count = count.max(1) as f64;
    let look = |point: [f64; N]| {
        let found = squares(&point)?;
        let unlikeliness = count * found.sum.max(f64::MIN_POSITIVE).ln() + belief.against(&point);
        unlikeliness.is_finite().then_some((point, found, unlikeliness))
    };
    let mut best = look(start)?;
    let mut damping = 1e-2;
    for _ in 1..looks_max {
        let (point, here, unlikeliness) = &best;
        let (mut system, mut slopes) = (here.curvature, here.gradient);
        for place in 0..N {
            let pull = here.sum / count / belief.sd[place].powi(2);
            slopes[place] += pull * (point[place] - belief.centre[place]);
            system[place][place] = (1.0 + damping) * (system[place][place] + pull) + f64::MIN_POSITIVE;
        }
        let step = solve(system.concat(), slopes.to_vec());
        let next = step.map(|step| std::array::from_fn(|place| point[place] - step[place].clamp(-STEP_MAX, STEP_MAX)));
        match next.and_then(look).filter(|(_, _, found)| found < unlikeliness) {
            Some(next) => {
                let is_done = unlikeliness - next.2 <= GAIN_MIN;
                best = next;
                damping *= 0.2;
                if is_done {
                    break;
                }
            }
            None if damping > DAMPING_MAX => break,
            None => damping *= 10.0,
        }
    }
    Some((best.0, best.1.sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANYTHING: Belief<2> = Belief { centre: [0.0; 2], sd: [1e6; 2] };

    #[test]
    fn the_valley_is_found() {
        let found = valley(0.0, 1.0, 4, |tried| tried.map(|x| (x - 0.3).powi(2)));
        assert!((found - 0.3).abs() < 1e-3, "{found}");
    }

    #[test]
    fn steps_walk_down_rosenbrocks_banana() {
        let banana = |p: &[f64; 2]| {
            let mut squares = Squares { sum: 0.0, gradient: [0.0; 2], curvature: [[0.0; 2]; 2] };
            squares.add(1.0 - p[0], &[-1.0, 0.0]);
            squares.add(10.0 * (p[1] - p[0] * p[0]), &[-20.0 * p[0], 10.0]);
            Some(squares)
        };
        let (point, sum) = likeliest([-1.2, 1.0], 60, &ANYTHING, 100, banana).unwrap();
        assert!(sum < 1e-9, "{point:?} {sum}");
    }

    #[test]
    fn a_point_without_a_sum_is_not_stepped_to() {
        let edge = |p: &[f64; 1]| {
            let mut squares = Squares { sum: 0.0, gradient: [0.0; 1], curvature: [[0.0; 1]; 1] };
            squares.add(p[0], &[1.0]);
            (p[0] > 0.5).then_some(squares)
        };
        let believed = Belief { centre: [0.0], sd: [1e6] };
        let (point, _) = likeliest([1.0], 40, &believed, 1, edge).unwrap();
        assert!((0.5..0.51).contains(&point[0]), "{point:?}");
        assert!(likeliest([0.0], 40, &believed, 1, edge).is_none());
    }

    #[test]
    fn a_belief_gives_way_to_many_errors() {
        // Values of 4 ± 1 and a belief of 0 ± 2.
        let mean_of = |count: usize| {
            let squares = |p: &[f64; 1]| {
                let mut squares = Squares { sum: 0.0, gradient: [0.0; 1], curvature: [[0.0; 1]; 1] };
                (0..count).for_each(|n| squares.add(p[0] - 4.0 + if n % 2 == 0 { 1.0 } else { -1.0 }, &[1.0]));
                Some(squares)
            };
            likeliest([0.0], 60, &Belief { centre: [0.0], sd: [2.0] }, count, squares).unwrap().0[0]
        };
        // Where four values and the belief balance: 8 (p − 4) / ((p − 4)² + 1) + p / 2 = 0.
        assert!((mean_of(4) - 3.751).abs() < 0.03, "{}", mean_of(4));
        assert!((mean_of(1000) - 4.0).abs() < 0.01, "{}", mean_of(1000));
    }

    #[test]
    fn errors_times_a_moving_number_have_the_slopes_of_the_product() {
        // Errors x and 2x, both times exp(y), at y = 0.
        let mut squares = Squares { sum: 0.0, gradient: [0.0; 2], curvature: [[0.0; 2]; 2] };
        squares.add(3.0, &[1.0, 0.0]);
        squares.add(6.0, &[2.0, 0.0]);
        let found = squares.drifting(&[0.0, 1.0]);
        assert_eq!(found.gradient, [15.0, 45.0]);
        assert_eq!(found.curvature, [[5.0, 15.0], [15.0, 45.0]]);
    }
}
