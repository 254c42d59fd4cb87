//! How to train.

use crate::error::BoostError;
use crate::objective::Objective;

/// How to train trees.
#[derive(Debug, Clone, PartialEq)]
pub struct BoostOptions {
    /// What is made small.
    pub objective: Objective,
    /// Trees at most; fewer if `patience` ends training.
    pub trees: usize,
    /// Share of each tree's step that is taken, above 0 and at most 1.
    pub learning_rate: f64,
    /// Leaves of a tree at most, from 2 to 65,536.
    pub leaves_max: usize,
    /// Splits between root and leaf at most.
    pub depth_max: usize,
    /// Rows of a leaf at least.
    pub leaf_rows_min: usize,
    /// Sum of hessians (for squared and absolute losses: of weights) of a leaf at least.
    pub leaf_hessian_min: f64,
    /// What a split must gain.
    pub gain_min: f64,
    /// Penalty on the size of leaf values: gradients are shortened by this.
    pub l1: f64,
    /// Penalty on the square of leaf values.
    pub l2: f64,
    /// Bins of a column at most, from 2 to 255; missing values do not count.
    pub bins_max: usize,
    /// Share of the columns that each tree sees.
    pub column_share: f64,
    /// Share of the rows that each tree sees.
    pub row_share: f64,
    /// What is promised of each column; empty if nothing is.
    pub monotone: Vec<Monotone>,
    /// Trees without a better validation loss after which training ends; what came after the best is dropped.
    pub patience: Option<usize>,
    /// Where chance begins: equal seeds give equal trees.
    pub seed: u64,
}

/// How the answer may change when one column rises and all others stay. Missing values are outside the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Monotone {
    /// In any way.
    Free,
    /// It never falls.
    Rising,
    /// It never rises.
    Falling,
}

impl BoostOptions {
    /// The usual values for an objective: 100 trees of 31 leaves, learning rate 0.1, all rows and columns.
    #[must_use]
    pub const fn new(objective: Objective) -> Self {
        Self {
            objective,
            trees: 100,
            learning_rate: 0.1,
            leaves_max: 31,
            depth_max: usize::MAX,
            leaf_rows_min: 20,
            leaf_hessian_min: 1e-3,
            gain_min: 0.0,
            l1: 0.0,
            l2: 0.0,
            bins_max: 255,
            column_share: 1.0,
            row_share: 1.0,
            monotone: Vec::new(),
            patience: None,
            seed: 0,
        }
    }

    /// What is promised of a column.
    pub(crate) fn monotone_of(&self, column: usize) -> Monotone {
        self.monotone.get(column).copied().unwrap_or(Monotone::Free)
    }

    pub(crate) fn check(&self, columns: usize) -> Result<(), BoostError> {
        self.objective.check()?;
        let not_negative = |value: f64| value >= 0.0 && value.is_finite();
        let share = |value: f64| value > 0.0 && value <= 1.0;
        let rules = [
            ("learning_rate", share(self.learning_rate), "above 0 and at most 1"),
            ("column_share", share(self.column_share), "above 0 and at most 1"),
            ("row_share", share(self.row_share), "above 0 and at most 1"),
            ("leaves_max", (2..=1 << 16).contains(&self.leaves_max), "from 2 to 65,536"),
            ("bins_max", (2..=255).contains(&self.bins_max), "from 2 to 255"),
            ("leaf_hessian_min", not_negative(self.leaf_hessian_min), "zero or above"),
            ("gain_min", not_negative(self.gain_min), "zero or above"),
            ("l1", not_negative(self.l1), "zero or above"),
            ("l2", not_negative(self.l2), "zero or above"),
            ("monotone", matches!(self.monotone.len(), 0) || self.monotone.len() == columns, "given for every column"),
        ];
        match rules.into_iter().find(|(_, holds, _)| !holds) {
            Some((name, _, range)) => Err(BoostError::Option { name, range }),
            None => Ok(()),
        }
    }
}
