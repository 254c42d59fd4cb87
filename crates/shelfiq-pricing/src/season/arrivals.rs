//! How many units (or lots of units) are asked for on a day.

use crate::normal;

/// Probabilities of 0, 1, 2 … lots, up to `most` or to where the rest is below one in a billion; the rest is in the last.
///
/// Lots of one unit are Poisson. Larger lots stand for busy products: the normal approximation of the Poisson distribution,
/// spread over the two neighbouring lots so that its mean is exact.
pub(crate) fn probabilities(mean_units: f64, lot_units: f64, most: usize) -> Vec<f64> {
    if lot_units <= 1.0 {
        poisson(mean_units, most)
    } else {
        in_lots(mean_units / lot_units, mean_units.sqrt() / lot_units, most)
    }
}

const REST: f64 = 1e-9;

fn poisson(mean: f64, most: usize) -> Vec<f64> {
    let mut found = Vec::new();
    let mut left = 1.0;
    let mut log_probability = -mean;
    while left > REST && found.len() <= most {
        let probability = log_probability.exp();
        found.push(probability);
        left -= probability;
        log_probability += (mean / found.len() as f64).ln();
    }
    give_rest_to_last(found)
}

fn in_lots(mean: f64, sd: f64, most: usize) -> Vec<f64> {
    // Expected excess of the normal over a level; its second difference is the weight of a lot.
    let excess = |level: f64| {
        if sd <= 0.0 {
            return (mean - level).max(0.0);
        }
        let z = (mean - level) / sd;
        sd * normal::density(z) + (mean - level) * normal::probability_below(z)
    };
    let lots = ((mean + 7.0 * sd).ceil() as usize + 2).min(most + 1);
    let weights = (0..lots).map(|lot| {
        let at = lot as f64;
        let above = excess(at + 1.0) - excess(at);
        // What would be fewer than no lots is none.
        let below = if lot == 0 { -1.0 } else { excess(at) - excess(at - 1.0) };
        (above - below).max(0.0)
    });
    give_rest_to_last(weights.collect())
}

fn give_rest_to_last(mut probabilities: Vec<f64>) -> Vec<f64> {
    let rest = 1.0 - probabilities.iter().sum::<f64>();
    if let Some(last) = probabilities.last_mut() {
        *last += rest;
    }
    probabilities
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(probabilities: &[f64]) -> (f64, f64, f64) {
        let sum = |power: i32| -> f64 {
            probabilities.iter().enumerate().map(|(count, p)| p * (count as f64).powi(power)).sum()
        };
        (sum(0), sum(1), sum(2) - sum(1).powi(2))
    }

    #[test]
    fn probabilities_sum_to_one_and_have_the_mean_and_spread_of_independent_buyers() {
        for mean in [0.0, 0.2, 3.0, 40.0, 900.0] {
            let (total, found, variance) = moments(&probabilities(mean, 1.0, 2_000));
            assert!((total - 1.0).abs() < 1e-12 && (found - mean).abs() < 1e-5 && (variance - mean).abs() < 1e-2);
        }
        let (total, found, variance) = moments(&probabilities(5_000.0, 40.0, 250));
        assert!((total - 1.0).abs() < 1e-12 && (found - 125.0).abs() < 1e-6, "{found}");
        // Spreading over neighbours adds at most a quarter of a lot squared.
        assert!((variance - 3.125).abs() < 0.26, "{variance}");
    }
}
