//! Measuring beside peers.

use chrono::Days;
use shelfiq_core::UnitPrice;

use crate::SalesDay;
use crate::effect::assemble::{Finding, per_unit};
use crate::effect::placebo::{Placebos, mean_square};
use crate::effect::prepare::{Comparison, Prepared, Window};
use crate::effect::synthetic::{Gap, RelativeSeries, gap};
use crate::effect::{DecisionCase, EffectAnswer, EffectMethod, MeasureOptions, PeerWeight, Weakness, words};
use crate::error::{ExperimentError, check};

/// Units sold in the history below which no effect can be told.
const UNITS_MIN: f64 = 30.0;
/// Peers below which the answer says that they are few.
const FEW_PEERS: usize = 10;
/// Units a week below which the answer says that they are few.
const FEW_UNITS_A_WEEK: f64 = 10.0;
/// Longest stretch that is looked at.
const DAYS_MAX: u32 = 3_660;
/// Days before the decision that tell what a unit brought.
const PRICE_DAYS: u64 = 28;

/// What a decision did, beside similar Skus that no decision touched.
///
/// The decided Sku is compared with a weighted mean of its peers that moved as it did before. How far such comparisons
/// miss when nothing was decided is seen on the peers themselves: each in turn plays the decided Sku (placebo test, Abadie
/// et al. 2010). The intervals are Student intervals with that scatter; with 19 peers or more the 95 % interval also holds
/// without assuming any distribution.
///
/// The answer covers the first `measure_days` after the decision and does not change afterwards: looking every day claims
/// no more than looking once.
///
/// # Errors
/// [`ExperimentError`] if an option makes no sense or amounts are not in the currency of the case.
pub fn measure_by_peers(case: &DecisionCase, options: &MeasureOptions) -> Result<EffectAnswer, ExperimentError> {
    let whole_weeks = options.measure_days >= 7 && options.measure_days.is_multiple_of(7);
    check("the number of measured days", f64::from(options.measure_days), whole_weeks, "one or more whole weeks")?;
    let (measured, history) = (options.measure_days, options.history_days);
    check("the number of measured days", f64::from(measured), measured <= DAYS_MAX, "at most ten years")?;
    check("the number of days of history", f64::from(history), history <= DAYS_MAX, "at most ten years")?;
    let window = Window::of(case, options)?;
    if case.through < window.last {
        let ready_on = window.last + Days::new(1);
        return Ok(EffectAnswer::TooEarly { ready_on, summary: words::too_early(case, options, ready_on) });
    }
    let too_few_sales = || Ok(EffectAnswer::TooFewSales { summary: words::too_few_sales(case) });
    let Some(decided) = Prepared::of(&case.decided, &window) else { return too_few_sales() };
    let days_of_history = f64::from(7 * decided.demand.history_weeks);
    if decided.demand.units_per_day * days_of_history < UNITS_MIN {
        return too_few_sales();
    }
    let Some(comparison) = Comparison::of(case, &window, &decided) else { return too_few_sales() };
    let Some(unit_revenue) = unit_revenue_before(case) else { return too_few_sales() };
    let found = comparison.peers.len();
    let needed = options.peers_min.max(3);
    if found < needed {
        let summary = words::no_peers(case, found, needed);
        return Ok(EffectAnswer::NoComparableProducts { found, needed, summary });
    }
    let finding = compare(case, options, &decided, &comparison, unit_revenue);
    Ok(EffectAnswer::Measured { effect: Box::new(finding.effect()?) })
}

fn compare(
    case: &DecisionCase,
    options: &MeasureOptions,
    decided: &Prepared,
    comparison: &Comparison,
    unit_revenue: UnitPrice,
) -> Finding {
    let peers: Vec<&RelativeSeries> = comparison.peers.iter().map(|(_, series)| series).collect();
    let gap = gap(&comparison.decided, &peers);
    let level = decided.level(&decided.whole_weeks());
    let actual: Vec<SalesDay> = decided.after.values().copied().collect();
    let usual: Vec<f64> = actual.iter().map(|day| level * decided.demand.weight(day.day)).collect();
    let placebos = Placebos::of(&peers, options.measure_days / 7);
    let usual_total: f64 = usual.iter().sum();
    let ends = |reach: f64| [gap.after - reach, gap.after + reach].map(|end| end * usual_total);
    // Claims rest on the 95 % interval: it must hold even where placebos scatter wildly.
    let ranked = placebos.rank_reach(&gap, 0.95).unwrap_or(0.0);
    let unit_cost = per_unit(actual.iter(), |day| day.cost, case.currency)
        .or_else(|| per_unit(before(case), |day| day.cost, case.currency));
    Finding {
        method: EffectMethod::Peers,
        counterfactual_units: usual.iter().map(|units| units * gap.stand_in).collect(),
        interval_80: ends(placebos.student_reach(&gap, 0.8)),
        interval_95: ends(placebos.student_reach(&gap, 0.95).max(ranked)),
        unit_revenue,
        unit_cost,
        weaknesses: weaknesses(options, decided, &comparison.decided, &gap, peers.len()),
        peers: peer_weights(case, comparison, &gap),
        actual,
    }
}

/// Days shortly before the decision.
fn before(case: &DecisionCase) -> impl Iterator<Item = &SalesDay> {
    let start = case.first_day - Days::new(PRICE_DAYS);
    case.decided.days.iter().filter(move |day| (start..case.first_day).contains(&day.day))
}

fn unit_revenue_before(case: &DecisionCase) -> Option<UnitPrice> {
    let all = || case.decided.days.iter().filter(|day| day.day < case.first_day);
    per_unit(before(case), |day| Some(day.revenue), case.currency)
        .or_else(|| per_unit(all(), |day| Some(day.revenue), case.currency))
}

fn peer_weights(case: &DecisionCase, comparison: &Comparison, gap: &Gap) -> Vec<PeerWeight> {
    let mut weights: Vec<PeerWeight> = comparison
        .peers
        .iter()
        .zip(&gap.weights)
        .map(|((index, _), &weight)| PeerWeight { sku: case.peers[*index].sku.clone(), weight })
        .filter(|peer| peer.weight > 1e-6)
        .collect();
    weights.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.sku.cmp(&b.sku)));
    weights
}

fn weaknesses(
    options: &MeasureOptions,
    decided: &Prepared,
    series: &RelativeSeries,
    gap: &Gap,
    peers: usize,
) -> Vec<Weakness> {
    let weeks = series.before.len();
    let own: Vec<f64> = series.before.iter().map(|value| value - 1.0).collect();
    let own_rms = mean_square(&own).sqrt();
    let found = [
        (Weakness::NotRandomised, true),
        (Weakness::PeersMayShareBuyers, true),
        (Weakness::FewPeers, peers < FEW_PEERS),
        (Weakness::PoorFit, mean_square(&gap.before).sqrt() > own_rms),
        (Weakness::ShortHistory, weeks + 1 < options.history_days as usize / 7),
        (Weakness::CensoredDays, decided.has_censored_days),
        (Weakness::FewSales, 7.0 * decided.demand.units_per_day < FEW_UNITS_A_WEEK),
    ];
    found.into_iter().filter_map(|(weakness, applies)| applies.then_some(weakness)).collect()
}
