//! What to be careful about, in words.

use shelfiq_pricing::Warning;

use super::SimulationView;

/// A warning with its code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caution {
    /// `never_tried`, `tried_prices_unknown`, `promotion_effect_unknown` or `rival_effect_unknown`.
    pub code: &'static str,
    /// The same in a sentence.
    pub message: String,
}

impl SimulationView {
    /// What to be careful about; empty if nothing.
    #[must_use]
    pub fn cautions(&self) -> Vec<Caution> {
        self.simulation.warnings.iter().map(|warning| self.caution(warning)).collect()
    }

    fn caution(&self, warning: &Warning) -> Caution {
        let say = |code, message: &str| Caution { code, message: message.to_owned() };
        match warning {
            Warning::NeverTried { day, price, tried_min, tried_max } => Caution {
                code: "never_tried",
                message: format!(
                    "From {} on the price of {price:.2} lies outside the prices that were ever tried ({tried_min:.2} to \
                     {tried_max:.2}): the intervals are wider, and how demand answers there is a guess.",
                    self.day(*day)
                ),
            },
            Warning::TriedPricesUnknown => {
                say("tried_prices_unknown", "It is not known which prices were tried before: any price might be new.")
            }
            Warning::PromotionEffectUnknown => say(
                "promotion_effect_unknown",
                "What a promotion does beyond its price is not known for this product: it changes nothing here.",
            ),
            Warning::RivalEffectUnknown => say(
                "rival_effect_unknown",
                "How demand answers to the rival's price is not known for this product: it changes nothing here.",
            ),
        }
    }
}
