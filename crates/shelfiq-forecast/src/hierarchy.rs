//! Which series add up to which: Skus to categories, to stores, to the total.

use std::collections::BTreeMap;

/// Nodes and the leaves that add up to each. Leaves come first, in the order given, then the sums.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hierarchy {
    ids: Vec<String>,
    leaves: usize,
    /// Per sum, its leaves in ascending order; none is empty.
    parts: Vec<Vec<usize>>,
}

/// A hierarchy that cannot be, or forecasts that do not fit it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HierarchyError {
    /// Two nodes have the same name.
    #[error("two nodes are called `{0}`")]
    RepeatedName(String),
    /// A sum without leaves, or of a leaf that does not exist.
    #[error("the sum `{0}` has no leaves, or one that does not exist")]
    WrongParts(String),
    /// Forecasts are not those of the nodes, in their order.
    #[error("place {place}: a forecast of `{expected}` is wanted, not of `{found}`")]
    WrongForecast {
        /// Place among the forecasts, from 0.
        place: usize,
        /// The node of that place.
        expected: String,
        /// The forecast found there; empty if there is none.
        found: String,
    },
    /// Forecasts reach differently far ahead, or have different interval levels.
    #[error("the forecast of `{0}` has other steps or interval levels than the first")]
    UnevenSteps(String),
    /// Past errors do not cover the nodes.
    #[error("past errors of {found} nodes are given for {expected}")]
    WrongErrors {
        /// Nodes.
        expected: usize,
        /// Rows of errors.
        found: usize,
    },
}

impl Hierarchy {
    /// A hierarchy of `leaves` and of `sums`, each with its name and the places of its leaves. Sums may overlap: a Sku
    /// belongs to a category and to a store.
    ///
    /// # Errors
    /// [`HierarchyError::RepeatedName`] or [`HierarchyError::WrongParts`].
    pub fn new(leaves: &[String], sums: Vec<(String, Vec<usize>)>) -> Result<Self, HierarchyError> {
        let (names, mut parts): (Vec<String>, Vec<Vec<usize>>) = sums.into_iter().unzip();
        for (name, parts) in names.iter().zip(&mut parts) {
            parts.sort_unstable();
            parts.dedup();
            if parts.last().is_none_or(|last| *last >= leaves.len()) {
                return Err(HierarchyError::WrongParts(name.clone()));
            }
        }
        let ids: Vec<String> = leaves.iter().cloned().chain(names).collect();
        let mut sorted: Vec<&String> = ids.iter().collect();
        sorted.sort();
        if let Some(pair) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(HierarchyError::RepeatedName(pair[0].clone()));
        }
        Ok(Self { leaves: leaves.len(), ids, parts })
    }

    /// A hierarchy from the labels of leaves: one sum per label of each column and one of everything, called `total`.
    /// A sum is called `column=label`. `columns` hold a name and one label per leaf.
    ///
    /// # Errors
    /// [`HierarchyError::RepeatedName`] or [`HierarchyError::WrongParts`], the latter for a column of another length.
    pub fn of_labels(leaves: &[String], columns: &[(String, Vec<String>)]) -> Result<Self, HierarchyError> {
        let mut sums = Vec::new();
        for (name, labels) in columns {
            if labels.len() != leaves.len() {
                return Err(HierarchyError::WrongParts(name.clone()));
            }
            let mut by_label: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            labels.iter().enumerate().for_each(|(leaf, label)| by_label.entry(label).or_default().push(leaf));
            sums.extend(by_label.into_iter().map(|(label, parts)| (format!("{name}={label}"), parts)));
        }
        sums.push(("total".to_owned(), (0..leaves.len()).collect()));
        Self::new(leaves, sums)
    }

    /// Names of all nodes: leaves, then sums.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Number of leaves.
    #[must_use]
    pub const fn leaves(&self) -> usize {
        self.leaves
    }

    /// The leaves of each sum.
    #[must_use]
    pub fn parts(&self) -> &[Vec<usize>] {
        &self.parts
    }

    /// The value of every node, given one per leaf: leaves, then sums.
    #[must_use]
    pub fn add_up(&self, leaves: &[f64]) -> Vec<f64> {
        let sum = |parts: &Vec<usize>| parts.iter().map(|leaf| leaves[*leaf]).sum();
        leaves.iter().copied().chain(self.parts.iter().map(sum)).collect()
    }

    /// How far each sum is from its leaves.
    pub(crate) fn gaps(&self, nodes: &[f64]) -> Vec<f64> {
        let gap = |(sum, parts): (&f64, &Vec<usize>)| sum - parts.iter().map(|leaf| nodes[*leaf]).sum::<f64>();
        nodes[self.leaves..].iter().zip(&self.parts).map(gap).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn labels_become_sums_and_a_total() {
        let columns = [("store".to_owned(), names(&["x", "y", "x"]))];
        let hierarchy = Hierarchy::of_labels(&names(&["a", "b", "c"]), &columns).unwrap();
        assert_eq!(hierarchy.ids(), names(&["a", "b", "c", "store=x", "store=y", "total"]));
        assert_eq!(hierarchy.add_up(&[1.0, 2.0, 4.0]), [1.0, 2.0, 4.0, 5.0, 2.0, 7.0]);
    }

    #[test]
    fn names_and_parts_are_checked() {
        let sum = |name: &str, parts| vec![(name.to_owned(), parts)];
        let new = |sums| Hierarchy::new(&names(&["a", "b"]), sums);
        assert_eq!(new(sum("a", vec![0])), Err(HierarchyError::RepeatedName("a".to_owned())));
        assert_eq!(new(sum("s", vec![])), Err(HierarchyError::WrongParts("s".to_owned())));
        assert_eq!(new(sum("s", vec![2])), Err(HierarchyError::WrongParts("s".to_owned())));
    }
}
