//! What is known about one series once there is enough of it.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::expectation::{Expectation, MEMORY, Outlook};
use crate::shift::ShiftScan;
use crate::slow::SlowScan;
use crate::spread::Spread;
use crate::stabilise::{Stabiliser, median};
use crate::tail::Tail;
use crate::vigilance::{Suspect, Vigilance};
use crate::{AnomalyKind, Band, Direction, Verdict};

/// Errors beyond so many standard deviations teach no more than these.
const CLIP: f64 = 3.0;
/// Alarms in a row to one side that make a shift, however the scan sees it.
const ALARMS_OF_A_SHIFT: u32 = 3;
/// Values for which the level before a shift is remembered: going back to it is no new anomaly.
const RETURN_WITHIN: u32 = 60;

/// How fast it is forgotten whether values repeat.
const REPEAT_RATE: f64 = 0.05;
/// Values that repeat this often are set by somebody, and stay until they are set again.
const REPEATS_OF_A_RULE: f64 = 0.8;
/// A distance teaches at most so many times the alarm's.
const TEACHING_MAX: f64 = 1.5;
/// Excesses that it takes to move half-way from a normal tail to the one seen.
const BELIEF: f64 = 20.0;

/// Scale, expectation and tails of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Model {
    stabiliser: Stabiliser,
    expectation: Expectation,
    spread: Spread,
    above: Tail,
    below: Tail,
    shifts: ShiftScan,
    /// `None` where values come so often that levels wander.
    slow: Option<SlowScan>,
    vigilance: Vigilance,
    /// The combined level before each of the last values.
    levels: VecDeque<f64>,
    /// How far the level before the last shift lies from the present one, and the values since.
    before_shift: Option<(f64, u32)>,
    /// The side of the last alarms in a row, and their number.
    alarms: (Direction, u32),
    last: Option<f64>,
    /// How often a value is the one before it, lately.
    repeat_share: f64,
    least: f64,
    most: f64,
}

impl Model {
    /// Learns the past as if it came again. The level starts from the first `start` values.
    pub(crate) fn replay(
        history: &[(i64, f64)],
        start: usize,
        seasons: &[usize],
        slow_span: Option<usize>,
        false_alarm_rate: f64,
    ) -> Self {
        let stabiliser = Stabiliser::choose(history, seasons.first().copied());
        let mut first: Vec<f64> = history.iter().take(start).map(|(_, value)| stabiliser.forward(*value)).collect();
        let level = median(&mut first);
        let mut spread = Spread::default();
        for value in first {
            spread.learn(value - level);
        }
        let mut model = Self {
            stabiliser,
            expectation: Expectation::new(seasons, level),
            spread,
            above: Tail::new(1.0, BELIEF),
            below: Tail::new(1.0, BELIEF),
            shifts: ShiftScan::new(),
            slow: slow_span.map(SlowScan::new),
            vigilance: Vigilance::new(false_alarm_rate),
            levels: VecDeque::with_capacity(MEMORY + 1),
            before_shift: None,
            alarms: (Direction::Above, 0),
            last: None,
            repeat_share: 0.0,
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
        };
        // The first third is spent on learning level and seasons: its errors say nothing about later ones.
        let (settling, settled) = history.split_at(history.len() / 3);
        for (position, value) in settling {
            model.observe(*position, *value);
        }
        model.above = Tail::new(1.0, BELIEF);
        model.below = Tail::new(1.0, BELIEF);
        model.shifts = ShiftScan::new();
        model.slow = slow_span.map(SlowScan::new);
        model.vigilance = Vigilance::new(false_alarm_rate);
        for (position, value) in settled {
            model.observe(*position, *value);
        }
        model
    }

    pub(crate) fn vigilance(&self) -> &Vigilance {
        &self.vigilance
    }

    /// What is expected at a position.
    pub(crate) fn band(&self, position: i64) -> Band {
        self.band_around(self.expectation.look(position).expected)
    }

    fn band_around(&self, expected: f64) -> Band {
        let scale = self.scale(expected);
        let edge = self.vigilance.rate_of(Suspect::Value) / 2.0;
        let back = |image: f64| self.stabiliser.backward(image);
        Band {
            expected: back(expected),
            lo: back(expected - self.below.distance(edge) * scale),
            hi: back(expected + self.above.distance(edge) * scale),
        }
    }

    /// Judges a value, then learns it.
    pub(crate) fn observe(&mut self, position: i64, value: f64) -> Verdict {
        let outlook = self.expectation.look(position);
        let band = self.band_around(outlook.expected);
        let image = self.stabiliser.forward(value);
        let scale = self.scale(outlook.expected);
        let distance = (image - outlook.expected) / scale;
        if self.repeats(value) {
            // A price that stays where it went was news when it went there.
            self.learn(position, value, image, scale, &outlook);
            if distance.abs() > 1.0 {
                self.take_new_level(1);
            }
            return Verdict::undecided(Some(band));
        }
        if self.returns(distance, scale) {
            self.learn(position, value, image, scale, &outlook);
            return Verdict::undecided(Some(band));
        }

        let (up, down) = (self.above.probability(distance), self.below.probability(-distance));
        let side = if up <= down { Direction::Above } else { Direction::Below };
        let point = self.vigilance.weigh(Suspect::Value, (2.0 * up.min(down)).min(1.0));
        let is_alarm = self.vigilance.is_alarming(point);
        let edge = self.vigilance.rate_of(Suspect::Value) / 2.0;
        self.alarms = match self.alarms {
            (before, count) if is_alarm && before == side => (side, count + 1),
            _ => (side, u32::from(is_alarm)),
        };
        let lean = self.shifts.look((image - outlook.slowly_expected) / scale);
        let shift = lean.map_or(1.0, |lean| self.vigilance.weigh(Suspect::Level, lean.probability));
        let shifted = match lean {
            _ if self.alarms.1 >= ALARMS_OF_A_SHIFT => Some((side, ALARMS_OF_A_SHIFT)),
            Some(lean) if self.vigilance.is_alarming(shift) => Some((lean.direction, lean.values)),
            _ => None,
        };

        // What rang an alarm must not teach that it is usual, unless alarms are a habit of this series.
        if !is_alarm || self.vigilance.is_worn() {
            self.above.learn(distance.min(TEACHING_MAX * self.above.distance(edge)));
            self.below.learn((-distance).min(TEACHING_MAX * self.below.distance(edge)));
        }
        if let Some(lean) = lean.filter(|_| shifted.is_none()) {
            self.shifts.learn(&lean);
        }
        let deseasonalised = image - (outlook.expected - outlook.level);
        let moved = self.slow.as_mut().and_then(|slow| slow.look(deseasonalised, scale));
        let drift = moved.map_or(1.0, |moved| self.vigilance.weigh(Suspect::Drift, moved.probability));
        let drifted = moved.filter(|_| shifted.is_none() && !is_alarm && self.vigilance.is_alarming(drift));
        if let (Some(slow), Some(moved), None) = (&mut self.slow, &moved, &drifted) {
            slow.learn(moved);
        }
        self.vigilance.learn(is_alarm || shifted.is_some() || drifted.is_some());
        let was_constant = self.least == self.most;
        self.learn(position, value, image, scale, &outlook);

        let p_value = if drifted.is_some() { drift } else { point.min(shift).min(1.0) };
        let verdict = Verdict { score: self.vigilance.score(p_value), p_value, ..Verdict::undecided(Some(band)) };
        if let Some((direction, values)) = shifted {
            self.take_new_level(values as usize);
            let (kind, direction) = (Some(AnomalyKind::LevelShift), Some(direction));
            return Verdict { kind, direction, run_length: values, ..verdict };
        }
        if let (Some(moved), Some(slow)) = (drifted, &mut self.slow) {
            slow.forget();
            let (kind, direction) = (Some(AnomalyKind::Drift), Some(moved.direction));
            return Verdict { kind, direction, run_length: slow.span() as u32, ..verdict };
        }
        let kind = match side {
            _ if !is_alarm => return verdict,
            _ if was_constant => AnomalyKind::NewExtreme,
            Direction::Above => AnomalyKind::Spike,
            Direction::Below => AnomalyKind::Drop,
        };
        Verdict { kind: Some(kind), direction: Some(side), ..verdict }
    }

    fn scale(&self, expected: f64) -> f64 {
        self.spread.scale().max(self.stabiliser.least_noise(expected))
    }

    /// Whether the value is the last one again, in a series in which that is the rule.
    fn repeats(&mut self, value: f64) -> bool {
        let is_repeat = self.last == Some(value);
        self.last = Some(value);
        self.repeat_share += REPEAT_RATE * (f64::from(u8::from(is_repeat)) - self.repeat_share);
        is_repeat && self.repeat_share > REPEATS_OF_A_RULE
    }

    /// Whether the value is strange now but usual at the level before the last shift; goes back to that level if so.
    fn returns(&mut self, distance: f64, scale: f64) -> bool {
        let Some((offset, age)) = self.before_shift.filter(|(_, age)| *age < RETURN_WITHIN) else { return false };
        self.before_shift = Some((offset, age + 1));
        let rarity = self.above.probability(distance).min(self.below.probability(-distance));
        let is_back = rarity < self.vigilance.rate_of(Suspect::Value) && (distance - offset / scale).abs() < 2.0;
        if is_back {
            self.expectation.shift(offset);
            self.before_shift = None;
            self.shifts.forget();
            self.alarms.1 = 0;
        }
        is_back
    }

    fn take_new_level(&mut self, values: usize) {
        let before = self.levels.iter().rev().nth(values.saturating_sub(1)).or(self.levels.front()).copied();
        self.expectation.relearn_level(values);
        self.before_shift = before.map(|before| (before - self.expectation.level(), 0));
        self.shifts.forget();
        self.slow.iter_mut().for_each(SlowScan::forget);
        self.alarms.1 = 0;
    }

    fn learn(&mut self, position: i64, value: f64, image: f64, scale: f64, outlook: &Outlook) {
        self.levels.push_back(outlook.level);
        if self.levels.len() > MEMORY {
            self.levels.pop_front();
        }
        self.spread.learn((image - outlook.expected).clamp(-4.0 * scale, 4.0 * scale));
        self.expectation.learn(position, outlook, image, CLIP * scale);
        self.least = self.least.min(value);
        self.most = self.most.max(value);
    }
}
