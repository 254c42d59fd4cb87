//! Chance without a state: what a draw brings depends only on its address.

use crate::normal;

/// What a number of chance decides.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Elasticity,
    SlopeBelow,
    SlopeAbove,
    Level,
    Promotion,
    Rival,
    Reaction,
    Day(usize),
}

impl Stream {
    const fn number(self) -> u64 {
        match self {
            Self::Elasticity => 0,
            Self::SlopeBelow => 1,
            Self::SlopeAbove => 2,
            Self::Level => 3,
            Self::Promotion => 4,
            Self::Rival => 5,
            Self::Day(day) => 6 + day as u64,
            // Beyond all days: what the other streams draw stays as it was before there was this one.
            Self::Reaction => u64::MAX,
        }
    }
}

/// A standard normal number for one decision in one future.
pub(crate) fn normal_at(seed: u64, draw: u32, stream: Stream) -> f64 {
    normal::quantile(uniform_at(seed, draw, stream))
}

/// A number strictly between 0 and 1.
pub(crate) fn uniform_at(seed: u64, draw: u32, stream: Stream) -> f64 {
    let bits = mixed(mixed(mixed(seed).wrapping_add(u64::from(draw))).wrapping_add(stream.number()));
    ((bits >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
}

/// The output function of SplitMix64.
///
/// Source: G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, figure 19.
const fn mixed(value: u64) -> u64 {
    let value = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mixing_is_that_of_the_paper() {
        // First outputs of SplitMix64 seeded with 1234567, as printed with its reference implementation.
        assert_eq!(mixed(1_234_567), 6_457_827_717_110_365_317);
        assert_eq!(mixed(1_234_567_u64.wrapping_add(0x9e37_79b9_7f4a_7c15)), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_are_even_and_unrelated_across_futures_and_decisions() {
        let count = 40_000_u32;
        let pairs: Vec<(f64, f64)> =
            (0..count).map(|draw| (normal_at(7, draw, Stream::Level), normal_at(7, draw, Stream::Day(3)))).collect();
        let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / f64::from(count);
        assert!(mean(&|p| p.0).abs() < 0.02 && mean(&|p| p.1).abs() < 0.02);
        assert!((mean(&|p| p.0 * p.0) - 1.0).abs() < 0.03 && mean(&|p| p.0 * p.1).abs() < 0.02);
    }
}
