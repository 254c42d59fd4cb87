//! The expected count: experts with different memories, with and without the season.

use serde::{Deserialize, Serialize};

use super::negative_binomial::NegativeBinomial;

/// Share of what an expert knows that a value later is still known.
const MEMORIES: [f64; 4] = [0.9, 0.97, 0.99, 0.997];
/// How fast an expert's record is forgotten.
const RECORD_MEMORY: f64 = 0.98;
/// No expert is forgotten altogether.
const RECORD_MIN: f64 = -9.0;
/// Units and expected units that every expert starts from: nothing sold so far does not mean never.
const PRIOR: f64 = 0.5;
/// Units for which "no season" counts in each part of the season.
const DOUBT_UNITS: f64 = 4.0;
/// Share of what is known about a part of the season that a season later is still known.
const SEASON_MEMORY: f64 = 0.985;

/// Level and season of a count.
///
/// Each expert holds a gamma belief about the rate, discounted value by value (West and Harrison, Bayesian forecasting
/// and dynamic models, 1997, ch. 14); experts are weighted by how likely they made the past.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Level {
    experts: Vec<Expert>,
    season: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Expert {
    memory: f64,
    is_seasonal: bool,
    units: f64,
    exposure: f64,
    /// Logarithm of the weight.
    record: f64,
    weight: f64,
}

/// What one part of the season sold, and what it would have sold without a season.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Part {
    units: f64,
    usual: f64,
}

/// What is believed at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Belief {
    /// Mean of those who see no season, times their weight.
    plain: f64,
    /// Mean of an average part of the season, by those who see one, times their weight.
    seasonal: f64,
    /// Units that the belief rests on.
    pub(super) certainty: f64,
}

impl Belief {
    /// The mean of as many values as `count`, whose parts of the season add up to `factors` average ones.
    pub(super) fn mean(&self, count: f64, factors: f64) -> f64 {
        self.plain * count + self.seasonal * factors
    }
}

impl Level {
    /// Starts at this mean, with this season in values (1 for none).
    pub(super) fn new(mean: f64, period: usize) -> Self {
        let expert = |memory, is_seasonal| Expert {
            memory,
            is_seasonal,
            units: 2.0 * mean,
            exposure: 2.0,
            record: 0.0,
            weight: 1.0,
        };
        let plain = MEMORIES.map(|memory| expert(memory, false));
        let seasonal = MEMORIES.map(|memory| expert(memory, true));
        let experts = if period > 1 { [plain, seasonal].concat() } else { plain.to_vec() };
        Self { experts, season: vec![Part::default(); period] }
    }

    pub(super) fn belief(&self) -> Belief {
        let all: f64 = self.experts.iter().map(|expert| expert.weight).sum();
        let mut belief = Belief { plain: 0.0, seasonal: 0.0, certainty: 0.0 };
        for expert in &self.experts {
            let share = expert.weight / all * expert.mean();
            *(if expert.is_seasonal { &mut belief.seasonal } else { &mut belief.plain }) += share;
        }
        let middle = belief.mean(1.0, 1.0);
        // Experts who disagree are as uncertain as those who know little.
        let doubt: f64 = self
            .experts
            .iter()
            .map(|expert| expert.weight / all * (1.0 / (expert.units + PRIOR) + (expert.mean() / middle - 1.0).powi(2)))
            .sum();
        Belief { certainty: 1.0 / doubt, ..belief }
    }

    /// How much a part of the season sells, an average one being 1.
    pub(super) fn factor(&self, position: i64) -> f64 {
        let part = self.season[self.phase(position)];
        (part.units + DOUBT_UNITS) / (part.usual + DOUBT_UNITS)
    }

    /// Learns a count that varied with this `size` around its mean.
    pub(super) fn learn(&mut self, position: i64, count: f64, size: f64) {
        let factor = self.factor(position);
        let middle = self.belief().mean(1.0, 1.0);
        let mut best = f64::NEG_INFINITY;
        for expert in &mut self.experts {
            let factor = if expert.is_seasonal { factor } else { 1.0 };
            let likely = NegativeBinomial::new(expert.mean() * factor, size).log_mass_of_mean(count);
            expert.record = RECORD_MEMORY * expert.record + likely;
            best = best.max(expert.record);
            expert.units = expert.memory * expert.units + count;
            expert.exposure = expert.memory * expert.exposure + factor;
        }
        for expert in &mut self.experts {
            expert.record = (expert.record - best).max(RECORD_MIN);
            expert.weight = expert.record.exp();
        }
        let phase = self.phase(position);
        let part = &mut self.season[phase];
        *part = Part { units: SEASON_MEMORY * part.units + count, usual: SEASON_MEMORY * part.usual + middle };
    }

    /// Takes the level from so many units, where so many were expected of an average level of one.
    pub(super) fn relearn(&mut self, units: f64, exposure: f64) {
        for expert in &mut self.experts {
            (expert.units, expert.exposure) = (units, exposure);
        }
    }

    fn phase(&self, position: i64) -> usize {
        position.rem_euclid(self.season.len() as i64) as usize
    }
}

impl Expert {
    fn mean(&self) -> f64 {
        (self.units + PRIOR) / (self.exposure + PRIOR)
    }
}
