//! What can be had together: revenue, margin and low prices.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::model::Model;
use super::{Portfolio, PortfolioAdvice, PortfolioError, PortfolioLimits, optimize_portfolio};
use crate::advice::{Objective, OptimizeOptions};

/// Prices of which no other prices found are better in one respect and no worse in the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrontPoint {
    /// Units expected to be sold in all.
    pub units: f64,
    /// Total revenue expected, major units.
    pub revenue: f64,
    /// Total margin expected, major units.
    pub margin: f64,
    /// Price index: today is 1, lower is a better position.
    pub price_index: f64,
    /// The prices, in the order of the problems.
    pub prices: Vec<Decimal>,
}

/// The front between revenue (more), margin (more) and price index (less), by rising revenue.
///
/// The ε-constraint method: the margin is made as large as possible under `levels` values of the least revenue, for each of
/// `levels` values of the highest price index; so points between the corners are found even where the front bends inwards.
/// The limits of the portfolio hold as well; the objectives of its problems do not matter.
///
/// Source: Y. Y. Haimes, L. S. Lasdon, D. A. Wismer, IEEE Transactions on Systems, Man, and Cybernetics 1 (1971), 296–297.
///
/// # Errors
/// As [`optimize_portfolio`]; every Sku needs a cost.
pub fn pareto_front(
    portfolio: &Portfolio,
    levels: usize,
    options: &OptimizeOptions,
) -> Result<Vec<FrontPoint>, PortfolioError> {
    let solved = |objective: Objective, limits: PortfolioLimits| {
        let mut asked = Portfolio { limits, ..portfolio.clone() };
        asked.problems.iter_mut().for_each(|problem| problem.objective = objective);
        optimize_portfolio(&asked, options)
    };
    let richest = solved(Objective::Margin, portfolio.limits)?;
    let largest = solved(Objective::Revenue, portfolio.limits)?;
    let between = |a: f64, b: f64, level: usize| a + (b - a) * level as f64 / levels.max(2).saturating_sub(1) as f64;
    let lowest_index = Model::of(portfolio, options)?.lowest_index();
    let highest_index = largest.price_index.max(richest.price_index);
    let mut points: Vec<FrontPoint> = [&richest, &largest].map(point).into();
    for index_level in 0..levels.max(2) {
        let cap = between(lowest_index, highest_index, index_level);
        let leasts = (0..levels.max(2)).map(|level| between(richest.revenue, largest.revenue, level));
        for least in std::iter::once(f64::NEG_INFINITY).chain(leasts) {
            let revenue_min = portfolio.limits.revenue_min.map_or(least, |limit| limit.max(least));
            let limits = PortfolioLimits {
                revenue_min: revenue_min.is_finite().then_some(revenue_min),
                price_index_max: Some(portfolio.limits.price_index_max.map_or(cap, |limit| limit.min(cap))),
                ..portfolio.limits
            };
            match solved(Objective::Margin, limits) {
                Ok(found) => points.push(point(&found)),
                // Low prices and high revenue need not go together.
                Err(PortfolioError::OutOfReach { .. } | PortfolioError::NoneFound) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(undominated(points))
}

fn point(found: &PortfolioAdvice) -> FrontPoint {
    FrontPoint {
        units: found.units,
        revenue: found.revenue,
        margin: found.margin,
        price_index: found.price_index,
        prices: found.prices.iter().map(|advice| advice.recommended.price).collect(),
    }
}

fn undominated(mut points: Vec<FrontPoint>) -> Vec<FrontPoint> {
    points.sort_by(|a, b| a.revenue.total_cmp(&b.revenue).then(a.margin.total_cmp(&b.margin)));
    points.dedup_by(|a, b| a.prices == b.prices);
    let is_beaten = |point: &FrontPoint| {
        points.iter().any(|other| {
            let no_worse = other.revenue >= point.revenue
                && other.margin >= point.margin
                && other.price_index <= point.price_index;
            let better =
                other.revenue > point.revenue || other.margin > point.margin || other.price_index < point.price_index;
            no_worse && better
        })
    };
    points.iter().filter(|point| !is_beaten(point)).cloned().collect()
}
