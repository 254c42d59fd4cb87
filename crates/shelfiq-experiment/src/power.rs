//! How long a comparison of counts takes.

use serde::{Deserialize, Serialize};
use shelfiq_core::Ratio;

use crate::distributions::normal_quantile;
use crate::error::{ExperimentError, check};
use crate::rate_slope::reach_at_planned_end;

/// How often one looks at the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looks {
    /// Once, at the planned end.
    Once,
    /// As often as one likes, with a confidence sequence. Takes about twice as long when the effect is just as assumed, and
    /// ends early when it is larger.
    Always,
}

/// Two arms of buyers, Skus or days whose units are compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct CountComparison {
    /// Units a day of both arms together.
    pub units_per_day: f64,
    /// Variance of a day's units over their mean.
    pub dispersion: f64,
    /// Share of the units that get the new variant.
    pub new_share: Ratio,
    /// Probability of claiming an effect that is not there: 0.05.
    pub error_probability: f64,
    /// Probability of finding an effect that is as large as assumed: 0.8.
    pub power: f64,
    /// How often one looks.
    pub looks: Looks,
}

impl CountComparison {
    /// Days until a change of units by `effect` (0.05 for 5 % more) is found with the wanted probability.
    ///
    /// The log of the ratio of two counts has variance `dispersion · (1 / units of one + 1 / units of the other)`.
    ///
    /// # Errors
    /// [`ExperimentError::Invalid`] if a number makes no sense; an effect of zero cannot be found.
    pub fn days_needed(&self, effect: f64) -> Result<u32, ExperimentError> {
        self.check()?;
        check("the effect", effect, effect > -1.0 && effect != 0.0, "above -1 and not zero")?;
        let days = self.distance().powi(2) * self.variance_of_a_day(effect) / effect.ln_1p().powi(2);
        Ok(days.ceil().min(f64::from(u32::MAX)) as u32)
    }

    /// The smallest increase of units that is found within so many days with the wanted probability: 0.05 for 5 %. Nothing
    /// above a hundredfold is looked for.
    ///
    /// # Errors
    /// [`ExperimentError::Invalid`] if a number makes no sense.
    pub fn smallest_effect(&self, days: u32) -> Result<f64, ExperimentError> {
        self.check()?;
        check("the number of days", f64::from(days), days > 0, "at least one")?;
        let is_found = |log: f64| {
            let needed = self.distance().powi(2) * self.variance_of_a_day(log.exp_m1()) / (log * log);
            needed <= f64::from(days)
        };
        let (mut lo, mut hi) = (0.0, 100_f64.ln());
        for _ in 0..60 {
            let middle = 0.5 * (lo + hi);
            if is_found(middle) { hi = middle } else { lo = middle }
        }
        Ok(hi.exp_m1())
    }

    /// How many standard deviations the true effect must lie from zero.
    fn distance(&self) -> f64 {
        let reach = match self.looks {
            Looks::Once => normal_quantile(1.0 - 0.5 * self.error_probability),
            Looks::Always => reach_at_planned_end(self.error_probability),
        };
        reach + normal_quantile(self.power)
    }

    fn variance_of_a_day(&self, effect: f64) -> f64 {
        let share = self.new_share.to_f64();
        let units = [share * self.units_per_day * (1.0 + effect), (1.0 - share) * self.units_per_day];
        self.dispersion * units.into_iter().map(f64::recip).sum::<f64>()
    }

    fn check(&self) -> Result<(), ExperimentError> {
        let inside = |number: f64| number > 0.0 && number < 1.0;
        check("units a day", self.units_per_day, self.units_per_day > 0.0, "above zero")?;
        check("the dispersion", self.dispersion, self.dispersion > 0.0, "above zero")?;
        check(
            "the share of the new variant",
            self.new_share.to_f64(),
            inside(self.new_share.to_f64()),
            "between 0 and 1",
        )?;
        check("the error probability", self.error_probability, inside(self.error_probability), "between 0 and 1")?;
        check("the power", self.power, inside(self.power), "between 0 and 1")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPARISON: CountComparison = CountComparison {
        units_per_day: 200.0,
        dispersion: 1.0,
        new_share: Ratio::ONE,
        error_probability: 0.05,
        power: 0.8,
        looks: Looks::Once,
    };

    fn halves() -> CountComparison {
        CountComparison { new_share: Ratio::from_percent(50), ..COMPARISON }
    }

    #[test]
    fn the_length_is_that_of_the_textbook() {
        // (1.96 + 0.8416)² · (1/110 + 1/100) / ln(1.1)² = 16.5 days.
        assert_eq!(halves().days_needed(0.1).unwrap(), 17);
        assert_eq!(CountComparison { dispersion: 3.0, ..halves() }.days_needed(0.1).unwrap(), 50);
    }

    #[test]
    fn length_and_smallest_effect_belong_together_and_looking_always_takes_about_twice_as_long() {
        let effect = halves().smallest_effect(40).unwrap();
        assert_eq!(halves().days_needed(effect * 1.0001).unwrap(), 40);
        let always = CountComparison { looks: Looks::Always, ..halves() };
        let ratio = f64::from(always.days_needed(0.02).unwrap()) / f64::from(halves().days_needed(0.02).unwrap());
        assert!((1.7..2.2).contains(&ratio), "{ratio}");
    }

    #[test]
    fn an_arm_without_units_and_an_effect_of_nothing_are_refused() {
        assert!(COMPARISON.days_needed(0.1).is_err());
        assert!(halves().days_needed(0.0).is_err());
        assert!(halves().smallest_effect(0).is_err());
    }
}
