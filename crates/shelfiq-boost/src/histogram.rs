//! Sums of gradients per bin, in integers.

use crate::bins::LANES;

/// Bins of a column, with the one for missing values.
pub(crate) const BINS: usize = 256;

/// What is summed: the gradient, then hessian and number of rows in one number, rows in the low bits.
pub(crate) type Sum = [i64; 2];

/// Four columns side by side.
pub(crate) type Group = [[Sum; BINS]; LANES];

/// Sums of an empty group.
pub(crate) const EMPTY: Group = [[[0; 2]; BINS]; LANES];

/// How real numbers become the integers that are summed, and back.
///
/// With `n` rows, `b` the bits of `n`, a gradient takes at most 62 − b bits and never more than 40, so no sum of all
/// rows overflows; a hessian likewise 63 − 2 b. At a hundred thousand rows that is a precision of one in 10¹² of the
/// largest gradient, and one in 10⁸ of the largest hessian.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    gradient: f64,
    hessian: f64,
    row_bits: u32,
}

/// Rows at most: hessians keep 13 bits.
pub(crate) const ROWS_MAX: usize = (1 << 25) - 1;

impl Scale {
    /// The scale for `rows` gradients and hessians up to these sizes. Both sizes must be above zero.
    pub(crate) fn new(rows: usize, gradient_max: f64, hessian_max: f64) -> Self {
        let row_bits = usize::BITS - rows.leading_zeros();
        let largest = |bits: u32| ((1_i64 << bits.min(40)) - 1) as f64;
        Self {
            gradient: largest(62 - row_bits) / gradient_max,
            hessian: largest(63 - 2 * row_bits) / hessian_max,
            row_bits,
        }
    }

    /// What one row adds.
    #[inline]
    pub(crate) fn of_row(&self, gradient: f64, hessian: f64) -> Sum {
        [whole(gradient * self.gradient), (whole(hessian * self.hessian) << self.row_bits) | 1]
    }

    #[inline]
    pub(crate) fn gradient(&self, sum: Sum) -> f64 {
        sum[0] as f64 / self.gradient
    }

    #[inline]
    pub(crate) fn hessian(&self, sum: Sum) -> f64 {
        (sum[1] >> self.row_bits) as f64 / self.hessian
    }

    #[inline]
    pub(crate) const fn rows(&self, sum: Sum) -> usize {
        (sum[1] & ((1 << self.row_bits) - 1)) as usize
    }
}

/// The nearest whole number, of two the even one. Holds up to 2⁵¹, beyond what a scale makes.
///
/// Next to 1.5 × 2⁵² numbers lie one apart, so that the sum is rounded and its bits count.
#[inline]
const fn whole(number: f64) -> i64 {
    const ANCHOR: f64 = 6_755_399_441_055_744.0;
    ((number + ANCHOR).to_bits() as i64) - (ANCHOR.to_bits() as i64)
}

#[inline]
pub(crate) const fn add(a: Sum, b: Sum) -> Sum {
    [a[0] + b[0], a[1] + b[1]]
}

#[inline]
pub(crate) const fn subtract(a: Sum, b: Sum) -> Sum {
    [a[0] - b[0], a[1] - b[1]]
}

/// Sums up the rows of one leaf. `sums` holds what each of `rows` adds, in that order.
pub(crate) fn fill(group: &mut Group, bins: &[[u8; LANES]], rows: &[u32], sums: &[Sum]) {
    let [first, second, third, fourth] = group;
    for (row, sum) in rows.iter().zip(sums) {
        let [a, b, c, d] = bins[*row as usize];
        for (lane, bin) in [(&mut *first, a), (&mut *second, b), (&mut *third, c), (&mut *fourth, d)] {
            let entry = &mut lane[usize::from(bin)];
            // Lanes that nobody reads are not cleared and may wrap.
            entry[0] = entry[0].wrapping_add(sum[0]);
            entry[1] = entry[1].wrapping_add(sum[1]);
        }
    }
}

/// Takes one child's sums from those of the parent, which leaves the other child's. `used` holds the number of bins in
/// use per column.
pub(crate) fn take_away(parent: &mut Group, child: &Group, used: [usize; LANES]) {
    for ((parent, child), used) in parent.iter_mut().zip(child).zip(used) {
        for (left, taken) in parent[..used].iter_mut().zip(&child[..used]) {
            *left = subtract(*left, *taken);
        }
    }
}

/// Sets the bins in use to zero.
pub(crate) fn clear(group: &mut Group, used: [usize; LANES]) {
    for (lane, used) in group.iter_mut().zip(used) {
        lane[..used].fill([0; 2]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_the_nearest() {
        for number in [0.0, -0.0, 0.4, -0.6, 2.5, -3.5, 1e12 + 0.7, -1.099e12 - 0.3, 2f64.powi(50) + 0.25] {
            assert_eq!(whole(number), number.round_ties_even() as i64, "{number}");
        }
    }

    #[test]
    fn sums_come_back_as_they_went_in() {
        let scale = Scale::new(1000, 5.0, 2.0);
        let rows = [(5.0, 2.0), (-4.9, 0.1), (0.001, 1.0)];
        let sum = rows.iter().fold([0; 2], |sum, (gradient, hessian)| add(sum, scale.of_row(*gradient, *hessian)));
        assert!((scale.gradient(sum) - 0.101).abs() < 1e-9, "{}", scale.gradient(sum));
        assert!((scale.hessian(sum) - 3.1).abs() < 1e-9, "{}", scale.hessian(sum));
        assert_eq!(scale.rows(sum), 3);
    }

    #[test]
    fn the_largest_sums_do_not_overflow() {
        for rows in [1, 7, 1 << 17, ROWS_MAX] {
            let scale = Scale::new(rows, 1.0, 1.0);
            let one = scale.of_row(-1.0, 1.0);
            let whole = rows as i64;
            let sum = [one[0].checked_mul(whole).unwrap(), one[1].checked_mul(whole).unwrap()];
            assert_eq!(scale.rows(sum), rows);
            assert!((scale.gradient(sum) / rows as f64 + 1.0).abs() < 1e-3);
            assert!((scale.hessian(sum) / rows as f64 - 1.0).abs() < 1e-3);
        }
    }
}
