//! One Sku's signals become advice, one file per kind.

mod reprice;
mod restock;
mod slow_mover;

use chrono::{DateTime, Days, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_core::{Money, Ratio, money_text};

use crate::amount::{money, ratio};
use crate::{
    Action, Evidence, EvidenceValue, GuardRail, Impact, Link, Policy, Recommendation, RecommendationKey,
    RecommendationKind, SkuSignals,
};

/// What a kind of advice came to for one Sku.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Advice {
    /// Do this.
    Give(Box<Recommendation>),
    /// No advice, and why.
    Withhold(Withheld),
}

/// Advice that is not given, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// Which advice.
    pub key: RecommendationKey,
    /// The class of the reason.
    pub why: NoAdvice,
    /// The reason with its numbers, in a sentence.
    pub reason: String,
}

/// Why advice is not given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoAdvice {
    /// Nothing needs doing.
    NothingToDo,
    /// Too few sales, prices or stock counts.
    NotEnoughData,
    /// The sales do not tell how demand answers to price.
    NotIdentified,
    /// The effect is too small or too unsure.
    NotWorthwhile,
    /// A guard rail forbids it.
    GuardRail,
    /// Something else must be settled first.
    Conflict,
}

/// What each kind of advice comes to for one Sku, in the order of [`RecommendationKind`]; price and price test share
/// one entry. Always three entries: stock, price, slow mover.
#[must_use]
pub fn advise(signals: &SkuSignals, policy: &Policy, now: DateTime<Utc>) -> Vec<Advice> {
    let desk = Desk { signals, policy, now };
    [restock::advise(&desk), reprice::advise(&desk), slow_mover::advise(&desk)]
        .into_iter()
        .map(|outcome| match outcome {
            Ok(recommendation) => Advice::Give(Box::new(recommendation)),
            Err(withheld) => Advice::Withhold(withheld),
        })
        .collect()
}

/// The arguments that every kind of advice needs.
struct Desk<'a> {
    signals: &'a SkuSignals,
    policy: &'a Policy,
    now: DateTime<Utc>,
}

/// The parts of a recommendation that differ from kind to kind.
struct Draft {
    kind: RecommendationKind,
    action: Action,
    expected: f64,
    lo: f64,
    hi: f64,
    horizon_days: u32,
    against: &'static str,
    confidence: f64,
    days_until_damage: f64,
    /// What the merchant's strategy aims at, where that is not the gain: then it is advised whatever the gain.
    aim: Option<String>,
    reason: String,
    evidence: Vec<Evidence>,
    guard_rails: Vec<GuardRail>,
}

impl Desk<'_> {
    fn withhold(&self, kind: RecommendationKind, why: NoAdvice, reason: impl Into<String>) -> Withheld {
        Withheld { key: self.key(kind), why, reason: reason.into() }
    }

    fn key(&self, kind: RecommendationKind) -> RecommendationKey {
        RecommendationKey { kind, sku: self.signals.sku.clone() }
    }

    /// What one unit earns after its cost, in major units, and the evidence for it. `None` without a price.
    fn unit_margin(&self) -> Option<(f64, Evidence)> {
        let currency = self.signals.currency;
        let price = crate::amount::price_in(self.signals.price, currency)?;
        Some(match crate::amount::price_in(self.signals.unit_cost, currency) {
            Some(cost) => {
                let value = money(price - cost, currency)
                    .map_or_else(|| EvidenceValue::Text("unknown".to_owned()), EvidenceValue::Money);
                (price - cost, Evidence { label: "Earned per unit".to_owned(), value, link: Link::Prices })
            }
            None => {
                let share = self.policy.assumed_margin;
                let label = "Margin assumed, because the cost is unknown".to_owned();
                (price * share.to_f64(), Evidence { label, value: EvidenceValue::Ratio(share), link: Link::Policy })
            }
        })
    }

    /// Puts the figures together and drops what is not worth a card.
    fn finish(&self, draft: Draft) -> Result<Recommendation, Withheld> {
        let currency = self.signals.currency;
        let kind = draft.kind;
        let unknown =
            || self.withhold(kind, NoAdvice::NotEnoughData, "The effect cannot be computed from the figures at hand");
        let amount = |major: f64| money(major, currency).ok_or_else(unknown);
        let impact = Impact {
            expected: amount(draft.expected)?,
            lo: amount(draft.lo.min(draft.expected))?,
            hi: amount(draft.hi.max(draft.expected))?,
            horizon_days: draft.horizon_days,
            against: draft.against.to_owned(),
        };
        let floor = self.policy.min_impact.unwrap_or(Money::zero(currency));
        let is_large_enough =
            impact.expected.compare(floor).is_ok_and(|order| order.is_ge()) && impact.expected.minor() > 0;
        if draft.aim.is_none() && !is_large_enough {
            let reason = format!("The expected gain of {} is too small to act on", money_text(impact.expected));
            return Err(self.withhold(kind, NoAdvice::NotWorthwhile, reason));
        }
        let urgency = urgency(draft.days_until_damage);
        let confidence = draft.confidence.clamp(0.0, 1.0);
        let expires_at = self.now.checked_add_days(Days::new(self.policy.expires_after_days.into()));
        Ok(Recommendation {
            key: self.key(kind),
            title: self.signals.title.clone(),
            action: draft.action,
            // A position that costs something matters as much as one that gains as much.
            priority: amount(draft.expected.abs() * confidence * urgency)?,
            impact,
            confidence: ratio(confidence),
            urgency: ratio(urgency),
            aim: draft.aim,
            reason: draft.reason,
            evidence: draft.evidence,
            guard_rails: draft.guard_rails,
            computed_at: self.now,
            expires_at: expires_at.unwrap_or(self.now + TimeDelta::days(7)),
        })
    }
}

/// Halves with every week until waiting does damage; 1 when it already does.
fn urgency(days_until_damage: f64) -> f64 {
    (-days_until_damage.max(0.0) / 7.0).exp2()
}

/// An effect that builds up evenly is damaged by waiting once a tenth of it is lost.
fn days_until_a_tenth_is_lost(horizon_days: u32) -> f64 {
    f64::from(horizon_days) / 10.0
}

fn passed(name: &str, detail: String) -> GuardRail {
    GuardRail { name: name.to_owned(), detail }
}

fn fact(label: &str, value: EvidenceValue, link: Link) -> Evidence {
    Evidence { label: label.to_owned(), value, link }
}

/// A share as whole percent, for sentences.
fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// The change from one amount to another, as a share of the first.
fn change(from: f64, to: f64) -> Ratio {
    ratio(to / from - 1.0)
}
