//! Values that cannot be the demand of anyone: slips of the keyboard, one-off bulk orders, broken counters.

/// Neighbours on each side that say what is usual.
const REACH: usize = 8;
/// How many times the usual spread, and the usual size besides, a value must lie outside the usual.
const TIMES: f64 = 20.0;
/// Share of neighbours left out at each end, so that one spike does not hide another.
const TRIM: f64 = 0.15;
/// Periods by which a recurring event may be early or late.
const DRIFT: usize = 3;

/// Marks values further from their neighbours than twenty times the neighbours' spread and size. A value of which
/// there is a like one season away (Christmas, a yearly sale) is no spike, nor is one of three in a row (a new
/// level). `seasons` are the lengths at which events may recur, in periods.
///
/// `None` if there is no spike, which is cheap to see for most series.
pub(crate) fn spikes(values: &[f64], seasons: &[usize]) -> Option<Vec<bool>> {
    if values.len() < REACH {
        return None;
    }
    let usual = Usual::of(values.to_vec());
    // Whoever is usual for the whole history, roughly, is usual for its neighbours.
    if values.iter().all(|value| !usual.is_far(*value, 2.0)) {
        return None;
    }
    let is_far = |t: usize| {
        let around = t.saturating_sub(REACH)..(t + REACH + 1).min(values.len());
        let others: Vec<f64> = around.filter(|other| *other != t).map(|other| values[other]).collect();
        Usual::of(others).is_far(values[t], TIMES)
    };
    let far: Vec<bool> = (0..values.len()).map(|t| usual.is_far(values[t], 2.0) && is_far(t)).collect();
    let is_like = |t: usize, other: usize| {
        let ratio = values[other] / values[t];
        other.abs_diff(t) > DRIFT && ratio > 0.2
    };
    let recurs = |t: usize| {
        seasons.iter().flat_map(|season| [t.checked_sub(*season), t.checked_add(*season)]).flatten().any(|centre| {
            (centre.saturating_sub(DRIFT)..(centre + DRIFT + 1).min(values.len())).any(|other| is_like(t, other))
        })
    };
    let in_a_row = |t: usize| {
        (t.saturating_sub(2)..=t).any(|from| from + 3 <= far.len() && far[from..from + 3].iter().all(|far| *far))
    };
    let found: Vec<bool> = (0..far.len()).map(|t| far[t] && !in_a_row(t) && !recurs(t)).collect();
    found.contains(&true).then_some(found)
}

/// Where most of some values lie.
struct Usual {
    lo: f64,
    hi: f64,
}

impl Usual {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let cut = (values.len() as f64 * TRIM) as usize;
        Self { lo: values[cut], hi: values[values.len() - 1 - cut] }
    }

    fn is_far(&self, value: f64, times: f64) -> bool {
        let spread = self.hi - self.lo;
        value > self.hi + times * (spread + self.hi.abs()) || value < self.lo - times * (spread + self.lo.abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(values: &[f64], seasons: &[usize]) -> Vec<usize> {
        let marks = spikes(values, seasons).unwrap_or_default();
        (0..marks.len()).filter(|t| marks[*t]).collect()
    }

    fn calm(length: usize) -> Vec<f64> {
        (0..length).map(|t| 10.0 + (t * 7 % 5) as f64).collect()
    }

    #[test]
    fn slips_are_marked_wherever_they_stand() {
        let mut values = calm(60);
        (values[0], values[30], values[32], values[59]) = (1e15, 4000.0, -3000.0, 900.0);
        assert_eq!(marked(&values, &[7]), [0, 30, 32, 59]);
    }

    #[test]
    fn strong_promotions_and_new_levels_are_not() {
        let mut values = calm(60);
        (values[20], values[40]) = (150.0, 100.0);
        values[50..].iter_mut().for_each(|value| *value *= 500.0);
        assert_eq!(marked(&values, &[7]), []);
    }

    #[test]
    fn what_comes_back_every_year_is_not() {
        let mut values = calm(40);
        (values[11], values[23], values[35]) = (1000.0, 1200.0, 1500.0);
        assert_eq!(marked(&values, &[12]), []);
        assert_eq!(marked(&values[..20], &[12]), [11]);
    }

    #[test]
    fn a_calm_series_of_rare_zeros_has_none() {
        let values: Vec<f64> = (0..50).map(|t| if t % 4 == 0 { 0.0 } else { 5.0 }).collect();
        assert_eq!(spikes(&values, &[7]), None);
    }
}
