//! Every series of a Sku put through the detector: value by value, each judged by what came before it.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use shelfiq_anomaly::{AnomalyKind, Cadence, Detector, DetectorConfig, Verdict, Wording};
use shelfiq_core::{CurrencyCode, UnitPrice, money_range_text, money_text};
use shelfiq_store::anomaly_answers::AnomalyMeasure;

use super::discretion::{Discretion, Standing};
use super::{DemandVerdict, NEWS_DAYS, Unusual, is_same};
use crate::brains::price::money_of;
use crate::facts::{Daily, SkuFacts};

const WEEK_DAYS: usize = 7;
const DAILY: Cadence = Cadence::Seconds(86_400);
const WEEKLY: Cadence = Cadence::Seconds(7 * 86_400);
/// Prices have no season of their own.
const STEPS: Cadence = Cadence::Steps(1);
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// How often values of a measure are to how many days.
const fn cadence(measure: AnomalyMeasure) -> Cadence {
    match measure {
        AnomalyMeasure::Units | AnomalyMeasure::Reviews => DAILY,
        AnomalyMeasure::WeeklyUnits | AnomalyMeasure::Rating => WEEKLY,
        AnomalyMeasure::Price | AnomalyMeasure::RivalPrice | AnomalyMeasure::Stock => STEPS,
    }
}

/// The promised rate of alarms on a series in which nothing happens.
pub(crate) fn false_alarm_rate(measure: AnomalyMeasure) -> f64 {
    cadence(measure).false_alarm_rate()
}

/// One Sku's demand under watch.
pub(super) struct Watch<'a> {
    sku: &'a SkuFacts,
    daily: Daily<f64>,
    verdicts: Vec<Verdict>,
}

/// What is unusual about a Sku's last `days` days, oldest first: told or not.
pub(crate) fn unusual(sku: &SkuFacts, currency: CurrencyCode, discretion: &Discretion, days: usize) -> Vec<Unusual> {
    let watch = Watch::of(sku);
    let mut found = watch.days();
    found.extend(watch.week(discretion));
    found.extend(prices(sku, currency).0);
    let from = sku.last_day() - Days::new(days.saturating_sub(1) as u64);
    found.retain(|unusual| unusual.day >= from);
    found.sort_by_key(|unusual| (unusual.day, unusual.measure));
    found
}

impl<'a> Watch<'a> {
    pub(super) fn of(sku: &'a SkuFacts) -> Self {
        let daily = sku.daily_units();
        let verdicts = watch(&daily.values, DAILY);
        Self { sku, daily, verdicts }
    }

    /// Every unusual day.
    pub(super) fn days(&self) -> Vec<Unusual> {
        let strange = self.daily.iter().zip(&self.verdicts).filter(|(_, verdict)| verdict.is_anomaly());
        strange
            .map(|((day, value), verdict)| {
                let wording = Wording {
                    after_value: "sold",
                    when: &day.to_string(),
                    season: Some(WEEKDAYS[day.weekday().num_days_from_monday() as usize]),
                    decimals: 0,
                };
                let sentence = wording.sentence(*value, verdict);
                let (measure, days, actual, verdict) = (AnomalyMeasure::Units, 1, *value, *verdict);
                Unusual { measure, day, days, judged_on: day, actual, verdict, sentence }
            })
            .collect()
    }

    /// Probabilities of the last `days` days, strange or not.
    pub(super) fn judged(&self, days: usize) -> impl Iterator<Item = Judged> {
        let newest = self.daily.iter().zip(&self.verdicts).rev().take(days);
        newest
            .filter(|(_, verdict)| verdict.band.is_some())
            .map(|((day, _), verdict)| ((AnomalyMeasure::Units, day), verdict.p_value))
    }

    /// The newest week, if it is unusual.
    fn week(&self, discretion: &Discretion) -> Option<Unusual> {
        let (first_day, actual, verdict) = self.judged_week(discretion)?;
        as_unusual(first_day, actual, &verdict)
    }

    /// The last seven days against the weeks before, as an alert rule looks at them: slow sellers show on weeks what no
    /// day can show. What is not told lies inside its band.
    pub(super) fn newest_week(&self, discretion: &Discretion) -> Option<DemandVerdict> {
        let (first_day, actual, verdict) = self.judged_week(discretion)?;
        let band = verdict.band?;
        let is_quiet = as_unusual(first_day, actual, &verdict)
            .is_some_and(|unusual| discretion.standing(self.sku.sku.as_str(), &unusual) != Standing::Told);
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
    fn judged_week(&self, discretion: &Discretion) -> Option<(NaiveDate, f64, Verdict)> {
        let dismissed = discretion.dismissed(self.sku.sku.as_str(), AnomalyMeasure::Units);
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
    Some(Unusual { measure, day, days, judged_on: day, actual, verdict, sentence })
}

/// The probability of a value of a measure on a day.
pub(super) type Judged = ((AnomalyMeasure, NaiveDate), f64);

/// Prices that are new and unlike the prices before them, and the probabilities of the newest ones. A price is judged by the
/// days on which it was known; it is news for some days after it came, and one entry however many of its days the detector
/// finds strange.
pub(super) fn prices(sku: &SkuFacts, currency: CurrencyCode) -> (Vec<Unusual>, Vec<Judged>) {
    let first_known = sku.price.iter().position(|price| price.is_finite()).unwrap_or(sku.price.len());
    let known = &sku.price[first_known..];
    let verdicts = watch(known, STEPS);
    let day_of = |place: usize| sku.first_day + Days::new((first_known + place) as u64);
    let mut since = 0;
    let mut by_change: BTreeMap<usize, Unusual> = BTreeMap::new();
    for (place, (price, verdict)) in known.iter().zip(&verdicts).enumerate() {
        if place > 0 && !is_same(*price, known[place - 1]) {
            since = place;
        }
        if !verdict.is_anomaly() || since == 0 || place - since >= NEWS_DAYS {
            continue;
        }
        by_change.entry(since).or_insert_with(|| Unusual {
            measure: AnomalyMeasure::Price,
            day: day_of(since),
            days: 1,
            judged_on: day_of(place),
            actual: *price,
            verdict: *verdict,
            sentence: price_sentence(*price, day_of(since), verdict, currency),
        });
    }
    let newest = verdicts.iter().enumerate().rev().take(NEWS_DAYS).filter(|(_, verdict)| verdict.band.is_some());
    let judged = newest.map(|(place, verdict)| ((AnomalyMeasure::Price, day_of(place)), verdict.p_value)).collect();
    (by_change.into_values().collect(), judged)
}

fn price_sentence(price: f64, day: NaiveDate, verdict: &Verdict, currency: CurrencyCode) -> String {
    let decimal =
        |amount: f64| rust_decimal::Decimal::from_f64_retain(amount).map(|amount| amount.round_dp(4).normalize());
    let asked = decimal(price).map_or_else(|| price.to_string(), |price| money_text(UnitPrice::new(price, currency)));
    let band = verdict.band.and_then(|band| Some((money_of(band.lo, currency)?, money_of(band.hi, currency)?)));
    let expected = band.map_or_else(String::new, |(lo, hi)| format!("; {} expected", money_range_text(lo, hi)));
    format!("{asked} since {day}{expected}")
}
