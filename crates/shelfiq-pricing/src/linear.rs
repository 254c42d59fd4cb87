//! Small symmetric positive definite systems.

/// A symmetric matrix, row by row.
#[derive(Debug, Clone)]
pub(crate) struct Symmetric {
    size: usize,
    cells: Vec<f64>,
}

impl Symmetric {
    pub(crate) fn zeros(size: usize) -> Self {
        Self { size, cells: vec![0.0; size * size] }
    }

    pub(crate) fn at(&self, row: usize, column: usize) -> f64 {
        self.cells[row * self.size + column]
    }

    pub(crate) fn add_to_diagonal(&mut self, index: usize, value: f64) {
        self.cells[index * self.size + index] += value;
    }

    /// `row` is not above `column`: only the lower half is read.
    pub(crate) fn add_at(&mut self, row: usize, column: usize, value: f64) {
        self.cells[row * self.size + column] += value;
    }

    /// Adds `weight · x xᵀ` to the lower half.
    pub(crate) fn add_outer(&mut self, x: &[f64], weight: f64) {
        for (row, &x_row) in x.iter().enumerate() {
            let scaled = weight * x_row;
            let cells = &mut self.cells[row * self.size..row * self.size + row + 1];
            for (cell, &x_column) in cells.iter_mut().zip(x) {
                *cell += scaled * x_column;
            }
        }
    }

    /// The inverse by Cholesky decomposition of the lower half; `None` if the matrix is not positive definite.
    pub(crate) fn inverse(&self) -> Option<Self> {
        self.inverse_and_log_determinant().map(|(inverse, _)| inverse)
    }

    /// The inverse, and the log of the determinant of the matrix itself.
    pub(crate) fn inverse_and_log_determinant(&self) -> Option<(Self, f64)> {
        let n = self.size;
        let mut factor = self.cells.clone();
        for column in 0..n {
            for row in column..n {
                let dot: f64 = (0..column).map(|k| factor[row * n + k] * factor[column * n + k]).sum();
                let rest = factor[row * n + column] - dot;
                if row == column {
                    // Relative to the diagonal: what is left after the other columns is rounding, not information.
                    if rest <= 1e-12 * self.at(column, column) || !rest.is_finite() {
                        return None;
                    }
                    factor[row * n + column] = rest.sqrt();
                } else {
                    factor[row * n + column] = rest / factor[column * n + column];
                }
            }
        }
        let mut inverse = Self::zeros(n);
        let mut solution = vec![0.0; n];
        for unit in 0..n {
            for row in 0..n {
                let dot: f64 = (0..row).map(|k| factor[row * n + k] * solution[k]).sum();
                solution[row] = (f64::from(u8::from(row == unit)) - dot) / factor[row * n + row];
            }
            for row in (0..n).rev() {
                let dot: f64 = (row + 1..n).map(|k| factor[k * n + row] * solution[k]).sum();
                solution[row] = (solution[row] - dot) / factor[row * n + row];
            }
            for (row, &value) in solution.iter().enumerate() {
                inverse.cells[row * n + unit] = value;
            }
        }
        let log_determinant = (0..n).map(|index| 2.0 * factor[index * n + index].ln()).sum();
        Some((inverse, log_determinant))
    }

    /// Turns the inverse of `A` into the inverse of `A − amount · e eᵀ`, where `e` selects `index` (Sherman–Morrison). `amount`
    /// is limited to `share_max` of what that column has to itself, so that the result stays positive definite.
    ///
    /// Returns the amount that was taken.
    pub(crate) fn take_from_diagonal(&mut self, index: usize, amount: f64, share_max: f64) -> f64 {
        let own = 1.0 / self.at(index, index);
        let amount = amount.min(share_max * own);
        let column: Vec<f64> = (0..self.size).map(|row| self.at(row, index)).collect();
        let factor = amount / (1.0 - amount / own);
        for (row, cells) in self.cells.chunks_exact_mut(self.size).enumerate() {
            for (cell, other) in cells.iter_mut().zip(&column) {
                *cell += factor * column[row] * other;
            }
        }
        amount
    }

    /// The product with a vector; needs both halves, as [`Symmetric::inverse`] fills them.
    pub(crate) fn times(&self, x: &[f64]) -> Vec<f64> {
        self.cells.chunks_exact(self.size).map(|row| dot(row, x)).collect()
    }
}

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_undoes_the_matrix() {
        let mut matrix = Symmetric::zeros(3);
        for x in [[1.0, 2.0, 0.5], [0.0, 1.0, -1.0], [3.0, 0.0, 1.0], [1.0, 1.0, 1.0]] {
            matrix.add_outer(&x, 0.7);
        }
        let full = |m: &Symmetric, r: usize, c: usize| if r >= c { m.at(r, c) } else { m.at(c, r) };
        let inverse = matrix.inverse().unwrap();
        for row in 0..3 {
            let column: Vec<f64> = (0..3).map(|k| full(&matrix, k, row)).collect();
            for (k, value) in inverse.times(&column).into_iter().enumerate() {
                assert!((value - f64::from(u8::from(k == row))).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn taking_from_the_diagonal_equals_inverting_again() {
        let mut matrix = Symmetric::zeros(2);
        for x in [[1.0, 2.0], [1.0, 0.0], [1.0, 1.0]] {
            matrix.add_outer(&x, 1.0);
        }
        let mut updated = matrix.inverse().unwrap();
        assert_eq!(updated.take_from_diagonal(1, 0.5, 0.9), 0.5);
        matrix.add_to_diagonal(1, -0.5);
        let again = matrix.inverse().unwrap();
        for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            assert!((updated.at(row, column) - again.at(row, column)).abs() < 1e-12);
        }
    }

    #[test]
    fn a_repeated_column_has_no_inverse() {
        let mut matrix = Symmetric::zeros(2);
        for x in [1.0, 2.0, 3.0] {
            matrix.add_outer(&[x, 2.0 * x], 1.0);
        }
        assert!(matrix.inverse().is_none());
    }
}
