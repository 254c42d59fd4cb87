//! Members: who belongs to the merchant and with which role.

use std::collections::BTreeSet;

use shelfiq_core::{MemberId, MerchantId};
use shelfiq_store::audit::{self, AuditEntry};
use shelfiq_store::members::{self, Belonging, Member, NewMember, normal_email};
use shelfiq_store::merchants::{self, Merchant};
use shelfiq_store::sessions::{self, Revocation};
use shelfiq_store::{Page, PageRequest};

use super::sessions::person;
use super::{Identity, IdentityError, Secret, passwords};
use crate::AppError;
use crate::access::{Actor, Permission, Role, authorize, permissions_of};

const NAME_LENGTH_MAX: usize = 120;
const EMAIL_LENGTH_MAX: usize = 254;

/// What a signed-in person needs to know about themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// The person, with the role at the present merchant.
    pub member: Member,
    /// The present merchant.
    pub merchant: Merchant,
    /// What the person may do there.
    pub permissions: BTreeSet<Permission>,
    /// Every merchant of the person, by name.
    pub belongings: Vec<Belonging>,
}

/// A person about to join.
#[derive(Debug, Clone)]
pub struct MemberRequest {
    /// How the person is called.
    pub name: String,
    /// Where mail reaches the person; the name to sign in with.
    pub email: String,
    /// What the person may do.
    pub role: Role,
    /// The first password, to be told to the person and changed by them.
    pub password: Secret,
}

impl Identity {
    /// Who the actor is.
    ///
    /// # Errors
    /// [`crate::access::AccessError::NotAMember`] for an API key.
    pub async fn profile(&self, actor: &Actor) -> Result<Profile, AppError> {
        let (member, _) = person(actor)?;
        self.profile_of(actor.merchant(), member).await
    }

    /// The members of the merchant in the order in which they joined.
    ///
    /// # Errors
    /// [`AppError::Access`] without [`Permission::ReadMembers`].
    pub async fn members(&self, actor: &Actor, page: &PageRequest) -> Result<Page<Member>, AppError> {
        authorize(actor, Permission::ReadMembers)?;
        Ok(members::page(&self.0.store, actor.merchant(), page).await?)
    }

    /// Adds a member with a first password. Somebody who was removed earlier comes back under the same address.
    ///
    /// # Errors
    /// [`AppError::Access`] without [`Permission::ManageMembers`]; a complaint about name, address or password;
    /// [`shelfiq_store::Constraint::MemberEmail`] if the address belongs to somebody.
    pub async fn add_member(&self, actor: &Actor, request: MemberRequest) -> Result<Member, AppError> {
        authorize(actor, Permission::ManageMembers)?;
        let email = email_of(&request.email)?;
        let name = name_of("name of the member", &request.name)?;
        passwords::judge(request.password.expose(), &email)?;
        let password_hash = self.0.passwords.hash(request.password.expose(), self.0.randomness.as_ref()).await?;
        let id = MemberId::from_uuid(self.next_uuid());
        let new = NewMember { id, name, email, password_hash, role: request.role };
        let tx = self.begin(actor).await?;
        let member = members::insert(&tx, actor.merchant(), new).await?;
        tx.commit().await?;
        Ok(member)
    }

    /// Changes what a member may do; it counts from the member's next call on.
    ///
    /// # Errors
    /// [`AppError::Access`] without [`Permission::ManageMembers`]; [`AppError::Store`] for the last owner and for
    /// somebody else's member.
    pub async fn change_role(&self, actor: &Actor, member: MemberId, role: Role) -> Result<Member, AppError> {
        authorize(actor, Permission::ManageMembers)?;
        let tx = self.begin(actor).await?;
        let member = members::change_role(&tx, actor.merchant(), member, role).await?;
        tx.commit().await?;
        Ok(member)
    }

    /// Takes a member's place away and ends the member's sessions here.
    ///
    /// # Errors
    /// [`AppError::Access`] without [`Permission::ManageMembers`]; [`AppError::Store`] for the last owner and for
    /// somebody else's member.
    pub async fn remove_member(&self, actor: &Actor, member: MemberId) -> Result<(), AppError> {
        authorize(actor, Permission::ManageMembers)?;
        let tx = self.begin(actor).await?;
        members::remove(&tx, actor.merchant(), member).await?;
        sessions::revoke_all(&tx, actor.merchant(), member, None, Revocation::MemberRemoved).await?;
        Ok(tx.commit().await?)
    }

    /// Changes the actor's own password and ends all other sessions.
    ///
    /// # Errors
    /// [`IdentityError::WrongPassword`], [`IdentityError::BadPassword`], [`IdentityError::TooManyAttempts`], or
    /// [`crate::access::AccessError::NotAMember`] for an API key.
    pub async fn change_password(&self, actor: &Actor, current: &Secret, new: &Secret) -> Result<(), AppError> {
        let (member, session) = person(actor)?;
        let known = members::get(&self.0.store, actor.merchant(), member).await?;
        let origin = format!("session {session}");
        self.0.attempts.begin(&known.email, &origin, self.now())?;
        let stored = members::credentials(&self.0.store, member).await?;
        if !self.0.passwords.check(current.expose(), Some(&stored.password_hash)).await? {
            return Err(IdentityError::WrongPassword.into());
        }
        self.0.attempts.succeed(&known.email, &origin);
        passwords::judge(new.expose(), &known.email)?;
        let hash = self.0.passwords.hash(new.expose(), self.0.randomness.as_ref()).await?;
        let tx = self.begin(actor).await?;
        members::set_password_hash(&tx, actor.merchant(), member, &hash).await?;
        for belonging in members::belongings(&tx, member).await? {
            let because = Revocation::PasswordChanged;
            sessions::revoke_all(&tx, belonging.merchant, member, Some(session), because).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The changes made at the merchant, newest first.
    ///
    /// # Errors
    /// [`AppError::Access`] without [`Permission::ReadAudit`].
    pub async fn audit_log(&self, actor: &Actor, page: &PageRequest) -> Result<Page<AuditEntry>, AppError> {
        authorize(actor, Permission::ReadAudit)?;
        Ok(audit::page(&self.0.store, actor.merchant(), page).await?)
    }

    pub(super) async fn profile_of(&self, merchant: MerchantId, member: MemberId) -> Result<Profile, AppError> {
        let member = members::get(&self.0.store, merchant, member).await?;
        Ok(Profile {
            merchant: merchants::get(&self.0.store, merchant).await?,
            permissions: permissions_of(member.role),
            belongings: members::belongings(&self.0.store, member.id).await?,
            member,
        })
    }
}

/// The address in its one form, if it can be one: something, `@`, a host with a dot or `localhost`.
pub(super) fn email_of(text: &str) -> Result<String, IdentityError> {
    let email = normal_email(text);
    let bad = || IdentityError::BadEmail(text.chars().take(EMAIL_LENGTH_MAX).collect());
    let (name, host) = email.rsplit_once('@').ok_or_else(bad)?;
    let is_host = host == "localhost" || host.split('.').filter(|label| !label.is_empty()).count() >= 2;
    let is_plain = !email.chars().any(|letter| letter.is_whitespace() || letter.is_control());
    let is_whole = !host.starts_with('.') && !host.ends_with('.') && !host.contains("..");
    if name.is_empty() || !is_host || !is_plain || !is_whole || email.len() > EMAIL_LENGTH_MAX {
        return Err(bad());
    }
    Ok(email)
}

/// The name without blanks around it.
pub(super) fn name_of(what: &'static str, text: &str) -> Result<String, IdentityError> {
    let name = text.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_LENGTH_MAX || name.chars().any(char::is_control) {
        return Err(IdentityError::BadName { what, limit: NAME_LENGTH_MAX });
    }
    Ok(name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_for_sense_not_for_every_rule() {
        for good in ["a@b.co", " Ann@Example.com ", "o'neil+shop@mail.example.org", "demo@localhost"] {
            assert!(email_of(good).is_ok(), "{good}");
        }
        for bad in ["", "ann", "@b.co", "ann@", "ann@b", "ann@b.", "ann@.co", "a b@c.de", "a@b..c", "a@b.co\n.x"] {
            assert!(email_of(bad).is_err(), "{bad:?}");
        }
        assert_eq!(email_of(" Ann@Example.com ").unwrap(), "ann@example.com");
    }
}
