//! What promotions, rivals' prices and other controls do to the demand for each series.
//!
//! One history seldom tells: promotions are rare and come with a lower price, rivals move little. As with all nuisances the
//! usual effect is learned over the panel, and each series moves away from it as far as its own history insists. The doubt
//! about what is usual is part of every answer, which the expectation that a fit starts from leaves out.

use std::collections::BTreeMap;

use crate::demand::ElasticityBelief;
use crate::elasticity::design::{Design, Expectation, Nuisance};
use crate::elasticity::expect::SharedEffect;
use crate::elasticity::fit::{Evidence, Fit};

/// A series as far as it could be fitted.
pub(crate) type Told<'a> = Option<(&'a Design, &'a Fit)>;

/// Effect of each control on the log of demand, for one unit of the control as it was given (for one unit of its log where it
/// enters by its log): one list per series, in the order of the panel's controls. `None` where no series of the panel tells
/// anything of a control: what was expected before looking is nobody's finding.
///
/// `scales` are those by which the controls were divided.
pub(crate) fn effects(
    series: &[Told<'_>],
    expectations: &BTreeMap<Nuisance, Expectation>,
    scales: &[f64],
) -> Vec<Vec<Option<ElasticityBelief>>> {
    let shared: Vec<Option<SharedEffect>> =
        (0..scales.len()).map(|control| shared(series, Nuisance::Control(control), expectations)).collect();
    let of_series = |told: &Told<'_>| {
        let effect = |(control, scale): (usize, &f64)| {
            let own = told.and_then(|(design, fit)| evidence(design, fit, Nuisance::Control(control)));
            let belief = shared[control]?.of(own);
            Some(ElasticityBelief { mean: belief.mean / scale, sd: belief.sd / scale })
        };
        scales.iter().enumerate().map(effect).collect()
    };
    series.iter().map(of_series).collect()
}

fn evidence(design: &Design, fit: &Fit, nuisance: Nuisance) -> Option<Evidence> {
    let index = design.nuisances.iter().position(|&it| it == nuisance)?;
    fit.nuisances[index]
}

/// What a control usually does; `None` if no series says anything.
fn shared(
    series: &[Told<'_>],
    nuisance: Nuisance,
    expectations: &BTreeMap<Nuisance, Expectation>,
) -> Option<SharedEffect> {
    let told = series.iter().flatten().filter_map(|(design, fit)| evidence(design, fit, nuisance));
    let told: Vec<Evidence> = told.collect();
    let first = nuisance.first_expectation();
    // By how much series may differ is known up to its order from the fits, or at least cannot be more than was expected.
    let difference_scale = expectations.get(&nuisance).map_or(first.sd, |learned| learned.sd);
    (!told.is_empty()).then(|| SharedEffect::learned(&told, first, difference_scale))
}
