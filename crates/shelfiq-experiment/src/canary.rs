//! Is the challenger worse? Two models' losses, compared as they come in.

use serde::{Deserialize, Serialize};

use crate::error::{ExperimentError, check};

/// Mean losses of two models over the same cases of one period, such as all Skus of a day. Zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LossPair {
    /// Of the model in use.
    pub champion: f64,
    /// Of the model that wants to replace it. Not a finite number if it failed.
    pub challenger: f64,
}

/// What to do with the challenger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CanaryVerdict {
    /// Neither is proven worse.
    Watch,
    /// The challenger is worse: proven.
    RollBack,
    /// The champion is worse: proven.
    Promote,
}

/// The evidence so far; store it between periods.
///
/// A bet on "the challenger is worse" multiplies its stake by `1 + fraction · d` in each period, where
/// `d = (challenger − champion) / (challenger + champion)` lies between −1 and 1. If the challenger is not worse (the
/// expected `d` is at most zero, whatever came before), no such bet has an expected gain, so its stake ever reaches
/// `1 / error` with a probability of at most `error`, whatever the distribution of losses and however often one looks
/// (J. Ville 1939; I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting", JRSS B 86
/// (2024)). The stake is spread over several fractions, half of it on `d` itself and half on `d` cut off at a quarter, which
/// finds small differences sooner. The same bet on the champion being worse leads to promotion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Canary {
    error_probability: f64,
    periods: u32,
    challenger_worse: Bet,
    champion_worse: Bet,
}

impl Canary {
    /// Nothing seen yet. `error_probability` is that of ever rolling back a challenger that is not worse, and that of ever
    /// promoting one that is not better.
    ///
    /// # Errors
    /// [`ExperimentError::Invalid`] if it is not between 0 and 1.
    pub fn new(error_probability: f64) -> Result<Self, ExperimentError> {
        let valid = error_probability > 0.0 && error_probability < 1.0;
        check("the error probability", error_probability, valid, "between 0 and 1")?;
        Ok(Self { error_probability, periods: 0, challenger_worse: Bet::new(), champion_worse: Bet::new() })
    }

    /// Takes the losses of one more period in and judges. A challenger without a finite loss has lost that period entirely;
    /// a champion without one says nothing about it.
    pub fn observe(&mut self, losses: LossPair) -> CanaryVerdict {
        self.periods = self.periods.saturating_add(1);
        let difference = relative_difference(losses);
        self.challenger_worse.add(difference);
        self.champion_worse.add(-difference);
        self.verdict()
    }

    /// What to do now. Once proven, a verdict stays.
    #[must_use]
    pub fn verdict(&self) -> CanaryVerdict {
        let needed = -self.error_probability.ln();
        if self.challenger_worse.log_most >= needed {
            CanaryVerdict::RollBack
        } else if self.champion_worse.log_most >= needed {
            CanaryVerdict::Promote
        } else {
            CanaryVerdict::Watch
        }
    }

    /// Periods seen.
    #[must_use]
    pub const fn periods(&self) -> u32 {
        self.periods
    }

    /// Probability of ever seeing as much evidence against the challenger if it is not worse.
    #[must_use]
    pub fn worse_p_value(&self) -> f64 {
        (-self.challenger_worse.log_most).exp()
    }
}

fn relative_difference(LossPair { champion, challenger }: LossPair) -> f64 {
    let is_loss = |loss: f64| loss.is_finite() && loss >= 0.0;
    match (is_loss(champion), is_loss(challenger)) {
        (_, false) => 1.0,
        (false, true) => 0.0,
        (true, true) => {
            // Halves, so that the sum of two huge losses stays finite.
            let (champion, challenger) = (0.5 * champion, 0.5 * challenger);
            let sum = champion + challenger;
            if sum > 0.0 { (challenger - champion) / sum } else { 0.0 }
        }
    }
}

/// Bound at which the difference is cut off, and fraction of the stake put on one period: small ones find small differences,
/// large ones find large ones soon.
const BETS: [(f64, f64); 10] = [
    (1.0, 0.03),
    (1.0, 0.1),
    (1.0, 0.3),
    (1.0, 0.6),
    (1.0, 0.9),
    (0.25, 0.03),
    (0.25, 0.1),
    (0.25, 0.3),
    (0.25, 0.6),
    (0.25, 0.9),
];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Bet {
    /// Log of each stake.
    log_stakes: [f64; BETS.len()],
    /// Largest log of the mean stake so far; at least 0.
    log_most: f64,
}

impl Bet {
    const fn new() -> Self {
        Self { log_stakes: [0.0; BETS.len()], log_most: 0.0 }
    }

    fn add(&mut self, difference: f64) {
        for (stake, (bound, fraction)) in self.log_stakes.iter_mut().zip(BETS) {
            *stake += (fraction * difference.clamp(-bound, bound) / bound).ln_1p();
        }
        let largest = self.log_stakes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = self.log_stakes.iter().map(|stake| (stake - largest).exp()).sum();
        let log_mean = largest + (sum / BETS.len() as f64).ln();
        self.log_most = self.log_most.max(log_mean);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(periods: u32, losses: LossPair) -> Canary {
        let mut canary = Canary::new(0.05).unwrap();
        (0..periods).for_each(|_| {
            canary.observe(losses);
        });
        canary
    }

    #[test]
    fn a_challenger_that_fails_is_rolled_back_within_days() {
        let canary = after(10, LossPair { champion: 1.0, challenger: f64::NAN });
        assert_eq!((canary.verdict(), canary.periods()), (CanaryVerdict::RollBack, 10));
        assert!(canary.worse_p_value() < 0.05);
    }

    #[test]
    fn equal_losses_prove_nothing_and_halved_losses_promote() {
        assert_eq!(after(1_000, LossPair { champion: 2.0, challenger: 2.0 }).verdict(), CanaryVerdict::Watch);
        assert_eq!(after(1_000, LossPair { champion: 0.0, challenger: 0.0 }).verdict(), CanaryVerdict::Watch);
        assert_eq!(after(30, LossPair { champion: 2.0, challenger: 1.0 }).verdict(), CanaryVerdict::Promote);
        assert_eq!(after(30, LossPair { champion: f64::MAX, challenger: f64::MAX }).verdict(), CanaryVerdict::Watch);
    }

    #[test]
    fn a_verdict_stays_and_the_evidence_survives_storage() {
        let mut canary = after(10, LossPair { champion: 1.0, challenger: f64::INFINITY });
        for _ in 0..500 {
            canary.observe(LossPair { champion: 2.0, challenger: 1.0 });
        }
        assert_eq!(canary.verdict(), CanaryVerdict::RollBack);
        let stored: Canary = serde_json::from_str(&serde_json::to_string(&canary).unwrap()).unwrap();
        assert_eq!(stored.verdict(), CanaryVerdict::RollBack);
    }

    #[test]
    fn an_error_probability_outside_its_range_is_refused() {
        assert!(Canary::new(0.0).is_err() && Canary::new(f64::NAN).is_err());
    }
}
