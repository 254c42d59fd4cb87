//! Which findings get an alert of their own, and which are told together: an inbox that a person can work through before
//! the first coffee is cold.
//!
//! Two things decide. What is at stake must reach the rule's share of what the shop sells in four weeks; and of one kind
//! of trouble the costliest [`OWN_ALERTS_MAX`] come first. Everything else joins one alert for "the rest" of its kind
//! with its sum and its members; where even the rest together does not reach the share, it is counted and not raised.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use shelfiq_core::{Money, Rounding, money_text};

use crate::condition::{Assessment, Holding};
use crate::{AlertKind, AlertRule, Case, CaseKey, CaseState, Cause, Member, Subject};

/// Alerts of their own of one kind at a time: whoever has more of the same trouble has one trouble.
pub const OWN_ALERTS_MAX: usize = 12;
/// Members that the alert for the rest lists; the sum and the count are always of all.
const MEMBERS_MAX: usize = 200;
/// Members that its sentence names.
const NAMED_MEMBERS: usize = 3;
/// Where no honest sum is at stake, this share of what the subject sells in four weeks stands in for it when findings
/// are compared. It is shown nowhere.
const SHARE_OF_TURNOVER_PERCENT: i64 = 5;

/// What one subject's fact came to.
#[derive(Debug)]
pub(crate) struct Sighting {
    pub(crate) title: String,
    /// What the subject sold in four weeks.
    pub(crate) turnover: Option<Money>,
    pub(crate) assessment: Assessment,
}

impl Sighting {
    /// What the finding is compared by; `None` where nothing is known, which counts as much.
    fn weight(&self, holding: &Holding) -> Option<Money> {
        let stand_in = || {
            let share = shelfiq_core::Ratio::from_percent(SHARE_OF_TURNOVER_PERCENT);
            self.turnover.and_then(|turnover| turnover.share(share, Rounding::HalfEven).ok())
        };
        holding.money_at_stake.or_else(stand_in)
    }
}

/// Marks what is told together, and adds the sighting of the rest. Returns how many findings are too small to be raised
/// at all. `bar` is the least weight of an alert of its own; without one all weigh enough.
pub(crate) fn sift(
    rule: &AlertRule,
    cases: &BTreeMap<CaseKey, Case>,
    bar: Option<Money>,
    sightings: &mut BTreeMap<CaseKey, Sighting>,
) -> usize {
    if sightings.is_empty() {
        return 0;
    }
    let together = told_together(cases, bar, sightings);
    let rest: Vec<(CaseKey, Sighting)> = together
        .into_iter()
        .filter_map(|key| {
            let told = Sighting { title: String::new(), turnover: None, assessment: Assessment::Told };
            let sighting = std::mem::replace(sightings.get_mut(&key)?, told);
            Some((key, sighting))
        })
        .collect();
    let count = rest.len();
    let assessment = if reaches(bar, &rest) { Assessment::Holds(tell(rule, rest)) } else { Assessment::Over };
    let too_small = if assessment == Assessment::Over { count } else { 0 };
    let title = format!("{count} more {}", if count == 1 { "product" } else { "products" });
    let key = CaseKey { kind: rule.condition.kind(), subject: Subject::Rest };
    sightings.insert(key, Sighting { title, turnover: None, assessment });
    too_small
}

/// The keys of findings that get no alert of their own.
fn told_together(
    cases: &BTreeMap<CaseKey, Case>,
    bar: Option<Money>,
    sightings: &BTreeMap<CaseKey, Sighting>,
) -> BTreeSet<CaseKey> {
    let mut holding: Vec<(bool, Option<Money>, &CaseKey)> = sightings
        .iter()
        .filter_map(|(key, sighting)| {
            let Assessment::Holds(holding) = &sighting.assessment else { return None };
            let is_open = cases.get(key).is_some_and(|case| matches!(case.state, CaseState::Firing { .. }));
            Some((is_open, sighting.weight(holding), key))
        })
        .collect();
    // Open ones stay where they are: an alert that comes and goes with its rank is a nuisance.
    holding.sort_by_key(|(is_open, weight, key)| (Reverse(*is_open), weight.map(|money| Reverse(money.minor())), *key));
    let (mut own, mut together) = (0, BTreeSet::new());
    for (is_open, weight, key) in holding {
        // Half the bar keeps an open alert open, so that a sum that trembles around the bar raises one alert.
        let least =
            bar.map(|bar| Money::from_minor(if is_open { bar.minor() / 2 } else { bar.minor() }, bar.currency()));
        let is_small =
            weight.zip(least).is_some_and(|(weight, least)| weight.compare(least).is_ok_and(|order| order.is_lt()));
        if is_small || own == OWN_ALERTS_MAX {
            together.insert(key.clone());
        } else {
            own += 1;
        }
    }
    together
}

/// Whether the rest together weighs as much as one alert of its own.
fn reaches(bar: Option<Money>, rest: &[(CaseKey, Sighting)]) -> bool {
    let Some(bar) = bar else { return !rest.is_empty() };
    let weights = rest.iter().filter_map(|(_, sighting)| match &sighting.assessment {
        Assessment::Holds(holding) => sighting.weight(holding),
        _ => None,
    });
    sum(weights.filter(|weight| weight.currency() == bar.currency())).is_some_and(|sum| sum.minor() >= bar.minor())
}

/// The finding of the rest.
fn tell(rule: &AlertRule, rest: Vec<(CaseKey, Sighting)>) -> Holding {
    let mut holdings: Vec<(Option<Money>, Member, Holding)> = rest
        .into_iter()
        .filter_map(|(key, sighting)| {
            let Assessment::Holds(holding) = &sighting.assessment else { return None };
            let weight = sighting.weight(holding);
            let holding = holding.clone();
            let member = Member { subject: key.subject, title: sighting.title, money_at_stake: holding.money_at_stake };
            Some((weight, member, holding))
        })
        .collect();
    holdings.sort_by_key(|(weight, ..)| Reverse(weight.map_or(0, Money::minor)));
    let count = holdings.len();
    let money_at_stake = sum(holdings.iter().filter_map(|(_, member, _)| member.money_at_stake));
    let (_, _, first) = &holdings[0];
    let cause = if holdings.iter().all(|(.., holding)| holding.cause == first.cause) {
        first.cause.clone()
    } else {
        Cause::Unknown
    };
    let since = holdings.iter().map(|(.., holding)| holding.since).min().unwrap_or(first.since);
    let action = first.action;
    let mut members: Vec<Member> = holdings.into_iter().map(|(_, member, _)| member).collect();
    let sentence = sentence(rule.condition.kind(), &members, money_at_stake);
    debug_assert_eq!(members.len(), count, "every finding is a member");
    members.truncate(MEMBERS_MAX);
    Holding { sentence, since, money_at_stake, cause, action, members }
}

fn sentence(kind: AlertKind, members: &[Member], money_at_stake: Option<Money>) -> String {
    let named: Vec<String> = members
        .iter()
        .take(NAMED_MEMBERS)
        .map(|member| {
            let stake = member.money_at_stake.map(|money| format!(" ({})", money_text(money))).unwrap_or_default();
            format!(
                "{}{stake}",
                if member.title.is_empty() { member.subject.to_string() } else { member.title.clone() }
            )
        })
        .collect();
    let others = members.len() - named.len();
    let tail = if others > 0 { format!(" and {others} others") } else { String::new() };
    let stake = money_at_stake.map(|money| format!(", {} together", money_text(money))).unwrap_or_default();
    format!("{} more {}{stake}: {}{tail}", members.len(), trouble(kind, members.len()), named.join(", "))
}

/// What one or several of a kind do.
const fn trouble(kind: AlertKind, count: usize) -> &'static str {
    let is_one = count == 1;
    match kind {
        AlertKind::PriceAnomaly if is_one => "product has an unusual price",
        AlertKind::PriceAnomaly => "products have an unusual price",
        AlertKind::DemandSpike if is_one => "product sells more than expected",
        AlertKind::DemandSpike => "products sell more than expected",
        AlertKind::DemandDrop if is_one => "product sells less than expected",
        AlertKind::DemandDrop => "products sell less than expected",
        AlertKind::StockOutRisk if is_one => "product runs out before new stock can arrive",
        AlertKind::StockOutRisk => "products run out before new stock can arrive",
        AlertKind::DataFreshness if is_one => "input is late",
        AlertKind::DataFreshness => "inputs are late",
        AlertKind::MarginLoss if is_one => "product sells at a loss or with too thin a margin",
        AlertKind::MarginLoss => "products sell at a loss or with too thin a margin",
        AlertKind::RivalUndercut if is_one => "product is undercut by a rival",
        AlertKind::RivalUndercut => "products are undercut by rivals",
        AlertKind::RatingDrop if is_one => "product is rated worse than before",
        AlertKind::RatingDrop => "products are rated worse than before",
        AlertKind::ForecastQuality if is_one => "model misses by more than it says",
        AlertKind::ForecastQuality => "models miss by more than they say",
        AlertKind::DataQuality if is_one => "kind of value is missing more often than before",
        AlertKind::DataQuality => "kinds of values are missing more often than before",
        AlertKind::RivalMove if is_one => "product has a rival with an unusual price",
        AlertKind::RivalMove => "products have rivals with unusual prices",
        AlertKind::TrafficChange if is_one => "product has unusually many or few visits",
        AlertKind::TrafficChange => "products have unusually many or few visits",
        AlertKind::ReviewSurge if is_one => "product is reviewed far more often than before",
        AlertKind::ReviewSurge => "products are reviewed far more often than before",
        AlertKind::StockLoss if is_one => "product misses units at a count",
        AlertKind::StockLoss => "products miss units at counts",
    }
}

/// The sum of amounts in the currency of the first; `None` of none.
fn sum(amounts: impl Iterator<Item = Money>) -> Option<Money> {
    amounts.fold(None, |sum, money| match sum {
        None => Some(money),
        // Another currency, or more than 64 bits of cents: neither belongs to one shop's four weeks.
        Some(sum) => Some(sum.plus(money).unwrap_or(sum)),
    })
}
