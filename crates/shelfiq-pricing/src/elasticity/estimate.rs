//! From a panel to elasticities.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::demand::{ElasticityBelief, RivalReaction};
use crate::elasticity::common::Rests;
use crate::elasticity::comparison::{self, CommonResponse, Comparison, Others, Whom};
use crate::elasticity::controls::{self, Told};
use crate::elasticity::cross_price::{self, Answer, Substitutes};
use crate::elasticity::design::{Design, Expectation, FIRST_NUISANCE, Nuisance};
use crate::elasticity::expect::{self, SharedEffect};
use crate::elasticity::fit::{self, Evidence, Fit, Rest};
use crate::elasticity::hierarchy::{self, Hierarchy};
use crate::elasticity::history::{self, History};
use crate::elasticity::identify::{self, Company};
use crate::elasticity::kindred::{self, Kinship};
use crate::elasticity::pool::{self, Pooled, Unknowns};
use crate::elasticity::promotion;
use crate::elasticity::reaction;
use crate::elasticity::report::{
    CrossPrice, ElasticityDiagnostics, ElasticityReport, ElasticityRow, Identification, PopulationElasticity,
};
use crate::elasticity::usual_price;
use crate::normal;
use crate::panel::{ControlScale, DemandPanel, DemandSeries};

/// What is expected before looking.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ElasticityOptions {
    /// Expected average elasticity of the panel. Scanner studies of consumer goods find averages between −1.5 and −3; the
    /// spread is wide enough for the data to speak.
    pub population: ElasticityBelief,
    /// How soft the belief is that demand does not rise with price: the elasticity at which the belief against it is about
    /// five to one. Infinite switches it off.
    pub sign_softness: f64,
}

impl Default for ElasticityOptions {
    /// Population −1.5 ± 1.5, softness 0.75.
    fn default() -> Self {
        Self { population: ElasticityBelief { mean: -1.5, sd: 1.5 }, sign_softness: 0.75 }
    }
}

/// Estimates the own-price elasticity of every series of a panel.
///
/// 1. Each series is regressed on its log price, trend, season, controls, and what the other series of its group did in the
///    same periods (common correlated effects), as a log-log model or, for slow sellers, as a model of counts.
/// 2. What controls, season and trend usually do is learned over all series and used as the expectation in a second round:
///    thin histories borrow it.
///    Short reductions that nothing recorded get an effect of their own, learned over all series as well.
/// 3. The slopes are pooled, population → groups → series, with markups as far as they prove to tell.
/// 4. A usual price that the belief makes too dear counts as evidence against it.
/// 5. On what is left, demand is asked how it answers to the prices of the nearest substitutes in the category.
/// 6. Where rivals sell the same, it is asked how far they follow the own price.
///
/// Censored periods are left out. Rows come in the order of the panel; an empty panel gives no rows. The result does not
/// depend on the number of threads.
#[must_use]
pub fn estimate_elasticities(panel: &DemandPanel, options: &ElasticityOptions) -> ElasticityReport {
    let scales = history::control_scales(panel);
    let histories: Vec<History> = panel.series.par_iter().map(|series| History::of(series, panel, &scales)).collect();
    let hierarchy = Hierarchy::of(panel);
    let doubts: Vec<Option<Identification>> = histories.iter().map(identify::before_fit).collect();

    let first_response =
        CommonResponse { elasticity: options.population.mean, controls: vec![0.0; panel.controls.len()] };
    let kinship = kinship(panel, &histories, &hierarchy, &doubts, options.population.mean);
    let inputs = Inputs { panel, histories: &histories, hierarchy: &hierarchy, doubts: &doubts, kinship };
    let substitutes = cross_price::substitutes(panel, &histories, &hierarchy);
    let first = Round::run(&inputs, &first_response, &BTreeMap::new(), &[]);
    let mut expectations = expect::learned(&first.fitted());
    let promotion = first.promotion();
    expectations.insert(Nuisance::SuspectedPromotion, promotion.expectation);
    let second_response = CommonResponse {
        elasticity: average_slope(&first, options).mean,
        controls: (0..panel.controls.len())
            .map(|control| expectations.get(&Nuisance::Control(control)).map_or(0.0, |expected| expected.mean))
            .collect(),
    };
    move_group_price(&mut expectations, second_response.elasticity - first_response.elasticity);
    let second = Round::run(&inputs, &second_response, &expectations, &substitutes);

    let names: Vec<&str> = panel.controls.iter().map(|control| control.name.as_str()).collect();
    let identifications: Vec<Identification> = doubts
        .iter()
        .enumerate()
        .map(|(index, doubt)| doubt.clone().unwrap_or_else(|| second.identification(index, &inputs, &names, promotion)))
        .collect();
    let usable = |index: usize| {
        use Identification::{Identified, PromotionsNotRecorded, TooImprecise};
        matches!(identifications[index], Identified | TooImprecise | PromotionsNotRecorded)
    };
    let evidence: Vec<Option<Evidence>> = (0..histories.len())
        .map(|index| second.series[index].fit.as_ref().filter(|_| usable(index)).map(|fit| fit.slope))
        .collect();
    let population = Expectation { mean: options.population.mean, sd: options.population.sd };
    let pulls = second.series.iter().map(|series| series.fit.as_ref()?.suspicion.map(|suspicion| suspicion.pull));
    let unknowns = Unknowns {
        clues: clues(panel, &histories),
        slips: pulls.map(|pull| pull.unwrap_or(0.0)).collect(),
        slip_sd: promotion.mean_sd,
    };
    let pooled = pool::pool(&evidence, &unknowns, &hierarchy, population);
    let missed = |series: &Fitted| match series.fit.as_ref().and_then(|fit| fit.suspicion) {
        Some(_) => OFFERS_MISSED_DOUBT * promotion.expectation.mean.max(0.0),
        None => 0.0,
    };
    let doubt_sds: Vec<f64> = second.series.iter().map(|series| MODEL_DOUBT_SD.hypot(missed(series))).collect();
    let fits: Vec<Option<&Fit>> = second.series.iter().map(|series| series.fit.as_ref()).collect();
    let control_effects = controls::effects(&second.told(), &expectations, &scales);
    let cross_prices = cross_prices(panel, &fits, &substitutes, options.sign_softness);
    let rival_reactions = rival_reactions(panel, &control_effects);
    let learned = Learned { fits, evidence, pooled, control_effects, doubt_sds, cross_prices, rival_reactions };
    report(panel, &histories, identifications, &learned, options)
}

/// What the group's price does beside the group's demand depends on how much of that demand its price was taken to explain: with
/// a coefficient λ of the demand, an elasticity assumed higher by one raises it by λ. What was learned under one assumption is
/// made ready for another.
fn move_group_price(expectations: &mut BTreeMap<Nuisance, Expectation>, elasticity_rise: f64) {
    let of_demand = expectations.get(&Nuisance::GroupDemand).map_or(1.0, |demand| demand.mean);
    if let Some(price) = expectations.get_mut(&Nuisance::GroupPrice) {
        price.mean += of_demand * elasticity_rise;
    }
}

/// Beyond these ends the ratio of price to cost says that it was not set with shoppers in mind.
const PRICE_TO_COST_ENDS: (f64, f64) = (1.25, 6.0);
/// By how much the elasticity rises with the log of the ratio of price to cost, if prices are set to earn most: there it is
/// −price / (price − cost) (A. P. Lerner, "The concept of monopoly and the measurement of monopoly power", Review of Economic
/// Studies 1 (1934), 157–175), whose slope is 2 at a price of twice the cost, the usual one in retail.
const ELASTICITY_PER_LOG_MARKUP: f64 = 2.0;

/// What the markup of each tells of its elasticity, up to a constant; `None` where no cost above zero and below the price is
/// known.
///
/// A straight line in the log of the markup, not Lerner's curve: merchants err by some per cent of the price, which the curve
/// magnifies where margins are thin and hides where they are rich.
fn clues(panel: &DemandPanel, histories: &[History]) -> Vec<Option<f64>> {
    let (least, most) = PRICE_TO_COST_ENDS;
    panel
        .series
        .iter()
        .zip(histories)
        .map(|(series, history)| {
            let log_markup = price_to_cost(series, history)?.clamp(least, most).ln();
            Some(ELASTICITY_PER_LOG_MARKUP * log_markup)
        })
        .collect()
}

/// The usual price over the cost; `None` where no cost above zero and below the price is known.
fn price_to_cost(series: &DemandSeries, history: &History) -> Option<f64> {
    let (cost, price) = (series.unit_cost?, history.usual_price?);
    (cost > 0.0 && cost < price).then_some(price / cost)
}

/// One series in one round.
struct Fitted {
    design: Design,
    compared: bool,
    fit: Option<Fit>,
}

struct Round {
    series: Vec<Fitted>,
}

/// What every round starts from.
struct Inputs<'a> {
    panel: &'a DemandPanel,
    histories: &'a [History],
    hierarchy: &'a Hierarchy,
    doubts: &'a [Option<Identification>],
    kinship: Kinship,
}

/// Which series move together once trend, weekday and controls are taken out.
///
/// Prices are answered as is expected of the population before looking. A slope from the series themselves would not do: if
/// the price follows what series share, that slope takes the very movement away that is looked for here.
fn kinship(
    panel: &DemandPanel,
    histories: &[History],
    hierarchy: &Hierarchy,
    doubts: &[Option<Identification>],
    elasticity: f64,
) -> Kinship {
    let rest = |(history, doubt): (&History, &Option<Identification>)| {
        let can_tell = matches!(doubt, None | Some(Identification::NoPriceVariation));
        let design = Design::of_its_own(history, panel.time);
        let expected = expected_of(&design, &BTreeMap::new());
        if can_tell { fit::rest(history, &design, &expected, elasticity) } else { None }
    };
    let rests: Vec<Option<Rest>> = histories.par_iter().zip(doubts).map(rest).collect();
    let worth = |history: &History| history.len() as f64 * history.mean_quantity().min(WORTH_UNITS_MAX);
    let worth: Vec<f64> = histories.iter().map(worth).collect();
    let finest = &hierarchy.nodes[hierarchy.nodes.len() - 1];
    kindred::kinship(&Rests::of(histories, &rests), &worth, finest)
}

fn expected_of(design: &Design, expectations: &BTreeMap<Nuisance, Expectation>) -> Vec<Expectation> {
    let expected = |nuisance: &Nuisance| expectations.get(nuisance).copied().unwrap_or(nuisance.first_expectation());
    design.nuisances.iter().map(expected).collect()
}

/// Members of a group follow what they share with a factor that is one on average, because what they share is their average.
/// Where others are few it has to be held at that: they are too noisy to teach it, and a smaller factor leaves a part of the
/// season in demand, for the price to explain.
fn expect_group_on_average(design: &Design, expected: &mut [Expectation]) {
    if let Some(column) = design.column_of(Nuisance::GroupDemand) {
        expected[column - FIRST_NUISANCE].mean = Nuisance::GroupDemand.first_expectation().mean;
    }
}

impl Round {
    /// `substitutes` of every series, or nothing if they are not asked for.
    fn run(
        inputs: &Inputs<'_>,
        response: &CommonResponse,
        expectations: &BTreeMap<Nuisance, Expectation>,
        substitutes: &[Option<Substitutes>],
    ) -> Self {
        let comparisons = comparisons(inputs, response);
        let series = inputs
            .histories
            .par_iter()
            .zip(comparisons)
            .zip(inputs.doubts)
            .enumerate()
            .map(|(index, ((history, comparison), doubt))| {
                let design = Design::of(history, inputs.panel.time, comparison.as_ref());
                let others = comparison.as_ref().map(|comparison| comparison.others);
                let mut expected = expected_of(&design, expectations);
                if others == Some(Others::FewOfCategory) {
                    expect_group_on_average(&design, &mut expected);
                }
                // Beside a season of the category that is still in demand, prices that follow it would look like substitutes.
                let beside = substitutes.get(index).and_then(Option::as_ref).filter(|_| others == Some(Others::Alike));
                let beside = beside.map(|substitutes| substitutes.log_price.as_slice());
                let fit = if doubt.is_none() { fit::fit(history, &design, &expected, beside) } else { None };
                Fitted { design, compared: comparison.is_some(), fit }
            })
            .collect();
        Self { series }
    }

    fn fitted(&self) -> Vec<(&Design, &Fit)> {
        self.told().into_iter().flatten().collect()
    }

    /// By series.
    fn told(&self) -> Vec<Told<'_>> {
        self.series.iter().map(|series| series.fit.as_ref().map(|fit| (&series.design, fit))).collect()
    }

    /// What suspected promotions did, as all series tell it.
    fn promotion(&self) -> SharedEffect {
        let effects = self.fitted().into_iter().filter_map(|(_, fit)| fit.suspicion?.effect);
        promotion::learned(&effects.collect::<Vec<_>>())
    }

    fn identification(
        &self,
        index: usize,
        inputs: &Inputs<'_>,
        control_names: &[&str],
        promotion: SharedEffect,
    ) -> Identification {
        let series = &self.series[index];
        let company = Company {
            compared: series.compared,
            price_shared: inputs.kinship.price_shared[index],
            promotion_mean_sd: promotion.mean_sd,
        };
        match &series.fit {
            Some(fit) => identify::after_fit(&inputs.histories[index], &series.design, fit, control_names, company),
            None => Identification::TooFewObservations,
        }
    }
}

/// Beyond this mean a series tells no more about what is common.
const WORTH_UNITS_MAX: f64 = 20.0;

/// The comparison of each series with those that move as it does, else with the smallest of its groups in which there are others.
fn comparisons(inputs: &Inputs<'_>, response: &CommonResponse) -> Vec<Option<Comparison>> {
    let mut found: Vec<Option<Comparison>> = vec![None; inputs.histories.len()];
    let levels = inputs.hierarchy.counts.len();
    let groups = (0..levels).map(|level| {
        let whom: Whom = match level {
            0 if levels > 1 => Others::of_shop,
            0 => Others::of_panel,
            _ => Others::of_category,
        };
        (inputs.hierarchy.members(level), whom)
    });
    let kinds = inputs.kinship.kinds.as_deref().map(|kinds| (hierarchy::members(kinds), Others::of_kind as Whom));
    for (members, whom) in groups.chain(kinds) {
        let compared: Vec<Vec<Option<Comparison>>> = members
            .par_iter()
            .map(|members| {
                let group: Vec<&History> = members.iter().map(|&series| &inputs.histories[series]).collect();
                comparison::within(&group, response, whom)
            })
            .collect();
        for (members, compared) in members.into_iter().zip(compared) {
            for (series, comparison) in members.into_iter().zip(compared) {
                found[series] = comparison.or(found[series].take());
            }
        }
    }
    found
}

fn average_slope(round: &Round, options: &ElasticityOptions) -> Expectation {
    let slopes: Vec<Evidence> = round.fitted().iter().map(|(_, fit)| fit.slope).collect();
    let first = Expectation { mean: options.population.mean, sd: options.population.sd };
    if slopes.is_empty() { first } else { expect::mean_and_spread(&slopes, first) }
}

/// What the report is written from, by series.
struct Learned<'a> {
    fits: Vec<Option<&'a Fit>>,
    evidence: Vec<Option<Evidence>>,
    pooled: Pooled,
    control_effects: Vec<Vec<Option<ElasticityBelief>>>,
    /// What no standard error knows: standard deviation.
    doubt_sds: Vec<f64>,
    cross_prices: Vec<Option<CrossPrice>>,
    rival_reactions: Vec<Option<RivalReaction>>,
}

/// How rivals answer, where it is known what their price does.
fn rival_reactions(panel: &DemandPanel, effects: &[Vec<Option<ElasticityBelief>>]) -> Vec<Option<RivalReaction>> {
    let rival = panel.controls.iter().position(|control| control.scale == ControlScale::RivalPrice);
    let of_series = |(follows, effects): (Option<ElasticityBelief>, &Vec<Option<ElasticityBelief>>)| {
        Some(RivalReaction { follows: follows?, effect: effects[rival?]? })
    };
    reaction::learned(panel).into_iter().zip(effects).map(of_series).collect()
}

/// What the substitutes of each series do to it.
fn cross_prices(
    panel: &DemandPanel,
    fits: &[Option<&Fit>],
    substitutes: &[Option<Substitutes>],
    sign_softness: f64,
) -> Vec<Option<CrossPrice>> {
    let evidence: Vec<Option<Evidence>> = fits.iter().map(|fit| fit.and_then(|fit| fit.beside)).collect();
    let row = |(answer, substitutes): (Answer, &Option<Substitutes>)| {
        let mirrored = ElasticityBelief { mean: -answer.belief.mean, ..answer.belief };
        let against_negative = against_positive(mirrored, sign_softness);
        let belief = ElasticityBelief { mean: -against_negative.mean, ..against_negative };
        let (lo_95, hi_95) = belief.interval_95();
        Some(CrossPrice {
            belief,
            lo_95,
            hi_95,
            own: answer.own.map(|own| ElasticityBelief { mean: own.mean, sd: own.variance.sqrt() }),
            identified: answer.identified,
            substitutes: substitutes.as_ref()?.series.iter().map(|&other| panel.series[other].id.clone()).collect(),
        })
    };
    cross_price::learned(&evidence).into_iter().zip(substitutes).map(row).collect()
}

fn diagnostics(
    history: &History,
    fit: Option<&Fit>,
    own: Option<Evidence>,
    pooled: ElasticityBelief,
) -> ElasticityDiagnostics {
    let periods = history.len() + history.n_censored;
    let offers = history.suspected_promotion.as_ref().map_or(0.0, |column| history::mean(column));
    ElasticityDiagnostics {
        effective_price_changes: history.effective_changes,
        residual_autocorrelation: fit.map_or(0.0, |fit| fit.residual_autocorrelation),
        censored_share: history.n_censored as f64 / periods.max(1) as f64,
        // Precisions add up: what the own slope does not bring is the group's.
        pooled_weight: own.map_or(1.0, |own| (1.0 - pooled.sd * pooled.sd / own.variance).clamp(0.0, 1.0)),
        suspected_promotion_share: offers,
    }
}

fn report(
    panel: &DemandPanel,
    histories: &[History],
    identifications: Vec<Identification>,
    learned: &Learned<'_>,
    options: &ElasticityOptions,
) -> ElasticityReport {
    let Learned { fits, evidence, pooled, control_effects, doubt_sds, cross_prices, rival_reactions } = learned;
    let rows: Vec<ElasticityRow> = identifications
        .into_iter()
        .enumerate()
        .map(|(index, identification)| {
            let history = &histories[index];
            let belief = doubted(against_positive(pooled.series[index], options.sign_softness), doubt_sds[index]);
            let belief = usual_price::beside(belief, price_to_cost(&panel.series[index], history));
            let own = evidence[index].map(|own| ElasticityBelief { mean: own.mean, sd: own.variance.sqrt() });
            let (lo_95, hi_95) = belief.interval_95();
            ElasticityRow {
                id: panel.series[index].id.clone(),
                belief,
                lo_95,
                hi_95,
                own,
                reason: identify::in_words(history, &identification, own),
                identification,
                n_obs: history.len(),
                n_prices: history.n_prices,
                support: history.support,
                control_effects: control_effects[index].clone(),
                diagnostics: diagnostics(history, fits[index], evidence[index], pooled.series[index]),
                cross_price: cross_prices[index].clone(),
                rival_reaction: rival_reactions[index],
            }
        })
        .collect();
    let identified = rows.iter().filter(|row| row.identified()).count();
    // What escaped the filter is off in one direction everywhere: it does not cancel.
    let shared = doubt_sds.iter().map(|sd| (sd * sd - MODEL_DOUBT_SD * MODEL_DOUBT_SD).max(0.0).sqrt());
    let shared_sd = shared.sum::<f64>() / doubt_sds.len().max(1) as f64;
    let average = doubted(pooled.average, AVERAGE_DOUBT_SD.hypot(shared_sd));
    let (lo_95, hi_95) = average.interval_95();
    ElasticityReport {
        population: PopulationElasticity {
            average,
            lo_95,
            hi_95,
            spread_sd: pooled.spread_sd,
            identified: identified > 0,
            reason: format!(
                "Average of {} series, {identified} of them identified; single ones differ by about ±{:.2}.",
                rows.len(),
                pooled.spread_sd
            ),
            n_obs: rows.iter().map(|row| row.n_obs).sum(),
            n_prices: rows.iter().map(|row| row.n_prices).sum(),
        },
        rows,
    }
}

/// What no standard error knows: causes nobody recorded, and demand that is not quite of constant elasticity. Found by how far
/// intervals fell short of their promise in simulated shops.
const MODEL_DOUBT_SD: f64 = 0.15;
/// The same for the average, where part of it cancels.
const AVERAGE_DOUBT_SD: f64 = 0.05;
/// Doubt per unit of what suspected promotions did: where there are any, about one in seven escapes the filter (it begins or
/// ends while the usual price changes) and exaggerates the elasticity.
const OFFERS_MISSED_DOUBT: f64 = 0.5;

fn doubted(belief: ElasticityBelief, doubt_sd: f64) -> ElasticityBelief {
    ElasticityBelief { sd: belief.sd.hypot(doubt_sd), ..belief }
}

/// Weighs a normal belief by `Φ(−elasticity / softness)`: positive elasticities lose credit gradually, and strong evidence
/// for one survives. Moments in closed form (those of the extended skew-normal distribution).
fn against_positive(belief: ElasticityBelief, softness: f64) -> ElasticityBelief {
    let variance = belief.sd * belief.sd;
    let scale = softness.hypot(belief.sd);
    if !scale.is_finite() || scale <= 0.0 {
        return belief;
    }
    let z = -belief.mean / scale;
    let below = normal::probability_below(z);
    // Far in the tail the ratio tends to −z; the plain quotient would be 0/0.
    let mills = if below > 1e-280 { normal::density(z) / below } else { -z };
    let mean = belief.mean - variance / scale * mills;
    let shrunk = variance - variance * variance / (scale * scale) * mills * (z + mills);
    ElasticityBelief { mean, sd: shrunk.max(0.0).sqrt() }
}
