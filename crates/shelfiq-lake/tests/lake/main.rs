//! The lake as its callers see it: one commit, one version, and files that any Delta reader opens.
#![allow(clippy::unwrap_used, reason = "tests")]

mod other_readers;
mod reference;
mod sample;
mod versions;
mod writing;
