//! Commands that work on the data directory or the configuration, one file each.

mod anomalies;
pub(crate) mod arena;
mod backup;
pub(crate) mod configuration;
mod demand_plan;
mod demo;
mod doctor;
pub(crate) mod documents;
mod import;
mod import_questions;
mod ledger;
mod lists;
mod measure;
mod models;
mod price_plan;
mod price_tests;
mod run;
mod season;
mod serve;
mod settings;
mod simulate;
mod sku;
mod sql;

use anyhow::Context;
use shelfiq_app::Platform;
use shelfiq_app::access::Actor;

use crate::cli::{AlertsAction, Command, ForecastAction, Global, PriceAction, ProductsAction, RecommendAction};
use crate::config::ShelfiqConfig;
use crate::outcome::Outcome;
use crate::{platform, print};

/// Carries out a command that needs the runtime.
///
/// # Errors
/// What the command says.
pub(crate) async fn run(command: Command, config: ShelfiqConfig, global: &Global) -> anyhow::Result<Outcome> {
    match command {
        Command::Demo(asked) => demo::run(&asked, config, global).await?,
        Command::Serve(asked) => serve::run(&asked, &config).await?,
        Command::Import(asked) => return import::run(asked, &config, global).await,
        Command::Run(asked) => run::run(&asked, &config, global).await?,
        Command::Sql(asked) => sql::run(asked, &config, global).await?,
        Command::Products { action: ProductsAction::List { search, limit } } => {
            lists::products(search, limit, &config, global).await?
        }
        Command::Recommend { action: RecommendAction::List { kind, limit } } => {
            lists::recommendations(kind, limit, &config, global).await?
        }
        Command::Alerts { action: AlertsAction::List { limit } } => lists::alerts(limit, &config, global).await?,
        Command::Models { action } => models::run(action, &config, global).await?,
        Command::Anomalies(asked) => {
            let action = asked.action.context("give a file, `show SKU` or `feedback`")?;
            anomalies::run(action, &config, global).await?;
        }
        Command::Ledger { action } => ledger::run(action, &config, global).await?,
        Command::Price { action: PriceAction::Tests { action } } => price_tests::run(action, &config, global).await?,
        Command::Price { action: PriceAction::Plan(asked) } => price_plan::run(*asked, &config, global).await?,
        Command::Price { action: PriceAction::Season(asked) } => season::run(asked, &config, global).await?,
        Command::Price { action: PriceAction::Simulate(asked) } => simulate::run(asked, &config, global).await?,
        Command::Price { action: PriceAction::Show { sku } } => sku::price(&sku, &config, global).await?,
        Command::Forecast(asked) => match asked.action.context("give a file, `plan`, `show SKU` or `measure NAME`")? {
            ForecastAction::Show { sku, price } => sku::forecast(&sku, price, &config, global).await?,
            ForecastAction::Plan { days } => demand_plan::show(days, &config, global).await?,
            ForecastAction::Measure(asked) => measure::forecast(&asked, &config, global).await?,
        },
        Command::Settings { action } => settings::run(action, &config, global).await?,
        Command::Doctor => doctor::run(&config, global).await?,
        Command::Backup { folder } => backup::backup(&folder, &config).await?,
        Command::Restore { folder } => backup::restore(&folder, &config)?,
        Command::Migrate => {
            drop(platform::open(&config).await?);
            print::line("the database has this release's schema")?;
        }
        Command::Backtest(_)
        | Command::Elasticity(_)
        | Command::Optimize(_)
        | Command::Outliers(_)
        | Command::Arena { .. }
        | Command::Config { .. }
        | Command::Openapi { .. }
        | Command::Completions { .. } => unreachable!("`main` carries out what needs no data directory"),
    }
    Ok(Outcome::Done)
}

/// The opened data directory and whoever acts at this machine.
async fn desk(config: &ShelfiqConfig, global: &Global) -> anyhow::Result<(Platform, Actor)> {
    let platform = platform::open(config).await?;
    let merchant = platform::merchant(&platform, global.merchant.as_deref()).await?;
    let actor = platform::actor(merchant.id);
    Ok((platform, actor))
}
