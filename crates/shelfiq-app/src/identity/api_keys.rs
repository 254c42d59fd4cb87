//! API keys: made by owners, shown once, limited to scopes.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use shelfiq_core::ApiKeyId;
use shelfiq_store::api_keys::{self, ApiKey, NewApiKey};
use shelfiq_store::{Page, PageRequest};

use super::members::name_of;
use super::{Identity, IdentityError, Secret};
use crate::AppError;
use crate::access::{Actor, Permission, authorize};

const PREFIX: &str = "sk_";
/// Characters of the key that stay visible, to tell keys apart: the prefix and 36 random bits.
const VISIBLE: usize = PREFIX.len() + 6;

/// A key about to be made.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiKeyRequest {
    /// What it is for.
    pub name: String,
    /// What it may do; at least one, and nothing that the maker may not.
    pub scopes: BTreeSet<Permission>,
    /// When it stops working.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A key just made. The secret is nowhere else.
#[derive(Debug, Clone)]
pub struct FreshApiKey {
    /// What is kept of it.
    pub key: ApiKey,
    /// The key itself.
    pub secret: Secret,
}

impl Identity {
    /// The merchant's keys, newest first.
    ///
    /// # Errors
    /// [`AppError::Access`] without [`Permission::ManageApiKeys`].
    pub async fn api_keys(&self, actor: &Actor, page: &PageRequest) -> Result<Page<ApiKey>, AppError> {
        authorize(actor, Permission::ManageApiKeys)?;
        Ok(api_keys::page(&self.0.store, actor.merchant(), page).await?)
    }

    /// Makes a key.
    ///
    /// # Errors
    /// [`AppError::Access`] without [`Permission::ManageApiKeys`]; [`IdentityError::BadScopes`] and
    /// [`IdentityError::ExpiryInThePast`]; [`shelfiq_store::Constraint::ApiKeyName`] if the name is taken.
    pub async fn create_api_key(&self, actor: &Actor, request: ApiKeyRequest) -> Result<FreshApiKey, AppError> {
        authorize(actor, Permission::ManageApiKeys)?;
        let name = name_of("name of the key", &request.name)?;
        if request.scopes.is_empty() {
            return Err(IdentityError::BadScopes("an API key needs at least one scope".to_owned()).into());
        }
        for scope in &request.scopes {
            if !scope.fits_api_keys() {
                let reason = format!("an API key cannot have the scope `{scope}`: only people can");
                return Err(IdentityError::BadScopes(reason).into());
            }
            authorize(actor, *scope)?;
        }
        if request.expires_at.is_some_and(|end| end <= self.now()) {
            return Err(IdentityError::ExpiryInThePast.into());
        }
        let secret = Secret::random(PREFIX, self.0.randomness.as_ref());
        let new = NewApiKey {
            id: ApiKeyId::from_uuid(self.next_uuid()),
            name,
            prefix: secret.expose().chars().take(VISIBLE).collect(),
            key_hash: secret.hash(),
            scopes: request.scopes.iter().map(ToString::to_string).collect(),
            expires_at: request.expires_at,
        };
        let tx = self.begin(actor).await?;
        let key = api_keys::insert(&tx, actor.merchant(), new).await?;
        tx.commit().await?;
        Ok(FreshApiKey { key, secret })
    }

    /// Makes a key useless, at once.
    ///
    /// # Errors
    /// [`AppError::Access`] without [`Permission::ManageApiKeys`]; [`AppError::Store`] if there is no such key here.
    pub async fn revoke_api_key(&self, actor: &Actor, key: ApiKeyId) -> Result<(), AppError> {
        authorize(actor, Permission::ManageApiKeys)?;
        let tx = self.begin(actor).await?;
        api_keys::revoke(&tx, actor.merchant(), key).await?;
        Ok(tx.commit().await?)
    }
}
