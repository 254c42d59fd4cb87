//! `shelfiq elasticity FILE`

use anyhow::{Context, bail};
use chrono::NaiveDate;
use shelfiq_forecast::Stamp;
use shelfiq_pricing::{
    CrossPrice, DemandTable, ElasticityOptions, ElasticityReport, TimeAxis, estimate_elasticities, panel_of_table,
};
use shelfiq_tabular::{ColumnKind, Columns, OutputColumn, OutputValues};

use super::{plain_file, stamps};
use crate::cli;
use crate::outcome::Outcome;

/// The row for the whole population.
const ALL: &str = "(all)";

/// Estimates the elasticity of every series of the file.
///
/// # Errors
/// Names file, row and column of what cannot be read.
pub(crate) fn run(asked: &cli::Elasticity) -> anyhow::Result<Outcome> {
    plain_file::check_out(&asked.out)?;
    let file = plain_file::read(&asked.file)?;
    let table = demand_table(&file, &asked.group, &asked.controls)?;
    let panel = plain_file::of_file(&file, panel_of_table(&table))?;
    let report = estimate_elasticities(&panel, &ElasticityOptions::default());
    plain_file::write(&asked.out, &columns(&report))
}

fn demand_table(file: &Columns, groups: &[String], controls: &[String]) -> anyhow::Result<DemandTable> {
    let (time, ds) = time_axis(&stamps::read(file)?)?;
    let group = |name: &String| {
        Ok((
            name.clone(),
            file.texts(name)?
                .into_iter()
                .map(|text| text.map_or_else(String::new, |text| text.as_ref().to_owned()))
                .collect(),
        ))
    };
    let control = |name: &String| Ok((name.clone(), control_values(file, name)?));
    Ok(DemandTable {
        time,
        unique_id: plain_file::texts(file, "unique_id")?,
        ds,
        price: file.numbers("price")?,
        quantity: file.numbers("quantity")?,
        censored: Vec::new(),
        groups: groups.iter().map(group).collect::<anyhow::Result<_>>()?,
        controls: controls.iter().map(control).collect::<anyhow::Result<_>>()?,
    })
}

/// A control as numbers; yes and no are 1 and 0.
fn control_values(file: &Columns, name: &str) -> anyhow::Result<Vec<Option<f64>>> {
    let flags: Option<Vec<Option<f64>>> = match file.kind(name)? {
        ColumnKind::Text | ColumnKind::Boolean => {
            file.texts(name)?.into_iter().map(|text| text.map_or(Some(None), |text| flag(&text).map(Some))).collect()
        }
        _ => None,
    };
    Ok(match flags {
        Some(flags) => flags,
        None => file.numbers(name)?,
    })
}

fn flag(text: &str) -> Option<f64> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "t" | "1" => Some(1.0),
        "false" | "no" | "n" | "f" | "0" => Some(0.0),
        _ => None,
    }
}

fn time_axis(stamps: &[Stamp]) -> anyhow::Result<(TimeAxis, Vec<i32>)> {
    let axis = if matches!(stamps.first(), Some(Stamp::Step(_))) { TimeAxis::Steps } else { TimeAxis::CalendarDays };
    let position = |(index, stamp): (usize, &Stamp)| {
        let day = |date: NaiveDate| i32::try_from((date - NaiveDate::default()).num_days()).ok();
        let position = match (axis, stamp) {
            (TimeAxis::Steps, Stamp::Step(step)) => i32::try_from(*step).ok(),
            (TimeAxis::CalendarDays, Stamp::Date(date)) => day(*date),
            (TimeAxis::CalendarDays, Stamp::Time(time)) => day(time.date()),
            _ => bail!("row {}, column `ds`: dates and numbers are mixed", index + 1),
        };
        position.with_context(|| format!("row {}, column `ds`: out of range", index + 1))
    };
    Ok((axis, stamps.iter().enumerate().map(position).collect::<Result<_, _>>()?))
}

fn columns(report: &ElasticityReport) -> Vec<OutputColumn> {
    let all = &report.population;
    let text = |rows: Vec<&str>, last: &str| {
        OutputValues::Text(rows.into_iter().chain([last]).map(|text| Some(text.to_owned())).collect())
    };
    let number = |rows: Vec<f64>, last: f64| OutputValues::Number(rows.into_iter().chain([last]).map(Some).collect());
    let count = |rows: Vec<usize>, last: usize| {
        OutputValues::Integer(rows.into_iter().chain([last]).map(|count| i64::try_from(count).ok()).collect())
    };
    let rows = &report.rows;
    // Of the whole population no single cross-price effect is told.
    let cross = |value: fn(&CrossPrice) -> f64| {
        OutputValues::Number(rows.iter().map(|row| row.cross_price.as_ref().map(value)).chain([None]).collect())
    };
    let cross_identified = rows.iter().map(|row| row.cross_price.as_ref().map(|cross| cross.identified));
    let substitutes = rows.iter().map(|row| row.cross_price.as_ref().map(|cross| cross.substitutes.join(", ")));
    let identified = rows.iter().map(|row| row.identified()).chain([all.identified]).map(Some).collect();
    vec![
        OutputColumn::new("unique_id", text(rows.iter().map(|row| row.id.as_str()).collect(), ALL)),
        OutputColumn::new("elasticity", number(rows.iter().map(|row| row.belief.mean).collect(), all.average.mean)),
        OutputColumn::new("lo-95", number(rows.iter().map(|row| row.lo_95).collect(), all.lo_95)),
        OutputColumn::new("hi-95", number(rows.iter().map(|row| row.hi_95).collect(), all.hi_95)),
        OutputColumn::new("identified", OutputValues::Boolean(identified)),
        OutputColumn::new("reason", text(rows.iter().map(|row| row.reason.as_str()).collect(), &all.reason)),
        OutputColumn::new("n_obs", count(rows.iter().map(|row| row.n_obs).collect(), all.n_obs)),
        OutputColumn::new("n_prices", count(rows.iter().map(|row| row.n_prices).collect(), all.n_prices)),
        OutputColumn::new("cross_elasticity", cross(|cross| cross.belief.mean)),
        OutputColumn::new("cross-lo-95", cross(|cross| cross.lo_95)),
        OutputColumn::new("cross-hi-95", cross(|cross| cross.hi_95)),
        OutputColumn::new("cross_identified", OutputValues::Boolean(cross_identified.chain([None]).collect())),
        OutputColumn::new("substitutes", OutputValues::Text(substitutes.chain([None]).collect())),
    ]
}
