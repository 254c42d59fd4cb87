//! Secrets: texts that must not reach a log.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use shelfiq_core::Randomness;

/// A text that is shown to its owner once and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` out of logs.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that must send or check it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// 256 random bits behind a prefix that tells what kind of secret it is.
    pub(crate) fn random(prefix: &str, randomness: &dyn Randomness) -> Self {
        let mut bytes = [0; 32];
        randomness.fill(&mut bytes);
        Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// What is stored in place of the secret. A secret of 256 random bits needs no slow hash: it cannot be guessed.
    pub(crate) fn hash(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shelfiq_core::SeededRandomness;

    #[test]
    fn a_secret_does_not_print_itself() {
        assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret(…)");
    }

    #[test]
    fn two_random_secrets_differ_and_name_their_kind() {
        let randomness = SeededRandomness::new(1);
        let (one, two) = (Secret::random("sk_", &randomness), Secret::random("sk_", &randomness));
        assert_ne!(one, two);
        assert!(one.expose().starts_with("sk_") && one.expose().len() == 46);
        assert_ne!(one.hash(), two.hash());
    }
}
