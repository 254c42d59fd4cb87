//! The merchant itself and what it can set: name, currency, zone, advice settings, limits per Sku.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::{CurrencyCode, MerchantId, Ratio, Sku, TimeZone, UnitPrice};
use shelfiq_pricing::PriceEndings;
use shelfiq_store::Author;
use shelfiq_store::merchants::{self, Merchant, MerchantChange, NewMerchant};
use shelfiq_store::sku_settings::{self, SkuSettings};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::jobs;
use crate::platform::Platform;
use crate::recommendations::to_value;
use crate::settings::{ShopSettings, SkuLimits};

const LEAD_TIME_DAYS_MAX: u32 = 730;
const NAME_CHARS_MAX: usize = 120;
/// Least share of false alerts that can be asked for: below it nothing is ever told.
const FALSE_SHARE_MIN: f64 = 0.01;

/// A merchant with its settings.
#[derive(Debug, Clone)]
pub struct ShopView {
    /// The stored row.
    pub merchant: Merchant,
    /// Its settings, defaults filled in.
    pub settings: ShopSettings,
}

/// What to change; absent fields stay.
#[derive(Debug, Clone, Default)]
pub struct ShopChange {
    /// Name.
    pub name: Option<String>,
    /// Currency in which measures are shown.
    pub currency: Option<CurrencyCode>,
    /// Zone whose calendar cuts days.
    pub time_zone: Option<TimeZone>,
    /// Settings for advice.
    pub settings: Option<ShopSettings>,
}

/// Gets a new merchant going: writes down when its nightly work is due, and cuts days that were imported before by its zone.
///
/// # Errors
/// [`AppError::Store`] or [`AppError::Query`].
pub async fn prepare(platform: &Platform, merchant: MerchantId) -> Result<(), AppError> {
    let tx = platform.begin(Author::system("set-up")).await?;
    jobs::schedule_nightly(platform, &tx, merchant).await?;
    tx.commit().await?;
    let zone = merchants::get(&platform.store, merchant).await?.time_zone;
    Ok(platform.query.refresh_derived(merchant, zone).await?)
}

/// A merchant without members, for whoever imports before anybody set the installation up: the set-up adopts it.
///
/// # Errors
/// [`AppError::Store`], or the name breaks its bounds.
pub async fn create_local(platform: &Platform, name: &str, currency: CurrencyCode) -> Result<Merchant, AppError> {
    check_name(name)?;
    let tx = platform.begin(Author::system("command line")).await?;
    let new = NewMerchant {
        id: MerchantId::from_uuid(platform.randomness.next_uuid(tx.at())),
        name: name.trim().to_owned(),
        currency,
        time_zone: TimeZone::UTC,
        settings: to_value(&ShopSettings::default())?,
        is_demo: false,
    };
    let merchant = merchants::insert(&tx, new).await?;
    jobs::schedule_nightly(platform, &tx, merchant.id).await?;
    tx.commit().await?;
    Ok(merchant)
}

/// The caller's merchant.
///
/// # Errors
/// [`AppError::Access`].
pub async fn get(platform: &Platform, actor: &Actor) -> Result<ShopView, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    Ok(view(merchants::get(&platform.store, merchant).await?))
}

/// Changes the merchant. A new currency or zone takes effect with the next run.
///
/// # Errors
/// [`AppError::Access`], or a value is out of bounds, or the merchant changed since `expected_version`.
pub async fn change(
    platform: &Platform,
    actor: &Actor,
    change: ShopChange,
    expected_version: Option<i32>,
) -> Result<ShopView, AppError> {
    let merchant = actor.authorize(Permission::EditSettings)?;
    if let Some(name) = &change.name {
        check_name(name)?;
    }
    if let Some(settings) = &change.settings {
        settings.policy.validate()?;
        settings.pricing.validate()?;
        check_prices(settings)?;
        if settings.default_lead_time_days > LEAD_TIME_DAYS_MAX {
            return Err(AppError::invalid("default_lead_time_days", format!("at most {LEAD_TIME_DAYS_MAX} days")));
        }
        if !(FALSE_SHARE_MIN..=1.0).contains(&settings.anomaly_false_share.to_f64()) {
            let bounds = format!("must lie between {FALSE_SHARE_MIN} and 1, where every unusual day may alert");
            return Err(AppError::invalid("anomaly_false_share", bounds));
        }
    }
    let zone_changes = change.time_zone.is_some();
    let tx = platform.begin(actor.author()).await?;
    let stored = MerchantChange {
        name: change.name.map(|name| name.trim().to_owned()),
        currency: change.currency,
        time_zone: change.time_zone,
        settings: change.settings.as_ref().map(to_value).transpose()?,
    };
    let changed = merchants::update(&tx, merchant, expected_version, stored).await?;
    tx.commit().await?;
    if zone_changes {
        platform.query.refresh_derived(merchant, changed.time_zone).await?;
    }
    platform.data_changed(merchant);
    Ok(view(changed))
}

/// A Sku's limits; all absent if none were ever set.
///
/// # Errors
/// [`AppError::Access`].
pub async fn sku_limits(platform: &Platform, actor: &Actor, sku: &Sku) -> Result<SkuSettings, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    Ok(sku_settings::get(&platform.store, merchant, sku).await?)
}

/// Sets a Sku's limits.
///
/// # Errors
/// [`AppError::Access`], or the limits contradict each other, or they changed since `expected_version`.
pub async fn set_sku_limits(
    platform: &Platform,
    actor: &Actor,
    sku: &Sku,
    limits: SkuLimits,
    expected_version: Option<i32>,
) -> Result<SkuSettings, AppError> {
    let merchant = actor.authorize(Permission::EditSettings)?;
    check(&limits)?;
    let currency = merchants::get(&platform.store, merchant).await?.currency;
    let tx = platform.begin(actor.author()).await?;
    let mut settings = sku_settings::get(&tx, merchant, sku).await?;
    settings.lead_time_days = limits.lead_time_days;
    settings.min_price = limits.min_price.map(|price| UnitPrice::new(price, currency));
    settings.max_price = limits.max_price.map(|price| UnitPrice::new(price, currency));
    settings.min_margin = limits.min_margin.map(Ratio::to_f64);
    settings.minimum_advertised_price = limits.min_advertised_price.map(|price| UnitPrice::new(price, currency));
    let stored = sku_settings::put(&tx, merchant, currency, expected_version, settings).await?;
    tx.commit().await?;
    platform.data_changed(merchant);
    Ok(stored)
}

fn check_name(name: &str) -> Result<(), AppError> {
    if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX {
        return Err(AppError::invalid("name", format!("give a name of 1 to {NAME_CHARS_MAX} characters")));
    }
    Ok(())
}

/// Endings and rivals' bands: what [`ShopSettings`] says about prices outside its policies.
fn check_prices(settings: &ShopSettings) -> Result<(), AppError> {
    if let PriceEndings::Tails(tails) = &settings.price_endings
        && (tails.is_empty() || tails.iter().any(|tail| *tail > 99))
    {
        return Err(AppError::invalid("pricing.price_endings", "give the last two digits, such as 49 and 99"));
    }
    let bands = [
        ("pricing.rival_band_below", settings.rival_band_below),
        ("pricing.rival_band_above", settings.rival_band_above),
    ];
    match bands.into_iter().find(|(_, share)| *share < Ratio::ZERO || *share > Ratio::ONE) {
        Some((field, share)) => Err(AppError::invalid(field, format!("must lie between 0 % and 100 %, not {share}"))),
        None => Ok(()),
    }
}

fn check(limits: &SkuLimits) -> Result<(), AppError> {
    if limits.min_price.is_some_and(|price| price <= Decimal::ZERO)
        || limits.max_price.is_some_and(|price| price <= Decimal::ZERO)
    {
        return Err(AppError::invalid("min_price", "prices must be above zero"));
    }
    if limits.min_advertised_price.is_some_and(|price| price <= Decimal::ZERO) {
        return Err(AppError::invalid("min_advertised_price", "prices must be above zero"));
    }
    if let (Some(min), Some(max)) = (limits.min_price, limits.max_price)
        && min > max
    {
        return Err(AppError::invalid("max_price", format!("{max} is below the lowest price {min}")));
    }
    if limits.lead_time_days.is_some_and(|days| days > LEAD_TIME_DAYS_MAX) {
        return Err(AppError::invalid("lead_time_days", format!("at most {LEAD_TIME_DAYS_MAX} days")));
    }
    if limits
        .min_margin
        .is_some_and(|margin| margin.proportion().to_f64().is_none_or(|share| !(-1.0..1.0).contains(&share)))
    {
        return Err(AppError::invalid("min_margin", "must lie between −100 % and 100 %"));
    }
    Ok(())
}

fn view(merchant: Merchant) -> ShopView {
    let settings = serde_json::from_value(merchant.settings.clone()).unwrap_or_default();
    ShopView { merchant, settings }
}
