//! The column `ds`: a date, a timestamp or an integer step.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::anyhow;
use shelfiq_forecast::Stamp;
use shelfiq_tabular::{Columns, Moment, OutputColumn, OutputValues};

use super::plain_file::all_present;

/// The name of the column.
pub(super) const DS: &str = "ds";

/// Reads the column. ISO dates, timestamps and whole numbers are read as they stand; anything else as the dates that people
/// write, whose order of day and month is told from the whole column.
///
/// # Errors
/// Names file, row and column of what is none of them.
pub(super) fn read(table: &Columns) -> anyhow::Result<Vec<Stamp>> {
    if let Some(moments) = table.stored_moments(DS)? {
        return Ok(of_one_form(all_present(table, DS, moments)?.into_iter().map(of_moment).collect()));
    }
    let cells = all_present(table, DS, table.texts(DS)?)?;
    // Many series share their dates, and equal texts their memory: each is read once.
    let mut known: HashMap<*const u8, Option<Stamp>> = HashMap::new();
    let mut parse = |cell: &Arc<str>| *known.entry(cell.as_ptr()).or_insert_with(|| Stamp::parse(cell));
    let plain: Option<Vec<Stamp>> = cells.iter().map(&mut parse).collect();
    if let Some(stamps) = plain {
        return Ok(of_one_form(stamps));
    }
    let moments = table
        .moments(DS)
        .map_err(|error| anyhow!(error).context("`ds` must hold dates, timestamps or whole numbers"))?;
    Ok(of_one_form(all_present(table, DS, moments)?.into_iter().map(of_moment).collect()))
}

fn of_moment(moment: Moment) -> Stamp {
    match moment {
        Moment::Day(day) => Stamp::Date(day),
        Moment::Local(local) => Stamp::Time(local),
        Moment::Instant(instant) => Stamp::Time(instant.naive_utc()),
    }
}

/// A column in which some timestamps were written as dates holds timestamps; and one of midnights only, as other tools
/// write dates, holds dates.
fn of_one_form(stamps: Vec<Stamp>) -> Vec<Stamp> {
    let has_time =
        stamps.iter().any(|stamp| matches!(stamp, Stamp::Time(time) if time.time() != chrono::NaiveTime::MIN));
    let one = |stamp: Stamp| match stamp {
        Stamp::Time(time) if !has_time => Stamp::Date(time.date()),
        Stamp::Date(date) if has_time => Stamp::Time(date.and_time(chrono::NaiveTime::MIN)),
        other => other,
    };
    stamps.into_iter().map(one).collect()
}

/// The column as output, in the form of its first value.
pub(super) fn column(stamps: &[Stamp]) -> OutputColumn {
    let values = match stamps.first() {
        Some(Stamp::Step(_)) => OutputValues::Integer(
            stamps.iter().map(|stamp| if let Stamp::Step(step) = stamp { Some(*step) } else { None }).collect(),
        ),
        Some(Stamp::Time(_)) => OutputValues::Timestamp(
            stamps.iter().map(|stamp| if let Stamp::Time(time) = stamp { Some(*time) } else { None }).collect(),
        ),
        _ => OutputValues::Date(
            stamps.iter().map(|stamp| if let Stamp::Date(date) = stamp { Some(*date) } else { None }).collect(),
        ),
    };
    OutputColumn::new(DS, values)
}
