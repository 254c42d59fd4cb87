//! Groups of similar series, which pool what they learnt.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::counts::Calibration;
use crate::demand_class::DemandClass;
use crate::history::History;
use crate::options::Level;
use crate::spread::{ErrorPool, PastErrors, Reach};
use crate::tried::{Tried, Voice};

/// Whole numbers whose mean is below this are forecast as counts, with whole ends of intervals.
const COUNTS_BELOW: f64 = 20.0;
/// Series that a class needs for a group of its own.
const CLASS_MIN: usize = 20;

/// Series are similar if they share the season and the kind of demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct GroupKey {
    season: usize,
    is_sparse: bool,
    pub(crate) is_count: bool,
    /// Absent in the group of those whose own class has too few series.
    class: Option<DemandClass>,
}

impl GroupKey {
    pub(crate) fn of(history: &History) -> Self {
        let mean = history.values.iter().sum::<f64>() / history.values.len().max(1) as f64;
        let is_sparse = history.class.is_sparse();
        let is_count = history.is_nonnegative && (is_sparse || history.is_whole && mean < COUNTS_BELOW);
        Self { season: history.seasons.main, is_sparse, is_count, class: Some(history.class) }
    }

    /// The group of those whose class has too few series.
    pub(crate) const fn rest(self) -> Self {
        Self { class: None, ..self }
    }

    /// Those with whom it learns which models to trust: how far they miss is learnt from each class alone.
    pub(crate) const fn kind(self) -> Self {
        Self { class: None, is_count: false, ..self }
    }
}

/// The group of each series, in their order. Classes with too few series share one.
pub(crate) fn group_keys(own: &[GroupKey]) -> Vec<GroupKey> {
    let mut sizes: BTreeMap<GroupKey, usize> = BTreeMap::new();
    own.iter().for_each(|key| *sizes.entry(*key).or_default() += 1);
    own.iter().map(|key| if sizes[key] < CLASS_MIN { key.rest() } else { *key }).collect()
}

/// Something for each group. Stored as a list, since keys of maps must be text in some formats.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Vec<(GroupKey, T)>", into = "Vec<(GroupKey, T)>")]
pub(crate) struct ByGroup<T: Clone>(pub(crate) BTreeMap<GroupKey, T>);

impl<T: Clone> From<Vec<(GroupKey, T)>> for ByGroup<T> {
    fn from(list: Vec<(GroupKey, T)>) -> Self {
        Self(list.into_iter().collect())
    }
}

impl<T: Clone> From<ByGroup<T>> for Vec<(GroupKey, T)> {
    fn from(groups: ByGroup<T>) -> Self {
        groups.0.into_iter().collect()
    }
}

/// What similar series know together of how far they may be off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) single: ErrorPool,
    pub(crate) cumulative: ErrorPool,
    pub(crate) calibration: Calibration,
}

impl Group {
    /// What these have seen, for intervals of these levels.
    fn new(members: &[(&Tried, &Voice)], levels: &[Level]) -> Self {
        let singles: Vec<&PastErrors> = members.iter().map(|(_, voice)| &voice.errors).collect();
        let sums: Vec<&PastErrors> = members.iter().map(|(_, voice)| &voice.cumulative_errors).collect();
        let needed: Vec<Vec<(usize, f64)>> =
            members.par_iter().map(|(tried, voice)| tried.shares_needed(voice)).collect();
        Self {
            single: ErrorPool::new(&singles, Reach::Single, levels),
            cumulative: ErrorPool::new(&sums, Reach::Cumulative, levels),
            calibration: Calibration::new(needed.into_iter().flatten(), levels),
        }
    }

    /// Who has seen nothing yet.
    pub(crate) fn unborn(levels: &[Level]) -> Self {
        Self::new(&[], levels)
    }

    /// Whether it can answer for so many levels, at every step.
    pub(crate) fn is_whole(&self, levels: usize) -> bool {
        self.single.is_whole(levels) && self.cumulative.is_whole(levels) && self.calibration.is_whole(levels)
    }
}

impl ByGroup<Group> {
    /// What each group has seen, for intervals of these levels.
    pub(crate) fn new(voices: &[(&Tried, &Voice)], levels: &[Level]) -> Self {
        let mut members: BTreeMap<GroupKey, Vec<(&Tried, &Voice)>> = BTreeMap::new();
        for (tried, voice) in voices {
            members.entry(tried.key).or_default().push((*tried, *voice));
        }
        Self(members.into_par_iter().map(|(key, members)| (key, Group::new(&members, levels))).collect())
    }
}
