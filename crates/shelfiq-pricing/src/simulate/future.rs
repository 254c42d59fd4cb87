//! One possible future, and how a plan fares in it.

use super::chance::{Stream, normal_at, uniform_at};
use super::day_demand::DayDemand;
use super::outlook::Outlook;
use super::plan::{DayPlan, Plan, Promotion};
use super::summary::Future;
use crate::demand::{EXTRAPOLATION_SLOPE_SD, ElasticityBelief};
use crate::optimize::to_f64;

/// What does not depend on the draw: the expectation, and the plan it was made for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct World<'a> {
    pub(crate) outlook: &'a Outlook,
    pub(crate) baseline: &'a Plan,
}

/// What one draw decides. Deviations are in standard deviations.
#[derive(Debug, Clone)]
pub(crate) struct Fate {
    elasticity: f64,
    /// Of the slope below and above the prices tried.
    slope: [f64; 2],
    promotion: f64,
    rival: f64,
    reaction: f64,
    /// Factor on the demand of every day.
    level: f64,
    /// Quantile of each day's demand.
    luck: Vec<f64>,
}

impl World<'_> {
    pub(crate) fn fate(&self, seed: u64, draw: u32) -> Fate {
        let at = |stream| normal_at(seed, draw, stream);
        let log_sd = self.outlook.level_log_sd;
        Fate {
            elasticity: at(Stream::Elasticity),
            slope: [at(Stream::SlopeBelow), at(Stream::SlopeAbove)],
            promotion: at(Stream::Promotion),
            rival: at(Stream::Rival),
            reaction: at(Stream::Reaction),
            level: (log_sd * at(Stream::Level) - 0.5 * log_sd * log_sd).exp(),
            luck: (0..self.outlook.days.len()).map(|day| uniform_at(seed, draw, Stream::Day(day))).collect(),
        }
    }

    /// Sells day by day: what is asked for, as far as there is stock.
    pub(crate) fn live(&self, plan: &Plan, fate: &Fate) -> Future {
        let cost = plan.unit_cost.map(to_f64);
        let mut stock = plan.stock_units.unwrap_or(f64::INFINITY);
        let mut future =
            Future { units: 0.0, lost_units: 0.0, revenue: 0.0, margin: cost.map(|_| 0.0), stock_out_day: None };
        for (index, (day, before)) in plan.days.iter().zip(&self.baseline.days).enumerate() {
            stock += day.delivered_units;
            let outlook = self.outlook.days[index];
            let asked = DayDemand { mean: outlook.mean_units, sd: outlook.sd_units }
                .units(fate.level * self.response(before, day, fate), fate.luck[index]);
            let sold = asked.min(stock);
            stock -= sold;
            if asked > sold {
                future.stock_out_day.get_or_insert(index);
            }
            let price = day.amount();
            future.units += sold;
            future.lost_units += asked - sold;
            future.revenue += price * sold;
            if let (Some(margin), Some(cost)) = (&mut future.margin, cost) {
                *margin += (price - cost) * sold;
            }
        }
        future
    }

    /// Factor on a day's demand because its plan differs from the one that the outlook was made for; exactly 1 if it does not.
    ///
    /// Mean preserving in every belief, as [`crate::DemandModel`] is: doubt widens the answer and does not flatter it.
    fn response(&self, before: &DayPlan, after: &DayPlan, fate: &Fate) -> f64 {
        let mut log = 0.0;
        let mut add = |deviation: f64, mean: f64, sd: f64| log += mean + sd * deviation - 0.5 * sd * sd;
        let (old, new) = (before.amount(), after.amount());
        if old != new {
            let change = (new / old).ln();
            let own = self.outlook.elasticity;
            // A plan that supposes what the rival asks leaves it no answer.
            let is_free = after.rival_price.is_some() && after.rival_price == before.rival_price;
            let by_rival = if is_free { self.outlook.elasticity_by_rival() } else { ElasticityBelief::NONE };
            add(fate.elasticity, (own.mean + by_rival.mean).min(0.0) * change, own.sd * change);
            add(fate.reaction, 0.0, by_rival.sd * change);
            if let Some(support) = self.outlook.support {
                let beyond = |price: f64| [(price / support.min).ln().min(0.0), (price / support.max).ln().max(0.0)];
                for (deviation, (old, new)) in fate.slope.into_iter().zip(beyond(old).into_iter().zip(beyond(new))) {
                    add(deviation, 0.0, EXTRAPOLATION_SLOPE_SD * (new - old));
                }
            }
        }
        let mut shift = |belief: Option<ElasticityBelief>, deviation: f64, by: f64| {
            if let Some(belief) = belief.filter(|_| by != 0.0) {
                add(deviation, belief.mean * by, belief.sd * by);
            }
        };
        let promoted = |day: &DayPlan| f64::from(u8::from(day.promotion == Promotion::Promoted));
        shift(self.outlook.promotion, fate.promotion, promoted(after) - promoted(before));
        if let (Some(old), Some(new)) = (before.rival_amount(), after.rival_amount()) {
            shift(self.outlook.rival_elasticity, fate.rival, (new / old).ln());
        }
        log.exp()
    }
}
