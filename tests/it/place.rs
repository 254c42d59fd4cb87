//! Where real data stand.

use std::path::PathBuf;

/// A file of the data folder, or `None` after saying loudly that the test is skipped.
pub(crate) fn data(file: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("SHELFIQ_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let path = folder.join(file);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is missing; set SHELFIQ_DATA to the folder that holds it", path.display());
    None
}
