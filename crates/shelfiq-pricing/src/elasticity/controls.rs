//! What promotions, rivals' prices and other controls do to the demand for each series.
//!
//! One history seldom tells: promotions are rare and come with a lower price, rivals move little. As with all nuisances the
//! usual effect is learned over the panel, and each series moves away from it as far as its own history insists. The doubt
//! about what is usual is part of every answer, which the expectation that a fit starts from leaves out.

use std::collections::BTreeMap;

use crate::demand::ElasticityBelief;
use crate::elasticity::design::{Design, Expectation, Nuisance};
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
    let usual: Vec<Option<Usual>> =
        (0..scales.len()).map(|control| Usual::of(series, Nuisance::Control(control), expectations)).collect();
    let of_series = |told: &Told<'_>| {
        let effect = |(control, scale): (usize, &f64)| {
            let own = told.and_then(|(design, fit)| evidence(design, fit, Nuisance::Control(control)));
            let belief = usual[control]?.with(own);
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

/// What a control usually does.
#[derive(Debug, Clone, Copy)]
struct Usual {
    /// Mean over the series, and how much they differ around it.
    expectation: Expectation,
    /// Variance of the mean itself.
    mean_variance: f64,
}

impl Usual {
    /// `None` if no series says anything.
    fn of(series: &[Told<'_>], nuisance: Nuisance, expectations: &BTreeMap<Nuisance, Expectation>) -> Option<Self> {
        let told = series.iter().flatten().filter_map(|(design, fit)| evidence(design, fit, nuisance));
        let expectation = expectations.get(&nuisance).copied();
        let between = expectation.map_or(0.0, |expectation| expectation.sd.powi(2));
        let precision: f64 = told.map(|own| 1.0 / (own.variance + between)).sum();
        (precision > 0.0).then(|| match expectation {
            Some(expectation) => Self { expectation, mean_variance: 1.0 / precision },
            // Too few series to learn from: what is expected at first is as unsure as its spread says.
            None => Self { expectation: nuisance.first_expectation(), mean_variance: 0.0 },
        })
    }

    /// The effect on a series that says `own` about it.
    fn with(self, own: Option<Evidence>) -> Expectation {
        let prior = self.expectation.sd.powi(2);
        // Share of the answer that is borrowed, and with it that share of the doubt about the mean.
        let borrowed = own.map_or(1.0, |own| own.variance / (own.variance + prior));
        let own_mean = own.map_or(0.0, |own| own.mean);
        let mean = borrowed * self.expectation.mean + (1.0 - borrowed) * own_mean;
        let variance = borrowed * prior + borrowed * borrowed * self.mean_variance;
        Expectation { mean, sd: variance.sqrt() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Usual = Usual { expectation: Expectation { mean: 0.4, sd: 0.2 }, mean_variance: 0.01 };

    #[test]
    fn a_silent_series_gets_the_usual_effect_with_all_of_its_doubt() {
        let effect = USUAL.with(None);
        assert!((effect.mean - 0.4).abs() < 1e-12 && (effect.sd - 0.05_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn a_sure_series_is_believed_and_an_unsure_one_borrows() {
        let with = |variance| USUAL.with(Some(Evidence { mean: 1.0, variance }));
        assert!((with(1e-8).mean - 1.0).abs() < 1e-5 && with(1e-8).sd < 1e-3);
        let half = with(0.04);
        assert!((half.mean - 0.7).abs() < 1e-12, "{half:?}");
        assert!((half.sd - (0.02_f64 + 0.0025).sqrt()).abs() < 1e-12, "{half:?}");
    }
}
