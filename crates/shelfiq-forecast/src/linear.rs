//! Ridge regression for few columns.

/// Coefficients `b` that minimise `Σ w (y − x·b)² + Σ penalty_j b_j²`, by Cholesky's decomposition. `None` if the
/// system is singular.
///
/// `rows` yields weight, target and features; every feature slice has the length of `penalty`.
pub(crate) fn ridge<'a>(rows: impl Iterator<Item = (f64, f64, &'a [f64])>, penalty: &[f64]) -> Option<Vec<f64>> {
    let size = penalty.len();
    let mut gram = vec![0.0; size * size];
    let mut right = vec![0.0; size];
    for (weight, target, features) in rows {
        for (i, left) in features.iter().enumerate() {
            let weighted = weight * left;
            right[i] += weighted * target;
            for (entry, other) in gram[i * size..=i * size + i].iter_mut().zip(features) {
                *entry += weighted * other;
            }
        }
    }
    for (i, penalty) in penalty.iter().enumerate() {
        gram[i * size + i] += penalty;
    }
    solve(gram, right)
}

/// Solves `gram x = right` for a symmetric positive definite `gram`, of which the lower half is read.
pub(crate) fn solve(gram: Vec<f64>, right: Vec<f64>) -> Option<Vec<f64>> {
    Some(Factor::of(gram, right.len())?.solve(right)).filter(|found| found.iter().all(|value| value.is_finite()))
}

/// The lower triangle `L` of a symmetric positive definite matrix `L Lᵀ`, row after row.
#[derive(Debug, Clone)]
pub(crate) struct Factor {
    size: usize,
    lower: Vec<f64>,
}

impl Factor {
    /// The factor of `gram`, of which the lower half is read; `None` if it is not positive definite.
    pub(crate) fn of(mut gram: Vec<f64>, size: usize) -> Option<Self> {
        for i in 0..size {
            for j in 0..=i {
                let done: f64 = (0..j).map(|k| gram[i * size + k] * gram[j * size + k]).sum();
                let rest = gram[i * size + j] - done;
                if i == j {
                    // Relative to its own size, so that the unit of a column does not matter.
                    if rest.is_nan() || rest <= 1e-12 * gram[i * size + i].abs() || rest <= 0.0 {
                        return None;
                    }
                    gram[i * size + i] = rest.sqrt();
                } else {
                    gram[i * size + j] = rest / gram[j * size + j];
                }
            }
        }
        Some(Self { size, lower: gram })
    }

    /// The `x` of `L Lᵀ x = right`.
    pub(crate) fn solve(&self, mut right: Vec<f64>) -> Vec<f64> {
        let (size, lower) = (self.size, &self.lower);
        for i in 0..size {
            let done: f64 = (0..i).map(|k| lower[i * size + k] * right[k]).sum();
            right[i] = (right[i] - done) / lower[i * size + i];
        }
        for i in (0..size).rev() {
            let done: f64 = (i + 1..size).map(|k| lower[k * size + i] * right[k]).sum();
            right[i] = (right[i] - done) / lower[i * size + i];
        }
        right
    }

    /// Logarithm of the determinant of the matrix.
    pub(crate) fn log_determinant(&self) -> f64 {
        2.0 * (0..self.size).map(|i| self.lower[i * self.size + i].ln()).sum::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exact_plane_is_found() {
        let rows: Vec<(f64, [f64; 2])> = (0..9).map(|i| (f64::from(i), [f64::from(i % 3), f64::from(i / 3)])).collect();
        let found = ridge(rows.iter().map(|(_, x)| (1.0, 2.0 * x[0] - x[1], x.as_slice())), &[0.0, 0.0]).unwrap();
        assert!((found[0] - 2.0).abs() < 1e-9 && (found[1] + 1.0).abs() < 1e-9);
    }

    #[test]
    fn two_equal_columns_are_singular_without_a_penalty() {
        let rows = [(1.0, 1.0, [1.0, 1.0]), (1.0, 2.0, [2.0, 2.0])];
        let read = || rows.iter().map(|(w, y, x)| (*w, *y, x.as_slice()));
        assert_eq!(ridge(read(), &[0.0, 0.0]), None);
        assert!(ridge(read(), &[0.1, 0.1]).is_some());
    }
}
