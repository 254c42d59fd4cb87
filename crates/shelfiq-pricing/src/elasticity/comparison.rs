//! What the other series of a group did in the same period.
//!
//! Season, weather, holidays and the shop's own ups and downs hit many Skus at once. Putting the group's demand and price
//! of the same period beside the own price, with a coefficient of its own for each series, removes such common shocks even
//! when series react to them differently. The series itself is left out of its own comparison, so its noise cannot leak
//! back into it.
//!
//! Source: M. H. Pesaran, "Estimation and inference in large heterogeneous panels with a multifactor error structure",
//! Econometrica 74 (2006), 967–1012 (common correlated effects), with leave-one-out averages.

use std::collections::HashMap;

use crate::elasticity::history::History;

/// Common movement seen by one series, per usable period.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    /// Log of the others' demand over what their prices and controls explain, less its mean.
    pub(crate) demand: Vec<f64>,
    /// A series that varies as the sampling error in `demand` does: the difference between two halves of the others, scaled
    /// to the same variance. The others are few, and each has noise of its own.
    pub(crate) demand_error: Vec<f64>,
    /// Mean of the others' log prices less their own means, less its mean.
    pub(crate) price: Vec<f64>,
    pub(crate) others: Others,
}

/// Whom a series is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Others {
    /// The whole shop, whose categories may have seasons of their own.
    OfShop,
    /// Its category, and they are few: each of them is a good part of what they seem to share.
    FewOfCategory,
    /// Its category or its kind, and they are many.
    Alike,
}

/// Others beside a series: one alone does not tell what is shared from what is its own.
const OTHERS_MIN: f64 = 2.0;
/// Others beside a series of its kind, which were chosen for being alike.
const OTHERS_OF_KIND_MIN: f64 = 4.0;
/// From so many on others tell well what is shared.
const OTHERS_MANY: f64 = 8.0;

/// What so many others beside a series in an average period are to it; `None` if they would say more about themselves than about
/// what is common.
pub(crate) type Whom = fn(f64) -> Option<Others>;

impl Others {
    /// In a shop that has categories.
    pub(crate) fn of_shop(count: f64) -> Option<Self> {
        (count >= OTHERS_MIN).then_some(Self::OfShop)
    }

    /// In a panel without categories.
    pub(crate) fn of_panel(count: f64) -> Option<Self> {
        (count >= OTHERS_MIN).then_some(Self::Alike)
    }

    pub(crate) fn of_category(count: f64) -> Option<Self> {
        let whom = if count >= OTHERS_MANY { Self::Alike } else { Self::FewOfCategory };
        (count >= OTHERS_MIN).then_some(whom)
    }

    pub(crate) fn of_kind(count: f64) -> Option<Self> {
        (count >= OTHERS_OF_KIND_MIN).then_some(Self::Alike)
    }
}

/// What explains the others' demand besides the common shock: same coefficients for all.
#[derive(Debug, Clone)]
pub(crate) struct CommonResponse {
    pub(crate) elasticity: f64,
    /// One per control of the panel.
    pub(crate) controls: Vec<f64>,
}

/// A series selling this much or more counts fully; slower ones count by their units, which is what they are worth.
const FULL_WEIGHT_UNITS: f64 = 20.0;
/// One exceptional sale must not look like a season: more than this many times the expected units (and as many units more)
/// count as that many.
const RATIO_MAX: f64 = 8.0;
/// Weight of "nothing special happened" against the evidence of a period.
const CALM_WEIGHT: f64 = 1.0;
const ROUNDS: usize = 4;

/// Sums over some members of a group in one period.
#[derive(Default, Clone, Copy)]
struct PeriodSums {
    count: f64,
    weight: f64,
    weighted_ratio: f64,
    weighted_price: f64,
}

impl PeriodSums {
    /// One member whose price does not matter.
    fn of(weight: f64, ratio: f64) -> Self {
        Self { count: 1.0, weight, weighted_ratio: weight * ratio, weighted_price: 0.0 }
    }

    /// `sign` is 1 to put a member in and −1 to take it out.
    fn add(&mut self, sign: f64, weight: f64, ratio: f64, log_price: f64) {
        self.count += sign;
        self.weight += sign * weight;
        self.weighted_ratio += sign * weight * ratio;
        self.weighted_price += sign * weight * log_price;
    }

    /// What was put in and taken out again leaves a trace of rounding.
    fn is_something(self) -> bool {
        self.count > 0.5 && self.weight > 0.0
    }

    fn plus(self, other: Self) -> Self {
        Self {
            count: self.count + other.count,
            weight: self.weight + other.weight,
            weighted_ratio: self.weighted_ratio + other.weighted_ratio,
            weighted_price: self.weighted_price + other.weighted_price,
        }
    }

    /// Demand over what was expected: 1 when nothing special happened.
    fn shock(&self) -> f64 {
        ((self.weighted_ratio + CALM_WEIGHT) / (self.weight + CALM_WEIGHT)).max(1e-6)
    }

    fn log_price(&self) -> f64 {
        self.weighted_price / (self.weight + CALM_WEIGHT)
    }
}

/// The sums of two halves of a group: even and odd members.
type Halves = [PeriodSums; 2];

fn all(halves: &Halves) -> PeriodSums {
    halves[0].plus(halves[1])
}

/// A difference that varies as the error in the log shock of the others does: of their halves, or of all of them and the series
/// itself where they are too few for two halves.
fn error(others: &Halves, own: PeriodSums) -> f64 {
    let [one, other] = *others;
    if one.is_something() && other.is_something() {
        return difference(one, other);
    }
    let all = all(others);
    if all.is_something() { difference(all, own) * ((all.weight + own.weight) / all.weight).sqrt() } else { 0.0 }
}

/// The difference of two log shocks, scaled so that it varies as the error in the log shock of both together does.
fn difference(one: PeriodSums, other: PeriodSums) -> f64 {
    (one.shock() / other.shock()).ln() * (one.weight * other.weight).sqrt() / (one.weight + other.weight)
}

/// Comparisons for the members of one group, in their order; `None` for a series beside which there are too few others.
pub(crate) fn within(group: &[&History], response: &CommonResponse, whom: Whom) -> Vec<Option<Comparison>> {
    // A series that has several rows in one period is no company to itself.
    if group.len() < 2 {
        return vec![None; group.len()];
    }
    let explained: Vec<Vec<f64>> = group.iter().map(|history| explained_log_demand(history, response)).collect();
    let weights: Vec<f64> = group.iter().map(|history| history.mean_quantity().min(FULL_WEIGHT_UNITS)).collect();
    let mut sums: HashMap<i32, Halves> = HashMap::new();
    let mut ratios: Vec<Vec<f64>> = Vec::new();
    // A series that enters or leaves would shift the common shock by its level: levels and shocks are found in turns.
    for _ in 0..ROUNDS {
        ratios =
            group.iter().zip(&explained).map(|(history, explained)| level_ratios(history, explained, &sums)).collect();
        sums.clear();
        for (member, history) in group.iter().enumerate() {
            for ((day, &ratio), &log_price) in history.days.iter().zip(&ratios[member]).zip(&history.log_price) {
                sums.entry(*day).or_default()[member % 2].add(1.0, weights[member], ratio, log_price);
            }
        }
    }
    (0..group.len())
        .map(|member| {
            let others = without(group[member], &ratios[member], weights[member], member % 2, &sums);
            let count: f64 = others.iter().map(|halves| all(halves).count).sum();
            let whom = if others.is_empty() { None } else { whom(count / others.len() as f64) };
            whom.map(|whom| Comparison {
                demand: centred(others.iter().map(|halves| all(halves).shock().ln()).collect()),
                demand_error: others
                    .iter()
                    .zip(&ratios[member])
                    .map(|(others, &ratio)| error(others, PeriodSums::of(weights[member], ratio)))
                    .collect(),
                price: centred(others.iter().map(|halves| all(halves).log_price()).collect()),
                others: whom,
            })
        })
        .collect()
}

/// Units of each period over what the level of the series and its prices and controls let expect.
fn level_ratios(history: &History, explained: &[f64], sums: &HashMap<i32, Halves>) -> Vec<f64> {
    let shock = |day: &i32| sums.get(day).map_or(1.0, |halves| all(halves).shock());
    let expected: f64 = history.days.iter().zip(explained).map(|(day, log)| shock(day) * log.exp()).sum();
    let level = history.quantity.iter().sum::<f64>() / expected.max(f64::MIN_POSITIVE);
    let ratio_max = RATIO_MAX * (1.0 + 1.0 / history.mean_quantity().max(1e-3));
    let ratio = |(units, log): (&f64, &f64)| (units / (level * log.exp()).max(f64::MIN_POSITIVE)).min(ratio_max);
    history.quantity.iter().zip(explained).map(ratio).collect()
}

/// The sums of each of a member's periods without the member itself.
fn without(history: &History, ratios: &[f64], weight: f64, half: usize, sums: &HashMap<i32, Halves>) -> Vec<Halves> {
    let periods = history.days.iter().zip(ratios).zip(&history.log_price);
    periods
        .map(|((day, &ratio), &log_price)| {
            let mut others = sums.get(day).copied().unwrap_or_default();
            others[half].add(-1.0, weight, ratio, log_price);
            others
        })
        .collect()
}

fn explained_log_demand(history: &History, response: &CommonResponse) -> Vec<f64> {
    (0..history.len())
        .map(|period| {
            let controls: f64 =
                history.controls.iter().zip(&response.controls).map(|(column, effect)| effect * column[period]).sum();
            response.elasticity * history.log_price[period] + controls
        })
        .collect()
}

fn centred(mut values: Vec<f64>) -> Vec<f64> {
    let mean = crate::elasticity::history::mean(&values);
    values.iter_mut().for_each(|value| *value -= mean);
    values
}
