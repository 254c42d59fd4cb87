//! Boosted trees over all series: what a period ahead will be, as a multiple of the level at the origin.

use serde::{Deserialize, Serialize};
use shelfiq_boost::{BoostOptions, Booster, Objective, Rows};

use super::columns::Columns;
use super::profile::Profile;
use super::{GlobalLearner, Learnt, Member, has_calendar};
use crate::dice::Dice;

/// Trees on lags, seasons, calendar, categories and known regressors; one model for all steps ahead.
pub(crate) struct Trees;

/// Series below which they have too little in common to learn.
const MEMBERS_MIN: usize = 8;
/// Rows of the table at most: more make training slower and hardly better.
const ROWS_MAX: usize = 40_000;
const TREES: usize = 100;
const LEARNING_RATE: f64 = 0.08;
const LEAF_ROWS_MIN: usize = 60;
const LEAVES_MAX: usize = 20;
/// Bins of a column: finer cuts cost time and teach nothing here.
const BINS_MAX: usize = 63;
const TWEEDIE_POWER: f64 = 1.3;
const SEED: u64 = 1;
/// Rows drawn per period known, of panels whose series mostly sell in every period. Several views of one outcome show
/// how it depends on the step.
const VIEWS: usize = 3;
/// Rows below which trees only remember.
const ROWS_MIN: usize = 400;
/// Periods known at the earliest origin learnt from.
const FIRST_ORIGIN: usize = 4;
/// Multiples of the level beyond which targets are cut: one flood must not teach floods.
const TARGET_MAX: f64 = 100.0;

impl GlobalLearner for Trees {
    fn name(&self) -> &'static str {
        "trees"
    }

    fn typical_loss(&self) -> f64 {
        1.0
    }

    fn learn(&self, members: &[Member<'_>], now: i64, horizon: usize, _: Option<&Learnt>) -> Option<Learnt> {
        let members: Vec<Member<'_>> = members.iter().copied().filter(|member| member.history.is_nonnegative).collect();
        if members.len() < MEMBERS_MIN {
            return None;
        }
        let columns = Columns::of(&members, horizon);
        if columns.regressors.is_empty() && !members.iter().all(has_calendar) {
            return None;
        }
        let table = Table::draw(&members, &columns, now, horizon)?;
        let slices: Vec<&[f64]> = table.columns.iter().map(Vec::as_slice).collect();
        let rows = Rows { columns: &slices, target: &table.target, weights: Some(&table.weights) };
        let options = BoostOptions {
            trees: TREES,
            learning_rate: LEARNING_RATE,
            leaf_rows_min: LEAF_ROWS_MIN,
            leaves_max: LEAVES_MAX,
            bins_max: BINS_MAX,
            l2: 1.0,
            column_share: 0.7,
            row_share: 0.8,
            monotone: columns.monotone(),
            seed: SEED,
            ..BoostOptions::new(objective(&members))
        };
        let booster = Booster::train(&rows, None, &options).ok()?;
        Some(Learnt::Trees(Taught { columns, booster, horizon }))
    }
}

/// Effects multiply and zeros are allowed. Where most series are sparse, what is expected must above all add up to what
/// happens; else amounts vary more than counts do.
fn objective(members: &[Member<'_>]) -> Objective {
    if 2 * sparse(members) > members.len() { Objective::Poisson } else { Objective::Tweedie { power: TWEEDIE_POWER } }
}

fn sparse(members: &[Member<'_>]) -> usize {
    members.iter().filter(|member| member.history.class.is_sparse()).count()
}

/// What is learnt from.
struct Table {
    columns: Vec<Vec<f64>>,
    target: Vec<f64>,
    weights: Vec<f64>,
}

impl Table {
    /// Draws origins and steps of which the outcome was known at `now`; the longer a series, the more of them. Of
    /// sparse panels there are at most as many as periods: several views of one rare sale would pass for several sales.
    fn draw(members: &[Member<'_>], columns: &Columns, now: i64, horizon: usize) -> Option<Self> {
        let known: Vec<usize> = members.iter().map(|member| member.known_at(now)).collect();
        let periods: usize = known.iter().map(|known| known.saturating_sub(FIRST_ORIGIN)).sum();
        let views = if 2 * sparse(members) > members.len() { 1 } else { VIEWS.min(horizon) };
        let wanted = (periods * views).min(ROWS_MAX);
        if wanted < ROWS_MIN {
            return None;
        }
        let per_period = wanted as f64 / periods as f64;
        let mut table = Self { columns: vec![Vec::new(); columns.width()], target: Vec::new(), weights: Vec::new() };
        let mut row = Vec::with_capacity(columns.width());
        for (index, (member, known)) in
            members.iter().zip(known).enumerate().filter(|(_, (_, known))| *known > FIRST_ORIGIN)
        {
            let profile = Profile::new(*member, columns, horizon);
            let mut dice = Dice::new(index as u64);
            let expected = (known - FIRST_ORIGIN) as f64 * per_period;
            let count = expected as usize + usize::from(dice.unit() < expected.fract());
            for _ in 0..count {
                let end = FIRST_ORIGIN + dice.below(known - FIRST_ORIGIN);
                let step = 1 + dice.below(horizon.min(known - end));
                let level = profile.level(end);
                let target = end + step - 1;
                if level <= 0.0 || !member.history.seen[target] {
                    continue;
                }
                row.clear();
                profile.describe(end, step, &mut row);
                table.columns.iter_mut().zip(&row).for_each(|(column, value)| column.push(*value));
                table.target.push((member.history.values[target] / level).min(TARGET_MAX));
                // Targets are shares of the level; large series count more, though not in proportion.
                table.weights.push(level.sqrt());
            }
        }
        let mean = table.weights.iter().sum::<f64>() / table.weights.len().max(1) as f64;
        table.weights.iter_mut().for_each(|weight| *weight /= mean);
        (table.target.len() >= ROWS_MIN).then_some(table)
    }
}

/// Trained trees.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Taught {
    columns: Columns,
    booster: Booster,
    horizon: usize,
}

impl Taught {
    /// Whether the trees know these columns.
    pub(super) fn is_whole(&self) -> bool {
        self.booster.columns() == self.columns.width()
    }

    /// See [`Answers`](super::Answers).
    pub(super) fn forecast(&self, member: &Member<'_>, end: usize, steps: usize) -> Option<Vec<f64>> {
        if !member.history.is_nonnegative || end == 0 {
            return None;
        }
        let profile = Profile::new(*member, &self.columns, self.horizon.max(steps));
        let level = profile.level(end);
        if level <= 0.0 {
            return Some(vec![0.0; steps]);
        }
        let mut rows = Vec::with_capacity(steps * self.columns.width());
        (1..=steps).for_each(|step| profile.describe(end, step, &mut rows));
        Some(self.booster.predict_rows(&rows).into_iter().map(|share| (share * level).max(0.0)).collect())
    }
}
