//! All rows of the file together: shared limits, gaps inside families, and what can be had.

use std::collections::HashMap;

use anyhow::{Context, bail};
use shelfiq_core::Ratio;
use shelfiq_pricing::{
    FamilyGap, OptimizeOptions, Portfolio, PortfolioLimits, PriceAdvice, PriceProblem, optimize_portfolio, pareto_front,
};
use shelfiq_tabular::{Columns, OutputColumn, OutputValues};

use super::rows::amounts;
use crate::cli;
use crate::toolbox::plain_file;

/// Whether anything ties the rows to each other.
pub(super) fn is_asked(asked: &cli::Optimize, file: &Columns) -> bool {
    let limits = limits(asked);
    limits != PortfolioLimits::default() || file.has("below") || asked.front.is_some()
}

/// The best price of each row under what all must reach together.
///
/// # Errors
/// If a limit is out of reach, naming it and what is reachable; or naming what cannot be read.
pub(super) fn prices(
    asked: &cli::Optimize,
    file: &Columns,
    problems: Vec<PriceProblem>,
    options: &OptimizeOptions,
) -> anyhow::Result<Vec<PriceAdvice>> {
    let portfolio = Portfolio { gaps: gaps(file)?, limits: limits(asked), problems };
    let found = optimize_portfolio(&portfolio, options).with_context(|| file.file().to_owned())?;
    crate::print::note(format!(
        "together: {:.1} units, revenue {:.2}, margin {:.2}, price index {:.1}, {} of {} prices change",
        found.units,
        found.revenue,
        found.margin,
        100.0 * found.price_index,
        found.changes,
        found.prices.len()
    ));
    Ok(found.prices)
}

/// Every price of every point of the front.
///
/// # Errors
/// As [`prices`].
pub(super) fn front(
    asked: &cli::Optimize,
    file: &Columns,
    problems: Vec<PriceProblem>,
    levels: u16,
    options: &OptimizeOptions,
) -> anyhow::Result<Vec<OutputColumn>> {
    let ids = plain_file::texts(file, "unique_id")?;
    let portfolio = Portfolio { gaps: gaps(file)?, limits: limits(asked), problems };
    let points = pareto_front(&portfolio, levels.into(), options).with_context(|| file.file().to_owned())?;
    let of_row = || points.iter().enumerate().flat_map(|(place, point)| std::iter::repeat_n((place, point), ids.len()));
    let number = |name: &str, value: fn(&shelfiq_pricing::FrontPoint) -> f64| {
        OutputColumn::new(name, OutputValues::Number(of_row().map(|(_, point)| Some(value(point))).collect()))
    };
    let place = of_row().map(|(place, _)| i64::try_from(place + 1).ok()).collect();
    let row_ids = points.iter().flat_map(|_| ids.iter().cloned().map(Some)).collect();
    let prices = points.iter().flat_map(|point| point.prices.iter().copied().map(Some)).collect();
    Ok(vec![
        OutputColumn::new("point", OutputValues::Integer(place)),
        number("total_units", |point| point.units),
        number("total_revenue", |point| point.revenue),
        number("total_margin", |point| point.margin),
        number("price_index", |point| 100.0 * point.price_index),
        OutputColumn::new("unique_id", OutputValues::Text(row_ids)),
        OutputColumn::new("price", OutputValues::Decimal(prices)),
    ])
}

fn limits(asked: &cli::Optimize) -> PortfolioLimits {
    PortfolioLimits {
        margin_min: asked.total_margin_min,
        revenue_min: asked.total_revenue_min,
        units_min: asked.total_units_min,
        changes_max: asked.changes_max,
        price_index_min: asked.price_index_min.map(|index| index / 100.0),
        price_index_max: asked.price_index_max.map(|index| index / 100.0),
    }
}

/// The gaps that the columns `below`, `gap_min` and `gap_max` ask for.
fn gaps(file: &Columns) -> anyhow::Result<Vec<FamilyGap>> {
    if !file.has("below") {
        return Ok(Vec::new());
    }
    let ids = plain_file::texts(file, "unique_id")?;
    let places: HashMap<&str, usize> = ids.iter().enumerate().map(|(place, id)| (id.as_str(), place)).collect();
    let (least, most) = (amounts(file, "gap_min")?, amounts(file, "gap_max")?);
    let mut gaps = Vec::new();
    for (upper, below) in file.texts("below")?.into_iter().enumerate() {
        let Some(below) = below else { continue };
        let Some(&lower) = places.get(below.as_ref()) else {
            bail!("{}, row {}, column `below`: there is no `{below}` in `unique_id`", file.file(), upper + 1);
        };
        if lower == upper {
            bail!("{}, row {}, column `below`: `{below}` cannot cost less than itself", file.file(), upper + 1);
        }
        let (least, most) = (Ratio::new(least[upper].unwrap_or_default()), most[upper].map(Ratio::new));
        gaps.push(FamilyGap { lower, upper, least, most });
    }
    Ok(gaps)
}
