//! The key pair that signs access tokens: made at the first start, kept in a file that only its owner can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::DecodingKey;
use sha2::{Digest, Sha256};

use super::IdentityError;
use super::secret::hex;

const FILE: &str = "access-token.pem";
const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// An RSA key pair of 2048 bits with its name.
#[derive(Clone)]
pub struct SigningKeys {
    /// The name of the pair: the start of the hash of its public half.
    pub(super) id: String,
    private: Arc<RsaKeyPair>,
    pub(super) public: DecodingKey,
}

impl SigningKeys {
    /// Reads the pair from `folder`, or makes one there. The private half is written as PKCS #8 in PEM, readable by its
    /// owner only.
    ///
    /// Blocks for up to a second when a pair is made: call it before serving.
    ///
    /// # Errors
    /// [`IdentityError::Keys`] that names the folder.
    pub fn load_or_create(folder: &Path) -> Result<Self, IdentityError> {
        let path = folder.join(FILE);
        let failed = |doing: &'static str| {
            move |error: io::Error| IdentityError::Keys {
                doing,
                folder: folder.display().to_string(),
                source: error.into(),
            }
        };
        let pem = match fs::read_to_string(&path) {
            Ok(pem) => pem,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let pem = generate().map_err(failed("make"))?;
                create_folder(folder).and_then(|()| write_once(folder, &path, &pem)).map_err(failed("write"))?;
                // Of two processes that start at the same time the first one's key counts for both.
                fs::read_to_string(&path).map_err(failed("read"))?
            }
            Err(error) => return Err(failed("read")(error)),
        };
        Self::from_pem(&pem).map_err(failed("read"))
    }

    fn from_pem(pem: &str) -> io::Result<Self> {
        let body = pem.trim().strip_prefix(BEGIN).and_then(|rest| rest.strip_suffix(END));
        let body = body.ok_or_else(|| invalid("it is not a private key in PEM"))?;
        let der = STANDARD.decode(body.split_whitespace().collect::<String>()).map_err(invalid)?;
        let pair = RsaKeyPair::from_pkcs8(&der).map_err(invalid)?;
        let public = pair.public_key().as_ref();
        Ok(Self {
            id: hex(&Sha256::digest(public)[..8]),
            public: DecodingKey::from_rsa_der(public),
            private: Arc::new(pair),
        })
    }

    /// The signature of `message` by RSASSA-PKCS1-v1_5 with SHA-256: what RS256 means (RFC 7518 section 3.3).
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, IdentityError> {
        let mut signature = vec![0; self.private.public_modulus_len()];
        self.private
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
            .map_err(|_| IdentityError::Signing)?;
        Ok(signature)
    }
}

fn generate() -> io::Result<String> {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(invalid)?;
    let der = AsDer::<aws_lc_rs::encoding::Pkcs8V1Der<'static>>::as_der(&pair).map_err(invalid)?;
    let text = STANDARD.encode(der.as_ref());
    let lines: Vec<&str> = text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    Ok(format!("{BEGIN}\n{}\n{END}\n", lines.join("\n")))
}

/// Writes the file under another name and links it in place: it is there whole or not at all, and never replaced.
fn write_once(folder: &Path, path: &Path, pem: &str) -> io::Result<()> {
    let draft = folder.join(format!("{FILE}.{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(pem.as_bytes())?;
    file.sync_all()?;
    let linked = match fs::hard_link(&draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    };
    fs::remove_file(&draft)?;
    linked?;
    File::open(folder)?.sync_all()
}

fn create_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn invalid(error: impl ToString) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pair_is_made_once_and_only_its_owner_can_read_it() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("keys");
        let first = SigningKeys::load_or_create(&folder).unwrap();
        let second = SigningKeys::load_or_create(&folder).unwrap();
        assert_eq!(first.id, second.id);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
            assert_eq!((mode(&folder), mode(&folder.join(FILE))), (0o700, 0o600));
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no draft is left behind");
    }

    #[test]
    fn a_broken_key_file_is_named_and_never_replaced() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join(FILE), "not a key").unwrap();
        let error = SigningKeys::load_or_create(home.path()).err().unwrap();
        assert!(error.to_string().contains(&home.path().display().to_string()));
        assert_eq!(fs::read_to_string(home.path().join(FILE)).unwrap(), "not a key");
    }
}
