//! How a shop prices: what it aims at, how bold it is, and when prices stand still.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;
use shelfiq_pricing::{CompetitiveStance, Objective, OptimizeOptions, Reference, RiskAttitude};

use crate::error::AppError;

/// The merchant's policy for prices. The daily advice obeys it; limits of single Skus come on top.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PricingPolicy {
    /// What a price should make as large as possible. Without a unit cost it is always the revenue.
    pub objective: Objective,
    /// How a price is found.
    pub strategy: PricingStrategy,
    /// Where to stand among the rivals, if the strategy is [`PricingStrategy::Compete`].
    pub stance: CompetitiveStance,
    /// Names under which the shop sells itself: its own offers are no rival's.
    pub own_sellers: Vec<String>,
    /// How doubt about demand weighs when prices are compared.
    pub risk: RiskChoice,
    /// Probability of a gain below which a price is kept.
    pub confidence: Ratio,
    /// Whether a price may be cut without announcing the cut.
    pub reductions: ReductionRule,
    /// Smallest reduction worth announcing, as a share of the lowest price of thirty days.
    pub reduction_min: Ratio,
    /// Days on which prices stand still: promotions that run, announcements that hold. By their first day.
    pub frozen: Vec<FrozenDays>,
}

/// How a price is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PricingStrategy {
    /// The price that earns most of the objective.
    Earn,
    /// A place among the rivals, as far as it costs little; without rivals the price that earns most.
    Compete,
}

/// How doubt about demand weighs when prices are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskChoice {
    /// The expected gain decides.
    Neutral,
    /// What is reached in four cases of five decides.
    Careful,
    /// The mean of the worst fifth of all cases decides.
    VeryCareful,
}

/// Whether a price may be cut without announcing the cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReductionRule {
    /// It may.
    Any,
    /// Only where the cut may lawfully be announced: below the lowest price of the last thirty days.
    OnlyAnnounceable,
}

/// Days on which no price changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrozenDays {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
    /// Why: "spring sale".
    pub name: String,
}

impl Default for PricingPolicy {
    /// The highest margin that is 80 % sure; no position among rivals, nothing frozen.
    fn default() -> Self {
        Self {
            objective: Objective::Margin,
            strategy: PricingStrategy::Earn,
            stance: CompetitiveStance::default(),
            own_sellers: Vec::new(),
            risk: RiskChoice::Neutral,
            confidence: Ratio::from_percent(80),
            reductions: ReductionRule::Any,
            reduction_min: Ratio::from_percent(5),
            frozen: Vec::new(),
        }
    }
}

const NAMES_MAX: usize = 20;
const NAME_CHARS_MAX: usize = 120;
const FROZEN_MAX: usize = 100;

impl PricingPolicy {
    /// Checks the policy.
    ///
    /// # Errors
    /// [`AppError::Invalid`], naming the first setting that cannot be.
    pub fn validate(&self) -> Result<(), AppError> {
        let shares = [
            ("pricing.confidence", self.confidence, 50, 99),
            ("pricing.distance", self.stance.distance, -50, 50),
            ("pricing.sacrifice_max", self.stance.sacrifice_max, 0, 50),
            ("pricing.reduction_min", self.reduction_min, 0, 90),
        ];
        for (field, value, min, max) in shares {
            if value < Ratio::from_percent(min) || value > Ratio::from_percent(max) {
                return Err(AppError::invalid(field, format!("must lie between {min} % and {max} %, not {value}")));
            }
        }
        let is_name = |name: &String| !name.trim().is_empty() && name.chars().count() <= NAME_CHARS_MAX;
        if self.own_sellers.len() > NAMES_MAX || !self.own_sellers.iter().all(is_name) {
            let bounds = format!("at most {NAMES_MAX} names of 1 to {NAME_CHARS_MAX} characters");
            return Err(AppError::invalid("pricing.own_sellers", bounds));
        }
        if self.frozen.len() > FROZEN_MAX {
            return Err(AppError::invalid("pricing.frozen", format!("at most {FROZEN_MAX} entries")));
        }
        for days in &self.frozen {
            if days.from > days.to {
                let wrong = format!("must not end ({}) before it begins ({})", days.to, days.from);
                return Err(AppError::invalid("pricing.frozen", wrong));
            }
            if days.name.chars().count() > NAME_CHARS_MAX {
                return Err(AppError::invalid(
                    "pricing.frozen",
                    format!("names have at most {NAME_CHARS_MAX} characters"),
                ));
            }
        }
        Ok(())
    }

    /// What keeps prices as they are on `day`; `None` if they may change.
    #[must_use]
    pub fn frozen_on(&self, day: NaiveDate) -> Option<&FrozenDays> {
        self.frozen.iter().find(|days| days.from <= day && day <= days.to)
    }

    /// The objective for a Sku: without a cost there is no margin to speak of.
    #[must_use]
    pub const fn objective_for(&self, knows_cost: bool) -> Objective {
        if knows_cost { self.objective } else { Objective::Revenue }
    }

    /// When a change is worth recommending.
    #[must_use]
    pub fn options(&self) -> OptimizeOptions {
        let risk = match self.risk {
            RiskChoice::Neutral => RiskAttitude::Neutral,
            RiskChoice::Careful => RiskAttitude::LowerQuantile(0.2),
            RiskChoice::VeryCareful => RiskAttitude::WorstShare(0.2),
        };
        OptimizeOptions { confidence_required: self.confidence.to_f64(), risk, ..OptimizeOptions::default() }
    }

    /// The strategy in a few words, for evidence: "Highest margin, carefully".
    #[must_use]
    pub fn in_words(&self, objective: Objective, has_rivals: bool) -> String {
        let care = match self.risk {
            RiskChoice::Neutral => "",
            RiskChoice::Careful => ", carefully",
            RiskChoice::VeryCareful => ", very carefully",
        };
        let highest = match objective {
            Objective::Revenue => "Highest revenue",
            Objective::Margin => "Highest margin",
            Objective::Balanced => "Balance of revenue and margin",
        };
        if self.strategy == PricingStrategy::Earn {
            return format!("{highest}{care}");
        }
        if !has_rivals {
            return format!("{highest}{care}, because no rival offers it");
        }
        let whom = match self.stance.reference {
            Reference::Cheapest => "the cheapest rival",
            Reference::Median => "the median rival",
        };
        let place = match self.stance.distance {
            distance if distance < Ratio::ZERO => format!("{} below", Ratio::new(-distance.proportion())),
            distance if distance > Ratio::ZERO => format!("{distance} above"),
            _ => "At the price of".to_owned(),
        };
        format!("{place} {whom}, for at most {} of what the best price earns", self.stance.sacrifice_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_shop_without_a_policy_prices_as_before_there_was_one() {
        let policy: PricingPolicy = serde_json::from_str("{}").unwrap();
        assert_eq!(policy, PricingPolicy::default());
        assert_eq!(policy.options(), OptimizeOptions::default());
        assert_eq!(policy.objective_for(true), Objective::Margin);
        assert_eq!(policy.objective_for(false), Objective::Revenue);
        assert_eq!(policy.in_words(Objective::Margin, true), "Highest margin");
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        let refused = |policy: PricingPolicy| policy.validate().unwrap_err().to_string();
        let stance = CompetitiveStance { distance: Ratio::from_percent(-60), ..CompetitiveStance::default() };
        let wrong = refused(PricingPolicy { stance, ..PricingPolicy::default() });
        assert!(wrong.contains("pricing.distance") && wrong.contains("-50 %"), "{wrong}");
        let frozen = vec![FrozenDays { from: day("2026-05-02"), to: day("2026-05-01"), name: String::new() }];
        let wrong = refused(PricingPolicy { frozen, ..PricingPolicy::default() });
        assert!(wrong.contains("must not end (2026-05-01) before it begins (2026-05-02)"), "{wrong}");
        let own_sellers = vec![" ".to_owned()];
        assert!(refused(PricingPolicy { own_sellers, ..PricingPolicy::default() }).contains("pricing.own_sellers"));
        assert!(PricingPolicy::default().validate().is_ok());
    }

    #[test]
    fn days_are_frozen_from_the_first_to_the_last() {
        let frozen = vec![FrozenDays { from: day("2026-05-01"), to: day("2026-05-03"), name: "sale".to_owned() }];
        let policy = PricingPolicy { frozen, ..PricingPolicy::default() };
        let stands = |text| policy.frozen_on(day(text)).is_some();
        assert_eq!(
            [stands("2026-04-30"), stands("2026-05-01"), stands("2026-05-03"), stands("2026-05-04")],
            [false, true, true, false]
        );
    }

    #[test]
    fn the_strategy_is_told_in_words() {
        let stance = CompetitiveStance { distance: Ratio::from_percent(-2), ..CompetitiveStance::default() };
        let policy = PricingPolicy {
            strategy: PricingStrategy::Compete,
            stance,
            risk: RiskChoice::Careful,
            ..PricingPolicy::default()
        };
        let words = policy.in_words(Objective::Margin, true);
        assert_eq!(words, "2.0 % below the median rival, for at most 10.0 % of what the best price earns");
        let alone = policy.in_words(Objective::Balanced, false);
        assert_eq!(alone, "Balance of revenue and margin, carefully, because no rival offers it");
    }
}
