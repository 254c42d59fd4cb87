//! A fresh run meets what the merchant already has: renew instead of repeating, respect decisions.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, RecommendationId};

use crate::amount::float;
use crate::{Action, Lifecycle, Policy, Recommendation, RecommendationKey, State};

/// The newest stored recommendation of a key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// Its id.
    pub id: RecommendationId,
    /// What it says.
    pub recommendation: Recommendation,
    /// What became of it.
    pub lifecycle: Lifecycle,
}

/// What to store after a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Change {
    /// A new recommendation.
    Insert {
        /// What it says.
        recommendation: Box<Recommendation>,
    },
    /// New figures for a recommendation that is open or snoozed; it stays as it stands.
    Renew {
        /// Which one.
        id: RecommendationId,
        /// What it says now.
        recommendation: Box<Recommendation>,
    },
    /// A snoozed recommendation woke up, an open one expired, or the signals no longer support it.
    Move {
        /// Which one.
        id: RecommendationId,
        /// What became of it.
        lifecycle: Lifecycle,
    },
}

/// Compares the advice of a fresh run with what is stored and says what to write, in the order of the keys.
///
/// - New advice for a key that nothing claims is inserted.
/// - Open and snoozed advice is renewed; what the run no longer supports expires. A snoozed one wakes up in time.
/// - Accepted advice keeps its key, and after a completed action the Sku rests for [`Policy::rest_days`].
/// - Dismissed advice stays dismissed until the impact, the price or the quantity changed by
///   [`Policy::material_change`], or another kind of action is advised.
///
/// `examined` are the keys that the run looked at: advice for other Skus is only moved by time. `known` holds the newest
/// recommendation per key; of two fresh ones for a key the one with the higher priority counts.
#[must_use]
pub fn reconcile(
    known: &[Known],
    fresh: Vec<Recommendation>,
    examined: &BTreeSet<RecommendationKey>,
    policy: &Policy,
    now: DateTime<Utc>,
) -> Vec<Change> {
    let mut offered: BTreeMap<RecommendationKey, Recommendation> = BTreeMap::new();
    for recommendation in fresh {
        let better = offered
            .get(&recommendation.key)
            .is_none_or(|other| other.priority.minor() < recommendation.priority.minor());
        if better {
            offered.insert(recommendation.key.clone(), recommendation);
        }
    }
    let stored: BTreeMap<&RecommendationKey, &Known> =
        known.iter().map(|known| (&known.recommendation.key, known)).collect();
    let keys: BTreeSet<&RecommendationKey> = stored.keys().copied().chain(offered.keys()).collect();

    let mut changes = Vec::new();
    for key in keys {
        let (known, offer) = (stored.get(key).copied(), offered.get(key).cloned());
        match (known, offer) {
            (None, Some(offer)) => changes.push(insert(offer)),
            (Some(known), Some(offer)) => changes.extend(meet(known, offer, policy, now)),
            (Some(known), None) => {
                let settled = if examined.contains(key) { known.lifecycle.withdrawn(now) } else { None };
                let moved = settled.or_else(|| known.lifecycle.tick(known.recommendation.expires_at, now));
                changes.extend(moved.map(|lifecycle| Change::Move { id: known.id, lifecycle }));
            }
            (None, None) => {}
        }
    }
    changes
}

fn insert(offer: Recommendation) -> Change {
    Change::Insert { recommendation: Box::new(offer) }
}

/// Fresh advice for a key that already has a history.
fn meet(known: &Known, offer: Recommendation, policy: &Policy, now: DateTime<Utc>) -> Vec<Change> {
    let rest = TimeDelta::days(policy.rest_days.into());
    match known.lifecycle.state() {
        State::Open | State::Snoozed { .. } => {
            let woken = known.lifecycle.tick(offer.expires_at, now);
            let renew = Change::Renew { id: known.id, recommendation: Box::new(offer) };
            let wake = woken.map(|lifecycle| Change::Move { id: known.id, lifecycle });
            std::iter::once(renew).chain(wake).collect()
        }
        State::Accepted => Vec::new(),
        State::Done if now - known.lifecycle.since() < rest => Vec::new(),
        State::Dismissed { .. } if !is_material(&known.recommendation, &offer, policy) => Vec::new(),
        State::Done | State::Dismissed { .. } | State::Expired => vec![insert(offer)],
    }
}

/// Whether fresh advice says something that the merchant has not yet turned down.
fn is_material(before: &Recommendation, after: &Recommendation, policy: &Policy) -> bool {
    let bound = policy.material_change.to_f64();
    let moved = |from: f64, to: f64| (to - from).abs() > bound * from.abs().max(f64::MIN_POSITIVE);
    let amounts = |from: Money, to: Money| {
        from.currency() != to.currency() || moved(float(from.to_major()), float(to.to_major()))
    };
    // Less to gain than what was turned down is no news.
    let gains_more = after.impact.expected.minor() > before.impact.expected.minor()
        && amounts(before.impact.expected, after.impact.expected);
    let acts_otherwise = match (&before.action, &after.action) {
        (Action::SetPrice { from, to }, Action::SetPrice { from: from_now, to: to_now })
        | (Action::TestPrice { from, to, .. }, Action::TestPrice { from: from_now, to: to_now, .. })
        | (Action::Markdown { from, to }, Action::Markdown { from: from_now, to: to_now }) => {
            // Prices move by a few percent: what counts is the step, and whether it changed its direction.
            let step = |from: f64, to: f64| to - from;
            let old = step(float(from.amount()), float(to.to_major()));
            let new = step(float(from_now.amount()), float(to_now.to_major()));
            old.signum() != new.signum()
        }
        (Action::Order { quantity, .. }, Action::Order { quantity: quantity_now, .. }) => {
            quantity_now > quantity && moved(quantity.units() as f64, quantity_now.units() as f64)
        }
        (Action::Bundle { with, .. }, Action::Bundle { with: with_now, .. }) => with != with_now,
        _ => true,
    };
    gains_more || acts_otherwise
}
