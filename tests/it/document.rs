//! The OpenAPI document is generated from the code and committed: a change of the API shows in review.

use std::path::PathBuf;

/// To accept a change, run `cargo xtask codegen`.
#[test]
fn the_committed_openapi_document_is_the_one_that_the_code_makes() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../openapi/openapi.json");
    let made = shelfiq_api::openapi().to_pretty_json().unwrap();
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed.trim_end() == made.trim_end(), "openapi/openapi.json is not current: run `cargo xtask codegen`");
}

/// The document holds one schema for each name: a second body of the same name would silently replace the first.
#[test]
fn every_body_has_a_name_of_its_own() {
    let sources = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../crates/shelfiq-api/src");
    let mut names: Vec<String> = Vec::new();
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let body = |line: &str| {
                let name =
                    line.trim().strip_prefix("pub(crate) struct ").or(line.trim().strip_prefix("pub(crate) enum "))?;
                let name = name.split(|c: char| !c.is_alphanumeric()).next()?;
                name.ends_with("Body").then(|| name.to_owned())
            };
            names.extend(text.lines().filter_map(body));
        }
    }
    names.sort();
    let twice: Vec<&String> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
    assert!(names.len() > 80 && twice.is_empty(), "{} bodies, twice: {twice:?}", names.len());
}
