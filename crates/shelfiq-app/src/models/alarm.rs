//! What alert rules hear of forecasts: how those of the last weeks did that were made live.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use shelfiq_alerts::{Fact, ForecastFact, Observed, QualityFact, Subject};
use shelfiq_core::{MerchantId, Ratio};
use shelfiq_store::model_accuracy::{self, AccuracyRow, Basis};

use super::accuracy::{over, together};
use super::drift::{self, DriftFeature, DriftLine};
use super::registry::tracked;
use super::tally::AccuracyFigures;
use crate::brains::seasonal_naive::SEASONAL_NAIVE;
use crate::error::AppError;
use crate::platform::Platform;

/// Weeks of origins that count.
const WEEKS: u64 = 6;
/// Origins before anything is said: one bad day is no bad model.
const ORIGINS_MIN: usize = 3;
/// Distances that count: the first two weeks, which stock and prices are decided by.
const HORIZONS: [i32; 2] = [1, 8];

/// How the forecasts of production did of late; `None` while too few were made live and have been judged.
pub(crate) async fn forecasts_observed(
    platform: &Platform,
    merchant: MerchantId,
) -> Result<Option<Observed>, AppError> {
    let tracked = tracked(platform, merchant).await?;
    let rows = model_accuracy::since(&platform.store, merchant, NaiveDate::default()).await?;
    let baseline = tracked.all().find(|one| one.model == SEASONAL_NAIVE).map_or(tracked.production.id, |one| one.id);
    let Some(newest) = rows.iter().map(|row| row.origin).max() else { return Ok(None) };
    let counts = |row: &&AccuracyRow| {
        row.basis == Basis::Live
            && row.origin + Days::new(7 * WEEKS) > newest
            && HORIZONS.contains(&row.horizon_first_day)
    };
    let of = |version| rows.iter().filter(counts).filter(|row| row.model_version == version).collect::<Vec<_>>();
    let (own, rival) = (of(tracked.production.id), of(baseline));
    let origins: BTreeSet<NaiveDate> = own.iter().map(|row| row.origin).collect();
    let figures = AccuracyFigures::of(&together(own.iter().copied()));
    let [_, (_, coverage_80), ..] = figures.coverage;
    let (Some(coverage_80), Some(first), true) = (coverage_80, origins.first(), origins.len() >= ORIGINS_MIN) else {
        return Ok(None);
    };
    let ratio = |share: f64| Decimal::from_f64_retain(share).map(|share| Ratio::new(share.round_dp(4)));
    let (Some(coverage_80), Some(advantage)) = (ratio(coverage_80), over(&own, &rival).and_then(ratio)) else {
        return Ok(None);
    };
    let fact = ForecastFact {
        outcomes: u32::try_from(figures.days).unwrap_or(u32::MAX),
        coverage_80,
        advantage,
        since: first.and_time(NaiveTime::MIN).and_utc(),
    };
    let subject = Subject::Feed("forecasts".to_owned());
    Ok(Some(Observed { subject, title: "Forecasts".to_owned(), turnover: None, fact: Fact::Forecast(fact) }))
}

/// Values that models need and that are missing more often than before, or were.
pub(crate) async fn quality_observed(platform: &Platform, merchant: MerchantId) -> Result<Vec<Observed>, AppError> {
    let report = drift::known(platform, merchant).await?;
    let observed = |line: &DriftLine| {
        let (feed, what) = match line.feature {
            DriftFeature::MissingPrice => ("prices", "Your prices"),
            DriftFeature::MissingRival => ("offers", "Rivals’ prices"),
            _ => return None,
        };
        let ratio = |share: f64| Decimal::from_f64_retain(share).map(|share| Ratio::new(share.round_dp(4)));
        let (now, before) = line.shares?;
        let fact = QualityFact {
            what: what.to_owned(),
            missing_share: ratio(now)?,
            missing_share_before: ratio(before)?,
            is_beyond_chance: line.since.is_some(),
            since: line.since.or(report.data_until)?.and_time(NaiveTime::MIN).and_utc(),
        };
        let subject = Subject::Feed(feed.to_owned());
        Some(Observed { subject, title: what.to_owned(), turnover: None, fact: Fact::Quality(fact) })
    };
    Ok(report.lines.iter().filter_map(observed).collect())
}
