//! Access tokens: JWTs (RFC 7519, profile RFC 9068) signed with RS256.
//!
//! Verification knows one algorithm, one header shape and one set of claims. Whatever else a token brings along makes
//! it foreign; nothing in a token decides how it is checked.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation};
use serde::{Deserialize, Serialize};
use shelfiq_core::{MemberId, MerchantId, SessionId};

use super::{IdentityError, Secret, SigningKeys, TokenFault};

const ALGORITHM: &str = "RS256";
const ISSUER: &str = "shelfiq";
const AUDIENCE: &str = "shelfiq-api";
/// Tells access tokens from any other JWT (RFC 9068 section 2.1).
const TYPE: &str = "at+jwt";
/// Ours have about 700 bytes.
const LENGTH_MAX: usize = 4096;

/// Whom an access token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bearer {
    pub(super) member: MemberId,
    pub(super) session: SessionId,
    pub(super) merchant: MerchantId,
}

/// Signs and verifies access tokens.
pub(super) struct AccessTokens {
    keys: SigningKeys,
    lifetime: TimeDelta,
    validation: Validation,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: MemberId,
    sid: SessionId,
    mid: MerchantId,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// The only header that our tokens have. No `jwk`, `jku`, `x5u`, `crit`, …
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OurHeader {
    alg: String,
    typ: String,
    kid: String,
}

impl AccessTokens {
    pub(super) fn new(keys: SigningKeys, lifetime_minutes: u32) -> Self {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // The library would ask the system's clock; ours is an argument, see `verify`.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        Self { keys, lifetime: TimeDelta::minutes(lifetime_minutes.into()), validation }
    }

    pub(super) const fn lifetime(&self) -> TimeDelta {
        self.lifetime
    }

    pub(super) fn issue(&self, bearer: &Bearer, now: DateTime<Utc>) -> Result<Secret, IdentityError> {
        let header = OurHeader { alg: ALGORITHM.to_owned(), typ: TYPE.to_owned(), kid: self.keys.id.clone() };
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: bearer.member,
            sid: bearer.session,
            mid: bearer.merchant,
            iat: now.timestamp(),
            nbf: now.timestamp(),
            exp: (now + self.lifetime).timestamp(),
        };
        let message = format!("{}.{}", part(&header)?, part(&claims)?);
        let signature = URL_SAFE_NO_PAD.encode(self.keys.sign(message.as_bytes())?);
        Ok(Secret::new(format!("{message}.{signature}")))
    }

    pub(super) fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Bearer, TokenFault> {
        if token.len() > LENGTH_MAX {
            return Err(TokenFault::TooLong);
        }
        let parts: Vec<&str> = token.split('.').collect();
        let [header, _, _] = parts[..] else { return Err(TokenFault::Malformed) };
        let header = URL_SAFE_NO_PAD.decode(header).map_err(|_| TokenFault::Malformed)?;
        let header: OurHeader = serde_json::from_slice(&header).map_err(|_| TokenFault::ForeignHeader)?;
        if header.alg != ALGORITHM || header.typ != TYPE {
            return Err(TokenFault::ForeignHeader);
        }
        if header.kid != self.keys.id {
            return Err(TokenFault::UnknownKey);
        }
        let claims = jsonwebtoken::decode::<Claims>(token, &self.keys.public, &self.validation)
            .map_err(|error| match error.kind() {
                ErrorKind::InvalidSignature => TokenFault::WrongSignature,
                ErrorKind::Base64(_) | ErrorKind::InvalidToken => TokenFault::Malformed,
                _ => TokenFault::ForeignClaims,
            })?
            .claims;
        let now = now.timestamp();
        if now >= claims.exp || claims.exp <= claims.nbf {
            return Err(TokenFault::Expired);
        }
        if now < claims.nbf || now < claims.iat {
            return Err(TokenFault::NotYetValid);
        }
        Ok(Bearer { member: claims.sub, session: claims.sid, merchant: claims.mid })
    }
}

fn part(value: &impl Serialize) -> Result<String, IdentityError> {
    let json = serde_json::to_vec(value).map_err(|_| IdentityError::Signing)?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

#[cfg(test)]
mod attacks;
