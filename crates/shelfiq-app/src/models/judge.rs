//! Compares kept forecasts with what is now known to have happened.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use shelfiq_core::ModelVersionId;
use shelfiq_store::model_accuracy::{AccuracyRow, Basis, ErrorSums};

use super::history::KeptForecast;
use super::tally::horizon_of;
use crate::brains::seasonal_naive::weekly_change;
use crate::facts::{ShopFacts, SkuFacts};

/// What became of one origin.
pub(crate) struct Judged {
    pub(crate) rows: Vec<AccuracyRow>,
    /// By day: what the challenger's forecasts lost beside those of production.
    pub(crate) contest: BTreeMap<NaiveDate, DayContest>,
}

/// One day of a challenger beside production: over the Skus that both foresaw live.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct DayContest {
    /// Sum over Skus of production's scaled quantile loss.
    pub(crate) production: f64,
    /// Sum over Skus of the challenger's.
    pub(crate) challenger: f64,
    /// Skus.
    pub(crate) skus: u32,
}

/// Who is compared with whom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contest {
    /// What serves. Its word on the kind of a Sku's demand counts for all, so that kinds hold the same Skus in every row.
    pub(crate) production: ModelVersionId,
    /// What is on trial.
    pub(crate) challenger: Option<ModelVersionId>,
}

/// Judges the forecasts of one origin, which come by version, Sku and day. Days on which stock was out are left out:
/// nobody knows what would have sold. So are Skus that are no longer there.
pub(crate) fn judge(
    facts: &ShopFacts,
    origin: NaiveDate,
    kept: &[KeptForecast],
    contest: Contest,
    judged_at: DateTime<Utc>,
) -> Judged {
    let skus: HashMap<&str, &SkuFacts> = facts.skus.iter().map(|sku| (sku.sku.as_str(), sku)).collect();
    let of_production = kept.iter().filter(|forecast| forecast.version == contest.production);
    let classes: HashMap<&str, &str> =
        of_production.map(|forecast| (forecast.sku.as_str(), forecast.demand_class.as_str())).collect();
    let mut groups: BTreeMap<Key<'_>, Group<'_>> = BTreeMap::new();
    let mut serving: HashMap<(&str, NaiveDate), f64> = HashMap::new();
    let mut tried: Vec<(&str, NaiveDate, f64)> = Vec::new();
    let mut yardsticks: HashMap<&str, Option<f64>> = HashMap::new();
    for forecast in kept {
        let Some(sku) = skus.get(forecast.sku.as_str()) else { continue };
        let Some(actual) = actual(sku, forecast.day) else { continue };
        let known_days = usize::try_from((origin - sku.first_day).num_days() + 1).unwrap_or(0);
        let yardstick = *yardsticks.entry(&forecast.sku).or_insert_with(|| weekly_change(sku, known_days));
        let key = Key {
            version: forecast.version,
            basis: forecast.basis,
            demand_class: classes.get(forecast.sku.as_str()).copied().unwrap_or(&forecast.demand_class),
            horizon_first_day: horizon_of((forecast.day - origin).num_days()),
        };
        let group = groups.entry(key).or_default();
        if group.last_sku != Some(forecast.sku.as_str()) {
            group.last_sku = Some(&forecast.sku);
            group.sums.skus += 1;
        }
        forecast.foreseen.judge(actual, yardstick, &mut group.sums);
        if let (Some(challenger), Basis::Live, Some(yardstick)) = (contest.challenger, forecast.basis, yardstick) {
            let loss = forecast.foreseen.pinball(actual) / yardstick;
            if forecast.version == contest.production {
                serving.insert((&forecast.sku, forecast.day), loss);
            } else if forecast.version == challenger {
                tried.push((&forecast.sku, forecast.day, loss));
            }
        }
    }
    let mut days: BTreeMap<NaiveDate, DayContest> = BTreeMap::new();
    for (sku, day, loss) in tried {
        if let Some(other) = serving.get(&(sku, day)) {
            let contest = days.entry(day).or_default();
            contest.production += other;
            contest.challenger += loss;
            contest.skus += 1;
        }
    }
    let rows = groups.into_iter().map(|(key, group)| AccuracyRow {
        model_version: key.version,
        origin,
        demand_class: key.demand_class.to_owned(),
        horizon_first_day: key.horizon_first_day,
        basis: key.basis,
        sums: group.sums,
        judged_at,
    });
    Judged { rows: rows.collect(), contest: days }
}

/// Units that sold on a day, if it is known that they were all that was wanted.
pub(crate) fn actual(sku: &SkuFacts, day: NaiveDate) -> Option<f64> {
    let index = usize::try_from((day - sku.first_day).num_days()).ok()?;
    let units = *sku.units.get(index)?;
    (!sku.was_out_of_stock[index]).then_some(units)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    version: ModelVersionId,
    basis: Basis,
    demand_class: &'a str,
    horizon_first_day: i32,
}

#[derive(Debug, Default)]
struct Group<'a> {
    sums: ErrorSums,
    /// Rows come by Sku, so a new code is a new Sku.
    last_sku: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Daily, test_sku};
    use crate::models::tally::Foreseen;
    use uuid::Uuid;

    const ALONE: Contest = Contest { production: ModelVersionId::from_uuid(Uuid::from_u128(1)), challenger: None };

    fn version(number: u128) -> ModelVersionId {
        ModelVersionId::from_uuid(Uuid::from_u128(number))
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn shop(skus: Vec<SkuFacts>) -> ShopFacts {
        let first_day = day("2026-06-01");
        ShopFacts {
            currency: shelfiq_core::CurrencyCode::EUR,
            last_day: day("2026-06-30"),
            newest_order_at: DateTime::default(),
            skus,
            stores: Vec::new(),
            countries: Vec::new(),
            daily_net_revenue: Daily { first_day, values: vec![1.0; 30] },
            holidays: std::collections::BTreeMap::new(),
        }
    }

    fn expected(number: u128, sku: &str, on: &str, median: f64) -> KeptForecast {
        KeptForecast {
            version: version(number),
            basis: Basis::Live,
            sku: sku.to_owned(),
            day: day(on),
            demand_class: "smooth".to_owned(),
            foreseen: Foreseen { mean: median, median, ends: [(median - 1.0, median + 1.0); 4] },
        }
    }

    #[test]
    fn days_without_stock_days_to_come_and_forgotten_skus_are_not_judged() {
        let mut sku = test_sku("A", "2026-06-01", vec![5.0; 30]);
        sku.was_out_of_stock[24] = true;
        let kept = [
            expected(1, "A", "2026-06-24", 3.0),
            expected(1, "A", "2026-06-25", 3.0),
            expected(1, "A", "2026-07-01", 3.0),
            expected(1, "GONE", "2026-06-24", 3.0),
        ];
        let judged = judge(&shop(vec![sku]), day("2026-06-20"), &kept, ALONE, DateTime::default());
        assert_eq!(judged.rows.len(), 1);
        let sums = judged.rows[0].sums;
        assert_eq!((sums.skus, sums.days, sums.absolute, sums.actual), (1, 1, 2.0, 5.0));
        assert_eq!(sums.scaled_days, 0, "what never changed has no yardstick");
    }

    #[test]
    fn a_correction_that_comes_late_changes_the_verdict() {
        let kept = [expected(1, "A", "2026-06-24", 3.0)];
        let miss = |units: f64| {
            let facts = shop(vec![test_sku("A", "2026-06-01", vec![units; 30])]);
            judge(&facts, day("2026-06-20"), &kept, ALONE, DateTime::default()).rows[0].sums.absolute
        };
        assert_eq!((miss(5.0), miss(3.0)), (2.0, 0.0));
    }

    #[test]
    fn distances_and_kinds_of_demand_are_told_apart_and_skus_counted_once() {
        let skus = ["A", "B"].map(|code| test_sku(code, "2026-06-01", vec![5.0; 30]));
        let mut kept = Vec::new();
        for sku in ["A", "B"] {
            kept.extend(["2026-06-11", "2026-06-12", "2026-06-18"].map(|on| expected(1, sku, on, 5.0)));
        }
        let judged = judge(&shop(skus.into()), day("2026-06-10"), &kept, ALONE, DateTime::default());
        let found: Vec<_> =
            judged.rows.iter().map(|row| (row.horizon_first_day, row.sums.skus, row.sums.days)).collect();
        assert_eq!(found, [(1, 2, 4), (8, 2, 2)]);
    }

    #[test]
    fn the_kind_of_demand_is_what_production_says_for_every_version() {
        let facts = shop(vec![test_sku("A", "2026-06-01", vec![5.0; 30])]);
        let other = KeptForecast { demand_class: "lumpy".to_owned(), ..expected(2, "A", "2026-06-21", 5.0) };
        let kept = [expected(1, "A", "2026-06-21", 5.0), other];
        let judged = judge(&facts, day("2026-06-20"), &kept, ALONE, DateTime::default());
        assert!(judged.rows.len() == 2 && judged.rows.iter().all(|row| row.demand_class == "smooth"));
    }

    #[test]
    fn a_challenger_that_misses_by_more_loses_the_day() {
        let units: Vec<f64> = (0..30).map(f64::from).collect();
        let facts = shop(vec![test_sku("A", "2026-06-01", units)]);
        let kept = [expected(1, "A", "2026-06-21", 20.0), expected(2, "A", "2026-06-21", 30.0)];
        let contest = Contest { challenger: Some(version(2)), ..ALONE };
        let judged = judge(&facts, day("2026-06-20"), &kept, contest, DateTime::default());
        let lost = judged.contest[&day("2026-06-21")];
        assert!(lost.skus == 1 && lost.challenger > lost.production + 0.5, "{lost:?}");
    }
}
