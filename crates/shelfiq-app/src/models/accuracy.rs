//! What the sums of errors say: a leaderboard of versions, and the course of one of them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use shelfiq_core::{MerchantId, ModelVersionId};
use shelfiq_store::model_accuracy::{self as stored, AccuracyRow, Basis, ErrorSums};
use shelfiq_store::model_versions::{self, ModelKind, ModelStage, ModelVersion};

use super::tally::{AccuracyFigures, HORIZON_FIRST_DAYS};
use crate::access::{Actor, Permission};
use crate::brains::seasonal_naive::SEASONAL_NAIVE;
use crate::error::AppError;
use crate::platform::Platform;

/// Weeks of origins that are looked at if nobody says.
const WEEKS_DEFAULT: u32 = 26;
/// Weeks of origins that are remembered.
const WEEKS_MAX: u32 = 104;

/// Which judged forecasts are looked at; absent parts narrow nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AccuracyQuery {
    /// Of this version; the one in production if not given. A leaderboard shows all.
    pub version: Option<ModelVersionId>,
    /// Of this kind of demand.
    pub demand_class: Option<String>,
    /// At this distance: 1, 8, 15 or 29, the first of its days ahead.
    pub horizon_first_day: Option<i32>,
    /// Live ones only, or replayed ones only.
    pub basis: Option<Basis>,
    /// Of origins in the last so many weeks.
    pub weeks: Option<u32>,
}

/// Versions side by side.
#[derive(Debug, Clone)]
pub struct Leaderboard {
    /// Every version that has a row, and those that serve or are tried.
    pub versions: Vec<ModelVersion>,
    /// By version, for all demand together (`None`) and for each kind.
    pub rows: Vec<LeaderboardRow>,
    /// What the ensemble in production consists of, by kind of demand; heaviest first.
    pub members: Vec<MemberWeight>,
}

/// How one version did with one kind of demand.
#[derive(Debug, Clone, PartialEq)]
pub struct LeaderboardRow {
    /// The version.
    pub version: ModelVersionId,
    /// The kind of demand; `None` for all together.
    pub demand_class: Option<String>,
    /// Its figures.
    pub figures: AccuracyFigures,
    /// Share of its pairs that are live rather than replayed.
    pub live_share: f64,
    /// One less the ratio of its absolute error to that of repeating last week, at the origins that both have: 0.2 is a fifth
    /// better.
    pub over_baseline: Option<f64>,
}

/// A model's mean share in the ensemble.
#[derive(Debug, Clone, PartialEq)]
pub struct MemberWeight {
    /// The kind of demand.
    pub demand_class: String,
    /// The model.
    pub model: String,
    /// Its mean weight over the Skus of this kind, 0 to 1.
    pub weight: f64,
    /// Skus of this kind.
    pub skus: u64,
}

/// The course of one version.
#[derive(Debug, Clone)]
pub struct AccuracyReport {
    /// The version.
    pub version: ModelVersion,
    /// All origins together.
    pub total: AccuracyFigures,
    /// By origin, oldest first, live and replayed ones apart.
    pub points: Vec<AccuracyPoint>,
    /// By distance: first day ahead, and figures.
    pub horizons: Vec<(i32, AccuracyFigures)>,
}

/// What became of one origin.
#[derive(Debug, Clone, PartialEq)]
pub struct AccuracyPoint {
    /// Last day of data that the forecasts knew.
    pub origin: NaiveDate,
    /// Where they come from.
    pub basis: Basis,
    /// Their figures so far: days that are still to come are not in it.
    pub figures: AccuracyFigures,
}

/// How the versions of the demand model did.
///
/// # Errors
/// [`AppError::Access`], or a bound of the query is broken.
pub async fn leaderboard(platform: &Platform, actor: &Actor, query: &AccuracyQuery) -> Result<Leaderboard, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let rows = matching(platform, merchant, query).await?;
    let live = model_versions::live(&platform.store, merchant, ModelKind::Demand).await?;
    let versions = with_rows(platform, merchant, live, &rows).await?;
    let baselines: BTreeSet<ModelVersionId> =
        versions.iter().filter(|one| one.model == SEASONAL_NAIVE).map(|one| one.id).collect();
    let members = versions.iter().find(|one| one.stage == ModelStage::Production).map(members).unwrap_or_default();
    let mut board = Vec::new();
    for version in &versions {
        let classes: BTreeSet<&str> =
            rows.iter().filter(|row| row.model_version == version.id).map(|row| row.demand_class.as_str()).collect();
        for class in std::iter::once(None).chain(classes.iter().copied().map(Some)) {
            let own: Vec<&AccuracyRow> = rows
                .iter()
                .filter(|row| row.model_version == version.id && class.is_none_or(|class| row.demand_class == class))
                .collect();
            if own.is_empty() {
                continue;
            }
            let sums = together(own.iter().copied());
            let live_days: i64 = own.iter().filter(|row| row.basis == Basis::Live).map(|row| row.sums.days).sum();
            let rival = rows.iter().filter(|row| {
                baselines.contains(&row.model_version) && class.is_none_or(|class| row.demand_class == class)
            });
            board.push(LeaderboardRow {
                version: version.id,
                demand_class: class.map(str::to_owned),
                figures: AccuracyFigures::of(&sums),
                live_share: live_days as f64 / sums.days.max(1) as f64,
                over_baseline: over(&own, &rival.collect::<Vec<_>>()),
            });
        }
    }
    Ok(Leaderboard { versions, rows: board, members })
}

/// The course of one version of the demand model.
///
/// # Errors
/// [`AppError::Access`], or there is no such version, or a bound of the query is broken.
pub async fn accuracy(platform: &Platform, actor: &Actor, query: &AccuracyQuery) -> Result<AccuracyReport, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let version = match query.version {
        Some(id) => model_versions::get(&platform.store, merchant, id).await?,
        None => model_versions::live(&platform.store, merchant, ModelKind::Demand)
            .await?
            .into_iter()
            .find(|one| one.stage == ModelStage::Production)
            .ok_or_else(|| AppError::not_found("model in production", "run the daily job first"))?,
    };
    let rows: Vec<AccuracyRow> =
        matching(platform, merchant, query).await?.into_iter().filter(|row| row.model_version == version.id).collect();
    let origins: BTreeSet<(NaiveDate, Basis)> = rows.iter().map(|row| (row.origin, row.basis)).collect();
    let at = |origin: &(NaiveDate, Basis)| {
        let of_origin = rows.iter().filter(|row| (row.origin, row.basis) == *origin);
        AccuracyPoint { origin: origin.0, basis: origin.1, figures: AccuracyFigures::of(&together(of_origin)) }
    };
    let horizon = |first: i32| {
        let sums = together(rows.iter().filter(|row| row.horizon_first_day == first));
        (sums.days > 0).then(|| (first, AccuracyFigures::of(&sums)))
    };
    Ok(AccuracyReport {
        version,
        total: AccuracyFigures::of(&together(rows.iter())),
        points: origins.iter().map(at).collect(),
        horizons: HORIZON_FIRST_DAYS.into_iter().filter_map(horizon).collect(),
    })
}

async fn matching(
    platform: &Platform,
    merchant: MerchantId,
    query: &AccuracyQuery,
) -> Result<Vec<AccuracyRow>, AppError> {
    let weeks = query.weeks.unwrap_or(WEEKS_DEFAULT);
    if !(1..=WEEKS_MAX).contains(&weeks) {
        return Err(AppError::invalid("weeks", format!("must lie between 1 and {WEEKS_MAX}")));
    }
    if let Some(first) = query.horizon_first_day.filter(|first| !HORIZON_FIRST_DAYS.contains(first)) {
        let known = HORIZON_FIRST_DAYS.map(|first| first.to_string()).join(", ");
        return Err(AppError::invalid("horizon_first_day", format!("{first} is none of {known}")));
    }
    // An old file tells its story as of its own end, not as of today.
    let remembered = stored::since(&platform.store, merchant, NaiveDate::default()).await?;
    let Some(newest) = remembered.iter().map(|row| row.origin).max() else { return Ok(Vec::new()) };
    let first = newest - Days::new(7 * u64::from(weeks));
    let fits = |row: &AccuracyRow| {
        row.origin > first
            && query.demand_class.as_ref().is_none_or(|class| row.demand_class == *class)
            && query.horizon_first_day.is_none_or(|day| row.horizon_first_day == day)
            && query.basis.is_none_or(|basis| row.basis == basis)
    };
    Ok(remembered.into_iter().filter(fits).collect())
}

async fn with_rows(
    platform: &Platform,
    merchant: MerchantId,
    live: Vec<ModelVersion>,
    rows: &[AccuracyRow],
) -> Result<Vec<ModelVersion>, AppError> {
    let judged: BTreeSet<ModelVersionId> = rows.iter().map(|row| row.model_version).collect();
    let mut versions: Vec<ModelVersion> =
        live.into_iter().filter(|one| one.stage != ModelStage::Candidate || judged.contains(&one.id)).collect();
    for id in judged {
        if !versions.iter().any(|one| one.id == id) {
            versions.push(model_versions::get(&platform.store, merchant, id).await?);
        }
    }
    versions.sort_by_key(|one| std::cmp::Reverse(one.number));
    Ok(versions)
}

/// The sums of several rows: Skus of one kind of demand are the same ones at every origin, those of another kind are others.
pub(super) fn together<'a>(rows: impl Iterator<Item = &'a AccuracyRow>) -> ErrorSums {
    let mut classes: BTreeMap<&str, ErrorSums> = BTreeMap::new();
    for row in rows {
        let sums = classes.entry(&row.demand_class).or_default();
        *sums = sums.again(row.sums);
    }
    classes.into_values().fold(ErrorSums::default(), ErrorSums::beside)
}

/// One less the ratio of absolute errors at the origins and distances that both have.
pub(super) fn over(own: &[&AccuracyRow], rival: &[&AccuracyRow]) -> Option<f64> {
    let place = |row: &AccuracyRow| (row.origin, row.horizon_first_day);
    let shared: BTreeSet<_> = own.iter().map(|row| place(row)).collect();
    let shared: BTreeSet<_> = rival.iter().map(|row| place(row)).filter(|there| shared.contains(there)).collect();
    let absolute = |rows: &[&AccuracyRow]| -> f64 {
        rows.iter().filter(|row| shared.contains(&place(row))).map(|row| row.sums.absolute).sum()
    };
    let (own, rival) = (absolute(own), absolute(rival));
    (rival > 0.0).then(|| 1.0 - own / rival)
}

fn members(version: &ModelVersion) -> Vec<MemberWeight> {
    let classes = version.metrics.get("classes").and_then(|classes| classes.as_object());
    let mut members = Vec::new();
    for (class, learned) in classes.into_iter().flatten() {
        let skus = learned.get("skus").and_then(serde_json::Value::as_u64).unwrap_or(0);
        let weights = learned.get("weights").and_then(|weights| weights.as_object());
        let mut of_class: Vec<MemberWeight> = weights
            .into_iter()
            .flatten()
            .map(|(model, weight)| MemberWeight {
                demand_class: class.clone(),
                model: model.clone(),
                weight: weight.as_f64().unwrap_or(0.0),
                skus,
            })
            .collect();
        of_class.sort_by(|one, other| other.weight.total_cmp(&one.weight));
        members.append(&mut of_class);
    }
    members
}
