//! Short reductions that look like promotions which nobody recorded.
//!
//! A price that falls and soon comes back was put on offer: shown, marked, perhaps advertised. What that does beyond the lower
//! price is not the shoppers' answer to the price, yet it comes and goes with it.
//!
//! Source: E. Nakamura and J. Steinsson, "Five facts about prices: a reevaluation of menu cost models", Quarterly Journal of
//! Economics 123 (2008), 1415–1464 (V-shaped sale filter).

/// Usable periods in order, as the filter sees them.
pub(crate) struct Path<'a> {
    pub(crate) days: &'a [i32],
    pub(crate) log_price: &'a [f64],
    /// Controls in units of their standard deviation.
    pub(crate) controls: &'a [Vec<f64>],
}

/// A smaller cut (log) is no offer.
const CUT_MIN: f64 = 0.025;
/// The price has come back for a new usual price when no more than this share of the cut is left.
const LEFT_MAX: f64 = 0.35;
/// Prices closer than this (log) are the same: means over the days of a week carry rounding.
const SAME_PRICE: f64 = 0.005;
/// Periods that show less than this share of the cut were only partly on offer.
const FULL_SHARE: f64 = 0.6;
/// A control that moves by this many standard deviations for the time of the cut has recorded it.
const RECORDED_MOVE: f64 = 1.0;

impl Path<'_> {
    /// How far each period was on such an offer, 0 to 1; `None` if none was. Longer than `length_max` (in days of the axis) is
    /// no offer but a price.
    pub(crate) fn suspected_promotion(&self, length_max: i32) -> Option<Vec<f64>> {
        let mut column = vec![0.0; self.days.len()];
        // Prices that come back to the very same are found first and smoothed out: what is left shows whether the usual price
        // itself went down and up.
        let mut usual = self.log_price.to_vec();
        self.mark(&mut usual, &mut column, length_max, SAME_PRICE);
        let offered: Vec<f64> =
            (0..usual.len()).filter(|&period| column[period] >= 1.0).map(|period| self.log_price[period]).collect();
        self.mark(&mut usual, &mut column, length_max, f64::INFINITY);
        if column.iter().all(|&share| share == 0.0) {
            return None;
        }
        self.add_cut_off(&mut column, length_max);
        self.add_known(&mut column, &offered, length_max);
        Some(column)
    }

    /// Marks the spells in `usual` after which the price is back within `tolerance`, and puts the usual price in their place.
    fn mark(&self, usual: &mut [f64], column: &mut [f64], length_max: i32, tolerance: f64) {
        // The latest drop first: a cut within a longer one is the offer.
        for period in (1..usual.len()).rev() {
            let Some(end) = self.spell_from(usual, period, length_max, tolerance) else { continue };
            let before = usual[period - 1];
            let deepest = usual[period..end].iter().copied().fold(before, f64::min);
            for inside in period..end {
                let share = (before - usual[inside]) / (FULL_SHARE * (before - deepest));
                column[inside] = column[inside].max(share.clamp(0.0, 1.0));
                usual[inside] = before;
            }
        }
    }

    /// Where there are offers, a short cut that the first or last period cuts off is another.
    fn add_cut_off(&self, column: &mut [f64], length_max: i32) {
        let last = self.days.len() - 1;
        let is_short = |from: usize, to: usize| self.days[to] - self.days[from] < length_max;
        if let Some(end) = (1..=last).find(|&end| self.log_price[end] - self.log_price[end - 1] >= CUT_MIN)
            && is_short(0, end - 1)
            && !self.has_moved(1..end)
        {
            column[..end].fill(1.0);
        }
        if let Some(start) =
            (1..=last).rev().find(|&start| self.log_price[start - 1] - self.log_price[start] >= CUT_MIN)
            && is_short(start, last)
            && !self.has_moved(start + 1..last + 1)
        {
            column[start..].fill(1.0);
        }
    }

    fn has_moved(&self, mut periods: std::ops::Range<usize>) -> bool {
        periods.any(|period| (self.log_price[period] - self.log_price[period - 1]).abs() >= SAME_PRICE)
    }

    /// A price that was an offer is one again wherever it stands for not much longer, as when two offers follow each other.
    fn add_known(&self, column: &mut [f64], offered: &[f64], length_max: i32) {
        let mut start = 0;
        for period in 1..=self.days.len() {
            if period < self.days.len() && !self.has_moved(period..period + 1) {
                continue;
            }
            let price = self.log_price[start];
            let is_short = self.days[period - 1] - self.days[start] < 2 * length_max;
            if is_short && offered.iter().any(|offer| (offer - price).abs() < SAME_PRICE) {
                column[start..period].fill(1.0);
            }
            start = period;
        }
    }

    /// The period in which the price is back after a cut in `period`; `None` if that is no unrecorded offer.
    fn spell_from(&self, price: &[f64], period: usize, length_max: i32, tolerance: f64) -> Option<usize> {
        let usual = price[period - 1];
        if usual - price[period] < CUT_MIN {
            return None;
        }
        let mut deepest = price[period];
        let mut end = period + 1;
        loop {
            if end >= price.len() || self.days[end] - self.days[period] > length_max {
                return None;
            }
            if usual - price[end] <= LEFT_MAX * (usual - deepest) {
                break;
            }
            deepest = deepest.min(price[end]);
            end += 1;
        }
        // Prices that are means over orders go up and down all the time; a posted price stands still or returns.
        let stood = period >= 2 && (usual - price[period - 2]).abs() < SAME_PRICE;
        let off = (usual - price[end]).abs();
        ((stood || off < SAME_PRICE) && off < tolerance && !self.is_recorded(period, end)).then_some(end)
    }

    fn is_recorded(&self, period: usize, end: usize) -> bool {
        self.controls.iter().any(|control| {
            let inside = control[period..end].iter().sum::<f64>() / (end - period) as f64;
            let (before, after) = (inside - control[period - 1], inside - control[end]);
            before.abs().min(after.abs()) > RECORDED_MOVE && before * after > 0.0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suspected(prices: &[f64], control: &[f64]) -> Option<Vec<f64>> {
        let days: Vec<i32> = (0..prices.len() as i32).map(|week| 7 * week).collect();
        let log_price: Vec<f64> = prices.iter().map(|price: &f64| price.ln()).collect();
        let controls = if control.is_empty() { Vec::new() } else { vec![control.to_vec()] };
        Path { days: &days, log_price: &log_price, controls: &controls }.suspected_promotion(28)
    }

    #[test]
    fn a_price_that_falls_and_soon_comes_back_was_on_offer() {
        let found = suspected(&[10.0, 10.0, 8.0, 8.0, 10.0, 10.0], &[]).unwrap();
        assert_eq!(found, [0.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn a_week_that_was_partly_on_offer_counts_in_part() {
        let found = suspected(&[10.0, 10.0, 9.1, 8.0, 10.0, 10.0], &[]).unwrap();
        assert!(found[2] > 0.5 && found[2] < 0.9 && found[3] == 1.0, "{found:?}");
    }

    #[test]
    fn a_price_that_stays_down_or_wanders_was_not() {
        assert_eq!(suspected(&[10.0, 10.0, 8.0, 8.0, 8.0, 8.0, 8.0, 8.0, 10.0], &[]), None);
        assert_eq!(suspected(&[10.0, 10.0, 8.0, 8.0], &[]), None);
        assert_eq!(suspected(&[10.0, 10.0, 8.0, 8.0, 8.9, 8.0], &[]), None);
        assert_eq!(suspected(&[10.1, 9.6, 9.2, 10.4, 9.9, 9.5, 10.2], &[]), None);
        assert_eq!(suspected(&[10.0, 10.0, 9.9, 10.0, 10.0], &[]), None);
    }

    #[test]
    fn where_there_are_offers_others_are_known_by_their_price_or_by_the_end_of_the_history() {
        let found =
            suspected(&[9.0, 10.0, 10.0, 8.0, 10.0, 10.0, 8.5, 8.0, 8.0, 8.0, 8.0, 8.0, 10.0, 10.0, 9.0], &[]).unwrap();
        assert_eq!(found, [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 1.0]);
    }

    #[test]
    fn an_offer_that_was_recorded_is_not_suspected() {
        assert_eq!(suspected(&[10.0, 10.0, 8.0, 10.0, 10.0], &[-0.2, -0.2, 2.3, -0.2, -0.2]), None);
        assert!(suspected(&[10.0, 10.0, 8.0, 10.0, 10.0], &[2.3, 2.3, 2.3, -0.2, -0.2]).is_some());
    }
}
