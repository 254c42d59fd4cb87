//! Effects in words.

use chrono::NaiveDate;
use shelfiq_core::{money_range_text, money_text};

use crate::amount::in_words;
use crate::effect::{DecisionCase, EffectMethod, EffectVerdict, MeasureOptions, MeasuredEffect, Weakness};

impl Weakness {
    /// The weakness in a sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NotRandomised => {
                "Something else may have hit just this product at the same time; only a test rules that out."
            }
            Self::PeersMayShareBuyers => "Buyers may have come from what it is compared with, or gone there.",
            Self::BuyersMayWait => "Buyers who saw both prices may have waited for the lower one.",
            Self::FewPeers => "There are few products to compare with.",
            Self::PoorFit => "The products it is compared with did not move as it did before the decision.",
            Self::ShortHistory => "There is less history than asked for.",
            Self::CensoredDays => "Days with empty shelves were left out.",
            Self::FewSales => "It sells little: one order more or less matters.",
        }
    }
}

pub(crate) fn too_early(case: &DecisionCase, options: &MeasureOptions, ready_on: NaiveDate) -> String {
    format!(
        "Too early: the effect of {} since {} is measured over {} days. Ask again on {ready_on}.",
        case.decided.sku, case.first_day, options.measure_days
    )
}

pub(crate) fn too_few_sales(case: &DecisionCase) -> String {
    format!("{} sold too little, or has too few days with full shelves, to tell an effect.", case.decided.sku)
}

pub(crate) fn no_peers(case: &DecisionCase, found: usize, needed: usize) -> String {
    format!(
        "No comparable products: beside {} there are {found} similar ones that no decision touched, and {needed} are \
         needed. A price test would tell.",
        case.decided.sku
    )
}

pub(crate) fn measured(effect: &MeasuredEffect) -> String {
    let how = match effect.method {
        EffectMethod::SwitchBack => "by prices that took turns".to_owned(),
        EffectMethod::Split => "by prices that ran side by side".to_owned(),
        EffectMethod::Peers => format!("beside {} similar products", effect.peers.len()),
    };
    let verdict = match effect.verdict {
        EffectVerdict::More => "It sold more",
        EffectVerdict::Fewer => "It sold fewer",
        EffectVerdict::Unclear => "No effect can be told apart from chance",
    };
    let [lo, hi] = effect.units.interval_95;
    let units = in_words(format_args!("{:+.0} units (95 %: {lo:+.0} to {hi:+.0})", effect.units.expected));
    let amount = effect.margin.map_or(("revenue", effect.revenue), |margin| ("margin", margin));
    let money = format!(
        "{} {} (95 %: {})",
        amount.0,
        money_text(amount.1.expected),
        money_range_text(amount.1.interval_95[0], amount.1.interval_95[1])
    );
    let weaknesses: String = effect.weaknesses.iter().map(|weakness| format!(" {}", weakness.sentence())).collect();
    format!(
        "{verdict}: {units}, {money}, over {} days from {} to {}, measured {how}.{weaknesses}",
        effect.days_measured, effect.first_day, effect.last_day
    )
}

pub(crate) fn test_too_early(ready_on: NaiveDate) -> String {
    format!("Too early: the rounds so far tell nothing yet. Ask again on {ready_on}, when the next one is over.")
}

pub(crate) fn test_sold_nothing() -> String {
    "Too little was sold in the test to tell an effect.".to_owned()
}
