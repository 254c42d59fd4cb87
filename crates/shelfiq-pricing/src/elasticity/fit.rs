//! One series by itself: its price slope with an honest standard error.

use crate::elasticity::design::{CONSTANT, Design, Expectation, FIRST_NUISANCE, Nuisance, PRICE};
use crate::elasticity::history::{History, centred};
use crate::elasticity::memory::Memory;
use crate::elasticity::noise::Noise;
use crate::linear::{Symmetric, dot};

/// A normal likelihood for one coefficient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Evidence {
    pub(crate) mean: f64,
    pub(crate) variance: f64,
}

/// What one series says.
#[derive(Debug, Clone)]
pub(crate) struct Fit {
    /// The price slope, as a likelihood: free of any expectation about it.
    pub(crate) slope: Evidence,
    /// The nuisance coefficients in the order of the design, as likelihoods; `None` where the series says nothing.
    pub(crate) nuisances: Vec<Option<Evidence>>,
    /// Share of the price's movement that the nuisances do not explain: 0 is complete confounding.
    pub(crate) price_share_left: f64,
    /// Correlation of the noise with itself one period later.
    pub(crate) residual_autocorrelation: f64,
    /// What suspected promotions mean for it; `None` if there are none.
    pub(crate) suspicion: Option<Suspicion>,
    /// What demand does with one more column beside the design, as a likelihood; `None` without one or if it never moves on its
    /// own.
    pub(crate) beside: Option<Evidence>,
}

/// The part that suspected promotions play in a history.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Suspicion {
    /// What the series says about their effect with the slope left free; `None` if it cannot tell them from the price.
    pub(crate) effect: Option<Evidence>,
    /// By how much the slope rises if one more unit of effect is assumed.
    pub(crate) pull: f64,
    /// Standard error that the slope would have if their effect were known.
    pub(crate) slope_sd_if_known: f64,
}

/// Keeps the slope finite where a few sales happen to lie at one price; its small weight is taken out again afterwards.
const SLOPE_ANCHOR: Expectation = Expectation { mean: -1.5, sd: 5.0 };
const ROUNDS_MAX: usize = 30;
/// Enough for what is only looked at for what series have in common.
const ROUNDS_FOR_REST: usize = 6;
/// Largest share of a regressor's own movement that may be put down to sampling error.
const ERROR_SHARE_MAX: f64 = 0.7;

/// Penalised iteratively reweighted least squares with the nuisances' expectations as penalty, on periods whitened for noise
/// that lasts ([`Memory`]), and corrected for the sampling error of the group's demand (Fuller,
/// *Measurement Error Models*, 1987, section 2.2).
///
/// The variance of the slope is the mean of the model's and a heteroscedasticity- and autocorrelation-consistent one (Newey &
/// West, Econometrica 55 (1987), Bartlett weights, residuals scaled for leverage), times that of Student's t for the degrees
/// of freedom that are left. Taking the larger of the two would be safer for one series, but overstated errors make the pool
/// believe that series hardly differ. `None` if the history is too short for its regressors.
///
/// `beside` is one more regressor, judged on what the others leave and without a say in them.
pub(crate) fn fit(
    history: &History,
    design: &Design,
    expectations: &[Expectation],
    beside: Option<&[f64]>,
) -> Option<Fit> {
    let penalties = penalties(SLOPE_ANCHOR, expectations);
    let Settled { noise, white, solved } = settle(history, design, &penalties, ROUNDS_MAX)?;
    let coefficients = &solved.coefficients;
    let free = history.len() as f64 - solved.parameters_used;
    let dispersion = solved.dispersion(free);
    let model = solved.inverse.at(PRICE, PRICE) * dispersion;
    let robust = solved.robust_slope_variance(&white, &white.residuals(coefficients), &penalties);
    let t_spread = free / (free - 2.0);
    let over_memories = over_memories(&noise, design, &penalties, free)?;
    let honest = 0.5 * (1.0 + robust / model) * t_spread;
    let anchored = Evidence { variance: over_memories.variance * honest, ..over_memories };
    let own_information = 1.0 / solved.inverse.at(PRICE, PRICE) - SLOPE_ANCHOR.sd.powi(-2);
    let moved = white.movement(PRICE);
    let nuisance = |(index, &expectation): (usize, &Expectation)| {
        let column = FIRST_NUISANCE + index;
        let variance = solved.inverse.at(column, column) * dispersion;
        without(Evidence { mean: coefficients[column], variance }, expectation)
    };
    let slope = without(anchored, SLOPE_ANCHOR)?;
    let suspicion = design
        .column_of(Nuisance::SuspectedPromotion)
        .map(|column| suspicion(&solved, column, expectations[column - FIRST_NUISANCE], dispersion * honest));
    let residuals = design.rows().zip(&noise.responses).map(|(row, response)| response - dot(row, coefficients));
    Some(Fit {
        residual_autocorrelation: autocorrelation(&residuals.collect::<Vec<_>>()),
        suspicion,
        beside: beside.and_then(|column| {
            let column = noise.filter(noise.memory).apply(column.to_vec(), 1);
            let penalties = with_open_group(&penalties, design);
            let Evidence { mean, variance } =
                Solved::of(&white, design, &penalties)?.beside(&white, &column, dispersion)?;
            Some(Evidence { mean, variance: variance * t_spread })
        }),
        slope,
        nuisances: expectations.iter().enumerate().map(nuisance).collect(),
        price_share_left: if moved > 0.0 { (own_information / moved).clamp(0.0, 1.0) } else { 0.0 },
    })
}

fn autocorrelation(residuals: &[f64]) -> f64 {
    let squares: f64 = residuals.iter().map(|residual| residual * residual).sum();
    let products: f64 = residuals.windows(2).map(|pair| pair[0] * pair[1]).sum();
    if squares > 0.0 { (products / squares).clamp(-1.0, 1.0) } else { 0.0 }
}

/// `scale` turns variances of the model into honest ones.
fn suspicion(solved: &Solved, column: usize, expectation: Expectation, scale: f64) -> Suspicion {
    let (slope, effect) = (solved.coefficients[PRICE], solved.coefficients[column]);
    let (a, b, c) =
        (solved.inverse.at(PRICE, PRICE), solved.inverse.at(PRICE, column), solved.inverse.at(column, column));
    let determinant = (a * c - b * b).max(f64::MIN_POSITIVE);
    // Precision of both together, less what was assumed of either.
    let (anchor, assumed) = (SLOPE_ANCHOR.sd.powi(-2), expectation.sd.powi(-2));
    let (slopes, cross, effects) = (c / determinant, -b / determinant, a / determinant);
    let right = (
        slopes * slope + cross * effect - anchor * SLOPE_ANCHOR.mean,
        cross * slope + effects * effect - assumed * expectation.mean,
    );
    let (own_slopes, own_effects) = (slopes - anchor, effects - assumed);
    let free = own_effects - cross * cross / own_slopes;
    let tells = own_slopes > 1e-3 * slopes && free > 1e-3 * effects && free.is_finite();
    Suspicion {
        effect: tells
            .then(|| Evidence { mean: (right.1 - cross / own_slopes * right.0) / free, variance: scale / free }),
        pull: b * assumed,
        slope_sd_if_known: (scale / own_slopes.max(f64::MIN_POSITIVE)).sqrt(),
    }
}

/// What the nuisances leave, per usable period.
#[derive(Debug, Clone)]
pub(crate) struct Rest {
    /// Of log demand, the price answered with a given slope.
    pub(crate) demand: Vec<f64>,
    /// Of the log price.
    pub(crate) price: Vec<f64>,
}

/// `None` if the history is too short for its regressors.
pub(crate) fn rest(history: &History, design: &Design, expectations: &[Expectation], slope: f64) -> Option<Rest> {
    let fixed = Expectation { mean: slope, sd: 1e-3 };
    let settled = settle(history, design, &penalties(fixed, expectations), ROUNDS_FOR_REST)?;
    let fitted = design.rows().map(|row| dot(row, &settled.solved.coefficients));
    let demand = settled.noise.responses.iter().zip(fitted).map(|(response, fitted)| response - fitted).collect();
    Some(Rest { demand: centred(demand), price: price_rest(design)? })
}

/// The log price less its regression on the constant and the nuisances.
fn price_rest(design: &Design) -> Option<Vec<f64>> {
    let mut matrix = Symmetric::zeros(design.columns());
    let mut right = vec![0.0; design.columns()];
    let without_price = |row: &[f64]| -> Vec<f64> {
        row.iter().enumerate().map(|(column, &cell)| if column == PRICE { 0.0 } else { cell }).collect()
    };
    for row in design.rows() {
        let x = without_price(row);
        matrix.add_outer(&x, 1.0);
        right.iter_mut().zip(&x).for_each(|(sum, cell)| *sum += cell * row[PRICE]);
    }
    // The price itself is left out, and weekdays repeat the constant.
    (0..design.columns()).for_each(|column| matrix.add_to_diagonal(column, 1e-3));
    let coefficients = matrix.inverse()?.times(&right);
    Some(centred(design.rows().map(|row| row[PRICE] - dot(&without_price(row), &coefficients)).collect()))
}

fn penalties(slope: Expectation, nuisances: &[Expectation]) -> Vec<Expectation> {
    let constant = Expectation { mean: 0.0, sd: f64::INFINITY };
    [constant, slope].into_iter().chain(nuisances.iter().copied()).collect()
}

/// Mean and variance of the slope over all ways in which the noise may last, each weighed by how well it explains the history
/// with all coefficients integrated out: one best guess would forget that it is a guess.
fn over_memories(noise: &Noise, design: &Design, penalties: &[Expectation], free: f64) -> Option<Evidence> {
    let ways: Vec<(f64, Evidence)> = noise
        .memories()
        .into_iter()
        .filter_map(|(memory, log_prior)| {
            let solved = Solved::of(&Whitened::of(design, noise, memory), design, penalties)?;
            let variance = solved.inverse.at(PRICE, PRICE) * solved.dispersion(free);
            Some((solved.log_evidence + log_prior, Evidence { mean: solved.coefficients[PRICE], variance }))
        })
        .collect();
    let best = ways.iter().map(|way| way.0).fold(f64::NEG_INFINITY, f64::max);
    let (mut total, mut first, mut second) = (0.0, 0.0, 0.0);
    for (log_evidence, slope) in ways {
        let weight = (log_evidence - best).exp();
        total += weight;
        first += weight * slope.mean;
        second += weight * (slope.variance + slope.mean * slope.mean);
    }
    let mean = first / total;
    let variance = second / total - mean * mean;
    (variance > 0.0 && variance.is_finite()).then_some(Evidence { mean, variance })
}

/// With the group as free as before any series was looked at: prices of a category are too much alike for some of them to be
/// judged beside an answer to all that was learned elsewhere.
fn with_open_group(penalties: &[Expectation], design: &Design) -> Vec<Expectation> {
    let mut penalties = penalties.to_vec();
    for group in [Nuisance::GroupDemand, Nuisance::GroupPrice] {
        if let Some(column) = design.column_of(group) {
            penalties[column] = group.first_expectation();
        }
    }
    penalties
}

/// The way the noise most plausibly lasts.
fn likeliest_memory(noise: &Noise, design: &Design, penalties: &[Expectation]) -> Memory {
    let log_evidence = |memory: Memory| {
        Solved::of(&Whitened::of(design, noise, memory), design, penalties).map(|solved| solved.log_evidence)
    };
    noise
        .memories()
        .into_iter()
        .filter_map(|(memory, log_prior)| Some((memory, log_evidence(memory)? + log_prior)))
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map_or(Memory::NONE, |(memory, _)| memory)
}

/// Rounds of reweighting after which the memory is judged anew; then it stays, so that the rounds settle.
const MEMORY_ROUNDS: [usize; 3] = [2, 4, 7];

/// Where the rounds of reweighting end.
struct Settled {
    noise: Noise,
    white: Whitened,
    solved: Solved,
}

fn settle(history: &History, design: &Design, penalties: &[Expectation], rounds_max: usize) -> Option<Settled> {
    let n = history.len() as f64;
    let mut noise = Noise::start(history);
    let mut coefficients = vec![0.0; design.columns()];
    let mut round = 0;
    loop {
        let white = Whitened::of(design, &noise, noise.memory);
        let solved = Solved::of(&white, design, penalties)?;
        let moved = solved.coefficients.iter().zip(&coefficients).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        if n - solved.parameters_used < 3.0 || !moved.is_finite() {
            return None;
        }
        coefficients.clone_from(&solved.coefficients);
        round += 1;
        let judged = round >= MEMORY_ROUNDS[MEMORY_ROUNDS.len() - 1];
        if round >= rounds_max || (judged && moved < 1e-6) {
            return Some(Settled { noise, white, solved });
        }
        noise.update(history, design, &coefficients, solved.parameters_used);
        if MEMORY_ROUNDS.contains(&round) {
            noise.memory = likeliest_memory(&noise, design, penalties);
        }
    }
}

/// Takes an expectation out of an estimate that used it, leaving what the series itself says.
fn without(estimate: Evidence, expectation: Expectation) -> Option<Evidence> {
    let (used, prior) = (1.0 / estimate.variance, expectation.sd.powi(-2));
    let information = used - prior;
    let is_something = information > 1e-3 * used && information.is_finite();
    is_something.then(|| Evidence {
        mean: (estimate.mean * used - expectation.mean * prior) / information,
        variance: 1.0 / information,
    })
}

/// Rows and responses scaled to independent noise of variance one.
struct Whitened {
    columns: usize,
    rows: Vec<f64>,
    responses: Vec<f64>,
    /// Sampling error of the uncertain column, scaled likewise; empty without one.
    errors: Vec<f64>,
    /// Of the covariance that was taken out.
    log_determinant: f64,
}

impl Whitened {
    fn of(design: &Design, noise: &Noise, memory: Memory) -> Self {
        let filter = noise.filter(memory);
        let columns = design.columns();
        let errors = design.uncertain.as_ref().map_or_else(Vec::new, |(_, errors)| errors.clone());
        Self {
            columns,
            rows: filter.apply(design.cells().to_vec(), columns),
            responses: filter.apply(noise.responses.clone(), 1),
            errors: filter.apply(errors, 1),
            log_determinant: filter.log_determinant,
        }
    }

    fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.rows.chunks_exact(self.columns)
    }

    fn residuals(&self, coefficients: &[f64]) -> Vec<f64> {
        self.rows().zip(&self.responses).map(|(row, response)| response - dot(row, coefficients)).collect()
    }

    /// Squares of that part of the errors which the regressors do not absorb: only this part distorts.
    fn unabsorbed_error_squares(&self, inverse: &Symmetric) -> Vec<f64> {
        let mut products = vec![0.0; self.columns];
        for (row, error) in self.rows().zip(&self.errors) {
            for (sum, x) in products.iter_mut().zip(row) {
                *sum += error * x;
            }
        }
        let absorbed = inverse.times(&products);
        self.rows().zip(&self.errors).map(|(row, error)| (error - dot(row, &absorbed)).powi(2)).collect()
    }

    /// Sum of squares of a column around its regression on the constant.
    fn movement(&self, column: usize) -> f64 {
        let (mut squares, mut products, mut constants) = (0.0, 0.0, 0.0);
        for row in self.rows() {
            squares += row[column] * row[column];
            products += row[column] * row[CONSTANT];
            constants += row[CONSTANT] * row[CONSTANT];
        }
        squares - products * products / constants.max(f64::MIN_POSITIVE)
    }
}

/// The normal equations of one round.
struct Solved {
    coefficients: Vec<f64>,
    inverse: Symmetric,
    /// Trace of the smoother: a penalised coefficient costs less than one degree of freedom.
    parameters_used: f64,
    /// Corrections of the score for sampling error: what each period adds along the uncertain column.
    corrections: Option<(usize, Vec<f64>)>,
    /// Sum of squared residuals, before corrections.
    squares: f64,
    /// Log of the probability of the responses with all coefficients integrated out, up to a constant of the history.
    log_evidence: f64,
}

impl Solved {
    fn of(white: &Whitened, design: &Design, penalties: &[Expectation]) -> Option<Self> {
        let mut matrix = Symmetric::zeros(white.columns);
        let mut right: Vec<f64> = penalties.iter().map(|penalty| penalty.mean * penalty.sd.powi(-2)).collect();
        for (row, response) in white.rows().zip(&white.responses) {
            matrix.add_outer(row, 1.0);
            for (sum, x) in right.iter_mut().zip(row) {
                *sum += response * x;
            }
        }
        for (column, penalty) in penalties.iter().enumerate() {
            matrix.add_to_diagonal(column, penalty.sd.powi(-2));
        }
        // The constant is never penalised, yet all weights may vanish when nothing was sold.
        matrix.add_to_diagonal(CONSTANT, 1e-9);
        let (mut inverse, log_determinant) = matrix.inverse_and_log_determinant()?;
        let parameters_used = penalties
            .iter()
            .enumerate()
            .map(|(column, penalty)| 1.0 - inverse.at(column, column) * penalty.sd.powi(-2))
            .sum();
        let mut coefficients = inverse.times(&right);
        let squares: f64 = white.residuals(&coefficients).iter().map(|residual| residual * residual).sum();
        let misses = coefficients
            .iter()
            .zip(penalties)
            .map(|(coefficient, penalty)| (coefficient - penalty.mean).powi(2) * penalty.sd.powi(-2));
        let log_evidence = -0.5 * (white.log_determinant + log_determinant + squares + misses.sum::<f64>());
        let mut corrections = None;
        if let Some((column, _)) = design.uncertain {
            let mut distortion = white.unabsorbed_error_squares(&inverse);
            let total: f64 = distortion.iter().sum();
            let taken = inverse.take_from_diagonal(column, total, ERROR_SHARE_MAX);
            coefficients = inverse.times(&right);
            let factor = coefficients[column] * taken / total.max(f64::MIN_POSITIVE);
            distortion.iter_mut().for_each(|square| *square *= factor);
            corrections = Some((column, distortion));
        }
        Some(Self { coefficients, inverse, parameters_used, corrections, squares, log_evidence })
    }

    /// Variance of the whitened residuals, never below what was assumed.
    fn dispersion(&self, free: f64) -> f64 {
        (self.squares / free).max(1.0)
    }

    fn robust_slope_variance(&self, white: &Whitened, residuals: &[f64], penalties: &[Expectation]) -> f64 {
        let influence: Vec<f64> = (0..white.columns).map(|column| self.inverse.at(PRICE, column)).collect();
        let mut pulls: Vec<f64> = white
            .rows()
            .zip(residuals)
            .map(|(row, residual)| {
                let leverage = dot(row, &self.inverse.times(row)).clamp(0.0, 0.95);
                dot(row, &influence) * residual / (1.0 - leverage).sqrt()
            })
            .collect();
        if let Some((column, corrections)) = &self.corrections {
            for (pull, correction) in pulls.iter_mut().zip(corrections) {
                *pull += influence[*column] * correction;
            }
        }
        let from_penalties: f64 =
            influence.iter().zip(penalties).map(|(pull, penalty)| pull * pull * penalty.sd.powi(-2)).sum();
        bartlett_variance(&pulls) + from_penalties
    }

    /// The coefficient of one more whitened column, as if it had been among the regressors (R. Frisch and F. V. Waugh, "Partial
    /// time regressions as compared with individual trends", Econometrica 1 (1933), 387–401).
    ///
    /// Its variance is the mean of the model's and the robust one, as that of the price.
    fn beside(&self, white: &Whitened, column: &[f64], dispersion: f64) -> Option<Evidence> {
        let mut products = vec![0.0; white.columns];
        for (row, x) in white.rows().zip(column) {
            products.iter_mut().zip(row).for_each(|(sum, cell)| *sum += x * cell);
        }
        let absorbed = self.inverse.times(&products);
        let squares = dot(column, column);
        let information = squares - dot(&products, &absorbed);
        if information <= OWN_MOVEMENT_MIN * squares || !information.is_finite() {
            return None;
        }
        let residuals = white.residuals(&self.coefficients);
        let mean = dot(column, &residuals) / information;
        let own: Vec<f64> = white.rows().zip(column).map(|(row, x)| x - dot(row, &absorbed)).collect();
        let pulls = own.iter().zip(&residuals).map(|(x, residual)| x * (residual - mean * x) / information);
        let robust = bartlett_variance(&pulls.collect::<Vec<_>>());
        Some(Evidence { mean, variance: 0.5 * (robust + dispersion / information) })
    }
}

/// A column of which the regressors leave less than this share says nothing.
const OWN_MOVEMENT_MIN: f64 = 0.02;

/// Variance of the sum of terms that may be correlated over a few periods.
fn bartlett_variance(pulls: &[f64]) -> f64 {
    let lags = (pulls.len() as f64).cbrt().floor() as usize;
    let mut variance: f64 = pulls.iter().map(|pull| pull * pull).sum();
    for lag in 1..=lags.min(pulls.len()) {
        let bartlett = 1.0 - lag as f64 / (lags + 1) as f64;
        variance += 2.0 * bartlett * pulls.iter().zip(&pulls[lag..]).map(|(a, b)| a * b).sum::<f64>();
    }
    variance.max(0.0)
}
