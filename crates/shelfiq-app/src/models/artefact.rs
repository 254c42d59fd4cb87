//! What models learned, as files named by the SHA-256 of their content: the same content is one file, and a file that was
//! touched no longer has its name.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use shelfiq_core::MerchantId;

use crate::error::AppError;

/// A folder of artefacts.
#[derive(Debug, Clone)]
pub(crate) struct ArtefactFolder(PathBuf);

impl ArtefactFolder {
    /// The artefacts of one merchant below `root`.
    pub(crate) fn of(root: &Path, merchant: MerchantId) -> Self {
        Self(root.join(merchant.to_string()))
    }

    /// Keeps `content` and answers with its name: 64 hexadecimal digits.
    pub(crate) fn put(&self, content: &[u8]) -> Result<String, AppError> {
        let hash = hash_of(content);
        let file = self.file(&hash);
        if file.exists() {
            return Ok(hash);
        }
        let folder = file.parent().unwrap_or(&self.0);
        let written = std::fs::create_dir_all(folder).and_then(|()| {
            // Under its name it is whole or not there.
            let mut beside = tempfile::NamedTempFile::new_in(folder)?;
            beside.write_all(content)?;
            beside.as_file().sync_all()?;
            beside.persist(&file).map_err(|error| error.error)?;
            std::fs::File::open(folder)?.sync_all()
        });
        written.map_err(|source| AppError::File { doing: "keep what a model learned", source })?;
        Ok(hash)
    }

    /// The content of this name.
    ///
    /// # Errors
    /// [`AppError::File`] if it is not there or is no longer what it was.
    pub(crate) fn get(&self, hash: &str) -> Result<Vec<u8>, AppError> {
        let failed = |source| AppError::File { doing: "read what a model learned", source };
        if hash.len() != 64 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(AppError::not_found("artefact", hash));
        }
        let content = std::fs::read(self.file(hash)).map_err(failed)?;
        if hash_of(&content) == hash {
            return Ok(content);
        }
        Err(failed(std::io::Error::new(std::io::ErrorKind::InvalidData, format!("`{hash}` holds something else"))))
    }

    /// Deletes one that nobody needs any more; one that is gone already is no error.
    pub(crate) fn remove(&self, hash: &str) -> Result<(), AppError> {
        match std::fs::remove_file(self.file(hash)) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(AppError::File { doing: "delete what a model needs no more", source })
            }
            _ => Ok(()),
        }
    }

    /// Deletes artefacts that were last written before `before` and are not among `kept`; returns how many.
    pub(crate) fn forget(&self, kept: &BTreeSet<String>, before: DateTime<Utc>) -> Result<usize, AppError> {
        let failed = |source| AppError::File { doing: "forget what models once learned", source };
        let mut forgotten = 0;
        for file in self.files().map_err(failed)? {
            let is_kept = file.file_stem().and_then(|stem| stem.to_str()).is_some_and(|hash| kept.contains(hash));
            let written_at: DateTime<Utc> = file.metadata().and_then(|known| known.modified()).map_err(failed)?.into();
            if !is_kept && written_at < before {
                std::fs::remove_file(&file).map_err(failed)?;
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }

    fn files(&self) -> std::io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        if !self.0.exists() {
            return Ok(files);
        }
        for folder in std::fs::read_dir(&self.0)? {
            for file in std::fs::read_dir(folder?.path())? {
                files.push(file?.path());
            }
        }
        Ok(files)
    }

    fn file(&self, hash: &str) -> PathBuf {
        self.0.join(&hash[..2]).join(format!("{hash}.json"))
    }
}

fn hash_of(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn content_comes_back_by_its_hash_and_a_touched_file_is_refused() {
        let root = tempfile::tempdir().unwrap();
        let folder = ArtefactFolder::of(root.path(), MerchantId::from_uuid(Uuid::from_u128(1)));
        let hash = folder.put(b"weights").unwrap();
        assert_eq!(folder.put(b"weights").unwrap(), hash);
        assert_eq!(folder.get(&hash).unwrap(), b"weights");
        std::fs::write(folder.file(&hash), b"weighty").unwrap();
        assert!(matches!(folder.get(&hash), Err(AppError::File { .. })));
        assert!(matches!(folder.get("../../etc/passwd"), Err(AppError::NotFound { .. })));
    }

    #[test]
    fn what_no_version_names_is_forgotten_when_it_is_old() {
        let root = tempfile::tempdir().unwrap();
        let folder = ArtefactFolder::of(root.path(), MerchantId::from_uuid(Uuid::from_u128(1)));
        assert_eq!(folder.forget(&BTreeSet::new(), DateTime::<Utc>::MAX_UTC).unwrap(), 0, "nothing was written yet");
        let [named, unnamed] = [b"one", b"two"].map(|content| folder.put(content).unwrap());
        let kept = BTreeSet::from([named.clone()]);
        assert_eq!(folder.forget(&kept, DateTime::<Utc>::UNIX_EPOCH).unwrap(), 0, "it is young");
        assert_eq!(folder.forget(&kept, DateTime::<Utc>::MAX_UTC).unwrap(), 1);
        assert!(folder.get(&named).is_ok() && folder.get(&unnamed).is_err());
    }
}
