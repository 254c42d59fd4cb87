//! Models in production: how far off they were, which versions there are, which one serves.

pub(crate) mod accuracy;
pub(crate) mod drift;
mod figures;
pub(crate) mod forecast;
pub(crate) mod leaderboard;
pub(crate) mod versions;
