//! Sessions: one sign-in of a member, and the family of refresh tokens that descends from it.

use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Set};
use serde::Serialize;
use shelfiq_core::{MemberId, MerchantId, SessionId};
use uuid::Uuid;

use crate::audit::Note;
use crate::database::sealed::Connected;
use crate::entity::{refresh_token, session as entity};
use crate::error::{Doing, Stored};
use crate::page::{At, below};
use crate::{Page, PageRequest, Read, StoreError, Transaction, audit};

text_enum! {
    /// Why a session ended before its time.
    Revocation = "reason of revocation" {
        /// The member signed out.
        SignedOut = "signed_out",
        /// The member, or an owner, ended it from elsewhere.
        Ended = "ended",
        /// The member's password changed.
        PasswordChanged = "password_changed",
        /// The member was removed.
        MemberRemoved = "member_removed",
        /// A refresh token came back that had been used before: somebody has a copy.
        TokenReused = "token_reused",
    }
}

/// One sign-in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who signed in.
    pub member: MemberId,
    /// The merchant that the member works for at present.
    pub merchant: MerchantId,
    /// The program, as it names itself; shown to the member.
    pub client: String,
    /// When the member signed in.
    pub created_at: DateTime<Utc>,
    /// When the session was last refreshed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends unless refreshed before.
    pub expires_at: DateTime<Utc>,
    /// When it was ended before its time.
    pub revoked_at: Option<DateTime<Utc>>,
    /// Why it was.
    pub revoked_because: Option<Revocation>,
}

impl Session {
    /// Whether it can still be used.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

/// A sign-in about to be stored.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// Its id.
    pub id: SessionId,
    /// Who signs in.
    pub member: MemberId,
    /// The program, as it names itself.
    pub client: String,
    /// When it ends unless refreshed before.
    pub expires_at: DateTime<Utc>,
    /// The hash of its first refresh token.
    pub token_hash: String,
}

/// A refresh token's place in its family.
#[derive(Debug, Clone, PartialEq)]
pub struct RefreshToken {
    /// The session it belongs to.
    pub session: Session,
    /// When it was exchanged for its successor; `None` if never.
    pub used_at: Option<DateTime<Utc>>,
}

/// Stores a sign-in.
///
/// # Errors
/// A failure of the database.
pub async fn insert(tx: &Transaction, merchant: MerchantId, new: NewSession) -> Result<Session, StoreError> {
    let row = entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        member_id: new.member.as_uuid(),
        client: new.client,
        created_at: tx.at(),
        last_used_at: tx.at(),
        expires_at: new.expires_at,
        revoked_at: None,
        revoked_because: None,
    };
    entity::Entity::insert(row.clone().into_active_model())
        .exec_without_returning(tx.connection())
        .await
        .doing("storing a session")?;
    insert_token(tx, new.id, &new.token_hash).await?;
    let session = Session::try_from(row)?;
    audit::record(tx, merchant, Note::new("session", "opened", session.id).after(&session)).await?;
    Ok(session)
}

/// The refresh token with this hash. The one who holds the token proves by it which merchant is meant.
///
/// # Errors
/// A failure of the database; an unknown token is `None`.
pub async fn refresh_token(on: &impl Read, token_hash: &str) -> Result<Option<RefreshToken>, StoreError> {
    let token = refresh_token::Entity::find_by_id(token_hash.to_owned())
        .one(on.connection())
        .await
        .doing("looking up a refresh token")?;
    let Some(token) = token else { return Ok(None) };
    let session = entity::Entity::find_by_id(token.session_id)
        .one(on.connection())
        .await
        .doing("loading a session")?
        .ok_or_else(|| StoreError::not_found("session", token.session_id))?;
    Ok(Some(RefreshToken { session: session.try_into()?, used_at: token.used_at }))
}

/// Exchanges a refresh token for its successor and moves the end of the session. Returns whether the old token was
/// still unused: of two exchanges at the same time one gets `true`.
///
/// # Errors
/// A failure of the database.
pub async fn rotate(
    tx: &Transaction,
    session: SessionId,
    used_hash: &str,
    next_hash: &str,
    expires_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let used = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::value(tx.at()))
        .filter(refresh_token::Column::TokenHash.eq(used_hash))
        .filter(refresh_token::Column::SessionId.eq(session.as_uuid()))
        .filter(refresh_token::Column::UsedAt.is_null())
        .exec(tx.connection())
        .await
        .doing("rotating a refresh token")?;
    insert_token(tx, session, next_hash).await?;
    let row = entity::ActiveModel {
        id: Set(session.as_uuid()),
        last_used_at: Set(tx.at()),
        expires_at: Set(expires_at),
        ..Default::default()
    };
    entity::Entity::update(row).exec(tx.connection()).await.doing("prolonging a session")?;
    Ok(used.rows_affected == 1)
}

/// The session, if it belongs to the merchant at present.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId, session: SessionId) -> Result<Session, StoreError> {
    entity::Entity::find_by_id(session.as_uuid())
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading a session")?
        .ok_or_else(|| StoreError::not_found("session", session))?
        .try_into()
}

/// The member's live sessions at this merchant, newest first.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(
    on: &impl Read,
    merchant: MerchantId,
    member: MemberId,
    now: DateTime<Utc>,
    request: &PageRequest,
) -> Result<Page<Session>, StoreError> {
    let mut query = live(merchant, member).filter(entity::Column::ExpiresAt.gt(now));
    if let Some(place) = request.after::<At, Uuid>()? {
        query = query.filter(below((entity::Column::CreatedAt, entity::Column::Id), place));
    }
    let rows = query
        .order_by_desc(entity::Column::CreatedAt)
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing sessions")?;
    Page::cut(rows, request, |row| (At(row.created_at), row.id)).try_map(Session::try_from)
}

/// Lets the session go on at another merchant. The caller has checked that the member belongs there.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn switch(
    tx: &Transaction,
    merchant: MerchantId,
    session: SessionId,
    to: MerchantId,
) -> Result<Session, StoreError> {
    let before = get(tx, merchant, session).await?;
    let row = entity::ActiveModel {
        id: Set(session.as_uuid()),
        merchant_id: Set(to.as_uuid()),
        last_used_at: Set(tx.at()),
        ..Default::default()
    };
    entity::Entity::update(row).exec(tx.connection()).await.doing("switching a session to another merchant")?;
    let after = Session { merchant: to, last_used_at: tx.at(), ..before.clone() };
    audit::record(tx, to, Note::new("session", "switched", session).before(&before).after(&after)).await?;
    Ok(after)
}

/// Ends one session. Ending an ended one changes nothing.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn revoke(
    tx: &Transaction,
    merchant: MerchantId,
    session: SessionId,
    because: Revocation,
) -> Result<(), StoreError> {
    let before = get(tx, merchant, session).await?;
    if before.revoked_at.is_some() {
        return Ok(());
    }
    let row = entity::ActiveModel {
        id: Set(session.as_uuid()),
        revoked_at: Set(Some(tx.at())),
        revoked_because: Set(Some(because.to_string())),
        ..Default::default()
    };
    entity::Entity::update(row).exec(tx.connection()).await.doing("ending a session")?;
    audit::record(tx, merchant, Note::new("session", because.as_str(), session).before(&before)).await
}

/// Ends all sessions of a member at this merchant but `spared`; returns how many.
///
/// # Errors
/// A failure of the database.
pub async fn revoke_all(
    tx: &Transaction,
    merchant: MerchantId,
    member: MemberId,
    spared: Option<SessionId>,
    because: Revocation,
) -> Result<u64, StoreError> {
    let mut update = entity::Entity::update_many()
        .col_expr(entity::Column::RevokedAt, Expr::value(tx.at()))
        .col_expr(entity::Column::RevokedBecause, Expr::value(because.as_str()))
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::MemberId.eq(member.as_uuid()))
        .filter(entity::Column::RevokedAt.is_null());
    if let Some(spared) = spared {
        update = update.filter(entity::Column::Id.ne(spared.as_uuid()));
    }
    let ended = update.exec(tx.connection()).await.doing("ending a member's sessions")?.rows_affected;
    if ended > 0 {
        let counted = serde_json::json!({ "sessions": ended, "because": because });
        audit::record(tx, merchant, Note::new("member", "sessions_ended", member).after(&counted)).await?;
    }
    Ok(ended)
}

/// Forgets the tokens of sessions that ended before `cutoff`; returns how many sessions it were. For housekeeping, over
/// all merchants.
///
/// # Errors
/// A failure of the database.
pub async fn forget_ended(tx: &Transaction, cutoff: DateTime<Utc>) -> Result<u64, StoreError> {
    let ended = Query::select()
        .column(entity::Column::Id)
        .from(entity::Entity)
        .and_where(entity::Column::ExpiresAt.lt(cutoff))
        .take();
    refresh_token::Entity::delete_many()
        .filter(refresh_token::Column::SessionId.in_subquery(ended))
        .exec(tx.connection())
        .await
        .doing("forgetting refresh tokens")?;
    let forgotten = entity::Entity::delete_many()
        .filter(entity::Column::ExpiresAt.lt(cutoff))
        .exec(tx.connection())
        .await
        .doing("forgetting sessions")?;
    Ok(forgotten.rows_affected)
}

async fn insert_token(tx: &Transaction, session: SessionId, token_hash: &str) -> Result<(), StoreError> {
    let row = refresh_token::ActiveModel {
        token_hash: Set(token_hash.to_owned()),
        session_id: Set(session.as_uuid()),
        created_at: Set(tx.at()),
        used_at: Set(None),
    };
    refresh_token::Entity::insert(row)
        .exec_without_returning(tx.connection())
        .await
        .doing("storing a refresh token")?;
    Ok(())
}

fn live(merchant: MerchantId, member: MemberId) -> sea_orm::Select<entity::Entity> {
    entity::Entity::find()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::MemberId.eq(member.as_uuid()))
        .filter(entity::Column::RevokedAt.is_null())
}

impl TryFrom<entity::Model> for Session {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: SessionId::from_uuid(row.id),
            member: MemberId::from_uuid(row.member_id),
            merchant: MerchantId::from_uuid(row.merchant_id),
            client: row.client,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            revoked_because: row
                .revoked_because
                .map(|reason| reason.parse().stored_in("sessions.revoked_because"))
                .transpose()?,
        })
    }
}
