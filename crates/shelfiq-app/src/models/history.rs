//! Past forecasts in the lake: kept with their origin until what they foresaw has happened.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};
use shelfiq_core::{MerchantId, ModelVersionId};
use shelfiq_forecast::{Forecast, Interval, Level, Status};
use shelfiq_lake::tables::{PastForecast, PastForecastRows};
use shelfiq_lake::{RowMatch, Table, Zone};
use shelfiq_query::View;
use shelfiq_store::model_accuracy::Basis;

use super::tally::Foreseen;
use crate::brains::demand::{day_of, judged_levels};
use crate::error::AppError;
use crate::platform::Platform;
use crate::run::class_name;

/// An origin is kept so long: eight weeks until its last day has happened, and five for corrections that come late.
const KEPT_DAYS: u64 = 91;
/// So long every origin is kept; of older ones the last of each calendar week.
const DAILY_DAYS: u64 = 7;
/// Skus whose forecasts are kept. Of larger shops a sample that depends on the codes alone: errors of so many Skus tell as
/// much as those of all.
pub(crate) const SKUS_KEPT_MAX: usize = 5_000;
const BATCH_ROWS: usize = 50_000;

/// The forecasts that one version made at one origin.
pub(crate) struct Made<'a> {
    pub(crate) version: ModelVersionId,
    pub(crate) origin: NaiveDate,
    pub(crate) basis: Basis,
    pub(crate) forecasts: &'a [Forecast],
}

/// Which origins are kept, by version.
pub(crate) type KeptOrigins = BTreeMap<ModelVersionId, BTreeSet<NaiveDate>>;

/// A kept forecast of one Sku for one day.
pub(crate) struct KeptForecast {
    pub(crate) version: ModelVersionId,
    pub(crate) basis: Basis,
    pub(crate) sku: String,
    pub(crate) day: NaiveDate,
    pub(crate) demand_class: String,
    pub(crate) foreseen: Foreseen,
}

/// Which origins are there.
pub(crate) async fn origins(view: &View) -> Result<KeptOrigins, AppError> {
    let known = view.sql("select distinct version, origin from forecast_history").await?;
    let mut kept = KeptOrigins::new();
    for (version, origin) in known.texts("version")?.into_iter().zip(known.days("origin")?) {
        if let (Some(Ok(version)), Some(origin)) = (version.map(|version| version.parse()), origin) {
            kept.entry(version).or_default().insert(origin);
        }
    }
    Ok(kept)
}

/// Writes forecasts down and lets go of origins that are too old, all in one commit. What stood there for the origins in
/// `replaced` goes as well, so that a run may be repeated.
pub(crate) async fn keep(
    platform: &Platform,
    merchant: MerchantId,
    made: &[Made<'_>],
    replaced: Vec<NaiveDate>,
) -> Result<(), AppError> {
    let made_at = platform.clock.now();
    let mut writer = platform.lake.writer(merchant, Zone::Curated, Table::ForecastHistory).await?;
    if !replaced.is_empty() {
        writer.delete(RowMatch::Days { column: "origin", days: replaced });
    }
    let mut rows = PastForecastRows::default();
    for Made { version, origin, basis, forecasts } in made {
        let version = version.to_string();
        for forecast in forecasts.iter().filter(|forecast| is_kept(&forecast.id, forecasts.len())) {
            if forecast.status == Status::NothingObserved {
                continue;
            }
            let class = class_name(forecast);
            for step in &forecast.steps {
                let [(lo_50, hi_50), (lo_80, hi_80), (lo_90, hi_90), (lo_95, hi_95)] =
                    ends(&step.intervals, step.median);
                rows.push(PastForecast {
                    origin: *origin,
                    basis: basis.as_str(),
                    version: &version,
                    sku: &forecast.id,
                    day: day_of(step.stamp),
                    made_at,
                    demand_class: &class,
                    mean: step.mean,
                    median: step.median,
                    lo_50,
                    hi_50,
                    lo_80,
                    hi_80,
                    lo_90,
                    hi_90,
                    lo_95,
                    hi_95,
                })?;
            }
            if rows.len() >= BATCH_ROWS {
                writer.write(&rows.finish()?).await?;
            }
        }
    }
    writer.write(&rows.finish()?).await?;
    writer.commit().await?;
    Ok(())
}

/// What was foreseen at one origin for days until `last_day`, by version, Sku and day.
pub(crate) async fn foreseen_at(
    view: &View,
    origin: NaiveDate,
    last_day: NaiveDate,
) -> Result<Vec<KeptForecast>, AppError> {
    let known = view
        .sql(&format!(
            "select * from forecast_history where origin = date '{origin}' and day <= date '{last_day}' order by version, sku, day"
        ))
        .await?;
    read(&known)
}

/// What was foreseen of one Sku for days until `last_day`, by version, origin and day.
pub(crate) async fn foreseen_of(
    view: &View,
    sku: &shelfiq_core::Sku,
    last_day: NaiveDate,
) -> Result<Vec<(NaiveDate, KeptForecast)>, AppError> {
    let code = sku.as_str().replace('\'', "''");
    let known = view
        .sql(&format!(
            "select * from forecast_history where sku = '{code}' and day <= date '{last_day}' order by version, origin, day"
        ))
        .await?;
    let origins = known.days("origin")?.into_iter().map(Option::unwrap_or_default);
    Ok(origins.zip(read(&known)?).collect())
}

fn read(known: &shelfiq_query::Answer) -> Result<Vec<KeptForecast>, AppError> {
    let number = |column: &str| {
        let values = known.numbers(column)?;
        Ok::<Vec<f64>, AppError>(values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect())
    };
    let (versions, bases, skus) = (known.texts("version")?, known.texts("basis")?, known.texts("sku")?);
    let (days, classes) = (known.days("day")?, known.texts("demand_class")?);
    let (means, medians) = (number("mean")?, number("median")?);
    let lo = [number("lo_50")?, number("lo_80")?, number("lo_90")?, number("lo_95")?];
    let hi = [number("hi_50")?, number("hi_80")?, number("hi_90")?, number("hi_95")?];
    let texts = versions.into_iter().zip(bases).zip(skus).zip(days).zip(classes);
    let mut rows = Vec::with_capacity(means.len());
    for (row, ((((version, basis), sku), day), demand_class)) in texts.enumerate() {
        rows.push(KeptForecast {
            version: version.unwrap_or_default().parse().map_err(|_| corrupt("version"))?,
            basis: basis.unwrap_or_default().parse().map_err(|_| corrupt("basis"))?,
            sku: sku.unwrap_or_default(),
            day: day.unwrap_or_default(),
            demand_class: demand_class.unwrap_or_default(),
            foreseen: Foreseen {
                mean: means[row],
                median: medians[row],
                ends: std::array::from_fn(|level| (lo[level][row], hi[level][row])),
            },
        });
    }
    Ok(rows)
}

fn corrupt(column: &'static str) -> AppError {
    AppError::Conflict(format!("column `{column}` of table `forecast_history` holds a value that is not ours"))
}

/// Origins that are let go: too old, superseded within their week, or later than the data now reach.
pub(crate) fn superseded(kept: &BTreeSet<NaiveDate>, newest: NaiveDate) -> Vec<NaiveDate> {
    let daily_from = newest - Days::new(DAILY_DAYS);
    let week = |day: NaiveDate| day.iso_week();
    let is_last_of_week = |day: NaiveDate| !kept.iter().any(|other| *other > day && week(*other) == week(day));
    let goes = |day: &NaiveDate| {
        *day > newest || *day < newest - Days::new(KEPT_DAYS) || (*day < daily_from && !is_last_of_week(*day))
    };
    kept.iter().copied().filter(goes).collect()
}

/// Whether a shop of `skus` Skus keeps the forecasts of this one.
pub(crate) fn is_kept(code: &str, skus: usize) -> bool {
    skus <= SKUS_KEPT_MAX || share_of(code) < SKUS_KEPT_MAX as f64 / skus as f64
}

/// A number from 0 to 1 that depends on the text alone, evenly spread over texts.
pub(crate) fn share_of(text: &str) -> f64 {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(text.as_bytes());
    let head = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    head as f64 / u64::MAX as f64
}

fn ends(intervals: &[Interval], centre: f64) -> [(f64, f64); 4] {
    let levels: Vec<Level> = judged_levels();
    std::array::from_fn(|place| {
        let found = intervals.iter().find(|interval| interval.level == levels[place]);
        found.map_or((centre, centre), |interval| (interval.lo, interval.hi))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_of_days_then_one_origin_a_week_for_thirteen_weeks() {
        let newest: NaiveDate = "2026-07-01".parse().unwrap();
        let mut kept = BTreeSet::new();
        for age in (0..200).rev() {
            let today = newest - Days::new(age);
            kept.insert(today);
            for day in superseded(&kept, today) {
                kept.remove(&day);
            }
        }
        assert!((0..=7).all(|age| kept.contains(&(newest - Days::new(age)))), "{kept:?}");
        assert_eq!(kept.iter().filter(|day| **day < newest - Days::new(7)).count(), 12, "{kept:?}");
        assert!(kept.iter().all(|day| *day >= newest - Days::new(91)));
    }

    #[test]
    fn origins_after_the_data_go_when_an_import_is_undone() {
        let kept = ["2026-06-01", "2026-06-20"].map(|day| day.parse().unwrap()).into();
        assert_eq!(superseded(&kept, "2026-06-10".parse().unwrap()), ["2026-06-20".parse().unwrap()]);
    }

    #[test]
    fn a_sample_of_skus_is_as_large_as_it_says_and_always_the_same() {
        let codes: Vec<String> = (0..20_000).map(|number| format!("SKU-{number}")).collect();
        let kept = codes.iter().filter(|code| is_kept(code, codes.len())).count();
        assert!((4_800..5_200).contains(&kept), "{kept}");
        assert!(is_kept("SKU-1", SKUS_KEPT_MAX));
    }
}
