//! Which price advice is worth a card: the measure that alerts have, by what the shop sells in four weeks.

use std::collections::BTreeSet;

use shelfiq_alerts::usual_share;
use shelfiq_core::{Money, Rounding};
use shelfiq_recommend::{Known, Recommendation, RecommendationKey, RecommendationKind, State};

use crate::brains::alert_facts::turnover;
use crate::brains::price::PriceBoard;
use crate::facts::ShopFacts;

/// Drops price advice whose expected gain is below the usual share of the shop's turnover. A merchant who set a least
/// impact has decided for themselves; open advice keeps its place until half the share, so that it does not come and go.
pub(super) fn drop_small(fresh: &mut Vec<Recommendation>, known: &[Known], board: &PriceBoard<'_>) {
    let Some(bar) = usual_bar(board.facts).filter(|_| board.settings.policy.min_impact.is_none()) else { return };
    let open: BTreeSet<&RecommendationKey> = known
        .iter()
        .filter(|one| matches!(one.lifecycle.state(), State::Open | State::Snoozed { .. }))
        .map(|one| &one.recommendation.key)
        .collect();
    fresh.retain(|one| !is_price(one) || reaches(one.impact.expected, bar, open.contains(&one.key)));
}

/// What price advice must be expected to gain in four weeks; `None` if the shop sold nothing.
pub(crate) fn usual_bar(facts: &ShopFacts) -> Option<Money> {
    turnover(facts)?.share(usual_share(), Rounding::HalfEven).ok()
}

const fn is_price(one: &Recommendation) -> bool {
    // A place among the rivals is wanted whatever it brings.
    one.aim.is_none() && matches!(one.key.kind, RecommendationKind::Reprice | RecommendationKind::PriceTest)
}

fn reaches(expected: Money, bar: Money, is_open: bool) -> bool {
    let least = if is_open { bar.minor() / 2 } else { bar.minor() };
    expected.currency() != bar.currency() || expected.minor() >= least
}

#[cfg(test)]
mod tests {
    use shelfiq_core::CurrencyCode;

    use super::*;

    #[test]
    fn pennies_are_not_worth_a_card_and_open_advice_keeps_its_place_for_half() {
        let gbp = |minor| Money::from_minor(minor, CurrencyCode::GBP);
        assert!(!reaches(gbp(18), gbp(1_000), false));
        assert!(reaches(gbp(1_000), gbp(1_000), false));
        assert!(reaches(gbp(600), gbp(1_000), true) && !reaches(gbp(600), gbp(1_000), false));
    }
}
