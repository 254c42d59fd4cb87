//! Demand of categories, of the whole shop and of its stores: forecast on their own, then reconciled with the Skus'
//! forecasts, so that what is shown of a category is what its products add up to, and of the shop what its stores do.

use std::collections::BTreeMap;

use shelfiq_forecast::{Forecast, Hierarchy, Reliability, Series, add_up_to, reconcile};

use super::demand::{HISTORY_DAYS_MAX, daily_series};
use crate::facts::{Daily, ShopFacts, SkuFacts, StoreFacts};

/// Categories with a forecast of their own. Of more, the best selling ones; the rest still counts for the whole shop.
const CATEGORIES_MAX: usize = 200;
/// A name that no Sku has: codes hold no line breaks.
const WHOLE_SHOP: &str = "\nwhole shop";

/// Whose demand is summed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum DemandGroup {
    /// Everything.
    WholeShop,
    /// The Skus of a category; of `None`, those that have none.
    Category(Option<String>),
}

/// Expected units of several Skus together.
#[derive(Debug, Clone)]
pub(crate) struct GroupForecast {
    pub(crate) group: DemandGroup,
    /// Skus that add up to it.
    pub(crate) skus: usize,
    pub(crate) forecast: Forecast,
}

/// Expected units of a store.
#[derive(Debug, Clone)]
pub(crate) struct StoreForecast {
    pub(crate) store: String,
    /// Skus that are sold there.
    pub(crate) skus: usize,
    pub(crate) forecast: Forecast,
}

/// The forecasts of a shop on every level.
#[derive(Debug, Clone)]
pub(crate) struct ShopDemand {
    /// In the order of the shop's Skus.
    pub(crate) skus: Vec<Forecast>,
    /// The whole shop, then its categories by name. Their means are sums of the Skus' means.
    pub(crate) groups: Vec<GroupForecast>,
    /// The stores, whose means add up to that of the whole shop; empty where there is one alone.
    pub(crate) stores: Vec<StoreForecast>,
}

/// Whether Skus give way to what their sums are expected to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sway {
    /// All levels move, each as far as its own interval leaves it in doubt.
    Mutual,
    /// The Skus stay; the sums are whatever they add up to.
    SkusAlone,
}

impl ShopDemand {
    /// Reconciles forecasts of the Skus, in the order of `facts.skus`, with those of their sums, in the order of
    /// [`sum_series`].
    pub(crate) fn of(facts: &ShopFacts, skus: Vec<Forecast>, mut sums: Vec<Forecast>, sway: Sway) -> Self {
        let groups = groups(facts);
        let stores = listed_stores(facts).iter().zip(sums.split_off(groups.len()));
        let stores =
            stores.map(|(store, forecast)| StoreForecast { store: store.name.clone(), skus: store.skus, forecast });
        let groups = groups.into_iter().zip(sums);
        let groups = groups.map(|((group, members), forecast)| GroupForecast { group, skus: members.len(), forecast });
        Self { skus, groups: groups.collect(), stores: stores.collect() }.reconciled(facts, sway)
    }

    /// Forecasts of Skus whose sums nobody asks for.
    pub(crate) const fn of_skus(skus: Vec<Forecast>) -> Self {
        Self { skus, groups: Vec::new(), stores: Vec::new() }
    }

    /// The same with other forecasts of Skus, to which the sums are moved.
    pub(crate) fn with_skus(&self, facts: &ShopFacts, skus: Vec<Forecast>) -> Self {
        Self { skus, groups: self.groups.clone(), stores: self.stores.clone() }.reconciled(facts, Sway::SkusAlone)
    }

    /// Makes all levels add up: Skus, categories and the shop move together, then the stores follow the shop. Which store
    /// sells a Sku tomorrow nobody forecasts, so stores have no say about Skus.
    fn reconciled(self, facts: &ShopFacts, sway: Sway) -> Self {
        let mut demand = self.with_groups_reconciled(facts, sway);
        let known: Vec<Forecast> = demand.stores.iter().map(|store| store.forecast.clone()).collect();
        let whole = demand.groups.iter().find(|group| group.group == DemandGroup::WholeShop);
        match whole.map(|whole| add_up_to(&whole.forecast, &known)) {
            Some(Ok(moved)) => {
                demand.stores.iter_mut().zip(moved).for_each(|(store, forecast)| store.forecast = forecast);
            }
            // A store whose history is too young reaches less far; sums that do not fit are not shown.
            Some(Err(_)) | None => demand.stores.clear(),
        }
        demand
    }

    /// Makes Skus and groups add up. Skus of which nothing is known add nothing.
    fn with_groups_reconciled(mut self, facts: &ShopFacts, sway: Sway) -> Self {
        let horizon = self.groups.first().map_or(0, |whole| whole.forecast.steps.len());
        let leaves: Vec<usize> =
            (0..self.skus.len()).filter(|sku| horizon > 0 && self.skus[*sku].steps.len() == horizon).collect();
        let names: Vec<String> = leaves.iter().map(|sku| self.skus[*sku].id.clone()).collect();
        let of_group = |group: &GroupForecast| -> Vec<usize> {
            (0..leaves.len()).filter(|leaf| group.group.holds(&facts.skus[leaves[*leaf]])).collect()
        };
        let sums: Vec<(String, Vec<usize>)> =
            self.groups.iter().map(|group| (group.forecast.id.clone(), of_group(group))).collect();
        // A group none of whose Skus has a forecast has nothing to add up.
        let (sums, kept): (Vec<_>, Vec<_>) = sums
            .into_iter()
            .zip(std::mem::take(&mut self.groups))
            .filter(|((_, leaves), _)| !leaves.is_empty())
            .unzip();
        self.groups = kept;
        let Ok(hierarchy) = Hierarchy::new(&names, sums) else { return self.without_groups() };
        let base = leaves.iter().map(|sku| &self.skus[*sku]).chain(self.groups.iter().map(|group| &group.forecast));
        let base: Vec<Forecast> = base.cloned().collect();
        let reliability = match sway {
            Sway::Mutual => Reliability::Spread,
            Sway::SkusAlone => Reliability::BottomUp,
        };
        let Ok(mut all) = reconcile(&hierarchy, &base, reliability) else { return self.without_groups() };
        let of_groups = all.split_off(leaves.len());
        leaves.into_iter().zip(all).for_each(|(sku, forecast)| self.skus[sku] = forecast);
        self.groups.iter_mut().zip(of_groups).for_each(|(group, forecast)| group.forecast = forecast);
        self
    }

    /// Sums that do not fit their Skus are not shown.
    fn without_groups(mut self) -> Self {
        tracing::warn!("forecasts of categories do not fit those of their products and are left out");
        self.groups.clear();
        self
    }
}

impl DemandGroup {
    fn holds(&self, sku: &SkuFacts) -> bool {
        match self {
            Self::WholeShop => true,
            Self::Category(category) => sku.category == *category,
        }
    }

    fn id(&self) -> String {
        match self {
            Self::WholeShop => WHOLE_SHOP.to_owned(),
            Self::Category(category) => format!("\ncategory {}", category.as_deref().unwrap_or("")),
        }
    }
}

/// The whole shop and its categories, each with the places of its Skus. A shop without categories is one group.
fn groups(facts: &ShopFacts) -> Vec<(DemandGroup, Vec<usize>)> {
    let mut by_category: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for (place, sku) in facts.skus.iter().enumerate() {
        by_category.entry(sku.category.as_deref()).or_default().push(place);
    }
    let mut categories: Vec<(Option<&str>, Vec<usize>)> = by_category.into_iter().collect();
    if categories.len() > CATEGORIES_MAX {
        let sold = |members: &[usize]| -> f64 {
            members.iter().map(|sku| facts.skus[*sku].units.iter().rev().take(365).sum::<f64>()).sum()
        };
        categories.sort_by(|a, b| sold(&b.1).total_cmp(&sold(&a.1)).then(a.0.cmp(&b.0)));
        categories.truncate(CATEGORIES_MAX);
        categories.sort();
    }
    let whole = (DemandGroup::WholeShop, (0..facts.skus.len()).collect());
    let named = |(category, members): (Option<&str>, _)| (DemandGroup::Category(category.map(str::to_owned)), members);
    let is_divided = categories.len() > 1 || categories.iter().any(|(category, _)| category.is_some());
    std::iter::once(whole).chain(categories.into_iter().filter(|_| is_divided).map(named)).collect()
}

/// What is forecast beside the Skus: the whole shop, its categories, its stores.
pub(crate) fn sum_series(facts: &ShopFacts) -> Vec<Series> {
    let groups = groups(facts);
    let of_groups = groups.iter().map(|(group, members)| series(facts, group, members));
    let of_stores = listed_stores(facts)
        .iter()
        .map(|store| daily_series(&format!("\nstore {}", store.name), &store.units, None, HISTORY_DAYS_MAX));
    of_groups.chain(of_stores).collect()
}

/// One store alone is the whole shop.
fn listed_stores(facts: &ShopFacts) -> &[StoreFacts] {
    if facts.stores.len() > 1 { &facts.stores } else { &[] }
}

/// What the members sold together per day. Every list ends with the shop's last day.
fn series(facts: &ShopFacts, group: &DemandGroup, members: &[usize]) -> Series {
    let days = members.iter().map(|sku| facts.skus[*sku].units.len()).max().unwrap_or(0);
    let mut sold = vec![0.0; days];
    for sku in members {
        let units = &facts.skus[*sku].units;
        sold[days - units.len()..].iter_mut().zip(units).for_each(|(sum, units)| *sum += units);
    }
    let first_day = facts.last_day + chrono::Days::new(1) - chrono::Days::new(days as u64);
    daily_series(&group.id(), &Daily { first_day, values: sold }, None, HISTORY_DAYS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brains::demand::forecast_skus;
    use crate::facts::{test_shop, test_sku};
    use crate::models::recipe::DemandRecipe;

    /// Four Skus: two of a category, one of another, and one without, which sells least.
    fn shop() -> ShopFacts {
        let sku = |code: &str, category: Option<&str>, level: f64| {
            let units = (0..200).map(|day| level + f64::from(day % 7)).collect();
            SkuFacts { category: category.map(str::to_owned), ..test_sku(code, "2026-01-01", units) }
        };
        let skus = vec![
            sku("MUG", Some("Kitchen"), 3.0),
            sku("CUP", Some("Kitchen"), 1.0),
            sku("LAMP", Some("Light"), 2.0),
            sku("BOX", None, 0.0),
        ];
        let last_day = skus[0].first_day + chrono::Days::new(199);
        test_shop(last_day, skus)
    }

    fn mean(forecast: &Forecast) -> f64 {
        forecast.steps.iter().map(|step| step.mean).sum()
    }

    #[test]
    fn products_add_up_to_categories_and_these_to_the_shop() {
        let facts = shop();
        let demand = forecast_skus(&facts, &DemandRecipe::default());
        let names: Vec<DemandGroup> = demand.groups.iter().map(|group| group.group.clone()).collect();
        let category = |name: Option<&str>| DemandGroup::Category(name.map(str::to_owned));
        assert_eq!(names, [DemandGroup::WholeShop, category(None), category(Some("Kitchen")), category(Some("Light"))]);
        assert_eq!(demand.groups.iter().map(|group| group.skus).collect::<Vec<_>>(), [4, 1, 2, 1]);
        for step in 0..demand.skus[0].steps.len() {
            let skus: Vec<f64> = demand.skus.iter().map(|forecast| forecast.steps[step].mean).collect();
            let groups: Vec<f64> = demand.groups.iter().map(|group| group.forecast.steps[step].mean).collect();
            let sums = [skus.iter().sum(), skus[3], skus[0] + skus[1], skus[2]];
            groups.iter().zip(sums).for_each(|(group, sum)| assert!((group - sum).abs() < 1e-9, "{group} {sum}"));
        }
    }

    #[test]
    fn stores_add_up_to_the_shop_and_one_alone_is_not_listed() {
        let store = |name: &str, share: f64| StoreFacts {
            name: name.to_owned(),
            skus: 4,
            units: Daily {
                first_day: "2026-01-01".parse().unwrap(),
                values: (0..200).map(|day| share * f64::from(6 + 4 * (day % 7))).collect(),
            },
        };
        let facts = ShopFacts { stores: vec![store("north", 0.75), store("south", 0.25)], ..shop() };
        let demand = forecast_skus(&facts, &DemandRecipe::default());
        let alone = forecast_skus(&shop(), &DemandRecipe::default());
        assert_eq!(demand.stores.iter().map(|one| one.store.as_str()).collect::<Vec<_>>(), ["north", "south"]);
        for (step, whole) in demand.groups[0].forecast.steps.iter().enumerate() {
            let sum: f64 = demand.stores.iter().map(|store| store.forecast.steps[step].mean).sum();
            assert!((sum - whole.mean).abs() < 1e-9, "{sum} {}", whole.mean);
            assert!((demand.stores[0].forecast.steps[step].mean / sum - 0.75).abs() < 0.1, "{:?}", demand.stores);
        }
        for (with, without) in demand.skus.iter().zip(&alone.skus) {
            let apart = (mean(with) - mean(without)).abs() / mean(without);
            assert!(apart < 0.01, "stores have no say about Skus, {} moved by {apart}", with.id);
        }
        let one = ShopFacts { stores: vec![store("north", 1.0)], ..shop() };
        assert!(forecast_skus(&one, &DemandRecipe::default()).stores.is_empty());
    }

    #[test]
    fn sums_follow_when_another_version_serves_a_sku() {
        let facts = shop();
        let demand = forecast_skus(&facts, &DemandRecipe::default());
        let mut skus = demand.skus.clone();
        skus[0].steps.iter_mut().for_each(|step| step.mean += 1.0);
        let moved = demand.with_skus(&facts, skus.clone());
        moved
            .skus
            .iter()
            .zip(&skus)
            .for_each(|(one, other)| assert!((mean(one) - mean(other)).abs() < 1e-9, "the Skus stay"));
        let by = |group: usize| mean(&moved.groups[group].forecast) - mean(&demand.groups[group].forecast);
        let days = skus[0].steps.len() as f64;
        assert!((by(0) - days).abs() < 1e-6 && (by(2) - days).abs() < 1e-6 && by(3).abs() < 1e-6);
    }

    #[test]
    fn a_sku_without_a_forecast_adds_nothing() {
        let facts = shop();
        let demand = forecast_skus(&facts, &DemandRecipe::default());
        let mut skus = demand.skus.clone();
        skus[2].steps.clear();
        let moved = demand.with_skus(&facts, skus);
        assert!(moved.groups.iter().all(|group| group.group != DemandGroup::Category(Some("Light".to_owned()))));
        let whole = mean(&moved.groups[0].forecast);
        assert!((whole - [0, 1, 3].map(|sku| mean(&demand.skus[sku])).iter().sum::<f64>()).abs() < 1e-6);
    }

    #[test]
    fn a_shop_without_categories_is_one_group() {
        let mut facts = shop();
        facts.skus.iter_mut().for_each(|sku| sku.category = None);
        let demand = forecast_skus(&facts, &DemandRecipe::default());
        assert_eq!(demand.groups.iter().map(|group| &group.group).collect::<Vec<_>>(), [&DemandGroup::WholeShop]);
    }
}
