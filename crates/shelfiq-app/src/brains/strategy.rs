//! The shop's strategy for one price: among whom the Sku stands, and what was asked lately.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;
use shelfiq_core::{CurrencyCode, Ratio, UnitPrice, money_text};
use shelfiq_pricing::{
    Action, Availability, Market, Offer, PriceAdvice, PriceChange, PriceProblem, PricingError, compete,
    lowest_price_before, optimize, reduction_to_announce,
};

use super::price::RIVAL_DAYS_MAX;
use crate::facts::{ShopFacts, SkuFacts};
use crate::settings::{PricingPolicy, PricingStrategy, ReductionRule, ShopSettings};

/// What the strategy needs to know about a Sku besides its price problem.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing {
    /// The offers of rivals that are still news.
    market: Market,
    /// The lowest price of the last thirty days; `None` if none is known.
    lowest_30_days: Option<Decimal>,
}

impl Standing {
    pub(crate) fn of(facts: &ShopFacts, sku: &SkuFacts, settings: &ShopSettings) -> Self {
        let is_news = |age: chrono::TimeDelta| age.num_days() <= RIVAL_DAYS_MAX;
        let offers = sku.rivals.iter().filter(|rival| is_news(facts.newest_order_at - rival.observed_at));
        let market = Market {
            own_sellers: settings.pricing.own_sellers.clone(),
            offers: offers
                .map(|rival| Offer {
                    seller: rival.name.clone(),
                    price: rival.price,
                    availability: match rival.in_stock {
                        Some(true) => Availability::InStock,
                        Some(false) => Availability::SoldOut,
                        None => Availability::Unknown,
                    },
                    attributes: Vec::new(),
                })
                .collect(),
        };
        Self { market, lowest_30_days: lowest_30_days(sku) }
    }

    /// Whether anybody offers the same thing.
    pub(crate) fn has_rivals(&self, problem: &PriceProblem) -> bool {
        !self.market.rivals(problem.current_price).is_empty()
    }

    /// What the shop's strategy makes of the price.
    ///
    /// # Errors
    /// As [`optimize`].
    pub(crate) fn advise(&self, problem: &PriceProblem, policy: &PricingPolicy) -> Result<PriceAdvice, PricingError> {
        let advice = self.price(problem, policy)?;
        if policy.reductions == ReductionRule::Any || !self.hides_a_cut(problem, &advice, policy) {
            return Ok(advice);
        }
        // A cut that may not be announced is none that the shop wants: the best price that is not lower.
        let mut upwards = problem.clone();
        let rails = &mut upwards.guard_rails;
        rails.min_price = Some(rails.min_price.map_or(problem.current_price, |min| min.max(problem.current_price)));
        let mut advice = self.price(&upwards, policy)?;
        advice.reason.push_str(" A lower price was left out: it could not be announced as a reduction.");
        Ok(advice)
    }

    fn price(&self, problem: &PriceProblem, policy: &PricingPolicy) -> Result<PriceAdvice, PricingError> {
        let options = policy.options();
        match policy.strategy {
            PricingStrategy::Earn => optimize(problem, &options),
            PricingStrategy::Compete => compete(problem, &self.market, &policy.stance, &options),
        }
    }

    /// Whether the advice cuts the price by less than could be announced. A price that breaks a limit must move all the same.
    fn hides_a_cut(&self, problem: &PriceProblem, advice: &PriceAdvice, policy: &PricingPolicy) -> bool {
        let is_cut = advice.recommended.price < problem.current_price && advice.action == Action::Change;
        let announced = self.lowest_30_days.and_then(|lowest| reduction_to_announce(lowest, advice.recommended.price));
        is_cut && announced.is_none_or(|share| share < policy.reduction_min)
    }

    /// What may be said about a cut in public (EU Omnibus); `None` where the price does not fall or its past is unknown.
    pub(crate) fn announcement(&self, from: Decimal, to: Decimal, currency: CurrencyCode) -> Option<String> {
        let lowest = self.lowest_30_days.filter(|_| to < from)?;
        let written = money_text(UnitPrice::new(lowest, currency));
        Some(match reduction_to_announce(lowest, to) {
            Some(share) => {
                let share = Ratio::new(share.proportion().round_dp(3));
                format!("may be announced as {share} off {written}, the lowest price of the last 30 days")
            }
            None => format!("not to be announced as a reduction: {written} was asked within the last 30 days"),
        })
    }
}

/// The lowest price of the last thirty days, today's included.
fn lowest_30_days(sku: &SkuFacts) -> Option<Decimal> {
    let changes: Vec<PriceChange> = sku
        .price
        .iter()
        .enumerate()
        .filter_map(|(day, price)| {
            let price = Decimal::from_f64(*price)?.round_dp(4).normalize();
            Some(PriceChange { day: i32::try_from(day).ok()?, price })
        })
        .collect();
    lowest_price_before(&changes, i32::try_from(sku.price.len()).ok()?)
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};
    use shelfiq_core::CurrencyCode;
    use shelfiq_pricing::{DemandModel, ElasticityBelief, GuardRails, Objective, PriceEndings};

    use super::*;
    use crate::facts::{Daily, RivalFacts, test_sku};

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// Demand that wants a price of 9 (cost 6, elasticity −3), while 10 is asked.
    fn problem() -> PriceProblem {
        PriceProblem {
            current_price: decimal("10"),
            unit_cost: Some(decimal("6")),
            demand: DemandModel {
                baseline_price: 10.0,
                baseline_quantity: 100.0,
                baseline_log_sd: 0.0,
                elasticity: ElasticityBelief { mean: -3.0, sd: 0.05 },
                rival_reaction: None,
                support: None,
            },
            stock_units: None,
            guard_rails: GuardRails {
                max_change_per_day: Some(Ratio::from_percent(30)),
                endings: PriceEndings::Any,
                ..GuardRails::default()
            },
            objective: Objective::Margin,
        }
    }

    fn standing(prices: &[f64], rivals: &[(&str, &str)], policy: &PricingPolicy) -> Standing {
        let now = Utc.with_ymd_and_hms(2026, 3, 1, 12, 0, 0).unwrap();
        let rival = |&(name, price): &(&str, &str)| RivalFacts {
            name: name.to_owned(),
            price: decimal(price),
            in_stock: Some(true),
            observed_at: now,
            since: now,
        };
        let first_day = now.date_naive() - chrono::Days::new(prices.len() as u64 - 1);
        let sku = SkuFacts {
            first_day,
            price: prices.to_vec(),
            rivals: rivals.iter().map(rival).collect(),
            ..test_sku("A", "2026-01-01", vec![0.0; prices.len()])
        };
        let facts = ShopFacts {
            currency: CurrencyCode::EUR,
            last_day: now.date_naive(),
            newest_order_at: now,
            skus: Vec::new(),
            stores: Vec::new(),
            countries: Vec::new(),
            daily_net_revenue: Daily { first_day, values: Vec::new() },
            holidays: std::collections::BTreeMap::new(),
        };
        Standing::of(&facts, &sku, &ShopSettings { pricing: policy.clone(), ..ShopSettings::default() })
    }

    #[test]
    fn the_objective_alone_decides_until_the_shop_wants_a_place_among_its_rivals() {
        let earn = PricingPolicy::default();
        let rivals = [("Copper & Co", "9.60"), ("ours", "7.00"), ("Northwind", "9.40")];
        let alone = standing(&[10.0; 60], &rivals, &earn).advise(&problem(), &earn).unwrap();
        assert!((alone.recommended.price - decimal("9")).abs() < decimal("0.05"), "{}", alone.reason);
        assert_eq!(alone.aim, None);

        let compete = PricingPolicy {
            strategy: PricingStrategy::Compete,
            own_sellers: vec!["Ours".to_owned()],
            stance: shelfiq_pricing::CompetitiveStance {
                sacrifice_max: Ratio::from_percent(30),
                distance: Ratio::from_percent(-10),
                ..Default::default()
            },
            ..PricingPolicy::default()
        };
        let placed = standing(&[10.0; 60], &rivals, &compete).advise(&problem(), &compete).unwrap();
        // A tenth below the median of 9.50; our own 7.00 is nobody to undercut.
        assert_eq!(placed.recommended.price, decimal("8.55"), "{}", placed.reason);
        assert!(placed.aim.is_some_and(|aim| aim.contains("the median of 2 rivals")));
    }

    #[test]
    fn a_cut_that_may_not_be_announced_is_left_out_where_the_shop_says_so() {
        let strict = PricingPolicy { reductions: ReductionRule::OnlyAnnounceable, ..PricingPolicy::default() };
        let steady = standing(&[10.0; 60], &[], &strict);
        assert!(steady.advise(&problem(), &strict).unwrap().recommended.price < decimal("9.5"));
        // 9.10 was asked within the last thirty days: 9.00 is hardly a reduction of that.
        let mut prices = [10.0; 60];
        prices[40..45].fill(9.1);
        let dipped = standing(&prices, &[], &strict);
        let kept = dipped.advise(&problem(), &strict).unwrap();
        assert_eq!(kept.recommended.price, decimal("10"));
        assert!(kept.reason.ends_with("it could not be announced as a reduction."), "{}", kept.reason);
        let free = PricingPolicy::default();
        assert!(dipped.advise(&problem(), &free).unwrap().recommended.price < decimal("9.5"));
    }

    #[test]
    fn what_may_be_said_about_a_cut_is_told() {
        let policy = PricingPolicy::default();
        let mut prices = [10.0; 60];
        prices[40..45].fill(9.1);
        let dipped = standing(&prices, &[], &policy);
        let told = |to| dipped.announcement(decimal("10"), decimal(to), CurrencyCode::EUR);
        assert_eq!(
            told("9.5").as_deref(),
            Some("not to be announced as a reduction: €9.10 was asked within the last 30 days")
        );
        assert_eq!(
            told("8.19").as_deref(),
            Some("may be announced as 10.0 % off €9.10, the lowest price of the last 30 days")
        );
        assert_eq!(told("11"), None);
    }
}
