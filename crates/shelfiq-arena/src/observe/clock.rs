//! Times of day in the shop's zone.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use crate::shop::Shop;

/// The instant at which clocks in the shop show `second` of `day`. In the hour that is skipped in spring it is one
/// hour later; of the hour that comes twice in autumn it is the first.
pub(super) fn at(shop: &Shop, day: u32, second: u32) -> DateTime<Utc> {
    let local = shop.calendar().date(day).and_time(NaiveTime::MIN) + TimeDelta::seconds(i64::from(second));
    let zone = shop.config().time_zone.tz();
    let instant = |local: chrono::NaiveDateTime| local.and_local_timezone(zone).earliest();
    instant(local)
        .or_else(|| instant(local + TimeDelta::hours(1)))
        .map_or_else(|| local.and_utc(), |instant| instant.with_timezone(&Utc))
}
