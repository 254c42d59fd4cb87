//! What went wrong, seen from the caller: the one thing that decides an HTTP status or an exit code.

use serde::{Deserialize, Serialize};

/// Classifies an error by what its receiver can do about it.
///
/// Each crate's error enum tells its kind; the API maps kinds to statuses and the command line to exit codes, each
/// in one `match`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The input breaks a rule; the message says which one and how to mend it.
    Invalid,
    /// No valid credentials came with the call.
    Unauthenticated,
    /// The caller is known but may not do this.
    Forbidden,
    /// There is no such thing, or none that this merchant may see.
    NotFound,
    /// The call contradicts the present state (a duplicate, a stale version, an illegal transition).
    Conflict,
    /// The caller's `If-Match` names a version that is no longer current.
    PreconditionFailed,
    /// The input is larger than the stated bound.
    TooLarge,
    /// Too many calls; wait and try again.
    RateLimited,
    /// Something we depend on is away or too slow; try again.
    Unavailable,
    /// A bug or a broken disk: nothing the caller can mend.
    Internal,
}
