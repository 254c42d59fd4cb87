//! What is unusual about a product, and what members say about it. An answer goes into the next judgement: a day that was
//! called usual is no longer told, and what resembles many of those must be stranger to be told.

use std::sync::Arc;

use chrono::NaiveDate;
use shelfiq_core::{MerchantId, Sku};
use shelfiq_store::anomaly_answers::{self as stored, NewAnomalyAnswer};
use shelfiq_store::{Cursor, Page, PageRequest};

pub use shelfiq_anomaly::{AnomalyKind, Direction};
pub use shelfiq_store::anomaly_answers::{AnomalyAnswer, AnomalyKey, AnomalyMeasure, AnomalyWord};

use crate::access::{Actor, Permission};
use crate::alerts;
pub use crate::brains::anomalies::{Coincidence, DemandTrend, LevelShift, Standing};
use crate::brains::anomalies::{Discretion, Unusual, false_alarm_rate, level_shifts, trend_of};
use crate::error::AppError;
use crate::live::LiveChange;
use crate::platform::{Platform, run_cpu};
use crate::products::{self, ProductRecord};

/// Days of data in which anomalies can be listed and answered.
pub const DAYS_MAX: u32 = 400;
/// Days that are listed if nobody says.
pub const DAYS_DEFAULT: u32 = 90;
const NOTE_CHARS_MAX: usize = 500;

/// A value outside its band.
#[derive(Debug, Clone)]
pub struct AnomalyView {
    /// Which one.
    pub key: AnomalyKey,
    /// Days that the value covers: 7 for a week.
    pub days: u32,
    /// What kind of strange it is.
    pub kind: AnomalyKind,
    /// On which side of the expectation; `None` where it has no side.
    pub direction: Option<Direction>,
    /// The value.
    pub actual: f64,
    /// What was expected before it came: the value, and the ends of the band.
    pub expected: Option<(f64, f64, f64)>,
    /// Probability of something at least as strange where nothing happens.
    pub p_value: f64,
    /// One sentence with the numbers.
    pub sentence: String,
    /// Whether the merchant is told, and why not.
    pub standing: Standing,
    /// What was said about it.
    pub answer: Option<AnomalyAnswer>,
    /// What happened at the same time, for demand; the likeliest cause first.
    pub coincidences: Vec<Coincidence>,
}

/// How a product behaves against its own past.
#[derive(Debug, Clone, Default)]
pub struct Behaviour {
    /// Values outside their bands, newest first: told to the merchant or not.
    pub anomalies: Vec<AnomalyView>,
    /// Lasting changes of how much it sells, over all its history, oldest first.
    pub level_shifts: Vec<LevelShift>,
    /// A steady rise or fall since the last of them.
    pub trend: Option<DemandTrend>,
}

/// What answers to one kind of anomaly changed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// In what.
    pub measure: AnomalyMeasure,
    /// Kind of anomaly.
    pub kind: AnomalyKind,
    /// Answers that it was one.
    pub confirmed: u32,
    /// Answers that it was none.
    pub dismissed: u32,
    /// Alarms per value where nothing happens, as promised at first.
    pub promised_rate: f64,
    /// The same after these answers.
    pub rate: f64,
}

/// What is unusual about a product in its last `days` days of data, and where the level of its demand changed.
///
/// # Errors
/// [`AppError::Access`], or there is no such product.
pub async fn of_product(platform: &Platform, actor: &Actor, sku: &Sku, days: u32) -> Result<Behaviour, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let days = days.clamp(1, DAYS_MAX);
    let record = record_of(platform, merchant, sku).await?;
    let anomalies = look(platform, merchant, sku, &record, days).await?.into_iter().rev().collect();
    let in_retrospect = move || {
        let Some(sku) = record.sku() else { return Behaviour::default() };
        let level_shifts = level_shifts(sku);
        let trend = trend_of(sku, &level_shifts);
        Behaviour { anomalies, level_shifts, trend }
    };
    Ok(run_cpu(in_retrospect).await)
}

/// Says that an anomaly was one, or that it was none. It counts from the next judgement on; open alerts that tell of it
/// close with it. The same answer twice changes nothing.
///
/// # Errors
/// [`AppError::Access`], or there is no such anomaly, or the note is too long.
pub async fn answer(
    platform: &Platform,
    actor: &Actor,
    key: &AnomalyKey,
    word: AnomalyWord,
    note: Option<String>,
) -> Result<AnomalyView, AppError> {
    let merchant = actor.authorize(Permission::Decide)?;
    let note = note.map(|note| note.trim().to_owned()).filter(|note| !note.is_empty());
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_CHARS_MAX) {
        return Err(AppError::invalid("note", format!("at most {NOTE_CHARS_MAX} characters")));
    }
    let kind = find(platform, merchant, key).await?.kind;
    let tx = platform.begin(actor.author()).await?;
    let new = NewAnomalyAnswer { key: key.clone(), kind: kind.as_str().to_owned(), word, note };
    stored::put(&tx, merchant, new).await?;
    match word {
        AnomalyWord::Dismissed => alerts::close_told(&tx, merchant, key).await?,
        AnomalyWord::Confirmed => alerts::open_told(&tx, merchant, key).await?,
    }
    tx.commit().await?;
    heard(platform, merchant);
    find(platform, merchant, key).await
}

/// Takes an answer back; without one nothing happens. Alerts that closed with it open again.
///
/// # Errors
/// [`AppError::Access`], or a failure of the store.
pub async fn withdraw(platform: &Platform, actor: &Actor, key: &AnomalyKey) -> Result<(), AppError> {
    let merchant = actor.authorize(Permission::Decide)?;
    let tx = platform.begin(actor.author()).await?;
    let before = stored::remove(&tx, merchant, key).await?;
    if before.is_some_and(|before| before.word == AnomalyWord::Dismissed) {
        alerts::open_told(&tx, merchant, key).await?;
    }
    tx.commit().await?;
    heard(platform, merchant);
    Ok(())
}

/// One page of the answers, newest first.
///
/// # Errors
/// [`AppError::Access`], or a bad cursor.
pub async fn answers(
    platform: &Platform,
    actor: &Actor,
    limit: u32,
    after: Option<String>,
) -> Result<Page<AnomalyAnswer>, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let request = PageRequest::new(limit, after.map(Cursor::from_text));
    Ok(stored::page(&platform.store, merchant, &request).await?)
}

/// What the answers changed, by measure and kind. Empty while nothing was answered.
///
/// # Errors
/// [`AppError::Access`].
pub async fn thresholds(platform: &Platform, actor: &Actor) -> Result<Vec<Threshold>, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let thresholds = Discretion::load(platform, merchant).await?.thresholds();
    let threshold = |(measure, kind, answers, rate): (_, _, shelfiq_anomaly::Answers, _)| Threshold {
        measure,
        kind,
        confirmed: answers.confirmed,
        dismissed: answers.dismissed,
        promised_rate: false_alarm_rate(measure),
        rate,
    };
    Ok(thresholds.into_iter().map(threshold).collect())
}

/// What is known of a product.
async fn record_of(platform: &Platform, merchant: MerchantId, sku: &Sku) -> Result<Arc<ProductRecord>, AppError> {
    products::require(platform, merchant, sku).await?;
    products::record_of(platform, merchant, sku).await
}

/// What is unusual about a product, oldest first.
async fn look(
    platform: &Platform,
    merchant: MerchantId,
    sku: &Sku,
    record: &Arc<ProductRecord>,
    days: u32,
) -> Result<Vec<AnomalyView>, AppError> {
    let discretion = Arc::new(Discretion::load(platform, merchant).await?);
    let seen = record.unusual(&discretion, days).await;
    Ok(seen.into_iter().filter_map(|unusual| view(sku, unusual, &discretion)).collect())
}

async fn find(platform: &Platform, merchant: MerchantId, key: &AnomalyKey) -> Result<AnomalyView, AppError> {
    let record = record_of(platform, merchant, &key.sku).await?;
    let seen = look(platform, merchant, &key.sku, &record, DAYS_MAX).await?;
    seen.into_iter().find(|view| view.key == *key).ok_or_else(|| AppError::not_found("anomaly", key))
}

fn view(sku: &Sku, unusual: Unusual, discretion: &Discretion) -> Option<AnomalyView> {
    let Unusual { measure, day, days, actual, verdict, .. } = unusual;
    Some(AnomalyView {
        key: AnomalyKey { sku: sku.clone(), measure, day },
        days,
        kind: verdict.kind?,
        direction: verdict.direction,
        actual,
        expected: verdict.band.map(|band| (band.expected, band.lo, band.hi)),
        p_value: verdict.p_value,
        standing: discretion.standing(sku.as_str(), &unusual),
        answer: discretion.answer(sku.as_str(), &unusual).cloned(),
        sentence: unusual.sentence,
        coincidences: unusual.coincidences,
    })
}

/// The day of this text, as paths of the API and the command line write it.
///
/// # Errors
/// [`AppError::Invalid`] for anything but a date such as `2026-03-04`.
pub fn day_of(text: &str) -> Result<NaiveDate, AppError> {
    text.parse().map_err(|_| AppError::invalid("day", format!("`{text}` is no day: write it like 2026-03-04")))
}

/// Pages that show anomalies show them anew.
fn heard(platform: &Platform, merchant: MerchantId) {
    platform.live.publish(merchant, LiveChange::AlertsChanged {});
}
