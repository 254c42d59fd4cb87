//! Kinds of demand, after Syntetos, Boylan & Croston, "On the categorization of demand patterns" (JORS 2005).

use serde::{Deserialize, Serialize};

/// How regularly something sells, and how evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DemandClass {
    /// Sells in most periods, in even quantities.
    Smooth,
    /// Sells in most periods, in uneven quantities.
    Erratic,
    /// Sells now and then, in even quantities.
    Intermittent,
    /// Sells now and then, in uneven quantities.
    Lumpy,
    /// Too few periods since its first sale to say.
    New,
}

/// Mean distance between sales above which demand is intermittent.
const INTERVAL_MAX: f64 = 1.32;
/// Squared coefficient of variation of the quantities sold above which demand is uneven.
const SPREAD_MAX: f64 = 0.49;
/// Periods below which nothing is said.
const PERIODS_MIN: usize = 8;

impl DemandClass {
    /// The class of a history. Periods before the first sale are left out: they tell of launch, not of demand.
    /// A history without any sale counts as intermittent.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let first = values.iter().position(|value| *value != 0.0).unwrap_or(0);
        let sales: Vec<f64> = values.iter().copied().filter(|value| *value != 0.0).collect();
        let periods = values.len() - first;
        if periods < PERIODS_MIN {
            return Self::New;
        }
        if sales.is_empty() {
            return Self::Intermittent;
        }
        let interval = periods as f64 / sales.len() as f64;
        let mean = sales.iter().sum::<f64>() / sales.len() as f64;
        let variance = sales.iter().map(|sale| (sale - mean).powi(2)).sum::<f64>() / sales.len() as f64;
        let uneven = variance > SPREAD_MAX * mean * mean;
        match (interval > INTERVAL_MAX, uneven) {
            (false, false) => Self::Smooth,
            (false, true) => Self::Erratic,
            (true, false) => Self::Intermittent,
            (true, true) => Self::Lumpy,
        }
    }

    /// Whether zeros are a normal outcome.
    #[must_use]
    pub const fn is_sparse(self) -> bool {
        matches!(self, Self::Intermittent | Self::Lumpy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_follow_interval_and_spread() {
        let check = |values: &[f64], class| assert_eq!(DemandClass::of(values), class, "{values:?}");
        check(&[5., 6., 5., 4., 5., 6., 5., 5.], DemandClass::Smooth);
        check(&[5., 60., 1., 4., 50., 6., 1., 5.], DemandClass::Erratic);
        check(&[5., 0., 0., 4., 0., 6., 0., 0.], DemandClass::Intermittent);
        check(&[50., 0., 0., 1., 0., 6., 0., 0.], DemandClass::Lumpy);
        check(&[0.; 20], DemandClass::Intermittent);
        check(&[0., 0., 0., 0., 0., 0., 0., 3.], DemandClass::New);
    }
}
