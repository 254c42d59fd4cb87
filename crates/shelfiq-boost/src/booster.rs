//! Trained trees.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::BoostError;
use crate::objective::Objective;
use crate::split::{Side, Split};

/// Trained trees: a function of a row. It can be stored with serde; what is read back answers the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Booster {
    pub(crate) objective: Objective,
    pub(crate) columns: usize,
    /// The score of every row before any tree.
    pub(crate) base: f64,
    /// Place of each tree's root among the nodes.
    pub(crate) roots: Vec<u32>,
    /// All trees, one behind the other.
    pub(crate) nodes: Vec<Node>,
    /// What each node knows beside its split.
    pub(crate) notes: Vec<Note>,
}

/// A split, or a leaf. The children of a split stand side by side, so that 16 bytes are enough.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Node {
    /// Of a split, the largest value that goes left; of a leaf, what it adds to the score.
    #[serde(with = "bits")]
    at: f64,
    /// Place of the left child.
    left: u32,
    column: u16,
    /// 1 if missing values go right, else 0.
    missing_right: u16,
}

/// What explanations need of a node.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Note {
    /// What the split gains; zero for leaves.
    #[serde(with = "bits")]
    pub(crate) gain: f64,
    /// Mean of the leaves below, weighted by training rows.
    #[serde(with = "bits")]
    pub(crate) mean: f64,
    pub(crate) rows: u32,
}

const LEAF: u16 = u16::MAX;
/// Columns at most.
pub(crate) const COLUMNS_MAX: usize = LEAF as usize;
/// Rows that are answered together, one tree after the other.
const BLOCK: usize = 64;

impl Node {
    pub(crate) const fn leaf(value: f64) -> Self {
        Self { at: value, left: 0, column: LEAF, missing_right: 0 }
    }

    /// Makes a split of a leaf.
    pub(crate) fn divide(&mut self, split: Split, at: f64, left: usize) {
        let missing_right = u16::from(split.missing == Side::Right);
        *self = Self { at, left: left as u32, column: split.column as u16, missing_right };
    }

    pub(crate) const fn is_leaf(self) -> bool {
        self.column == LEAF
    }

    /// The column of a split.
    pub(crate) fn column(self) -> usize {
        usize::from(self.column)
    }

    /// The value of a leaf.
    pub(crate) const fn value(self) -> f64 {
        self.at
    }

    pub(crate) const fn set_value(&mut self, value: f64) {
        self.at = value;
    }

    /// Place of the left child of a split.
    pub(crate) const fn left(self) -> usize {
        self.left as usize
    }

    /// Moves the children of a split by so many places.
    pub(crate) const fn shift(&mut self, places: usize) {
        if !self.is_leaf() {
            self.left += places as u32;
        }
    }

    /// Where a value leads from a split.
    #[inline]
    pub(crate) fn next(self, value: f64) -> usize {
        let goes_right = if value.is_nan() { self.missing_right } else { u16::from(value > self.at) };
        self.left as usize + usize::from(goes_right)
    }
}

impl Booster {
    /// The answer for one row: a value per column as in training, `NaN` where missing.
    ///
    /// # Panics
    /// If the row has fewer values than there are columns.
    #[must_use]
    pub fn predict(&self, row: &[f64]) -> f64 {
        assert!(row.len() >= self.columns, "{} values for {} columns", row.len(), self.columns);
        let sum: f64 = self.roots.iter().map(|root| self.leaf_value(*root, row)).sum();
        self.objective.answer(self.base + sum)
    }

    /// The answers for rows that lie one behind the other, each with a value per column.
    ///
    /// # Panics
    /// If the values do not make whole rows.
    #[must_use]
    pub fn predict_rows(&self, values: &[f64]) -> Vec<f64> {
        let width = self.columns.max(1);
        assert!(values.len().is_multiple_of(width), "{} values are no rows of {width}", values.len());
        let block = |block: &[f64]| {
            let mut scores = vec![0.0; block.len() / width];
            for root in &self.roots {
                for (score, row) in scores.iter_mut().zip(block.chunks_exact(width)) {
                    *score += self.leaf_value(*root, row);
                }
            }
            scores.into_iter().map(|score| self.objective.answer(self.base + score)).collect::<Vec<_>>()
        };
        values.par_chunks(BLOCK * width).flat_map_iter(block).collect()
    }

    /// Number of trees.
    #[must_use]
    pub fn trees(&self) -> usize {
        self.roots.len()
    }

    /// Number of columns.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.columns
    }

    #[inline]
    fn leaf_value(&self, root: u32, row: &[f64]) -> f64 {
        let mut node = self.nodes[root as usize];
        while !node.is_leaf() {
            node = self.nodes[node.next(row[node.column()])];
        }
        node.value()
    }

    /// Adds a tree: its nodes, root first.
    pub(crate) fn push(&mut self, nodes: &[Node], notes: &[Note]) {
        let first = self.nodes.len();
        self.roots.push(first as u32);
        self.nodes.extend(nodes.iter().map(|node| {
            let mut node = *node;
            node.shift(first);
            node
        }));
        self.notes.extend(notes);
    }

    /// Keeps the first trees.
    pub(crate) fn truncate(&mut self, trees: usize) {
        if let Some(first) = self.roots.get(trees) {
            self.nodes.truncate(*first as usize);
            self.notes.truncate(*first as usize);
            self.roots.truncate(trees);
        }
    }
}

/// A booster as it is stored, not yet trusted.
#[derive(Serialize, Deserialize)]
struct Stored {
    objective: Objective,
    columns: usize,
    #[serde(with = "bits")]
    base: f64,
    roots: Vec<u32>,
    nodes: Vec<Node>,
    notes: Vec<Note>,
}

impl From<Booster> for Stored {
    fn from(booster: Booster) -> Self {
        let Booster { objective, columns, base, roots, nodes, notes } = booster;
        Self { objective, columns, base, roots, nodes, notes }
    }
}

impl TryFrom<Stored> for Booster {
    type Error = BoostError;

    fn try_from(stored: Stored) -> Result<Self, BoostError> {
        let Stored { objective, columns, base, roots, nodes, notes } = stored;
        objective.check()?;
        if notes.len() != nodes.len() {
            return Err(BoostError::Damaged("nodes are missing"));
        }
        if roots.iter().any(|root| *root as usize >= nodes.len()) {
            return Err(BoostError::Damaged("a tree has no root"));
        }
        // Children stand behind their parent, so every walk ends.
        let fits = |(place, node): (usize, &Node)| {
            node.is_leaf() || node.column() < columns && node.left() > place && node.left() + 1 < nodes.len()
        };
        if !nodes.iter().enumerate().all(fits) {
            return Err(BoostError::Damaged("a split leads nowhere"));
        }
        Ok(Self { objective, columns, base, roots, nodes, notes })
    }
}

/// Numbers stored by their bits: readers of decimal text may be off by the last one, and then a value beside a split
/// falls on its other side.
mod bits {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(value.to_bits())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        u64::deserialize(deserializer).map(f64::from_bits)
    }
}
