//! The best prices of the shop under shared limits.

use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, Ratio, Sku};
use shelfiq_pricing::{
    Gain, Objective, PortfolioError, PortfolioLimit, PortfolioLimits, PriceAdvice, optimize_portfolio,
};

use super::board::{Entry, LeftOut, PlanBoard};
use crate::access::{Actor, Permission};
use crate::brains::demand::EFFECT_DAYS;
use crate::error::AppError;
use crate::platform::{Platform, run_cpu};

/// What to plan.
#[derive(Debug, Clone, Default)]
pub struct PlanRequest {
    /// What to make as large as possible; the shop's own objective if absent.
    pub objective: Option<Objective>,
    /// What all prices together must reach.
    pub limits: PortfolioLimits,
    /// Only products of this category.
    pub category: Option<String>,
    /// Gaps between products of a family.
    pub gaps: Vec<GapRequest>,
}

/// How two prices must stand to each other.
#[derive(Debug, Clone)]
pub struct GapRequest {
    /// The cheaper product.
    pub lower: Sku,
    /// The dearer one.
    pub upper: Sku,
    /// It costs at least this share more.
    pub least: Ratio,
    /// It costs at most this share more.
    pub most: Option<Ratio>,
}

/// Sums over the products that take part, over [`PlanView::horizon_days`].
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PlanTotals {
    /// Units expected.
    pub units: f64,
    /// Revenue expected, major units.
    pub revenue: f64,
    /// Margin expected, major units.
    pub margin: f64,
    /// Today is 1, each product counts by its revenue.
    pub price_index: f64,
    /// Prices that change.
    pub changes: usize,
}

/// A price that changes.
#[derive(Debug, Clone)]
pub struct PlanChange {
    /// Whose.
    pub sku: Sku,
    /// The Sku's name that a person reads.
    pub title: String,
    /// Price now, major units.
    pub price_now: Decimal,
    /// Price in the plan, major units.
    pub price: Decimal,
    /// Units expected at the price now.
    pub units_now: f64,
    /// Units expected at the price in the plan.
    pub units: f64,
    /// Of the objective, major units.
    pub gain: Gain,
    /// Whether the price was never tried.
    pub is_untried: bool,
    /// Why, in a sentence or two.
    pub reason: String,
}

/// A plan.
#[derive(Debug, Clone)]
pub struct PlanView {
    /// Of every amount.
    pub currency: CurrencyCode,
    /// Days over which everything is counted.
    pub horizon_days: u32,
    /// Products that take part.
    pub products: usize,
    /// What the prices as they are bring.
    pub today: PlanTotals,
    /// What the plan brings.
    pub plan: PlanTotals,
    /// The prices that change, the largest gain first.
    pub changes: Vec<PlanChange>,
    /// Shared limits without which the plan would bring more.
    pub binding: Vec<PortfolioLimit>,
    /// The plan is at most this share of its objective from the best there is.
    pub gap_share: f64,
    /// Products that keep their prices.
    pub left_out: LeftOut,
}

/// The best prices of the shop under shared limits. Nothing is stored.
///
/// # Errors
/// [`AppError::Access`]; [`AppError::Invalid`] naming the limit that cannot be reached and what can; [`AppError::Conflict`]
/// if no product can be planned.
pub async fn plan(platform: &Platform, actor: &Actor, request: PlanRequest) -> Result<PlanView, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    check(&request.limits)?;
    let board = PlanBoard::load(platform, merchant, request.category.as_deref()).await?;
    board.check_not_empty()?;
    let portfolio = board.portfolio(request.objective, request.limits, &request.gaps)?;
    let options = board.options();
    let found =
        run_cpu(move || optimize_portfolio(&portfolio, &options)).await.map_err(|error| named(error, &board))?;
    let mut changes: Vec<PlanChange> =
        board.entries.iter().zip(&found.prices).filter_map(|(entry, advice)| change(entry, advice)).collect();
    changes.sort_by(|one, other| other.gain.amount.expected.total_cmp(&one.gain.amount.expected));
    let gap = (found.bound - found.value) / found.value.abs().max(f64::MIN_POSITIVE);
    Ok(PlanView {
        currency: board.facts.currency,
        horizon_days: EFFECT_DAYS as u32,
        products: board.entries.len(),
        today: board.today()?,
        plan: PlanTotals {
            units: found.units,
            revenue: found.revenue,
            margin: found.margin,
            price_index: found.price_index,
            changes: found.changes,
        },
        changes,
        binding: found.binding,
        gap_share: gap.clamp(0.0, 1.0),
        left_out: board.left_out,
    })
}

fn change(entry: &Entry, advice: &PriceAdvice) -> Option<PlanChange> {
    let (now, then) = (&advice.current, &advice.recommended);
    (now.price != then.price).then(|| PlanChange {
        sku: entry.sku.sku.clone(),
        title: entry.sku.title.clone(),
        price_now: now.price,
        price: then.price,
        units_now: now.quantity.expected,
        units: then.quantity.expected,
        gain: advice.gain,
        is_untried: then.extrapolated,
        reason: advice.reason.clone(),
    })
}

/// Refuses limits that are no numbers, before anything is loaded.
pub(super) fn check(limits: &PortfolioLimits) -> Result<(), AppError> {
    let amounts = [
        ("limits.margin_min", limits.margin_min),
        ("limits.revenue_min", limits.revenue_min),
        ("limits.units_min", limits.units_min),
        ("limits.price_index_min", limits.price_index_min),
        ("limits.price_index_max", limits.price_index_max),
    ];
    match amounts.into_iter().find(|(_, amount)| amount.is_some_and(|amount| !amount.is_finite())) {
        Some((field, _)) => Err(AppError::invalid(field, "must be a number")),
        None => Ok(()),
    }
}

/// The error in the words of the request: its field, and the Sku by its name.
pub(super) fn named(error: PortfolioError, board: &PlanBoard) -> AppError {
    let sku = |index: usize| board.entries.get(index).map(|entry| entry.sku.sku.to_string()).unwrap_or_default();
    match error {
        PortfolioError::OutOfReach { limit, .. } => {
            let field = match limit {
                PortfolioLimit::MarginMin => "limits.margin_min",
                PortfolioLimit::RevenueMin => "limits.revenue_min",
                PortfolioLimit::UnitsMin => "limits.units_min",
                PortfolioLimit::ChangesMax => "limits.changes_max",
                PortfolioLimit::PriceIndexMin => "limits.price_index_min",
                PortfolioLimit::PriceIndexMax => "limits.price_index_max",
            };
            AppError::invalid(field, error.to_string())
        }
        PortfolioError::NoneFound => AppError::invalid("limits", format!("{error}: loosen one of them")),
        PortfolioError::Family { index } => {
            AppError::invalid("gaps", format!("no legal prices of the family of `{}` keep their gaps", sku(index)))
        }
        PortfolioError::StrangeGap { .. } => AppError::invalid("gaps", "a gap needs two different products"),
        PortfolioError::Sku { source, .. } => AppError::Pricing(source),
    }
}
