//! A recurrent network over all series: what the periods ahead will be, from the periods just before.
//!
//! As recommended by Hewamalage, Bergmeir & Bandara, "Recurrent neural networks for time series forecasting"
//! (International Journal of Forecasting 37, 2021): series without their seasons, logarithms of ratios to a recent level
//! (as in Smyl 2020), windows of the recent past, all steps ahead answered at once, absolute errors.

mod net;

use serde::{Deserialize, Serialize};

use self::net::{Adam, INPUTS, LANES, Lane, Net};
use super::{GlobalLearner, Learnt, Member, has_calendar};
use crate::calendar::Stamp;
use crate::dice::Dice;
use crate::season::Adjusted;

/// A long short-term memory, one for all series of a panel.
pub(super) struct Lstm;

/// Series below which there is too little to learn from.
const MEMBERS_MIN: usize = 20;
/// Series learnt from at most, evenly picked.
const MEMBERS_MAX: usize = 1000;
/// Windows below which there is too little to learn from.
const WINDOWS_MIN: usize = 1000;
/// Steps of learning at the first moment at least and at most. They bound what it costs.
const STEPS: (usize, usize) = (100, 400);
/// Windows that are worth a step.
const WINDOWS_PER_STEP: usize = 8;
/// How much shorter it learns at each later moment, where it goes on from what it knew.
const GOING_ON: usize = 4;
/// Rate of learning at the beginning; it falls to a hundredth.
const RATE: f32 = 0.01;
const SEED: u64 = 11;
/// Logarithms of ratios beyond which values are cut.
const REACH: f64 = 3.0;
/// Share of the level that is added to values, so that zero has a logarithm.
const OFFSET: f64 = 0.05;

impl GlobalLearner for Lstm {
    fn name(&self) -> &'static str {
        "lstm"
    }

    fn typical_loss(&self) -> f64 {
        1.0
    }

    fn must_earn_its_place(&self) -> bool {
        true
    }

    fn learn(&self, members: &[Member<'_>], now: i64, horizon: usize, before: Option<&Learnt>) -> Option<Learnt> {
        // Numbered steps of unlike things have nothing in common.
        if !members.iter().all(has_calendar) {
            return None;
        }
        let length = window(horizon);
        let suitable: Vec<&Member<'_>> = members.iter().filter(|member| suits(member)).collect();
        let picked = suitable.iter().step_by(suitable.len().div_ceil(MEMBERS_MAX).max(1));
        let tapes: Vec<Tape> = picked
            .map(|member| Tape::new(member, member.known_at(now), 0))
            .filter(|tape| tape.known > length + horizon)
            .collect();
        // Where each tape's windows begin among all.
        let mut places = Vec::with_capacity(tapes.len());
        let mut windows = 0;
        for tape in &tapes {
            places.push(windows);
            windows += tape.known - length - horizon;
        }
        if tapes.len() < MEMBERS_MIN || windows < WINDOWS_MIN {
            return None;
        }
        let mut dice = Dice::new(SEED ^ now.unsigned_abs());
        let steps = (windows / WINDOWS_PER_STEP).clamp(STEPS.0, STEPS.1);
        let rate = if before.is_some() { 0.3 * RATE } else { RATE };
        let (mut net, steps) = match before {
            Some(Learnt::Lstm(Trained { net })) if net.steps() == horizon => (net.clone(), steps / GOING_ON),
            _ => (Net::new(horizon, &mut dice), steps),
        };
        let mut adam = Adam::new(&net);
        let mut slopes = adam.blank();
        for step in 0..steps {
            let mut batch = Batch::new(length, horizon);
            for lane in 0..LANES {
                let place = dice.below(windows);
                let index = places.partition_point(|first| *first <= place) - 1;
                let tape = &tapes[index];
                let end = length + place - places[index];
                let level = tape.level(end, length);
                tape.fill(end, level, lane, &mut batch.inputs);
                for (step, target) in batch.targets.iter_mut().enumerate() {
                    target[lane] = tape.ratio(end + step, level) as f32;
                }
            }
            slopes.fill(0.0);
            net.slopes(&batch.inputs, &batch.targets, &mut slopes);
            slopes.iter_mut().for_each(|slope| *slope /= (LANES * horizon) as f32);
            let way = step as f32 / steps as f32;
            adam.step(&mut net, &slopes, rate * (0.505 + 0.495 * (std::f32::consts::PI * way).cos()));
        }
        Some(Learnt::Lstm(Trained { net }))
    }
}

/// Periods looked back at.
fn window(horizon: usize) -> usize {
    (2 * horizon).clamp(12, 28)
}

/// Whether logarithms of ratios make sense.
fn suits(member: &Member<'_>) -> bool {
    member.history.is_nonnegative && !member.history.class.is_sparse()
}

struct Batch {
    inputs: Vec<[Lane; INPUTS]>,
    targets: Vec<Lane>,
}

impl Batch {
    fn new(length: usize, horizon: usize) -> Self {
        Self { inputs: vec![[[0.0; LANES]; INPUTS]; length], targets: vec![[0.0; LANES]; horizon] }
    }
}

/// A series as the network sees it.
struct Tape {
    known: usize,
    /// Values without season; `NaN` at positions that the season leaves out.
    flat: Vec<f64>,
    /// Position in the year, as sine and cosine, and logarithm (or nothing) of the season's index.
    marks: Vec<[f32; 3]>,
    adjusted: Adjusted,
}

impl Tape {
    /// Of the first `known` periods, and marks of the `steps` after them.
    fn new(member: &Member<'_>, known: usize, steps: usize) -> Self {
        let values = &member.history.values[..known];
        let adjusted = Adjusted::new(values, member.history.seasons);
        let flat =
            values.iter().enumerate().map(|(t, value)| adjusted.flatten(t, *value).unwrap_or(f64::NAN)).collect();
        let calendar = member.series.calendar();
        let mark = |t: usize| {
            let day = match calendar.stamp(member.place(t)) {
                Stamp::Date(date) => Some(chrono::Datelike::ordinal(&date)),
                Stamp::Time(time) => Some(chrono::Datelike::ordinal(&time.date())),
                Stamp::Step(_) => None,
            };
            let (sine, cosine) =
                day.map_or((0.0, 0.0), |day| (f64::from(day) / 365.25 * std::f64::consts::TAU).sin_cos());
            let index = if adjusted.is_ratio() { adjusted.index(t).max(0.05).ln() } else { 0.0 };
            [sine as f32, cosine as f32, index as f32]
        };
        Self { known, flat, marks: (0..known + steps).map(mark).collect(), adjusted }
    }

    /// What the last periods before `end` were worth.
    fn level(&self, end: usize, length: usize) -> f64 {
        let recent = self.flat[end - length..end].iter().rev().filter(|value| !value.is_nan());
        let (sum, count) = recent.take((length / 3).max(4)).fold((0.0, 0_u32), |(s, n), value| (s + value, n + 1));
        sum / f64::from(count.max(1))
    }

    /// Logarithm of the ratio of period `t` to the level.
    fn ratio(&self, t: usize, level: f64) -> f64 {
        if level > 0.0 {
            ((self.flat[t] / level + OFFSET) / (1.0 + OFFSET)).max(1e-6).ln().clamp(-REACH, REACH)
        } else {
            f64::NAN
        }
    }

    /// Writes the window before `end` into a lane.
    fn fill<const N: usize>(&self, end: usize, level: f64, lane: usize, inputs: &mut [[Lane<N>; INPUTS]]) {
        let first = end - inputs.len();
        for (place, input) in inputs.iter_mut().enumerate() {
            let ratio = self.ratio(first + place, level);
            input[0][lane] = if ratio.is_nan() { 0.0 } else { ratio as f32 };
            let marks = self.marks[first + place];
            (0..3).for_each(|mark| input[1 + mark][lane] = marks[mark]);
        }
    }
}

/// A trained network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Trained {
    net: Net,
}

impl Trained {
    pub(super) fn is_whole(&self) -> bool {
        self.net.is_whole()
    }

    /// See [`Answers`](super::Answers).
    pub(super) fn forecast(&self, member: &Member<'_>, end: usize, steps: usize) -> Option<Vec<f64>> {
        let length = window(self.net.steps());
        if !suits(member) || end < length || steps > self.net.steps() {
            return None;
        }
        let tape = Tape::new(member, end, 0);
        let level = tape.level(end, length);
        let mut inputs: Vec<[Lane<1>; INPUTS]> = vec![[[0.0]; INPUTS]; length];
        tape.fill(end, level, 0, &mut inputs);
        let answers = self.net.answer(&inputs);
        let value = |answer: &Lane<1>| (f64::from(answer[0]).exp() * (1.0 + OFFSET) - OFFSET).max(0.0) * level;
        Some(tape.adjusted.restore(answers[..steps].iter().map(value).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, Frequency};
    use crate::history::History;
    use crate::options::ForecastOptions;
    use crate::series::Series;

    const KNOWN: usize = 90;
    const HORIZON: usize = 6;

    /// All rise for five periods and fall back, each from another day and on another level; no calendar knows that.
    fn tooth(sku: usize, t: usize) -> f64 {
        (20.0 + 13.0 * sku as f64) * (1.0 + 0.2 * ((t + 3 * sku) % 5) as f64)
    }

    #[test]
    fn a_pattern_that_all_share_is_learnt() {
        let calendar = Calendar::new(Stamp::parse("2023-01-01").unwrap(), Frequency::WEEK);
        let series: Vec<Series> = (0..30)
            .map(|sku| Series::new(format!("{sku}"), calendar, (0..KNOWN).map(|t| tooth(sku, t)).collect()).unwrap())
            .collect();
        let options = ForecastOptions::for_demand(HORIZON);
        let histories: Vec<History> = series.iter().map(|series| History::new(series, &options).unwrap()).collect();
        let members: Vec<Member<'_>> = series
            .iter()
            .zip(&histories)
            .map(|(series, history)| Member::new(series, history, &[], &calendar))
            .collect();
        let Some(Learnt::Lstm(net)) = Lstm.learn(&members, KNOWN as i64, HORIZON, None) else {
            panic!("enough to learn from")
        };
        assert!(net.is_whole());
        let (mut missed, mut swing) = (0.0, 0.0);
        for (sku, member) in members.iter().enumerate() {
            let path = net.forecast(member, KNOWN, HORIZON).unwrap();
            let middle = (20.0 + 13.0 * sku as f64) * 1.4;
            for (step, found) in path.iter().enumerate() {
                missed += (found - tooth(sku, KNOWN + step)).abs() / middle;
                swing += (middle - tooth(sku, KNOWN + step)).abs() / middle;
            }
        }
        assert!(missed < 0.4 * swing, "{missed} {swing}");
        assert!(Lstm.learn(&members[..19], KNOWN as i64, HORIZON, None).is_none(), "too few");
    }
}
