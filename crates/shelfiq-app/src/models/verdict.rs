//! Whether a challenger is worse than what serves, looked at anew every day.
//!
//! Each day gives one pair of losses: means over the Skus that both foresaw. [`Canary`] bets against the challenger on these
//! pairs, so that looking every day and stopping when the answer is clear does not raise the rate of false verdicts.

use serde::Serialize;
use shelfiq_experiment::{Canary, CanaryVerdict, ExperimentError, LossPair};

/// Probability of ever ending the trial of a challenger that is not worse.
const ERROR_PROBABILITY: f64 = 0.05;

/// What the days so far say of a challenger.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct ChallengerVerdict {
    /// Days compared.
    pub(crate) days: usize,
    /// Mean scaled loss of production.
    pub(crate) production_loss: f64,
    /// Mean scaled loss of the challenger.
    pub(crate) challenger_loss: f64,
    /// Probability of ever seeing as much evidence against the challenger if it is not worse.
    pub(crate) worse_p_value: f64,
    /// What follows: `watch`, `roll_back` or `promote`.
    pub(crate) standing: CanaryVerdict,
}

impl ChallengerVerdict {
    /// The figures in words.
    pub(crate) fn sentence(&self) -> String {
        let Self { days, production_loss, challenger_loss, worse_p_value, .. } = self;
        format!(
            "over {days} days its scaled loss was {challenger_loss:.3}, that of production {production_loss:.3}; so much evidence \
             against a model that is not worse has a probability of {worse_p_value:.4}"
        )
    }
}

/// Judges a challenger by its daily losses beside those of production, oldest first.
///
/// # Errors
/// Never: the probability above is one.
pub(crate) fn verdict(days: &[LossPair]) -> Result<ChallengerVerdict, ExperimentError> {
    let mut canary = Canary::new(ERROR_PROBABILITY)?;
    for day in days {
        canary.observe(*day);
    }
    let mean = |pick: fn(&LossPair) -> f64| days.iter().map(pick).sum::<f64>() / days.len().max(1) as f64;
    Ok(ChallengerVerdict {
        days: days.len(),
        production_loss: mean(|day| day.champion),
        challenger_loss: mean(|day| day.challenger),
        worse_p_value: canary.worse_p_value(),
        standing: canary.verdict(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_challenger_that_misses_more_every_day_is_rolled_back_and_the_sentence_has_the_figures() {
        let found = verdict(&[LossPair { champion: 0.2, challenger: 0.4 }; 40]).unwrap();
        assert_eq!((found.days, found.standing), (40, CanaryVerdict::RollBack));
        assert!(found.sentence().starts_with("over 40 days its scaled loss was 0.400, that of production 0.200"));
    }

    #[test]
    fn equal_challengers_and_no_days_are_watched() {
        let equal = LossPair { champion: 0.2, challenger: 0.2 };
        for days in [&[equal; 40][..], &[]] {
            assert_eq!(verdict(days).unwrap().standing, CanaryVerdict::Watch);
        }
    }
}
