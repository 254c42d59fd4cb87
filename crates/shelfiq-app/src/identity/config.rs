//! Lifetimes and costs of identity.

use serde::{Deserialize, Serialize};

/// How long tokens live and how dear a password check is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityConfig {
    /// Minutes for which an access token is good.
    pub access_token_minutes: u32,
    /// Days after its last use on which a session ends.
    pub session_days: u32,
    /// Seconds in which a refresh token may come again, as it does when two tabs open at the same time. Later it
    /// counts as stolen.
    pub refresh_grace_seconds: u32,
    /// The cost of a password check.
    pub password_cost: PasswordCost,
}

/// The cost of a password check (Argon2id, RFC 9106).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordCost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Checks at the same time; more wait.
    pub parallel_checks: usize,
}

impl PasswordCost {
    /// 19 MiB and two passes: the floor of the OWASP Password Storage Cheat Sheet, some 20 ms on a small machine.
    pub const USUAL: Self = Self { memory_kib: 19 * 1024, passes: 2, parallel_checks: 2 };
    /// Next to nothing, for tests.
    pub const TEST: Self = Self { memory_kib: 8, passes: 1, parallel_checks: 8 };
}

impl Default for IdentityConfig {
    fn default() -> Self {
        Self {
            access_token_minutes: 15,
            session_days: 30,
            refresh_grace_seconds: 10,
            password_cost: PasswordCost::USUAL,
        }
    }
}
