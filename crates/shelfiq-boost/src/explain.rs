//! Why an answer is what it is.

use crate::booster::Booster;

/// How one answer comes about: `base` and the parts of all columns add up to its score.
///
/// Each split on the way of the row moves the expected score from that of all training rows in a node to that of a
/// child; the move is the part of the column that the node splits by (Saabas, "Interpreting random forests", 2014).
/// This is not Shapley's division: of columns that work together, the one asked last gets more. It takes no longer
/// than the answer itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The score expected of any row.
    pub base: f64,
    /// One part per column. In units of the target, or of its logarithm for Poisson and Tweedie.
    pub parts: Vec<f64>,
}

impl Booster {
    /// Divides the answer for one row among the columns.
    ///
    /// # Panics
    /// If the row has fewer values than there are columns.
    #[must_use]
    pub fn explain(&self, row: &[f64]) -> Explanation {
        assert!(row.len() >= self.columns, "{} values for {} columns", row.len(), self.columns);
        let mut explanation = Explanation { base: self.base, parts: vec![0.0; self.columns] };
        for root in &self.roots {
            let mut place = *root as usize;
            explanation.base += self.notes[place].mean;
            while !self.nodes[place].is_leaf() {
                let column = self.nodes[place].column();
                let next = self.nodes[place].next(row[column]);
                explanation.parts[column] += self.notes[next].mean - self.notes[place].mean;
                place = next;
            }
        }
        explanation
    }

    /// What the splits of each column took from the training loss, all trees together.
    #[must_use]
    pub fn gains(&self) -> Vec<f64> {
        let mut gains = vec![0.0; self.columns];
        for (node, note) in self.nodes.iter().zip(&self.notes).filter(|(node, _)| !node.is_leaf()) {
            gains[node.column()] += note.gain;
        }
        gains
    }
}
