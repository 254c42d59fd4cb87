//! `shelfiq arena score`

use anyhow::Context;
use chrono::NaiveDate;
use shelfiq_arena::{ArenaConfig, score};

use crate::cli::{ArenaAction, Global};
use crate::outcome::Outcome;
use crate::print;

/// Scores a simulated shop. Its last day is fixed, so that the figures of two machines can be compared.
///
/// # Errors
/// If the shop cannot be drawn.
pub(crate) fn run(action: &ArenaAction, global: &Global) -> anyhow::Result<Outcome> {
    let ArenaAction::Score { seed, size } = action;
    let last_day = NaiveDate::from_ymd_opt(2026, 6, 30).context("the last day is in the calendar")?;
    let config = ArenaConfig { size: super::demo::arena_size(*size), ..ArenaConfig::small(*seed, last_day) };
    let card = score::score(&config)?;
    if global.json {
        print::json(&card)?
    } else {
        print::line(card.to_string().trim_end())?
    }
    Ok(Outcome::Done)
}
