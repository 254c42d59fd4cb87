//! A whole ShelfIQ in a temporary folder, for tests: real stores, a clock that stands still, seeded chance.

mod answer;
mod test_app;

pub use answer::Answer;
pub use test_app::{PASSWORD, TestApp};
