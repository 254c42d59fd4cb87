//! ShelfIQ on the command line.

mod cli;
mod commands;
mod config;
mod outcome;
mod platform;
mod print;
mod roles;
mod telemetry;
mod toolbox;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Parser;

use crate::cli::{Cli, Command};
use crate::config::ShelfiqConfig;
use crate::outcome::{Outcome, exit_code_of};

/// How long threads may go on after the command is over.
const BACKGROUND_MAX: Duration = Duration::from_secs(2);

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(outcome) => outcome.exit_code(),
        // Whoever read our output has seen enough: `shelfiq … | head` is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "error: {}", sentence(&error)));
            exit_code_of(&error)
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let Cli { global, command } = cli;
    let config = ShelfiqConfig::load(&global)?;
    telemetry::start(&global, &config, matches!(command, Command::Demo(_) | Command::Serve(_)));
    let work = match command {
        Command::Forecast(asked) if asked.action.is_none() => return toolbox::forecast::run(&asked),
        Command::Backtest(asked) => return toolbox::backtest::run(&asked, &global),
        Command::Elasticity(asked) => return toolbox::elasticity::run(&asked),
        Command::Optimize(asked) => return toolbox::optimize::run(&asked),
        Command::Anomalies(asked) if asked.action.is_none() => return toolbox::anomalies::run(&asked),
        Command::Outliers(asked) => return toolbox::outliers::run(&asked),
        Command::Arena { action } => return commands::arena::run(&action, &global),
        Command::Config { action } => return commands::configuration::run(&action, &config, &global),
        Command::Openapi { out } => return commands::documents::openapi(out.as_deref()),
        Command::Completions { shell } => return commands::documents::completions(shell),
        other => other,
    };
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("failed to start the runtime")?;
    let outcome = runtime.block_on(commands::run(work, config, &global));
    // Computing that nobody waits for any more does not keep the process.
    runtime.shutdown_timeout(BACKGROUND_MAX);
    outcome
}

/// The error and its causes in one line, each once.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if text.is_empty() {
            text = cause;
        } else if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let by_kind = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|cause| cause.kind() == ErrorKind::BrokenPipe)
    };
    // The CSV writer keeps the words of the error and drops its kind.
    error.chain().any(|cause| by_kind(cause) || cause.to_string().contains("Broken pipe"))
}
