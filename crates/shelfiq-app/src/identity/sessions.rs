//! Signing in, staying signed in, signing out.

use chrono::{DateTime, TimeDelta, Utc};
use shelfiq_core::{MemberId, MerchantId, SessionId};
use shelfiq_store::members::{self, MemberStatus, normal_email};
use shelfiq_store::sessions::{self, NewSession, RefreshToken, Revocation, Session};
use shelfiq_store::{Author, Page, PageRequest, StoreError, api_keys};
use tracing::{info, warn};

use super::members::Profile;
use super::tokens::Bearer;
use super::{Identity, IdentityError, Secret, first_of};
use crate::AppError;
use crate::access::{AccessError, Actor, Permission, Principal, authorize};

const REFRESH_PREFIX: &str = "rt_";
const API_KEY_PREFIX: &str = "sk_";
const CLIENT_LENGTH_MAX: usize = 200;

/// A person at the door.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// The name to sign in with.
    pub email: String,
    /// The proof.
    pub password: Secret,
    /// The program, as it names itself.
    pub client: String,
    /// The network address, for counting failures.
    pub address: String,
}

/// A person inside.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Proves who calls, for a few minutes.
    pub access_token: Secret,
    /// How long the access token is good.
    pub access_expires_in_seconds: i64,
    /// Good for one exchange against the next pair of tokens.
    pub refresh_token: Secret,
    /// When the session ends unless refreshed before.
    pub session_expires_at: DateTime<Utc>,
    /// Who it is.
    pub profile: Profile,
}

impl Identity {
    /// Opens a session for a member who knows the password.
    ///
    /// # Errors
    /// [`IdentityError::WrongCredentials`], also for a suspended member and for one without a merchant, or
    /// [`IdentityError::TooManyAttempts`].
    pub async fn sign_in(&self, request: SignIn) -> Result<SignedIn, AppError> {
        let email = normal_email(&request.email);
        self.0.attempts.begin(&email, &request.address, self.now())?;
        let credentials = members::credentials_by_email(&self.0.store, &email).await?;
        let stored = credentials.as_ref().map(|credentials| credentials.password_hash.as_str());
        let fits = self.0.passwords.check(request.password.expose(), stored).await?;
        let known = credentials.filter(|credentials| fits && credentials.status == MemberStatus::Active);
        let Some(credentials) = known else {
            info!("refused a sign-in");
            return Err(IdentityError::WrongCredentials.into());
        };
        let belongings = members::belongings(&self.0.store, credentials.member).await?;
        let merchant = first_of(&belongings).ok_or(IdentityError::WrongCredentials)?;
        self.0.attempts.succeed(&email, &request.address);
        self.open_session(merchant, credentials.member, &request.client).await
    }

    /// Exchanges a refresh token for the next pair of tokens.
    ///
    /// A token that comes back later than the grace period ends its whole session: either its owner or a thief has
    /// an old copy, and nobody can tell which.
    ///
    /// # Errors
    /// [`IdentityError::SessionEnded`].
    pub async fn refresh(&self, refresh_token: &Secret) -> Result<SignedIn, AppError> {
        let used = refresh_token.hash();
        let now = self.now();
        let tx = self.begin_as(Author::system("refresh")).await?;
        let Some(RefreshToken { session, used_at }) = sessions::refresh_token(&tx, &used).await? else {
            return Err(IdentityError::SessionEnded.into());
        };
        if !session.is_live(now) {
            return Err(IdentityError::SessionEnded.into());
        }
        let grace = TimeDelta::seconds(self.0.config.refresh_grace_seconds.into());
        if used_at.is_some_and(|used_at| now > used_at + grace) {
            sessions::revoke(&tx, session.merchant, session.id, Revocation::TokenReused).await?;
            tx.commit().await?;
            warn!(session.id = %session.id, "a used refresh token came back: ended its session");
            return Err(IdentityError::SessionEnded.into());
        }
        let member = members::get(&tx, session.merchant, session.member).await;
        if !member.is_ok_and(|member| member.status == MemberStatus::Active) {
            return Err(IdentityError::SessionEnded.into());
        }
        let next = self.fresh_refresh_token();
        let expires_at = self.session_end(now);
        sessions::rotate(&tx, session.id, &used, &next.hash(), expires_at).await?;
        members::touch(&tx, session.member).await?;
        tx.commit().await?;
        self.signed_in(session.merchant, session.member, session.id, next, expires_at).await
    }

    /// Ends the session of a refresh token. An unknown token is no error: the caller wanted to be out, and is.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub async fn sign_out(&self, refresh_token: &Secret) -> Result<(), AppError> {
        let Some(token) = sessions::refresh_token(&self.0.store, &refresh_token.hash()).await? else {
            return Ok(());
        };
        let tx = self.begin_as(Author::Member(token.session.member)).await?;
        sessions::revoke(&tx, token.session.merchant, token.session.id, Revocation::SignedOut).await?;
        Ok(tx.commit().await?)
    }

    /// Who calls with this access token or API key.
    ///
    /// # Errors
    /// [`IdentityError::InvalidToken`], [`IdentityError::SessionEnded`] or [`IdentityError::InvalidApiKey`].
    pub async fn authenticate(&self, bearer: &str) -> Result<Actor, AppError> {
        if bearer.starts_with(API_KEY_PREFIX) {
            return self.authenticate_key(&Secret::new(bearer)).await;
        }
        let now = self.now();
        let Bearer { member, session, merchant } =
            self.0.tokens.verify(bearer, now).map_err(IdentityError::InvalidToken)?;
        let ended = |error| match error {
            StoreError::NotFound { .. } => AppError::from(IdentityError::SessionEnded),
            error => error.into(),
        };
        let stored = sessions::get(&self.0.store, merchant, session).await.map_err(ended)?;
        let person = members::get(&self.0.store, merchant, member).await.map_err(ended)?;
        if stored.member != member || !stored.is_live(now) || person.status != MemberStatus::Active {
            return Err(IdentityError::SessionEnded.into());
        }
        Ok(Actor::member(merchant, member, session, person.role))
    }

    /// Goes on working for another merchant of the member; the answer replaces the access token.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if the member does not belong there.
    pub async fn switch(&self, actor: &Actor, to: MerchantId) -> Result<(Secret, i64, Profile), AppError> {
        let (member, session) = person(actor)?;
        members::get(&self.0.store, to, member).await?;
        let tx = self.begin(actor).await?;
        sessions::switch(&tx, actor.merchant(), session, to).await?;
        tx.commit().await?;
        let token = self.0.tokens.issue(&Bearer { member, session, merchant: to }, self.now())?;
        Ok((token, self.0.tokens.lifetime().num_seconds(), self.profile_of(to, member).await?))
    }

    /// The actor's own live sessions, newest first.
    ///
    /// # Errors
    /// [`AccessError::NotAMember`] for an API key.
    pub async fn sessions(&self, actor: &Actor, page: &PageRequest) -> Result<Page<Session>, AppError> {
        let (member, _) = person(actor)?;
        Ok(sessions::page(&self.0.store, actor.merchant(), member, self.now(), page).await?)
    }

    /// Ends one of the actor's own sessions; with [`Permission::ManageMembers`] anybody's.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for sessions that the actor may not end.
    pub async fn end_session(&self, actor: &Actor, session: SessionId) -> Result<(), AppError> {
        let (member, _) = person(actor)?;
        let tx = self.begin(actor).await?;
        let found = sessions::get(&tx, actor.merchant(), session).await?;
        if found.member != member && authorize(actor, Permission::ManageMembers).is_err() {
            return Err(StoreError::NotFound { what: "session", key: session.to_string() }.into());
        }
        sessions::revoke(&tx, actor.merchant(), session, Revocation::Ended).await?;
        Ok(tx.commit().await?)
    }

    async fn open_session(&self, merchant: MerchantId, member: MemberId, client: &str) -> Result<SignedIn, AppError> {
        let now = self.now();
        let token = self.fresh_refresh_token();
        let new = NewSession {
            id: SessionId::from_uuid(self.next_uuid()),
            member,
            client: client.chars().filter(|letter| !letter.is_control()).take(CLIENT_LENGTH_MAX).collect(),
            expires_at: self.session_end(now),
            token_hash: token.hash(),
        };
        let tx = self.begin_as(Author::Member(member)).await?;
        let session = sessions::insert(&tx, merchant, new).await?;
        members::touch(&tx, member).await?;
        tx.commit().await?;
        self.signed_in(merchant, member, session.id, token, session.expires_at).await
    }

    async fn signed_in(
        &self,
        merchant: MerchantId,
        member: MemberId,
        session: SessionId,
        refresh_token: Secret,
        session_expires_at: DateTime<Utc>,
    ) -> Result<SignedIn, AppError> {
        Ok(SignedIn {
            access_token: self.0.tokens.issue(&Bearer { member, session, merchant }, self.now())?,
            access_expires_in_seconds: self.0.tokens.lifetime().num_seconds(),
            refresh_token,
            session_expires_at,
            profile: self.profile_of(merchant, member).await?,
        })
    }

    async fn authenticate_key(&self, key: &Secret) -> Result<Actor, AppError> {
        let found = api_keys::by_hash(&self.0.store, &key.hash()).await?;
        let (merchant, stored) = found.ok_or(IdentityError::InvalidApiKey)?;
        let now = self.now();
        if stored.expires_at.is_some_and(|end| now >= end) {
            return Err(IdentityError::InvalidApiKey.into());
        }
        // To the minute: a busy program must not turn every read into a write.
        if stored.last_used_at.is_none_or(|last| now - last >= TimeDelta::minutes(1)) {
            let tx = self.begin_as(Author::ApiKey(stored.id)).await?;
            api_keys::touch(&tx, merchant, stored.id).await?;
            tx.commit().await?;
        }
        // A word that no longer names a permission grants nothing.
        let scopes = stored.scopes.iter().filter_map(|scope| scope.parse().ok()).collect();
        Ok(Actor::api_key(merchant, stored.id, scopes))
    }

    fn fresh_refresh_token(&self) -> Secret {
        Secret::random(REFRESH_PREFIX, self.0.randomness.as_ref())
    }

    fn session_end(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + TimeDelta::days(self.0.config.session_days.into())
    }
}

/// The person behind the actor.
pub(super) fn person(actor: &Actor) -> Result<(MemberId, SessionId), AccessError> {
    match actor.principal() {
        Principal::Member { member, session, .. } => Ok((*member, *session)),
        Principal::ApiKey { .. } | Principal::System { .. } => Err(AccessError::NotAMember),
    }
}
