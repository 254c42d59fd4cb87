//! From daily sales to comparable weekly series.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::amount::to_f64;
use crate::effect::synthetic::RelativeSeries;
use crate::effect::{DecisionCase, MeasureOptions, SalesHistory};
use crate::error::ExperimentError;
use crate::{DailyDemand, DayQuality, SalesDay};

/// Complete days that a week needs to count.
const DAYS_PER_WEEK_MIN: usize = 4;
/// Weeks before the decision that are needed at least.
pub(crate) const WEEKS_MIN: usize = 8;
/// Days to either side of a decision that must exist in the calendar.
const ROOM_DAYS: u64 = 4_000;
/// Share of a peer's weeks that may be missing; they are filled with what the other peers did.
const MISSING_SHARE_MAX: f64 = 0.25;
/// More peers than this hardly add anything.
const PEERS_MAX: usize = 40;

/// First and last measured day, and the days before that are compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) history_start: NaiveDate,
    pub(crate) first: NaiveDate,
    pub(crate) last: NaiveDate,
}

impl Window {
    /// # Errors
    /// [`ExperimentError::Invalid`] if the decision lies at an end of the calendar.
    pub(crate) fn of(case: &DecisionCase, options: &MeasureOptions) -> Result<Self, ExperimentError> {
        let first = case.first_day;
        let room = Days::new(ROOM_DAYS);
        if first.checked_sub_days(room).is_none() || first.checked_add_days(room).is_none() {
            let (quantity, expected) = ("the first day", "within the calendar");
            return Err(ExperimentError::Invalid { quantity, value: first.to_string(), expected });
        }
        Ok(Self {
            history_start: first - Days::new(u64::from(options.history_days)),
            first,
            last: first + Days::new(u64::from(options.measure_days.max(1)) - 1),
        })
    }

    fn days_before(&self) -> usize {
        usize::try_from((self.first - self.history_start).num_days()).unwrap_or(0)
    }
}

/// One Sku in the window.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    /// Level and weekly pattern before the decision.
    pub(crate) demand: DailyDemand,
    /// Level of each week before the decision in units a day, latest first; `None` where too few days are complete.
    weeks: Vec<Option<f64>>,
    /// Complete days measured.
    pub(crate) after: BTreeMap<NaiveDate, SalesDay>,
    /// Whether a day of the window did not count.
    pub(crate) has_censored_days: bool,
}

impl Prepared {
    /// `None` without four whole weeks and a sale before the decision.
    pub(crate) fn of(history: &SalesHistory, window: &Window) -> Option<Self> {
        let complete = history.days.iter().filter(|day| day.quality == DayQuality::Complete);
        let (mut before, mut after) = (Vec::new(), BTreeMap::new());
        for day in complete {
            if (window.history_start..window.first).contains(&day.day) {
                before.push(*day);
            } else if (window.first..=window.last).contains(&day.day) {
                after.insert(day.day, *day);
            }
        }
        // Sums must not depend on the order in which rows come.
        before.sort_by_key(|day| day.day);
        let demand = DailyDemand::of_history(&before)?;
        let mut sums = vec![(0.0, 0.0, 0); window.days_before() / 7];
        for day in &before {
            let back = usize::try_from((window.first - day.day).num_days() - 1).unwrap_or(0);
            if let Some((units, weight, days)) = sums.get_mut(back / 7) {
                *units += to_f64(day.units.units().into());
                *weight += demand.weight(day.day);
                *days += 1;
            }
        }
        let level = |(units, weight, days): (f64, f64, usize)| {
            (days >= DAYS_PER_WEEK_MIN && weight > 0.0).then(|| units.max(0.0) / weight)
        };
        let has_censored_days = after.len() < usize::try_from((window.last - window.first).num_days() + 1).unwrap_or(0);
        Some(Self { demand, weeks: sums.into_iter().map(level).collect(), after, has_censored_days })
    }

    /// Weeks before the decision that count, as indices back from it.
    pub(crate) fn whole_weeks(&self) -> Vec<usize> {
        (0..self.weeks.len()).filter(|&week| self.weeks[week].is_some()).collect()
    }

    /// Mean level of those weeks, units a day.
    pub(crate) fn level(&self, weeks: &[usize]) -> f64 {
        let levels: Vec<f64> = weeks.iter().filter_map(|&week| self.weeks[week]).collect();
        levels.iter().sum::<f64>() / levels.len().max(1) as f64
    }

    /// Level over those of `days` that are complete, units a day; `None` if fewer than half are.
    fn level_after(&self, days: &[NaiveDate]) -> Option<f64> {
        let (units, weight, count) =
            days.iter().filter_map(|day| self.after.get(day)).fold((0.0, 0.0, 0), |(units, weight, count), day| {
                (units + to_f64(day.units.units().into()), weight + self.demand.weight(day.day), count + 1)
            });
        (2 * count >= days.len() && weight > 0.0).then(|| units / weight)
    }

    fn series(&self, weeks: &[usize], days: &[NaiveDate], common: &[f64]) -> Option<RelativeSeries> {
        let missing = weeks.iter().filter(|&&week| self.weeks[week].is_none()).count();
        let level = self.level(weeks);
        if missing as f64 > MISSING_SHARE_MAX * weeks.len() as f64 || level <= 0.0 {
            return None;
        }
        let value = |(index, &week): (usize, &usize)| {
            self.weeks[week].map_or_else(|| common.get(index).copied().unwrap_or(1.0), |units| units / level)
        };
        let mut before: Vec<f64> = weeks.iter().enumerate().map(value).collect();
        let mean = before.iter().sum::<f64>() / before.len() as f64;
        before.iter_mut().for_each(|value| *value /= mean);
        Some(RelativeSeries { before, after: self.level_after(days)? / (level * mean) })
    }
}

/// The decided Sku and its usable peers over the weeks and days on which the decided Sku itself counts.
pub(crate) struct Comparison {
    pub(crate) decided: RelativeSeries,
    /// Index into the peers of the case, and the series.
    pub(crate) peers: Vec<(usize, RelativeSeries)>,
}

impl Comparison {
    /// `None` if the decided Sku has too little history or too few measured days.
    pub(crate) fn of(case: &DecisionCase, window: &Window, decided: &Prepared) -> Option<Self> {
        let weeks = decided.whole_weeks();
        let days: Vec<NaiveDate> = decided.after.keys().copied().collect();
        let measured = usize::try_from((window.last - window.first).num_days() + 1).unwrap_or(usize::MAX);
        if weeks.len() < WEEKS_MIN || 2 * days.len() < measured {
            return None;
        }
        let prepared: Vec<(usize, Prepared)> = case
            .peers
            .iter()
            .enumerate()
            .filter(|(_, peer)| peer.sku != case.decided.sku)
            .filter_map(|(index, peer)| Some((index, Prepared::of(peer, window)?)))
            .collect();
        let common = common_movement(&prepared, &weeks);
        let mut peers: Vec<(usize, RelativeSeries)> =
            prepared.iter().filter_map(|(index, peer)| Some((*index, peer.series(&weeks, &days, &common)?))).collect();
        let decided = decided.series(&weeks, &days, &[])?;
        keep_closest(&mut peers, &decided);
        Some(Self { decided, peers })
    }
}

/// Mean relative level of the peers in each week: what fills a gap in one of them.
fn common_movement(peers: &[(usize, Prepared)], weeks: &[usize]) -> Vec<f64> {
    let relative = |peer: &Prepared, week: usize| peer.weeks[week].map(|units| units / peer.level(weeks).max(1e-9));
    weeks
        .iter()
        .map(|&week| {
            let values: Vec<f64> = peers.iter().filter_map(|(_, peer)| relative(peer, week)).collect();
            if values.is_empty() { 1.0 } else { values.iter().sum::<f64>() / values.len() as f64 }
        })
        .collect()
}

fn keep_closest(peers: &mut Vec<(usize, RelativeSeries)>, decided: &RelativeSeries) {
    let distance =
        |peer: &RelativeSeries| -> f64 { peer.before.iter().zip(&decided.before).map(|(a, b)| (a - b).powi(2)).sum() };
    peers.sort_by(|(i, a), (j, b)| distance(a).total_cmp(&distance(b)).then(i.cmp(j)));
    peers.truncate(PEERS_MAX);
}
