//! Regression on the series' own past.

use super::{Forecaster, Path, Start, Training};
use crate::linear::ridge;

/// Autoregression of seasonal differences (of plain differences of the adjusted history where there is no season to
/// difference by): the next change from the last changes and those one season ago, fitted by least squares; the
/// number of lags by AICc.
pub(super) struct Autoregression;

impl Forecaster for Autoregression {
    fn name(&self) -> &'static str {
        "autoregression"
    }

    fn typical_loss(&self) -> f64 {
        0.95
    }

    fn suits(&self, training: &Training<'_>) -> bool {
        !training.is_sparse && training.values.len() >= 12
    }

    fn forecast(&self, training: &Training<'_>, horizon: usize, from: Start<'_>) -> Option<Path> {
        let length = training.values.len();
        let main = training.seasons.main;
        let period = training.seasons.long.filter(|long| length >= 3 * long).unwrap_or(main);
        let differences_season = period > 1 && length >= 4 * period && training.adjusted.is_seasonal();
        let (values, gap) =
            if differences_season { (training.values, period) } else { (training.adjusted.values.as_slice(), 1) };
        let changes: Vec<f64> = values[gap..].iter().zip(values).map(|(now, then)| now - then).collect();
        let choices = lag_choices(if differences_season { main } else { 1 }, gap, changes.len());
        let choice = match from.known() {
            Some([index]) if (*index as usize) < choices.len() => *index as usize,
            _ => {
                let deepest = choices.iter().flatten().copied().max()?;
                let scores: Vec<f64> = choices.iter().map(|lags| criterion(&changes, lags, deepest)).collect();
                (0..choices.len()).min_by(|a, b| scores[*a].total_cmp(&scores[*b]))?
            }
        };
        let lags = &choices[choice];
        let coefficients = fit(&changes, lags, lags.iter().copied().max().unwrap_or(0))?;
        let mut all_changes = changes;
        let mut all_values = values.to_vec();
        for _ in 0..horizon {
            let next: f64 =
                lags.iter().zip(&coefficients).map(|(lag, c)| c * all_changes[all_changes.len() - lag]).sum();
            all_changes.push(next);
            all_values.push(all_values[all_values.len() - gap] + next);
        }
        let path = all_values.split_off(values.len());
        let mean = if differences_season { path } else { training.adjusted.restore(path) };
        Some(Path { mean, tuned: vec![choice as f64] })
    }
}

/// Sets of lags to choose from, the smallest first. Each leaves at least four observations per coefficient.
fn lag_choices(main: usize, gap: usize, length: usize) -> Vec<Vec<usize>> {
    let recent = [vec![1], vec![1, 2], vec![1, 2, 3], vec![1, 2, 3, 4, 5]];
    let mut choices: Vec<Vec<usize>> = recent.to_vec();
    if main > 1 {
        let seasonal =
            |multiple: usize| recent.iter().map(move |lags| [lags.as_slice(), &[multiple, multiple + 1]].concat());
        choices.extend(seasonal(main));
        if gap > main {
            choices.extend(
                recent.iter().map(|lags| [lags.as_slice(), &[main, main + 1, 2 * main, gap, gap + 1]].concat()),
            );
        }
    }
    choices.iter_mut().for_each(|lags| lags.dedup());
    choices.retain(|lags| {
        let deepest = lags.iter().copied().max().unwrap_or(0);
        length > deepest + 4 * lags.len()
    });
    choices
}

fn fit(changes: &[f64], lags: &[usize], from: usize) -> Option<Vec<f64>> {
    let rows = features(changes, lags, from);
    let power: f64 = changes.iter().map(|change| change * change).sum::<f64>();
    if power <= 0.0 {
        return Some(vec![0.0; lags.len()]);
    }
    // A hundredth of an observation per coefficient pulls towards "no memory" and keeps the system regular.
    let penalty = vec![0.01 * power / changes.len() as f64 + f64::MIN_POSITIVE; lags.len()];
    let width = lags.len();
    ridge(changes[from..].iter().zip(rows.chunks(width)).map(|(change, row)| (1.0, *change, row)), &penalty)
}

fn features(changes: &[f64], lags: &[usize], from: usize) -> Vec<f64> {
    (from..changes.len()).flat_map(|t| lags.iter().map(move |lag| changes[t - lag])).collect()
}

/// AICc on the periods that every choice can explain.
fn criterion(changes: &[f64], lags: &[usize], from: usize) -> f64 {
    let Some(coefficients) = fit(changes, lags, from) else { return f64::INFINITY };
    let rows = features(changes, lags, from);
    let error = |(change, row): (&f64, &[f64])| {
        (change - row.iter().zip(&coefficients).map(|(x, c)| x * c).sum::<f64>()).powi(2)
    };
    let squares: f64 = changes[from..].iter().zip(rows.chunks(lags.len())).map(error).sum();
    let (count, parameters) = ((changes.len() - from) as f64, lags.len() as f64 + 1.0);
    count * (squares / count).max(1e-300).ln()
        + 2.0 * parameters
        + 2.0 * parameters * (parameters + 1.0) / (count - parameters - 1.0).max(0.5)
}
