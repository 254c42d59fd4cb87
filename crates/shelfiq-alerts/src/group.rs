//! One alert, not forty: cases that share a kind and a cause are told as one incident.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::Money;

use crate::{AlertKind, Case, CaseKey, Cause, Severity, Subject};

/// What the members of an incident have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncidentKey {
    /// The kind of trouble.
    pub kind: AlertKind,
    /// The cause they share.
    pub cause: Cause,
}

/// One or more open cases, told as one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// What the members have in common.
    pub key: IncidentKey,
    /// The worst severity among the members.
    pub severity: Severity,
    /// When the first of them began.
    pub since: DateTime<Utc>,
    /// What is at stake in all, one sum per currency in the order of their codes. Empty if no member has a figure.
    pub money_at_stake: Vec<Money>,
    /// The finding of a single member, or a summary with the count.
    pub sentence: String,
    /// The members, the one with most at stake first.
    pub members: Vec<CaseKey>,
    /// Why the members are probably a consequence of something else that is firing: late input makes demand look low.
    pub caveat: Option<String>,
}

/// Groups cases by kind and cause; cases that are not firing are left out. The worst incident comes first, then the one
/// with most members, then by kind: the same cases always give the same list.
#[must_use]
pub fn group<'a>(cases: impl IntoIterator<Item = &'a Case>) -> Vec<Incident> {
    let firing: Vec<&Case> =
        cases.into_iter().filter(|case| matches!(case.state, crate::CaseState::Firing { .. })).collect();
    let late_feeds: Vec<&str> = firing
        .iter()
        .filter_map(|case| match &case.key {
            CaseKey { kind: AlertKind::DataFreshness, subject: Subject::Feed(feed) } => Some(feed.as_str()),
            _ => None,
        })
        .collect();

    let mut bundles: BTreeMap<(AlertKind, String), Vec<&Case>> = BTreeMap::new();
    for case in firing {
        bundles.entry((case.key.kind, format!("{:?}", case.finding.cause))).or_default().push(case);
    }
    let mut incidents: Vec<Incident> = bundles.into_values().map(|members| incident(members, &late_feeds)).collect();
    incidents.sort_by(|a, b| {
        b.severity.cmp(&a.severity).then(b.members.len().cmp(&a.members.len())).then(a.key.kind.cmp(&b.key.kind))
    });
    incidents
}

fn incident(mut members: Vec<&Case>, late_feeds: &[&str]) -> Incident {
    members.sort_by(|a, b| stake(b).cmp(&stake(a)).then_with(|| a.key.cmp(&b.key)));
    let first = members[0];
    let money_at_stake = total(&members);
    let sentence = match members.as_slice() {
        [only] => only.finding.sentence.clone(),
        many => summary(first, many.len(), &money_at_stake),
    };
    // Sales that have not arrived look like sales that did not happen.
    let caveat = match (first.key.kind, late_feeds) {
        (AlertKind::DemandDrop | AlertKind::StockOutRisk, [feed, ..]) => {
            Some(format!("the input `{feed}` is late, so this may be missing input rather than missing demand"))
        }
        _ => None,
    };
    Incident {
        key: IncidentKey { kind: first.key.kind, cause: first.finding.cause.clone() },
        severity: members.iter().map(|case| case.finding.severity).max().unwrap_or(first.finding.severity),
        since: members.iter().map(|case| case.finding.since).min().unwrap_or(first.finding.since),
        money_at_stake,
        sentence,
        members: members.iter().map(|case| case.key.clone()).collect(),
        caveat,
    }
}

fn stake(case: &Case) -> i64 {
    case.finding.money_at_stake.map_or(0, Money::minor)
}

fn total(members: &[&Case]) -> Vec<Money> {
    let mut sums: BTreeMap<shelfiq_core::CurrencyCode, Money> = BTreeMap::new();
    for money in members.iter().filter_map(|case| case.finding.money_at_stake) {
        let sum = sums.entry(money.currency()).or_insert_with(|| Money::zero(money.currency()));
        // A sum beyond 64 bits of cents keeps its last valid value: it is beyond any shop.
        *sum = sum.plus(money).unwrap_or(*sum);
    }
    sums.into_values().collect()
}

fn summary(first: &Case, count: usize, money: &[Money]) -> String {
    let what = match first.key.kind {
        AlertKind::PriceAnomaly => "products have an unusual price",
        AlertKind::DemandSpike => "products sell more than expected",
        AlertKind::DemandDrop => "products sell less than expected",
        AlertKind::StockOutRisk => "products run out before new stock can arrive",
        AlertKind::DataFreshness => "inputs are late",
        AlertKind::MarginLoss => "products sell at a loss or with too thin a margin",
        AlertKind::RivalUndercut => "products are undercut",
        AlertKind::RatingDrop => "products are rated worse than before",
    };
    let cause = first.finding.cause.clause().map(|clause| format!(": {clause}")).unwrap_or_default();
    let sums: Vec<String> = money.iter().filter(|money| money.minor() > 0).map(Money::to_string).collect();
    let stake = if sums.is_empty() { String::new() } else { format!("; {} at stake", sums.join(" and ")) };
    format!("{count} {what}{cause}{stake}")
}
