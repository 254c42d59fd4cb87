//! Turns signals into stored recommendations: new ones appear, known ones are renewed, decisions are respected.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use shelfiq_core::{MerchantId, RecommendationId};
use shelfiq_pricing::ElasticityReport;
use shelfiq_recommend::{
    Advice, Change, Known, Lifecycle, PricingSignal, Recommendation, RecommendationKey, advise, rank, reconcile,
};
use shelfiq_store::recommendations::{self, Figures, NewRecommendation, Settlement};
use shelfiq_store::{Author, PAGE_SIZE_MAX, PageRequest, Transaction};

use crate::brains::alert_facts::as_of;
use crate::brains::anomalies::{self, SkuVerdicts};
use crate::brains::demand_sums::ShopDemand;
use crate::brains::price::PriceBoard;
use crate::brains::signals::signals;
use crate::error::AppError;
use crate::facts::ShopFacts;
use crate::live::LiveChange;
use crate::platform::{Platform, run_cpu};
use crate::price_tests::{Tests, hold_prices, offers};
use crate::recommendations::{state_of, to_value};
use crate::run::{ShopPolicy, worth};

const PART: &str = "daily run";

/// What advice rests on.
pub(crate) struct Grounds {
    pub(crate) facts: Arc<ShopFacts>,
    pub(crate) policy: Arc<ShopPolicy>,
    pub(crate) elasticities: Arc<ElasticityReport>,
    pub(crate) demand: Arc<ShopDemand>,
    pub(crate) verdicts: Arc<HashMap<String, SkuVerdicts>>,
    /// Tests that run: their Skus get no other advice on the price.
    pub(crate) tests: Tests,
}

/// Weighs every Sku; returns how many recommendations are new or renewed.
pub(crate) async fn advise_all(platform: &Platform, merchant: MerchantId, grounds: Grounds) -> Result<usize, AppError> {
    let now = platform.clock.now();
    let policy = grounds.policy.settings.policy.clone();
    let known = Arc::new(known(platform, merchant).await?);
    let (fresh, examined) = run_cpu({
        let known = Arc::clone(&known);
        move || weigh(&grounds, &known, now)
    })
    .await;
    let changes = reconcile(&known, fresh, &examined, &policy, now);
    store(platform, merchant, changes).await
}

/// The advice that is given, best first, and every key that was looked at.
fn weigh(
    grounds: &Grounds,
    known: &[Known],
    now: chrono::DateTime<chrono::Utc>,
) -> (Vec<Recommendation>, BTreeSet<RecommendationKey>) {
    let Grounds { facts, policy, elasticities, demand, verdicts, tests } = grounds;
    let board = &PriceBoard { facts, settings: &policy.settings, limits: &policy.limits, elasticities };
    let answers = board.answer_all(&demand.skus);
    let unusual = anomalies::signals(board.facts, verdicts);
    let mut signals =
        signals(board.facts, board.settings, board.limits, &demand.skus, &board.rows(), &answers, &unusual);
    let offers = offers(board, &answers, tests);
    for sku in &mut signals {
        if let PricingSignal::NotIdentified { test, .. } = &mut sku.pricing {
            *test = offers.get(sku.sku.as_str()).cloned();
        }
    }
    let (mut fresh, mut examined) = (Vec::new(), BTreeSet::new());
    for sku in &signals {
        for advice in advise(sku, &board.settings.policy, as_of(board.facts, now)) {
            match advice {
                Advice::Give(recommendation) => {
                    examined.insert(recommendation.key.clone());
                    fresh.push(renewed_at(*recommendation, now, board));
                }
                Advice::Withhold(withheld) => {
                    examined.insert(withheld.key);
                }
            }
        }
    }
    hold_prices(&mut fresh, tests);
    worth::drop_small(&mut fresh, known, board);
    rank(&mut fresh);
    (fresh, examined)
}

/// Advice lives from the run on, also where the data are older than the run.
fn renewed_at(
    mut recommendation: Recommendation,
    now: chrono::DateTime<chrono::Utc>,
    board: &PriceBoard<'_>,
) -> Recommendation {
    recommendation.computed_at = now;
    recommendation.expires_at = now + chrono::TimeDelta::days(board.settings.policy.expires_after_days.into());
    recommendation
}

/// The newest stored recommendation of each key. Rows that this release cannot read count as absent.
async fn known(platform: &Platform, merchant: MerchantId) -> Result<Vec<Known>, AppError> {
    let mut known = Vec::new();
    let mut request = PageRequest::first(PAGE_SIZE_MAX);
    loop {
        let page = recommendations::page_of_newest(&platform.store, merchant, &request).await?;
        known.extend(page.rows.into_iter().filter_map(|row| {
            Some(Known {
                id: row.id,
                recommendation: serde_json::from_value(row.payload).ok()?,
                lifecycle: serde_json::from_value(row.lifecycle).ok()?,
            })
        }));
        match page.next {
            Some(next) => request = PageRequest::new(PAGE_SIZE_MAX, Some(next)),
            None => return Ok(known),
        }
    }
}

async fn store(platform: &Platform, merchant: MerchantId, changes: Vec<Change>) -> Result<usize, AppError> {
    let tx = platform.begin(Author::system(PART)).await?;
    let (mut inserts, mut touched) = (Vec::new(), 0);
    for change in changes {
        match change {
            Change::Insert { recommendation } => {
                touched += 1;
                inserts.push(opened(platform, &tx, &recommendation)?);
            }
            Change::Renew { id, recommendation } => {
                touched += 1;
                recommendations::renew(&tx, merchant, id, figures(&recommendation)?).await?;
            }
            Change::Move { id, lifecycle } => {
                let (state, snoozed_until) = state_of(lifecycle.state());
                let settlement = Settlement {
                    step: state.to_string(),
                    state,
                    lifecycle: to_value(&lifecycle)?,
                    snoozed_until,
                    reason: None,
                };
                let settled = recommendations::settle(&tx, merchant, id, None, settlement).await?;
                crate::ledger::record_decision(&tx, merchant, &settled).await?;
            }
        }
    }
    recommendations::insert_all(&tx, merchant, inserts).await?;
    tx.commit().await?;
    platform.live.publish(merchant, LiveChange::RecommendationsChanged {});
    Ok(touched)
}

/// The recommendation as a new row.
pub(crate) fn opened(
    platform: &Platform,
    tx: &Transaction,
    recommendation: &Recommendation,
) -> Result<NewRecommendation, AppError> {
    Ok(NewRecommendation {
        id: RecommendationId::from_uuid(platform.randomness.next_uuid(tx.at())),
        key: recommendation.key.to_string(),
        kind: recommendation.key.kind.to_string(),
        sku: recommendation.key.sku.clone(),
        figures: figures(recommendation)?,
        lifecycle: to_value(&Lifecycle::opened(tx.at()))?,
    })
}

/// What the store keeps beside the recommendation itself.
pub(crate) fn figures(recommendation: &Recommendation) -> Result<Figures, AppError> {
    Ok(Figures {
        title: recommendation.title.clone(),
        priority: recommendation.priority,
        impact: recommendation.impact.expected,
        confidence: recommendation.confidence.to_f64(),
        payload: to_value(recommendation)?,
        expires_at: recommendation.expires_at,
    })
}
