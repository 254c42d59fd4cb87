//! `shelfiq demo`: a shop of two years in a folder of its own, ready to look at.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use chrono::Days;
use serde::{Deserialize, Serialize};
use shelfiq_api::{ApiConfig, ApiState, DemoLogin, Telemetry};
use shelfiq_app::identity::{Identity, Secret, SetUp};
use shelfiq_app::run::RunScope;
use shelfiq_app::{Platform, demo, run as daily, shops};
use shelfiq_arena::{ArenaConfig, ShopSize as ArenaSize};
use shelfiq_core::{Clock, CurrencyCode, TimeZone};
use tokio::net::TcpListener;

use crate::cli::{Demo, Global, Role, ShopSize};
use crate::config::ShelfiqConfig;
use crate::print::Progress;
use crate::{platform, print, roles};

const EMAIL: &str = "demo@shelfiq.local";
const PASSWORD: &str = "demo-shelfiq-2026";
const MERCHANT: &str = "Willow & Wren (demo)";
const MARKER: &str = "demo.json";
/// Share of the waiting that filling the tables takes; the first run takes the rest.
const FILL_SHARE: f64 = 0.5;

/// What a demo folder says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Marker {
    seed: u64,
    size: String,
    is_complete: bool,
}

/// Makes the demo shop if it is not there yet, and serves it.
///
/// # Errors
/// If the folder holds another shop, the port is taken, or a store fails.
pub(super) async fn run(asked: &Demo, mut config: ShelfiqConfig, global: &Global) -> anyhow::Result<()> {
    if global.data_dir.is_none() {
        config.data_dir = own_folder(asked);
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, asked.port));
    // Find out that the port is taken before making somebody wait for a shop.
    drop(
        TcpListener::bind(address)
            .await
            .with_context(|| format!("failed to listen on {address}: choose another with --port"))?,
    );
    let is_ready = prepare_folder(asked, &config)?;
    let platform = platform::open(&config).await?;
    let identity = platform::identity(&config, &platform)?;
    if !is_ready {
        fill(asked, &platform, &identity, global).await?;
        write_marker(&config.data_dir, &marker(asked, true))?;
    }
    let login = DemoLogin { email: EMAIL.to_owned(), password: PASSWORD.to_owned() };
    let state = ApiState::new(
        platform.clone(),
        identity,
        ApiConfig { demo: Some(login), ..super::serve::api_config(&config) },
        Telemetry::start(),
    );
    let listener = TcpListener::bind(address).await.with_context(|| format!("failed to listen on {address}"))?;
    let url = format!("http://{}", listener.local_addr()?);
    greet(&url, &config.data_dir)?;
    if let Some(file) = &asked.ready_file {
        write_ready_file(file, &url)?;
    }
    roles::run(&[Role::Api, Role::Worker, Role::Scheduler], platform, Some((listener, state))).await
}

/// Where the demo of this size and seed lives if nobody says otherwise.
fn own_folder(asked: &Demo) -> PathBuf {
    let home = std::env::home_dir().unwrap_or_else(|| PathBuf::from("."));
    home.join(".local/share/shelfiq").join(format!("demo-{}-{}", size_name(asked.size), asked.seed))
}

/// Looks what is in the folder: `true` for this very demo, complete. An incomplete one is cleared away.
fn prepare_folder(asked: &Demo, config: &ShelfiqConfig) -> anyhow::Result<bool> {
    let folder = &config.data_dir;
    let shown = folder.display();
    if !config.database_url.is_empty() {
        bail!("the demo keeps everything in its own folder: take `database_url` out of the configuration for it");
    }
    let is_empty = std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if is_empty {
        std::fs::create_dir_all(folder).with_context(|| format!("failed to make the folder `{shown}`"))?;
        write_marker(folder, &marker(asked, false))?;
        return Ok(false);
    }
    let Ok(text) = std::fs::read_to_string(folder.join(MARKER)) else {
        bail!("`{shown}` holds something that is no demo: choose an empty folder with --data-dir");
    };
    let found: Marker = serde_json::from_str(&text).with_context(|| format!("`{shown}/{MARKER}` is damaged"))?;
    if found == marker(asked, true) {
        return Ok(true);
    }
    if found.is_complete {
        bail!(
            "`{shown}` holds the {} demo with seed {}: choose another folder with --data-dir",
            found.size,
            found.seed
        );
    }
    // An earlier start was interrupted. Whoever still fills it holds the log.
    drop(platform::open_log(config)?);
    std::fs::remove_dir_all(folder)
        .and_then(|()| std::fs::create_dir_all(folder))
        .with_context(|| format!("failed to clear `{shown}`"))?;
    write_marker(folder, &marker(asked, false))?;
    Ok(false)
}

async fn fill(asked: &Demo, platform: &Platform, identity: &Identity, global: &Global) -> anyhow::Result<()> {
    print::note("making the demo shop; the next start takes seconds");
    let time_zone: TimeZone = "Europe/London".parse()?;
    let currency = CurrencyCode::new("GBP")?;
    let set_up = SetUp {
        merchant_name: MERCHANT.to_owned(),
        currency,
        time_zone,
        is_demo: true,
        owner_name: "Demo".to_owned(),
        email: EMAIL.to_owned(),
        password: Secret::new(PASSWORD),
    };
    let merchant = identity.set_up(set_up).await?;
    let yesterday = time_zone.day_of(platform::SystemClock.now()) - Days::new(1);
    let shop =
        ArenaConfig { size: arena_size(asked.size), currency, time_zone, ..ArenaConfig::small(asked.seed, yesterday) };
    let bar = Progress::start(global);
    demo::fill(platform, merchant.id, shop, &|share, stage| bar.tell(FILL_SHARE * share, stage)).await?;
    daily::run(platform, merchant.id, RunScope::Daily, &|share, stage| {
        bar.tell(FILL_SHARE + (1.0 - FILL_SHARE) * share, stage)
    })
    .await?;
    shops::prepare(platform, merchant.id).await?;
    bar.finish();
    Ok(())
}

fn greet(url: &str, folder: &Path) -> anyhow::Result<()> {
    print::line(format!("ShelfIQ demo is ready: {url}"))?;
    print::line(format!("  sign in as   {EMAIL}"))?;
    print::line(format!("  password     {PASSWORD}"))?;
    print::line(format!("  everything is in {} (delete the folder to start over)", folder.display()))?;
    print::line("Try next: accept a price on the Recommendations page, ask for another price on a product's page,")?;
    print::line(format!("or look at the API: {url}/api/docs. Ctrl-C stops."))
}

/// Written whole or not at all, so that whoever waits for it never reads half of it.
fn write_ready_file(file: &Path, url: &str) -> anyhow::Result<()> {
    let lacking = || format!("failed to write `{}`", file.display());
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    std::fs::write(&name, format!("SHELFIQ_URL={url}\nSHELFIQ_EMAIL={EMAIL}\nSHELFIQ_PASSWORD={PASSWORD}\n"))
        .with_context(lacking)?;
    std::fs::rename(&name, file).with_context(lacking)
}

fn write_marker(folder: &Path, marker: &Marker) -> anyhow::Result<()> {
    std::fs::write(folder.join(MARKER), serde_json::to_string(marker)?)
        .with_context(|| format!("failed to write to `{}`", folder.display()))
}

fn marker(asked: &Demo, is_complete: bool) -> Marker {
    Marker { seed: asked.seed, size: size_name(asked.size).to_owned(), is_complete }
}

const fn size_name(size: ShopSize) -> &'static str {
    match size {
        ShopSize::Small => "small",
        ShopSize::Medium => "medium",
        ShopSize::Large => "large",
    }
}

/// The arena's size of this name.
pub(super) const fn arena_size(size: ShopSize) -> ArenaSize {
    match size {
        ShopSize::Small => ArenaSize::Small,
        ShopSize::Medium => ArenaSize::Medium,
        ShopSize::Large => ArenaSize::Large,
    }
}
