//! What models said at their latest run.

use super::{Count, Day, Flag, Instant, Number, Text, rows};

rows! {
    /// What is expected of one Sku, or of the whole shop, on one day (or in the week or month that begins on it).
    Forecast => ForecastRows {
        /// Whose future; `(all)` for the whole shop.
        sku: Text,
        /// What is forecast: `units`, or `net_revenue` in major units of the shop's currency.
        measure: Text,
        /// The day, or the first day of the step.
        day: Day,
        /// Length of the step: `day`, `week` or `month`.
        step: Text,
        /// When the forecast was made.
        made_at: Instant,
        /// Name of the model.
        model: Text,
        /// Conditional mean.
        mean: Number,
        /// Conditional median.
        median: Number,
        /// Lower end of the 80 % interval.
        lo_80: Number,
        /// Upper end of the 80 % interval.
        hi_80: Number,
        /// Lower end of the 95 % interval.
        lo_95: Number,
        /// Upper end of the 95 % interval.
        hi_95: Number,
        /// Mean of the sum from the first step to this one.
        sum_mean: Number,
        /// Lower end of the 80 % interval of that sum.
        sum_lo_80: Number,
        /// Upper end of the 80 % interval of that sum.
        sum_hi_80: Number,
        /// `ready`, or `not_enough_data` where the history is too short to be judged.
        status: Text,
        /// `smooth`, `erratic`, `intermittent`, `lumpy` or `new`.
        demand_class: Text,
        /// Mean absolute scaled error of the model on past origins.
        mase: Option<Number>,
        /// Weighted absolute percentage error of the model on past origins.
        wape: Option<Number>,
    }
}

rows! {
    /// How demand for one Sku answers to its price.
    Elasticity => ElasticityRows {
        /// Whose demand; `(all)` for the population.
        sku: Text,
        /// When it was estimated.
        made_at: Instant,
        /// Percent of demand per percent of price.
        elasticity: Number,
        /// Standard deviation of that belief.
        deviation: Number,
        /// Lower end of the 95 % interval.
        lo_95: Number,
        /// Upper end of the 95 % interval.
        hi_95: Number,
        /// Whether the observed prices tell it, rather than the other Skus alone.
        identified: Flag,
        /// Why, in words.
        reason: Text,
        /// Lowest price observed, major units.
        support_low: Option<Number>,
        /// Highest price observed, major units.
        support_high: Option<Number>,
        /// Observations used.
        observations: Count,
        /// Distinct prices among them.
        prices: Count,
    }
}
