//! What many futures say together.

use serde::{Deserialize, Serialize};

/// How one plan fared in one possible future. The futures of a simulation are the joint distribution.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Future {
    /// Units sold.
    pub units: f64,
    /// Units asked for that were not there.
    pub lost_units: f64,
    /// Sum of price times units, major units.
    pub revenue: f64,
    /// Sum of price less cost, times units, major units; `None` without a cost.
    pub margin: Option<f64>,
    /// First day, from 0, on which not everything asked for was there.
    pub stock_out_day: Option<usize>,
}

/// The distribution of one amount over the futures.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Middle value.
    pub median: f64,
    /// Lower end of the interval.
    pub lo: f64,
    /// Upper end of the interval.
    pub hi: f64,
}

/// When stock runs out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockOut {
    /// Probability that it runs out within the horizon.
    pub probability: f64,
    /// Probability that it has run out by the end of each day; one entry a day.
    pub by_day: Vec<f64>,
    /// First day by which it has more likely than not; `None` if it stays unlikely.
    pub likely_day: Option<usize>,
}

/// How a plan fares.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanOutcome {
    /// Units sold.
    pub units: Spread,
    /// Units asked for that were not there.
    pub lost_units: Spread,
    /// Revenue, major units.
    pub revenue: Spread,
    /// Margin, major units; `None` without a cost.
    pub margin: Option<Spread>,
    /// Stock-outs.
    pub stock_out: StockOut,
    /// Every future, in the order of the draws.
    pub futures: Vec<Future>,
}

/// What another plan changes, future by future.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Difference {
    /// Units sold.
    pub units: Spread,
    /// Revenue, major units.
    pub revenue: Spread,
    /// Margin, major units; `None` unless both plans have a cost.
    pub margin: Option<Spread>,
    /// Share of the futures in which the margin (without a cost: the revenue) is higher.
    pub probability_better: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>, level: f64) -> Self {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * (values.len() - 1) as f64;
            let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
            below + (above - below) * place.fract()
        };
        Self { mean, median: at(0.5), lo: at(0.5 - 0.5 * level), hi: at(0.5 + 0.5 * level) }
    }
}

impl PlanOutcome {
    pub(crate) fn of(futures: Vec<Future>, day_count: usize, level: f64) -> Self {
        let spread = |of: fn(&Future) -> f64| Spread::of(futures.iter().map(of).collect(), level);
        Self {
            units: spread(|future| future.units),
            lost_units: spread(|future| future.lost_units),
            revenue: spread(|future| future.revenue),
            margin: margins(&futures).map(|margins| Spread::of(margins, level)),
            stock_out: StockOut::of(&futures, day_count),
            futures,
        }
    }
}

impl StockOut {
    fn of(futures: &[Future], day_count: usize) -> Self {
        let mut by_day = vec![0.0; day_count];
        for day in futures.iter().filter_map(|future| future.stock_out_day) {
            by_day[day] += 1.0;
        }
        let mut so_far = 0.0;
        for share in &mut by_day {
            so_far += *share;
            *share = so_far / futures.len() as f64;
        }
        Self {
            probability: by_day.last().copied().unwrap_or(0.0),
            likely_day: by_day.iter().position(|&share| share > 0.5),
            by_day,
        }
    }
}

impl Difference {
    pub(crate) fn between(before: &[Future], after: &[Future], level: f64) -> Self {
        let changes = |of: fn(&Future) -> f64| -> Vec<f64> {
            before.iter().zip(after).map(|(before, after)| of(after) - of(before)).collect()
        };
        let revenue = changes(|future| future.revenue);
        let margin = margins(before).zip(margins(after)).map(|(before, after)| {
            after.into_iter().zip(before).map(|(after, before)| after - before).collect::<Vec<f64>>()
        });
        let decisive = margin.as_ref().unwrap_or(&revenue);
        Self {
            probability_better: decisive.iter().filter(|&&change| change > 0.0).count() as f64 / before.len() as f64,
            units: Spread::of(changes(|future| future.units), level),
            revenue: Spread::of(revenue, level),
            margin: margin.map(|margin| Spread::of(margin, level)),
        }
    }
}

/// The margins of all futures, if they have one.
fn margins(futures: &[Future]) -> Option<Vec<f64>> {
    futures.iter().map(|future| future.margin).collect()
}
