//! Members: people who can sign in, and the role that each has at a merchant.

use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Set,
};
use serde::Serialize;
use shelfiq_core::{MemberId, MerchantId};
use uuid::Uuid;

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::{member as entity, membership, merchant};
use crate::error::{Doing, Stored};
use crate::page::{At, above};
use crate::{Page, PageRequest, Read, StoreError, Transaction, audit, merchants};

text_enum! {
    /// What a member may do at a merchant, from most to least.
    Role = "role" {
        /// Everything, members and keys included.
        Owner = "owner",
        /// Runs the shop: decides, imports, changes settings.
        Manager = "manager",
        /// Looks at everything, queries and saves views.
        Analyst = "analyst",
        /// Looks.
        Viewer = "viewer",
    }
}

text_enum! {
    /// Whether a member may sign in.
    MemberStatus = "member status" {
        /// May sign in.
        Active = "active",
        /// May not sign in anywhere.
        Suspended = "suspended",
    }
}

/// A person's place at one merchant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Member {
    /// The person.
    pub id: MemberId,
    /// How the person is called.
    pub name: String,
    /// Where mail reaches the person; lower case, unique in the installation.
    pub email: String,
    /// What the person may do here.
    pub role: Role,
    /// Whether the person may sign in.
    pub status: MemberStatus,
    /// Since when the person belongs here.
    pub created_at: DateTime<Utc>,
    /// When the person was last seen, at any merchant.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// A person about to join.
#[derive(Debug, Clone)]
pub struct NewMember {
    /// The person's new id.
    pub id: MemberId,
    /// How the person is called.
    pub name: String,
    /// Where mail reaches the person.
    pub email: String,
    /// The hash of the password, as a PHC string.
    pub password_hash: String,
    /// What the person may do.
    pub role: Role,
}

/// What signing in needs to know. Not a thing to show or to log.
#[derive(Clone)]
pub struct Credentials {
    /// The person.
    pub member: MemberId,
    /// The hash of the password, as a PHC string.
    pub password_hash: String,
    /// Whether the person may sign in.
    pub status: MemberStatus,
}

/// One merchant that a person belongs to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Belonging {
    /// The merchant.
    pub merchant: MerchantId,
    /// Its name.
    pub merchant_name: String,
    /// What the person may do there.
    pub role: Role,
}

/// The one form of an e-mail address under which it is stored and found.
#[must_use]
pub fn normal_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Adds a person to the installation and to the merchant. Somebody who was removed from every merchant comes back under
/// the old id, with the new name and password.
///
/// # Errors
/// [`StoreError::Violated`] with [`crate::Constraint::MemberEmail`] if the address belongs to somebody.
pub async fn insert(tx: &Transaction, merchant: MerchantId, new: NewMember) -> Result<Member, StoreError> {
    let email = normal_email(&new.email);
    let id = match credentials_by_email(tx, &email).await? {
        Some(known) if belongings(tx, known.member).await?.is_empty() => {
            readmit(tx, known.member, &new).await?;
            known.member
        }
        _ => {
            let row = entity::Model {
                id: new.id.as_uuid(),
                email: email.clone(),
                name: new.name.clone(),
                password_hash: new.password_hash,
                status: MemberStatus::Active.to_string(),
                created_at: tx.at(),
                updated_at: tx.at(),
                last_seen_at: None,
            };
            entity::Entity::insert(row.into_active_model())
                .exec_without_returning(tx.connection())
                .await
                .doing("adding a member")?;
            new.id
        }
    };
    let member = Member {
        id,
        name: new.name,
        email,
        role: new.role,
        status: MemberStatus::Active,
        created_at: tx.at(),
        last_seen_at: None,
    };
    join(tx, merchant, &member).await?;
    Ok(member)
}

/// Gives a person who is in the installation already a place at another merchant.
///
/// # Errors
/// [`StoreError::Violated`] with [`crate::Constraint::MembershipOnce`] if the person belongs there already.
pub async fn join(tx: &Transaction, merchant: MerchantId, member: &Member) -> Result<(), StoreError> {
    let row = membership::ActiveModel {
        merchant_id: Set(merchant.as_uuid()),
        member_id: Set(member.id.as_uuid()),
        role: Set(member.role.to_string()),
        created_at: Set(tx.at()),
        updated_at: Set(tx.at()),
        ..Default::default()
    };
    membership::Entity::insert(row).exec_without_returning(tx.connection()).await.doing("adding a membership")?;
    audit::record(tx, merchant, Note::new("member", "added", member.id).after(member)).await
}

/// The member of this merchant.
///
/// # Errors
/// [`StoreError::NotFound`] if the person does not belong to it.
pub async fn get(on: &impl Read, merchant: MerchantId, member: MemberId) -> Result<Member, StoreError> {
    let (place, person) = place_of(on, merchant, member).await?;
    joined(place, person)
}

/// The members of the merchant in the order in which they joined.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(on: &impl Read, merchant: MerchantId, request: &PageRequest) -> Result<Page<Member>, StoreError> {
    let mut query = places(merchant);
    if let Some(place) = request.after::<At, Uuid>()? {
        query = query.filter(above((membership::Column::CreatedAt, membership::Column::MemberId), place));
    }
    let rows = query
        .order_by_asc(membership::Column::CreatedAt)
        .order_by_asc(membership::Column::MemberId)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing members")?;
    Page::cut(rows, request, |(place, _)| (At(place.created_at), place.member_id)).try_map(|(place, person)| {
        joined(place, person.ok_or_else(|| StoreError::not_found("member", "behind a membership"))?)
    })
}

/// The merchants that a person belongs to, by name. At most 500.
///
/// # Errors
/// A failure of the database.
pub async fn belongings(on: &impl Read, member: MemberId) -> Result<Vec<Belonging>, StoreError> {
    let rows = membership::Entity::find()
        .filter(membership::Column::MemberId.eq(member.as_uuid()))
        .filter(membership::Column::DeletedAt.is_null())
        .join(JoinType::InnerJoin, to_merchant())
        .select_also(merchant::Entity)
        .filter(merchant::Column::DeletedAt.is_null())
        .order_by_asc(merchant::Column::Name)
        .order_by_asc(merchant::Column::Id)
        .limit(u64::from(crate::PAGE_SIZE_MAX))
        .all(on.connection())
        .await
        .doing("listing a member's merchants")?;
    rows.into_iter()
        .filter_map(|(place, merchant)| merchant.map(|merchant| (place, merchant)))
        .map(|(place, merchant)| {
            Ok(Belonging {
                merchant: MerchantId::from_uuid(merchant.id),
                merchant_name: merchant.name,
                role: place.role.parse().stored_in("memberships.role")?,
            })
        })
        .collect()
}

/// Looks up who signs in, before any merchant is known.
///
/// # Errors
/// A failure of the database; an unknown address is `None`.
pub async fn credentials_by_email(on: &impl Read, email: &str) -> Result<Option<Credentials>, StoreError> {
    entity::Entity::find()
        .filter(entity::Column::Email.eq(normal_email(email)))
        .one(on.connection())
        .await
        .doing("looking up a member")?
        .map(Credentials::try_from)
        .transpose()
}

/// What checking the password of a known member needs.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn credentials(on: &impl Read, member: MemberId) -> Result<Credentials, StoreError> {
    person(on, member).await?.try_into()
}

/// How many members own the merchant.
///
/// # Errors
/// A failure of the database.
pub async fn count_owners(on: &impl Read, merchant: MerchantId) -> Result<u64, StoreError> {
    membership::Entity::find()
        .filter(membership::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(membership::Column::DeletedAt.is_null())
        .filter(membership::Column::Role.eq(Role::Owner.as_str()))
        .count(on.connection())
        .await
        .doing("counting owners")
}

/// Changes what a member may do. The last owner stays one.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::WrongState`] for the last owner.
pub async fn change_role(
    tx: &Transaction,
    merchant: MerchantId,
    member: MemberId,
    role: Role,
) -> Result<Member, StoreError> {
    merchants::lock(tx, merchant).await?;
    let before = get(tx, merchant, member).await?;
    if before.role == Role::Owner && role != Role::Owner {
        keep_an_owner(tx, merchant, "change the role of").await?;
    }
    let (place, _) = place_of(tx, merchant, member).await?;
    let row = membership::ActiveModel {
        id: Set(place.id),
        role: Set(role.to_string()),
        updated_at: Set(tx.at()),
        ..Default::default()
    };
    membership::Entity::update(row).exec(tx.connection()).await.doing("changing a role")?;
    let after = Member { role, ..before.clone() };
    audit::record(tx, merchant, Note::new("member", "role_changed", member).before(&before).after(&after)).await?;
    Ok(after)
}

/// Takes a member's place at the merchant away. The last owner stays.
///
/// # Errors
/// [`StoreError::NotFound`]; [`StoreError::WrongState`] for the last owner.
pub async fn remove(tx: &Transaction, merchant: MerchantId, member: MemberId) -> Result<(), StoreError> {
    merchants::lock(tx, merchant).await?;
    let before = get(tx, merchant, member).await?;
    if before.role == Role::Owner {
        keep_an_owner(tx, merchant, "remove").await?;
    }
    let (place, _) = place_of(tx, merchant, member).await?;
    let row = membership::ActiveModel {
        id: Set(place.id),
        deleted_at: Set(Some(tx.at())),
        updated_at: Set(tx.at()),
        ..Default::default()
    };
    membership::Entity::update(row).exec(tx.connection()).await.doing("removing a member")?;
    audit::record(tx, merchant, Note::new("member", "removed", member).before(&before)).await
}

/// Stores the hash of a new password.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn set_password_hash(
    tx: &Transaction,
    merchant: MerchantId,
    member: MemberId,
    password_hash: &str,
) -> Result<(), StoreError> {
    get(tx, merchant, member).await?;
    let row = entity::ActiveModel {
        id: Set(member.as_uuid()),
        password_hash: Set(password_hash.to_owned()),
        updated_at: Set(tx.at()),
        ..Default::default()
    };
    entity::Entity::update(row).exec(tx.connection()).await.doing("changing a password")?;
    audit::record(tx, merchant, Note::new("member", "password_changed", member)).await
}

/// Notes that a member was seen.
///
/// # Errors
/// A failure of the database.
pub async fn touch(tx: &Transaction, member: MemberId) -> Result<(), StoreError> {
    let row = entity::ActiveModel { id: Set(member.as_uuid()), last_seen_at: Set(Some(tx.at())), ..Default::default() };
    entity::Entity::update(row).exec(tx.connection()).await.doing("noting a member's visit")?;
    Ok(())
}

async fn keep_an_owner(tx: &Transaction, merchant: MerchantId, step: &'static str) -> Result<(), StoreError> {
    if count_owners(tx, merchant).await? > 1 {
        return Ok(());
    }
    Err(StoreError::WrongState { what: "member", step, state: "the last owner".to_owned() })
}

async fn readmit(tx: &Transaction, member: MemberId, new: &NewMember) -> Result<(), StoreError> {
    let row = entity::ActiveModel {
        id: Set(member.as_uuid()),
        name: Set(new.name.clone()),
        password_hash: Set(new.password_hash.clone()),
        status: Set(MemberStatus::Active.to_string()),
        updated_at: Set(tx.at()),
        last_seen_at: Set(None),
        ..Default::default()
    };
    entity::Entity::update(row).exec(tx.connection()).await.doing("readmitting a member")?;
    Ok(())
}

fn places(merchant: MerchantId) -> sea_orm::SelectTwo<membership::Entity, entity::Entity> {
    membership::Entity::find()
        .filter(membership::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(membership::Column::DeletedAt.is_null())
        .join(JoinType::InnerJoin, to_member())
        .select_also(entity::Entity)
}

async fn place_of(
    on: &impl Read,
    merchant: MerchantId,
    member: MemberId,
) -> Result<(membership::Model, entity::Model), StoreError> {
    match places(merchant)
        .filter(membership::Column::MemberId.eq(member.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading a member")?
    {
        Some((place, Some(person))) => Ok((place, person)),
        _ => Err(StoreError::not_found("member", member)),
    }
}

async fn person(on: &impl Read, member: MemberId) -> Result<entity::Model, StoreError> {
    entity::Entity::find_by_id(member.as_uuid())
        .one(on.connection())
        .await
        .doing("loading a member")?
        .ok_or_else(|| StoreError::not_found("member", member))
}

fn to_member() -> sea_orm::RelationDef {
    membership::Entity::belongs_to(entity::Entity).from(membership::Column::MemberId).to(entity::Column::Id).into()
}

fn to_merchant() -> sea_orm::RelationDef {
    membership::Entity::belongs_to(merchant::Entity)
        .from(membership::Column::MerchantId)
        .to(merchant::Column::Id)
        .into()
}

fn joined(place: membership::Model, person: entity::Model) -> Result<Member, StoreError> {
    Ok(Member {
        id: MemberId::from_uuid(person.id),
        name: person.name,
        email: person.email,
        role: place.role.parse().stored_in("memberships.role")?,
        status: person.status.parse().stored_in("members.status")?,
        created_at: place.created_at,
        last_seen_at: person.last_seen_at,
    })
}

impl TryFrom<entity::Model> for Credentials {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            member: MemberId::from_uuid(row.id),
            password_hash: row.password_hash,
            status: row.status.parse().stored_in("members.status")?,
        })
    }
}
