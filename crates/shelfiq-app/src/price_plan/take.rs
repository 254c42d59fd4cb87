//! Taking a plan: each of its prices becomes an accepted recommendation, with its line in the ledger and a way back.

use rust_decimal::Decimal;
use shelfiq_core::{RecommendationId, Sku, UnitPrice};
use shelfiq_pricing::{Action, PriceAdvice, evaluate, gain};
use shelfiq_recommend::{
    Advice, Decision, DemandSignal, Lifecycle, PricingSignal, Recommendation, RecommendationKind, SkuSignals, State,
    advise,
};
use shelfiq_store::recommendations::{self as stored, RecommendationFilter, RecommendationOrder};
use shelfiq_store::{PageRequest, Transaction};

use super::board::{Entry, PlanBoard};
use crate::access::{Actor, Permission};
use crate::brains::price::{PriceAnswer, price_advice};
use crate::brains::strategy::Standing;
use crate::error::AppError;
use crate::platform::Platform;
use crate::recommendations::decide_all;
use crate::run::{figures, opened};

/// Prices that are taken at once: what a person can carry out in a day or two.
pub const PRICES_MAX: usize = 500;

/// A price to take.
#[derive(Debug, Clone)]
pub struct PlannedPrice {
    /// Whose.
    pub sku: Sku,
    /// Major units.
    pub price: Decimal,
}

/// A price that was not taken.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Whose.
    pub sku: Sku,
    /// Why, in a sentence.
    pub reason: String,
}

/// What became of a plan.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    /// The recommendations that were made of it and accepted.
    pub accepted: Vec<RecommendationId>,
    /// The rest.
    pub refused: Vec<Refused>,
}

/// Accepts the prices of a plan. A price that breaks a limit, or whose product has another one accepted and on its way, is
/// refused; the others are taken.
///
/// # Errors
/// [`AppError::Access`]; [`AppError::Invalid`] for more than [`PRICES_MAX`] prices; a failure of a store.
pub async fn take(platform: &Platform, actor: &Actor, prices: Vec<PlannedPrice>) -> Result<Taken, AppError> {
    let merchant = actor.authorize(Permission::Decide)?;
    if prices.is_empty() || prices.len() > PRICES_MAX {
        let count = prices.len();
        return Err(AppError::invalid("prices", format!("give 1 to {PRICES_MAX} prices, not {count}")));
    }
    let board = PlanBoard::load(platform, merchant, None).await?;
    let now = platform.clock.now();
    let mut taken = Taken::default();
    let mut ids = Vec::new();
    let tx = platform.begin(actor.author()).await?;
    for planned in prices {
        let recommendation = match proposal(&board, &planned, now) {
            Ok(recommendation) => recommendation,
            Err(reason) => {
                taken.refused.push(Refused { sku: planned.sku, reason });
                continue;
            }
        };
        match put(platform, &tx, merchant, &planned.sku, &recommendation).await? {
            Some(id) => ids.push((id, planned.sku)),
            None => {
                let reason = "another price was accepted and is on its way: undo that first".to_owned();
                taken.refused.push(Refused { sku: planned.sku, reason });
            }
        }
    }
    tx.commit().await?;
    let wanted: Vec<RecommendationId> = ids.iter().map(|(id, _)| *id).collect();
    let outcome = decide_all(platform, actor, &wanted, &Decision::Accept).await?;
    for (id, error) in outcome.failed {
        let sku = ids.iter().find(|(known, _)| *known == id).map(|(_, sku)| sku.clone());
        taken.refused.extend(sku.map(|sku| Refused { sku, reason: error.to_string() }));
    }
    taken.accepted = outcome.done;
    Ok(taken)
}

/// The price as a recommendation, or why it cannot be one.
fn proposal(
    board: &PlanBoard,
    planned: &PlannedPrice,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Recommendation, String> {
    let entry = board
        .entries
        .iter()
        .find(|entry| entry.sku.sku == planned.sku)
        .ok_or_else(|| "this product does not take part in the plan any more".to_owned())?;
    let Entry { sku, problem } = entry;
    let currency = board.facts.currency;
    let options = board.options();
    let outcome = |price| evaluate(problem, price, &options).map_err(|error| error.to_string());
    let recommended = outcome(planned.price)?;
    if let Some(violation) = recommended.violations.first() {
        return Err(format!("{} breaks {}", planned.price, violation.constraint));
    }
    let advice = PriceAdvice {
        action: Action::Change,
        current: outcome(problem.current_price)?,
        gain: gain(problem, planned.price, &options).map_err(|error| error.to_string())?,
        binding: None,
        aim: Some("as part of the price plan".to_owned()),
        reason: String::new(),
        recommended,
    };
    let answer = PriceAnswer {
        problem: problem.clone(),
        advice: Ok(advice.clone()),
        standing: Standing::of(&board.facts, sku, &board.policy.settings),
        strategy: "Price plan for the whole shop".to_owned(),
    };
    let pricing = price_advice(&answer, &advice, currency).ok_or("the amounts are too large to book")?;
    let signals = SkuSignals {
        sku: sku.sku.clone(),
        title: sku.title.clone(),
        currency,
        price: Some(UnitPrice::new(problem.current_price, currency)),
        lowest_price: None,
        unit_cost: problem.unit_cost.map(|cost| UnitPrice::new(cost, currency)),
        stock: None,
        // The plan has looked at demand already; whoever takes it has seen the stock.
        demand: DemandSignal::NotEnoughData { reason: "not asked for".to_owned() },
        elasticity: None,
        pricing: PricingSignal::Advice(pricing),
        anomalies: Vec::new(),
        first_seen: None,
        companion: None,
    };
    let about_price = advise(&signals, &board.policy.settings.policy, now).into_iter().find_map(|one| match one {
        Advice::Give(given) if given.key.kind == RecommendationKind::Reprice => Some(Ok(*given)),
        Advice::Withhold(withheld) if withheld.key.kind == RecommendationKind::Reprice => Some(Err(withheld.reason)),
        _ => None,
    });
    about_price.unwrap_or_else(|| Err("there is nothing to change".to_owned()))
}

/// Puts the proposal in place of one that is open, or opens a new one; `None` if another one was accepted.
async fn put(
    platform: &Platform,
    tx: &Transaction,
    merchant: shelfiq_core::MerchantId,
    sku: &Sku,
    recommendation: &Recommendation,
) -> Result<Option<RecommendationId>, AppError> {
    let filter = RecommendationFilter {
        kinds: vec![RecommendationKind::Reprice.to_string()],
        sku: Some(sku.clone()),
        ..RecommendationFilter::default()
    };
    let newest = stored::page(tx, merchant, &filter, RecommendationOrder::Newest, &PageRequest::first(1)).await?;
    if let Some(known) = newest.rows.into_iter().next() {
        let lifecycle: Lifecycle = serde_json::from_value(known.lifecycle)?;
        match lifecycle.state() {
            State::Accepted => return Ok(None),
            State::Open | State::Snoozed { .. } => {
                stored::renew(tx, merchant, known.id, figures(recommendation)?).await?;
                return Ok(Some(known.id));
            }
            State::Dismissed { .. } | State::Expired | State::Done => {}
        }
    }
    let new = opened(platform, tx, recommendation)?;
    let id = new.id;
    stored::insert_all(tx, merchant, vec![new]).await?;
    Ok(Some(id))
}
