//! Recipes: what a version of a model consists of, and the ones that come with the program.

use serde::{Deserialize, Serialize};
use shelfiq_forecast::Season;

use crate::brains::demand::HISTORY_DAYS_MAX;
use crate::brains::seasonal_naive::SEASONAL_NAIVE;

/// The recipe that serves where nobody chose another one.
pub(crate) const DEFAULT_DEMAND: &str = "ensemble";

/// How demand is forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct DemandRecipe {
    /// What forecasts.
    pub(crate) method: DemandMethod,
    /// Days of history that it looks at; older ones are left out.
    pub(crate) history_days_max: usize,
    /// Where the season comes from.
    pub(crate) season: Season,
    /// What it looks at besides sales.
    pub(crate) drivers: DemandDrivers,
}

/// What a forecast looks at besides sales.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DemandDrivers {
    /// The Sku's price and its promotions.
    PriceAndPromotions,
    /// Nothing.
    SalesOnly,
}

/// What forecasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DemandMethod {
    /// Every suitable model, weighed by what it missed at past origins.
    Ensemble,
    /// The same weekday of the last week.
    SeasonalNaive,
}

impl DemandRecipe {
    /// The recipes that come with the program, by name; the first one serves where nobody chose.
    pub(crate) fn built_in() -> [(&'static str, Self); 4] {
        let ensemble = Self {
            method: DemandMethod::Ensemble,
            history_days_max: HISTORY_DAYS_MAX,
            season: Season::Detect,
            drivers: DemandDrivers::PriceAndPromotions,
        };
        let one_year = Self { history_days_max: 365, ..ensemble.clone() };
        let sales_only = Self { drivers: DemandDrivers::SalesOnly, ..ensemble.clone() };
        let naive = Self { method: DemandMethod::SeasonalNaive, season: Season::Periods(7), ..ensemble.clone() };
        [
            (DEFAULT_DEMAND, ensemble),
            ("ensemble_one_year", one_year),
            ("ensemble_sales_only", sales_only),
            (SEASONAL_NAIVE, naive),
        ]
    }
}

impl Default for DemandRecipe {
    fn default() -> Self {
        let [(_, first), ..] = Self::built_in();
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipe_that_was_registered_before_a_part_was_known_reads_with_that_part_as_usual() {
        let old = serde_json::json!({ "method": "seasonal_naive", "history_days_max": 90 });
        let recipe: DemandRecipe = serde_json::from_value(old).unwrap();
        assert_eq!((recipe.method, recipe.history_days_max), (DemandMethod::SeasonalNaive, 90));
        assert_eq!(recipe.drivers, DemandRecipe::default().drivers);
    }
}
