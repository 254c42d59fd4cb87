//! What the columns of the trees' table mean, for a whole panel.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shelfiq_boost::Monotone;

use super::Member;
use crate::series::Series;

/// Regressors used at most, in input order.
const REGRESSORS_MAX: usize = 12;
/// Columns before categories and regressors.
const FIXED: usize = 3 + 11 + 6 + 3;
/// Columns per regressor.
pub(crate) const PER_REGRESSOR: usize = 6;

/// The columns that describe a series, an origin and a step.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Columns {
    pub(crate) categories: Vec<CategoryColumn>,
    pub(crate) regressors: Vec<RegressorColumn>,
}

/// A category whose values are numbered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CategoryColumn {
    name: String,
    #[serde(with = "crate::exact")]
    codes: BTreeMap<String, f64>,
}

/// A regressor known ahead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RegressorColumn {
    pub(crate) name: String,
    pub(crate) shape: Shape,
}

/// How values of a regressor compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Shape {
    /// What buyers pay: ratios count, and demand never rises with it.
    Price,
    /// Always above zero: ratios count.
    Positive,
    /// Anything else: differences count.
    Plain,
}

impl Shape {
    pub(crate) const fn is_ratio(self) -> bool {
        matches!(self, Self::Price | Self::Positive)
    }
}

impl Columns {
    /// What the members have in common. Nothing of it depends on values of the series.
    pub(crate) fn of(members: &[Member<'_>], horizon: usize) -> Self {
        let mut names: Vec<&str> = Vec::new();
        for regressor in members.iter().flat_map(|member| member.series.regressors()) {
            if names.len() < REGRESSORS_MAX && !names.contains(&regressor.name.as_str()) {
                names.push(&regressor.name);
            }
        }
        let regressors = names.into_iter().filter_map(|name| RegressorColumn::of(name, members, horizon)).collect();
        let mut texts: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (name, value) in members.iter().flat_map(|member| member.series.categories()) {
            texts.entry(name).or_default().insert(value);
        }
        // A name of its own for every series tells nothing of others.
        let tells = |values: &BTreeSet<&str>| values.len() > 1 && 2 * values.len() <= members.len();
        let categories = texts
            .into_iter()
            .filter(|(_, values)| tells(values))
            .map(|(name, values)| CategoryColumn {
                name: name.to_owned(),
                codes: values.into_iter().enumerate().map(|(code, value)| (value.to_owned(), code as f64)).collect(),
            })
            .collect();
        Self { categories, regressors }
    }

    /// Number of columns.
    pub(crate) fn width(&self) -> usize {
        FIXED + self.categories.len() + PER_REGRESSOR * self.regressors.len()
    }

    /// What is promised of each column.
    pub(crate) fn monotone(&self) -> Vec<Monotone> {
        let mut promises = vec![Monotone::Free; FIXED + self.categories.len()];
        for regressor in &self.regressors {
            let now = if regressor.shape == Shape::Price { Monotone::Falling } else { Monotone::Free };
            // The price of the period itself, against four others; then what does not depend on it.
            promises.extend([Monotone::Free, now, now, now, now, Monotone::Free]);
        }
        promises
    }
}

impl CategoryColumn {
    pub(crate) fn code(&self, series: &Series) -> f64 {
        series.categories().get(&self.name).and_then(|value| self.codes.get(value)).copied().unwrap_or(f64::NAN)
    }
}

impl RegressorColumn {
    /// `None` unless most who have it know it ahead, and it varies.
    fn of(name: &str, members: &[Member<'_>], horizon: usize) -> Option<Self> {
        let (mut having, mut knowing, mut varying) = (0_usize, 0_usize, 0_usize);
        let mut lowest = f64::INFINITY;
        for member in members {
            let Some(found) = member.series.regressors().iter().find(|regressor| regressor.name == name) else {
                continue;
            };
            let present = member.series.values().len();
            let mut coming = found.values.iter().skip(present).take(horizon);
            having += 1;
            knowing += usize::from(coming.any(|value| !value.is_nan()));
            let known = || found.values.iter().copied().filter(|value| !value.is_nan());
            let low = known().fold(f64::INFINITY, f64::min);
            varying += usize::from(known().any(|value| value > low));
            lowest = lowest.min(low);
        }
        let is_price = matches!(name.to_ascii_lowercase().as_str(), "price" | "unit_price") && lowest > 0.0;
        let shape = if is_price {
            Shape::Price
        } else if lowest > 0.0 {
            Shape::Positive
        } else {
            Shape::Plain
        };
        (2 * knowing > having && varying > 0).then(|| Self { name: name.to_owned(), shape })
    }
}
