//! Randomness by address: each `(stream, index, day)` has its own generator, whatever was drawn elsewhere.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What a number is drawn for. Two purposes never share a generator, so changing one leaves the others as they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(crate) enum Stream {
    Product = 1,
    Sku = 2,
    Weather = 3,
    PromotionCalendar = 4,
    PromotionEntry = 5,
    Price = 6,
    Demand = 7,
    Supply = 8,
    Rival = 9,
    Traffic = 10,
    Anomaly = 11,
    Basket = 12,
    AfterSale = 13,
    Review = 14,
    Customer = 15,
    Observation = 16,
}

/// The source of all randomness of one shop.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Noise {
    seed: u64,
}

impl Noise {
    /// 32-bit words that one day may draw before it would reach into the next day's.
    const WORDS_PER_DAY: u128 = 1 << 20;

    pub(crate) const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// The generator of one address. ChaCha is a counter cipher: jumping costs no more than starting.
    pub(crate) fn at(self, stream: Stream, index: u32, day: u32) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream((u64::from(stream as u32) << 32) | u64::from(index));
        rng.set_word_pos(u128::from(day) * Self::WORDS_PER_DAY);
        rng
    }
}

/// A standard normal number.
pub(crate) fn normal(rng: &mut impl Rng) -> f64 {
    rng.sample(rand_distr::StandardNormal)
}

/// A number between `low` and `high`, all equally likely.
pub(crate) fn between(rng: &mut impl Rng, low: f64, high: f64) -> f64 {
    low + (high - low) * rng.random::<f64>()
}

/// Whether something of this probability happens.
pub(crate) fn happens(rng: &mut impl Rng, probability: f64) -> bool {
    rng.random::<f64>() < probability
}

/// One of the choices, all equally likely. `choices` is never empty: they are tables of this crate.
pub(crate) fn pick<'a, T>(rng: &mut impl Rng, choices: &'a [T]) -> &'a T {
    &choices[rng.random_range(0..choices.len())]
}

/// The index of one of the weights, by weight.
pub(crate) fn pick_weighted(rng: &mut impl Rng, weights: &[f64]) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    for (index, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return index;
        }
    }
    weights.len() - 1
}

/// The count at quantile `uniform` of a negative binomial distribution with this mean and variance
/// `mean + mean² / size`.
///
/// Inversion, not rejection: the same `uniform` at a higher mean never gives a smaller count, so a day lived at two
/// prices differs by the price and not by luck.
pub(crate) fn negative_binomial_quantile(uniform: f64, mean: f64, size: f64) -> u32 {
    const COUNT_MAX: u32 = 100_000;
    if mean <= 0.0 {
        return 0;
    }
    let success = size / (size + mean);
    let mut mass = success.powf(size);
    let mut cumulated = mass;
    let mut count = 0_u32;
    while cumulated < uniform && count < COUNT_MAX {
        mass *= (f64::from(count) + size) / f64::from(count + 1) * (1.0 - success);
        cumulated += mass;
        count += 1;
        // Past the mean the tail can stall just below a `uniform` near one: rounding, not probability.
        if mass < 1e-14 && f64::from(count) > mean {
            break;
        }
    }
    count
}

/// The probability of at most `count` under the same distribution.
pub(crate) fn negative_binomial_share(count: u32, mean: f64, size: f64) -> f64 {
    if mean <= 0.0 {
        return 1.0;
    }
    let success = size / (size + mean);
    let mut mass = success.powf(size);
    let mut share = mass;
    for below in 0..count {
        mass *= (f64::from(below) + size) / f64::from(below + 1) * (1.0 - success);
        share += mass;
    }
    share.min(1.0)
}

/// A Poisson count. The normal form is accurate beyond a mean of 50, where inversion would be slow.
pub(crate) fn poisson(rng: &mut impl Rng, mean: f64) -> u32 {
    if mean > 50.0 {
        return (mean + mean.sqrt() * normal(rng)).round().max(0.0) as u32;
    }
    let uniform: f64 = rng.random();
    let mut mass = (-mean).exp();
    let mut cumulated = mass;
    let mut count = 0_u32;
    while cumulated < uniform && count < 1_000 {
        count += 1;
        mass *= mean / f64::from(count);
        cumulated += mass;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_independent_of_the_order_of_drawing() {
        let noise = Noise::new(7);
        let forward: Vec<u64> = (0..4).map(|day| noise.at(Stream::Demand, 3, day).random()).collect();
        let backward: Vec<u64> = (0..4).rev().map(|day| noise.at(Stream::Demand, 3, day).random()).collect();
        assert!(forward.iter().eq(backward.iter().rev()));
        assert_ne!(noise.at(Stream::Demand, 3, 0).random::<u64>(), noise.at(Stream::Price, 3, 0).random::<u64>());
        assert_ne!(noise.at(Stream::Demand, 3, 0).random::<u64>(), noise.at(Stream::Demand, 4, 0).random::<u64>());
    }

    #[test]
    fn counts_have_the_mean_and_variance_they_are_asked_for() {
        let mut rng = Noise::new(1).at(Stream::Demand, 0, 0);
        for (mean, size) in [(0.2, 2.0), (3.0, 5.0), (40.0, 8.0)] {
            let draws: Vec<f64> =
                (0..40_000).map(|_| f64::from(negative_binomial_quantile(rng.random(), mean, size))).collect();
            let average = draws.iter().sum::<f64>() / draws.len() as f64;
            let variance = draws.iter().map(|x| (x - average).powi(2)).sum::<f64>() / draws.len() as f64;
            let expected = mean + mean * mean / size;
            assert!((average / mean - 1.0).abs() < 0.03, "mean {average} of {mean}");
            assert!((variance / expected - 1.0).abs() < 0.08, "variance {variance} of {expected}");
        }
    }

    #[test]
    fn quantile_and_share_are_inverse() {
        for (mean, size) in [(0.3, 2.0), (4.0, 5.0)] {
            for count in 0..5 {
                let share = negative_binomial_share(count, mean, size);
                assert_eq!(negative_binomial_quantile(share - 1e-9, mean, size), count);
                assert_eq!(negative_binomial_quantile(share + 1e-9, mean, size), count + 1);
            }
        }
    }

    #[test]
    fn a_higher_mean_never_sells_less_with_the_same_luck() {
        for step in 1..100 {
            let uniform = f64::from(step) / 100.0;
            let counts: Vec<u32> =
                (0..60).map(|mean| negative_binomial_quantile(uniform, f64::from(mean) * 0.5, 4.0)).collect();
            assert!(counts.is_sorted(), "{counts:?}");
        }
    }
}
