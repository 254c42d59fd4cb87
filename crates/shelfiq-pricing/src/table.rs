//! From plain tables to panels and price problems.

use std::collections::HashMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::{ErrorKind, Ratio};

use crate::advice::{Objective, PriceProblem};
use crate::announced::AnnouncedReduction;
use crate::demand::{DemandModel, ElasticityBelief, PriceSupport};
use crate::guard_rails::{DayRule, GuardRails, RivalBand};
use crate::ladder::PriceEndings;
use crate::panel::{Control, ControlScale, DemandObservation, DemandPanel, DemandSeries, TimeAxis};

/// A table of demand, one row per series and period, in any order: `unique_id`, `ds`, `price`, `quantity`, groups, controls.
#[derive(Debug, Clone, PartialEq)]
pub struct DemandTable {
    /// What `ds` counts.
    pub time: TimeAxis,
    /// Name of the series.
    pub unique_id: Vec<String>,
    /// Period, on the time axis.
    pub ds: Vec<i32>,
    /// Price asked, major units. A period whose price is missing or not above zero teaches nothing and is left out later.
    pub price: Vec<Option<f64>>,
    /// Units sold. A period whose quantity is missing or negative is left out later.
    pub quantity: Vec<Option<f64>>,
    /// Periods that were sold out; empty when unknown.
    pub censored: Vec<bool>,
    /// Columns that group series, by name. Constant within a series.
    pub groups: Vec<(String, Vec<String>)>,
    /// Columns that also move demand, by name.
    pub controls: Vec<(String, Vec<Option<f64>>)>,
}

/// One row of a table of price problems, amounts in major units.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceRow {
    /// `price`: asked today.
    pub price: Decimal,
    /// `cost` of one unit.
    pub cost: Option<Decimal>,
    /// `elasticity`: best guess.
    pub elasticity: f64,
    /// `elasticity_sd`: standard deviation of the guess.
    pub elasticity_sd: f64,
    /// `baseline_quantity`: units expected at today's price.
    pub baseline_quantity: f64,
    /// `min_price`.
    pub min_price: Option<Decimal>,
    /// `max_price`.
    pub max_price: Option<Decimal>,
    /// `min_margin` as a share of the price: 0.25 for 25 %.
    pub min_margin: Option<Decimal>,
    /// `rival_price`.
    pub rival_price: Option<Decimal>,
    /// `stock`: units that can be sold.
    pub stock: Option<f64>,
    /// `observed_min_price`: lowest price tried so far.
    pub observed_min_price: Option<Decimal>,
    /// `observed_max_price`: highest price tried so far.
    pub observed_max_price: Option<Decimal>,
    /// `min_advertised_price`: lowest price the manufacturer lets us advertise.
    pub min_advertised_price: Option<Decimal>,
    /// `lowest_price_30d`: the lowest price of the last thirty days, where the next price is to be announced as a reduction.
    pub lowest_price_30d: Option<Decimal>,
    /// `frozen`: whether the promotion calendar keeps the price as it is.
    pub day: DayRule,
}

/// What holds for every row of a table of price problems.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceDefaults {
    /// What to maximise.
    pub objective: Objective,
    /// Limits of every row; those a row names itself replace them.
    pub guard_rails: GuardRails,
    /// Largest share by which a price may lie below the row's rival.
    pub rival_below: Ratio,
    /// Largest share by which a price may lie above the row's rival.
    pub rival_above: Ratio,
    /// Smallest reduction that may be announced, as a share of a row's lowest price of thirty days.
    pub reduction_min: Ratio,
}

impl PriceDefaults {
    /// This objective within 20 % of a rival, at least 5 % for an announced reduction, and otherwise only the limits that a row
    /// states: no largest change, any ending.
    #[must_use]
    pub fn new(objective: Objective) -> Self {
        let band = Ratio::from_percent(20);
        let guard_rails = GuardRails { max_change_per_day: None, endings: PriceEndings::Any, ..GuardRails::default() };
        Self { objective, guard_rails, rival_below: band, rival_above: band, reduction_min: Ratio::from_percent(5) }
    }
}

/// A table that cannot be read. Rows count from 1.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TableError {
    /// A column has another number of rows than `unique_id`.
    #[error("column `{column}` has {found} rows where `unique_id` has {expected}")]
    UnevenColumns {
        /// The column.
        column: String,
        /// Rows found.
        found: usize,
        /// Rows of `unique_id`.
        expected: usize,
    },
    /// A series changes its group.
    #[error("row {row}, column `{column}`: series `{id}` is in `{found}` here and in `{earlier}` before")]
    ChangedGroup {
        /// The row.
        row: usize,
        /// The group column.
        column: String,
        /// The series.
        id: String,
        /// Its group in this row.
        found: String,
        /// Its group in an earlier row.
        earlier: String,
    },
    /// A number makes no sense where it stands.
    #[error("row {row}, column `{column}`: {value} is not {expected}")]
    BadValue {
        /// The row.
        row: usize,
        /// The column.
        column: String,
        /// The number.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
}

impl TableError {
    /// What its receiver can do about it.
    #[must_use]
    pub const fn kind(&self) -> ErrorKind {
        ErrorKind::Invalid
    }
}

/// The series of `table`, in the order in which they first appear, with their observations in the order of the rows.
///
/// A control whose name contains `price` and whose values are all above zero enters by its logarithm, so that its
/// coefficient is an elasticity too.
///
/// # Errors
/// [`TableError`], naming the row (from 1) and column.
pub fn panel_of_table(table: &DemandTable) -> Result<DemandPanel, TableError> {
    check_columns(table)?;
    let mut series: Vec<DemandSeries> = Vec::new();
    let mut positions: HashMap<&str, usize> = HashMap::new();
    for (index, id) in table.unique_id.iter().enumerate() {
        let position = *positions.entry(id).or_insert_with(|| {
            series.push(DemandSeries {
                id: id.clone(),
                groups: table.groups.iter().map(|(_, values)| values[index].clone()).collect(),
                observations: Vec::new(),
                controls: vec![Vec::new(); table.controls.len()],
                unit_cost: None,
            });
            series.len() - 1
        });
        let series = &mut series[position];
        check_groups(table, series, index)?;
        series.observations.push(DemandObservation {
            day: table.ds[index],
            price: number("price", &table.price, index)?.unwrap_or(f64::NAN),
            quantity: number("quantity", &table.quantity, index)?.unwrap_or(f64::NAN),
            censored: table.censored.get(index).copied().unwrap_or(false),
        });
        for (column, (name, values)) in series.controls.iter_mut().zip(&table.controls) {
            column.push(number(name, values, index)?.unwrap_or(f64::NAN));
        }
    }
    Ok(DemandPanel {
        time: table.time,
        group_names: table.groups.iter().map(|(name, _)| name.clone()).collect(),
        controls: table.controls.iter().map(|(name, values)| control(name, values)).collect(),
        series,
    })
}

/// The problem that a row states; `row` counts from 1.
///
/// # Errors
/// [`TableError::BadValue`], naming the row and column.
pub fn problem_of_row(row: usize, given: &PriceRow, defaults: &PriceDefaults) -> Result<PriceProblem, TableError> {
    let bad = |column: &str, value: String, expected| TableError::BadValue {
        row,
        column: column.to_owned(),
        value,
        expected,
    };
    let amounts = [
        ("price", Some(given.price)),
        ("max_price", given.max_price),
        ("rival_price", given.rival_price),
        ("observed_min_price", given.observed_min_price),
        ("observed_max_price", given.observed_max_price),
        ("lowest_price_30d", given.lowest_price_30d),
    ];
    for (column, amount) in amounts {
        if let Some(amount) = amount.filter(|&amount| amount <= Decimal::ZERO) {
            return Err(bad(column, amount.to_string(), "above zero"));
        }
    }
    for (column, amount) in
        [("cost", given.cost), ("min_price", given.min_price), ("min_advertised_price", given.min_advertised_price)]
    {
        if let Some(amount) = amount.filter(|&amount| amount < Decimal::ZERO) {
            return Err(bad(column, amount.to_string(), "zero or more"));
        }
    }
    if let Some(share) = given.min_margin.filter(|&share| share >= Decimal::ONE) {
        return Err(bad("min_margin", share.to_string(), "a share of the price below 1, such as 0.25 for 25 %"));
    }
    let numbers = [
        ("elasticity_sd", given.elasticity_sd),
        ("baseline_quantity", given.baseline_quantity),
        ("stock", given.stock.unwrap_or(0.0)),
    ];
    for (column, number) in numbers {
        if !number.is_finite() || number < 0.0 {
            return Err(bad(column, number.to_string(), "a number of zero or more"));
        }
    }
    if !given.elasticity.is_finite() {
        return Err(bad("elasticity", given.elasticity.to_string(), "a number"));
    }
    let rails = &defaults.guard_rails;
    let band = |rival_price| RivalBand { rival_price, below: defaults.rival_below, above: defaults.rival_above };
    let announced = |reference_price| AnnouncedReduction { reference_price, share_min: defaults.reduction_min };
    let support = given.observed_min_price.zip(given.observed_max_price);
    let to_f64 = |amount: Decimal| amount.to_f64().unwrap_or(f64::NAN);
    Ok(PriceProblem {
        current_price: given.price,
        unit_cost: given.cost,
        demand: DemandModel {
            baseline_price: to_f64(given.price),
            baseline_quantity: given.baseline_quantity,
            baseline_log_sd: 0.0,
            elasticity: ElasticityBelief { mean: given.elasticity, sd: given.elasticity_sd },
            rival_reaction: None,
            support: support.map(|(min, max)| PriceSupport { min: to_f64(min), max: to_f64(max) }),
        },
        stock_units: given.stock,
        guard_rails: GuardRails {
            min_price: given.min_price.or(rails.min_price),
            max_price: given.max_price.or(rails.max_price),
            margin_floor: given.min_margin.map(Ratio::new).or(rails.margin_floor),
            rival_band: given.rival_price.map(band).or(rails.rival_band),
            min_advertised_price: given.min_advertised_price.or(rails.min_advertised_price),
            announced_reduction: given.lowest_price_30d.map(announced).or(rails.announced_reduction),
            day: given.day,
            currency_exponent: decimals_of(given).max(rails.currency_exponent),
            ..rails.clone()
        },
        objective: defaults.objective,
    })
}

/// Decimals finer than these are noise of a computation, not a price list.
const DECIMALS_MAX: u32 = 4;

/// Decimals that the prices of a row are written with: a row in tenths of a cent is answered in tenths of a cent.
fn decimals_of(given: &PriceRow) -> u32 {
    let prices = [Some(given.price), given.min_price, given.max_price];
    prices.into_iter().flatten().map(|price| price.normalize().scale()).max().unwrap_or(0).min(DECIMALS_MAX)
}

fn check_columns(table: &DemandTable) -> Result<(), TableError> {
    let expected = table.unique_id.len();
    let groups = table.groups.iter().map(|(name, values)| (name.as_str(), values.len()));
    let controls = table.controls.iter().map(|(name, values)| (name.as_str(), values.len()));
    let fixed = [("ds", table.ds.len()), ("price", table.price.len()), ("quantity", table.quantity.len())];
    let censored = (!table.censored.is_empty()).then_some(("censored", table.censored.len()));
    match fixed.into_iter().chain(censored).chain(groups).chain(controls).find(|&(_, found)| found != expected) {
        Some((column, found)) => Err(TableError::UnevenColumns { column: column.to_owned(), found, expected }),
        None => Ok(()),
    }
}

fn check_groups(table: &DemandTable, series: &DemandSeries, index: usize) -> Result<(), TableError> {
    let mut columns = series.groups.iter().zip(&table.groups);
    match columns.find(|(earlier, (_, values))| **earlier != values[index]) {
        Some((earlier, (column, values))) => Err(TableError::ChangedGroup {
            row: index + 1,
            column: column.clone(),
            id: series.id.clone(),
            found: values[index].clone(),
            earlier: earlier.clone(),
        }),
        None => Ok(()),
    }
}

fn number(column: &str, values: &[Option<f64>], index: usize) -> Result<Option<f64>, TableError> {
    match values[index] {
        Some(value) if value.is_infinite() => Err(TableError::BadValue {
            row: index + 1,
            column: column.to_owned(),
            value: value.to_string(),
            expected: "a finite number",
        }),
        value => Ok(value),
    }
}

fn control(name: &str, values: &[Option<f64>]) -> Control {
    let is_amount = name.to_lowercase().contains("price") && values.iter().flatten().all(|&value| value > 0.0);
    Control { name: name.to_owned(), scale: if is_amount { ControlScale::Log } else { ControlScale::AsGiven } }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> DemandTable {
        DemandTable {
            time: TimeAxis::CalendarDays,
            unique_id: ["b", "a", "b"].map(str::to_owned).to_vec(),
            ds: vec![2, 1, 1],
            price: vec![Some(2.0), Some(3.0), None],
            quantity: vec![Some(5.0), Some(6.0), Some(7.0)],
            censored: Vec::new(),
            groups: vec![("category".to_owned(), ["x", "y", "x"].map(str::to_owned).to_vec())],
            controls: vec![
                ("promotion".to_owned(), vec![Some(1.0), Some(0.0), None]),
                ("rival_price".to_owned(), vec![Some(2.5), None, Some(2.4)]),
            ],
        }
    }

    #[test]
    fn series_come_in_the_order_of_their_first_row() {
        let panel = panel_of_table(&table()).unwrap();
        let shape: Vec<(&str, usize)> = panel.series.iter().map(|s| (s.id.as_str(), s.observations.len())).collect();
        assert_eq!(shape, [("b", 2), ("a", 1)]);
        assert_eq!(panel.series[1].groups, ["y"]);
    }

    #[test]
    fn a_rivals_price_enters_by_its_logarithm_and_a_flag_as_it_is() {
        let panel = panel_of_table(&table()).unwrap();
        assert_eq!(panel.controls[0].scale, ControlScale::AsGiven);
        assert_eq!(panel.controls[1].scale, ControlScale::Log);
    }

    #[test]
    fn errors_name_the_row_and_the_column() {
        let mut changed = table();
        changed.groups[0].1[2] = "z".to_owned();
        let error = panel_of_table(&changed).unwrap_err().to_string();
        assert_eq!(error, "row 3, column `category`: series `b` is in `z` here and in `x` before");

        let mut infinite = table();
        infinite.quantity[1] = Some(f64::INFINITY);
        let error = panel_of_table(&infinite).unwrap_err().to_string();
        assert_eq!(error, "row 2, column `quantity`: inf is not a finite number");

        let mut short = table();
        short.price.pop();
        let error = panel_of_table(&short).unwrap_err().to_string();
        assert_eq!(error, "column `price` has 2 rows where `unique_id` has 3");
    }
}
