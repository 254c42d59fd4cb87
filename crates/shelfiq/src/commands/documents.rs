//! `shelfiq openapi` and `shelfiq completions`: texts that other tools read.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::cli::Cli;
use crate::outcome::Outcome;
use crate::print;

/// Writes the OpenAPI document.
///
/// # Errors
/// If the file cannot be written.
pub(crate) fn openapi(out: Option<&Path>) -> anyhow::Result<Outcome> {
    let text = shelfiq_api::openapi().to_pretty_json()?;
    match out {
        Some(file) => {
            std::fs::write(file, text + "\n").with_context(|| format!("failed to write `{}`", file.display()))?
        }
        None => print::line(text)?,
    }
    Ok(Outcome::Done)
}

/// Prints a completion script.
///
/// # Errors
/// If standard output is closed.
pub(crate) fn completions(shell: Shell) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "shelfiq", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Outcome::Done)
}
