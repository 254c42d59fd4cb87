//! The production parts behind the traits: system clock, system randomness, embedded stores in the data directory.

use std::sync::Arc;

use anyhow::{Context, anyhow, bail};
use chrono::{DateTime, Utc};
use shelfiq_app::access::Actor;
use shelfiq_app::identity::{Identity, IdentityConfig, IdentityParts, SigningKeys};
use shelfiq_app::models::Tracking;
use shelfiq_app::{Platform, PlatformParts, shops};
use shelfiq_core::{Clock, CurrencyCode, MerchantId, Randomness};
use shelfiq_lake::Lake;
use shelfiq_log::{EmbeddedLog, LogConfig};
use shelfiq_query::{QueryConfig, QueryEngine};
use shelfiq_store::merchants::{self, Merchant};
use shelfiq_store::{Database, PAGE_SIZE_MAX, PageRequest, StoreConfig};

use crate::config::ShelfiqConfig;
use crate::outcome::not_found;
use crate::print;

const LOG: &str = "log";
const LAKE: &str = "lake";
const FILES: &str = "imports";
const ARTEFACTS: &str = "models";
const KEYS: &str = "keys";

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that the rest of the program is given")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy)]
struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has a source of randomness");
    }
}

/// Opens everything in the data directory, creating it on first use.
///
/// # Errors
/// Names what could not be opened; says so if another process holds the data directory.
pub(crate) async fn open(config: &ShelfiqConfig) -> anyhow::Result<Platform> {
    let folder = &config.data_dir;
    let lacking = || format!("failed to open the data directory `{}`", folder.display());
    std::fs::create_dir_all(folder).with_context(lacking)?;
    let log = open_log(config)?;
    let store = Database::open(&StoreConfig::at(config.database_address())).await.with_context(lacking)?;
    let lake = Lake::open(&folder.join(LAKE)).with_context(lacking)?;
    let query = QueryEngine::new(lake, QueryConfig::default()).with_context(lacking)?;
    let parts = PlatformParts {
        store,
        log: Arc::new(log),
        query,
        clock: Arc::new(SystemClock),
        randomness: Arc::new(SystemRandomness),
        files: folder.join(FILES),
        artefacts: folder.join(ARTEFACTS),
    };
    let platform = Platform::new(parts);
    if config.mlflow_tracking_uri.is_empty() {
        return Ok(platform);
    }
    let tracking = Tracking::new(&config.mlflow_tracking_uri, &config.mlflow_experiment)?;
    Ok(platform.with_tracking(tracking))
}

/// Opens the event log, which one process holds at a time: whoever has it has the data directory to itself.
///
/// # Errors
/// Says so if another process holds it.
pub(crate) fn open_log(config: &ShelfiqConfig) -> anyhow::Result<EmbeddedLog> {
    EmbeddedLog::open(&config.data_dir.join(LOG), LogConfig::default()).map_err(|error| {
        let is_held = format!("{error:?}").contains("Locked");
        let folder = config.data_dir.display();
        if is_held {
            anyhow!(
                "the data directory `{folder}` is in use by another shelfiq: stop it first, or use its web app and API"
            )
        } else {
            error.into()
        }
    })
}

/// Sign-in with the key pair in the data directory.
///
/// # Errors
/// If the keys cannot be read or made.
pub(crate) fn identity(config: &ShelfiqConfig, platform: &Platform) -> anyhow::Result<Identity> {
    let parts = IdentityParts {
        store: platform.store.clone(),
        clock: Arc::clone(&platform.clock),
        randomness: Arc::clone(&platform.randomness),
        keys: SigningKeys::load_or_create(&config.data_dir.join(KEYS))?,
        config: IdentityConfig::default(),
    };
    Ok(Identity::new(parts)?)
}

/// The merchant called `name`, or the only one.
///
/// # Errors
/// Lists the merchants if the choice is not clear.
pub(crate) async fn merchant(platform: &Platform, name: Option<&str>) -> anyhow::Result<Merchant> {
    let all = all_merchants(platform).await?;
    let names = || all.iter().map(|merchant| merchant.name.as_str()).collect::<Vec<_>>().join(", ");
    match (name, all.as_slice()) {
        (_, []) => Err(not_found(
            "there is no shop here yet: `shelfiq import FILE` makes one, `shelfiq demo` shows one".to_owned(),
        )),
        (None, [only]) => Ok(only.clone()),
        (None, _) => bail!("there are several merchants, choose one with --merchant: {}", names()),
        (Some(name), _) => {
            let found = all.iter().find(|merchant| merchant.name.eq_ignore_ascii_case(name));
            found.cloned().ok_or_else(|| not_found(format!("there is no merchant `{name}`; there are: {}", names())))
        }
    }
}

/// As [`merchant`]; `None` if nobody has made one yet.
///
/// # Errors
/// As [`merchant`].
pub(crate) async fn merchant_if_any(platform: &Platform, name: Option<&str>) -> anyhow::Result<Option<Merchant>> {
    if all_merchants(platform).await?.is_empty() {
        return Ok(None);
    }
    merchant(platform, name).await.map(Some)
}

/// Makes the first merchant, so that a first import needs no set-up.
///
/// # Errors
/// If the name breaks its bounds, or the store fails.
pub(crate) async fn first_merchant(
    platform: &Platform,
    name: Option<&str>,
    currency: CurrencyCode,
) -> anyhow::Result<Merchant> {
    let made = shops::create_local(platform, name.unwrap_or("My shop"), currency).await?;
    print::note(format!(
        "made the shop `{}` in {}, days in UTC; `shelfiq serve` lets you set up its owner, currency and time zone",
        made.name, made.currency
    ));
    Ok(made)
}

/// Whoever sits at this machine, acting for `merchant`.
pub(crate) fn actor(merchant: MerchantId) -> Actor {
    Actor::system(merchant, "command line")
}

/// Every merchant in the data directory, in order of creation.
///
/// # Errors
/// A failure of the store.
pub(crate) async fn all_merchants(platform: &Platform) -> anyhow::Result<Vec<Merchant>> {
    let mut all = Vec::new();
    let mut request = PageRequest::first(PAGE_SIZE_MAX);
    loop {
        let page = merchants::page_of_all(&platform.store, &request).await?;
        all.extend(page.rows);
        let Some(next) = page.next else { return Ok(all) };
        request = PageRequest::new(PAGE_SIZE_MAX, Some(next));
    }
}
