//! The detector of one series.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::brain::Brain;
use crate::season::{PERIOD_MAX, find_season};
use crate::stillness::Stillness;
use crate::vigilance::Suspect;
use crate::{AnomalyError, AnomalyKind, Cadence, Verdict};

/// A season is waited for twice if that takes no more values than this; longer ones are learnt on the way.
const WARM_UP_OF_SEASON_MAX: usize = 60;
/// Larger values are taken for this one, so that sums and squares of them stay finite.
const VALUE_MAX: f64 = 1e150;
/// Values that are remembered for looking again at scale and seasons.
const HISTORY_MAX: usize = 8_192;
/// How a series is watched.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DetectorConfig {
    /// Share of values that raise an alarm in a series in which nothing happens. `None` takes the cadence's, see
    /// [`Cadence::false_alarm_rate`].
    pub false_alarm_rate: Option<f64>,
    /// Seasons in values, shortest first; `Some` of an empty list for none. `None` takes what the calendar suggests.
    pub seasons: Option<Vec<usize>>,
}

impl DetectorConfig {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`AnomalyError::BadRate`] or [`AnomalyError::BadSeason`].
    pub fn validate(&self) -> Result<(), AnomalyError> {
        if let Some(rate) = self.false_alarm_rate.filter(|rate| !(1e-6..=0.2).contains(rate)) {
            return Err(AnomalyError::BadRate { rate: rate.to_string(), min: "0.000001", max: "0.2" });
        }
        let impossible = self.seasons.iter().flatten().find(|period| !(2..=PERIOD_MAX).contains(*period));
        impossible.map_or(Ok(()), |period| Err(AnomalyError::BadSeason { period: *period, max: PERIOD_MAX }))
    }
}

/// Watches one series, value by value. The state can be stored and taken up again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Detector {
    cadence: Cadence,
    false_alarm_rate: f64,
    seasons: Vec<usize>,
    /// Whether the values themselves must tell the season, because neither the settings nor the calendar do.
    finds_seasons: bool,
    warm_up: usize,
    history: VecDeque<(i64, f64)>,
    seen: usize,
    last_position: Option<i64>,
    told_at: Option<i64>,
    rebuild_at: usize,
    model: Option<Brain>,
    stillness: Stillness,
}

impl Detector {
    /// A detector for a series of this cadence. Which of its possible seasons are real is learnt.
    ///
    /// # Errors
    /// [`AnomalyError`] if the settings are out of bounds.
    pub fn new(config: &DetectorConfig, cadence: Cadence) -> Result<Self, AnomalyError> {
        config.validate()?;
        let mut seasons = config.seasons.clone().unwrap_or_else(|| cadence.seasons());
        seasons.sort_unstable();
        seasons.dedup();
        let two_seasons =
            seasons.first().map(|shortest| 2 * shortest).filter(|values| *values <= WARM_UP_OF_SEASON_MAX);
        let warm_up = cadence.warm_up().max(two_seasons.unwrap_or(0));
        Ok(Self {
            false_alarm_rate: config.false_alarm_rate.unwrap_or_else(|| cadence.false_alarm_rate()),
            cadence,
            finds_seasons: config.seasons.is_none() && seasons.is_empty(),
            seasons,
            warm_up,
            history: VecDeque::new(),
            seen: 0,
            last_position: None,
            told_at: None,
            rebuild_at: warm_up,
            model: None,
            stillness: Stillness::default(),
        })
    }

    /// Judges a value by what came before it, then learns it.
    ///
    /// `position` is the value's place on an even grid (days, hours, steps); gaps are allowed. A value that is not finite
    /// is missing.
    pub fn observe(&mut self, position: i64, value: f64) -> Verdict {
        let absent = self.last_position.map_or(0, |last| position.saturating_sub(last).saturating_sub(1).max(0));
        self.last_position = Some(position);
        if !value.is_finite() {
            let verdict = self.observe_missing(position, absent + 1);
            return self.once(position, verdict);
        }
        let gap = if absent > 0 { self.observe_missing(position, absent) } else { Verdict::undecided(None) };
        let value = value.clamp(-VALUE_MAX, VALUE_MAX);
        let (run_length, probability) = self.stillness.look(value);
        let mut verdict = match &mut self.model {
            Some(model) => model.observe(position, value),
            None => Verdict::undecided(None),
        };
        if verdict.kind.is_none() && gap.is_anomaly() {
            verdict = Verdict { band: verdict.band, ..gap };
        } else if let Some(model) = &self.model {
            // A count that stays at nothing is a level, which the sums of counts judge.
            let probability = if model.judges_nothing() && value == 0.0 { 1.0 } else { probability };
            let still = model.vigilance().weigh(Suspect::Stillness, probability);
            if verdict.kind.is_none() && model.vigilance().is_alarming(still) {
                self.stillness.tell();
                let (p_value, score) = (still, model.vigilance().score(still));
                verdict = Verdict { p_value, score, kind: Some(AnomalyKind::Flatline), run_length, ..verdict };
            }
        }
        self.remember(position, value);
        self.once(position, verdict)
    }

    /// Values seen so far, missing ones left out.
    #[must_use]
    pub const fn seen(&self) -> usize {
        self.seen
    }

    /// Values that must be seen before the first verdict.
    #[must_use]
    pub const fn warm_up(&self) -> usize {
        self.warm_up
    }

    /// Where values come every few minutes, an incident is told once an hour: its other values are no alarms.
    fn once(&mut self, position: i64, verdict: Verdict) -> Verdict {
        if !verdict.is_anomaly() {
            return verdict;
        }
        let pause = self.cadence.pause();
        if self.told_at.is_some_and(|told| position.saturating_sub(told) <= pause && pause > 0) {
            return Verdict { score: verdict.score.min(0.5), ..Verdict::undecided(verdict.band) };
        }
        self.told_at = Some(position);
        verdict
    }

    /// Judges that so many values are missing, up to a position.
    fn observe_missing(&mut self, position: i64, count: i64) -> Verdict {
        let (run_length, probability) = self.stillness.look_missing(u32::try_from(count).unwrap_or(u32::MAX));
        let Some(model) = &self.model else { return Verdict::undecided(None) };
        let verdict = Verdict::undecided(Some(model.band(position)));
        let p_value = model.vigilance().weigh(Suspect::Stillness, probability);
        if !model.vigilance().is_alarming(p_value) {
            return verdict;
        }
        Verdict {
            p_value,
            score: model.vigilance().score(p_value),
            kind: Some(AnomalyKind::Missing),
            run_length,
            ..verdict
        }
    }

    /// Keeps the value, and looks again at scale and seasons whenever twice as many values are known.
    fn remember(&mut self, position: i64, value: f64) {
        self.seen += 1;
        self.history.push_back((position, value));
        if self.history.len() > HISTORY_MAX {
            self.history.pop_front();
        }
        if self.seen >= self.rebuild_at {
            self.rebuild_at = self.seen.saturating_mul(2);
            let history = self.history.make_contiguous();
            // What counts teach does not depend on a scale that more of them could change.
            if !self.finds_seasons && self.model.as_ref().is_some_and(|model| model.still_fits(history)) {
                return;
            }
            if self.finds_seasons {
                self.seasons = find_season(history).into_iter().collect();
            }
            self.model = Some(Brain::of(history, self.cadence, self.warm_up, &self.seasons, self.false_alarm_rate));
        }
    }
}
