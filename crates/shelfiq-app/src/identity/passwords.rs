//! Passwords: what is allowed, how they are hashed (Argon2id, RFC 9106), how they are checked.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use shelfiq_core::Randomness;
use tokio::sync::Semaphore;

use super::{IdentityError, PasswordCost};

/// Characters at least (NIST SP 800-63B asks for eight).
const LENGTH_MIN: usize = 10;
/// Bytes at most: a bound on the work of one check.
const LENGTH_MAX: usize = 256;
/// How long a check waits for its turn.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hashes and checks passwords away from the runtime's threads, a few at a time.
pub(super) struct Passwords {
    argon2: Argon2<'static>,
    turns: Arc<Semaphore>,
    /// The hash of a password that nobody has, for checks that must fail as slowly as others.
    nobody: String,
}

impl Passwords {
    pub(super) fn new(cost: PasswordCost, randomness: &dyn Randomness) -> Result<Self, IdentityError> {
        let params = Params::new(cost.memory_kib, cost.passes, 1, None).map_err(hashing)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon2, "nobody has this password", salt(randomness))?;
        Ok(Self { argon2, turns: Arc::new(Semaphore::new(cost.parallel_checks.max(1))), nobody })
    }

    /// The hash as a PHC string.
    pub(super) async fn hash(&self, password: &str, randomness: &dyn Randomness) -> Result<String, IdentityError> {
        let (argon2, password, salt) = (self.argon2.clone(), password.to_owned(), salt(randomness));
        self.in_turn(move || hash(&argon2, &password, salt)).await?
    }

    /// Whether `password` belongs to the stored hash. Without one the answer is no, after the same work.
    pub(super) async fn check(&self, password: &str, stored: Option<&str>) -> Result<bool, IdentityError> {
        if password.len() > LENGTH_MAX {
            return Ok(false);
        }
        let is_known = stored.is_some();
        let (argon2, password) = (self.argon2.clone(), password.to_owned());
        let stored = stored.unwrap_or(&self.nobody).to_owned();
        let fits = self
            .in_turn(move || {
                let stored = PasswordHash::new(&stored).map_err(hashing)?;
                Ok::<_, IdentityError>(argon2.verify_password(password.as_bytes(), &stored).is_ok())
            })
            .await??;
        Ok(fits && is_known)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, IdentityError> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.turns).acquire_owned()).await;
        let turn = turn.map_err(|_| IdentityError::Crowded)?.map_err(hashing)?;
        tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        })
        .await
        .map_err(hashing)
    }
}

/// Says what is wrong with a new password, if anything.
pub(super) fn judge(password: &str, email: &str) -> Result<(), IdentityError> {
    let bad = |reason| Err(IdentityError::BadPassword(reason));
    if password.chars().count() < LENGTH_MIN {
        return bad("must have at least 10 characters");
    }
    if password.len() > LENGTH_MAX {
        return bad("must have at most 256 bytes");
    }
    let lower = password.to_lowercase();
    let name = email.split('@').next().unwrap_or_default().to_lowercase();
    if lower == email.to_lowercase() || lower.trim_end_matches(|last: char| last.is_ascii_digit()) == name {
        return bad("must not be your e-mail address");
    }
    let mut letters = password.chars();
    let first = letters.next();
    if letters.all(|letter| Some(letter) == first) {
        return bad("must not be one character repeated");
    }
    Ok(())
}

fn hash(argon2: &Argon2<'_>, password: &str, salt: [u8; 16]) -> Result<String, IdentityError> {
    let hash = argon2.hash_password_with_salt(password.as_bytes(), &salt).map_err(hashing)?;
    Ok(hash.to_string())
}

fn salt(randomness: &dyn Randomness) -> [u8; 16] {
    let mut salt = [0; 16];
    randomness.fill(&mut salt);
    salt
}

fn hashing(error: impl ToString) -> IdentityError {
    IdentityError::Hashing { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shelfiq_core::SeededRandomness;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let randomness = SeededRandomness::new(1);
        let passwords = Passwords::new(PasswordCost::TEST, &randomness).unwrap();
        let hash = passwords.hash("correct horse", &randomness).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hash}");
        assert!(passwords.check("correct horse", Some(&hash)).await.unwrap());
        assert!(!passwords.check("correct horsf", Some(&hash)).await.unwrap());
        assert!(!passwords.check("", Some(&hash)).await.unwrap());
        assert_ne!(hash, passwords.hash("correct horse", &randomness).await.unwrap(), "each hash has its own salt");
    }

    #[tokio::test]
    async fn nobody_can_sign_in_as_nobody() {
        let passwords = Passwords::new(PasswordCost::TEST, &SeededRandomness::new(1)).unwrap();
        assert!(!passwords.check("nobody has this password", None).await.unwrap());
    }

    #[test]
    fn easy_passwords_are_refused_with_a_reason() {
        for (password, reason) in [
            ("short", "at least 10"),
            ("aaaaaaaaaaaa", "repeated"),
            ("ann.longname@example.com", "e-mail"),
            ("ann.longname1", "e-mail"),
        ] {
            let error = judge(password, "ann.longname@example.com").unwrap_err().to_string();
            assert!(error.contains(reason), "{password}: {error}");
        }
        assert!(judge(&"correct horse battery ".repeat(20), "a@b.c").unwrap_err().to_string().contains("at most"));
        assert!(judge("correct horse", "a@b.c").is_ok());
    }
}
