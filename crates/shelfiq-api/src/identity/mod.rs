//! Set-up, sign-in, profile, members, API keys, audit log.

pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod members;
pub(crate) mod profile;
pub(crate) mod session;
pub(crate) mod set_up;

use serde::Serialize;
use shelfiq_app::identity::Profile;
use shelfiq_store::members::Role;
use utoipa::ToSchema;
use uuid::Uuid;

/// A merchant as its members see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MerchantBody {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// ISO 4217 code.
    pub(crate) currency: String,
    /// IANA name.
    pub(crate) time_zone: String,
    /// Whether its shops are simulated.
    pub(crate) is_demo: bool,
}

impl From<&shelfiq_store::merchants::Merchant> for MerchantBody {
    fn from(merchant: &shelfiq_store::merchants::Merchant) -> Self {
        Self {
            id: merchant.id.as_uuid(),
            name: merchant.name.clone(),
            currency: merchant.currency.to_string(),
            time_zone: merchant.time_zone.to_string(),
            is_demo: merchant.is_demo,
        }
    }
}

/// Who is signed in, where, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeBody {
    member: PersonBody,
    merchant: MerchantBody,
    /// `owner`, `manager`, `analyst` or `viewer`.
    role: String,
    permissions: Vec<String>,
    /// Every merchant to which the member belongs.
    merchants: Vec<BelongingBody>,
}

/// A person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonBody {
    id: Uuid,
    name: String,
    email: String,
}

/// A merchant to which a member belongs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BelongingBody {
    id: Uuid,
    name: String,
    role: String,
}

impl From<&Profile> for MeBody {
    fn from(profile: &Profile) -> Self {
        let member = &profile.member;
        Self {
            member: PersonBody { id: member.id.as_uuid(), name: member.name.clone(), email: member.email.clone() },
            merchant: (&profile.merchant).into(),
            role: member.role.to_string(),
            permissions: profile.permissions.iter().map(|permission| permission.as_str().to_owned()).collect(),
            merchants: profile
                .belongings
                .iter()
                .map(|one| BelongingBody {
                    id: one.merchant.as_uuid(),
                    name: one.merchant_name.clone(),
                    role: one.role.to_string(),
                })
                .collect(),
        }
    }
}

/// A role as callers write it.
#[derive(Debug, Clone, Copy, serde::Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RoleBody {
    Owner,
    Manager,
    Analyst,
    Viewer,
}

impl From<RoleBody> for Role {
    fn from(role: RoleBody) -> Self {
        match role {
            RoleBody::Owner => Self::Owner,
            RoleBody::Manager => Self::Manager,
            RoleBody::Analyst => Self::Analyst,
            RoleBody::Viewer => Self::Viewer,
        }
    }
}
