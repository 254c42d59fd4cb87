//! The command line: names, flags and help texts. What each command does stands in `commands/` and `toolbox/`.

mod anomalies;
mod ledger;
mod lists;
mod measure;
mod models;
mod optimize;
mod price;
mod settings;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use anomalies::{Anomalies, AnomaliesAction, Anomaly};
pub(crate) use ledger::LedgerAction;
pub(crate) use lists::{AlertsAction, ProductsAction, RecommendAction};
pub(crate) use measure::{ForecastMeasure, Period};
pub(crate) use models::ModelsAction;
pub(crate) use optimize::{Optimize, ReferenceName, Strategy};
pub(crate) use price::{PriceAction, PricePlan, PriceTestsAction, SeasonPlan, Simulate};
pub(crate) use settings::{PricingSettings, ReductionRuleName, RiskName, SettingsAction, ShopStrategyName};

/// Commerce intelligence for people who sell on marketplaces: what sells, what will sell, what to reprice and why.
///
/// Start with `shelfiq demo`, or `shelfiq import orders.csv` and `shelfiq serve`.
#[derive(Debug, Parser)]
#[command(name = "shelfiq", version, max_term_width = 110, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Global {
    /// Folder that holds everything; created on first use
    #[arg(long, global = true, env = "SHELFIQ_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Configuration file
    #[arg(long, global = true, env = "SHELFIQ_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Merchant by name; needed only when the data directory holds several
    #[arg(long, global = true, env = "SHELFIQ_MERCHANT", value_name = "NAME")]
    pub(crate) merchant: Option<String>,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say less
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Say more; twice for much more
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Generate a demo shop and serve it
    Demo(Demo),
    /// Serve the web app and the API, and run background work
    Serve(Serve),
    /// Import files from a shop, or take an import back
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Import(Import),
    /// Run scheduled work now: forecasts, elasticities, anomalies, recommendations, alerts
    Run(Run),
    /// Ask the shop's tables a read-only question in SQL
    Sql(Sql),
    /// Show products as the web app does
    Products {
        #[command(subcommand)]
        action: ProductsAction,
    },
    /// Show recommendations
    Recommend {
        #[command(subcommand)]
        action: RecommendAction,
    },
    /// Show alerts
    Alerts {
        #[command(subcommand)]
        action: AlertsAction,
    },
    /// Show how far forecasts were off, and which versions of models there are
    Models {
        #[command(subcommand)]
        action: ModelsAction,
    },
    /// Show what decisions promised and what they brought
    Ledger {
        #[command(subcommand)]
        action: LedgerAction,
    },
    /// Show the price evidence of one Sku, plan prices, and run price tests
    Price {
        #[command(subcommand)]
        action: PriceAction,
    },
    /// Forecast the series of a file, a measure of the shop (`forecast measure`), or show what the shop will sell (`forecast
    /// plan`) and a Sku's forecast (`forecast show`)
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Forecast(Forecast),
    /// Compare forecast models on the past of the series in a file
    Backtest(Backtest),
    /// Estimate price elasticities from a file
    Elasticity(Elasticity),
    /// Find prices for the products in a file
    Optimize(Optimize),
    /// Judge every value of the series in a file by what came before it, show what is unusual about a product
    /// (`anomalies show`), or say that it is not (`anomalies dismiss`)
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Anomalies(Anomalies),
    /// Find unusual rows in a table of numbers
    Outliers(Outliers),
    /// Simulate shops with known truth
    Arena {
        #[command(subcommand)]
        action: ArenaAction,
    },
    /// Show or change how the shop prices
    Settings {
        #[command(subcommand)]
        action: SettingsAction,
    },
    /// Check the data directory and say what is wrong
    Doctor,
    /// Check or show the configuration
    Config {
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Copy the data directory, consistently, while nothing is lost
    Backup {
        /// Folder to create
        folder: PathBuf,
    },
    /// Make a data directory from a backup
    Restore {
        /// Folder that `backup` made
        folder: PathBuf,
    },
    /// Bring the database to this release's schema
    Migrate,
    /// Write the OpenAPI document
    Openapi {
        /// File to write; standard output if not given
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Print a completion script for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
}

/// `shelfiq demo`
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Port on 127.0.0.1; 0 picks a free one
    #[arg(long, default_value_t = 8080)]
    pub(crate) port: u16,
    /// Which demo shop; the same seed gives the same shop
    #[arg(long, default_value_t = 7)]
    pub(crate) seed: u64,
    /// How large a shop
    #[arg(long, value_enum, default_value_t = ShopSize::Small)]
    pub(crate) size: ShopSize,
    /// Write address and login as shell assignments to this file once ready
    #[arg(long, value_name = "FILE", hide = true)]
    pub(crate) ready_file: Option<PathBuf>,
}

/// Sizes of simulated shops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShopSize {
    /// Some 300 Skus, two years
    Small,
    /// Some 5,000 Skus
    Medium,
    /// 100,000 Skus
    Large,
}

/// `shelfiq serve`
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Address to listen on
    #[arg(long, env = "SHELFIQ_LISTEN", default_value = "127.0.0.1:8080")]
    pub(crate) listen: std::net::SocketAddr,
    /// Roles to run in this process
    #[arg(long, env = "SHELFIQ_ROLES", value_delimiter = ',', value_enum, default_values_t = [Role::Api, Role::Worker, Role::Scheduler])]
    pub(crate) roles: Vec<Role>,
}

/// What a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// Answer HTTP
    Api,
    /// Run jobs
    Worker,
    /// Enqueue what is due every day
    Scheduler,
}

/// `shelfiq import`
#[derive(Debug, Args)]
pub(crate) struct Import {
    #[command(subcommand)]
    pub(crate) action: Option<ImportAction>,
    /// Files: CSV, TSV, NDJSON, XLSX or Parquet, also .gz; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What the files hold, if it cannot be recognised (see `--kind help`)
    #[arg(long)]
    pub(crate) kind: Option<String>,
    /// Which column is what, as a TOML file
    #[arg(long, value_name = "FILE")]
    pub(crate) mapping: Option<PathBuf>,
    /// Say what would happen and change nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Store to which the rows belong; created if new
    #[arg(long, value_name = "NAME")]
    pub(crate) store: Option<String>,
    /// Currency of amounts that name none; the shop's if it has one
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Whether 3/4/2026 is in April or in March, where the dates of a file do not tell
    #[arg(long, value_enum, value_name = "ORDER")]
    pub(crate) date_order: Option<DateOrderName>,
    /// Whether 1,234 has a fraction, where the numbers of a file do not tell
    #[arg(long, value_enum, value_name = "MARK")]
    pub(crate) decimal_mark: Option<DecimalMarkName>,
}

/// Orders of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DateOrderName {
    /// 3/4/2026 is the third of April
    DayFirst,
    /// 3/4/2026 is the fourth of March
    MonthFirst,
}

/// Marks before the fraction of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DecimalMarkName {
    /// 1,234.56
    Point,
    /// 1.234,56
    Comma,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ImportAction {
    /// Remove exactly what an import added
    Undo {
        /// The import's id, as printed by `import` and `import list`
        id: String,
    },
    /// List imports, newest first
    List,
}

/// `shelfiq run`
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// `daily` for everything, or one part
    #[arg(default_value = "daily", value_parser = ["daily", "forecasts", "elasticities", "anomalies", "recommendations", "alerts"])]
    pub(crate) what: String,
}

/// `shelfiq sql`
#[derive(Debug, Args)]
pub(crate) struct Sql {
    /// One SELECT; `-` reads it from standard input
    pub(crate) query: String,
    /// Answer from the tables as they were then: a date or an instant
    #[arg(long, value_name = "TIME")]
    pub(crate) as_of: Option<String>,
    /// Form of the answer; a table on a terminal, CSV elsewhere
    #[arg(long, value_enum)]
    pub(crate) format: Option<RowFormat>,
}

/// Forms in which rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RowFormat {
    /// One JSON array
    Json,
    /// One JSON object a line
    Ndjson,
    /// Comma-separated values with a header
    Csv,
    /// Parquet
    Parquet,
    /// Aligned columns
    Table,
}

/// `shelfiq forecast`
#[derive(Debug, Args)]
pub(crate) struct Forecast {
    #[command(subcommand)]
    pub(crate) action: Option<ForecastAction>,
    /// Table with the columns unique_id, ds, y and optionally more; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// Periods ahead
    #[arg(long, short = 'H', required = true, value_name = "PERIODS")]
    pub(crate) horizon: Option<usize>,
    /// Periods in a season; detected if not given
    #[arg(long)]
    pub(crate) season: Option<usize>,
    /// Frequency: H, D, W, M, Q, Y or a number of steps; detected if not given
    #[arg(long)]
    pub(crate) freq: Option<String>,
    /// Levels of the intervals, in per cent
    #[arg(long, value_delimiter = ',', default_values_t = [80.0, 95.0])]
    pub(crate) levels: Vec<f64>,
    /// Countries whose holidays and selling events move demand, such as US or GB,DE; a period is taken to begin at its ds
    #[arg(long, value_name = "COUNTRIES", value_delimiter = ',')]
    pub(crate) holidays: Vec<shelfiq_core::HolidayCountry>,
    /// Future values of the regressors
    #[arg(long, value_name = "FILE")]
    pub(crate) future: Option<PathBuf>,
    /// File to write; its ending decides the format; `-` is CSV on standard output
    #[arg(long, default_value = "-")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ForecastAction {
    /// Show the forecast of a Sku
    Show {
        /// Sku code
        sku: String,
        /// As if this price held from the next day on
        #[arg(long)]
        price: Option<rust_decimal::Decimal>,
    },
    /// Show what will sell, from the whole shop down to its categories
    Plan {
        /// Days ahead, at most 56
        #[arg(long, default_value_t = shelfiq_app::demand_plan::DAYS_USUAL)]
        days: usize,
    },
    /// Forecast a measure, such as net_revenue or orders, for the shop or a part of it
    Measure(ForecastMeasure),
}

/// `shelfiq backtest`
#[derive(Debug, Args)]
pub(crate) struct Backtest {
    /// Table with the columns unique_id, ds, y and optionally more
    pub(crate) file: PathBuf,
    /// Periods ahead
    #[arg(long, short = 'H', value_name = "PERIODS")]
    pub(crate) horizon: usize,
    /// Periods in a season; detected if not given
    #[arg(long)]
    pub(crate) season: Option<usize>,
    /// Frequency: H, D, W, M, Q, Y or a number of steps; detected if not given
    #[arg(long)]
    pub(crate) freq: Option<String>,
    /// Countries whose holidays and selling events move demand, such as US or GB,DE; a period is taken to begin at its ds
    #[arg(long, value_name = "COUNTRIES", value_delimiter = ',')]
    pub(crate) holidays: Vec<shelfiq_core::HolidayCountry>,
    /// Rolling origins
    #[arg(long, default_value_t = 3)]
    pub(crate) windows: usize,
    /// File to write; its ending decides the format; `-` is CSV on standard output
    #[arg(long, default_value = "-")]
    pub(crate) out: PathBuf,
}

/// `shelfiq elasticity`
#[derive(Debug, Args)]
pub(crate) struct Elasticity {
    /// Table with the columns unique_id, ds, price, quantity, and groups and controls
    pub(crate) file: PathBuf,
    /// Columns that group series, from coarse to fine, such as category,brand
    #[arg(long, value_delimiter = ',')]
    pub(crate) group: Vec<String>,
    /// Columns that also move demand, such as promotion,rival_price
    #[arg(long, value_delimiter = ',')]
    pub(crate) controls: Vec<String>,
    /// File to write; its ending decides the format; `-` is CSV on standard output
    #[arg(long, default_value = "-")]
    pub(crate) out: PathBuf,
}

/// `shelfiq outliers`
#[derive(Debug, Args)]
pub(crate) struct Outliers {
    /// Table with numeric columns
    pub(crate) file: PathBuf,
    /// File to write; its ending decides the format; `-` is CSV on standard output
    #[arg(long, default_value = "-")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ArenaAction {
    /// Generate shops and score forecasts, elasticities, anomalies and prices against the truth
    Score {
        /// Which shop
        #[arg(long, default_value_t = 7)]
        seed: u64,
        /// How large a shop
        #[arg(long, value_enum, default_value_t = ShopSize::Small)]
        size: ShopSize,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigAction {
    /// Say whether the configuration is valid
    Check,
    /// Print every setting, its value and where it comes from
    Show,
}
