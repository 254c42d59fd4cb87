//! How far the cheapest rival follows when the own price changes.
//!
//! What shoppers see after a change of price is our new price and the rivals' answer to it. The elasticity of what is sold then
//! is the own elasticity plus the one to the rivals' price times their reaction elasticity: per cent of their price for one per
//! cent of ours (J.-J. Lambin, P. A. Naert and A. Bultez, "Optimal marketing behavior in oligopoly", European Economic Review 6
//! (1975), 105–128; the slope of the rivals' reaction function is the conduct that T. F. Bresnahan surveys in "Empirical studies
//! of industries with market power", Handbook of Industrial Organization 2 (1989), 1011–1057).
//!
//! Prices that move together do not show who follows whom. So only changes of the own price that stand for weeks are looked at,
//! one by one: the rivals' price in the four weeks after the change, less the last one before it, which the change cannot have
//! moved and which holds all that we may have followed ourselves. What the prices of the whole shop and of all rivals do in the
//! same days (costs, seasons, sales everywhere) is taken out first. How much rivals move without any reason of ours is read off
//! the middle of stretches in which our price stood still.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::demand::ElasticityBelief;
use crate::elasticity::design::Expectation;
use crate::elasticity::expect::SharedEffect;
use crate::elasticity::fit::Evidence;
use crate::elasticity::history::mean;
use crate::panel::{ControlScale, DemandPanel, DemandSeries, TimeAxis};

/// Before looking, the shop's mean: most attacks on price are met by nothing at all (J.-B. E. M. Steenkamp et al., "Competitive
/// reactions to advertising and promotion attacks", Marketing Science 24 (2005), 35–54), some by as much.
const FIRST: Expectation = Expectation { mean: 0.0, sd: 0.4 };
/// Scale of the half-normal prior of how much the answers to single changes, and those of single Skus, differ.
const DIFFERENCE_SCALE: f64 = 0.3;
/// A smaller change (log) is not seen.
const CHANGE_MIN: f64 = 0.01;
/// Prices closer than this (log) are the same: means over the days of a week carry rounding.
const SAME_PRICE: f64 = 0.005;
/// Rivals whose prices never moved in what was seen may move a little all the same: variance of the log.
const IDLE_VARIANCE_MIN: f64 = 1e-4;
/// Fewer series say nothing of what all rivals do.
const MARKET_SERIES_MIN: usize = 8;

/// Lengths of time, in days of the axis.
#[derive(Debug, Clone, Copy)]
struct Lengths {
    /// A price that stands for less is an offer, which rivals hardly have the time to answer.
    spell_min: i32,
    /// For how long after a change the rivals' answer counts: as long as price advice looks ahead.
    answer: i32,
    /// An older price of a rival does not count as the last one, nor two spells as one change.
    gap_max: i32,
}

impl Lengths {
    const fn of(time: TimeAxis) -> Self {
        match time {
            TimeAxis::CalendarDays => Self { spell_min: 14, answer: 28, gap_max: 28 },
            TimeAxis::Steps => Self { spell_min: 2, answer: 4, gap_max: 4 },
        }
    }
}

/// What is believed of the reaction elasticity at the next change of each series' price; `None` for all if no control is a
/// rival's price, and for series that no rival sold at the end of their history.
pub(crate) fn learned(panel: &DemandPanel) -> Vec<Option<ElasticityBelief>> {
    let Some(rival) = panel.controls.iter().position(|control| control.scale == ControlScale::RivalPrice) else {
        return vec![None; panel.series.len()];
    };
    let lengths = Lengths::of(panel.time);
    let mut prices: Vec<Prices> = panel.series.iter().map(|series| Prices::of(series, rival)).collect();
    let spells: Vec<Vec<Range<usize>>> = prices.iter().map(|prices| prices.spells(lengths)).collect();
    take_out_market(&mut prices);
    let series = || prices.iter().zip(&spells);
    let idle = series().flat_map(|(prices, spells)| spells.iter().filter_map(|spell| prices.idle_move(spell, lengths)));
    let idle_variance = mean(&idle.map(|moved| moved * moved).collect::<Vec<_>>()).max(IDLE_VARIANCE_MIN);
    let answers: Vec<Vec<Answer>> = series().map(|(prices, spells)| prices.answers(spells, lengths)).collect();
    let single: Vec<Evidence> =
        answers.iter().flatten().filter_map(|answer| slope(&[*answer], idle_variance, 0.0)).collect();
    let difference_sd = SharedEffect::learned(&single, FIRST, DIFFERENCE_SCALE).expectation.sd;
    let own: Vec<Option<Evidence>> =
        answers.iter().map(|answers| slope(answers, idle_variance, difference_sd)).collect();
    let shared = SharedEffect::learned(&own.iter().flatten().copied().collect::<Vec<_>>(), FIRST, DIFFERENCE_SCALE);
    let belief = |(own, prices): (&Option<Evidence>, &Prices)| {
        let usual = shared.of(*own);
        // One change lies ahead, not the mean of many.
        let next = ElasticityBelief { mean: usual.mean, sd: usual.sd.hypot(difference_sd) };
        prices.has_rival_at_end(lengths).then_some(next)
    };
    own.iter().zip(&prices).map(belief).collect()
}

/// One change of the own price and what the rivals' price did after it, as logs.
#[derive(Debug, Clone, Copy)]
struct Answer {
    change: f64,
    moved: f64,
}

/// The slope of the rivals' moves on the own changes, through the origin; `None` without any. Answers to single changes differ by
/// `difference_sd` around it.
fn slope(answers: &[Answer], idle_variance: f64, difference_sd: f64) -> Option<Evidence> {
    let products: f64 = answers.iter().map(|answer| answer.change * answer.moved).sum();
    let squares: f64 = answers.iter().map(|answer| answer.change.powi(2)).sum();
    let fourths: f64 = answers.iter().map(|answer| answer.change.powi(4)).sum();
    let variance = (idle_variance + difference_sd.powi(2) * fourths / squares) / squares;
    (squares > 0.0).then(|| Evidence { mean: products / squares, variance })
}

/// The own price of one series and that of its cheapest rival, ascending in time; logs.
#[derive(Debug)]
struct Prices {
    days: Vec<i32>,
    own: Vec<f64>,
    /// NaN where no rival sells it.
    rival: Vec<f64>,
}

impl Prices {
    fn of(series: &DemandSeries, rival: usize) -> Self {
        let log = |price: f64| if price > 0.0 { price.ln() } else { f64::NAN };
        let observed = series.observations.iter().zip(&series.controls[rival]);
        let mut periods: Vec<(i32, f64, f64)> = observed
            .map(|(observation, &rival)| (observation.day, log(observation.price), log(rival)))
            .filter(|period| period.1.is_finite())
            .collect();
        periods.sort_by_key(|period| period.0);
        Self {
            days: periods.iter().map(|period| period.0).collect(),
            own: periods.iter().map(|period| period.1).collect(),
            rival: periods.iter().map(|period| period.2).collect(),
        }
    }

    /// Stretches of one price that stood long enough to be answered.
    fn spells(&self, lengths: Lengths) -> Vec<Range<usize>> {
        let mut spells = Vec::new();
        let mut start = 0;
        for period in 1..=self.days.len() {
            let ends = self.own.get(period).is_none_or(|price| (price - self.own[start]).abs() > SAME_PRICE);
            if ends {
                // Where the history ends, its last period is as long as the one before it.
                let end =
                    self.days.get(period).copied().unwrap_or(2 * self.days[period - 1] - self.days[period.max(2) - 2]);
                if end - self.days[start] >= lengths.spell_min {
                    spells.push(start..period);
                }
                start = period;
            }
        }
        spells
    }

    fn answers(&self, spells: &[Range<usize>], lengths: Lengths) -> Vec<Answer> {
        let answer = |(before, after): (&Range<usize>, &Range<usize>)| {
            let change = self.own[after.start] - self.own[before.end - 1];
            let is_one_change = self.days[after.start] - self.days[before.end - 1] <= lengths.gap_max;
            let moved = self.moved(before.clone(), after.clone(), lengths)?;
            (is_one_change && change.abs() >= CHANGE_MIN).then_some(Answer { change, moved })
        };
        spells.iter().zip(spells.iter().skip(1)).filter_map(answer).collect()
    }

    /// What the rivals' price did from the middle of a spell on, in which ours did nothing.
    fn idle_move(&self, spell: &Range<usize>, lengths: Lengths) -> Option<f64> {
        let middle = usize::midpoint(spell.start, spell.end);
        self.moved(spell.start..middle, middle..spell.end, lengths)
    }

    /// The rivals' mean price in the weeks after, less the last one before.
    fn moved(&self, before: Range<usize>, after: Range<usize>, lengths: Lengths) -> Option<f64> {
        let last = before.rev().find(|&period| self.rival[period].is_finite())?;
        let first = after.start;
        let answer_end = self.days[first] + lengths.answer;
        let answered: Vec<f64> = after
            .filter(|&period| self.days[period] < answer_end && self.rival[period].is_finite())
            .map(|period| self.rival[period])
            .collect();
        let is_recent = self.days[first] - self.days[last] <= lengths.gap_max;
        (is_recent && !answered.is_empty()).then(|| mean(&answered) - self.rival[last])
    }

    fn has_rival_at_end(&self, lengths: Lengths) -> bool {
        let last_seen = self.rival.iter().rposition(|price| price.is_finite());
        last_seen.is_some_and(|seen| self.days[self.days.len() - 1] - self.days[seen] < lengths.gap_max)
    }
}

/// Takes out of all prices what the mean of all series that rivals sell did up to the same day, own prices and rivals' apart.
fn take_out_market(prices: &mut [Prices]) {
    let with_rivals = || prices.iter().filter(|prices| prices.rival.iter().any(|price| price.is_finite()));
    if with_rivals().count() < MARKET_SERIES_MIN {
        return;
    }
    let own = market(with_rivals().map(|prices| (prices.days.as_slice(), prices.own.as_slice())));
    let rival = market(with_rivals().map(|prices| (prices.days.as_slice(), prices.rival.as_slice())));
    for Prices { days, own: own_price, rival: rival_price } in prices {
        for (column, market) in [(own_price, &own), (rival_price, &rival)] {
            for (day, price) in days.iter().zip(column) {
                *price -= market.range(..=day).next_back().map_or(0.0, |(_, level)| *level);
            }
        }
    }
}

/// By day, the sum of the mean moves of all columns up to it.
fn market<'a>(columns: impl Iterator<Item = (&'a [i32], &'a [f64])>) -> BTreeMap<i32, f64> {
    let mut moves: BTreeMap<i32, (f64, f64)> = BTreeMap::new();
    for (days, prices) in columns {
        for (day, pair) in days.iter().skip(1).zip(prices.windows(2)) {
            let moved = pair[1] - pair[0];
            if moved.is_finite() {
                let (sum, count) = moves.entry(*day).or_default();
                *sum += moved;
                *count += 1.0;
            }
        }
    }
    let mut level = 0.0;
    let levels = moves.into_iter().map(|(day, (sum, count))| {
        level += sum / count;
        (day, level)
    });
    levels.collect()
}
