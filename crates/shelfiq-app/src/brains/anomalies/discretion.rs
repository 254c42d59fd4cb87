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
