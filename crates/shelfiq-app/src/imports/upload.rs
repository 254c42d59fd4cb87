//! Uploaded files: a folder for each, named by its id.

use std::path::{Component, Path, PathBuf};

use shelfiq_core::MerchantId;
use uuid::Uuid;

use super::NAME_CHARS_MAX;
use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::platform::Platform;

const UPLOADS: &str = "uploads";

/// A place for one uploaded file.
#[derive(Debug, Clone)]
pub struct Upload {
    /// By this the file is named in later calls.
    pub id: String,
    /// Where the caller writes it.
    pub path: PathBuf,
}

/// Makes room for a file that is about to be uploaded. Folders in its name are dropped.
///
/// # Errors
/// [`AppError::Access`], or the folder cannot be made.
pub fn begin_upload(platform: &Platform, actor: &Actor, file_name: &str) -> Result<Upload, AppError> {
    let merchant = actor.authorize(Permission::Import)?;
    let name = Path::new(file_name).file_name().and_then(|name| name.to_str()).unwrap_or("upload");
    let name: String = name.chars().filter(|letter| !letter.is_control()).take(NAME_CHARS_MAX).collect();
    let id = platform.randomness.next_uuid(platform.clock.now()).to_string();
    let folder = platform.files_of(merchant).join(UPLOADS).join(&id);
    std::fs::create_dir_all(&folder).map_err(|source| AppError::File { doing: "make room for the upload", source })?;
    let name = if name.trim_matches('.').is_empty() { "upload".to_owned() } else { name };
    Ok(Upload { id, path: folder.join(name) })
}

/// The name of an uploaded file.
///
/// # Errors
/// [`AppError::Access`], or there is no such upload.
pub fn upload_name(platform: &Platform, actor: &Actor, upload: &str) -> Result<String, AppError> {
    let merchant = actor.authorize(Permission::Import)?;
    let file = uploaded(platform, merchant, upload)?;
    Ok(file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default())
}

/// The uploaded file behind an id. Ids are UUIDs, so that none leads out of the folder.
pub(super) fn uploaded(platform: &Platform, merchant: MerchantId, upload: &str) -> Result<PathBuf, AppError> {
    let missing = || AppError::not_found("upload", upload);
    let id = Uuid::parse_str(upload).map_err(|_| missing())?;
    let folder = platform.files_of(merchant).join(UPLOADS).join(id.to_string());
    let mut files = std::fs::read_dir(&folder).map_err(|_| missing())?;
    let file = files.next().and_then(Result::ok).map(|entry| entry.path()).ok_or_else(missing)?;
    let is_inside = file.components().all(|part| !matches!(part, Component::ParentDir));
    is_inside.then_some(file).ok_or_else(missing)
}
