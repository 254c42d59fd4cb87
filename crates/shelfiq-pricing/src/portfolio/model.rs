//! The portfolio as choices and rows of numbers.

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::{FamilyGap, Portfolio, PortfolioError, PortfolioLimit};
use crate::advice::{OptimizeOptions, PriceProblem};
use crate::error::PricingError;
use crate::guard_rails::Constraint;
use crate::ladder;
use crate::optimize::{climbed, open_window, stay_inside_support, to_f64};
use crate::value::PriceValue;

/// Rungs all ladders of a portfolio have together, about.
const RUNGS_TOTAL: usize = 24_000;
const RUNGS_MIN: usize = 40;
const RUNGS_MAX: usize = 120;

/// Shared limits there are.
pub(crate) const ROWS_MAX: usize = 6;

/// One price a Sku may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    pub(crate) price: Decimal,
    /// What it is worth, less what a change must at least bring.
    pub(crate) value: f64,
    units: f64,
    revenue: f64,
    margin: f64,
    is_change: bool,
    /// Share of the price index.
    index: f64,
    /// What it takes of each row, in the order of the rows; a fixed array, because large portfolios scan millions of them.
    pub(crate) takes: [f64; ROWS_MAX],
}

impl Choice {
    pub(crate) const fn is_change(&self) -> bool {
        self.is_change
    }
}

/// A shared limit as `Σ takes ≤ capacity`, scaled so that the choices range over about one.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) limit: PortfolioLimit,
    pub(crate) capacity: f64,
    /// What the limit asks for, and what turns `takes` back into its unit.
    required: f64,
    unit: f64,
}

#[derive(Debug, Clone)]
pub(crate) struct Model {
    /// The ladder of each Sku, ascending.
    pub(crate) choices: Vec<Vec<Choice>>,
    pub(crate) rows: Vec<Row>,
    /// Skus joined by gaps, each family ascending; a Sku without gaps is a family of its own.
    pub(crate) families: Vec<Vec<usize>>,
    gaps: Vec<FamilyGap>,
    /// What a change must at least bring: taken off the value of every change, so that the search weighs it as a cost.
    gain_min: f64,
    /// Gaps of each Sku, by place.
    gaps_of: Vec<Vec<usize>>,
}

/// Sums over all Skus.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Totals {
    pub(crate) units: f64,
    pub(crate) revenue: f64,
    pub(crate) margin: f64,
    pub(crate) changes: usize,
    pub(crate) price_index: f64,
}

/// Prices that respect everything.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) choice: Vec<usize>,
    pub(crate) value: f64,
}

/// Rounding of sums.
pub(crate) const SLACK: f64 = 1e-9;

impl Model {
    pub(crate) fn of(portfolio: &Portfolio, options: &OptimizeOptions) -> Result<Self, PortfolioError> {
        let count = portfolio.problems.len();
        for gap in &portfolio.gaps {
            if gap.lower == gap.upper || gap.lower.max(gap.upper) >= count {
                return Err(PortfolioError::StrangeGap { lower: gap.lower, upper: gap.upper, count });
            }
        }
        let rungs = (RUNGS_TOTAL / count.max(1)).clamp(RUNGS_MIN, RUNGS_MAX);
        let weight = |problem: &PriceProblem| {
            let price = to_f64(problem.current_price);
            price * problem.demand.expected_quantity(price)
        };
        let weights: f64 = portfolio.problems.iter().map(weight).sum();
        let choices = portfolio
            .problems
            .par_iter()
            .enumerate()
            .map(|(index, problem)| {
                let share = if weights > 0.0 { weight(problem) / weights } else { 1.0 / count as f64 };
                ladder_of(problem, share, rungs, options).map_err(|source| PortfolioError::Sku { index, source })
            })
            .collect::<Result<Vec<_>, _>>()?;
        let mut gaps_of = vec![Vec::new(); count];
        for (place, gap) in portfolio.gaps.iter().enumerate() {
            gaps_of[gap.lower].push(place);
            gaps_of[gap.upper].push(place);
        }
        let families = families(count, &portfolio.gaps);
        let mut model = Self {
            choices,
            rows: Vec::new(),
            families,
            gaps: portfolio.gaps.clone(),
            gain_min: options.gain_min,
            gaps_of,
        };
        model.add_rows(portfolio);
        Ok(model)
    }

    fn add_rows(&mut self, portfolio: &Portfolio) {
        let limits = &portfolio.limits;
        type Takes = fn(&Choice) -> f64;
        let asked: [(PortfolioLimit, Option<f64>, f64, Takes); ROWS_MAX] = [
            (PortfolioLimit::MarginMin, limits.margin_min, -1.0, |choice| choice.margin),
            (PortfolioLimit::RevenueMin, limits.revenue_min, -1.0, |choice| choice.revenue),
            (PortfolioLimit::UnitsMin, limits.units_min, -1.0, |choice| choice.units),
            (PortfolioLimit::ChangesMax, limits.changes_max.map(|count| count as f64), 1.0, |choice| {
                f64::from(u8::from(choice.is_change))
            }),
            (PortfolioLimit::PriceIndexMin, limits.price_index_min, -1.0, |choice| choice.index),
            (PortfolioLimit::PriceIndexMax, limits.price_index_max, 1.0, |choice| choice.index),
        ];
        for (limit, required, sign, takes) in asked {
            let Some(required) = required else { continue };
            let ends = |ladder: &Vec<Choice>| {
                let all = || ladder.iter().map(takes);
                all().fold(f64::NEG_INFINITY, f64::max) - all().fold(f64::INFINITY, f64::min)
            };
            let range: f64 = self.choices.iter().map(ends).sum();
            let unit = if range > 0.0 { sign * range } else { sign };
            for choice in self.choices.iter_mut().flatten() {
                let taken = takes(choice) / unit;
                choice.takes[self.rows.len()] = taken;
            }
            self.rows.push(Row { limit, capacity: required / unit, required, unit });
        }
    }

    /// The first limit that is out of reach though every Sku did its most for it.
    pub(crate) fn check_reach(&self) -> Result<(), PortfolioError> {
        for (place, row) in self.rows.iter().enumerate() {
            let least: f64 = self.choices.iter().map(|ladder| least_taken(ladder, place)).sum();
            if least > row.capacity + SLACK {
                let (limit, required, reachable) = (row.limit, row.required, least * row.unit);
                return Err(PortfolioError::OutOfReach { limit, required, reachable });
            }
        }
        Ok(())
    }

    /// Whether the choice of `sku` keeps its gaps to those Skus for which `other` knows a choice.
    pub(crate) fn keeps_gaps(&self, sku: usize, chosen: usize, other: impl Fn(usize) -> Option<usize>) -> bool {
        self.gaps_of[sku].iter().all(|&place| {
            let gap = self.gaps[place];
            let partner = if gap.lower == sku { gap.upper } else { gap.lower };
            let Some(partners) = other(partner) else { return true };
            let (ours, theirs) = (self.choices[sku][chosen].price, self.choices[partner][partners].price);
            let (lower, upper) = if gap.lower == sku { (ours, theirs) } else { (theirs, ours) };
            let above = |share: Decimal| lower.checked_mul(Decimal::ONE + share).unwrap_or(Decimal::MAX);
            upper >= above(gap.least.proportion()) && gap.most.is_none_or(|most| upper <= above(most.proportion()))
        })
    }

    /// What all choices take of each row.
    pub(crate) fn taken(&self, choice: &[usize]) -> Vec<f64> {
        let sum = |row: usize| choice.iter().zip(&self.choices).map(|(&k, ladder)| ladder[k].takes[row]).sum();
        (0..self.rows.len()).map(sum).collect()
    }

    pub(crate) fn value(&self, choice: &[usize]) -> f64 {
        choice.iter().zip(&self.choices).map(|(&k, ladder)| ladder[k].value).sum()
    }

    /// By how much the rows are exceeded together.
    pub(crate) fn excess(&self, taken: &[f64]) -> f64 {
        taken.iter().zip(&self.rows).map(|(taken, row)| (taken - row.capacity - SLACK).max(0.0)).sum()
    }

    pub(crate) fn totals(&self, choice: &[usize]) -> Totals {
        let chosen = || choice.iter().zip(&self.choices).map(|(&k, ladder)| &ladder[k]);
        Totals {
            units: chosen().map(|choice| choice.units).sum(),
            revenue: chosen().map(|choice| choice.revenue).sum(),
            margin: chosen().map(|choice| choice.margin).sum(),
            changes: chosen().filter(|choice| choice.is_change).count(),
            price_index: chosen().map(|choice| choice.index).sum(),
        }
    }

    /// The price index if every Sku took its lowest price.
    pub(crate) fn lowest_index(&self) -> f64 {
        let least = |ladder: &Vec<Choice>| ladder.iter().map(|choice| choice.index).fold(f64::INFINITY, f64::min);
        self.choices.iter().map(least).sum()
    }

    /// The best choice of each Sku alone.
    pub(crate) fn free_choice(&self) -> Vec<usize> {
        self.choices.iter().map(|ladder| best_by(ladder, |choice| choice.value)).collect()
    }

    /// What the least gains of all changes come to: the worth of the choices is their value and this.
    pub(crate) fn least_gains(&self, choice: &[usize]) -> f64 {
        self.gain_min * self.totals(choice).changes as f64
    }

    /// The best price of `sku` alone if that of today is as good as any only because a change must bring a least gain.
    pub(crate) fn better_but_too_small(&self, sku: usize, today: usize) -> Option<Decimal> {
        let ladder = &self.choices[sku];
        let worth = |choice: &Choice| choice.value + if choice.is_change { self.gain_min } else { 0.0 };
        let best = best_by(ladder, worth);
        (worth(&ladder[best]) > worth(&ladder[today])).then_some(ladder[best].price)
    }

    /// What keeps `sku` from its own best: a gap to the price of a relative, or else a shared limit.
    pub(crate) fn held_by(&self, sku: usize, free: usize, choice: &[usize]) -> Constraint {
        if self.keeps_gaps(sku, free, |other| Some(choice[other])) {
            Constraint::Portfolio
        } else {
            Constraint::FamilyGap
        }
    }

    /// Rows that have a price and are used up as far as one choice can tell.
    pub(crate) fn binding(&self, found: &Found, prices: &[f64]) -> Vec<PortfolioLimit> {
        let scale = found.value.abs().max(1.0);
        let rows = self.rows.iter().zip(prices).filter(|&(_, &price)| price > 1e-9 * scale);
        rows.map(|(row, _)| row.limit).collect()
    }
}

/// Place of the first of the highest.
pub(crate) fn best_by(ladder: &[Choice], score: impl Fn(&Choice) -> f64) -> usize {
    let mut best = (0, f64::NEG_INFINITY);
    for (place, choice) in ladder.iter().enumerate() {
        let score = score(choice);
        // A price that stays wins a tie.
        if score > best.1 || (score == best.1 && !choice.is_change) {
            best = (place, score);
        }
    }
    best.0
}

pub(crate) fn least_taken(ladder: &[Choice], row: usize) -> f64 {
    ladder.iter().map(|choice| choice.takes[row]).fold(f64::INFINITY, f64::min)
}

fn ladder_of(
    problem: &PriceProblem,
    index_share: f64,
    count: usize,
    options: &OptimizeOptions,
) -> Result<Vec<Choice>, PricingError> {
    let mut window = open_window(problem, options)?;
    let broken = problem.guard_rails.check(problem.current_price, &problem.context()).first().map(|v| v.constraint);
    if broken.is_none() {
        stay_inside_support(&mut window, problem, options);
    }
    let value = PriceValue::of(problem, options.risk);
    let (Some(lo), Some(hi)) = (window.lo, window.hi) else { return Ok(Vec::new()) };
    let rungs = climbed(problem, lo.price, hi.price, &value);
    let best = rungs.iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|&(price, _)| price);
    let mut prices = ladder::thinned(rungs.into_iter().map(|(price, _)| price).collect(), count);
    prices.extend(best);
    if broken.is_none() {
        prices.push(problem.current_price);
    }
    prices.sort();
    prices.dedup();
    if let (true, Some(broken)) = (prices.is_empty(), broken) {
        return Err(PricingError::NoPrintablePrice { broken });
    }
    let cost = problem.unit_cost.map(to_f64);
    let today = to_f64(problem.current_price);
    Ok(prices
        .into_iter()
        .map(|price| {
            let amount = to_f64(price);
            let units = problem.demand.quantity(amount, problem.stock_units, 0.5).expected;
            let is_change = price != problem.current_price;
            Choice {
                price,
                value: value.worth(amount) - if is_change { options.gain_min } else { 0.0 },
                units,
                revenue: amount * units,
                margin: cost.map_or(0.0, |cost| (amount - cost) * units),
                is_change,
                index: index_share * amount / today,
                takes: [0.0; ROWS_MAX],
            }
        })
        .collect())
}

/// Skus connected by gaps.
fn families(count: usize, gaps: &[FamilyGap]) -> Vec<Vec<usize>> {
    let mut head: Vec<usize> = (0..count).collect();
    fn root(head: &[usize], mut sku: usize) -> usize {
        while head[sku] != sku {
            sku = head[sku];
        }
        sku
    }
    for gap in gaps {
        let (a, b) = (root(&head, gap.lower), root(&head, gap.upper));
        head[a.max(b)] = a.min(b);
    }
    let mut families: Vec<Vec<usize>> = vec![Vec::new(); count];
    for sku in 0..count {
        families[root(&head, sku)].push(sku);
    }
    families.retain(|family| !family.is_empty());
    families
}
