//! The named constraints of the schema and what each of them means to a caller.

use sea_orm::{DbErr, SqlErr};

/// A rule that the schema itself keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Constraint {
    /// One e-mail address, one member.
    MemberEmail,
    /// A member belongs to a merchant once.
    MembershipOnce,
    /// The first-run set-up happens once.
    SetUpOnce,
    /// Store names are unique within a merchant.
    StoreName,
    /// Names of API keys are unique within a merchant.
    ApiKeyName,
    /// Names of alert rules are unique within a merchant.
    AlertRuleName,
    /// Names of saved views are unique within a merchant and an area.
    SavedViewName,
    /// A merchant has one model version of a kind in production, and tries one beside it.
    ModelStage,
    /// A Sku has one running price test.
    RunningPriceTest,
    /// Something that the row refers to does not exist.
    Reference,
    /// A row with this key is there already.
    Duplicate,
}

/// Constraint, its name (as PostgreSQL reports it), its columns (as SQLite reports them).
const NAMED: [(Constraint, &str, &str); 10] = [
    (Constraint::MemberEmail, "members_email_key", "members.email"),
    (Constraint::MembershipOnce, "memberships_once_key", "memberships.merchant_id, memberships.member_id"),
    (Constraint::SetUpOnce, "installation_pkey", "installation.id"),
    (Constraint::StoreName, "stores_name_key", "stores.merchant_id, stores.name"),
    (Constraint::ApiKeyName, "api_keys_name_key", "api_keys.merchant_id, api_keys.name"),
    (Constraint::AlertRuleName, "alert_rules_name_key", "alert_rules.merchant_id, alert_rules.name"),
    (Constraint::ModelStage, "model_versions_production_key", "model_versions.merchant_id, model_versions.kind"),
    (Constraint::ModelStage, "model_versions_trial_key", "model_versions.merchant_id, model_versions.kind"),
    (Constraint::RunningPriceTest, "price_tests_running_key", "price_tests.merchant_id, price_tests.sku"),
    (Constraint::SavedViewName, "saved_views_name_key", "saved_views.merchant_id, saved_views.area, saved_views.name"),
];

impl Constraint {
    /// What the caller is told.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::MemberEmail => "this e-mail address belongs to a member already",
            Self::MembershipOnce => "this person is a member of the merchant already",
            Self::SetUpOnce => "this installation is set up already: sign in instead",
            Self::StoreName => "a store with this name exists already",
            Self::ApiKeyName => "an API key with this name exists already",
            Self::AlertRuleName => "an alert rule with this name exists already",
            Self::SavedViewName => "a saved view with this name exists already",
            Self::ModelStage => "another version of this kind took the place meanwhile: load the list again",
            Self::RunningPriceTest => "a price test of this product is running already: stop it first",
            Self::Reference => "something that this refers to does not exist",
            Self::Duplicate => "this exists already",
        }
    }

    pub(crate) fn violated_by(error: &DbErr) -> Option<Self> {
        match error.sql_err()? {
            SqlErr::UniqueConstraintViolation(message) => {
                let named = NAMED.iter().find(|(_, name, columns)| {
                    message.contains(&format!("\"{name}\"")) || message.ends_with(&format!(": {columns}"))
                });
                Some(named.map_or(Self::Duplicate, |(constraint, ..)| *constraint))
            }
            SqlErr::ForeignKeyConstraintViolation(_) => Some(Self::Reference),
            _ => None,
        }
    }
}
