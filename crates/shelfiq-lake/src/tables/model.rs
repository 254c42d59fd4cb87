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
        /// What made it: `ensemble` for several models weighed, else the name of the one.
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
    /// Units expected of the whole shop, a category or a store on one day. The means of Skus in `forecasts` add up to those of
    /// their category and of the shop, and so do the means of stores.
    GroupForecast => GroupForecastRows {
        /// `shop`, `category` or `store`.
        level: Text,
        /// The category or the store; `(all)` for the whole shop, `(none)` for Skus without a category.
        name: Text,
        /// The day.
        day: Day,
        /// When the forecast was made.
        made_at: Instant,
        /// Skus that are sold there.
        skus: Count,
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
        /// Mean of the sum from the first day to this one.
        sum_mean: Number,
        /// Lower end of the 80 % interval of that sum.
        sum_lo_80: Number,
        /// Upper end of the 80 % interval of that sum.
        sum_hi_80: Number,
        /// `ready`, or `not_enough_data` where the history is too short to be judged.
        status: Text,
    }
}

rows! {
    /// What a share of a Sku's forecast comes from. The parts of a Sku add up to the mean of its units over those days.
    ForecastPart => ForecastPartRows {
        /// Whose forecast.
        sku: Text,
        /// `level` (what a day has been worth of late), `trend`, `season`, or the name of what is not as usual: `price`,
        /// `promotion`, `season_of_year`, `holidays`.
        cause: Text,
        /// When the forecast was made.
        made_at: Instant,
        /// Days ahead that are summed.
        days: Count,
        /// Units that it adds, or takes away where below zero.
        amount: Number,
    }
}

rows! {
    /// What was expected of one Sku on one day, by a forecast of a past run.
    PastForecast => PastForecastRows {
        /// Last day of data that the forecast knew.
        origin: Day,
        /// `live`: made then, from what was known then. `replayed`: made later, from what is now known about the time up
        /// to the origin.
        basis: Text,
        /// Id of the model version that made it.
        version: Text,
        /// Whose demand.
        sku: Text,
        /// The day.
        day: Day,
        /// When it was made.
        made_at: Instant,
        /// `smooth`, `erratic`, `intermittent`, `lumpy` or `new`, as judged at the origin.
        demand_class: Text,
        /// Conditional mean, in units.
        mean: Number,
        /// Conditional median, in units.
        median: Number,
        /// Lower end of the 50 % interval.
        lo_50: Number,
        /// Upper end of the 50 % interval.
        hi_50: Number,
        /// Lower end of the 80 % interval.
        lo_80: Number,
        /// Upper end of the 80 % interval.
        hi_80: Number,
        /// Lower end of the 90 % interval.
        lo_90: Number,
        /// Upper end of the 90 % interval.
        hi_90: Number,
        /// Lower end of the 95 % interval.
        lo_95: Number,
        /// Upper end of the 95 % interval.
        hi_95: Number,
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

rows! {
    /// What something other than its own price does to the demand for one Sku.
    DemandEffect => DemandEffectRows {
        /// Whose demand.
        sku: Text,
        /// `promotion`: being on promotion beyond the lower price. `rival_price`: the price of the cheapest rival.
        /// `substitutes`: the prices of the merchant's own products nearest to it in its category. `rival_follows`: no effect, but
        /// percent of the cheapest rival's price for one percent of the own one, in the weeks after it changed.
        driver: Text,
        /// When it was estimated.
        made_at: Instant,
        /// Log of the factor by which demand rises while it lasts; for a price, percent of demand per percent of it.
        effect: Number,
        /// Standard deviation of that belief.
        deviation: Number,
    }
}
