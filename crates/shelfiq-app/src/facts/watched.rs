//! The daily lists beside demand and price: rivals, visits, what counts find missing; and the holidays.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};
use shelfiq_query::QueryError;

use super::load::{Asker, BySku, index_of};

/// An offer that nobody saw again for so long says nothing any more.
const OFFER_DAYS: u64 = 14;

/// Rivals' offers on their way to one price a day.
#[derive(Debug, Default)]
pub(super) struct RivalDays {
    /// By Sku and seller.
    offers: BTreeMap<(String, String), Vec<Offered>>,
}

/// The day of an offer, and its price if it could be bought.
type Offered = (NaiveDate, Option<f64>);

impl RivalDays {
    /// Takes in an offer; those of one seller come oldest first.
    pub(super) fn offer(&mut self, sku: &str, seller: &str, day: NaiveDate, can_be_bought: bool, price: Option<f64>) {
        let known = self.offers.entry((sku.to_owned(), seller.to_owned())).or_default();
        known.push((day, price.filter(|_| can_be_bought)));
    }

    /// Keeps the cheapest price of each day: an offer holds until the seller's next one.
    pub(super) fn keep(self, skus: &mut BySku) {
        for ((code, _), offers) in self.offers {
            let Some(sku) = skus.get_mut(&code) else { continue };
            let days = sku.units.len();
            let mut cheapest = std::mem::take(&mut sku.watched.rival_price);
            cheapest.resize(days, f64::NAN);
            for (place, (day, price)) in offers.iter().enumerate() {
                let Some(price) = price else { continue };
                let fades = *day + Days::new(OFFER_DAYS);
                let end = offers.get(place + 1).map_or(fades, |(next, _)| fades.min(*next));
                let held = day.iter_days().take_while(|held| *held < end.max(*day + Days::new(1)));
                for index in held.filter_map(|held| index_of(sku, held)) {
                    // `min` takes the number where one of them is none.
                    cheapest[index] = cheapest[index].min(*price);
                }
            }
            sku.watched.rival_price = cheapest;
        }
    }
}

/// Visits per day, over channels and stores.
pub(super) async fn sessions(asker: &Asker<'_>, skus: &mut BySku) -> Result<(), QueryError> {
    let reported = asker
        .ask("select sku, day, sum(sessions) as sessions from traffic where sku is not null and {skus} group by sku, day")
        .await?;
    let columns = (reported.texts("sku")?, reported.days("day")?, reported.numbers("sessions")?);
    for ((code, day), sessions) in columns.0.into_iter().zip(columns.1).zip(columns.2) {
        let (Some(sku), Some(day), Some(sessions)) = (code.and_then(|code| skus.get_mut(&code)), day, sessions) else {
            continue;
        };
        if let Some(index) = index_of(sku, day) {
            sku.watched.sessions.resize(sku.units.len(), f64::NAN);
            sku.watched.sessions[index] = sessions;
        }
    }
    Ok(())
}

/// What counts found missing: the fall since the last count of the same store, less what was sold since. A delivery hides
/// losses and is none, so a rise counts as nothing. Several stores of a day add up.
pub(super) fn missing_units(skus: &mut BySku, falls: Vec<(String, usize, i64)>) {
    let mut by_day: HashMap<(String, usize), i64> = HashMap::new();
    for (code, index, fall) in falls {
        *by_day.entry((code, index)).or_default() += fall;
    }
    let mut days: Vec<((String, usize), i64)> = by_day.into_iter().collect();
    days.sort_unstable();
    let mut last: Option<(String, usize)> = None;
    for ((code, index), fall) in days {
        let Some(sku) = skus.get_mut(&code) else { continue };
        let since = last.as_ref().filter(|(of, _)| *of == code).map_or(index, |(_, before)| before + 1);
        // A count may come before or after the day's sales: whichever explains more.
        let sold: f64 = sku.units[since.saturating_sub(1)..=index].iter().sum();
        sku.watched.missing_units.resize(sku.units.len(), f64::NAN);
        sku.watched.missing_units[index] = (fall as f64 - sold).max(0.0);
        last = Some((code, index));
    }
}

/// Holidays by day.
pub(super) async fn holidays(asker: &Asker<'_>) -> Result<BTreeMap<NaiveDate, String>, QueryError> {
    let known = asker
        .ask("select observed_at, unit from signals where name = 'holiday' and value > 0 order by observed_at")
        .await?;
    let named = known.instants("observed_at")?.into_iter().zip(known.texts("unit")?);
    let day = |at| asker.shop.time_zone.day_of(at);
    Ok(named.filter_map(|(at, name)| Some((day(at?), name?))).collect())
}
