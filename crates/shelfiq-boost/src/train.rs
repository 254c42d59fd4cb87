//! Tree after tree.

use crate::bins::{Binned, LANES};
use crate::booster::{Booster, COLUMNS_MAX, Node, Note};
use crate::dice::Dice;
use crate::error::BoostError;
use crate::grow::{Grown, Pool, Soil};
use crate::histogram::{ROWS_MAX, Scale, Sum};
use crate::objective::{Objective, Powers, SCORE_MAX, weighted_quantile};
use crate::options::BoostOptions;

/// Rows to learn from, or to validate on.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// One slice per column, all equally long. `NaN` is a missing value; infinite values are refused.
    pub columns: &'a [&'a [f64]],
    /// What is to be expected of each row.
    pub target: &'a [f64],
    /// What each row counts, zero or above; all alike if absent.
    pub weights: Option<&'a [f64]>,
}

impl Rows<'_> {
    fn weight(&self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    fn check(&self, options: &BoostOptions) -> Result<(), BoostError> {
        let expected = self.target.len();
        let named = self.columns.iter().enumerate().map(|(index, column)| (format!("column {index}"), column.len()));
        let weights = self.weights.map(|weights| ("the list of weights".to_owned(), weights.len()));
        if let Some((what, found)) = named.chain(weights).find(|(_, found)| *found != expected) {
            return Err(BoostError::Uneven { what, found, expected });
        }
        let bad = |what, values: &[f64], fits: &dyn Fn(f64) -> bool| {
            let row = values.iter().position(|value| !fits(*value))?;
            Some(BoostError::Value { what, row, value: values[row] })
        };
        let objective = options.objective;
        let target = bad("target", self.target, &|value| objective.allows(value));
        let weight = self.weights.and_then(|all| bad("weight", all, &|value| value >= 0.0 && value.is_finite()));
        let column = || self.columns.iter().find_map(|all| bad("column value", all, &|value| !value.is_infinite()));
        target.or(weight).or_else(column).map_or(Ok(()), Err)
    }
}

impl Booster {
    /// Trains trees. With rows to validate on and [`BoostOptions::patience`], training ends when their loss no longer
    /// falls. Same rows and options, same trees, on any number of threads.
    ///
    /// # Errors
    /// [`BoostError`] if rows do not fit together, a value is impossible for the objective, or an option is out of
    /// range.
    pub fn train(rows: &Rows<'_>, validation: Option<&Rows<'_>>, options: &BoostOptions) -> Result<Self, BoostError> {
        let columns = rows.columns.len();
        options.check(columns)?;
        rows.check(options)?;
        match rows.target.len() {
            0 => return Err(BoostError::NoRows),
            rows if rows > ROWS_MAX => return Err(BoostError::TooManyRows { rows, most: ROWS_MAX }),
            _ if columns > COLUMNS_MAX => {
                return Err(BoostError::OtherColumns { found: columns, expected: COLUMNS_MAX });
            }
            _ => {}
        }
        if let Some(validation) = validation {
            validation.check(options)?;
            if validation.columns.len() != columns {
                return Err(BoostError::OtherColumns { found: validation.columns.len(), expected: columns });
            }
        }
        let count = rows.target.len();
        let base = options.objective.best_constant((0..count).map(|row| (rows.target[row], rows.weight(row))));
        let booster = Self {
            objective: options.objective,
            columns,
            base,
            roots: Vec::new(),
            nodes: Vec::new(),
            notes: Vec::new(),
        };
        let mut training = Training {
            rows,
            options,
            binned: Binned::new(rows.columns, count, options.bins_max, options.seed),
            scores: Scores::new(options.objective, base, count),
            pairs: Vec::new(),
            pool: Pool::default(),
        };
        Ok(training.run(booster, validation))
    }
}

/// Trees in the making.
struct Training<'a> {
    rows: &'a Rows<'a>,
    options: &'a BoostOptions,
    binned: Binned,
    scores: Scores,
    /// Gradient and hessian of each row of a tree; kept between trees, as fresh memory costs more than what is put there.
    pairs: Vec<(f64, f64)>,
    pool: Pool,
}

/// Per row, what the trees so far say.
struct Scores {
    objective: Objective,
    values: Vec<f64>,
    /// Their powers, empty where none count. Rows of one leaf share its powers, so that exponentials are taken once for
    /// each leaf.
    powers: Vec<Powers>,
}

impl Scores {
    fn new(objective: Objective, base: f64, count: usize) -> Self {
        let powers = if objective.is_logarithmic() { vec![objective.powers(base); count] } else { Vec::new() };
        Self { objective, values: vec![base; count], powers }
    }

    /// First and second derivative of the loss of a row with this target.
    #[inline]
    fn gradient(&self, row: usize, target: f64) -> (f64, f64) {
        let powers = self.powers.get(row).copied().unwrap_or([1.0; 2]);
        self.objective.gradient(self.values[row], powers, target)
    }

    /// Adds a value, whose powers these are, to the score of a row.
    #[inline]
    fn add(&mut self, row: usize, value: f64, powers: Powers) {
        let before = self.values[row];
        self.values[row] += value;
        let Some(own) = self.powers.get_mut(row) else { return };
        // Powers of scores out of bounds are those of the bound.
        if before.abs().max(self.values[row].abs()) < SCORE_MAX && value.abs() < SCORE_MAX {
            *own = [own[0] * powers[0], own[1] * powers[1]];
        } else {
            *own = self.objective.powers(self.values[row]);
        }
    }
}

impl Training<'_> {
    fn run(&mut self, mut booster: Booster, validation: Option<&Rows<'_>>) -> Booster {
        let mut exam =
            validation.zip(self.options.patience).map(|(rows, patience)| Exam::new(rows, patience, &booster));
        let draws_lots = self.options.row_share < 1.0 || self.options.column_share < 1.0;
        for index in 0..self.options.trees as u64 {
            let chosen = self.draw(index);
            let Some((sums, scale)) = self.gradients(&chosen) else { break };
            let used = self.columns_of_tree(index);
            let soil = Soil { binned: &self.binned, options: self.options, used, scale };
            let mut grown = soil.grow(chosen, sums, &mut self.pool);
            if grown.leaves.len() == 1 {
                // Another draw may find a split, the same rows and columns will not.
                if draws_lots { continue } else { break }
            }
            self.set_values(&mut grown);
            self.advance(&grown);
            set_means(&grown.nodes, &mut grown.notes);
            self.pool.rows = std::mem::take(&mut grown.rows);
            booster.push(&grown.nodes, &grown.notes);
            if let Some(exam) = &mut exam
                && exam.is_over(&grown.nodes, &booster)
            {
                break;
            }
        }
        if let Some(exam) = exam {
            booster.truncate(exam.best_trees);
        }
        booster
    }

    /// The rows of a tree, ascending.
    fn draw(&mut self, index: u64) -> Vec<u32> {
        let count = self.binned.rows;
        if self.options.row_share >= 1.0 {
            let mut rows = std::mem::take(&mut self.pool.rows);
            rows.clear();
            rows.extend(0..count as u32);
            return rows;
        }
        let wanted = ((count as f64 * self.options.row_share).round() as usize).max(1);
        Dice::new(self.options.seed, 2 * index).choose(count, wanted)
    }

    /// Bins in use per group and lane.
    fn columns_of_tree(&self, index: u64) -> Vec<[usize; LANES]> {
        let count = self.binned.ends.len();
        let wanted = ((count as f64 * self.options.column_share).ceil() as usize).min(count);
        let mut used = vec![[0; LANES]; self.binned.groups.len()];
        for column in Dice::new(self.options.seed, 2 * index + 1).choose(count, wanted) {
            let column = column as usize;
            used[column / LANES][column % LANES] = self.binned.ends[column].bins() + 1;
        }
        used
    }

    /// What each row adds to sums; `None` if nothing is left to learn.
    fn gradients(&mut self, chosen: &[u32]) -> Option<(Vec<Sum>, Scale)> {
        let of_row = |row: &u32| {
            let row = *row as usize;
            let (gradient, hessian) = self.scores.gradient(row, self.rows.target[row]);
            let weight = self.rows.weight(row);
            (gradient * weight, hessian * weight)
        };
        let mut pairs = std::mem::take(&mut self.pairs);
        pairs.clear();
        pairs.extend(chosen.iter().map(of_row));
        let largest = pairs.iter().fold((0.0_f64, 0.0_f64), |(g, h), pair| (g.max(pair.0.abs()), h.max(pair.1)));
        if largest.0 <= 0.0 || largest.1 <= 0.0 || !largest.0.is_finite() || !largest.1.is_finite() {
            return None;
        }
        let scale = Scale::new(chosen.len(), largest.0, largest.1);
        let mut sums = std::mem::take(&mut self.pool.sums);
        sums.clear();
        sums.extend(pairs.iter().map(|(gradient, hessian)| scale.of_row(*gradient, *hessian)));
        self.pairs = pairs;
        Some((sums, scale))
    }

    /// Gives leaves their final values.
    fn set_values(&self, grown: &mut Grown) {
        for leaf in &grown.leaves {
            let node = &mut grown.nodes[leaf.node];
            if let Some(share) = self.options.objective.leaf_quantile() {
                let left_over = |row: &u32| {
                    let row = *row as usize;
                    (self.rows.target[row] - self.scores.values[row], self.rows.weight(row))
                };
                let values = grown.rows[leaf.from..leaf.to].iter().map(left_over).collect();
                node.set_value(leaf.range.clamp(weighted_quantile(values, share)));
            }
            node.set_value(node.value() * self.options.learning_rate);
        }
    }

    /// Adds a tree to the scores.
    fn advance(&mut self, grown: &Grown) {
        let objective = self.options.objective;
        for leaf in &grown.leaves {
            let value = grown.nodes[leaf.node].value();
            let powers = objective.powers(value);
            grown.rows[leaf.from..leaf.to].iter().for_each(|row| self.scores.add(*row as usize, value, powers));
        }
        if grown.rows.len() == self.binned.rows {
            return;
        }
        let mut was_seen = vec![false; self.binned.rows];
        grown.rows.iter().for_each(|row| was_seen[*row as usize] = true);
        for row in (0..self.binned.rows).filter(|row| !was_seen[*row]) {
            let value = walk(&grown.nodes, |column| self.rows.columns[column][row]);
            self.scores.add(row, value, objective.powers(value));
        }
    }
}

/// The value of the leaf that a row ends in.
fn walk(nodes: &[Node], value: impl Fn(usize) -> f64) -> f64 {
    let mut node = nodes[0];
    while !node.is_leaf() {
        node = nodes[node.next(value(node.column()))];
    }
    node.value()
}

/// Means of inner nodes, from the leaves up: children stand behind their parents.
fn set_means(nodes: &[Node], notes: &mut [Note]) {
    for place in (0..nodes.len()).rev() {
        notes[place].mean = if nodes[place].is_leaf() {
            nodes[place].value()
        } else {
            let (left, right) = (notes[nodes[place].left()], notes[nodes[place].left() + 1]);
            let (of_left, of_right) = (f64::from(left.rows), f64::from(right.rows));
            (left.mean * of_left + right.mean * of_right) / (of_left + of_right)
        };
    }
}

/// Judges on rows that are not trained on when to stop.
struct Exam<'a> {
    rows: &'a Rows<'a>,
    patience: usize,
    scores: Vec<f64>,
    best_loss: f64,
    best_trees: usize,
}

impl<'a> Exam<'a> {
    fn new(rows: &'a Rows<'a>, patience: usize, booster: &Booster) -> Self {
        let scores = vec![booster.base; rows.target.len()];
        let mut exam = Self { rows, patience, scores, best_loss: f64::INFINITY, best_trees: 0 };
        exam.best_loss = exam.loss(booster);
        exam
    }

    fn loss(&self, booster: &Booster) -> f64 {
        let losses = self.scores.iter().zip(self.rows.target).enumerate();
        losses.map(|(row, (score, target))| self.rows.weight(row) * booster.objective.loss(*score, *target)).sum()
    }

    /// Whether the trees after the best have gone on for too long.
    fn is_over(&mut self, nodes: &[Node], booster: &Booster) -> bool {
        for (row, score) in self.scores.iter_mut().enumerate() {
            *score += walk(nodes, |column| self.rows.columns[column][row]);
        }
        let loss = self.loss(booster);
        if loss < self.best_loss {
            (self.best_loss, self.best_trees) = (loss, booster.trees());
        }
        booster.trees() - self.best_trees >= self.patience.max(1)
    }
}
