//! Repository chores: `cargo xtask tidy` judges the structure, `cargo xtask codegen` rewrites what is generated.

#![allow(clippy::disallowed_methods, reason = "a chore reads the environment and runs programs")]

mod codegen;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <chore>

  tidy      judge crate edges, library owners, purity, file lengths and forbidden words
  codegen   rewrite openapi/openapi.json and web/src/api/schema.ts from the code";

fn main() -> ExitCode {
    let outcome = match std::env::args().nth(1).as_deref() {
        Some("tidy") => tidy::run(&root()),
        Some("codegen") => codegen::run(&root()),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_path_buf)
}
