//! `shelfiq backup` and `shelfiq restore`: the data directory as a whole, while nobody writes to it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::config::ShelfiqConfig;
use crate::{platform, print};

/// Copies the data directory to `folder`, which appears whole or not at all.
///
/// # Errors
/// If another shelfiq runs on the data directory, `folder` exists, or the disk refuses.
pub(super) async fn backup(folder: &Path, config: &ShelfiqConfig) -> anyhow::Result<()> {
    if !config.data_dir.is_dir() {
        bail!("there is no data directory `{}`", config.data_dir.display());
    }
    if inside(folder, &config.data_dir)? {
        bail!("`{}` lies inside the data directory: choose a folder elsewhere", folder.display());
    }
    // Whoever holds the log is the only writer: while we hold it, nothing moves.
    let held = platform::open_log(config)?;
    let bytes = copy_whole(&config.data_dir, folder)?;
    drop(held);
    print::line(format!("copied {:.1} MB to {}", bytes as f64 / 1e6, folder.display()))?;
    if !config.database_url.is_empty() {
        print::note(
            "the operational database is elsewhere (database_url): back it up with its own tools, at the same time",
        );
    }
    Ok(())
}

/// Makes the data directory from a backup.
///
/// # Errors
/// If the data directory holds something, `folder` is no backup, or the disk refuses.
pub(super) fn restore(folder: &Path, config: &ShelfiqConfig) -> anyhow::Result<()> {
    if !folder.join("log").is_dir() {
        bail!("`{}` is no backup: there is no event log in it", folder.display());
    }
    let bytes = copy_whole(folder, &config.data_dir)?;
    print::line(format!("restored {:.1} MB to {}", bytes as f64 / 1e6, config.data_dir.display()))
}

/// Copies everything from `from` to the new folder `to`, by way of a folder beside it. Gives the bytes copied.
fn copy_whole(from: &Path, to: &Path) -> anyhow::Result<u64> {
    let is_free = !to.exists() || fs::read_dir(to).is_ok_and(|mut entries| entries.next().is_none());
    if !is_free {
        bail!("`{}` is not empty", to.display());
    }
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).with_context(|| format!("failed to make `{}`", parent.display()))?;
    let part = tempfile::Builder::new()
        .prefix(".shelfiq-copy-")
        .tempdir_in(parent)
        .context("failed to make a folder for the copy")?;
    let bytes = copy_folder(from, part.path())?;
    if to.exists() {
        fs::remove_dir(to)?;
    }
    fs::rename(part.keep(), to).with_context(|| format!("failed to put the copy to `{}`", to.display()))?;
    Ok(bytes)
}

fn copy_folder(from: &Path, to: &Path) -> anyhow::Result<u64> {
    let lacking = || format!("failed to copy `{}`", from.display());
    let mut bytes = 0;
    for entry in fs::read_dir(from).with_context(lacking)? {
        let entry = entry.with_context(lacking)?;
        let target = to.join(entry.file_name());
        if entry.file_type().with_context(lacking)?.is_dir() {
            fs::create_dir(&target).with_context(lacking)?;
            bytes += copy_folder(&entry.path(), &target)?;
        } else {
            bytes += fs::copy(entry.path(), &target)
                .with_context(|| format!("failed to copy `{}`", entry.path().display()))?;
        }
    }
    Ok(bytes)
}

/// Whether `folder`, which need not exist, would lie inside `outer`.
fn inside(folder: &Path, outer: &Path) -> anyhow::Result<bool> {
    let existing: PathBuf =
        folder.ancestors().find(|part| part.exists()).map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    Ok(existing.canonicalize()?.starts_with(outer.canonicalize()?))
}
