//! Judges the structure of the repository by the rules of `edges.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use toml::{Table, Value};

/// Words that betray left-overs. Split, so that this file does not accuse itself.
const LEFT_OVERS: [&str; 4] =
    [concat!("todo", "!("), concat!("unimplemented", "!("), concat!("FIX", "ME"), concat!("dbg", "!(")];

pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let rules: Table = read_toml(&root.join("xtask/edges.toml"))?;
    let mut found = Vec::new();
    let manifests = manifests(root)?;
    judge_edges(&rules, &manifests, &mut found)?;
    judge_owners(&rules, &manifests, &mut found)?;
    judge_purity(root, &rules, &mut found)?;
    judge_sources(root, &rules, &mut found)?;
    if found.is_empty() {
        println!("tidy: {} crates, no complaints", manifests.len());
        return Ok(());
    }
    for complaint in &found {
        eprintln!("tidy: {complaint}");
    }
    bail!("{} complaints", found.len())
}

fn manifests(root: &Path) -> anyhow::Result<BTreeMap<String, Table>> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root.join("crates"))?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<_>>()?;
    folders.extend(["tests", "xtask", "benches"].map(|name| root.join(name)));
    let mut manifests = BTreeMap::new();
    for folder in folders.into_iter().filter(|folder| folder.join("Cargo.toml").exists()) {
        let manifest = read_toml(&folder.join("Cargo.toml"))?;
        let name = text(&manifest, &["package", "name"]).context("a manifest without a name")?;
        if folder.parent().is_some_and(|parent| parent.ends_with("crates")) && !folder.ends_with(&name) {
            bail!("crate `{name}` lives in folder `{}`: the two must be the same", folder.display());
        }
        manifests.insert(name, manifest);
    }
    Ok(manifests)
}

fn judge_edges(rules: &Table, manifests: &BTreeMap<String, Table>, found: &mut Vec<String>) -> anyhow::Result<()> {
    let edges = rules.get("edges").and_then(Value::as_table).context("edges.toml has no [edges]")?;
    for (name, manifest) in manifests.iter().filter(|(name, _)| name.starts_with("shelfiq") && *name != "shelfiq-tests")
    {
        let Some(allowed) = edges.get(name) else {
            if name != "shelfiq-benches" {
                found.push(format!("crate `{name}` has no row in xtask/edges.toml"));
            }
            continue;
        };
        let allowed: BTreeSet<String> = strings(allowed).map(|short| format!("shelfiq-{short}")).collect();
        for dependency in dependencies(manifest, &["dependencies", "build-dependencies"]) {
            if dependency.starts_with("shelfiq") && !allowed.contains(&dependency) {
                found.push(format!("crate `{name}` may not depend on `{dependency}` (xtask/edges.toml)"));
            }
        }
    }
    for name in edges.keys().filter(|name| !manifests.contains_key(*name)) {
        found.push(format!("xtask/edges.toml has a row for `{name}`, which does not exist"));
    }
    Ok(())
}

fn judge_owners(rules: &Table, manifests: &BTreeMap<String, Table>, found: &mut Vec<String>) -> anyhow::Result<()> {
    let owners = rules.get("owners").and_then(Value::as_table).context("edges.toml has no [owners]")?;
    for (library, owning) in owners {
        let owning: BTreeSet<&str> = strings(owning).collect();
        for (name, manifest) in manifests.iter().filter(|(name, _)| *name != "shelfiq-benches") {
            let uses = dependencies(manifest, &["dependencies", "build-dependencies"]).any(|one| one == *library);
            if uses && !owning.contains(name.as_str()) {
                found.push(format!("`{library}` belongs to {owning:?}; `{name}` may not name it"));
            }
        }
    }
    Ok(())
}

fn judge_purity(root: &Path, rules: &Table, found: &mut Vec<String>) -> anyhow::Result<()> {
    let pure = rules.get("pure").and_then(Value::as_table).context("edges.toml has no [pure]")?;
    let forbidden: Vec<&str> = pure.get("forbidden").into_iter().flat_map(strings).collect();
    for name in pure.get("crates").into_iter().flat_map(strings) {
        for file in files(&root.join("crates").join(name).join("src"), &["rs"])? {
            let source = fs::read_to_string(&file)?;
            for (line, code) in code_lines(&source) {
                for word in forbidden.iter().filter(|word| code.contains(**word)) {
                    found.push(format!("{}:{line}: `{word}` in a pure crate", shown(root, &file)));
                }
            }
        }
    }
    Ok(())
}

fn judge_sources(root: &Path, rules: &Table, found: &mut Vec<String>) -> anyhow::Result<()> {
    let length = rules.get("length").and_then(Value::as_table).context("edges.toml has no [length]")?;
    let limit = usize::try_from(length.get("limit").and_then(Value::as_integer).context("no length.limit")?)?;
    let too_long = length.get("too_long").and_then(Value::as_table).cloned().unwrap_or_default();
    for folder in ["crates", "tests", "xtask/src", "web/src"] {
        for file in files(&root.join(folder), &["rs", "ts", "tsx"])? {
            let source = fs::read_to_string(&file)?;
            let name = shown(root, &file);
            let generated = name.ends_with("api/schema.ts");
            let lines = source.lines().count();
            let bound = match too_long.get(&name).and_then(Value::as_integer) {
                Some(bound) => usize::try_from(bound)?,
                None => limit,
            };
            if lines > bound && !generated {
                found.push(format!("{name}: {lines} lines, at most {bound}: split it by idea"));
            }
            for (line, code) in code_lines(&source) {
                for word in LEFT_OVERS.iter().filter(|word| code.contains(**word)) {
                    found.push(format!("{name}:{line}: left-over `{word}`"));
                }
            }
        }
    }
    for name in too_long.keys().filter(|name| !root.join(name).exists()) {
        found.push(format!("edges.toml allows a length for `{name}`, which does not exist"));
    }
    Ok(())
}

/// Lines of code with their numbers; comments are left out.
fn code_lines(source: &str) -> impl Iterator<Item = (usize, &str)> {
    source
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn files(folder: &Path, endings: &[&str]) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        if !folder.exists() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| endings.iter().any(|one| ending == *one)) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn dependencies(manifest: &Table, sections: &[&str]) -> impl Iterator<Item = String> {
    sections
        .iter()
        .filter_map(|section| manifest.get(*section).and_then(Value::as_table))
        .flat_map(|table| table.keys().cloned())
        .collect::<Vec<_>>()
        .into_iter()
}

fn strings(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn text(table: &Table, path: &[&str]) -> Option<String> {
    let (last, folders) = path.split_last()?;
    let table = folders.iter().try_fold(table, |table, name| table.get(*name)?.as_table())?;
    table.get(*last)?.as_str().map(str::to_owned)
}

fn read_toml(path: &Path) -> anyhow::Result<Table> {
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    text.parse().with_context(|| path.display().to_string())
}

fn shown(root: &Path, file: &Path) -> String {
    file.strip_prefix(root).unwrap_or(file).display().to_string()
}
