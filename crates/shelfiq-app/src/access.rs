//! Who acts, for which merchant, and what they may do: the one table of roles and permissions.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use shelfiq_core::{ApiKeyId, ErrorKind, MemberId, MerchantId, SessionId};
use shelfiq_store::Author;
pub use shelfiq_store::members::Role;

/// Something that a use case may demand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Permission {
    /// See the shop: measures, products, recommendations, alerts, imports, jobs, settings.
    ReadShop,
    /// Ask free questions in SQL.
    QueryLake,
    /// Save and remove views.
    SaveViews,
    /// Decide about recommendations and alerts.
    Decide,
    /// Make and change alert rules.
    EditAlertRules,
    /// Import files, undo imports, add stores.
    Import,
    /// Start jobs.
    RunJobs,
    /// Change the settings of the merchant and of its Skus.
    EditSettings,
    /// Promote versions of models and take them back.
    ManageModels,
    /// See who belongs to the merchant.
    ReadMembers,
    /// Add and remove members, change their roles, end their sessions.
    ManageMembers,
    /// See, make and revoke API keys.
    ManageApiKeys,
    /// Read the audit log.
    ReadAudit,
}

/// Permission, its word, and whether owner, manager, analyst and viewer have it.
const TABLE: [(Permission, &str, [bool; 4]); 13] = [
    (Permission::ReadShop, "shop:read", [true, true, true, true]),
    (Permission::ReadMembers, "members:read", [true, true, true, true]),
    (Permission::QueryLake, "lake:query", [true, true, true, false]),
    (Permission::SaveViews, "views:write", [true, true, true, false]),
    (Permission::Decide, "decisions:write", [true, true, false, false]),
    (Permission::EditAlertRules, "alert_rules:write", [true, true, false, false]),
    (Permission::Import, "imports:write", [true, true, false, false]),
    (Permission::RunJobs, "jobs:write", [true, true, false, false]),
    (Permission::EditSettings, "settings:write", [true, true, false, false]),
    (Permission::ManageModels, "models:write", [true, true, false, false]),
    (Permission::ReadAudit, "audit:read", [true, true, false, false]),
    (Permission::ManageMembers, "members:write", [true, false, false, false]),
    (Permission::ManageApiKeys, "api_keys:write", [true, false, false, false]),
];

impl Permission {
    /// Every permission.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|(permission, ..)| *permission)
    }

    /// The word used in scopes of API keys and in answers of the API.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let row = TABLE.iter().find(|(permission, ..)| *permission == self);
        row.map(|(_, word, _)| *word).expect("every permission has its row in the table")
    }

    /// Whether a program with an API key may have it. A stolen key must not be able to make itself at home.
    #[must_use]
    pub const fn fits_api_keys(self) -> bool {
        !matches!(self, Self::ManageMembers | Self::ManageApiKeys)
    }
}

/// What a role may do.
#[must_use]
pub fn permissions_of(role: Role) -> BTreeSet<Permission> {
    let column = match role {
        Role::Owner => 0,
        Role::Manager => 1,
        Role::Analyst => 2,
        Role::Viewer => 3,
    };
    TABLE.iter().filter(|(.., roles)| roles[column]).map(|(permission, ..)| *permission).collect()
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A signed-in person.
    Member {
        /// The person.
        member: MemberId,
        /// The sign-in.
        session: SessionId,
        /// The person's role at the merchant.
        role: Role,
    },
    /// A program with an API key.
    ApiKey {
        /// The key.
        key: ApiKeyId,
    },
    /// ShelfIQ itself: a job, or the command line of whoever owns the machine.
    System {
        /// Which part, for example `command line`.
        part: String,
    },
}

/// Who acts, for which merchant, with which permissions. Every use case takes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    principal: Principal,
    merchant: MerchantId,
    permissions: BTreeSet<Permission>,
}

impl Actor {
    pub(crate) fn member(merchant: MerchantId, member: MemberId, session: SessionId, role: Role) -> Self {
        Self { principal: Principal::Member { member, session, role }, merchant, permissions: permissions_of(role) }
    }

    pub(crate) fn api_key(merchant: MerchantId, key: ApiKeyId, scopes: BTreeSet<Permission>) -> Self {
        let permissions = scopes.into_iter().filter(|scope| scope.fits_api_keys()).collect();
        Self { principal: Principal::ApiKey { key }, merchant, permissions }
    }

    /// ShelfIQ itself, acting for `merchant` with every permission. For jobs and the command line, never for a call
    /// that came over the network.
    #[must_use]
    pub fn system(merchant: MerchantId, part: &str) -> Self {
        let principal = Principal::System { part: part.to_owned() };
        Self { principal, merchant, permissions: Permission::all().collect() }
    }

    /// Who acts.
    #[must_use]
    pub const fn principal(&self) -> &Principal {
        &self.principal
    }

    /// For which merchant.
    #[must_use]
    pub const fn merchant(&self) -> MerchantId {
        self.merchant
    }

    /// What the actor may do.
    #[must_use]
    pub const fn permissions(&self) -> &BTreeSet<Permission> {
        &self.permissions
    }

    /// The name under which changes of the actor are written down.
    #[must_use]
    pub fn author(&self) -> Author {
        match &self.principal {
            Principal::Member { member, .. } => Author::Member(*member),
            Principal::ApiKey { key } => Author::ApiKey(*key),
            Principal::System { part } => Author::system(part),
        }
    }

    /// Lets the actor pass and names the merchant it acts for.
    ///
    /// # Errors
    /// [`AccessError::Missing`] if the actor does not have the permission.
    pub(crate) fn authorize(&self, permission: Permission) -> Result<MerchantId, AccessError> {
        authorize(self, permission)?;
        Ok(self.merchant)
    }
}

/// Lets the actor pass, or says what is missing.
///
/// # Errors
/// [`AccessError::Missing`] if the actor does not have the permission.
pub fn authorize(actor: &Actor, permission: Permission) -> Result<(), AccessError> {
    if actor.permissions.contains(&permission) { Ok(()) } else { Err(AccessError::Missing { permission }) }
}

/// An act that is not allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The actor lacks a permission.
    #[error("this needs the permission `{permission}`, which you do not have: ask an owner")]
    Missing {
        /// The permission.
        permission: Permission,
    },
    /// Only a signed-in person can do this.
    #[error("only a signed-in member can do this, not an API key")]
    NotAMember,
    /// Not the word of a permission.
    #[error("`{0}` is not a permission: use one of {allowed}", allowed = words())]
    Unknown(String),
}

impl AccessError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Missing { .. } | Self::NotAMember => ErrorKind::Forbidden,
            Self::Unknown(_) => ErrorKind::Invalid,
        }
    }
}

fn words() -> String {
    TABLE.map(|(_, word, _)| word).join(", ")
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Permission {
    type Err = AccessError;

    fn from_str(text: &str) -> Result<Self, AccessError> {
        let row = TABLE.iter().find(|(_, word, _)| *word == text);
        row.map(|(permission, ..)| *permission).ok_or_else(|| AccessError::Unknown(text.to_owned()))
    }
}

impl TryFrom<String> for Permission {
    type Error = AccessError;

    fn try_from(text: String) -> Result<Self, AccessError> {
        text.parse()
    }
}

impl From<Permission> for String {
    fn from(permission: Permission) -> Self {
        permission.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const MERCHANT: MerchantId = MerchantId::from_uuid(Uuid::from_u128(1));

    #[test]
    fn each_role_may_do_everything_that_the_next_lower_one_may() {
        for pair in Role::ALL.windows(2) {
            assert!(permissions_of(pair[0]).is_superset(&permissions_of(pair[1])), "{pair:?}");
        }
        assert_eq!(permissions_of(Role::Owner).len(), TABLE.len());
    }

    #[test]
    fn only_owners_manage_members_and_keys() {
        for permission in [Permission::ManageMembers, Permission::ManageApiKeys] {
            for role in [Role::Manager, Role::Analyst, Role::Viewer] {
                assert!(!permissions_of(role).contains(&permission), "{role} has {permission}");
            }
        }
    }

    #[test]
    fn a_key_never_manages_members_or_keys_whatever_its_scopes_say() {
        let actor = Actor::api_key(MERCHANT, ApiKeyId::from_uuid(Uuid::from_u128(2)), Permission::all().collect());
        assert!(authorize(&actor, Permission::Import).is_ok());
        for permission in [Permission::ManageMembers, Permission::ManageApiKeys] {
            assert_eq!(authorize(&actor, permission), Err(AccessError::Missing { permission }));
        }
    }

    #[test]
    fn a_permission_reads_back_its_word() {
        for permission in Permission::all() {
            assert_eq!(permission.as_str().parse(), Ok(permission));
        }
        assert!("everything".parse::<Permission>().unwrap_err().to_string().contains("shop:read"));
    }
}
