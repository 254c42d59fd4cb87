//! What of the unusual a merchant is told.

use std::collections::{BTreeSet, HashMap};

use chrono::{Days, NaiveDate};
use shelfiq_anomaly::{AnomalyKind, Answers, Feedback};
use shelfiq_core::MerchantId;
use shelfiq_store::anomaly_answers::{self, AnomalyAnswer, AnomalyMeasure, AnomalyWord};
use shelfiq_store::{PAGE_SIZE_MAX, PageRequest};

use super::Unusual;
use super::watch::false_alarm_rate;
use crate::error::AppError;
use crate::platform::Platform;

/// Why the merchant is told of an anomaly, or is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is told.
    Told,
    /// The merchant said that it was none.
    Dismissed,
    /// Too many like it were dismissed, and it is not much stranger than those.
    Quieted,
}

/// What a merchant said about anomalies, and what follows from it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Discretion {
    /// By Sku code.
    answers: HashMap<String, HashMap<(AnomalyMeasure, NaiveDate), AnomalyAnswer>>,
    feedback: HashMap<AnomalyMeasure, Feedback>,
}

impl Discretion {
    pub(crate) async fn load(platform: &Platform, merchant: MerchantId) -> Result<Self, AppError> {
        let mut all = Vec::new();
        let mut request = PageRequest::first(PAGE_SIZE_MAX);
        loop {
            let page = anomaly_answers::page(&platform.store, merchant, &request).await?;
            all.extend(page.rows);
            let Some(next) = page.next else { return Ok(Self::of(all)) };
            request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
        }
    }

    /// Answers of a kind that this release does not know silence their day and teach nothing.
    pub(crate) fn of(all: Vec<AnomalyAnswer>) -> Self {
        let mut discretion = Self::default();
        for answer in all {
            let key = (answer.key.measure, answer.key.day);
            if let Some(kind) = kind_of(&answer.kind) {
                let counts = discretion.feedback.entry(answer.key.measure).or_default().0.entry(kind).or_default();
                match answer.word {
                    AnomalyWord::Confirmed => counts.confirmed += 1,
                    AnomalyWord::Dismissed => counts.dismissed += 1,
                }
            }
            discretion.answers.entry(answer.key.sku.as_str().to_owned()).or_default().insert(key, answer);
        }
        discretion
    }

    /// Whether the merchant is told.
    pub(crate) fn standing(&self, sku: &str, unusual: &Unusual) -> Standing {
        let rate = false_alarm_rate(unusual.measure);
        match self.answer(sku, unusual).map(|answer| answer.word) {
            Some(AnomalyWord::Dismissed) => Standing::Dismissed,
            Some(AnomalyWord::Confirmed) => Standing::Told,
            None => match self.feedback.get(&unusual.measure) {
                Some(feedback) if !feedback.rings(&unusual.verdict, rate) => Standing::Quieted,
                _ => Standing::Told,
            },
        }
    }

    /// What was said about it. Weeks are cut from the newest day on, so an answer to a week goes for every week that shares
    /// a day with it.
    pub(crate) fn answer(&self, sku: &str, unusual: &Unusual) -> Option<&AnomalyAnswer> {
        let answers = self.answers.get(sku)?;
        let reach = u64::from(unusual.days.saturating_sub(1));
        let days = (unusual.day - Days::new(reach)).iter_days().take(2 * reach as usize + 1);
        let exact = answers.get(&(unusual.measure, unusual.day));
        exact.or_else(|| days.filter_map(|day| answers.get(&(unusual.measure, day))).next())
    }

    /// Days whose anomaly in a measure was called usual.
    pub(crate) fn dismissed(&self, sku: &str, measure: AnomalyMeasure) -> BTreeSet<NaiveDate> {
        let answers = self.answers.get(sku).into_iter().flatten();
        answers
            .filter(|((of, _), answer)| *of == measure && answer.word == AnomalyWord::Dismissed)
            .map(|((_, day), _)| *day)
            .collect()
    }

    /// What the answers changed: measure, kind, the answers, and the rate of alarms now, by measure and kind.
    pub(crate) fn thresholds(&self) -> Vec<(AnomalyMeasure, AnomalyKind, Answers, f64)> {
        let mut all: Vec<_> = self
            .feedback
            .iter()
            .flat_map(|(measure, feedback)| {
                let rate = false_alarm_rate(*measure);
                feedback
                    .0
                    .iter()
                    .map(move |(kind, answers)| (*measure, *kind, *answers, feedback.adjusted_rate(*kind, rate)))
            })
            .collect();
        all.sort_by_key(|(measure, kind, ..)| (*measure, *kind));
        all
    }
}

/// The kind of this name.
fn kind_of(name: &str) -> Option<AnomalyKind> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

#[cfg(test)]
mod tests {
    use shelfiq_anomaly::{Band, Direction, Verdict};
    use shelfiq_core::Sku;
    use shelfiq_store::Author;
    use shelfiq_store::anomaly_answers::AnomalyKey;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn said(number: i64, measure: AnomalyMeasure, on: &str, word: AnomalyWord) -> AnomalyAnswer {
        let key = AnomalyKey { sku: Sku::new("MUG").unwrap(), measure, day: day(on) };
        let author = Author::system("test");
        let at = chrono::DateTime::default();
        AnomalyAnswer { number, key, kind: "spike".to_owned(), word, note: None, author, at }
    }

    fn seen(measure: AnomalyMeasure, on: &str, days: u32, p_value: f64) -> Unusual {
        let verdict = Verdict {
            band: Some(Band { expected: 5.0, lo: 1.0, hi: 9.0 }),
            score: 0.6,
            p_value,
            kind: Some(AnomalyKind::Spike),
            direction: Some(Direction::Above),
            run_length: 1,
        };
        let (day, sentence) = (day(on), String::new());
        Unusual { measure, day, days, judged_on: day, actual: 20.0, verdict, sentence, coincidences: Vec::new() }
    }

    #[test]
    fn an_answer_to_a_week_goes_for_every_week_that_shares_a_day_and_to_a_day_for_that_day() {
        let week = said(1, AnomalyMeasure::WeeklyUnits, "2026-03-10", AnomalyWord::Dismissed);
        let of_day = said(2, AnomalyMeasure::Units, "2026-03-10", AnomalyWord::Dismissed);
        let discretion = Discretion::of(vec![week, of_day]);
        let standing = |measure, on, days| discretion.standing("MUG", &seen(measure, on, days, 1e-9));
        for on in ["2026-03-04", "2026-03-10", "2026-03-16"] {
            assert_eq!(standing(AnomalyMeasure::WeeklyUnits, on, 7), Standing::Dismissed, "{on}");
        }
        for on in ["2026-03-03", "2026-03-17"] {
            assert_eq!(standing(AnomalyMeasure::WeeklyUnits, on, 7), Standing::Told, "{on}");
        }
        assert_eq!(standing(AnomalyMeasure::Units, "2026-03-10", 1), Standing::Dismissed);
        assert_eq!(standing(AnomalyMeasure::Units, "2026-03-11", 1), Standing::Told);
        let other = discretion.standing("CUP", &seen(AnomalyMeasure::Units, "2026-03-10", 1, 1e-9));
        assert_eq!(other, Standing::Told, "another Sku's day");
        let dismissed = discretion.dismissed("MUG", AnomalyMeasure::Units);
        assert_eq!(dismissed.into_iter().collect::<Vec<_>>(), [day("2026-03-10")]);
    }

    #[test]
    fn dismissals_quiet_their_measure_and_kind_and_a_confirmed_day_is_told_whatever_they_say() {
        let days = ["2026-03-01", "2026-03-05", "2026-03-09", "2026-03-13", "2026-03-17"];
        let mut answers: Vec<AnomalyAnswer> = (1..)
            .zip(days)
            .map(|(number, on)| said(number, AnomalyMeasure::Units, on, AnomalyWord::Dismissed))
            .collect();
        answers.push(said(9, AnomalyMeasure::Units, "2026-03-20", AnomalyWord::Confirmed));
        let discretion = Discretion::of(answers);
        let rate = false_alarm_rate(AnomalyMeasure::Units);
        let standing = |measure, on, p_value| discretion.standing("MUG", &seen(measure, on, 1, p_value));
        assert_eq!(standing(AnomalyMeasure::Units, "2026-04-01", 0.9 * rate), Standing::Quieted);
        assert_eq!(standing(AnomalyMeasure::Units, "2026-04-01", 1e-9), Standing::Told, "plain to see");
        assert_eq!(standing(AnomalyMeasure::Price, "2026-04-01", 0.9 * rate), Standing::Told, "another measure");
        assert_eq!(standing(AnomalyMeasure::Units, "2026-03-20", 0.9 * rate), Standing::Told, "confirmed");
        let [(measure, kind, counts, lowered)] = discretion.thresholds()[..] else { panic!("one threshold") };
        assert_eq!(
            (measure, kind, counts.dismissed, counts.confirmed),
            (AnomalyMeasure::Units, AnomalyKind::Spike, 5, 1)
        );
        assert!(lowered < 0.6 * rate, "{lowered} of {rate}");
    }
}
