//! What can go wrong when somebody proves who they are.

use std::error::Error;

use shelfiq_core::ErrorKind;

/// A proof of identity that failed, or credentials that cannot be.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Address or password is wrong; which of them is not told.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// The present password is wrong.
    #[error("the present password is wrong")]
    WrongPassword,
    /// Too many failed sign-ins.
    #[error("too many failed sign-ins: try again in {retry_after_seconds} seconds")]
    TooManyAttempts {
        /// When to try again.
        retry_after_seconds: u64,
    },
    /// Too many password checks wait already.
    #[error("too many sign-ins at the same time: try again")]
    Crowded,
    /// The token or key proves nothing.
    #[error("the access token is not valid: sign in again")]
    InvalidToken(#[source] TokenFault),
    /// The session ended, or the refresh token was exchanged already.
    #[error("the session has ended: sign in again")]
    SessionEnded,
    /// The API key is unknown, revoked or expired.
    #[error("the API key is not valid")]
    InvalidApiKey,
    /// The installation has its owner already.
    #[error("this installation is set up already: sign in instead")]
    AlreadySetUp,
    /// A password that is too easy, or too long to be checked.
    #[error("the password {0}")]
    BadPassword(&'static str),
    /// Not an e-mail address.
    #[error("`{0}` is not an e-mail address")]
    BadEmail(String),
    /// A name that is empty or too long.
    #[error("the {what} must have 1 to {limit} characters")]
    BadName {
        /// Which name.
        what: &'static str,
        /// Characters at most.
        limit: usize,
    },
    /// An API key without a single scope, or with one that keys cannot have.
    #[error("{0}")]
    BadScopes(String),
    /// The key would be born dead.
    #[error("the API key would expire in the past")]
    ExpiryInThePast,
    /// The signing keys could not be read or made.
    #[error("failed to {doing} the signing key in `{folder}`")]
    Keys {
        /// What was being done.
        doing: &'static str,
        /// The folder of keys.
        folder: String,
        /// Why it failed.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The access token could not be signed.
    #[error("failed to sign an access token")]
    Signing,
    /// The password could not be hashed.
    #[error("failed to hash a password: {reason}")]
    Hashing {
        /// Why it failed.
        reason: String,
    },
}

/// Why a token proves nothing. For the log; callers are only told that it is not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Longer than any token of ours.
    #[error("too long")]
    TooLong,
    /// Not three parts of base64url.
    #[error("not a token")]
    Malformed,
    /// A header that ours never have.
    #[error("foreign header")]
    ForeignHeader,
    /// Signed by a key that is not ours.
    #[error("unknown key")]
    UnknownKey,
    /// The signature does not fit.
    #[error("wrong signature")]
    WrongSignature,
    /// Claims that ours never have, or lack.
    #[error("foreign claims")]
    ForeignClaims,
    /// Past its end.
    #[error("expired")]
    Expired,
    /// Before its beginning.
    #[error("not yet valid")]
    NotYetValid,
}

impl IdentityError {
    /// What the caller can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::WrongCredentials | Self::InvalidToken(_) | Self::SessionEnded | Self::InvalidApiKey => {
                ErrorKind::Unauthenticated
            }
            Self::TooManyAttempts { .. } => ErrorKind::RateLimited,
            Self::Crowded => ErrorKind::Unavailable,
            Self::AlreadySetUp => ErrorKind::Conflict,
            Self::WrongPassword
            | Self::BadPassword(_)
            | Self::BadEmail(_)
            | Self::BadName { .. }
            | Self::BadScopes(_)
            | Self::ExpiryInThePast => ErrorKind::Invalid,
            Self::Keys { .. } | Self::Signing | Self::Hashing { .. } => ErrorKind::Internal,
        }
    }
}
