//! The daily lists of a shop as they would have ended on an earlier day.

use chrono::NaiveDate;

use super::{Daily, ShopFacts, SkuFacts, StoreFacts};

impl ShopFacts {
    /// The shop with its daily lists cut after `day`, and only with Skus that were known by then. Lists show what is now
    /// known about those days, later corrections included. Present values (price now, stock, rivals) stay as they are: only
    /// what works on daily lists may be asked about the past.
    pub(crate) fn until(&self, day: NaiveDate, wanted: impl Fn(&SkuFacts) -> bool) -> Self {
        let known = self.skus.iter().filter(|sku| sku.first_day <= day && wanted(sku));
        let skus = known.map(|sku| sku.until(day)).collect();
        let stores = self.stores.iter().filter(|store| store.units.first_day <= day);
        Self {
            currency: self.currency,
            last_day: day,
            newest_order_at: self.newest_order_at,
            skus,
            stores: stores.map(|store| StoreFacts { units: store.units.until(day), ..store.clone() }).collect(),
            daily_net_revenue: self.daily_net_revenue.until(day),
            countries: self.countries.clone(),
            holidays: self.holidays.range(..=day).map(|(day, name)| (*day, name.clone())).collect(),
        }
    }
}

impl Daily<f64> {
    fn until(&self, day: NaiveDate) -> Self {
        let kept = days_until(self.first_day, day).min(self.values.len());
        Self { first_day: self.first_day, values: self.values[..kept].to_vec() }
    }
}

impl SkuFacts {
    fn until(&self, day: NaiveDate) -> Self {
        let mut past = self.clone();
        let kept = days_until(self.first_day, day);
        past.units.truncate(kept);
        past.price.truncate(kept);
        past.was_out_of_stock.truncate(kept);
        past.had_promotion.truncate(kept);
        for list in [&mut past.watched.rival_price, &mut past.watched.sessions, &mut past.watched.missing_units] {
            list.truncate(kept);
        }
        past
    }
}

/// Number of days from `first` to `last`, both counted.
fn days_until(first: NaiveDate, last: NaiveDate) -> usize {
    usize::try_from((last - first).num_days() + 1).unwrap_or(0)
}

/// A Sku that sold `units` from `first_day` on, for tests.
#[cfg(test)]
pub(crate) fn test_sku(code: &str, first_day: &str, units: Vec<f64>) -> SkuFacts {
    let price = vec![10.0; units.len()];
    let sku = shelfiq_core::Sku::new(code).unwrap();
    let unseen = SkuFacts::unseen(sku, code.to_owned(), first_day.parse().unwrap(), units.len());
    SkuFacts { units, price, ..unseen }
}

/// A shop of `skus` that all sell until `last_day`, for tests.
#[cfg(test)]
pub(crate) fn test_shop(last_day: NaiveDate, skus: Vec<SkuFacts>) -> ShopFacts {
    ShopFacts {
        currency: shelfiq_core::CurrencyCode::GBP,
        last_day,
        newest_order_at: last_day.and_time(chrono::NaiveTime::MIN).and_utc(),
        skus,
        stores: Vec::new(),
        countries: Vec::new(),
        daily_net_revenue: Daily { first_day: last_day, values: vec![1.0] },
        holidays: std::collections::BTreeMap::new(),
    }
}
