//! What can be had together: revenue, margin, units and low prices.

use shelfiq_core::CurrencyCode;
use shelfiq_pricing::{FrontPoint, PortfolioLimits, pareto_front};

use super::board::{LeftOut, PlanBoard};
use super::plan::{PlanTotals, check, named};
use crate::access::{Actor, Permission};
use crate::brains::demand::EFFECT_DAYS;
use crate::error::AppError;
use crate::platform::{Platform, run_cpu};

/// Levels of revenue and of the price index that are tried, if not said.
const LEVELS: usize = 5;
/// More points than this nobody compares.
const LEVELS_MAX: usize = 10;

/// What to look at.
#[derive(Debug, Clone, Default)]
pub struct FrontRequest {
    /// Limits that every point respects.
    pub limits: PortfolioLimits,
    /// Only products of this category.
    pub category: Option<String>,
    /// Levels of revenue and of the price index that are tried, 2 to 10.
    pub levels: Option<usize>,
}

/// Prices of which no others are better in one respect and no worse in the rest. Its plan is the one with the highest margin
/// under its revenue as the least and its price index as the highest.
#[derive(Debug, Clone, Copy)]
pub struct PlanPoint {
    /// What it brings.
    pub totals: PlanTotals,
}

/// The front.
#[derive(Debug, Clone)]
pub struct FrontView {
    /// Of every amount.
    pub currency: CurrencyCode,
    /// Days over which everything is counted.
    pub horizon_days: u32,
    /// Products that take part.
    pub products: usize,
    /// What the prices as they are bring.
    pub today: PlanTotals,
    /// The points, by rising revenue.
    pub points: Vec<PlanPoint>,
    /// Products that keep their prices.
    pub left_out: LeftOut,
}

/// The front between revenue, margin and low prices. Nothing is stored.
///
/// # Errors
/// As [`super::plan`].
pub async fn front(platform: &Platform, actor: &Actor, request: FrontRequest) -> Result<FrontView, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    check(&request.limits)?;
    let levels = request.levels.unwrap_or(LEVELS);
    if !(2..=LEVELS_MAX).contains(&levels) {
        return Err(AppError::invalid("levels", format!("must lie between 2 and {LEVELS_MAX}")));
    }
    let board = PlanBoard::load(platform, merchant, request.category.as_deref()).await?;
    board.check_not_empty()?;
    let portfolio = board.portfolio(None, request.limits, &[])?;
    let options = board.options();
    let points = run_cpu(move || pareto_front(&portfolio, levels, &options)).await;
    let points = points.map_err(|error| named(error, &board))?;
    let changes = |point: &FrontPoint| {
        let now = board.entries.iter().map(|entry| entry.problem.current_price);
        now.zip(&point.prices).filter(|(now, then)| now != *then).count()
    };
    Ok(FrontView {
        currency: board.facts.currency,
        horizon_days: EFFECT_DAYS as u32,
        products: board.entries.len(),
        today: board.today()?,
        points: points
            .iter()
            .map(|point| PlanPoint {
                totals: PlanTotals {
                    units: point.units,
                    revenue: point.revenue,
                    margin: point.margin,
                    price_index: point.price_index,
                    changes: changes(point),
                },
            })
            .collect(),
        left_out: board.left_out,
    })
}
