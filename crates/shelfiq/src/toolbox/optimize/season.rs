//! A stock of each row to be sold by a day.

use anyhow::anyhow;
use rayon::prelude::*;
use shelfiq_pricing::{DayRule, PriceProblem, PricingError, SeasonDay, SeasonPlan, SeasonProblem, plan_season};
use shelfiq_tabular::{Columns, OutputColumn, OutputValues};

use crate::toolbox::plain_file::{self, all_present};

/// More days than this are no season.
const DAYS_MAX: i64 = 366;

/// Tomorrow's price of each row, and what is expected until the last day. A row without an answer says why.
///
/// # Errors
/// Names file, row and column of what cannot be read.
pub(super) fn columns(file: &Columns, problems: &[PriceProblem]) -> anyhow::Result<Vec<OutputColumn>> {
    let seasons = seasons(file, problems)?;
    let plans: Vec<Result<SeasonPlan, PricingError>> = seasons.par_iter().map(plan_season).collect();
    let number = |name: &str, value: fn(&SeasonPlan) -> Option<f64>| {
        let values = plans.iter().map(|plan| value(plan.as_ref().ok()?)).collect();
        OutputColumn::new(name, OutputValues::Number(values))
    };
    let price = |name: &str, value: fn(&SeasonPlan) -> rust_decimal::Decimal| {
        let values = plans.iter().map(|plan| plan.as_ref().ok().map(value)).collect();
        OutputColumn::new(name, OutputValues::Decimal(values))
    };
    let binding = plans.iter().map(|plan| Some(plan.as_ref().ok()?.binding?.code().to_owned())).collect();
    let reasons = plans.iter().zip(&seasons).map(|(plan, season)| {
        Some(plan.as_ref().map_or_else(|error| format!("no price: {error}"), |plan| reason(season, plan)))
    });
    let ids = plain_file::texts(file, "unique_id")?.into_iter().map(Some).collect();
    Ok(vec![
        OutputColumn::new("unique_id", OutputValues::Text(ids)),
        price("recommended_price", |plan| plan.price),
        number("last_price", |plan| Some(plan.steps.last()?.mean_price)),
        number("quantity", |plan| Some(plan.steps.iter().map(|step| step.units).sum())),
        number("left_units", |plan| Some(plan.steps.last()?.left_units)),
        number("value", |plan| Some(plan.expected_value)),
        number("sell_out_probability", |plan| Some(plan.sell_out_probability)),
        price("best_fixed_price", |plan| plan.best_fixed.0),
        number("best_fixed_value", |plan| Some(plan.best_fixed.1)),
        OutputColumn::new("binding_constraint", OutputValues::Text(binding)),
        OutputColumn::new("reason", OutputValues::Text(reasons.collect())),
    ])
}

fn reason(season: &SeasonProblem, plan: &SeasonPlan) -> String {
    let (sold, left) = (plan.steps.iter().map(|step| step.units).sum::<f64>(), plan.steps.last());
    format!(
        "Ask {} tomorrow. In {} days about {sold:.1} of {} units sell and {:.1} are left; with what is left that brings \
         {:.2}, and {:.2} at one price of {} all along.",
        plan.price,
        season.days.len(),
        season.stock_units,
        left.map_or(0.0, |step| step.left_units),
        plan.expected_value,
        plan.best_fixed.1,
        plan.best_fixed.0,
    )
}

fn seasons(file: &Columns, problems: &[PriceProblem]) -> anyhow::Result<Vec<SeasonProblem>> {
    let days = all_present(file, "days", file.integers("days")?)?;
    let stock = all_present(file, "stock", file.integers("stock")?)?;
    let leftover = if file.has("leftover_value") { file.numbers("leftover_value")? } else { vec![None; days.len()] };
    let season = |(index, problem): (usize, &PriceProblem)| {
        let bad = |column: &str, value: i64, expected: &str| {
            anyhow!("{}, row {}, column `{column}`: {value} is not {expected}", file.file(), index + 1)
        };
        if !(1..=DAYS_MAX).contains(&days[index]) {
            return Err(bad("days", days[index], "a number of days from 1 to 366"));
        }
        let stock_units = u32::try_from(stock[index]).map_err(|_| bad("stock", stock[index], "a number of units"))?;
        let day = SeasonDay { demand_factor: 1.0, rule: DayRule::Free };
        Ok(SeasonProblem {
            current_price: problem.current_price,
            unit_cost: problem.unit_cost,
            demand: problem.demand,
            stock_units,
            days: vec![day; usize::try_from(days[index]).unwrap_or_default()],
            leftover_value: leftover[index].unwrap_or(0.0),
            guard_rails: problem.guard_rails.clone(),
        })
    };
    problems.iter().enumerate().map(season).collect()
}
