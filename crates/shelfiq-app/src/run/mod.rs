//! The daily run: facts → forecasts → elasticities → anomalies → recommendations → alerts. Each stage stores what it found;
//! running it twice on the same data changes nothing.

mod advise;
mod alert;
mod publish;
mod worth;

use std::collections::HashMap;
use std::sync::Arc;

use advise::Grounds;
pub(crate) use advise::{figures, opened};
pub(crate) use publish::{LEVEL_CATEGORY, LEVEL_STORE, WHOLE_SHOP, WITHOUT_CATEGORY, class_name};
pub(crate) use worth::usual_bar;

use serde::{Deserialize, Serialize};
use shelfiq_core::MerchantId;
use shelfiq_store::{PAGE_SIZE_MAX, PageRequest, merchants, sku_settings};

use crate::brains::alert_facts::Findings;
use crate::brains::anomalies::Discretion;
use crate::brains::{self, anomalies, elasticity};
use crate::error::AppError;
use crate::facts::{self, Shop, ShopFacts};
use crate::ledger;
use crate::models::{self, Breadth};
use crate::platform::{Platform, run_cpu};
use crate::price_tests;
use crate::settings::{ShopSettings, SkuLimits};

/// What a run should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunScope {
    /// Everything.
    Daily,
    /// Forecasts only.
    Forecasts,
    /// Elasticities only.
    Elasticities,
    /// Anomalies and what follows from them: alerts.
    Anomalies,
    /// Recommendations, with the models they need.
    Recommendations,
    /// Alerts, with the models they need.
    Alerts,
}

impl RunScope {
    /// The scope of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
    }

    /// The name as stored and as typed.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Forecasts => "forecasts",
            Self::Elasticities => "elasticities",
            Self::Anomalies => "anomalies",
            Self::Recommendations => "recommendations",
            Self::Alerts => "alerts",
        }
    }

    const fn advises(self) -> bool {
        matches!(self, Self::Daily | Self::Recommendations)
    }

    const fn alerts(self) -> bool {
        matches!(self, Self::Daily | Self::Alerts | Self::Anomalies)
    }
}

/// What a run found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// Skus looked at.
    pub skus: usize,
    /// Forecasts that are ready (the rest lacks data).
    pub forecasts_ready: usize,
    /// Elasticities that the data identify.
    pub elasticities_identified: usize,
    /// Recommendations that are new or renewed.
    pub recommendations: usize,
    /// Lines of the decision ledger that something new is known about.
    #[serde(default)]
    pub decisions_measured: usize,
    /// Alerts that opened, changed or closed.
    pub alerts: usize,
    /// Findings with too little at stake, even taken together, to raise an alert.
    #[serde(default)]
    pub alerts_too_small: usize,
    /// Earlier runs whose forecasts were compared with what happened since.
    #[serde(default)]
    pub origins_judged: usize,
    /// Why the forecast model could not answer, if it could not: last week's sales stand in its place.
    #[serde(default)]
    pub forecast_fell_back: Option<String>,
    /// Why the trial of another model version was ended, if it was.
    #[serde(default)]
    pub model_rolled_back: Option<String>,
}

/// A merchant's currency, zone, settings and limits.
pub(crate) struct ShopPolicy {
    pub(crate) shop: Shop,
    pub(crate) settings: ShopSettings,
    pub(crate) limits: HashMap<String, SkuLimits>,
}

impl ShopPolicy {
    pub(crate) async fn load(platform: &Platform, merchant: MerchantId) -> Result<Self, AppError> {
        let row = merchants::get(&platform.store, merchant).await?;
        let settings = serde_json::from_value(row.settings).unwrap_or_default();
        let mut limits = HashMap::new();
        let mut request = PageRequest::first(PAGE_SIZE_MAX);
        loop {
            let page = sku_settings::page(&platform.store, merchant, &request).await?;
            limits.extend(page.rows.into_iter().map(|row| (row.sku.as_str().to_owned(), SkuLimits::from(row))));
            match page.next {
                Some(next) => request = PageRequest::new(PAGE_SIZE_MAX, Some(next)),
                None => break,
            }
        }
        let shop = Shop { merchant, currency: row.currency, time_zone: row.time_zone };
        Ok(Self { shop, settings, limits })
    }
}

/// Runs what `scope` asks for. `progress` hears the share done and the stage.
///
/// # Errors
/// [`AppError`] if a store fails; what was stored by then stays.
pub async fn run(
    platform: &Platform,
    merchant: MerchantId,
    scope: RunScope,
    progress: &(dyn Fn(f64, &str) + Sync),
) -> Result<RunReport, AppError> {
    progress(0.02, "reading the shop");
    let policy = Arc::new(ShopPolicy::load(platform, merchant).await?);
    let today = policy.shop.time_zone.day_of(platform.clock.now());
    let view = platform.query.view(merchant).await?;
    let Some(facts) = facts::load(&view, &policy.shop, today, None).await? else {
        return Ok(RunReport::default());
    };
    let facts = Arc::new(facts);
    let mut report = RunReport { skus: facts.skus.len(), ..RunReport::default() };

    progress(0.15, "forecasting demand");
    let keeps_forecasts = matches!(scope, RunScope::Daily | RunScope::Forecasts);
    let breadth = if keeps_forecasts { Breadth::Tracked } else { Breadth::Served };
    // What has drifted is trained anew before it is asked.
    let drift = match keeps_forecasts {
        true => Some(models::watch_drift(platform, merchant, &facts).await?),
        false => None,
    };
    let mut made = models::forecast_shop(platform, merchant, &facts, breadth, drift.as_ref()).await?;
    report.forecast_fell_back.clone_from(&made.fell_back);
    if keeps_forecasts {
        progress(0.40, "comparing earlier forecasts with what happened");
        let followed = models::follow_up(platform, merchant, &facts, &made).await?;
        (report.origins_judged, report.model_rolled_back) = (followed.origins_judged, followed.rolled_back);
        // A canary whose trial has just ended serves nobody any more.
        if report.model_rolled_back.is_some() {
            made.withdraw_canary();
        }
    }
    let demand = &made.published;
    report.forecasts_ready =
        demand.skus.iter().filter(|forecast| forecast.status == shelfiq_forecast::Status::Ready).count();
    if keeps_forecasts {
        let revenue = on_facts(&facts, brains::demand::forecast_revenue).await;
        publish::forecasts(platform, merchant, &demand.skus, &revenue).await?;
        publish::group_forecasts(platform, merchant, demand).await?;
        publish::forecast_parts(platform, merchant, &demand.skus, &made.explained(&facts).await).await?;
    }

    progress(0.60, "estimating price elasticities");
    let mut elasticities = on_facts(&facts, elasticity::estimate).await;
    let tests = price_tests::read_all(platform, merchant, &facts).await?;
    tests.teach(&mut elasticities);
    report.elasticities_identified = elasticities.rows.iter().filter(|row| row.identified()).count();
    if matches!(scope, RunScope::Daily | RunScope::Elasticities) {
        publish::elasticities(platform, merchant, &elasticities).await?;
        publish::demand_effects(platform, merchant, &elasticities).await?;
        models::record_elasticities(platform, merchant, &facts, &elasticities).await?;
    }

    progress(0.75, "looking for anomalies");
    let discretion = Discretion::load(platform, merchant).await?;
    let (judged, false_share) = (Arc::clone(&facts), policy.settings.anomaly_false_share.to_f64());
    let known = elasticities.rows.iter().filter(|row| row.identified());
    let known: HashMap<String, f64> = known.map(|row| (row.id.clone(), row.belief.mean)).collect();
    let rival_elasticities = elasticity::rival_elasticities(&elasticities);
    let verdicts = Arc::new(run_cpu(move || anomalies::judge(&judged, &known, &discretion, false_share)).await);
    if matches!(scope, RunScope::Daily | RunScope::Anomalies) {
        models::record_anomalies(platform, merchant, &facts, &verdicts).await?;
    }

    if scope == RunScope::Daily {
        progress(0.80, "measuring decisions");
        report.decisions_measured = ledger::measure_all(platform, merchant, &facts, &policy).await?;
    }
    if scope.advises() {
        progress(0.85, "weighing recommendations");
        let grounds = Grounds {
            facts: Arc::clone(&facts),
            policy: Arc::clone(&policy),
            elasticities: Arc::new(elasticities),
            demand: Arc::clone(demand),
            verdicts: Arc::clone(&verdicts),
            tests,
        };
        report.recommendations = advise::advise_all(platform, merchant, grounds).await?;
    }
    if scope.alerts() {
        progress(0.95, "evaluating alert rules");
        let findings =
            Findings { forecasts: &demand.skus, verdicts: &verdicts, rival_elasticities: &rival_elasticities };
        let evaluated = alert::evaluate_all(platform, merchant, &facts, &policy, findings).await?;
        (report.alerts, report.alerts_too_small) = (evaluated.changed, evaluated.too_small);
    }
    platform.data_changed(merchant);
    progress(1.0, "done");
    Ok(report)
}

async fn on_facts<T: Send + 'static>(facts: &Arc<ShopFacts>, work: fn(&ShopFacts) -> T) -> T {
    let facts = Arc::clone(facts);
    run_cpu(move || work(&facts)).await
}
