//! `shelfiq optimize FILE`

use rust_decimal::Decimal;
use shelfiq_pricing::{
    Objective, OptimizeOptions, PriceAdvice, PriceDefaults, PriceRow, PricingError, optimize_all, problem_of_row,
};
use shelfiq_tabular::{Columns, OutputColumn, OutputValues};

use super::plain_file::{self, all_present};
use crate::cli;
use crate::outcome::Outcome;

/// Finds a price for every row of the file. A row for which there is none says why.
///
/// # Errors
/// Names file, row and column of what cannot be read.
pub(crate) fn run(asked: &cli::Optimize) -> anyhow::Result<Outcome> {
    plain_file::check_out(&asked.out)?;
    let objective = match asked.objective.as_str() {
        "revenue" => Objective::Revenue,
        "balanced" => Objective::Balanced,
        _ => Objective::Margin,
    };
    let file = plain_file::read(&asked.file)?;
    let ids = plain_file::texts(&file, "unique_id")?;
    let defaults = PriceDefaults::new(objective);
    let problem =
        |(index, row): (usize, PriceRow)| plain_file::of_file(&file, problem_of_row(index + 1, &row, &defaults));
    let problems = rows(&file)?.into_iter().enumerate().map(problem).collect::<Result<Vec<_>, _>>()?;
    let advice = optimize_all(&problems, &OptimizeOptions::best_guess());
    plain_file::write(&asked.out, &columns(ids, &advice))
}

fn rows(file: &Columns) -> anyhow::Result<Vec<PriceRow>> {
    let count = file.row_count();
    let amount =
        |name: &str| if file.has(name) { Ok(file.decimals(name)?) } else { Ok::<_, anyhow::Error>(vec![None; count]) };
    let price = all_present(file, "price", file.decimals("price")?)?;
    let elasticity = all_present(file, "elasticity", file.numbers("elasticity")?)?;
    let elasticity_sd = all_present(file, "elasticity_sd", file.numbers("elasticity_sd")?)?;
    let baseline_quantity = all_present(file, "baseline_quantity", file.numbers("baseline_quantity")?)?;
    let (cost, min_price, max_price, min_margin) =
        (amount("cost")?, amount("min_price")?, amount("max_price")?, amount("min_margin")?);
    let (rival_price, tried_min, tried_max) =
        (amount("rival_price")?, amount("observed_min_price")?, amount("observed_max_price")?);
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
    };
    Ok((0..count).map(row).collect())
}

fn columns(ids: Vec<String>, advice: &[Result<PriceAdvice, PricingError>]) -> Vec<OutputColumn> {
    let found = || advice.iter().map(|advice| advice.as_ref().ok());
    let number = |name: &str, value: fn(&PriceAdvice) -> Option<f64>| {
        OutputColumn::new(name, OutputValues::Number(found().map(|advice| value(advice?)).collect()))
    };
    let text = |name: &str, value: fn(&PriceAdvice) -> Option<&'static str>| {
        OutputColumn::new(name, OutputValues::Text(found().map(|advice| Some(value(advice?)?.to_owned())).collect()))
    };
    let price: Vec<Option<Decimal>> = found().map(|advice| Some(advice?.recommended.price)).collect();
    let reasons = advice.iter().map(|advice| {
        Some(advice.as_ref().map_or_else(|error| format!("no price: {error}"), |advice| advice.reason.clone()))
    });
    vec![
        OutputColumn::new("unique_id", OutputValues::Text(ids.into_iter().map(Some).collect())),
        OutputColumn::new("recommended_price", OutputValues::Decimal(price)),
        number("quantity", |advice| Some(advice.recommended.quantity.expected)),
        number("quantity_lo", |advice| Some(advice.recommended.quantity.lo)),
        number("quantity_hi", |advice| Some(advice.recommended.quantity.hi)),
        number("revenue", |advice| Some(advice.recommended.revenue.expected)),
        number("margin", |advice| Some(advice.recommended.margin?.expected)),
        number("margin_lo", |advice| Some(advice.recommended.margin?.lo)),
        number("margin_hi", |advice| Some(advice.recommended.margin?.hi)),
        text("binding_constraint", |advice| Some(advice.binding?.code())),
        OutputColumn::new("reason", OutputValues::Text(reasons.collect())),
    ]
}
