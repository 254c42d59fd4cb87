//! Every series of a Sku put through the detector: value by value, each judged by what came before it.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use shelfiq_anomaly::{AnomalyKind, Cadence, Detector, DetectorConfig, Direction, Verdict, Wording};
use shelfiq_core::{CurrencyCode, UnitPrice, money_range_text, money_text};
use shelfiq_store::anomaly_answers::AnomalyMeasure;

use super::causes::{Coincidence, Subject};
use super::discretion::{Discretion, Standing};
use super::{DemandVerdict, NEWS_DAYS, Unusual, is_same};
use crate::brains::price::money_of;
use crate::facts::{Daily, SkuFacts};

const WEEK_DAYS: usize = 7;
const DAILY: Cadence = Cadence::Seconds(86_400);
const WEEKLY: Cadence = Cadence::Seconds(7 * 86_400);
/// Prices have no season of their own.
const STEPS: Cadence = Cadence::Steps(1);
/// Least distance of a rival's price from the expected one, as a share of it, that anybody should hear of.
const RIVAL_MOVE_MIN: f64 = 0.2;
/// A review with so many stars or fewer is a complaint.
const STARS_OF_COMPLAINTS: u8 = 2;
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// How often values of a measure are to how many days.
const fn cadence(measure: AnomalyMeasure) -> Cadence {
    match measure {
        AnomalyMeasure::Units
        | AnomalyMeasure::Reviews
        | AnomalyMeasure::Complaints
        | AnomalyMeasure::MissingStock
        | AnomalyMeasure::Traffic => DAILY,
        AnomalyMeasure::WeeklyUnits => WEEKLY,
        AnomalyMeasure::Price | AnomalyMeasure::RivalPrice => STEPS,
    }
}

/// The promised rate of alarms on a series in which nothing happens.
pub(crate) fn false_alarm_rate(measure: AnomalyMeasure) -> f64 {
    cadence(measure).false_alarm_rate()
}

/// What the detectors make of a Sku's values, whatever the merchant answered. Only the newest week is judged when it is
/// asked for: it leaves out days that were called usual.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(super) demand: DemandWatch,
    /// Every unusual day of demand, oldest first.
    pub(super) days: Vec<Unusual>,
    /// Our own prices.
    pub(super) prices: Sightings,
    /// Rivals, visits, reviews and what counts find missing.
    pub(super) beside: Sightings,
}

/// What is unusual among some values, and the probabilities of the newest of them, strange or not.
#[derive(Debug, Default)]
pub(super) struct Sightings {
    pub(super) unusual: Vec<Unusual>,
    pub(super) judged: Vec<Judged>,
}

/// Demand per day with the verdict on each day.
#[derive(Debug)]
pub(super) struct DemandWatch {
    daily: Daily<f64>,
    verdicts: Vec<Verdict>,
}

impl Watch {
    pub(crate) fn of(subject: &Subject<'_>) -> Self {
        let daily = subject.sku.daily_units();
        let verdicts = watch(&daily.values, DAILY);
        let demand = DemandWatch { daily, verdicts };
        Self {
            days: demand.days(subject),
            prices: prices(subject.sku, subject.currency),
            beside: beside_demand(subject.sku, subject.currency),
            demand,
        }
    }

    /// What is unusual about the subject's last `days` days, oldest first: told or not.
    pub(crate) fn unusual(&self, subject: &Subject<'_>, discretion: &Discretion, days: usize) -> Vec<Unusual> {
        let from = subject.sku.last_day() - Days::new(days.saturating_sub(1) as u64);
        let known = self.days.iter().chain(&self.prices.unusual).chain(&self.beside.unusual);
        let recent = known.filter(|unusual| unusual.day >= from).cloned();
        let mut found: Vec<Unusual> = recent.collect();
        found.extend(self.demand.week(subject, discretion).filter(|week| week.day >= from));
        found.sort_by_key(|unusual| (unusual.day, unusual.measure));
        found
    }
}

impl DemandWatch {
    /// Every unusual day.
    fn days(&self, subject: &Subject<'_>) -> Vec<Unusual> {
        let strange = self.daily.iter().zip(&self.verdicts).filter(|(_, verdict)| verdict.is_anomaly());
        strange
            .map(|((day, value), verdict)| {
                let (days, actual) = (1, *value);
                let sentence = on_a_day("sold", day, actual, verdict);
                let coincidences = self.day_coincidences(subject, day, actual, verdict);
                let (measure, verdict) = (AnomalyMeasure::Units, *verdict);
                Unusual { measure, day, days, judged_on: day, actual, verdict, sentence, coincidences }
            })
            .collect()
    }

    /// What happened around a spike, a drop, or the days of a new level. A slow drift and a silence have no day of their own.
    fn day_coincidences(
        &self,
        subject: &Subject<'_>,
        day: NaiveDate,
        actual: f64,
        verdict: &Verdict,
    ) -> Vec<Coincidence> {
        match verdict.kind {
            Some(AnomalyKind::Spike | AnomalyKind::Drop | AnomalyKind::NewExtreme) => {
                coincidences(subject, (day, 1), actual, verdict)
            }
            Some(AnomalyKind::LevelShift) => {
                let place = usize::try_from((day - subject.sku.first_day).num_days()).unwrap_or(0);
                let length = (verdict.run_length as usize).clamp(1, place + 1);
                let moved = &self.daily.values[place + 1 - length..=place];
                let mean = moved.iter().sum::<f64>() / length as f64;
                coincidences(subject, (day - Days::new(length as u64 - 1), length as u32), mean, verdict)
            }
            _ => Vec::new(),
        }
    }

    /// Probabilities of the last `days` days, strange or not.
    pub(super) fn judged(&self, days: usize) -> impl Iterator<Item = Judged> {
        let newest = self.daily.iter().zip(&self.verdicts).rev().take(days);
        newest
            .filter(|(_, verdict)| verdict.band.is_some())
            .map(|((day, _), verdict)| ((AnomalyMeasure::Units, day), verdict.p_value))
    }

    /// The newest week, if it is unusual.
    fn week(&self, subject: &Subject<'_>, discretion: &Discretion) -> Option<Unusual> {
        let (first_day, actual, verdict) = self.judged_week(subject, discretion)?;
        let unusual = as_unusual(first_day, actual, &verdict)?;
        let coincidences = coincidences(subject, (first_day, unusual.days), actual, &verdict);
        Some(Unusual { coincidences, ..unusual })
    }

    /// The last seven days against the weeks before, as an alert rule looks at them: slow sellers show on weeks what no
    /// day can show. What is not told lies inside its band.
    pub(super) fn newest_week(&self, subject: &Subject<'_>, discretion: &Discretion) -> Option<DemandVerdict> {
        let (first_day, actual, verdict) = self.judged_week(subject, discretion)?;
        let band = verdict.band?;
        let is_quiet = as_unusual(first_day, actual, &verdict)
            .is_some_and(|unusual| discretion.standing(subject.code(), &unusual) != Standing::Told);
        let seen = DemandVerdict {
            measure: AnomalyMeasure::WeeklyUnits,
            first_day,
            days: WEEK_DAYS as u32,
            actual,
            expected: band.expected,
            lo: band.lo,
            hi: band.hi,
            p_value: verdict.p_value,
        };
        Some(if is_quiet { DemandVerdict { p_value: 1.0, ..seen.calm() } } else { seen })
    }

    /// The newest week: its first day, its units and the verdict on them. A day that was called usual counts as what was
    /// expected of it, else its week would tell what the day may not.
    fn judged_week(&self, subject: &Subject<'_>, discretion: &Discretion) -> Option<(NaiveDate, f64, Verdict)> {
        let dismissed = discretion.dismissed(subject.code(), AnomalyMeasure::Units);
        let usual = |((day, value), verdict): ((NaiveDate, &f64), &Verdict)| match verdict.band {
            Some(band) if dismissed.contains(&day) => band.expected,
            _ => *value,
        };
        let usual: Vec<f64> = self.daily.iter().zip(&self.verdicts).map(usual).collect();
        let skipped = usual.len() % WEEK_DAYS;
        let weeks: Vec<f64> = usual[skipped..].chunks_exact(WEEK_DAYS).map(|week| week.iter().sum()).collect();
        let first_day = self.daily.first_day + Days::new((usual.len() - WEEK_DAYS.min(usual.len())) as u64);
        Some((first_day, *weeks.last()?, watch(&weeks, WEEKLY).pop()?))
    }
}

/// What happened in or just before the newest week, if it lies outside its band.
pub(super) fn week_coincidences(subject: &Subject<'_>, week: &DemandVerdict) -> Vec<Coincidence> {
    if !week.is_outside() {
        return Vec::new();
    }
    subject.coincidences((week.first_day, week.days), week.actual, week.expected)
}

fn coincidences(subject: &Subject<'_>, days: (NaiveDate, u32), actual: f64, verdict: &Verdict) -> Vec<Coincidence> {
    let expected = verdict.band.map(|band| band.expected);
    expected.map(|expected| subject.coincidences(days, actual, expected)).unwrap_or_default()
}

/// One verdict per value, each from the values before it.
fn watch(values: &[f64], cadence: Cadence) -> Vec<Verdict> {
    let Ok(mut detector) = Detector::new(&DetectorConfig::default(), cadence) else { return Vec::new() };
    values.iter().zip(0_i64..).map(|(value, position)| detector.observe(position, *value)).collect()
}

/// A week outside its band, whatever the detector makes of it: alert rules look at the band.
fn as_unusual(day: NaiveDate, actual: f64, verdict: &Verdict) -> Option<Unusual> {
    let band = verdict.band?;
    let kind = match verdict.kind {
        Some(kind) => kind,
        None if actual > band.hi => AnomalyKind::Spike,
        None if actual < band.lo => AnomalyKind::Drop,
        None => return None,
    };
    let verdict = Verdict { kind: Some(kind), ..*verdict };
    let when = format!("in the week from {day}");
    let wording = Wording { after_value: &format!("sold {when}"), when: "", season: None, decimals: 0 };
    let sentence = wording.sentence(actual, &verdict);
    let (measure, days) = (AnomalyMeasure::WeeklyUnits, WEEK_DAYS as u32);
    Some(Unusual { measure, day, days, judged_on: day, actual, verdict, sentence, coincidences: Vec::new() })
}

/// The probability of a value of a measure on a day.
pub(super) type Judged = ((AnomalyMeasure, NaiveDate), f64);

/// Our prices that are new and unlike the prices before them.
fn prices(sku: &SkuFacts, currency: CurrencyCode) -> Sightings {
    steps(sku, &sku.price, AnomalyMeasure::Price, |price, since, verdict| {
        price_sentence(price, since, verdict, currency)
    })
}

/// Values of a list that holds still between its steps. A value is judged by the days on which it was known; it is news for
/// some days after it came, and one entry however many of its days the detector finds strange.
fn steps(
    sku: &SkuFacts,
    list: &[f64],
    measure: AnomalyMeasure,
    sentence: impl Fn(f64, NaiveDate, &Verdict) -> String,
) -> Sightings {
    let known: Vec<(usize, f64)> = list.iter().copied().enumerate().filter(|(_, value)| value.is_finite()).collect();
    let verdicts = watch(&known.iter().map(|(_, value)| *value).collect::<Vec<_>>(), STEPS);
    let day_of = |place: usize| sku.first_day + Days::new(known[place].0 as u64);
    let mut since = 0;
    let mut by_step: BTreeMap<usize, Unusual> = BTreeMap::new();
    for (place, ((_, value), verdict)) in known.iter().zip(&verdicts).enumerate() {
        if place > 0 && !is_same(*value, known[place - 1].1) {
            since = place;
        }
        if !verdict.is_anomaly() || since == 0 || place - since >= NEWS_DAYS {
            continue;
        }
        by_step.entry(since).or_insert_with(|| Unusual {
            measure,
            day: day_of(since),
            days: 1,
            judged_on: day_of(place),
            actual: *value,
            verdict: *verdict,
            sentence: sentence(*value, day_of(since), verdict),
            coincidences: Vec::new(),
        });
    }
    let newest = verdicts.iter().enumerate().rev().take(NEWS_DAYS).filter(|(_, verdict)| verdict.band.is_some());
    let judged = newest.map(|(place, verdict)| ((measure, day_of(place)), verdict.p_value)).collect();
    Sightings { unusual: by_step.into_values().collect(), judged }
}

/// Rivals, visits, reviews and what counts find missing, where anything of it is known.
fn beside_demand(sku: &SkuFacts, currency: CurrencyCode) -> Sightings {
    let rival = |price: f64, since: NaiveDate, verdict: &Verdict| {
        format!("The cheapest rival asks {}", price_sentence(price, since, verdict, currency))
    };
    let mut seen = steps(sku, &sku.watched.rival_price, AnomalyMeasure::RivalPrice, rival);
    seen.unusual.retain(|unusual| is_far(unusual.actual, &unusual.verdict));
    let above = |verdict: &Verdict| verdict.direction == Some(Direction::Above);
    let either = |verdict: &Verdict| verdict.direction.is_some();
    let mut count = |list: &[f64], measure, words, matters: fn(&Verdict) -> bool| {
        let of_count = counts(sku, list, measure, words, matters);
        seen.unusual.extend(of_count.unusual);
        seen.judged.extend(of_count.judged);
    };
    count(&sku.watched.sessions, AnomalyMeasure::Traffic, "visits", either);
    count(&sku.watched.missing_units, AnomalyMeasure::MissingStock, "missing at a count", above);
    count(&reviews_by_day(sku, 5), AnomalyMeasure::Reviews, "reviews", above);
    let complaints = reviews_by_day(sku, STARS_OF_COMPLAINTS);
    count(&complaints, AnomalyMeasure::Complaints, "reviews with one or two stars", above);
    seen
}

/// Whether a rival's price is far from what was expected of it: smaller moves are what rivals do every week, and news to
/// nobody.
fn is_far(price: f64, verdict: &Verdict) -> bool {
    verdict.band.is_some_and(|band| (price / band.expected - 1.0).abs() >= RIVAL_MOVE_MIN)
}

/// Days on which a count is unusual and of which anybody should hear.
fn counts(
    sku: &SkuFacts,
    list: &[f64],
    measure: AnomalyMeasure,
    words: &str,
    matters: impl Fn(&Verdict) -> bool,
) -> Sightings {
    let verdicts = watch(list, DAILY);
    let days = || sku.first_day.iter_days().zip(list).zip(&verdicts).filter(|((_, value), _)| value.is_finite());
    let unusual = days()
        .filter(|(_, verdict)| verdict.is_anomaly() && matters(verdict))
        .map(|((day, value), verdict)| {
            let sentence = on_a_day(words, day, *value, verdict);
            let (days, actual, coincidences) = (1, *value, Vec::new());
            Unusual { measure, day, days, judged_on: day, actual, verdict: *verdict, sentence, coincidences }
        })
        .collect();
    let news = sku.last_day() - Days::new(NEWS_DAYS as u64 - 1);
    let newest = days().filter(|((day, _), verdict)| *day >= news && verdict.band.is_some());
    let judged = newest.map(|((day, _), verdict)| ((measure, day), verdict.p_value)).collect();
    Sightings { unusual, judged }
}

/// Reviews of each day with at most so many stars; empty if there are none at all.
fn reviews_by_day(sku: &SkuFacts, stars_max: u8) -> Vec<f64> {
    let mut days = Vec::new();
    for (at, _) in sku.ratings.iter().filter(|(_, stars)| *stars <= stars_max) {
        let place = usize::try_from((at.date_naive() - sku.first_day).num_days()).ok();
        if let Some(place) = place.filter(|place| *place < sku.units.len()) {
            days.resize(sku.units.len(), 0.0);
            days[place] += 1.0;
        }
    }
    days
}

/// "38 sold on 2011-03-04; 9–21 expected on a Friday".
fn on_a_day(words: &str, day: NaiveDate, value: f64, verdict: &Verdict) -> String {
    let season = Some(WEEKDAYS[day.weekday().num_days_from_monday() as usize]);
    Wording { after_value: words, when: &day.to_string(), season, decimals: 0 }.sentence(value, verdict)
}

fn price_sentence(price: f64, day: NaiveDate, verdict: &Verdict, currency: CurrencyCode) -> String {
    let decimal =
        |amount: f64| rust_decimal::Decimal::from_f64_retain(amount).map(|amount| amount.round_dp(4).normalize());
    let asked = decimal(price).map_or_else(|| price.to_string(), |price| money_text(UnitPrice::new(price, currency)));
    let band = verdict.band.and_then(|band| Some((money_of(band.lo, currency)?, money_of(band.hi, currency)?)));
    let expected = band.map_or_else(String::new, |(lo, hi)| format!("; {} expected", money_range_text(lo, hi)));
    format!("{asked} since {day}{expected}")
}
