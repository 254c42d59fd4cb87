//! Looking at files of this machine before anything is decided: what they leave open, and in which currencies they are.

use std::path::{Path, PathBuf};

use shelfiq_core::MerchantId;
use shelfiq_pipeline::{FileCurrencies, ImportOptions, Preview, Question};
use uuid::Uuid;

use super::options::options_without_merchant;
use super::{ImportRequest, session};
use crate::error::AppError;
use crate::platform::Platform;

/// What somebody must say before a file can be imported so; the first question of the first file that has one.
///
/// # Errors
/// The file cannot be read.
pub async fn open_question(
    platform: &Platform,
    merchant: Option<MerchantId>,
    files: &[PathBuf],
    request: &ImportRequest,
) -> Result<Option<(PathBuf, Question)>, AppError> {
    for file in files {
        let options = match merchant {
            Some(merchant) => {
                super::options::options_of_files(platform, merchant, std::slice::from_ref(file), request).await?
            }
            None => options_without_merchant(request, platform.clock.now()),
        };
        let questions = nobodys(platform).questions(file, &options).await?;
        if let Some(question) = questions.into_iter().find(|question| question.must_answer) {
            return Ok(Some((file.clone(), question)));
        }
    }
    Ok(None)
}

/// The currencies that files name, the one with the most amounts first, and whether there are amounts without any.
///
/// # Errors
/// A file cannot be read, is not recognised, or leaves a question open.
pub async fn currencies(
    platform: &Platform,
    files: &[PathBuf],
    request: &ImportRequest,
) -> Result<FileCurrencies, AppError> {
    let options = options_without_merchant(request, platform.clock.now());
    let mut all = FileCurrencies { named: Vec::new(), has_amounts_without: false };
    for file in files {
        let found = nobodys(platform).currencies(file, &options).await?;
        all.has_amounts_without |= found.has_amounts_without;
        all.named.extend(found.named.into_iter().filter(|currency| !all.named.contains(currency)).collect::<Vec<_>>());
    }
    Ok(all)
}

/// Says what importing a file would do where there is no merchant yet. Nothing is written.
///
/// # Errors
/// The file cannot be read.
pub async fn preview_without_merchant(
    platform: &Platform,
    file: &Path,
    request: &ImportRequest,
) -> Result<Preview, AppError> {
    let options: ImportOptions = options_without_merchant(request, platform.clock.now());
    Ok(nobodys(platform).preview(file, &options).await?)
}

/// Imports of a merchant who does not exist: every row is new.
fn nobodys(platform: &Platform) -> shelfiq_pipeline::ImportSession {
    session(platform, MerchantId::from_uuid(Uuid::nil()))
}
