//! How a merchant's files are imported: what the caller says, completed by what the merchant has chosen and said before.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use shelfiq_core::{MerchantId, TimeZone};
use shelfiq_pipeline::{CustomerSalt, ImportOptions, Mapping};
use shelfiq_store::{column_mappings, merchants};
use shelfiq_tabular::{Hints, Limits};

use super::{DEFAULT_STORE, ImportRequest, session};
use crate::error::AppError;
use crate::platform::Platform;

const SALT_FILE: &str = "customer-salt";

async fn options(
    platform: &Platform,
    merchant: MerchantId,
    request: &ImportRequest,
) -> Result<ImportOptions, AppError> {
    let shop = merchants::get(&platform.store, merchant).await?;
    Ok(ImportOptions {
        kind: request.kind,
        mapping: request.mapping.clone(),
        store: request.store.clone().unwrap_or_else(|| DEFAULT_STORE.to_owned()),
        currency: Some(request.currency.unwrap_or(shop.currency)),
        date_order: request.date_order,
        decimal_mark: request.decimal_mark,
        time_zone: shop.time_zone,
        received_at: platform.clock.now(),
        customer_salt: customer_salt(platform, merchant)?,
        hints: Hints::default(),
        limits: Limits::default(),
    })
}

/// As [`options`], with what was said before about files with the same headers: the mapping, if the caller gives none and
/// the headers do not tell it, and how dates and numbers are written.
pub(super) async fn options_of_files(
    platform: &Platform,
    merchant: MerchantId,
    files: &[PathBuf],
    request: &ImportRequest,
) -> Result<ImportOptions, AppError> {
    let options = options(platform, merchant, request).await?;
    let [file] = files else { return Ok(options) };
    let session = session(platform, merchant);
    let hash = session.header_hash(file, &options).await?;
    let known = column_mappings::recall(&platform.store, merchant, &hash).await?;
    let Some(known) = known.and_then(|known| serde_json::from_value::<Mapping>(known).ok()) else { return Ok(options) };
    if request.mapping.is_none() && request.kind.is_none() && !session.recognise(file, &options).await?.is_certain {
        return Ok(ImportOptions { kind: Some(known.kind), mapping: Some(known), ..options });
    }
    Ok(ImportOptions {
        date_order: options.date_order.or(known.date_order),
        decimal_mark: options.decimal_mark.or(known.decimal_mark),
        ..options
    })
}

/// Options for looking at a file before there is a merchant: nothing that is read so is kept, customer keys least of all.
pub(super) fn options_without_merchant(request: &ImportRequest, now: DateTime<Utc>) -> ImportOptions {
    ImportOptions {
        kind: request.kind,
        mapping: request.mapping.clone(),
        store: request.store.clone().unwrap_or_else(|| DEFAULT_STORE.to_owned()),
        currency: request.currency,
        date_order: request.date_order,
        decimal_mark: request.decimal_mark,
        time_zone: TimeZone::UTC,
        received_at: now,
        customer_salt: CustomerSalt::new([0; 32]),
        hints: Hints::default(),
        limits: Limits::default(),
    }
}

/// The merchant's secret for customer keys, made at the first import and kept for good.
fn customer_salt(platform: &Platform, merchant: MerchantId) -> Result<CustomerSalt, AppError> {
    let folder = platform.files_of(merchant);
    let path = folder.join(SALT_FILE);
    let failed = |source| AppError::File { doing: "keep the salt of customer keys", source };
    if let Ok(bytes) = std::fs::read(&path)
        && let Ok(bytes) = <[u8; 32]>::try_from(bytes.as_slice())
    {
        return Ok(CustomerSalt::new(bytes));
    }
    let mut bytes = [0; 32];
    platform.randomness.fill(&mut bytes);
    std::fs::create_dir_all(&folder).map_err(failed)?;
    std::fs::write(&path, bytes).map_err(failed)?;
    Ok(CustomerSalt::new(bytes))
}
