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
