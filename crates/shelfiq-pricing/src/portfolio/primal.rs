//! From a choice that breaks limits to one that breaks none, and from there uphill.

use super::model::{Found, Model, SLACK};

/// Moves looked at to mend one choice. One that needs more is too far from the limits; a later step of the dual is closer.
const MOVES_MAX: usize = 8_000_000;

/// Rounds of improvement; later ones gain next to nothing.
const ROUNDS_MAX: usize = 20;

/// A choice to begin with: today's prices, if they are legal and respect the shared limits.
pub(crate) fn start(model: &Model) -> Option<Vec<usize>> {
    let choice: Vec<usize> =
        model.choices.iter().map(|ladder| ladder.iter().position(|c| !c.is_change()).unwrap_or(0)).collect();
    (model.excess(&model.taken(&choice)) <= 0.0).then_some(choice)
}

/// Mends the choice greedily (least value lost for each bit of excess), then improves it Sku by Sku; `None` if it cannot be
/// mended. The gaps hold before and after.
pub(crate) fn polish(model: &Model, mut choice: Vec<usize>) -> Option<Found> {
    if !keeps_all_gaps(model, &choice) {
        return None;
    }
    let mut taken = model.taken(&choice);
    let moves: usize = model.choices.iter().map(Vec::len).sum();
    let mends_max = (MOVES_MAX / moves.max(1)).clamp(15, 300);
    let mut mends = 0;
    while model.excess(&taken) > 0.0 {
        mends += 1;
        if mends > mends_max {
            return None;
        }
        let (sku, to) = cheapest_mend(model, &choice, &taken)?;
        move_to(model, &mut choice, &mut taken, sku, to);
    }
    let mut rounds = 0;
    while rounds < ROUNDS_MAX && improve(model, &mut choice, &mut taken) {
        rounds += 1;
    }
    Some(Found { value: model.value(&choice), choice })
}

fn cheapest_mend(model: &Model, choice: &[usize], taken: &[f64]) -> Option<(usize, usize)> {
    let excess = model.excess(taken);
    let mut best: Option<(f64, f64, usize, usize)> = None;
    for (sku, ladder) in model.choices.iter().enumerate() {
        let now = &ladder[choice[sku]];
        for (to, then) in ladder.iter().enumerate() {
            let after = after_move(model, taken, &now.takes, &then.takes);
            let mended = excess - after;
            if mended <= 1e-15 {
                continue;
            }
            let price = (now.value - then.value).max(0.0) / mended;
            if best.is_none_or(|(least, ..)| price < least) && model.keeps_gaps(sku, to, |other| Some(choice[other])) {
                best = Some((price, mended, sku, to));
            }
        }
    }
    best.map(|(.., sku, to)| (sku, to))
}

/// One round over all Skus; whether anything got better.
fn improve(model: &Model, choice: &mut [usize], taken: &mut [f64]) -> bool {
    let mut is_better = false;
    for sku in 0..choice.len() {
        let ladder = &model.choices[sku];
        let now = &ladder[choice[sku]];
        let better = (0..ladder.len())
            .filter(|&to| ladder[to].value > now.value + SLACK * now.value.abs())
            .filter(|&to| after_move(model, taken, &now.takes, &ladder[to].takes) <= 0.0)
            .filter(|&to| model.keeps_gaps(sku, to, |other| Some(choice[other])))
            .max_by(|&a, &b| ladder[a].value.total_cmp(&ladder[b].value));
        if let Some(to) = better {
            move_to(model, choice, taken, sku, to);
            is_better = true;
        }
    }
    is_better
}

/// Excess once one Sku takes `then` instead of `now`.
fn after_move(model: &Model, taken: &[f64], now: &[f64], then: &[f64]) -> f64 {
    let rows = taken.iter().zip(&model.rows).zip(now.iter().zip(then));
    rows.map(|((taken, row), (now, then))| (taken - now + then - row.capacity - SLACK).max(0.0)).sum()
}

fn move_to(model: &Model, choice: &mut [usize], taken: &mut [f64], sku: usize, to: usize) {
    let (now, then) = (&model.choices[sku][choice[sku]], &model.choices[sku][to]);
    for (row, taken) in taken.iter_mut().enumerate() {
        *taken += then.takes[row] - now.takes[row];
    }
    choice[sku] = to;
}

fn keeps_all_gaps(model: &Model, choice: &[usize]) -> bool {
    (0..choice.len()).all(|sku| model.keeps_gaps(sku, choice[sku], |other| Some(choice[other])))
}
