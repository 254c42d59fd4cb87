//! Which season a series has, and its values without it.

use crate::calendar::Frequency;
use crate::options::Season;

/// Seasons of a series in periods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seasons {
    /// The main one; one if none.
    pub(crate) main: usize,
    /// A longer one that holds the main one, such as the week of hourly data.
    pub(crate) long: Option<usize>,
    /// Periods of a year, where days or weeks have seen enough of it to speak of a yearly course, however noisy.
    pub(crate) year: Option<usize>,
}

/// Years after which a yearly course can be told from a trend.
const YEARS_MIN: f64 = 1.5;

impl Seasons {
    #[cfg(test)]
    pub(crate) const NONE: Self = Self { main: 1, long: None, year: None };

    /// The seasons to reckon with.
    pub(crate) fn of(values: &[f64], frequency: Frequency, wanted: Season) -> Self {
        let fits = |period: usize| period < values.len().div_ceil(2);
        let year = frequency.year_periods().filter(|year| values.len() as f64 >= YEARS_MIN * *year as f64);
        match wanted {
            Season::Periods(main) => {
                let main = if fits(main) { main.max(1) } else { 1 };
                let long = (main == 24).then_some(168).filter(|long| values.len() >= 3 * long);
                Self { main, long: long.filter(|long| is_seasonal(values, *long)), year }
            }
            Season::Detect => {
                let mut shown: Vec<usize> = frequency.season_candidates().into_iter().filter(|p| fits(*p)).collect();
                // A calendar's own season is real even where one series is too noisy to show it; numbered steps
                // carry no such promise.
                let detects = frequency.unit == crate::calendar::PeriodUnit::Step;
                if detects {
                    // A trend alone correlates at every lag, its changes at none.
                    shown.retain(|period| stands_out(&difference(values), *period));
                    let peak = |period: &usize| autocorrelation(&difference(values), *period);
                    shown.sort_by(|a, b| peak(b).total_cmp(&peak(a)));
                    let main = shown.first().copied().unwrap_or(1);
                    // Multiples of the true season peak as well: take the shortest that peaks nearly as high.
                    let main = shown
                        .iter()
                        .copied()
                        .filter(|period| main % period == 0 && peak(period) > 0.8 * peak(&main))
                        .min()
                        .unwrap_or(main);
                    let long = (main == 24 && values.len() >= 3 * 168).then_some(168);
                    return Self { main, long: long.filter(|long| is_seasonal(values, *long)), year };
                }
                let main = shown.first().copied().unwrap_or(1);
                let long = shown.get(1).copied().filter(|long| values.len() >= 2 * long && is_seasonal(values, *long));
                Self { main, long, year }
            }
        }
    }
}

fn difference(values: &[f64]) -> Vec<f64> {
    values.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

fn autocorrelation(values: &[f64], lag: usize) -> f64 {
    if lag >= values.len() {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let power: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    if power <= 0.0 {
        return 0.0;
    }
    values[lag..].iter().zip(values).map(|(now, then)| (now - mean) * (then - mean)).sum::<f64>() / power
}

/// Whether the autocorrelation at `period` stands out at the 10 % level (the test used with the Theta method,
/// Fiorucci et al. 2016), of the values or of their changes.
pub(crate) fn is_seasonal(values: &[f64], period: usize) -> bool {
    stands_out(values, period) || stands_out(&difference(values), period)
}

fn stands_out(values: &[f64], period: usize) -> bool {
    if period < 2 || values.len() < 2 * period {
        return false;
    }
    let found = autocorrelations(values, period);
    let below: f64 = found[..period - 1].iter().map(|found| found.powi(2)).sum();
    found[period - 1] > 1.645 * ((1.0 + 2.0 * below) / values.len() as f64).sqrt()
}

/// Autocorrelations at lags from one to `longest`, which must be smaller than the number of values.
fn autocorrelations(values: &[f64], longest: usize) -> Vec<f64> {
    /// Lags whose sums grow side by side: each adds in order of time, but none waits for another.
    const WIDTH: usize = 8;
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let gaps: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let power: f64 = gaps.iter().map(|gap| gap * gap).sum();
    if power <= 0.0 {
        return vec![0.0; longest];
    }
    let mut sums = Vec::with_capacity(longest + WIDTH);
    for first in (1..=longest).step_by(WIDTH) {
        // The first periods that smaller lags reach and larger ones do not.
        let mut found = [0.0; WIDTH];
        let common = (first + WIDTH - 1).min(gaps.len());
        for (place, sum) in found.iter_mut().enumerate() {
            *sum = (first + place..common).map(|t| gaps[t] * gaps[t - first - place]).sum();
        }
        for (now, then) in gaps[common..].iter().zip(gaps[(common + 1).saturating_sub(first + WIDTH)..].windows(WIDTH))
        {
            found.iter_mut().zip(then.iter().rev()).for_each(|(sum, then)| *sum += now * then);
        }
        sums.extend(found);
    }
    sums.truncate(longest);
    sums.iter_mut().for_each(|sum| *sum /= power);
    sums
}

/// A history with its season taken out, and how to put it back.
#[derive(Debug, Clone)]
pub(crate) struct Adjusted {
    /// The values without season. Positions of the season in which hardly anything ever happens (a shop's day of
    /// rest) are left out, so there may be fewer values than periods.
    pub(crate) values: Vec<f64>,
    form: Form,
    /// One index per position in the season; of period `t` it is `indices[t % len]`.
    indices: Vec<f64>,
    /// Periods of the history, left-out ones included.
    periods: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    None,
    /// Differences: for values of any sign.
    Additive,
    /// Ratios: for values of zero and above.
    Multiplicative,
}

/// Share of the average below which a position of the season counts as closed.
const CLOSED_BELOW: f64 = 0.1;

/// Values that must be left once the season is taken out.
const LEFT_MIN: usize = 8;

impl Adjusted {
    /// Takes the season out by classical decomposition, where a test finds one: ratios for values that are never
    /// negative, else differences. Indices are shrunk towards no season (or towards the shorter season) as far as
    /// they are noise.
    pub(crate) fn new(values: &[f64], seasons: Seasons) -> Self {
        let period = match seasons.long {
            Some(long) if values.len() >= 2 * long + long / 2 && long % seasons.main == 0 => long,
            _ => seasons.main,
        };
        let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
        if !is_seasonal(values, period) || values.len() < 2 * period {
            return Self::unseasonal(values);
        }
        let trend = centred_average(values, period);
        let half = period / 2;
        let inner = half..half + trend.len();
        let (form, mut indices) = if lowest > 0.0 {
            let logs: Vec<(usize, f64)> = inner.map(|t| (t % period, (values[t] / trend[t - half]).ln())).collect();
            let logs = centred(shrunk_means(&logs, period, seasons.main));
            (Form::Multiplicative, logs.into_iter().map(f64::exp).collect())
        } else if lowest == 0.0 {
            // Zeros have no logarithm, and days of great demand must not make a profile of themselves.
            let cap = quantile(values.iter().copied().filter(|value| *value > 0.0).collect(), 0.95);
            let ratio = |t: usize| if trend[t - half] > 0.0 { values[t].min(cap) / trend[t - half] } else { 1.0 };
            let ratios: Vec<(usize, f64)> = inner.map(|t| (t % period, ratio(t))).collect();
            let ratios = shrunk_means(&ratios, period, seasons.main);
            let mean = ratios.iter().sum::<f64>() / period as f64;
            (Form::Multiplicative, ratios.into_iter().map(|ratio| (ratio / mean).max(0.01)).collect::<Vec<f64>>())
        } else {
            let gaps: Vec<(usize, f64)> = inner.map(|t| (t % period, values[t] - trend[t - half])).collect();
            (Form::Additive, centred(shrunk_means(&gaps, period, seasons.main)))
        };
        if indices.iter().any(|index| !index.is_finite()) {
            indices = vec![if form == Form::Additive { 0.0 } else { 1.0 }; period];
        }
        let mut adjusted = Self { values: Vec::new(), form, periods: values.len(), indices };
        adjusted.values = values.iter().enumerate().filter_map(|(t, value)| adjusted.flatten(t, *value)).collect();
        // A season in which next to no period sells leaves models nothing to learn a level from.
        if adjusted.values.len() < LEFT_MIN { Self::unseasonal(values) } else { adjusted }
    }

    fn unseasonal(values: &[f64]) -> Self {
        Self { values: values.to_vec(), form: Form::None, indices: vec![0.0], periods: values.len() }
    }

    /// Whether a season was taken out.
    pub(crate) fn is_seasonal(&self) -> bool {
        self.form != Form::None
    }

    /// Index of position `t` of the season: a ratio to, or a difference from, no season.
    pub(crate) fn index(&self, t: usize) -> f64 {
        self.indices[t % self.indices.len()]
    }

    /// Whether indices are ratios.
    pub(crate) fn is_ratio(&self) -> bool {
        self.form == Form::Multiplicative
    }

    /// The value of period `t` without season; `None` at positions that are left out.
    pub(crate) fn flatten(&self, t: usize, value: f64) -> Option<f64> {
        match self.form {
            Form::None => Some(value),
            Form::Additive => Some(value - self.index(t)),
            Form::Multiplicative => (self.index(t) >= CLOSED_BELOW).then(|| value / self.index(t)),
        }
    }

    /// A value without season brought to period `t`.
    pub(crate) fn put_back(&self, t: usize, value: f64) -> f64 {
        match self.form {
            Form::None => value,
            Form::Additive => value + self.index(t),
            Form::Multiplicative => value * self.index(t),
        }
    }

    /// Puts the season back on values ahead.
    pub(crate) fn restore(&self, mut path: Vec<f64>) -> Vec<f64> {
        for (step, value) in path.iter_mut().enumerate() {
            *value = self.put_back(self.periods + step, *value);
        }
        path
    }
}

fn centred(mut indices: Vec<f64>) -> Vec<f64> {
    let centre = indices.iter().sum::<f64>() / indices.len() as f64;
    indices.iter_mut().for_each(|index| *index -= centre);
    indices
}

fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    let place = ((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1));
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(place, f64::total_cmp).1 }
}

/// Moving average over one season, centred; for even seasons the two ends count half. The first value belongs to
/// period
/// `period / 2`.
fn centred_average(values: &[f64], period: usize) -> Vec<f64> {
    let sums: Vec<f64> = std::iter::once(0.0)
        .chain(values.iter().scan(0.0, |sum, value| {
            *sum += value;
            Some(*sum)
        }))
        .collect();
    let sum = |from: usize, to: usize| sums[to] - sums[from];
    let half = period / 2;
    (half..values.len() - half)
        .map(|t| {
            if period.is_multiple_of(2) {
                (sum(t - half, t + half) + sum(t - half + 1, t + half + 1)) / (2 * period) as f64
            } else {
                sum(t - half, t + half + 1) / period as f64
            }
        })
        .collect()
}

/// Mean deviation per position, pulled towards a coarser profile by the share of its spread that chance explains.
fn shrunk_means(deviations: &[(usize, f64)], period: usize, main: usize) -> Vec<f64> {
    let (means, counts) = means_by(deviations, period, |position| position);
    let coarse: Vec<f64> = if main < period {
        let (daily, _) = means_by(deviations, main, |position| position % main);
        (0..period).map(|position| daily[position % main]).collect()
    } else {
        vec![0.0; period]
    };
    let noise: f64 = deviations.iter().map(|(position, value)| (value - means[*position]).powi(2)).sum::<f64>()
        / deviations.len().saturating_sub(period).max(1) as f64;
    let cycles = counts.iter().sum::<f64>() / period as f64;
    let spread: f64 = means.iter().zip(&coarse).map(|(mean, base)| (mean - base).powi(2)).sum::<f64>() / period as f64;
    let keep = if spread > 0.0 { (1.0 - noise / cycles / spread).clamp(0.0, 1.0) } else { 1.0 };
    means.iter().zip(&coarse).map(|(mean, base)| base + keep * (mean - base)).collect()
}

fn means_by(deviations: &[(usize, f64)], period: usize, place: impl Fn(usize) -> usize) -> (Vec<f64>, Vec<f64>) {
    let (mut sums, mut counts) = (vec![0.0; period], vec![0.0; period]);
    for (position, value) in deviations {
        sums[place(*position)] += value;
        counts[place(*position)] += 1.0;
    }
    (sums.iter().zip(&counts).map(|(sum, count): (&f64, &f64)| sum / count.max(1.0)).collect(), counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(length: usize, period: usize) -> Vec<f64> {
        (0..length)
            .map(|t| 100.0 + t as f64 + 20.0 * ((t % period) as f64 / period as f64 * std::f64::consts::TAU).sin())
            .collect()
    }

    #[test]
    fn the_season_of_numbered_steps_is_detected() {
        for period in [4, 7, 12, 24] {
            let found = Seasons::of(&wave(10 * period, period), Frequency::STEP, Season::Detect);
            assert_eq!(found.main, period);
        }
    }

    #[test]
    fn autocorrelations_side_by_side_are_those_of_each_lag() {
        for length in [3, 9, 17, 40] {
            let values: Vec<f64> = (0..length).map(|t| ((t * t * 7) % 11) as f64).collect();
            let found = autocorrelations(&values, length - 1);
            let alone: Vec<f64> = (1..length).map(|lag| autocorrelation(&values, lag)).collect();
            assert_eq!(found, alone);
        }
    }

    #[test]
    fn a_straight_line_has_no_season() {
        let line: Vec<f64> = (0..60).map(f64::from).collect();
        assert_eq!(Seasons::of(&line, Frequency::STEP, Season::Detect), Seasons::NONE);
    }

    #[test]
    fn taking_the_season_out_leaves_the_trend_and_putting_it_back_restores_it() {
        let values = wave(72, 12);
        let adjusted = Adjusted::new(&values[..60], Seasons { main: 12, ..Seasons::NONE });
        assert!(adjusted.is_seasonal());
        let trend: Vec<f64> = (60..72).map(|t| 100.0 + f64::from(t)).collect();
        for (restored, truth) in adjusted.restore(trend).iter().zip(&values[60..]) {
            assert!((restored / truth - 1.0).abs() < 0.05, "{restored} {truth}");
        }
    }
}
