//! Who gets which variant: by hash, so nothing has to be remembered.
//!
//! Weighted rendezvous hashing: each variant draws an exponential waiting time from the hash of salt, variant and key,
//! shorter on average the larger its share, and the shortest wins (D. Thaler and C. Ravishankar, "Using name-based
//! mappings to increase hit rates", IEEE/ACM Transactions on Networking 6 (1998); with weights: J. Schindelhauer and G.
//! Schomaker, "Weighted distributed hash tables", SPAA 2005). When a variant grows at the expense of the others in
//! proportion, keys only ever move to it, and no more than must.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shelfiq_core::{MerchantId, Ratio, Sku};

use crate::ExperimentError;

/// One of the things compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Its name, unique in the assignment: `champion`.
    pub name: String,
    /// Its share of the keys.
    pub share: Ratio,
}

/// A fixed rule that gives every key one variant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    salt: String,
    variants: Vec<Variant>,
}

impl Assignment {
    /// The rule of the test named `salt`. Tests with different salts are independent of each other.
    ///
    /// # Errors
    /// [`ExperimentError::Invalid`] if there is no variant, two have one name, or the shares are not all zero or more with a
    /// sum of one.
    pub fn new(salt: impl Into<String>, variants: Vec<Variant>) -> Result<Self, ExperimentError> {
        let invalid = |quantity: &'static str, value: String, expected: &'static str| {
            Err(ExperimentError::Invalid { quantity, value, expected })
        };
        let sum: Decimal = variants.iter().map(|variant| variant.share.proportion()).sum();
        if sum != Decimal::ONE {
            return invalid("the sum of the shares", sum.to_string(), "1");
        }
        if let Some(negative) = variants.iter().find(|variant| variant.share < Ratio::ZERO) {
            return invalid("the share of a variant", negative.share.to_string(), "zero or more");
        }
        let is_repeated = |index: usize| variants[..index].iter().any(|one| one.name == variants[index].name);
        if let Some(index) = (0..variants.len()).find(|&index| is_repeated(index)) {
            return invalid("the name of a variant", variants[index].name.clone(), "unique");
        }
        Ok(Self { salt: salt.into(), variants })
    }

    /// All variants, in the order given.
    #[must_use]
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// The variant of a merchant.
    #[must_use]
    pub fn of_merchant(&self, merchant: MerchantId) -> &Variant {
        self.of_key(&[&merchant.to_string()])
    }

    /// The variant of one Sku of a merchant.
    #[must_use]
    pub fn of_sku(&self, merchant: MerchantId, sku: &Sku) -> &Variant {
        self.of_key(&[&merchant.to_string(), sku.as_str()])
    }

    fn of_key(&self, key: &[&str]) -> &Variant {
        let waiting = |variant: &Variant| {
            let share = variant.share.to_f64();
            if share > 0.0 { -libm::log(self.uniform(&variant.name, key)) / share } else { f64::INFINITY }
        };
        self.variants
            .iter()
            .min_by(|a, b| waiting(a).total_cmp(&waiting(b)))
            .expect("an assignment has at least one variant: its shares sum to one")
    }

    /// A number strictly between 0 and 1.
    fn uniform(&self, variant: &str, key: &[&str]) -> f64 {
        let mut hash = Sha256::new();
        for part in [self.salt.as_str(), variant].iter().chain(key) {
            // With lengths, no two lists of parts read the same.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let digest = hash.finalize();
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest[..8]);
        ((u64::from_le_bytes(bytes) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn assignment(salt: &str, shares: &[(&str, i64)]) -> Assignment {
        let variant =
            |&(name, percent): &(&str, i64)| Variant { name: name.to_owned(), share: Ratio::from_percent(percent) };
        Assignment::new(salt, shares.iter().map(variant).collect()).unwrap()
    }

    fn merchants() -> impl Iterator<Item = MerchantId> {
        (0..20_000_u128).map(|n| MerchantId::from_uuid(Uuid::from_u128(n)))
    }

    fn names(assignment: &Assignment) -> Vec<&str> {
        merchants().map(|merchant| assignment.of_merchant(merchant).name.as_str()).collect()
    }

    #[test]
    fn shares_are_kept_and_tests_are_independent() {
        let one = assignment("forecast-2025", &[("a", 50), ("b", 30), ("c", 20)]);
        let two = assignment("prices-2025", &[("a", 50), ("b", 30), ("c", 20)]);
        let (one, two) = (names(&one), names(&two));
        let share = |of: &dyn Fn(usize) -> bool| (0..one.len()).filter(|&i| of(i)).count() as f64 / one.len() as f64;
        for (name, expected) in [("a", 0.5), ("b", 0.3), ("c", 0.2)] {
            assert!((share(&|i| one[i] == name) - expected).abs() < 0.012, "{name}");
            // Of those who have it in one test, the usual share has it in the other too.
            assert!((share(&|i| one[i] == name && two[i] == name) - expected * expected).abs() < 0.012, "{name}");
        }
    }

    #[test]
    fn a_growing_canary_only_wins_merchants_and_no_more_than_it_must() {
        let before = assignment("model", &[("champion", 95), ("challenger", 5)]);
        let after = assignment("model", &[("champion", 80), ("challenger", 20)]);
        let (before, after) = (names(&before), names(&after));
        assert!(before.iter().zip(&after).all(|(old, new)| *old == "champion" || *new == "challenger"));
        let moved = before.iter().zip(&after).filter(|(old, new)| old != new).count() as f64 / before.len() as f64;
        assert!((moved - 0.15).abs() < 0.01, "{moved} moved");
    }

    #[test]
    fn a_variant_without_share_gets_nobody_and_one_with_all_gets_everybody() {
        assert!(names(&assignment("model", &[("old", 100), ("new", 0)])).iter().all(|&name| name == "old"));
    }

    #[test]
    fn the_rule_never_changes() {
        let rule = assignment("model", &[("champion", 50), ("challenger", 50)]);
        let merchant = MerchantId::from_uuid(Uuid::from_u128(7));
        let initial = |n: usize| {
            let sku = Sku::new(&format!("SKU-{n}")).unwrap();
            if rule.of_sku(merchant, &sku).name == "champion" { 'm' } else { 'l' }
        };
        assert_eq!((0..24).map(initial).collect::<String>(), "mmllmlmmmmllmmlmllmmmmll");
    }

    #[test]
    fn shares_that_do_not_add_up_and_names_that_come_twice_are_refused() {
        let variant = |name: &str, percent| Variant { name: name.to_owned(), share: Ratio::from_percent(percent) };
        let error = Assignment::new("x", vec![variant("a", 50), variant("b", 40)]).unwrap_err();
        assert_eq!(error.to_string(), "the sum of the shares is 0.90: it must be 1");
        assert!(Assignment::new("x", vec![variant("a", 50), variant("a", 50)]).is_err());
        assert!(Assignment::new("x", vec![variant("a", 150), variant("b", -50)]).is_err());
        assert!(Assignment::new("x", Vec::new()).is_err());
    }
}
