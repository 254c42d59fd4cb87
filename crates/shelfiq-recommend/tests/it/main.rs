//! What advice promises: right numbers, honest silence, guard rails, respect for decisions.

#![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod decisions;
mod reprice;
mod restock;
mod runs;
mod shop;
mod slow_mover;
