//! Evaluates every alert rule and stores what changed.

use std::collections::{BTreeMap, HashMap};

use chrono::TimeDelta;
use shelfiq_alerts::{
    AlertKind, AlertRule, Case, CaseKey, CaseState, Change, Condition, Subject, default_rules, evaluate,
};
use shelfiq_core::{AlertId, AlertRuleId, MerchantId};
use shelfiq_store::alert_rules::{self, NewAlertRule};
use shelfiq_store::alerts::{self, Alert, AlertCase, AlertState};
use shelfiq_store::anomaly_answers::{AnomalyKey, AnomalyMeasure};
use shelfiq_store::{Author, PAGE_SIZE_MAX, PageRequest, Transaction};

use crate::alerts::{COINCIDES_WITH, TOLD_ANOMALY};
use crate::brains::alert_facts::{Findings, Watching, as_of, observe, turnover};
use crate::brains::anomalies::SkuVerdicts;
use crate::error::AppError;
use crate::facts::ShopFacts;
use crate::live::LiveChange;
use crate::models;
use crate::platform::Platform;
use crate::recommendations::to_value;
use crate::run::ShopPolicy;

const PART: &str = "daily run";
/// Alerts resolved within these days can come back as the same case.
const REOPEN_DAYS: i64 = 7;

/// What an evaluation of all rules came to.
pub(crate) struct Evaluated {
    /// Cases that changed.
    pub(crate) changed: usize,
    /// Findings with too little at stake to tell anybody.
    pub(crate) too_small: usize,
}

/// Evaluates all rules.
pub(crate) async fn evaluate_all(
    platform: &Platform,
    merchant: MerchantId,
    facts: &ShopFacts,
    policy: &ShopPolicy,
    findings: Findings<'_>,
) -> Result<Evaluated, AppError> {
    let now = platform.clock.now();
    let turnover = turnover(facts);
    let mut observed = observe(facts, &policy.settings, &policy.limits, findings);
    observed.extend(models::forecasts_observed(platform, merchant).await?);
    observed.extend(models::quality_observed(platform, merchant).await?);
    let tx = platform.begin(Author::system(PART)).await?;
    alerts::wake_snoozed(&tx, merchant).await?;
    let rules = rules(platform, &tx, merchant).await?;
    let stored = cases(&tx, merchant, now - TimeDelta::days(REOPEN_DAYS)).await?;
    let known: BTreeMap<CaseKey, Case> = stored.iter().map(|(key, (_, case))| (key.clone(), case.clone())).collect();
    let (mut changed, mut too_small) = (Vec::new(), 0);
    for rule in &rules {
        // Freshness is judged by the real clock, everything else as of the data: an old file still tells a true story.
        let at = if rule.condition.kind() == AlertKind::DataFreshness { now } else { as_of(facts, now) };
        let evaluation = evaluate(rule, &known, &observed, turnover, at);
        too_small += evaluation.too_small;
        for transition in evaluation.transitions {
            let key = &transition.case.key;
            let before = stored.get(key);
            match (transition.change, before) {
                (Change::Dropped, Some((row, _))) => alerts::drop_pending(&tx, merchant, row.id).await?,
                (Change::Dropped, None) => {}
                (change, before) => {
                    // A case that resolved and fired anew beyond the reopening window is a new one.
                    let held = before
                        .map(|(row, _)| row)
                        .filter(|row| row.state != AlertState::Resolved || change == Change::Reopened);
                    let id = held.map_or_else(|| AlertId::from_uuid(platform.randomness.next_uuid(now)), |row| row.id);
                    let told = told_of(&transition.case.key, findings.verdicts);
                    changed.push(stored_case(id, &transition.case, told, held)?);
                }
            }
        }
    }
    let count = changed.len();
    alerts::put_all(&tx, merchant, changed).await?;
    tx.commit().await?;
    platform.live.publish(merchant, LiveChange::AlertsChanged {});
    Ok(Evaluated { changed: count, too_small })
}

type StoredCases = BTreeMap<CaseKey, (Alert, Case)>;

async fn cases(
    tx: &Transaction,
    merchant: MerchantId,
    resolved_since: chrono::DateTime<chrono::Utc>,
) -> Result<StoredCases, AppError> {
    let mut cases = StoredCases::new();
    let mut request = PageRequest::first(PAGE_SIZE_MAX);
    loop {
        let page = alerts::page_of_cases(tx, merchant, resolved_since, &request).await?;
        for row in page.rows {
            let Ok(case) = serde_json::from_value::<Case>(row.payload.clone()) else { continue };
            // Ids grow with time: of two cases for one key the later one counts.
            cases.insert(case.key.clone(), (row, case));
        }
        match page.next {
            Some(next) => request = PageRequest::new(PAGE_SIZE_MAX, Some(next)),
            None => return Ok(cases),
        }
    }
}

/// The merchant's rules. The usual one of each kind is written down at the first evaluation that knows the kind: at the
/// very first, and with a release that brings a new kind.
async fn rules(platform: &Platform, tx: &Transaction, merchant: MerchantId) -> Result<Vec<AlertRule>, AppError> {
    let stored = alert_rules::all(tx, merchant).await?;
    let mut rules: Vec<AlertRule> =
        stored.into_iter().filter_map(|row| serde_json::from_value(row.definition).ok()).collect();
    let known = alert_rules::kinds_ever(tx, merchant).await?;
    let is_new = |condition: &Condition| !known.iter().any(|kind| kind == condition.kind().as_str());
    // A merchant's own rule may have the name already; it keeps it.
    let names: Vec<String> = rules.iter().map(|rule| rule.name.clone()).collect();
    let is_free = |condition: &Condition| !names.iter().any(|name| name == condition.kind().title());
    for condition in default_rules().into_iter().filter(|one| is_new(one) && is_free(one)) {
        rules.push(insert_default(platform, tx, merchant, condition).await?);
    }
    Ok(rules)
}

async fn insert_default(
    platform: &Platform,
    tx: &Transaction,
    merchant: MerchantId,
    condition: Condition,
) -> Result<AlertRule, AppError> {
    let id = AlertRuleId::from_uuid(platform.randomness.next_uuid(tx.at()));
    let rule = AlertRule::with_defaults(id, condition);
    let kind = rule.condition.kind().to_string();
    let new = NewAlertRule { id, name: rule.name.clone(), kind, enabled: rule.enabled, definition: to_value(&rule)? };
    alert_rules::insert(tx, merchant, new).await?;
    Ok(rule)
}

/// What a case tells of.
struct Told {
    anomaly: AnomalyKey,
    /// What happened at the same time, in words.
    coincides_with: Option<String>,
}

/// The anomaly that a case tells of, if it tells of one.
fn told_of(key: &CaseKey, verdicts: &HashMap<String, SkuVerdicts>) -> Option<Told> {
    let Subject::Sku(sku) = &key.subject else { return None };
    let verdict = verdicts.get(sku.as_str())?;
    let (measure, day, coincidences) = match key.kind {
        AlertKind::DemandSpike | AlertKind::DemandDrop => {
            let demand = verdict.demand?;
            (demand.measure, demand.first_day, verdict.demand_coincidences.as_slice())
        }
        AlertKind::PriceAnomaly => (AnomalyMeasure::Price, verdict.price?.day, [].as_slice()),
        kind => {
            let watching = Watching::of(kind)?;
            let unusual = verdict.beside(watching.measures)?;
            (unusual.measure, unusual.day, unusual.coincidences.as_slice())
        }
    };
    let texts: Vec<&str> = coincidences.iter().map(|one| one.text.as_str()).collect();
    let coincides_with = (!texts.is_empty()).then(|| texts.join(", "));
    Some(Told { anomaly: AnomalyKey { sku: sku.clone(), measure, day }, coincides_with })
}

/// A firing case keeps what a member did with it: acknowledged and snoozed stay so while it lasts.
fn stored_case(id: AlertId, case: &Case, told: Option<Told>, held: Option<&Alert>) -> Result<AlertCase, AppError> {
    let (state, opened_at, resolved_at) = match case.state {
        CaseState::Pending { since } => (AlertState::Pending, since, None),
        CaseState::Firing { fired_at, .. } => {
            let kept = held
                .map(|row| row.state)
                .filter(|state| matches!(state, AlertState::Acknowledged | AlertState::Snoozed));
            (kept.unwrap_or(AlertState::Firing), fired_at, None)
        }
        CaseState::Resolved { fired_at, resolved_at } => (AlertState::Resolved, fired_at, Some(resolved_at)),
    };
    let sku = match &case.key.subject {
        Subject::Sku(sku) => Some(sku.clone()),
        Subject::Feed(_) | Subject::Rest => None,
    };
    Ok(AlertCase {
        id,
        rule: case.rule,
        key: case.key.to_string(),
        kind: case.key.kind.to_string(),
        sku,
        title: case.title.clone(),
        state,
        severity: serde_json::to_value(case.finding.severity)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned))
            .unwrap_or_default(),
        money_at_stake: case.finding.money_at_stake,
        payload: payload(case, told, held)?,
        opened_at,
        resolved_at,
        snoozed_until: held.filter(|row| row.state == state).and_then(|row| row.snoozed_until),
    })
}

/// The case, and the anomaly that it tells of: a case that is over still names the one it told of.
fn payload(case: &Case, told: Option<Told>, held: Option<&Alert>) -> Result<serde_json::Value, AppError> {
    let mut payload = to_value(case)?;
    let before = |name: &str| held.and_then(|row| row.payload.get(name).cloned());
    let (anomaly, coincides_with) = match (case.state, told) {
        (CaseState::Resolved { .. }, _) | (_, None) => (before(TOLD_ANOMALY), before(COINCIDES_WITH)),
        (_, Some(told)) => (Some(to_value(&told.anomaly)?), told.coincides_with.map(serde_json::Value::String)),
    };
    if let Some(fields) = payload.as_object_mut() {
        fields.extend(anomaly.map(|anomaly| (TOLD_ANOMALY.to_owned(), anomaly)));
        fields.extend(coincides_with.map(|text| (COINCIDES_WITH.to_owned(), text)));
    }
    Ok(payload)
}
