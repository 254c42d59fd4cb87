//! Whether a series' own history says something about its elasticity.

use crate::demand::ElasticityBelief;
use crate::elasticity::design::{Design, FIRST_NUISANCE, Nuisance, PRICE};
use crate::elasticity::fit::Fit;
use crate::elasticity::history::History;
use crate::elasticity::report::Identification;
use crate::linear::{Symmetric, dot};

/// Fewer periods than this cannot separate price from anything.
const PERIODS_MIN: usize = 8;
/// Fewer units than this are anecdotes.
const UNITS_MIN: f64 = 10.0;
/// Standard deviation of the log price below which the price did not move: half a percent.
const PRICE_SD_MIN: f64 = 0.005;
/// Share of the price's movement that must be its own.
const OWN_SHARE_MIN: f64 = 0.05;
/// Share of the price's movement beyond which movements common to many series leave nothing of its own.
const PRICE_SHARED_MAX: f64 = 0.97;
/// Share of the price's movement that controls alone must explain to be blamed.
const BLAME_SHARE: f64 = 0.8;
/// Standard error of the slope beyond which nothing useful was learned: an interval of ±2.
const STANDARD_ERROR_MAX: f64 = 1.0;

/// What can be said before any model: `None` if the history deserves a fit.
pub(crate) fn before_fit(history: &History) -> Option<Identification> {
    let price_sd = (history.log_price.iter().map(|x| x * x).sum::<f64>() / history.len().max(1) as f64).sqrt();
    if history.len() < PERIODS_MIN {
        let was_censored = history.n_censored > history.len();
        return Some(if was_censored { Identification::StockOuts } else { Identification::TooFewObservations });
    }
    if history.n_prices < 2 || price_sd < PRICE_SD_MIN {
        return Some(Identification::NoPriceVariation);
    }
    if history.whole_units && history.quantity.iter().sum::<f64>() < UNITS_MIN {
        return Some(Identification::TooFewSales);
    }
    None
}

/// What the other series of the panel mean for one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Company {
    /// Whether others stood beside it in the same periods.
    pub(crate) compared: bool,
    /// Share of its price's movement that movements shared by many series make up.
    pub(crate) price_shared: f64,
    /// How unsure the shop is of what suspected promotions did on average.
    pub(crate) promotion_mean_sd: f64,
}

/// What the fit allows to say.
pub(crate) fn after_fit(
    history: &History,
    design: &Design,
    fit: &Fit,
    control_names: &[&str],
    company: Company,
) -> Identification {
    // Controls, trend and season are judged without what other series tell about them: a price that only ever moved with
    // promotions teaches nothing about itself, however well the effect of promotions is known.
    // Suspected promotions are made of the price itself: they are judged by how sure of their effect the shop is.
    let known = |nuisance: Nuisance| nuisance != Nuisance::SuspectedPromotion;
    let own = |nuisance: Nuisance| known(nuisance) && !matches!(nuisance, Nuisance::GroupDemand | Nuisance::GroupPrice);
    let own_share = 1.0 - explained(history, design, own);
    let share_beside_group = 1.0 - explained(history, design, known);
    let is_sure_but_for_promotions =
        fit.suspicion.is_some_and(|suspicion| suspicion.slope_sd_if_known <= STANDARD_ERROR_MAX);
    let slope_sd = fit.suspicion.map_or(0.0, |suspicion| suspicion.pull * company.promotion_mean_sd);
    let slope_sd = fit.slope.variance.sqrt().hypot(slope_sd);
    if own_share.min(share_beside_group) >= OWN_SHARE_MIN
        && (slope_sd > STANDARD_ERROR_MAX || fit.price_share_left < OWN_SHARE_MIN)
        && is_sure_but_for_promotions
    {
        return Identification::PromotionsNotRecorded;
    }
    if fit.price_share_left.min(own_share).min(share_beside_group) < OWN_SHARE_MIN {
        return culprit(history, design, control_names);
    }
    if company.price_shared > PRICE_SHARED_MAX || history.n_changes <= 1 && !company.compared {
        return Identification::ConfoundedWithTime;
    }
    if slope_sd > STANDARD_ERROR_MAX {
        return Identification::TooImprecise;
    }
    Identification::Identified
}

/// Names the control that explains the price best if controls alone explain most of its movement, else time.
fn culprit(history: &History, design: &Design, control_names: &[&str]) -> Identification {
    if explained(history, design, |nuisance| matches!(nuisance, Nuisance::Control(_))) < BLAME_SHARE {
        return Identification::ConfoundedWithTime;
    }
    let shares = control_names.iter().enumerate().map(|(index, &name)| {
        let share = explained(history, design, |nuisance| nuisance == Nuisance::Control(index));
        (name, share)
    });
    match shares.max_by(|a, b| a.1.total_cmp(&b.1)) {
        Some((name, _)) => Identification::ConfoundedWith { control: name.to_owned() },
        None => Identification::ConfoundedWithTime,
    }
}

/// Share of the log price's variance that a linear function of the chosen nuisances explains.
fn explained(history: &History, design: &Design, chosen: impl Fn(Nuisance) -> bool) -> f64 {
    let nuisances = design.nuisances.iter().enumerate();
    let columns: Vec<usize> =
        nuisances.filter(|&(_, &nuisance)| chosen(nuisance)).map(|(index, _)| FIRST_NUISANCE + index).collect();
    if columns.is_empty() {
        return 0.0;
    }
    let means: Vec<f64> = columns.iter().map(|&column| mean_of(design.rows().map(|row| row[column]))).collect();
    let mut squares = Symmetric::zeros(columns.len());
    let mut products = vec![0.0; columns.len()];
    for row in design.rows() {
        let x: Vec<f64> = columns.iter().zip(&means).map(|(&column, mean)| row[column] - mean).collect();
        squares.add_outer(&x, 1.0);
        for (sum, value) in products.iter_mut().zip(&x) {
            *sum += value * row[PRICE];
        }
    }
    for index in 0..columns.len() {
        // Some columns repeat each other, such as the seven weekdays and the constant.
        squares.add_to_diagonal(index, 1e-6);
    }
    let total: f64 = history.log_price.iter().map(|x| x * x).sum();
    squares.inverse().map_or(0.0, |inverse| dot(&products, &inverse.times(&products)) / total.max(f64::MIN_POSITIVE))
}

fn mean_of(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len().max(1) as f64;
    values.sum::<f64>() / count
}

/// The identification in a sentence with numbers; `own` is the slope of the own history.
pub(crate) fn in_words(history: &History, identification: &Identification, own: Option<ElasticityBelief>) -> String {
    let periods = history.len();
    let prices = history.support.map_or_else(String::new, |support| {
        if history.n_prices > 1 {
            format!("{} prices from {:.2} to {:.2}", history.n_prices, support.min, support.max)
        } else {
            format!("always {:.2}", support.min)
        }
    });
    let slope = own.map_or_else(String::new, |own| format!("own slope {:.2} ± {:.2}", own.mean, own.sd));
    let borrowed = "the figure is what similar products suggest";
    match identification {
        Identification::Identified => format!("{periods} periods with {prices}; {slope} before pooling."),
        Identification::TooFewObservations => format!("Only {periods} usable periods; {borrowed}."),
        Identification::TooFewSales => {
            format!("Only {} units in {periods} periods; {borrowed}.", history.quantity.iter().sum::<f64>())
        }
        Identification::StockOuts => {
            format!("Sold out in {} of {} periods; {borrowed}.", history.n_censored, history.n_censored + periods)
        }
        Identification::NoPriceVariation => {
            format!("The price did not move ({prices} in {periods} periods); {borrowed}.")
        }
        Identification::ConfoundedWith { control } => {
            format!(
                "The price moved only together with `{control}` ({prices}): their effects cannot be told apart; {borrowed}."
            )
        }
        Identification::ConfoundedWithTime => {
            format!(
                "The price moved {} and only with trend, season or the whole group ({prices}); {borrowed}.",
                if history.n_changes == 1 { "once".to_owned() } else { format!("{} times", history.n_changes) }
            )
        }
        Identification::PromotionsNotRecorded => {
            format!(
                "{prices} in {periods} periods, but mostly in short reductions that look like promotions nobody recorded: \
                 what being on offer did is not known; mostly {borrowed}."
            )
        }
        Identification::TooImprecise => {
            format!("{prices} in {periods} periods, but demand is too noisy for them ({slope}); mostly {borrowed}.")
        }
    }
}
