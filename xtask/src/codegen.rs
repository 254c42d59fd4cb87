//! Rewrites what is generated: the OpenAPI document from the Rust code, the TypeScript types from the document.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    // The whole workspace, as `make binary` builds it: another selection would compile the tree anew.
    step(root, "cargo", &["build", "--quiet", "--workspace", "--bins"])?;
    let binary = std::env::current_exe().context("where this program stands")?.with_file_name("shelfiq");
    step(root, &binary.to_string_lossy(), &["openapi", "--out", "openapi/openapi.json"])?;
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
