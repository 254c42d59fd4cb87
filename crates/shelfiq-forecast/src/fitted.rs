//! What was found for one series: which models continue it, and how far they may be off.

use serde::{Deserialize, Serialize};

use crate::counts::Scatter;
use crate::drivers::Drivers;
use crate::ensemble::combine;
use crate::exact::Exact;
use crate::experience::Experience;
use crate::forecast::{Outlook, skill};
use crate::group::GroupKey;
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
    /// The models that take part in the mean or in the median, in the order of methods.
    parts: Vec<Part>,
    /// Size of a first-step error of single periods, and of sums.
    #[serde(with = "crate::exact")]
    scales: (f64, f64),
    #[serde(with = "crate::exact")]
    skill: Option<Skill>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Part {
    method: Method,
    /// For the mean, and for the median.
    #[serde(with = "crate::exact")]
    weights: (f64, f64),
    /// Parameters chosen.
    #[serde(with = "crate::exact")]
    tuned: Vec<f64>,
}

impl Fitted {
    pub(crate) fn new(experience: &Experience, series: &Series, tried: &Tried<'_>) -> Self {
        let weights = tried.for_mean.iter().copied().zip(tried.for_median.iter().copied());
        let all = tried.trial.candidates.iter().zip(weights);
        let parts = all.filter(|(_, (mean, median))| *mean > 0.0 || *median > 0.0);
        let part = |(candidate, weights): (&Candidate, (f64, f64))| Part {
            method: candidate.method,
            weights,
            tuned: candidate.tuned.clone(),
        };
        let group = experience.group(&tried.key);
        let (single, cumulative) = (&tried.ensemble.errors, &tried.ensemble.cumulative_errors);
        let found = Found {
            key: tried.key,
            is_tried: !tried.trial.origins.is_empty(),
            parts: parts.map(part).collect(),
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

    /// The forecasts of futures of a history that is the one that was fitted, or has grown since; `None` if the fit is of
    /// no use for it, or for one of the futures.
    pub(crate) fn forecasts(&self, experience: &Experience, futures: &[Series]) -> Option<Vec<Option<Forecast>>> {
        let (found, series) = (self.found.as_ref()?, futures.first()?);
        let grown = usize::try_from(experience.moment(series) - self.ends).ok()?;
        // Where nothing could be tried then, it can perhaps now.
        let grown_max = if found.is_tried { experience.options().horizon } else { 0 };
        if series.id() != self.id || grown > grown_max {
            return None;
        }
        let mut pupil = Pupil::untried(series, experience.options())?;
        experience.becalm(series, &mut pupil);
        let methods: Vec<(Method, &[f64])> = found.parts.iter().map(|part| (part.method, &*part.tuned)).collect();
        let ahead = experience.ahead(&pupil, &methods);
        let teller = self.teller(experience, &pupil)?;
        let under = |future: &Series| {
            let drivers = Drivers::of(future, &pupil.history, experience.options().horizon);
            let is_like = match (&drivers, &pupil.drivers) {
                (None, None) => true,
                (Some(drivers), Some(own)) => drivers.is_like(own),
                _ => false,
            };
            let local = is_like.then(|| ahead.under(drivers.as_ref()))?;
            let paths: Option<Vec<Vec<f64>>> = methods
                .iter()
                .zip(local)
                .map(|((method, _), local)| match method {
                    Method::Alone(_) | Method::Driven(_) => local,
                    Method::Global(learner) => experience.ahead_of_all(*learner, future, &pupil),
                })
                .collect();
            let paths = paths?;
            let path =
                |weight: fn(&Part) -> f64| combine(&found.parts.iter().map(weight).collect::<Vec<_>>(), paths.iter());
            let (mean, median) = (path(|part| part.weights.0), path(|part| part.weights.1));
            Some(teller.tell(future, (&mean, &median)))
        };
        Some(futures.iter().map(under).collect())
    }

    /// Who tells forecasts of such a series; `None` where nothing was observed.
    pub(crate) fn teller<'a>(&'a self, experience: &'a Experience, pupil: &'a Pupil) -> Option<Teller<'a>> {
        let found = self.found.as_ref()?;
        Some(Teller { found, experience, pupil, scatter: scatter_of(&pupil.history, found.key, found.is_tried) })
    }
}

/// What turns the expectations of models into forecasts of one series.
pub(crate) struct Teller<'a> {
    found: &'a Found,
    experience: &'a Experience,
    pupil: &'a Pupil,
    scatter: Option<Scatter>,
}

impl Teller<'_> {
    /// The forecast of a series whose models expect such means and medians ahead.
    pub(crate) fn tell(&self, series: &Series, (mean, median): (&[f64], &[f64])) -> Forecast {
        let Self { found, experience, pupil, scatter } = self;
        let history = &pupil.history;
        let status = if found.is_tried {
            Status::Ready
        } else {
            Status::ShortHistory { observed: history.observed(), needed: OBSERVED_MIN }
        };
        let counted = found.parts.iter().filter(|part| part.weights.0 > 0.0);
        let mut members: Vec<Member> =
            counted.map(|part| Member { model: part.method.name(), weight: part.weights.0 }).collect();
        members.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let model = match members.as_slice() {
            [only] => only.model.clone(),
            _ => "ensemble".to_owned(),
        };
        let outlook = Outlook {
            is_nonnegative: history.is_nonnegative,
            scatter: scatter.as_ref(),
            scales: found.scales,
            sizes: &pupil.error_sizes(history.values.len(), mean.len()),
            group: experience.group(&found.key),
            mean,
            median,
        };
        Forecast {
            id: series.id().to_owned(),
            status,
            class: history.class,
            season_periods: history.seasons.main,
            model,
            members,
            skill: found.skill,
            steps: outlook.steps(series, &experience.options().levels),
            holiday_factors: pupil.holiday_factors(mean.len()),
            yearly_factors: pupil.yearly_factors(series, mean.len()),
        }
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
