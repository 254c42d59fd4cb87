//! What is unusual: demand, our own price, rivals, visits, reviews and counts of stock, each judged by its own past.
//!
//! Judging has two halves. `watch` puts every series through the detector; what it says depends on data alone. `discretion`
//! decides what of it a merchant is told: not what was called usual, nor what resembles it too much. Before something becomes
//! an alert, the whole shop is looked at: thousands of Skus are asked each day, and some ring by chance.

mod causes;
mod discretion;
mod levels;
mod watch;

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use rayon::prelude::*;
use shelfiq_anomaly::{Verdict, discovery_level};
use shelfiq_recommend::AnomalySignal;
use shelfiq_store::anomaly_answers::AnomalyMeasure;

use crate::facts::{ShopFacts, SkuFacts};
pub use causes::Coincidence;
pub(crate) use causes::Subject;
pub(crate) use discretion::Discretion;
pub use discretion::Standing;
pub use levels::{DemandTrend, LevelShift};
pub(crate) use levels::{level_shifts, trend_of};
pub(crate) use watch::{Watch, false_alarm_rate};

/// Days in which an anomaly is news.
const NEWS_DAYS: usize = 3;
/// Days in which an anomaly is worth a mark on a chart and a line of evidence.
const RECENT_DAYS: usize = 30;

/// What is unusual about one Sku, as far as the merchant is told.
#[derive(Debug, Clone, Default)]
pub(crate) struct SkuVerdicts {
    /// The newest demand window with its expectation.
    pub(crate) demand: Option<DemandVerdict>,
    /// What happened at the same time as it.
    pub(crate) demand_coincidences: Vec<Coincidence>,
    /// The present price against the past, while it is new.
    pub(crate) price: Option<PriceVerdict>,
    /// What is unusual beside demand and our own price, while it is new; by measure, the newest last.
    pub(crate) beside: Vec<Unusual>,
    /// Unusual days of the last weeks, oldest first, then the present price if it is unusual.
    pub(crate) recent: Vec<Unusual>,
}

/// Units in a window of days against what was expected before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DemandVerdict {
    /// Units of a day, or of a week.
    pub(crate) measure: AnomalyMeasure,
    pub(crate) first_day: NaiveDate,
    pub(crate) days: u32,
    pub(crate) actual: f64,
    pub(crate) expected: f64,
    pub(crate) lo: f64,
    pub(crate) hi: f64,
    /// Probability of something at least as strange where nothing happens.
    pub(crate) p_value: f64,
}

/// A new price against the prices before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PriceVerdict {
    pub(crate) day: NaiveDate,
    pub(crate) expected: f64,
    pub(crate) lo: f64,
    pub(crate) hi: f64,
    pub(crate) score: f64,
}

/// A value outside its band.
#[derive(Debug, Clone)]
pub(crate) struct Unusual {
    pub(crate) measure: AnomalyMeasure,
    /// The day; the first one of a week.
    pub(crate) day: NaiveDate,
    /// Days that the value covers.
    pub(crate) days: u32,
    /// The day whose value rang: a price may be found strange some days after it came.
    pub(crate) judged_on: NaiveDate,
    pub(crate) actual: f64,
    /// Always with a kind.
    pub(crate) verdict: Verdict,
    pub(crate) sentence: String,
    /// What happened at the same time, for demand; the likeliest cause first.
    pub(crate) coincidences: Vec<Coincidence>,
}

/// Judges every Sku, by code. Of what becomes an alert at most the share `false_share` is false, among the Skus of a day; marks
/// and lines of a product hold to its own past alone.
pub(crate) fn judge(
    facts: &ShopFacts,
    elasticities: &HashMap<String, f64>,
    discretion: &Discretion,
    false_share: f64,
) -> HashMap<String, SkuVerdicts> {
    let look =
        |sku: &SkuFacts| Seen::of(&Subject::of(facts, sku, elasticities.get(sku.sku.as_str()).copied()), discretion);
    let seen: Vec<Seen> = facts.skus.par_iter().map(look).collect();
    let levels = Levels::of(&seen, false_share);
    facts.skus.iter().zip(seen).map(|(sku, seen)| (sku.sku.as_str().to_owned(), seen.tell(&levels))).collect()
}

/// The recent anomalies of every Sku as evidence for recommendations.
pub(crate) fn signals(
    facts: &ShopFacts,
    verdicts: &HashMap<String, SkuVerdicts>,
) -> HashMap<String, Vec<AnomalySignal>> {
    let signal = |unusual: &Unusual| AnomalySignal {
        measure: unusual.measure.to_string(),
        sentence: unusual.sentence.clone(),
        observed_at: unusual.day.and_time(chrono::NaiveTime::MIN).and_utc().min(facts.newest_order_at),
    };
    verdicts
        .iter()
        .filter(|(_, verdicts)| !verdicts.recent.is_empty())
        .map(|(code, verdicts)| (code.clone(), verdicts.recent.iter().map(signal).collect()))
        .collect()
}

/// What was seen of one Sku, before the whole shop is looked at.
struct Seen {
    /// Unusual days and prices of the last weeks that the merchant has not called usual.
    days: Vec<Unusual>,
    /// The present price, if it is new and unusual.
    price: Option<Unusual>,
    /// What is new and unusual beside demand and our own price, oldest first.
    beside: Vec<Unusual>,
    /// The newest week, and what happened at the same time.
    week: Option<DemandVerdict>,
    week_coincidences: Vec<Coincidence>,
    /// Probabilities of the values that are news, strange or not.
    p_values: Vec<((AnomalyMeasure, NaiveDate), f64)>,
}

/// The largest probability that may become an alert, by measure and day.
struct Levels(HashMap<(AnomalyMeasure, NaiveDate), f64>);

impl Seen {
    fn of(subject: &Subject<'_>, discretion: &Discretion) -> Self {
        let sku = subject.sku;
        let since = |days: usize| sku.last_day() - Days::new(days as u64 - 1);
        let is_told = |unusual: &Unusual| discretion.standing(subject.code(), unusual) == Standing::Told;
        let Watch { demand, mut days, prices, mut beside } = Watch::of(subject);
        let week = demand.newest_week(subject, discretion);
        days.retain(|unusual| unusual.day >= since(RECENT_DAYS) && is_told(unusual));
        let is_news = |unusual: &Unusual| unusual.day >= since(NEWS_DAYS) && is_told(unusual);
        // A price that holds no more needs no review.
        let holds = |list: &[f64], unusual: &Unusual| list.last().is_some_and(|now| is_same(*now, unusual.actual));
        let price = prices.unusual.into_iter().next_back().filter(|one| is_news(one) && holds(&sku.price, one));
        let is_rival = |unusual: &Unusual| unusual.measure == AnomalyMeasure::RivalPrice;
        beside.unusual.retain(|one| is_news(one) && (!is_rival(one) || holds(&sku.watched.rival_price, one)));
        let of_week = week.map(|week| ((week.measure, week.first_day), week.p_value));
        let week_coincidences = week.map(|week| watch::week_coincidences(subject, &week)).unwrap_or_default();
        let news = demand.judged(NEWS_DAYS).chain(prices.judged).chain(beside.judged);
        let p_values = news.chain(of_week).collect();
        Self { days, price, beside: beside.unusual, week, week_coincidences, p_values }
    }

    /// What the merchant is told.
    fn tell(self, levels: &Levels) -> SkuVerdicts {
        let Self { days: mut recent, price, mut beside, week, week_coincidences, .. } = self;
        let is_alarming = |unusual: &&Unusual| levels.tells(unusual.key(), unusual.verdict.p_value);
        // A new level is no strange day: inside the band of its day, its week tells it.
        let news = recent.iter().rev().filter(is_alarming).find_map(|unusual| Some((of_day(unusual)?, unusual)));
        let news = news.filter(|(demand, _)| demand.is_outside() || week.is_none_or(|week| !week.is_outside()));
        let (demand, demand_coincidences) = match (news, week) {
            (Some((demand, unusual)), _) => (Some(demand), unusual.coincidences.clone()),
            (None, Some(week)) if levels.tells((week.measure, week.first_day), week.p_value) => {
                (Some(week), week_coincidences)
            }
            (None, week) => (week.map(DemandVerdict::calm), Vec::new()),
        };
        let verdict = price.as_ref().filter(is_alarming).and_then(|unusual| {
            let (band, score) = (unusual.verdict.band?, unusual.verdict.score);
            Some(PriceVerdict { day: unusual.day, expected: band.expected, lo: band.lo, hi: band.hi, score })
        });
        recent.extend(price);
        beside.retain(|unusual| is_alarming(&unusual));
        SkuVerdicts { demand, demand_coincidences, price: verdict, beside, recent }
    }
}

impl Levels {
    fn of(seen: &[Seen], false_share: f64) -> Self {
        let mut families: HashMap<(AnomalyMeasure, NaiveDate), Vec<f64>> = HashMap::new();
        for (key, p_value) in seen.iter().flat_map(|seen| &seen.p_values) {
            families.entry(*key).or_default().push(*p_value);
        }
        let level = |(key, p_values): (_, Vec<f64>)| (key, discovery_level(&p_values, false_share));
        Self(families.into_iter().map(level).collect())
    }

    /// Whether a value may become an alert. Values that are no news belong to no family, and may not.
    fn tells(&self, key: (AnomalyMeasure, NaiveDate), p_value: f64) -> bool {
        self.0.get(&key).is_some_and(|level| p_value <= *level)
    }
}

impl SkuVerdicts {
    /// The newest of what is unusual in one of these measures; an earlier measure goes first.
    pub(crate) fn beside(&self, measures: &[AnomalyMeasure]) -> Option<&Unusual> {
        measures.iter().find_map(|measure| self.beside.iter().rfind(|unusual| unusual.measure == *measure))
    }
}

impl Unusual {
    /// The family of values that it is compared with: one a Sku.
    const fn key(&self) -> (AnomalyMeasure, NaiveDate) {
        (self.measure, self.judged_on)
    }
}

impl DemandVerdict {
    /// Whether the value lies outside its band.
    const fn is_outside(self) -> bool {
        self.actual < self.lo || self.actual > self.hi
    }

    /// The same inside its band: nothing to alert anybody.
    fn calm(self) -> Self {
        Self { lo: self.lo.min(self.actual), hi: self.hi.max(self.actual), ..self }
    }
}

/// Whether two prices are one.
fn is_same(one: f64, other: f64) -> bool {
    (one / other - 1.0).abs() < 1e-9
}

fn of_day(unusual: &Unusual) -> Option<DemandVerdict> {
    let band = unusual.verdict.band?;
    Some(DemandVerdict {
        measure: unusual.measure,
        first_day: unusual.day,
        days: unusual.days,
        actual: unusual.actual,
        expected: band.expected,
        lo: band.lo,
        hi: band.hi,
        p_value: unusual.verdict.p_value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Daily, test_shop, test_sku};

    const DAYS: usize = 200;

    /// Sixty Skus that sell about six a day with the luck of the day; `change` is told each one's number.
    fn shop(change: impl Fn(usize, &mut SkuFacts)) -> ShopFacts {
        let first_day: NaiveDate = "2026-01-01".parse().unwrap();
        let luck = |number: usize, day: usize| (((day * 7_919 + number * 104_729) * 2_654_435_761) >> 7) % 7;
        let skus = (0..60).map(|number| {
            let units = (0..DAYS).map(|day| 3.0 + luck(number, day) as f64).collect();
            let mut sku = test_sku(&format!("S{number:02}"), "2026-01-01", units);
            change(number, &mut sku);
            sku
        });
        let last_day = first_day + Days::new(DAYS as u64 - 1);
        ShopFacts {
            daily_net_revenue: Daily { first_day, values: vec![1.0; DAYS] },
            ..test_shop(last_day, skus.collect())
        }
    }

    /// Skus whose demand lies outside what an alert rule looks at.
    fn alarming(facts: &ShopFacts, false_share: f64) -> Vec<String> {
        let verdicts = judge(facts, &HashMap::new(), &Discretion::default(), false_share);
        let found = verdicts.into_iter().filter(|(_, verdict)| verdict.demand.is_some_and(DemandVerdict::is_outside));
        let mut codes: Vec<String> = found.map(|(code, _)| code).collect();
        codes.sort();
        codes
    }

    #[test]
    fn a_plain_spike_alarms_with_what_it_coincides_with() {
        let plain = shop(|number, sku| {
            if number == 7 {
                sku.units[DAYS - 1] = 90.0;
                sku.price[DAYS - 2..].fill(6.0);
            }
        });
        assert_eq!(alarming(&plain, 0.2), ["S07"]);
        let verdicts = judge(&plain, &HashMap::new(), &Discretion::default(), 0.2);
        assert_eq!(verdicts["S07"].demand_coincidences[0].text, "price cut of 40 % the day before");
    }

    #[test]
    fn what_one_sku_finds_strange_is_luck_among_sixty() {
        let key = (AnomalyMeasure::Units, "2026-03-04".parse().unwrap());
        let levels = |strangest: f64, false_share: f64| {
            let p_values = (1..60).map(|rank| (key, f64::from(rank) / 60.0)).chain([(key, strangest)]).collect();
            let (days, beside, week_coincidences) = (Vec::new(), Vec::new(), Vec::new());
            let seen = Seen { days, price: None, beside, week: None, week_coincidences, p_values };
            Levels::of(&[seen], false_share)
        };
        assert!(levels(0.003, 1.0).tells(key, 0.003), "without a bound each Sku speaks for itself");
        assert!(!levels(0.003, 0.1).tells(key, 0.003));
        assert!(levels(1e-6, 0.1).tells(key, 1e-6), "plain to see");
        assert!(!levels(1e-6, 0.1).tells((AnomalyMeasure::Price, key.1), 1e-6), "no such value was looked at");
    }
}
