//! Sku settings: what the merchant fixed for single Skus, over what the models would take.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use shelfiq_core::{CurrencyCode, MerchantId, Sku, UnitPrice};

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::sku_setting as entity;
use crate::error::{Doing, Stored};
use crate::{Page, PageRequest, Read, StoreError, Transaction, audit, version};

/// What is fixed for one Sku; `None` leaves it to the merchant's defaults and to the models.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SkuSettings {
    /// The Sku.
    pub sku: Sku,
    /// Days from ordering to selling.
    pub lead_time_days: Option<u32>,
    /// Never price below this.
    pub min_price: Option<UnitPrice>,
    /// Never price above this.
    pub max_price: Option<UnitPrice>,
    /// Least margin as a ratio of the price: 0.1 means 10 %.
    pub min_margin: Option<f64>,
    /// Never advertise below this: an agreement with the brand.
    pub minimum_advertised_price: Option<UnitPrice>,
    /// What one unit costs, in place of what was imported.
    pub pinned_cost: Option<UnitPrice>,
    /// Counts the changes; 0 if nothing was ever fixed.
    pub version: i32,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

impl SkuSettings {
    /// Nothing fixed.
    #[must_use]
    pub fn none(sku: Sku) -> Self {
        Self {
            sku,
            lead_time_days: None,
            min_price: None,
            max_price: None,
            min_margin: None,
            minimum_advertised_price: None,
            pinned_cost: None,
            version: 0,
            updated_at: None,
        }
    }
}

/// What is fixed for the Sku.
///
/// # Errors
/// A failure of the database; a Sku that nothing is fixed for has [`SkuSettings::none`].
pub async fn get(on: &impl Read, merchant: MerchantId, sku: &Sku) -> Result<SkuSettings, StoreError> {
    let row = entity::Entity::find_by_id((merchant.as_uuid(), sku.as_str().to_owned()))
        .one(on.connection())
        .await
        .doing("loading a Sku's settings")?;
    row.map_or_else(|| Ok(SkuSettings::none(sku.clone())), SkuSettings::try_from)
}

/// Every Sku that something is fixed for, by Sku.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(
    on: &impl Read,
    merchant: MerchantId,
    request: &PageRequest,
) -> Result<Page<SkuSettings>, StoreError> {
    let mut query = entity::Entity::find().filter(entity::Column::MerchantId.eq(merchant.as_uuid()));
    if let Some((sku, _)) = request.after::<String, u8>()? {
        query = query.filter(entity::Column::Sku.gt(sku));
    }
    let rows = query
        .order_by_asc(entity::Column::Sku)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing settings of Skus")?;
    Page::cut(rows, request, |row| (row.sku.clone(), 0)).try_map(SkuSettings::try_from)
}

/// Fixes `settings` for its Sku, in place of what was fixed before. `currency` is the merchant's; prices in another one
/// are refused. `expected_version` is the version that the caller has seen.
///
/// # Errors
/// [`StoreError::Stale`]; [`StoreError::WrongState`] for a price in another currency.
pub async fn put(
    tx: &Transaction,
    merchant: MerchantId,
    currency: CurrencyCode,
    expected_version: Option<i32>,
    settings: SkuSettings,
) -> Result<SkuSettings, StoreError> {
    crate::merchants::lock(tx, merchant).await?;
    let before = get(tx, merchant, &settings.sku).await?;
    version::check("Sku's settings", expected_version, before.version)?;
    let prices = [settings.min_price, settings.max_price, settings.minimum_advertised_price, settings.pinned_cost];
    if let Some(foreign) = prices.into_iter().flatten().find(|price| price.currency() != currency) {
        return Err(StoreError::WrongState {
            what: "price",
            step: "fix",
            state: format!("in {} while the merchant counts in {currency}", foreign.currency()),
        });
    }
    let text = |price: Option<UnitPrice>| price.map(|price| price.amount().normalize().to_string());
    let row = entity::Model {
        merchant_id: merchant.as_uuid(),
        sku: settings.sku.as_str().to_owned(),
        lead_time_days: settings.lead_time_days.map(|days| i32::try_from(days).unwrap_or(i32::MAX)),
        min_price: text(settings.min_price),
        max_price: text(settings.max_price),
        min_margin: settings.min_margin,
        minimum_advertised_price: text(settings.minimum_advertised_price),
        pinned_cost: text(settings.pinned_cost),
        currency: currency.to_string(),
        version: before.version + 1,
        updated_at: tx.at(),
    };
    let replace = OnConflict::columns([entity::Column::MerchantId, entity::Column::Sku])
        .update_columns([
            entity::Column::LeadTimeDays,
            entity::Column::MinPrice,
            entity::Column::MaxPrice,
            entity::Column::MinMargin,
            entity::Column::MinimumAdvertisedPrice,
            entity::Column::PinnedCost,
            entity::Column::Currency,
            entity::Column::Version,
            entity::Column::UpdatedAt,
        ])
        .to_owned();
    entity::Entity::insert(row.clone().into_active_model())
        .on_conflict(replace)
        .exec_without_returning(tx.connection())
        .await
        .doing("fixing a Sku's settings")?;
    let after = SkuSettings::try_from(row)?;
    audit::record(tx, merchant, Note::new("sku", "settings_changed", &after.sku).before(&before).after(&after)).await?;
    Ok(after)
}

impl TryFrom<entity::Model> for SkuSettings {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        let currency: CurrencyCode = row.currency.parse().stored_in("sku_settings.currency")?;
        let price = |text: Option<String>, column: &'static str| -> Result<Option<UnitPrice>, StoreError> {
            let amount: Option<Decimal> = text.map(|text| text.parse().stored_in(column)).transpose()?;
            Ok(amount.map(|amount| UnitPrice::new(amount, currency)))
        };
        Ok(Self {
            sku: row.sku.parse().stored_in("sku_settings.sku")?,
            lead_time_days: row
                .lead_time_days
                .map(|days| u32::try_from(days).stored_in("sku_settings.lead_time_days"))
                .transpose()?,
            min_price: price(row.min_price, "sku_settings.min_price")?,
            max_price: price(row.max_price, "sku_settings.max_price")?,
            min_margin: row.min_margin,
            minimum_advertised_price: price(row.minimum_advertised_price, "sku_settings.minimum_advertised_price")?,
            pinned_cost: price(row.pinned_cost, "sku_settings.pinned_cost")?,
            version: row.version,
            updated_at: Some(row.updated_at),
        })
    }
}
