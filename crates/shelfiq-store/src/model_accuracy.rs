//! How far forecasts were from what happened, as sums per version, origin, kind of demand and distance: sums add up to
//! any group, means do not.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use shelfiq_core::{MerchantId, ModelVersionId};

use crate::database::sealed::Connected;
use crate::entity::model_accuracy as entity;
use crate::error::{Doing, Stored};
use crate::{Read, StoreError, Transaction};

/// Rows in one statement: SQLite takes 32,766 parameters.
const ROWS_PER_INSERT: usize = 500;

text_enum! {
    /// Where a forecast comes from.
    Basis = "basis" {
        /// Made on its day, from what was known then.
        Live = "live",
        /// Made later, from what is now known about the time before its day.
        Replayed = "replayed",
    }
}

/// Errors of the forecasts that one version made at one origin for one kind of demand at one distance.
#[derive(Debug, Clone, PartialEq)]
pub struct AccuracyRow {
    /// The version.
    pub model_version: ModelVersionId,
    /// Last day of data that the forecasts knew.
    pub origin: NaiveDate,
    /// Kind of demand, as judged at the origin.
    pub demand_class: String,
    /// First day of the distance: 1, 8, 15 or 29 days after the origin.
    pub horizon_first_day: i32,
    /// Where the forecasts come from.
    pub basis: Basis,
    /// The sums.
    pub sums: ErrorSums,
    /// When they were compared with what happened.
    pub judged_at: DateTime<Utc>,
}

/// Sums over pairs of a forecast and what happened. One pair is one Sku on one day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct ErrorSums {
    /// Skus among the pairs.
    pub skus: i64,
    /// Pairs.
    pub days: i64,
    /// Units that sold.
    pub actual: f64,
    /// Absolute errors of the median, in units.
    pub absolute: f64,
    /// Mean forecast less what sold, in units.
    pub signed: f64,
    /// Absolute errors over the usual change from week to week of their Sku, over pairs of Skus that have one.
    pub scaled: f64,
    /// Pairs in `scaled`.
    pub scaled_days: i64,
    /// Quantile losses, each averaged over the median and the ends of the intervals, in units.
    pub pinball: f64,
    /// Pairs inside the 50 % interval.
    pub inside_50: i64,
    /// Pairs inside the 80 % interval.
    pub inside_80: i64,
    /// Pairs inside the 90 % interval.
    pub inside_90: i64,
    /// Pairs inside the 95 % interval.
    pub inside_95: i64,
}

/// Stores what is now known about the forecasts of `origins`, in place of what was known before.
///
/// # Errors
/// [`StoreError::Violated`] if a row names a version that does not exist.
pub async fn replace(
    tx: &Transaction,
    merchant: MerchantId,
    origins: &[NaiveDate],
    rows: Vec<AccuracyRow>,
) -> Result<(), StoreError> {
    entity::Entity::delete_many()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Origin.is_in(origins.iter().copied()))
        .exec(tx.connection())
        .await
        .doing("replacing accuracies")?;
    let mut rows = rows.into_iter().map(|row| new_row(merchant, row).into_active_model()).peekable();
    while rows.peek().is_some() {
        let some: Vec<_> = rows.by_ref().take(ROWS_PER_INSERT).collect();
        entity::Entity::insert_many(some).exec_without_returning(tx.connection()).await.doing("storing accuracies")?;
    }
    Ok(())
}

/// Every row of origins on or after `since`, by origin. A year of one version is some thousand rows.
///
/// # Errors
/// A failure of the database.
pub async fn since(on: &impl Read, merchant: MerchantId, since: NaiveDate) -> Result<Vec<AccuracyRow>, StoreError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Origin.gte(since))
        .order_by_asc(entity::Column::Origin)
        .order_by_asc(entity::Column::DemandClass)
        .order_by_asc(entity::Column::HorizonFirstDay)
        .all(on.connection())
        .await
        .doing("reading accuracies")?;
    rows.into_iter().map(AccuracyRow::try_from).collect()
}

/// Forgets rows of origins before `day`; returns how many.
///
/// # Errors
/// A failure of the database.
pub async fn forget_before(tx: &Transaction, merchant: MerchantId, day: NaiveDate) -> Result<u64, StoreError> {
    let gone = entity::Entity::delete_many()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::Origin.lt(day))
        .exec(tx.connection())
        .await
        .doing("forgetting accuracies")?;
    Ok(gone.rows_affected)
}

impl ErrorSums {
    /// Both together, where both look at the same Skus: other origins, other distances.
    #[must_use]
    pub fn again(self, other: Self) -> Self {
        Self { skus: self.skus.max(other.skus), ..self.beside(other) }
    }

    /// Both together, where each looks at Skus of its own: other kinds of demand.
    #[must_use]
    pub fn beside(self, other: Self) -> Self {
        Self {
            skus: self.skus + other.skus,
            days: self.days + other.days,
            actual: self.actual + other.actual,
            absolute: self.absolute + other.absolute,
            signed: self.signed + other.signed,
            scaled: self.scaled + other.scaled,
            scaled_days: self.scaled_days + other.scaled_days,
            pinball: self.pinball + other.pinball,
            inside_50: self.inside_50 + other.inside_50,
            inside_80: self.inside_80 + other.inside_80,
            inside_90: self.inside_90 + other.inside_90,
            inside_95: self.inside_95 + other.inside_95,
        }
    }
}

fn new_row(merchant: MerchantId, row: AccuracyRow) -> entity::Model {
    let sums = row.sums;
    entity::Model {
        merchant_id: merchant.as_uuid(),
        version_id: row.model_version.as_uuid(),
        origin: row.origin,
        demand_class: row.demand_class,
        horizon_first_day: row.horizon_first_day,
        basis: row.basis.to_string(),
        skus: sums.skus,
        days: sums.days,
        actual: sums.actual,
        absolute: sums.absolute,
        signed: sums.signed,
        scaled: sums.scaled,
        scaled_days: sums.scaled_days,
        pinball: sums.pinball,
        inside_50: sums.inside_50,
        inside_80: sums.inside_80,
        inside_90: sums.inside_90,
        inside_95: sums.inside_95,
        judged_at: row.judged_at,
    }
}

impl TryFrom<entity::Model> for AccuracyRow {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            model_version: ModelVersionId::from_uuid(row.version_id),
            origin: row.origin,
            demand_class: row.demand_class,
            horizon_first_day: row.horizon_first_day,
            basis: row.basis.parse().stored_in("model_accuracy.basis")?,
            sums: ErrorSums {
                skus: row.skus,
                days: row.days,
                actual: row.actual,
                absolute: row.absolute,
                signed: row.signed,
                scaled: row.scaled,
                scaled_days: row.scaled_days,
                pinball: row.pinball,
                inside_50: row.inside_50,
                inside_80: row.inside_80,
                inside_90: row.inside_90,
                inside_95: row.inside_95,
            },
            judged_at: row.judged_at,
        })
    }
}
