//! What rules promise: thresholds, patience, silence, one voice.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod conditions;
mod inbox;
mod lifecycle;
mod shop;
