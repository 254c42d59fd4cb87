//! What the prices of substitutes do to the demand of a Sku.
//!
//! Most of what is sold when a price falls is taken from products nearby in the same category, and nearest in price (R. C.
//! Blattberg and K. J. Wisniewski, "Price-induced patterns of competition", Marketing Science 8 (1989), 291–309). There are too
//! many pairs to tell each apart, so the substitutes of a Sku enter as one index: the mean log price of the few nearest ones.
//! It is judged on what own price, season, promotions and the common shocks of the category leave, and shrunk hard: towards
//! what the Skus of the shop share, and that towards nothing (A. L. Montgomery, "Creating micro-marketing pricing strategies
//! using supermarket scanner data", Marketing Science 16 (1997), 315–337).
//!
//! Substitution that all Skus of a category share evenly looks like a common shock and is taken out with the shocks: what is
//! told is how much more a Sku answers to its nearest substitutes than to the rest of the category.

use crate::demand::ElasticityBelief;
use crate::elasticity::design::Expectation;
use crate::elasticity::expect::SharedEffect;
use crate::elasticity::fit::Evidence;
use crate::elasticity::hierarchy::Hierarchy;
use crate::elasticity::history::{History, centred};
use crate::panel::DemandPanel;

/// With more of them the index moves less on its own, beside the price of the category, than it gains in effect.
const SUBSTITUTES_MAX: usize = 2;
/// The mean over the shop before looking: nothing, give or take.
const FIRST: Expectation = Expectation { mean: 0.0, sd: 0.2 };
/// Scale of the half-normal prior of how much Skus of one shop differ in it.
const DIFFERENCE_SCALE: f64 = 0.25;
/// Standard error beyond which the own history tells nothing useful: effects are a few tenths.
const STANDARD_ERROR_MAX: f64 = 0.3;
/// What no standard error knows, such as the part that the whole category shares: standard deviation.
const MODEL_DOUBT_SD: f64 = 0.08;

/// The nearest substitutes of one series.
#[derive(Debug, Clone)]
pub(crate) struct Substitutes {
    /// Their places in the panel, nearest first.
    pub(crate) series: Vec<usize>,
    /// Mean of their log prices less their own means in each usable period, less its mean.
    pub(crate) log_price: Vec<f64>,
}

/// The substitutes of every series; `None` where nobody named a category or nothing else in it ever changed its price.
pub(crate) fn substitutes(
    panel: &DemandPanel,
    histories: &[History],
    hierarchy: &Hierarchy,
) -> Vec<Option<Substitutes>> {
    let mut found = vec![None; histories.len()];
    let finest = hierarchy.counts.len() - 1;
    let is_one_category =
        !panel.group_names.is_empty() && panel.series.windows(2).all(|pair| pair[0].groups == pair[1].groups);
    if finest == 0 && !is_one_category {
        return found;
    }
    for members in hierarchy.members(finest) {
        for &series in &members {
            found[series] = nearest(series, &members, histories);
        }
    }
    found
}

fn nearest(series: usize, members: &[usize], histories: &[History]) -> Option<Substitutes> {
    let price = histories[series].usual_price?;
    let mut others: Vec<(f64, usize)> = members
        .iter()
        .filter(|&&other| other != series && histories[other].n_changes > 0)
        .filter_map(|&other| Some(((histories[other].usual_price? / price).ln().abs(), other)))
        .collect();
    others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    others.truncate(SUBSTITUTES_MAX);
    let series_of: Vec<usize> = others.into_iter().map(|(_, other)| other).collect();
    let mean_price = |day: &i32| {
        let (sum, count) = series_of
            .iter()
            .filter_map(|&other| Some(histories[other].log_price[histories[other].days.binary_search(day).ok()?]))
            .fold((0.0, 0_u32), |(sum, count), price| (sum + price, count + 1));
        if count > 0 { sum / f64::from(count) } else { f64::NAN }
    };
    let log_price = centred(histories[series].days.iter().map(mean_price).collect());
    (!series_of.is_empty()).then_some(Substitutes { series: series_of, log_price })
}

/// What is believed of the effect of one series' substitutes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer {
    /// Percent of demand per percent of the substitutes' prices, before the sign is considered.
    pub(crate) belief: ElasticityBelief,
    /// What the own history says by itself; `None` if it says nothing.
    pub(crate) own: Option<Evidence>,
    /// Whether the own history says something useful.
    pub(crate) identified: bool,
}

/// Shrinks what each series says towards what all of them share.
pub(crate) fn learned(evidence: &[Option<Evidence>]) -> Vec<Answer> {
    let told: Vec<Evidence> = evidence.iter().flatten().copied().collect();
    let shared = SharedEffect::learned(&told, FIRST, DIFFERENCE_SCALE);
    let answer = |own: &Option<Evidence>| {
        let Expectation { mean, sd } = shared.of(*own);
        Answer {
            belief: ElasticityBelief { mean, sd: sd.hypot(MODEL_DOUBT_SD) },
            own: *own,
            identified: own.is_some_and(|own| own.variance.sqrt() <= STANDARD_ERROR_MAX),
        }
    };
    evidence.iter().map(answer).collect()
}
