//! Seeded chance.

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): small, seeded, the same everywhere.
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice for the `index`-th use of a seed; different uses are independent.
    pub(crate) fn new(seed: u64, index: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(index));
        Self(dice.next() ^ index.rotate_left(32))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in 0..count.
    fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.next()) * count as u128) >> 64) as usize
    }

    /// `wanted` of `0..count`, each subset equally likely, ascending.
    pub(crate) fn choose(&mut self, count: usize, wanted: usize) -> Vec<u32> {
        let mut chosen = Vec::with_capacity(wanted);
        let mut open = wanted.min(count);
        // Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S).
        for item in 0..count {
            if self.below(count - item) < open {
                chosen.push(item as u32);
                open -= 1;
            }
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_are_chosen_as_wanted_and_each_equally_often() {
        let mut counts = [0; 5];
        for index in 0..5000 {
            let chosen = Dice::new(7, index).choose(5, 2);
            assert_eq!(chosen.len(), 2);
            chosen.iter().for_each(|item| counts[*item as usize] += 1);
        }
        assert!(counts.iter().all(|count| (1850..2150).contains(count)), "{counts:?}");
    }
}
