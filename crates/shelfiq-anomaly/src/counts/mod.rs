//! Small counts: units sold a day, reviews a week.
//!
//! On these no scale makes noise even, one day says little, and a week of nothing says much. So each day is judged by
//! the exact tails of a count whose rate is uncertain, and so are the sums of the last days, each against what was
//! believed before its first day: a belief that the days in question could not teach.

mod level;
mod negative_binomial;
mod outage;
mod span;

use std::collections::VecDeque;

use level::{Belief, Level};
use negative_binomial::NegativeBinomial;
use outage::Outage;
use serde::{Deserialize, Serialize};
use span::{Span, Tails};

use crate::vigilance::{Suspect, Vigilance};
use crate::{AnomalyKind, Band, Direction, Verdict};

/// Numbers of values over which sums are judged; the first is the value alone.
const SPANS: [usize; 11] = [1, 2, 3, 5, 7, 10, 14, 21, 28, 56, 84];
/// Spans from this length on tell of a slow change, which the level has followed meanwhile.
const SLOW_FROM: usize = 21;
/// Sums nearer to their mean than so many standard deviations are usual, whatever their distribution.
const USUAL: f64 = 1.8;
/// Counts teach at most what lies so many standard deviations from their mean.
const CLIP: f64 = 3.0;
/// Alarms in a row to one side that make a shift, however the sums see it.
const ALARMS_OF_A_SHIFT: u32 = 3;
/// Values for which the level before a shift is still possible.
const RETURN_WITHIN: u32 = 60;
/// While it is, it has at least this probability, and from the other one on it is taken.
const RETURN_CHANCE: f64 = 0.05;
const RETURN_TAKEN: f64 = 0.9;
/// Outages from this probability on teach the level nothing: they end, or the sums find a new level.
const OUTAGE_TAKEN: f64 = 0.5;
/// Counts with a larger mean have noise that can be made even.
const MEAN_MAX: f64 = 60.0;
/// A sum like the last value is usual where values vary less than this share of a Poisson count's variance.
const VARIANCE_MIN: f64 = 0.4;

/// What is known about a series of small counts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct CountModel {
    level: Level,
    spans: Vec<Span>,
    /// The last values, oldest first.
    recent: VecDeque<Seen>,
    before_shift: Option<Before>,
    /// The side of the last alarms in a row, and their number.
    alarms: (Direction, u32),
    vigilance: Vigilance,
    outage: Outage,
    least: f64,
    most: f64,
}

/// A value and what was believed before it came.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Seen {
    count: f64,
    factor: f64,
    belief: Belief,
}

/// What to expect at one position.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Outlook {
    belief: Belief,
    factor: f64,
    expected: f64,
}

/// The level before the last shift.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Before {
    /// Mean of an average part of the season.
    level: f64,
    /// Units that it rests on.
    certainty: f64,
    chance: f64,
    age: u32,
}

/// The strangest sum of the last values.
struct Lean {
    direction: Direction,
    values: usize,
    probability: f64,
}

impl CountModel {
    /// Whether a past is one of small counts: whole numbers from zero on, small, and varying as counts do. Numbers that
    /// somebody sets (prices, ratings) vary less.
    pub(crate) fn fits(history: &[(i64, f64)]) -> bool {
        let values = || history.iter().map(|(_, value)| *value);
        if !values().all(|value| value >= 0.0 && value.fract() == 0.0) {
            return false;
        }
        let mean = values().sum::<f64>() / history.len() as f64;
        let changes = values().zip(values().skip(1)).map(|(a, b)| (b - a).powi(2)).sum::<f64>();
        let variance = changes / (2.0 * (history.len() as f64 - 1.0).max(1.0));
        mean <= MEAN_MAX && (mean < 0.5 || variance >= VARIANCE_MIN * mean)
    }

    /// Learns the past as if it came again. The level starts from the first `start` values. `period` is the season in
    /// values, 1 for none.
    pub(crate) fn replay(history: &[(i64, f64)], start: usize, period: usize, false_alarm_rate: f64) -> Self {
        let first = &history[..start.min(history.len())];
        let mean = first.iter().map(|(_, value)| *value).sum::<f64>() / first.len().max(1) as f64;
        let mut model = Self {
            level: Level::new(mean, period),
            spans: SPANS.map(Span::new).to_vec(),
            recent: VecDeque::new(),
            before_shift: None,
            alarms: (Direction::Above, 0),
            vigilance: Vigilance::new(false_alarm_rate),
            outage: Outage::default(),
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
        };
        let (settling, settled) = history.split_at(history.len() / 3);
        // Nobody asks for these verdicts, so no band is drawn around them.
        for (position, value) in settling {
            let outlook = model.outlook(*position);
            model.judge(*position, *value, &outlook);
        }
        model.vigilance = Vigilance::new(false_alarm_rate);
        for (position, value) in settled {
            let outlook = model.outlook(*position);
            model.judge(*position, *value, &outlook);
        }
        model
    }

    pub(crate) fn vigilance(&self) -> &Vigilance {
        &self.vigilance
    }

    /// What is expected at a position.
    pub(crate) fn band(&self, position: i64) -> Band {
        self.band_around(&self.outlook(position))
    }

    fn outlook(&self, position: i64) -> Outlook {
        let (belief, factor) = (self.level.belief(), self.level.factor(position));
        Outlook { belief, factor, expected: belief.mean(1.0, factor) }
    }

    fn band_around(&self, outlook: &Outlook) -> Band {
        let Outlook { expected, belief, .. } = outlook;
        let expected = *expected;
        let edge = self.vigilance.rate_of(Suspect::Value) / 2.0;
        let tails = |count: f64| self.tails(&self.spans[0], count, expected, belief.certainty);
        // The ends are the outermost counts that ring no alarm.
        let hi = search(expected.floor(), |count| tails(count + 1.0).at_least < edge);
        let lo = (0..=expected.floor() as u64).map(|count| count as f64).find(|count| tails(*count).at_most >= edge);
        Band { expected, lo: lo.unwrap_or(expected.floor()), hi: hi.max(expected.ceil()) }
    }

    /// Judges a value, then learns it.
    pub(crate) fn observe(&mut self, position: i64, value: f64) -> Verdict {
        let outlook = self.outlook(position);
        let band = self.band_around(&outlook);
        Verdict { band: Some(band), ..self.judge(position, value, &outlook) }
    }

    fn judge(&mut self, position: i64, value: f64, outlook: &Outlook) -> Verdict {
        let Outlook { belief, factor, expected } = *outlook;
        let count = value.max(0.0).floor();
        let tails = self.tails(&self.spans[0], count, expected, belief.certainty);
        // What was never below zero is there for a reason.
        let (up, down) = (tails.at_least, if value < 0.0 { 0.0 } else { tails.at_most });
        let side = if up <= down { Direction::Above } else { Direction::Below };
        let point = self.vigilance.weigh(Suspect::Value, (2.0 * up.min(down)).min(1.0));
        let is_alarm = self.vigilance.is_alarming(point);
        self.alarms = match self.alarms {
            (before, count) if is_alarm && before == side => (side, count + 1),
            _ => (side, u32::from(is_alarm)),
        };

        self.outage.look(count, expected);
        let size = self.spans[0].size();
        let reach = CLIP * NegativeBinomial::new(expected, size).deviation() + 1.0;
        let clipped = count.clamp((expected - reach).max(0.0).floor(), (expected + reach).ceil());
        let is_back = self.is_back(count, expected, size);
        let (belief, clipped) = if is_back { (self.level.belief(), count) } else { (belief, clipped) };
        self.recent.push_back(Seen { count: clipped, factor, belief });
        if self.recent.len() > SPANS[SPANS.len() - 1] {
            self.recent.pop_front();
        }
        let lean = self.strangest_sum();
        let shift = lean.as_ref().map_or(1.0, |lean| self.vigilance.weigh(Suspect::Sums, lean.probability));
        let shifted = match lean {
            _ if self.alarms.1 >= ALARMS_OF_A_SHIFT => Some((side, ALARMS_OF_A_SHIFT as usize)),
            Some(lean) if self.vigilance.is_alarming(shift) => Some((lean.direction, lean.values)),
            _ => None,
        };
        self.vigilance.learn(is_alarm || shifted.is_some());
        let was_constant = self.least == self.most;
        self.least = self.least.min(value);
        self.most = self.most.max(value);
        if self.outage.probability() < OUTAGE_TAKEN {
            self.level.learn(position, clipped, size);
        }

        let p_value = point.min(shift).min(1.0);
        let verdict = Verdict { score: self.vigilance.score(p_value), p_value, ..Verdict::undecided(None) };
        if let Some((direction, values)) = shifted {
            self.take_new_level(values);
            let run_length = values as u32;
            let kind = if values < SLOW_FROM { AnomalyKind::LevelShift } else { AnomalyKind::Drift };
            return Verdict { kind: Some(kind), direction: Some(direction), run_length, ..verdict };
        }
        self.learn_sums();
        let kind = match side {
            _ if !is_alarm => return verdict,
            _ if was_constant => AnomalyKind::NewExtreme,
            Direction::Above => AnomalyKind::Spike,
            Direction::Below => AnomalyKind::Drop,
        };
        Verdict { kind: Some(kind), direction: Some(side), ..verdict }
    }

    /// The tails of a sum, where the level may also be the one before the last shift.
    fn tails(&self, span: &Span, sum: f64, mean: f64, certainty: f64) -> Tails {
        let now = span.tails(sum, mean, certainty);
        let Some(before) = &self.before_shift else { return now };
        let then = span.tails(sum, mean * self.ratio(before), before.certainty);
        let mixed = |now: f64, then: f64| now + before.chance * (then - now);
        Tails { at_most: mixed(now.at_most, then.at_most), at_least: mixed(now.at_least, then.at_least) }
    }

    fn strangest_sum(&self) -> Option<Lean> {
        let mut strangest: Option<Lean> = None;
        for (span, sum, mean, certainty) in self.sums().skip(1) {
            // Next to nothing is never strange where little is expected.
            if (sum - mean).abs() < USUAL * span.deviation(sum, mean) || (sum < mean && mean < 2.0) {
                continue;
            }
            let tails = self.tails(span, sum, mean, certainty);
            let direction = if tails.at_least <= tails.at_most { Direction::Above } else { Direction::Below };
            let probability = (2.0 * tails.at_least.min(tails.at_most)).min(1.0);
            if strangest.as_ref().is_none_or(|known| probability < known.probability) {
                strangest = Some(Lean { direction, values: span.values, probability });
            }
        }
        strangest
    }

    /// Each span for which enough values are known: its sum, the mean expected before it began, and the units that
    /// this expectation rested on.
    fn sums(&self) -> impl Iterator<Item = (&Span, f64, f64, f64)> {
        let (mut units, mut factors, mut taken) = (0.0, 0.0, 0);
        self.spans.iter().map_while(move |span| {
            while taken < span.values {
                taken += 1;
                let seen = self.recent.get(self.recent.len().checked_sub(taken)?)?;
                units += seen.count;
                factors += seen.factor;
            }
            let before = self.recent[self.recent.len() - span.values].belief;
            Some((span, units, before.mean(span.values as f64, factors), before.certainty))
        })
    }

    fn learn_sums(&mut self) {
        let sums: Vec<(f64, f64, f64)> = self.sums().map(|(_, sum, mean, certainty)| (sum, mean, certainty)).collect();
        for (span, (sum, mean, certainty)) in self.spans.iter_mut().zip(sums) {
            span.learn(sum, mean, certainty, 1.0 - self.outage.probability());
        }
    }

    /// Learns whether the level before the last shift is back; takes it if so.
    fn is_back(&mut self, count: f64, mean: f64, size: f64) -> bool {
        let Some(before) = self.before_shift else { return false };
        let likely = |mean: f64| NegativeBinomial::new(mean, size).log_mass(count).exp().max(1e-9);
        let (then, now) = (before.chance * likely(mean * self.ratio(&before)), (1.0 - before.chance) * likely(mean));
        let chance = (then / (then + now)).clamp(RETURN_CHANCE, 1.0 - RETURN_CHANCE);
        let is_back = chance > RETURN_TAKEN;
        if is_back {
            self.level.relearn(before.certainty, before.certainty / before.level);
            self.recent.clear();
            // What was left was no usual level: going there again is news.
            self.before_shift = None;
        } else {
            self.before_shift = Some(Before { chance, age: before.age + 1, ..before });
        }
        self.before_shift = self.before_shift.filter(|before| before.age <= RETURN_WITHIN);
        is_back
    }

    /// The level before the last shift over the present one.
    fn ratio(&self, before: &Before) -> f64 {
        before.level / self.level.belief().mean(1.0, 1.0).max(1e-9)
    }

    /// The level moved within the last `values` values.
    fn take_new_level(&mut self, values: usize) {
        // A slow change: the level has followed it.
        if values < SLOW_FROM && values <= self.recent.len() {
            let last = self.recent.iter().rev().take(values);
            let (units, exposure) = last.fold((0.0, 0.0), |sum, seen| (sum.0 + seen.count, sum.1 + seen.factor));
            let before = self.recent[self.recent.len() - values].belief;
            self.level.relearn(units, exposure);
            let level = before.mean(1.0, 1.0);
            self.before_shift = Some(Before { level, certainty: before.certainty, chance: 0.3, age: 0 });
        }
        self.recent.clear();
        self.alarms.1 = 0;
    }
}

/// The least whole number from `start` on for which `is_beyond` holds; it holds for all larger ones.
fn search(start: f64, is_beyond: impl Fn(f64) -> bool) -> f64 {
    let mut step = 1.0;
    let mut inside = start;
    if is_beyond(inside) {
        return inside;
    }
    while !is_beyond(inside + step) && step < 1e12 {
        inside += step;
        step *= 2.0;
    }
    let mut beyond = inside + step;
    while beyond - inside > 1.0 {
        let middle = f64::midpoint(inside, beyond).floor();
        if is_beyond(middle) { beyond = middle } else { inside = middle }
    }
    beyond
}
