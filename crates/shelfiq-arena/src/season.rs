//! What all shoppers share: weekdays, seasons, holidays, weather and the promotion calendar.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use shelfiq_core::DateRange;

use crate::catalogue::Category;
use crate::noise::{Noise, Stream, between, happens, normal, pick};

/// A yearly reason to buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occasion {
    ValentinesDay,
    Easter,
    MothersDay,
    BackToSchool,
    Halloween,
    BlackFriday,
    Christmas,
}

impl Occasion {
    /// The day itself, its name, how many days before it demand builds up, and how many days before it parcels come
    /// too late.
    fn of_year(self, year: i32) -> (NaiveDate, &'static str, f64, i64) {
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).expect("every year has this date");
        let nth = |month, weekday, n| {
            NaiveDate::from_weekday_of_month_opt(year, month, weekday, n).expect("every month has four of each weekday")
        };
        match self {
            Self::ValentinesDay => (day(2, 14), "Valentine's Day", 9.0, 3),
            Self::Easter => (easter_sunday(year), "Easter Sunday", 10.0, 3),
            Self::MothersDay => (nth(5, Weekday::Sun, 2), "Mother's Day", 9.0, 3),
            Self::BackToSchool => (day(9, 1), "School starts", 14.0, -6),
            Self::Halloween => (day(10, 31), "Halloween", 12.0, 3),
            Self::BlackFriday => (nth(11, Weekday::Thu, 4) + Days::new(1), "Black Friday", 2.0, -3),
            Self::Christmas => (day(12, 25), "Christmas Day", 24.0, 5),
        }
    }

    /// How strongly the occasion is felt on `day`: 1 at its peak, 0 far away.
    fn strength(self, day: NaiveDate) -> f64 {
        [day.year() - 1, day.year(), day.year() + 1]
            .into_iter()
            .map(|year| {
                let (date, _, build_up_days, last_parcel_days) = self.of_year(year);
                let past_peak = ((day - date).num_days() + last_parcel_days) as f64;
                let width = if past_peak <= 0.0 { build_up_days } else { 2.0 };
                (-0.5 * (past_peak / width).powi(2)).exp()
            })
            .fold(0.0, f64::max)
    }
}

/// The Sunday of Easter by the anonymous Gregorian computus (Meeus, Astronomical Algorithms, chapter 8).
fn easter_sunday(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let month = (h + l - 7 * m + 90) / 25;
    let day = (h + l - 7 * m + 33 * month + 19) % 32;
    NaiveDate::from_ymd_opt(year, month as u32, day as u32).expect("the computus gives a date of March or April")
}

/// A time of lower prices for some categories.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Promotion {
    /// Number of the promotion in the calendar.
    pub(crate) number: u32,
    pub(crate) first_day: u32,
    pub(crate) last_day: u32,
    /// Share taken off the regular price.
    pub(crate) depth: f64,
    /// `None` means the whole shop.
    category: Option<Category>,
    /// Probability that a Sku of the category takes part.
    pub(crate) participation: f64,
}

/// Shared conditions of every day of the shop, by day number.
#[derive(Debug, Clone)]
pub(crate) struct Calendar {
    days: DateRange,
    /// Log factor of season without the weekday, and of demand with it: `[day][category]`, the latter one on average
    /// over a year. Seasons reach beyond the last day, because merchants look ahead.
    yearly: Vec<ByCategory>,
    season: Vec<ByCategory>,
    /// Standardised weather: mean 0, deviation 1, warm is positive.
    weather: Vec<f64>,
    promotions: Vec<Promotion>,
}

/// One number for each category, in the order of [`Category::ALL`].
type ByCategory = [f64; Category::ALL.len()];

impl Calendar {
    /// How far ahead of a day its season can be asked for.
    const AHEAD_MAX_DAYS: u32 = 120;

    pub(crate) fn draw(days: DateRange, noise: Noise) -> Self {
        let offsets = Category::ALL.map(|category| yearly_offset(category, days.last()));
        let reach = days.day_count() as usize + Self::AHEAD_MAX_DAYS as usize + 1;
        let dates = || days.first().iter_days();
        Self {
            days,
            yearly: dates().take(reach).map(|day| Category::ALL.map(|category| yearly_season(category, day))).collect(),
            season: dates()
                .take(days.day_count() as usize)
                .map(|day| Category::ALL.map(|category| raw_season(category, day) - offsets[category as usize]))
                .collect(),
            weather: draw_weather(days.day_count(), noise),
            promotions: draw_promotions(days, noise),
        }
    }

    pub(crate) fn days(&self) -> DateRange {
        self.days
    }

    pub(crate) fn date(&self, day: u32) -> NaiveDate {
        self.days.first() + Days::new(u64::from(day))
    }

    pub(crate) fn day_count(&self) -> u32 {
        self.days.day_count()
    }

    pub(crate) fn weather(&self, day: u32) -> f64 {
        self.weather[day as usize]
    }

    /// Log factor of weekday, season and holidays.
    pub(crate) fn season(&self, category: Category, day: u32) -> f64 {
        self.season[day.min(self.day_count() - 1) as usize][category as usize]
    }

    /// Change of the log factor of season from `day` to the average of the `length` days after it (at most
    /// [`AHEAD_MAX_DAYS`](Self::AHEAD_MAX_DAYS)): what an experienced merchant expects.
    pub(crate) fn season_ahead(&self, category: Category, day: u32, length: u32) -> f64 {
        let length = length.min(Self::AHEAD_MAX_DAYS);
        let level = |ahead: u32| self.yearly[(day + ahead) as usize][category as usize];
        let samples = [length / 4, length / 2, length * 3 / 4, length];
        samples.into_iter().map(level).sum::<f64>() / samples.len() as f64 - level(0)
    }

    /// Promotions that a Sku of `category` could be part of on `day`.
    pub(crate) fn promotions(&self, category: Category, day: u32) -> impl Iterator<Item = &Promotion> {
        self.promotions.iter().filter(move |promotion| {
            (promotion.first_day..=promotion.last_day).contains(&day)
                && promotion.category.is_none_or(|only| only == category)
        })
    }

    /// Occasions that fall on `day`.
    pub(crate) fn holidays(&self, day: u32) -> impl Iterator<Item = &'static str> {
        const NOTED: [Occasion; 6] = [
            Occasion::ValentinesDay,
            Occasion::Easter,
            Occasion::MothersDay,
            Occasion::Halloween,
            Occasion::BlackFriday,
            Occasion::Christmas,
        ];
        let date = self.date(day);
        NOTED.into_iter().filter_map(move |occasion| {
            let (on, name, ..) = occasion.of_year(date.year());
            (on == date).then_some(name)
        })
    }
}

/// Log factor of season and holidays without the weekday.
fn yearly_season(category: Category, day: NaiveDate) -> f64 {
    let profile = category.profile();
    let angle = std::f64::consts::TAU * (f64::from(day.ordinal()) - 196.0) / 365.25;
    let occasions: f64 = profile.occasions.iter().map(|&(occasion, height)| height * occasion.strength(day)).sum();
    profile.summer * angle.cos() + occasions
}

fn raw_season(category: Category, day: NaiveDate) -> f64 {
    yearly_season(category, day) + category.profile().weekdays[day.weekday().num_days_from_monday() as usize]
}

/// What to subtract so that the factor is one on average over the year that ends with `last`.
fn yearly_offset(category: Category, last: NaiveDate) -> f64 {
    let sum: f64 = last.iter_days().rev().take(364).map(|day| raw_season(category, day).exp()).sum();
    (sum / 364.0).ln()
}

fn draw_weather(day_count: u32, noise: Noise) -> Vec<f64> {
    const PERSISTENCE: f64 = 0.75;
    let mut level = 0.0;
    (0..day_count)
        .map(|day| {
            let shock = normal(&mut noise.at(Stream::Weather, 0, day));
            level = PERSISTENCE * level + (1.0 - PERSISTENCE * PERSISTENCE).sqrt() * shock;
            level
        })
        .collect()
}

fn draw_promotions(days: DateRange, noise: Noise) -> Vec<Promotion> {
    let mut promotions = Vec::new();
    let mut add = |first: NaiveDate, length_days: i64, depth, category, participation| {
        let first_day = (first - days.first()).num_days();
        let last_day = (first_day + length_days - 1).min(i64::from(days.day_count()) - 1);
        if last_day >= 0 && first_day < i64::from(days.day_count()) {
            promotions.push(Promotion {
                number: promotions.len() as u32,
                first_day: first_day.max(0) as u32,
                last_day: last_day as u32,
                depth,
                category,
                participation,
            });
        }
    };
    for year in days.first().year()..=days.last().year() {
        let date = |month, day| NaiveDate::from_ymd_opt(year, month, day).expect("every year has this date");
        let black_friday = Occasion::BlackFriday.of_year(year).0;
        add(date(1, 3), 12, 0.20, None, 0.35);
        add(date(7, 1), 12, 0.15, None, 0.35);
        add(black_friday - Days::new(3), 7, 0.20, None, 0.55);
    }
    // Between the big sales, every five weeks or so one category has a week of its own.
    let mut day = 10;
    while day < days.day_count() {
        let mut rng = noise.at(Stream::PromotionCalendar, 0, day);
        let category = *pick(&mut rng, &Category::ALL);
        let depth = *pick(&mut rng, &[0.10, 0.15, 0.20, 0.25]);
        if happens(&mut rng, 0.9) {
            add(days.first() + Days::new(u64::from(day)), 7, depth, Some(category), 0.5);
        }
        day += between(&mut rng, 12.0, 24.0) as u32;
    }
    promotions
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar() -> Calendar {
        let last = NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        Calendar::draw(DateRange::ending(last, 731).unwrap(), Noise::new(1))
    }

    #[test]
    fn easter_falls_where_the_church_puts_it() {
        let dates = [2008, 2019, 2024, 2025, 2026, 2038].map(|year| easter_sunday(year).format("%m-%d").to_string());
        assert_eq!(dates, ["03-23", "04-21", "03-31", "04-20", "04-05", "04-25"]);
    }

    #[test]
    fn december_sells_more_candles_than_june_and_less_for_the_garden() {
        let calendar = calendar();
        let day = |text: &str| (text.parse::<NaiveDate>().unwrap() - calendar.date(0)).num_days() as u32;
        let ratio =
            |category| calendar.season(category, day("2025-12-10")) - calendar.season(category, day("2026-06-10"));
        assert!(ratio(Category::Candles) > 0.8);
        assert!(ratio(Category::Garden) < -0.8);
    }

    #[test]
    fn a_year_of_season_averages_one() {
        let calendar = calendar();
        for category in Category::ALL {
            let mean = (367..731).map(|day| calendar.season(category, day).exp()).sum::<f64>() / 364.0;
            assert!((mean - 1.0).abs() < 1e-9, "{category:?}: {mean}");
        }
    }
}
