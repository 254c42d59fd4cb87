//! Who takes which price when: the one formula that the plan reckons with and the schedule follows.

use crate::price_test::{Blocks, Layout};

/// The turns of one round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turns {
    pub(crate) blocks: Blocks,
    pub(crate) layout: Layout,
    pub(crate) prices: usize,
}

/// Days of the longer half of a week.
const FIRST_HALF_DAYS: usize = 4;

impl Turns {
    /// Days until every price has taken every weekday equally often.
    pub(crate) fn round_days(self) -> usize {
        7 * self.prices
            * match self.blocks {
                Blocks::HalfWeeks => 1,
                Blocks::Weeks(weeks) => weeks.max(1) as usize,
            }
    }

    /// Whose turn it is on a day of the round, from 0, in a group: an index into the order of the round.
    ///
    /// The index moves on by one from block to block, and with a split from group to group: over a round each price comes to
    /// each block of the week in each group once.
    pub(crate) fn turn(self, day: usize, group: usize) -> usize {
        let block = match self.blocks {
            Blocks::HalfWeeks => day / 7 + usize::from(day % 7 >= FIRST_HALF_DAYS),
            Blocks::Weeks(weeks) => day / (7 * weeks.max(1) as usize),
        };
        let shift = match self.layout {
            Layout::SwitchBack => 0,
            Layout::Split => group,
        };
        (block + shift) % self.prices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_a_round_each_price_takes_each_weekday_equally_often_in_each_group() {
        for blocks in [Blocks::HalfWeeks, Blocks::Weeks(1), Blocks::Weeks(2)] {
            for layout in [Layout::SwitchBack, Layout::Split] {
                for prices in [2, 3] {
                    let turns = Turns { blocks, layout, prices };
                    for group in 0..3 {
                        let mut counts = vec![[0; 7]; prices];
                        (0..turns.round_days()).for_each(|day| counts[turns.turn(day, group)][day % 7] += 1);
                        assert!(counts.iter().flatten().all(|&count| count == counts[0][0]), "{turns:?} {counts:?}");
                    }
                }
            }
        }
    }
}
