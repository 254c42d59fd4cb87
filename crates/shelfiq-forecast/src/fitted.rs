//! What was found for one series: which models continue it, and how far they may be off.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ensemble::combine;
use crate::exact::Exact;
use crate::experience::Experience;
use crate::forecast::{Outlook, skill};
use crate::group::GroupKey;
use crate::history::History;
use crate::outcome::{Forecast, Member, Skill, Status};
use crate::pupil::Pupil;
use crate::series::Series;
use crate::trial::{Candidate, Method, OBSERVED_MIN};
use crate::tried::{Tried, scatter_of};

/// One series with its models tried and weighed, by [`Experience::fit`]: some hundred bytes. It can be stored with
/// serde; what is read back answers the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    id: String,
    /// The moment at which its history ended.
    ends: i64,
    /// Absent where nothing was observed.
    found: Option<Found>,
}

/// What trials found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Found {
    key: GroupKey,
    /// Whether models could be tried.
    is_tried: bool,
    /// Weights above zero, in the order of methods.
    for_mean: Vec<Share>,
    for_median: Vec<Share>,
    /// Size of a first-step error of single periods, and of sums.
    #[serde(with = "crate::exact")]
    scales: (f64, f64),
    #[serde(with = "crate::exact")]
    skill: Option<Skill>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Share {
    method: Method,
    #[serde(with = "crate::exact")]
    weight: f64,
}

impl Fitted {
    pub(crate) fn new(experience: &Experience, series: &Series, tried: &Tried<'_>) -> Self {
        let shares = |weights: &[f64]| {
            let all = tried.trial.candidates.iter().zip(weights);
            let share = |(candidate, weight): (&Candidate, &f64)| Share { method: candidate.method, weight: *weight };
            all.filter(|(_, weight)| **weight > 0.0).map(share).collect()
        };
        let group = experience.group(&tried.key);
        let (single, cumulative) = (&tried.ensemble.errors, &tried.ensemble.cumulative_errors);
        let found = Found {
            key: tried.key,
            is_tried: !tried.trial.origins.is_empty(),
            for_mean: shares(&tried.for_mean),
            for_median: shares(&tried.for_median),
            scales: (group.single.scale_of(single), group.cumulative.scale_of(cumulative)),
            skill: skill(tried),
        };
        Self { found: Some(found), ..Self::of_nothing(experience, series) }
    }

    /// For a series of which nothing was observed.
    pub(crate) fn of_nothing(experience: &Experience, series: &Series) -> Self {
        Self { id: series.id().to_owned(), ends: experience.moment(series), found: None }
    }

    /// The series.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The forecast of a history that is the one that was fitted, or has grown since; `None` if the fit is of no use for
    /// it.
    pub(crate) fn forecast(&self, experience: &Experience, series: &Series) -> Option<Forecast> {
        let found = self.found.as_ref()?;
        let grown = usize::try_from(experience.moment(series) - self.ends).ok()?;
        // Where nothing could be tried then, it can perhaps now.
        let grown_max = if found.is_tried { experience.options().horizon } else { 0 };
        if series.id() != self.id || grown > grown_max {
            return None;
        }
        let pupil = Pupil::untried(series, experience.options())?;
        let methods: BTreeSet<Method> =
            found.for_mean.iter().chain(&found.for_median).map(|share| share.method).collect();
        let methods: Vec<Method> = methods.into_iter().collect();
        let paths = experience.ahead(series, &pupil, &methods)?;
        let path = |shares: &[Share]| {
            let weights: Vec<f64> = shares.iter().map(|share| share.weight).collect();
            combine(
                &weights,
                shares.iter().filter_map(|share| Some(&paths[methods.binary_search(&share.method).ok()?])),
            )
        };
        self.tell(experience, series, &pupil.history, (&path(&found.for_mean), &path(&found.for_median)))
    }

    /// The forecast of a series whose models expect such means and medians ahead; `None` where nothing was observed.
    pub(crate) fn tell(
        &self,
        experience: &Experience,
        series: &Series,
        history: &History,
        (mean, median): (&[f64], &[f64]),
    ) -> Option<Forecast> {
        let found = self.found.as_ref()?;
        let status = if found.is_tried {
            Status::Ready
        } else {
            Status::ShortHistory { observed: history.observed(), needed: OBSERVED_MIN }
        };
        let mut members: Vec<Member> =
            found.for_mean.iter().map(|share| Member { model: share.method.name(), weight: share.weight }).collect();
        members.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let model = match members.as_slice() {
            [only] => only.model.clone(),
            _ => "ensemble".to_owned(),
        };
        let outlook = Outlook {
            is_nonnegative: history.is_nonnegative,
            scatter: scatter_of(history, found.key, found.is_tried),
            scales: found.scales,
            group: experience.group(&found.key),
            mean,
            median,
        };
        Some(Forecast {
            id: series.id().to_owned(),
            status,
            class: history.class,
            season_periods: history.seasons.main,
            model,
            members,
            skill: found.skill,
            steps: outlook.steps(series, &experience.options().levels),
        })
    }
}

impl Exact for Skill {
    type Bits = (u64, Option<u64>, u64, usize);
    fn bits(&self) -> Self::Bits {
        (self.mase.bits(), self.wape.bits(), self.over_seasonal_naive.bits(), self.origins)
    }
    fn of((mase, wape, over_seasonal_naive, origins): Self::Bits) -> Self {
        Self { mase: f64::of(mase), wape: Option::of(wape), over_seasonal_naive: f64::of(over_seasonal_naive), origins }
    }
}
