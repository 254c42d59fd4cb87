//! Rewrites what is generated: the OpenAPI document from the Rust code, the TypeScript types from the document.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    step(root, "cargo", &["run", "--quiet", "--package", "shelfiq", "--", "openapi", "--out", "openapi/openapi.json"])?;
    step(&root.join("web"), "npm", &["run", "--silent", "generate"])
}

fn step(folder: &Path, program: &str, arguments: &[&str]) -> anyhow::Result<()> {
    let line = format!("{program} {}", arguments.join(" "));
    let status = Command::new(program).args(arguments).current_dir(folder).status().with_context(|| line.clone())?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}
