//! The rows of the file as price problems.

use anyhow::bail;
use rust_decimal::Decimal;
use shelfiq_pricing::{DayRule, GuardRails, Objective, PriceDefaults, PriceProblem, PriceRow, problem_of_row};
use shelfiq_tabular::{ColumnKind, Columns};

use crate::cli;
use crate::toolbox::plain_file::{self, all_present};

/// The objective of the flag, and the limits that flags set for every row.
pub(super) fn defaults(asked: &cli::Optimize) -> PriceDefaults {
    let defaults = PriceDefaults::new(match asked.objective.as_str() {
        "revenue" => Objective::Revenue,
        "balanced" => Objective::Balanced,
        _ => Objective::Margin,
    });
    let guard_rails = GuardRails {
        max_change_per_day: asked.max_change,
        margin_floor: asked.min_margin,
        endings: asked.endings.clone(),
        ..defaults.guard_rails
    };
    PriceDefaults { guard_rails, reduction_min: asked.reduction_min, ..defaults }
}

/// One problem for each row.
///
/// # Errors
/// Names file, row and column of what cannot be read.
pub(super) fn problems(file: &Columns, defaults: &PriceDefaults) -> anyhow::Result<Vec<PriceProblem>> {
    let problem =
        |(index, row): (usize, PriceRow)| plain_file::of_file(file, problem_of_row(index + 1, &row, defaults));
    rows(file)?.into_iter().enumerate().map(problem).collect()
}

/// A column of amounts that need not be there.
pub(super) fn amounts(file: &Columns, name: &str) -> anyhow::Result<Vec<Option<Decimal>>> {
    Ok(if file.has(name) { file.decimals(name)? } else { vec![None; file.row_count()] })
}

/// A column of yes and no; `None` where a cell is empty or the column is not there.
///
/// # Errors
/// Names file, row and column of what is neither.
pub(super) fn flags(file: &Columns, name: &str) -> anyhow::Result<Vec<Option<bool>>> {
    if !file.has(name) || file.kind(name)? == ColumnKind::Empty {
        return Ok(vec![None; file.row_count()]);
    }
    let flag = |(index, text): (usize, Option<std::sync::Arc<str>>)| {
        let Some(text) = text else { return Ok(None) };
        match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "y" | "t" | "1" => Ok(Some(true)),
            "false" | "no" | "n" | "f" | "0" => Ok(Some(false)),
            other => bail!("{}, row {}, column `{name}`: `{other}` is neither yes nor no", file.file(), index + 1),
        }
    };
    file.texts(name)?.into_iter().enumerate().map(flag).collect()
}

fn rows(file: &Columns) -> anyhow::Result<Vec<PriceRow>> {
    let count = file.row_count();
    let price = all_present(file, "price", file.decimals("price")?)?;
    let elasticity = all_present(file, "elasticity", file.numbers("elasticity")?)?;
    let elasticity_sd = all_present(file, "elasticity_sd", file.numbers("elasticity_sd")?)?;
    let baseline_quantity = all_present(file, "baseline_quantity", file.numbers("baseline_quantity")?)?;
    let (cost, min_price, max_price, min_margin) = (
        amounts(file, "cost")?,
        amounts(file, "min_price")?,
        amounts(file, "max_price")?,
        amounts(file, "min_margin")?,
    );
    let (rival_price, tried_min, tried_max) =
        (amounts(file, "rival_price")?, amounts(file, "observed_min_price")?, amounts(file, "observed_max_price")?);
    let (advertised, lowest) = (amounts(file, "min_advertised_price")?, amounts(file, "lowest_price_30d")?);
    let frozen = flags(file, "frozen")?;
    let stock = if file.has("stock") { file.numbers("stock")? } else { vec![None; count] };
    let row = |index: usize| PriceRow {
        price: price[index],
        cost: cost[index],
        elasticity: elasticity[index],
        elasticity_sd: elasticity_sd[index],
        baseline_quantity: baseline_quantity[index],
        min_price: min_price[index],
        max_price: max_price[index],
        min_margin: min_margin[index],
        rival_price: rival_price[index],
        stock: stock[index],
        observed_min_price: tried_min[index],
        observed_max_price: tried_max[index],
        min_advertised_price: advertised[index],
        lowest_price_30d: lowest[index],
        day: if frozen[index] == Some(true) { DayRule::Frozen } else { DayRule::Free },
    };
    Ok((0..count).map(row).collect())
}
