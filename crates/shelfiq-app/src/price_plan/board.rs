//! The Skus whose prices can be planned together.

use std::collections::{HashMap, HashSet};

use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::{MerchantId, Money};
use shelfiq_pricing::{
    ElasticityBelief, FamilyGap, Objective, OptimizeOptions, Portfolio, PortfolioLimits, PriceProblem, PriceSupport,
    RivalReaction, evaluate, optimize,
};
use shelfiq_query::View;
use shelfiq_store::price_tests::{self as tests, PriceTestFilter, PriceTestState};
use shelfiq_store::{PAGE_SIZE_MAX, PageRequest};

use super::plan::{GapRequest, PlanTotals};
use crate::brains::demand::EFFECT_DAYS;
use crate::brains::elasticity::{Driver, RIVAL_FOLLOWS};
use crate::brains::price::{Baseline, Belief, problem};
use crate::error::AppError;
use crate::facts::{self, ShopFacts, SkuFacts};
use crate::platform::Platform;
use crate::run::{ShopPolicy, usual_bar};

/// Skus that are planned together at most, those with the most revenue first: enough for what carries a shop, and an answer
/// within seconds.
const SKUS_MAX: usize = 1_000;

/// What a change in a plan must gain as a share of what is worth a card of its own: a plan is decided as a whole, so a line
/// of it costs less attention, but pennies are not worth a new label.
const SHARE_OF_A_CARD: f64 = 0.1;

/// Products that keep their prices, by the reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// The data do not tell how demand answers to price.
    pub not_identified: usize,
    /// No price, no forecast, or nothing expected to sell.
    pub no_forecast: usize,
    /// The cost is not known.
    pub no_cost: usize,
    /// A price test runs.
    pub under_test: usize,
    /// Their own limits contradict each other, or no printable price lies within.
    pub no_legal_price: usize,
    /// Of less revenue than those that can be planned at once.
    pub too_many: usize,
}

/// A Sku that takes part.
pub(super) struct Entry {
    pub(super) sku: SkuFacts,
    pub(super) problem: PriceProblem,
}

/// The Skus that take part, those with the most revenue first.
pub(super) struct PlanBoard {
    pub(super) facts: ShopFacts,
    pub(super) policy: ShopPolicy,
    pub(super) entries: Vec<Entry>,
    pub(super) left_out: LeftOut,
}

impl PlanBoard {
    /// Reads the shop, or one category of it.
    ///
    /// # Errors
    /// [`AppError::Conflict`] if nothing was ever sold.
    pub(super) async fn load(
        platform: &Platform,
        merchant: MerchantId,
        category: Option<&str>,
    ) -> Result<Self, AppError> {
        let policy = ShopPolicy::load(platform, merchant).await?;
        let today = policy.shop.time_zone.day_of(platform.clock.now());
        let view = platform.query.view(merchant).await?;
        let mut facts = facts::load(&view, &policy.shop, today, None).await?.ok_or_else(|| {
            AppError::Conflict("there are no sales to plan with yet: import them and run the daily job".to_owned())
        })?;
        let known = Known {
            beliefs: beliefs(&view).await?,
            baselines: baselines(&view, &facts).await?,
            under_test: under_test(platform, merchant).await?,
        };
        let skus = std::mem::take(&mut facts.skus).into_iter();
        let skus = skus.filter(|sku| category.is_none_or(|wanted| sku.category.as_deref() == Some(wanted)));
        let mut board = Self { facts, policy, entries: Vec::new(), left_out: LeftOut::default() };
        for sku in skus {
            board.enter(sku, &known);
        }
        let revenue = |entry: &Entry| entry.problem.demand.baseline_price * entry.problem.demand.baseline_quantity;
        board.entries.sort_by(|one, other| {
            revenue(other).total_cmp(&revenue(one)).then_with(|| one.sku.sku.cmp(&other.sku.sku))
        });
        board.left_out.too_many = board.entries.len().saturating_sub(SKUS_MAX);
        board.entries.truncate(SKUS_MAX);
        Ok(board)
    }

    fn enter(&mut self, sku: SkuFacts, known: &Known) {
        let code = sku.sku.as_str();
        let options = self.options();
        let out = &mut self.left_out;
        let Some((belief, _)) = known.beliefs.get(code).filter(|(_, is_identified)| *is_identified) else {
            out.not_identified += 1;
            return;
        };
        let Some(baseline) = known.baselines.get(code) else {
            out.no_forecast += 1;
            return;
        };
        if sku.unit_cost.is_none() {
            out.no_cost += 1;
            return;
        }
        if known.under_test.contains(code) {
            out.under_test += 1;
            return;
        }
        let limits = self.policy.limits.get(code);
        let Some(problem) = problem(&self.facts, &sku, *baseline, *belief, &self.policy.settings, limits) else {
            out.no_forecast += 1;
            return;
        };
        if optimize(&problem, &options).is_err() {
            out.no_legal_price += 1;
            return;
        }
        self.entries.push(Entry { sku, problem });
    }

    /// How the shop compares prices. Whether a single change is sure enough plays no part in a plan, but what it earns has to
    /// be worth the trouble.
    pub(super) fn options(&self) -> OptimizeOptions {
        let least = |bar: Money| bar.to_major().to_f64();
        let of_a_card = || Some(usual_bar(&self.facts).and_then(least)? * SHARE_OF_A_CARD);
        let gain_min = self.policy.settings.policy.min_impact.and_then(least).or_else(of_a_card).unwrap_or(0.0);
        OptimizeOptions { gain_min, ..self.policy.settings.pricing.options() }
    }

    /// The portfolio with these limits; with `objective` in place of the shop's own.
    ///
    /// # Errors
    /// [`AppError::Invalid`] if a gap names a Sku that does not take part.
    pub(super) fn portfolio(
        &self,
        objective: Option<Objective>,
        limits: PortfolioLimits,
        gaps: &[GapRequest],
    ) -> Result<Portfolio, AppError> {
        let place = |sku: &shelfiq_core::Sku| {
            self.entries.iter().position(|entry| entry.sku.sku == *sku).ok_or_else(|| {
                AppError::invalid("gaps", format!("`{sku}` does not take part in the plan: leave the gap out"))
            })
        };
        let gap = |gap: &GapRequest| {
            Ok(FamilyGap { lower: place(&gap.lower)?, upper: place(&gap.upper)?, least: gap.least, most: gap.most })
        };
        let with_objective = |entry: &Entry| PriceProblem {
            objective: objective.unwrap_or(entry.problem.objective),
            ..entry.problem.clone()
        };
        Ok(Portfolio {
            problems: self.entries.iter().map(with_objective).collect(),
            gaps: gaps.iter().map(gap).collect::<Result<_, AppError>>()?,
            limits,
        })
    }

    /// What the prices as they are bring.
    ///
    /// # Errors
    /// [`AppError::Pricing`] if a number of a problem makes no sense.
    pub(super) fn today(&self) -> Result<PlanTotals, AppError> {
        let options = self.options();
        let mut totals = PlanTotals { price_index: 1.0, ..PlanTotals::default() };
        for Entry { problem, .. } in &self.entries {
            let now = evaluate(problem, problem.current_price, &options)?;
            totals.units += now.quantity.expected;
            totals.revenue += now.revenue.expected;
            totals.margin += now.margin.map_or(0.0, |margin| margin.expected);
        }
        Ok(totals)
    }

    /// Refuses to plan nothing.
    pub(super) fn check_not_empty(&self) -> Result<(), AppError> {
        if self.entries.is_empty() {
            return Err(AppError::Conflict(
                "there is no product to plan: it takes a known cost, a forecast, and prices that changed often enough \
                 to tell what they do"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

/// What the latest run stored, by Sku code.
struct Known {
    /// With whether the data identify it.
    beliefs: HashMap<String, (Belief, bool)>,
    baselines: HashMap<String, Baseline>,
    under_test: HashSet<String>,
}

async fn beliefs(view: &View) -> Result<HashMap<String, (Belief, bool)>, AppError> {
    let reactions = rival_reactions(view).await?;
    let rows =
        view.sql("select sku, elasticity, deviation, identified, support_low, support_high from elasticities").await?;
    let (codes, means, sds) = (rows.texts("sku")?, rows.numbers("elasticity")?, rows.numbers("deviation")?);
    let (identified, lows, highs) =
        (rows.flags("identified")?, rows.numbers("support_low")?, rows.numbers("support_high")?);
    let row = |(place, code): (usize, Option<String>)| {
        let elasticity = ElasticityBelief { mean: means[place]?, sd: sds[place]? };
        let support = lows[place].zip(highs[place]).map(|(min, max)| PriceSupport { min, max });
        let code = code?;
        let rival_reaction = reactions.get(&code).copied();
        Some((code, (Belief { elasticity, rival_reaction, support }, identified[place] == Some(true))))
    };
    Ok(codes.into_iter().enumerate().filter_map(row).collect())
}

/// How rivals answer to new prices, by Sku code.
async fn rival_reactions(view: &View) -> Result<HashMap<String, RivalReaction>, AppError> {
    let follows = demand_effects(view, RIVAL_FOLLOWS).await?;
    let effects = demand_effects(view, Driver::RivalPrice.as_str()).await?;
    let both = |(code, follows)| {
        let effect = effects.get(&code).copied()?;
        Some((code, RivalReaction { follows, effect }))
    };
    Ok(follows.into_iter().filter_map(both).collect())
}

async fn demand_effects(view: &View, driver: &str) -> Result<HashMap<String, ElasticityBelief>, AppError> {
    let rows =
        view.sql(&format!("select sku, effect, deviation from demand_effects where driver = '{driver}'")).await?;
    let numbers = rows.numbers("effect")?.into_iter().zip(rows.numbers("deviation")?);
    let beliefs = rows.texts("sku")?.into_iter().zip(numbers);
    Ok(beliefs.filter_map(|(code, (mean, sd))| Some((code?, ElasticityBelief { mean: mean?, sd: sd? }))).collect())
}

async fn baselines(view: &View, facts: &ShopFacts) -> Result<HashMap<String, Baseline>, AppError> {
    let day = facts.last_day + chrono::Days::new(EFFECT_DAYS as u64);
    let rows = view
        .sql(&format!(
            "select sku, sum_mean, sum_hi_80 from forecasts where measure = 'units' and status = 'ready' and day = date '{day}'"
        ))
        .await?;
    let columns = rows.texts("sku")?.into_iter().zip(rows.numbers("sum_mean")?).zip(rows.numbers("sum_hi_80")?);
    Ok(columns
        .filter_map(|((code, units), units_hi_80)| Some((code?, Baseline { units: units?, units_hi_80: units_hi_80? })))
        .collect())
}

async fn under_test(platform: &Platform, merchant: MerchantId) -> Result<HashSet<String>, AppError> {
    let running = PriceTestFilter { states: vec![PriceTestState::Running], sku: None };
    let page = tests::page(&platform.store, merchant, &running, &PageRequest::first(PAGE_SIZE_MAX)).await?;
    Ok(page.rows.into_iter().map(|test| test.sku.as_str().to_owned()).collect())
}
