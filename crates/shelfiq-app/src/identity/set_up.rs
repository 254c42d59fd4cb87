//! The first run: the first merchant and its owner.

use serde_json::json;
use shelfiq_core::{CurrencyCode, MemberId, MerchantId, TimeZone};
use shelfiq_store::members::{self, NewMember, Role};
use shelfiq_store::merchants::{self, Merchant, MerchantChange, NewMerchant};
use shelfiq_store::{Author, Constraint, PageRequest, StoreError};

use super::members::{email_of, name_of};
use super::{Identity, IdentityError, Secret, passwords};
use crate::AppError;

/// The first merchant and its owner.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// The name of the business.
    pub merchant_name: String,
    /// The currency of its totals.
    pub currency: CurrencyCode,
    /// Where its days begin.
    pub time_zone: TimeZone,
    /// Whether its shops are simulated.
    pub is_demo: bool,
    /// How the owner is called.
    pub owner_name: String,
    /// Where mail reaches the owner; the name to sign in with.
    pub email: String,
    /// What to sign in with.
    pub password: Secret,
}

impl Identity {
    /// Whether nobody has set the installation up.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn needs_set_up(&self) -> Result<bool, AppError> {
        Ok(!merchants::is_set_up(&self.0.store).await?)
    }

    /// Creates the first merchant with its owner, or gives a merchant that the command line made its owner. Possible once: of two calls at the same time one succeeds.
    ///
    /// # Errors
    /// [`IdentityError::AlreadySetUp`], or a complaint about a name, the address or the password.
    pub async fn set_up(&self, request: SetUp) -> Result<Merchant, AppError> {
        if !self.needs_set_up().await? {
            return Err(IdentityError::AlreadySetUp.into());
        }
        let email = email_of(&request.email)?;
        let merchant_name = name_of("name of the merchant", &request.merchant_name)?;
        let owner_name = name_of("name of the owner", &request.owner_name)?;
        passwords::judge(request.password.expose(), &email)?;
        let password_hash = self.0.passwords.hash(request.password.expose(), self.0.randomness.as_ref()).await?;

        let tx = self.begin_as(Author::system("set-up")).await?;
        let imported_before = merchants::page_of_all(&tx, &PageRequest::first(1)).await?.rows.pop();
        let merchant = match imported_before {
            // Whoever imported before the set-up finds those rows in the shop that is now set up.
            Some(local) => {
                let change = MerchantChange {
                    name: Some(merchant_name),
                    currency: Some(request.currency),
                    time_zone: Some(request.time_zone),
                    settings: None,
                };
                merchants::update(&tx, local.id, None, change).await?
            }
            None => {
                let new = NewMerchant {
                    id: MerchantId::from_uuid(self.next_uuid()),
                    name: merchant_name,
                    currency: request.currency,
                    time_zone: request.time_zone,
                    settings: json!({}),
                    is_demo: request.is_demo,
                };
                merchants::insert(&tx, new).await?
            }
        };
        merchants::finish_set_up(&tx, merchant.id).await.map_err(|error| match error {
            StoreError::Violated(Constraint::SetUpOnce) => AppError::from(IdentityError::AlreadySetUp),
            error => error.into(),
        })?;
        let owner = NewMember {
            id: MemberId::from_uuid(self.next_uuid()),
            name: owner_name,
            email,
            password_hash,
            role: Role::Owner,
        };
        members::insert(&tx, merchant.id, owner).await?;
        tx.commit().await?;
        Ok(merchant)
    }
}
