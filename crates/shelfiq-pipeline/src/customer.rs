//! Buyers as keys that mean nothing to anyone else.

use std::fmt;

use sha2::{Digest, Sha256};
use shelfiq_core::CustomerKey;

/// A merchant's secret that keeps a customer key from being traced back to a name or an address by trying them all.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CustomerSalt([u8; 32]);

impl CustomerSalt {
    /// Wraps 32 random bytes that the merchant keeps for good: another salt makes other customers.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The key of a buyer who is known by a name, an account or an e-mail address. Letter case and blanks around do not
    /// matter. `None` if there is nothing to go by.
    pub(crate) fn key(&self, identity: &str) -> Option<CustomerKey> {
        let identity = identity.trim().to_lowercase();
        if identity.is_empty() {
            return None;
        }
        let digest = Sha256::new().chain_update(self.0).chain_update(identity).finalize();
        let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        CustomerKey::new(&format!("c-{hex}")).ok()
    }

    /// The key of a customer column: a bare number or code means nothing outside the shop and stays as it is, anything
    /// that could be a name or an address is hashed.
    pub(crate) fn key_of_column(&self, text: &str) -> Option<CustomerKey> {
        let text = text.trim();
        // Spreadsheets write whole numbers with a fraction once a cell of the column is empty.
        let text = text.strip_suffix(".0").unwrap_or(text);
        let is_code = text.bytes().any(|byte| byte.is_ascii_digit())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if is_code { CustomerKey::new(text).ok() } else { self.key(text) }
    }
}

impl fmt::Debug for CustomerSalt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CustomerSalt(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buyer_is_one_key_whatever_the_letter_case_and_another_for_another_merchant() {
        let (ours, theirs) = (CustomerSalt::new([1; 32]), CustomerSalt::new([2; 32]));
        assert_eq!(ours.key("Jo@Example.com"), ours.key(" jo@example.com "));
        assert_ne!(ours.key("jo@example.com"), theirs.key("jo@example.com"));
        assert!(!ours.key("jo@example.com").unwrap().as_str().contains("jo"));
    }

    #[test]
    fn codes_stay_and_names_are_hashed() {
        let salt = CustomerSalt::new([1; 32]);
        let key = |text: &str| salt.key_of_column(text).map(|key| key.as_str().to_owned());
        assert_eq!(key("17850").as_deref(), Some("17850"));
        assert_eq!(key("17850.0").as_deref(), Some("17850"));
        assert!(key("Jo Smith").unwrap().starts_with("c-"));
        assert_eq!(key("  "), None);
    }
}
