//! Prices that look at rivals: scenarios, and two of our own sellers against each other.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic anywhere")]

use proptest::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use shelfiq_core::Ratio;
use shelfiq_pricing::{
    Action, Attribute, Availability, CompetitiveStance, DemandModel, Direction, ElasticityBelief, GuardRails,
    HedonicModel, KeepReason, Market, Objective, Offer, OptimizeOptions, PriceEndings, PriceProblem, Reference,
    compete, price_by_value,
};

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// A kettle at 30.00 that costs 15.00, elasticity −2.2: its best price is 27.50.
fn kettle(price: &str) -> PriceProblem {
    let price = decimal(price);
    PriceProblem {
        current_price: price,
        unit_cost: Some(decimal("15.00")),
        demand: DemandModel {
            baseline_price: price.to_f64().unwrap(),
            baseline_quantity: 100.0,
            baseline_log_sd: 0.0,
            elasticity: ElasticityBelief { mean: -2.2, sd: 0.05 },
            rival_reaction: None,
            support: None,
        },
        stock_units: None,
        guard_rails: GuardRails { max_change_per_day: None, endings: PriceEndings::Any, ..GuardRails::default() },
        objective: Objective::Margin,
    }
}

fn offer(seller: &str, price: &str) -> Offer {
    Offer {
        seller: seller.to_owned(),
        price: decimal(price),
        availability: Availability::InStock,
        attributes: Vec::new(),
    }
}

fn market(offers: &[(&str, &str)]) -> Market {
    Market {
        own_sellers: vec!["Our Shop".to_owned()],
        offers: offers.iter().map(|(seller, price)| offer(seller, price)).collect(),
    }
}

const UNDERCUT_CHEAPEST: fn() -> CompetitiveStance = || CompetitiveStance {
    reference: Reference::Cheapest,
    distance: Ratio::new(Decimal::new(-1, 2)),
    ..CompetitiveStance::default()
};

/// `price | binding` of the strategy.
fn check(problem: &PriceProblem, offers: &[(&str, &str)], stance: &CompetitiveStance, expected: &str) -> String {
    let advice = compete(problem, &market(offers), stance, &OptimizeOptions::default()).unwrap();
    let found =
        format!("{} | {}", advice.recommended.price, advice.binding.map_or("-", |constraint| constraint.code()));
    assert_eq!(found, expected, "{}", advice.reason);
    advice.reason
}

#[test]
fn the_median_is_matched_and_the_cheapest_undercut() {
    let rivals = [("A", "26.00"), ("B", "25.00"), ("C", "29.00")];
    let reason = check(&kettle("30.00"), &rivals, &CompetitiveStance::default(), "26.00 | -");
    assert!(reason.contains("The aim is matching the median of 3 rivals at 26."), "{reason}");
    let reason = check(&kettle("30.00"), &rivals, &UNDERCUT_CHEAPEST(), "24.75 | -");
    assert!(reason.contains("1.0 % below the cheapest of 3 rivals at 25."), "{reason}");
    let advice =
        compete(&kettle("26.00"), &market(&rivals), &CompetitiveStance::default(), &OptimizeOptions::default())
            .unwrap();
    assert_eq!(advice.action, Action::Keep(KeepReason::InPosition));
}

#[test]
fn our_own_offers_are_nobody_to_undercut() {
    let ours = [("our  shop", "24.00"), ("OUR SHOP", "20.00"), ("B", "26.00")];
    check(&kettle("30.00"), &ours, &UNDERCUT_CHEAPEST(), "25.74 | -");
    // Alone with ourselves, the price is the best one without rivals.
    check(&kettle("20.00"), &ours[..2], &UNDERCUT_CHEAPEST(), "27.50 | -");
}

#[test]
fn the_sold_out_the_double_and_the_absurd_do_not_count() {
    let mut seen = market(&[("A", "1.00"), ("B", "400.00"), ("C", "26.00"), ("c", "27.00"), ("D", "20.00")]);
    seen.offers[4].availability = Availability::SoldOut;
    let names: Vec<&str> = seen.rivals(decimal("30")).iter().map(|offer| offer.seller.as_str()).collect();
    assert_eq!(names, ["C"]);
}

#[test]
fn prices_rise_when_rivals_leave() {
    let pressed = check(&kettle("24.75"), &[("A", "25.00")], &UNDERCUT_CHEAPEST(), "24.75 | -");
    assert!(pressed.starts_with("Keep 24.75"), "{pressed}");
    check(&kettle("24.75"), &[], &UNDERCUT_CHEAPEST(), "27.50 | -");
    check(&kettle("24.75"), &[("A", "40.00")], &UNDERCUT_CHEAPEST(), "27.50 | -");
}

#[test]
fn a_position_costs_no_more_than_it_may() {
    let reason = check(&kettle("30.00"), &[("A", "16.00")], &UNDERCUT_CHEAPEST(), "21.65 | position_cost");
    assert!(reason.ends_with("no lower than what that position may cost. It is not known which prices were tried: the estimate may reach beyond what was observed."), "{reason}");
    let margin = |price: f64| (price - 15.0) * price.powf(-2.2);
    assert!(margin(21.65) >= 0.9 * margin(27.5) && margin(21.64) < 0.9 * margin(27.5));
    let daily = GuardRails { max_change_per_day: Some(Ratio::from_percent(10)), ..kettle("30.00").guard_rails };
    let bound = PriceProblem { guard_rails: daily, ..kettle("30.00") };
    check(&bound, &[("A", "16.00")], &UNDERCUT_CHEAPEST(), "27.00 | max_change_per_day");
}

/// Two shops of ours on one market, each undercutting the other, day after day; demand moves between them.
#[test]
fn two_of_our_sellers_do_not_race_to_the_floor_and_recover_when_one_leaves() {
    let mut prices = [decimal("29.90"), decimal("29.80")];
    let floor = decimal("15.50");
    let ask = |price: Decimal, rival: Option<Decimal>| {
        let rails = GuardRails {
            min_price: Some(floor),
            max_change_per_day: Some(Ratio::from_percent(10)),
            endings: PriceEndings::Any,
            ..GuardRails::default()
        };
        let other = rival.map_or(40.0, |rival| rival.to_f64().unwrap());
        // What is sold at today's price falls as the other gets cheaper: each sees a weaker baseline, not another slope.
        let own = price.to_f64().unwrap();
        let demand = DemandModel {
            baseline_price: own,
            baseline_quantity: 100.0 * (own / 27.5).powf(-2.2) * (other / 27.5).powf(1.5),
            ..kettle("30").demand
        };
        let problem = PriceProblem { current_price: price, demand, guard_rails: rails, ..kettle("30") };
        let offers: Vec<Offer> = rival.map(|rival| offer("the other", &rival.to_string())).into_iter().collect();
        let market = Market { own_sellers: vec!["me".to_owned()], offers };
        compete(&problem, &market, &UNDERCUT_CHEAPEST(), &OptimizeOptions::default()).unwrap().recommended.price
    };
    for _ in 0..200 {
        prices = [ask(prices[0], Some(prices[1])), ask(prices[1], Some(prices[0]))];
        assert!(prices.iter().all(|&price| price >= decimal("21.65")), "{prices:?}");
    }
    assert_eq!(prices, [decimal("21.65"), decimal("21.65")]);
    let mut alone = prices[0];
    for _ in 0..10 {
        alone = ask(alone, None);
    }
    assert!((alone - decimal("27.50")).abs() < decimal("0.30"), "{alone}");
}

fn attributes() -> Vec<Attribute> {
    let attribute = |name: &str, direction| Attribute { name: name.to_owned(), direction };
    vec![attribute("rating", Direction::MoreIsBetter), attribute("litres", Direction::Either)]
}

/// Rivals whose log price is `3.3 + 0.1 · (rating − 4) + 0.2 · (litres − 1.5)`, a little off.
fn rated() -> Vec<Offer> {
    (0..24)
        .map(|number| {
            let (rating, litres) = (3.0 + 0.25 * f64::from(number % 8), 1.0 + 0.5 * f64::from(number % 3));
            let off = 0.02 * f64::from(number * 7 % 5 - 2);
            let price = (3.3 + 0.1 * (rating - 4.0) + 0.2 * (litres - 1.5) + off).exp();
            Offer { attributes: vec![rating, litres], ..offer(&format!("rival {number}"), &format!("{price:.2}")) }
        })
        .collect()
}

#[test]
fn the_premium_of_a_rating_is_read_off_the_rivals() {
    let offers = rated();
    let model = HedonicModel::fit(&attributes(), &offers.iter().collect::<Vec<_>>()).unwrap();
    let price = |rating: f64, litres: f64| model.value_of(&[rating, litres]).unwrap().unwrap().price;
    let star = (price(4.5, 1.5) / price(3.5, 1.5)).ln();
    assert!((star - 0.1).abs() < 0.03, "a star is worth {star}");
    assert!((price(4.0, 1.5) / 3.3_f64.exp() - 1.0).abs() < 0.03);

    let rails = GuardRails { max_change_per_day: None, ..kettle("24.00").guard_rails };
    let problem = PriceProblem { guard_rails: rails, ..kettle("24.00") };
    let advice =
        price_by_value(&problem, &model, &[4.1, 1.5], Ratio::from_percent(20), &OptimizeOptions::default()).unwrap();
    assert!(advice.recommended.price > decimal("26.5") && advice.recommended.price <= decimal("27.50"));
    assert!(advice.reason.contains("the typical 2") && advice.reason.contains("of 24 rivals"), "{}", advice.reason);
}

#[test]
fn a_rating_that_seems_to_hurt_is_worth_nothing_rather_than_less() {
    let mut offers = rated();
    offers.iter_mut().for_each(|offer| offer.attributes[0] = 8.0 - offer.attributes[0]);
    let model = HedonicModel::fit(&attributes(), &offers.iter().collect::<Vec<_>>()).unwrap();
    let price = |rating: f64| model.value_of(&[rating, 1.5]).unwrap().unwrap().price;
    assert_eq!(price(3.0), price(5.0));
}

#[test]
fn without_rivals_value_says_nothing_and_the_best_price_stands() {
    let model = HedonicModel::fit(&attributes(), &[]).unwrap();
    assert_eq!(model.value_of(&[4.0, 1.5]).unwrap(), None);
    let advice =
        price_by_value(&kettle("24.00"), &model, &[4.0, 1.5], Ratio::ZERO, &OptimizeOptions::default()).unwrap();
    assert_eq!(advice.recommended.price, decimal("27.50"));
    assert!(model.value_of(&[4.0]).unwrap_err().to_string().contains("a number for each attribute"));
}

proptest! {
    #[test]
    fn the_value_never_falls_with_the_rating(
        rows in prop::collection::vec((1.0_f64..5.0, 0.5_f64..3.0, 5.0_f64..60.0), 1..12),
        litres in 0.0_f64..4.0,
    ) {
        let offers: Vec<Offer> = rows
            .iter()
            .enumerate()
            .map(|(number, &(rating, litres, price))| Offer {
                attributes: vec![rating, litres],
                ..offer(&number.to_string(), &format!("{price:.2}"))
            })
            .collect();
        let model = HedonicModel::fit(&attributes(), &offers.iter().collect::<Vec<_>>()).unwrap();
        let prices: Vec<f64> =
            (0..=20).map(|step| model.value_of(&[f64::from(step) * 0.25, litres]).unwrap().unwrap().price).collect();
        prop_assert!(prices.is_sorted() && prices.iter().all(|price| price.is_finite() && *price > 0.0));
    }

    #[test]
    fn no_strategy_breaks_a_guard_rail(
        price in 500_i64..5_000, rivals in prop::collection::vec(300_i64..8_000, 0..5), distance in -20_i64..20,
        min in prop::option::of(400_i64..5_000), max in prop::option::of(600_i64..6_000), floor in 0_i64..50,
        cap in prop::option::of(0_i64..20), slope in -4.0_f64..0.2,
    ) {
        let mut problem = kettle(&Decimal::new(price, 2).to_string());
        problem.demand.elasticity.mean = slope;
        problem.guard_rails = GuardRails {
            min_price: min.map(|cents| Decimal::new(cents, 2)),
            max_price: max.map(|cents| Decimal::new(cents, 2)),
            margin_floor: Some(Ratio::from_percent(floor)),
            max_change_per_day: cap.map(Ratio::from_percent),
            ..GuardRails::default()
        };
        let offers = rivals.iter().map(|&cents| offer(&cents.to_string(), &Decimal::new(cents, 2).to_string()));
        let market = Market { own_sellers: Vec::new(), offers: offers.collect() };
        let stance = CompetitiveStance { distance: Ratio::from_percent(distance), ..CompetitiveStance::default() };
        if let Ok(advice) = compete(&problem, &market, &stance, &OptimizeOptions::default()) {
            prop_assert!(advice.recommended.violations.is_empty(), "{advice:?}");
            let violations = problem.guard_rails.check(advice.recommended.price, &problem.context());
            prop_assert!(violations.is_empty());
        }
    }
}
