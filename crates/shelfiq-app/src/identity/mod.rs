//! Who is who: set-up, sign-in, sessions, members and API keys.
//!
//! A member signs in with a password and gets an access token (a signed JWT, good for minutes) and a refresh token (a
//! random secret, good for one exchange). Every call looks the session and the membership up, so that a removed member
//! or an ended session is refused at once, not when the access token runs out.

mod api_keys;
mod attempts;
mod config;
mod error;
mod keys;
mod members;
mod passwords;
mod secret;
mod sessions;
mod set_up;
mod tokens;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use shelfiq_core::{Clock, MerchantId, Randomness};
use shelfiq_store::{Author, Database, Transaction};

use crate::AppError;
use crate::access::Actor;

pub use api_keys::{ApiKeyRequest, FreshApiKey};
pub use config::{IdentityConfig, PasswordCost};
pub use error::{IdentityError, TokenFault};
pub use keys::SigningKeys;
pub use members::{MemberRequest, Profile};
pub use secret::Secret;
pub use sessions::{SignIn, SignedIn};
pub use set_up::SetUp;

use attempts::SignInAttempts;
use passwords::Passwords;
use tokens::AccessTokens;

/// What identity stands on.
pub struct IdentityParts {
    /// Operational data.
    pub store: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for ids and secrets: in production the operating system's.
    pub randomness: Arc<dyn Randomness>,
    /// The key pair that signs access tokens.
    pub keys: SigningKeys,
    /// Lifetimes and costs.
    pub config: IdentityConfig,
}

/// The use cases of identity. Cheap to clone.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

struct Inner {
    store: Database,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    config: IdentityConfig,
    tokens: AccessTokens,
    passwords: Passwords,
    attempts: SignInAttempts,
}

impl Identity {
    /// Puts the parts together.
    ///
    /// # Errors
    /// [`IdentityError::Hashing`] if the cost of passwords is out of bounds.
    pub fn new(parts: IdentityParts) -> Result<Self, IdentityError> {
        let IdentityParts { store, clock, randomness, keys, config } = parts;
        let passwords = Passwords::new(config.password_cost, randomness.as_ref())?;
        let tokens = AccessTokens::new(keys, config.access_token_minutes);
        Ok(Self(Arc::new(Inner {
            store,
            clock,
            randomness,
            config,
            tokens,
            passwords,
            attempts: SignInAttempts::default(),
        })))
    }

    fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    fn next_uuid(&self) -> uuid::Uuid {
        self.0.randomness.next_uuid(self.now())
    }

    async fn begin(&self, actor: &Actor) -> Result<Transaction, AppError> {
        Ok(self.0.store.begin(actor.author(), self.now()).await?)
    }

    async fn begin_as(&self, author: Author) -> Result<Transaction, AppError> {
        Ok(self.0.store.begin(author, self.now()).await?)
    }
}

/// Where a signed-in member works when nothing else is said: at the first merchant by name.
fn first_of(belongings: &[shelfiq_store::members::Belonging]) -> Option<MerchantId> {
    belongings.first().map(|belonging| belonging.merchant)
}
