//! Each condition just below, at and above its thresholds, with the sentence it gives.

use chrono::{NaiveDate, TimeDelta};
use shelfiq_alerts::{
    Action, AlertKind, Cause, Change, Condition, DemandFact, Fact, FeedFact, Finding, ForecastFact, Observed,
    PriceFact, QualityFact, RatingFact, RivalFact, RuleError, Severity, StockFact, StockOutRisk, Subject, UnusualValue,
    WatchedFact, WatchedSeries, default_rules, evaluate,
};
use shelfiq_core::{CurrencyCode, Money, Quantity, Ratio};

use crate::shop::{Desk, about, euro, margin, rule, start, stock};

/// The finding of a default rule of this kind, if it fires.
fn finding(kind: AlertKind, fact: Fact) -> Option<Finding> {
    let rule = rule(1, Condition::default_of(kind));
    let transitions = evaluate(&rule, &Desk::new().cases, &[about("MUG", fact)], None, start()).transitions;
    transitions.into_iter().next().map(|transition| transition.case.finding)
}

fn eur(cents: i64) -> Option<Money> {
    Some(Money::from_minor(cents, CurrencyCode::EUR))
}

fn demand(actual_units: f64) -> DemandFact {
    DemandFact {
        first_day: NaiveDate::from_ymd_opt(2026, 2, 23).unwrap(),
        days: 7,
        history_days: 28,
        actual_units,
        expected_units: 40.0,
        lo_units: 30.0,
        hi_units: 52.0,
        unit_value: euro(250),
        was_out_of_stock: false,
        price_change: None,
        had_promotion: false,
    }
}

#[test]
fn stock_that_lasts_exactly_the_lead_time_is_enough() {
    assert_eq!(finding(AlertKind::StockOutRisk, stock(20)), None);
    let found = finding(AlertKind::StockOutRisk, stock(19)).unwrap();
    assert_eq!(found.sentence, "19 left; 20 will sell in the 10 days until new stock can arrive");
    assert_eq!((found.money_at_stake, found.action), (eur(500), Action::Restock));
}

#[test]
fn stock_on_the_way_counts_and_an_empty_shelf_says_so() {
    let Fact::Stock(fact) = stock(0) else { unreachable!() };
    let on_the_way = StockFact { on_order: Quantity::new(25), ..fact.clone() };
    assert_eq!(finding(AlertKind::StockOutRisk, Fact::Stock(on_the_way)), None);
    let found = finding(AlertKind::StockOutRisk, Fact::Stock(fact)).unwrap();
    assert!(found.sentence.starts_with("Out of stock; "), "{}", found.sentence);
    assert_eq!((found.cause, found.money_at_stake), (Cause::OutOfStock, eur(10_000)));
}

#[test]
fn what_does_not_sell_does_not_run_out() {
    let Fact::Stock(fact) = stock(0) else { unreachable!() };
    let idle = StockFact { daily_demand_units: 0.01, daily_demand_hi_units: 0.02, ..fact };
    assert_eq!(finding(AlertKind::StockOutRisk, Fact::Stock(idle)), None);
}

#[test]
fn a_unit_sold_below_its_cost_is_a_loss_and_one_sold_at_cost_is_not() {
    assert_eq!(finding(AlertKind::MarginLoss, margin(1000)), None);
    let found = finding(AlertKind::MarginLoss, margin(999)).unwrap();
    assert_eq!(found.sentence, "Sells at €9.99 and costs €10.00: each unit loses €0.01; €0.90 in 30 days");
    assert_eq!((found.money_at_stake, found.cause), (eur(90), Cause::OwnPrice));
}

#[test]
fn a_drop_needs_both_a_third_less_and_a_value_below_the_band() {
    assert_eq!(finding(AlertKind::DemandDrop, Fact::Demand(demand(29.0))), None);
    assert_eq!(finding(AlertKind::DemandDrop, Fact::Demand(DemandFact { lo_units: 20.0, ..demand(25.0) })), None);
    let found = finding(AlertKind::DemandDrop, Fact::Demand(demand(20.0))).unwrap();
    assert_eq!(found.sentence, "20 sold in 7 days from 2026-02-23; 30–52 expected");
    assert_eq!((found.money_at_stake, found.cause), (eur(5_000), Cause::Unknown));
}

#[test]
fn the_cause_of_a_drop_is_read_off_the_facts() {
    let cause = |fact| finding(AlertKind::DemandDrop, Fact::Demand(fact)).map(|found| (found.cause, found.action));
    let sold_out = DemandFact { was_out_of_stock: true, ..demand(10.0) };
    assert_eq!(cause(sold_out), Some((Cause::OutOfStock, Action::Restock)));
    let dearer = DemandFact { price_change: Some(Ratio::from_percent(12)), ..demand(10.0) };
    assert_eq!(cause(dearer), Some((Cause::OwnPrice, Action::ReviewPrice)));
}

#[test]
fn few_expected_units_make_no_drop_and_few_extra_ones_no_spike() {
    let slow = DemandFact { expected_units: 2.0, lo_units: 1.0, hi_units: 4.0, ..demand(0.0) };
    assert_eq!(finding(AlertKind::DemandDrop, Fact::Demand(slow.clone())), None);
    assert_eq!(finding(AlertKind::DemandSpike, Fact::Demand(DemandFact { actual_units: 5.0, ..slow })), None);
    assert_eq!(finding(AlertKind::DemandSpike, Fact::Demand(demand(60.0))), None);
    let found =
        finding(AlertKind::DemandSpike, Fact::Demand(DemandFact { had_promotion: true, ..demand(61.0) })).unwrap();
    assert_eq!((found.cause, found.severity), (Cause::Promotion, Severity::Low));
}

#[test]
fn a_sku_with_less_than_four_weeks_of_trading_has_no_usual_demand() {
    let young = |actual| Fact::Demand(DemandFact { history_days: 27, ..demand(actual) });
    assert_eq!(finding(AlertKind::DemandDrop, young(0.0)), None);
    assert_eq!(finding(AlertKind::DemandSpike, young(500.0)), None);
    assert!(finding(AlertKind::DemandDrop, Fact::Demand(demand(0.0))).is_some());
    assert!(finding(AlertKind::DemandSpike, Fact::Demand(demand(500.0))).is_some());
}

#[test]
fn a_slipped_digit_is_an_unusual_price() {
    let price = |cents, score| {
        Fact::Price(PriceFact {
            price: euro(cents),
            expected: euro(1990),
            lo: euro(1790),
            hi: euro(2190),
            score: Ratio::from_percent(score),
            since: start(),
            daily_demand_units: Some(4.0),
        })
    };
    assert_eq!(finding(AlertKind::PriceAnomaly, price(199, 49)), None);
    assert_eq!(finding(AlertKind::PriceAnomaly, price(1900, 80)), None);
    let found = finding(AlertKind::PriceAnomaly, price(199, 80)).unwrap();
    assert_eq!(
        found.sentence,
        "€1.99 is 90.0 % below the expected €19.90; €17.90–€21.90 is usual; at 4 a day it gives away €501.48 in 7 days"
    );
    assert_eq!(finding(AlertKind::PriceAnomaly, price(19900, 80)).unwrap().money_at_stake, None);
}

#[test]
fn a_rival_is_named_and_money_is_claimed_only_where_the_elasticity_is_known() {
    let rival = |cents, cross_elasticity| {
        Fact::Rival(RivalFact {
            price: euro(1000),
            rival_price: euro(cents),
            rival: "Teapots & Co".to_owned(),
            observed_at: start(),
            since: start(),
            daily_demand_units: 10.0,
            cross_elasticity,
            unit_value: euro(400),
        })
    };
    assert_eq!(finding(AlertKind::RivalUndercut, rival(950, None)), None);
    let found = finding(AlertKind::RivalUndercut, rival(900, None)).unwrap();
    assert_eq!(
        (found.sentence.as_str(), found.money_at_stake),
        ("Teapots & Co sells at €9.00, 10.0 % below our €10.00", None)
    );
    assert_eq!(finding(AlertKind::RivalUndercut, rival(900, Some(1.5))).unwrap().money_at_stake, eur(4_200));
}

/// A watched series whose value left its band by so much.
fn watched(series: WatchedSeries, actual: f64, expected: f64, score: i64) -> WatchedFact {
    let day = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
    let (score, sentence) = (Ratio::from_percent(score), format!("{actual} on {day}"));
    let unusual = Some(UnusualValue { day, actual, expected, score, sentence });
    WatchedFact { series, unusual, daily_demand_units: 4.0, unit_value: Some(euro(250)) }
}

#[test]
fn each_watched_series_has_a_rule_of_its_own_and_no_other_rule_hears_it() {
    let kinds = [
        (AlertKind::RivalMove, WatchedSeries::RivalPrice),
        (AlertKind::TrafficChange, WatchedSeries::Traffic),
        (AlertKind::ReviewSurge, WatchedSeries::Reviews),
        (AlertKind::StockLoss, WatchedSeries::MissingStock),
    ];
    for kind in AlertKind::ALL {
        for (of, one) in kinds {
            let found = finding(kind, Fact::Watched(watched(one, 9.0, 3.0, 80)));
            assert_eq!(found.is_some(), kind == of, "{kind} hears {one:?}");
            assert_eq!(finding(kind, Fact::Watched(watched(one, 9.0, 3.0, 49))), None, "below the threshold");
        }
    }
}

#[test]
fn visitors_who_stay_away_and_units_that_are_gone_cost_money_and_more_visitors_do_not() {
    let found =
        finding(AlertKind::TrafficChange, Fact::Watched(watched(WatchedSeries::Traffic, 50.0, 200.0, 80))).unwrap();
    // Three quarters of 4 units a day over 7 days at 2.50 EUR.
    assert_eq!(found.sentence, "50 on 2026-03-01; if sales follow, about €52.50 in 7 days");
    assert_eq!((found.money_at_stake, found.action), (eur(5_250), Action::ReviewDemand));
    let more =
        finding(AlertKind::TrafficChange, Fact::Watched(watched(WatchedSeries::Traffic, 900.0, 200.0, 80))).unwrap();
    assert_eq!((more.sentence.as_str(), more.money_at_stake), ("900 on 2026-03-01", None));
    let gone =
        finding(AlertKind::StockLoss, Fact::Watched(watched(WatchedSeries::MissingStock, 12.0, 1.0, 80))).unwrap();
    assert_eq!((gone.sentence.as_str(), gone.money_at_stake), ("12 on 2026-03-01; worth €30.00", eur(3_000)));
    let unpriced = WatchedFact { unit_value: None, ..watched(WatchedSeries::MissingStock, 12.0, 1.0, 80) };
    assert_eq!(finding(AlertKind::StockLoss, Fact::Watched(unpriced)).unwrap().money_at_stake, None);
}

#[test]
fn a_series_that_is_usual_again_resolves_its_alert() {
    let rule = rule(1, Condition::default_of(AlertKind::ReviewSurge));
    let mut desk = Desk::new();
    let surge = watched(WatchedSeries::Reviews, 40.0, 2.0, 90);
    assert_eq!(desk.changes(&rule, &[about("MUG", Fact::Watched(surge.clone()))]), [Change::Fired]);
    let calm = WatchedFact { unusual: None, ..surge };
    assert_eq!(desk.changes(&rule, &[about("MUG", Fact::Watched(calm))]), [Change::Resolved]);
}

#[test]
fn few_bad_reviews_are_no_drop_and_many_are() {
    let rating = |recent_count| {
        Fact::Rating(RatingFact {
            recent_stars: 3.9,
            recent_count,
            earlier_stars: 4.5,
            earlier_count: 200,
            deviation_stars: 1.0,
            since: start(),
            top_complaint: Some("sizing".to_owned()),
        })
    };
    assert_eq!(finding(AlertKind::RatingDrop, rating(4)), None);
    assert_eq!(finding(AlertKind::RatingDrop, rating(8)), None);
    let found = finding(AlertKind::RatingDrop, rating(30)).unwrap();
    assert_eq!(
        found.sentence,
        "Rated 3.9 in the last 30 reviews, 4.5 in the 200 before; recent bad reviews speak of sizing"
    );
}

#[test]
fn a_feed_is_late_after_twice_its_usual_gap() {
    let rule = rule(1, Condition::default_of(AlertKind::DataFreshness));
    let feed = |hours| Observed {
        subject: Subject::Feed("orders".to_owned()),
        title: "Orders".to_owned(),
        turnover: None,
        fact: Fact::Feed(FeedFact {
            newest_at: start() - TimeDelta::hours(hours),
            usual_gap_hours: 24.0,
            last_error: Some("the key was revoked".to_owned()),
        }),
    };
    let late = |hours| evaluate(&rule, &Desk::new().cases, &[feed(hours)], None, start()).transitions;
    assert_eq!(late(48), []);
    let case = late(49).remove(0).case;
    assert_eq!(
        case.finding.sentence,
        "Nothing new for 2 days; it usually comes within 24 hours; the last attempt failed: the key was revoked"
    );
    assert_eq!(case.finding.since, start() - TimeDelta::hours(25));
}

#[test]
fn forecasts_that_hold_too_little_or_miss_more_than_last_week_are_told_and_few_outcomes_say_nothing() {
    let rule = rule(1, Condition::default_of(AlertKind::ForecastQuality));
    let percent = Ratio::from_percent;
    let sentence = |outcomes, coverage_80, advantage| {
        let fact = ForecastFact {
            outcomes,
            coverage_80: percent(coverage_80),
            advantage: percent(advantage),
            since: start() - TimeDelta::days(20),
        };
        let observed = Observed {
            subject: Subject::Feed("forecasts".to_owned()),
            title: "Forecasts".to_owned(),
            turnover: None,
            fact: Fact::Forecast(fact),
        };
        let mut moved = evaluate(&rule, &Desk::new().cases, &[observed], None, start()).transitions;
        moved.pop().map(|transition| transition.case.finding.sentence)
    };
    assert_eq!(
        sentence(900, 61, 20).as_deref(),
        Some("Of the last 900 outcomes only 61 % lay inside the 80 % intervals of the forecasts")
    );
    assert_eq!(
        sentence(900, 80, -12).as_deref(),
        Some("Over the last 900 outcomes the forecasts missed by 12 % more than repeating last week would have")
    );
    assert_eq!([sentence(900, 72, 10), sentence(900, 80, 1), sentence(900, 80, 20)], [None, None, None]);
    assert_eq!(sentence(100, 20, -50), None);
}

#[test]
fn two_currencies_say_nothing() {
    let Fact::Margin(mut fact) = margin(500) else { unreachable!() };
    fact.unit_cost = shelfiq_core::UnitPrice::new(fact.unit_cost.amount(), CurrencyCode::USD);
    assert_eq!(finding(AlertKind::MarginLoss, Fact::Margin(fact)), None);
}

#[test]
fn a_large_sum_makes_any_alert_critical() {
    let mut rule = rule(1, Condition::default_of(AlertKind::StockOutRisk));
    rule.critical_from = eur(10_000);
    let severity = |on_hand| {
        let facts = [about("MUG", stock(on_hand))];
        evaluate(&rule, &Desk::new().cases, &facts, None, start()).transitions.remove(0).case.finding.severity
    };
    assert_eq!((severity(1), severity(0)), (Severity::High, Severity::Critical));
}

#[test]
fn the_default_rules_are_valid_and_hysteresis_the_wrong_way_round_is_not() {
    for condition in default_rules() {
        assert_eq!(rule(1, condition).validate(), Ok(()));
    }
    let backwards = StockOutRisk { fire_spare_days: 5.0, clear_spare_days: 1.0, ..StockOutRisk::default() };
    let error = rule(1, Condition::StockOutRisk(backwards)).validate().unwrap_err();
    assert!(matches!(error, RuleError::ClearBeyondFire { .. }));
    let wild = StockOutRisk { fire_spare_days: f64::NAN, ..StockOutRisk::default() };
    assert!(matches!(rule(1, Condition::StockOutRisk(wild)).validate(), Err(RuleError::OutOfBounds { .. })));
}

#[test]
fn values_that_go_missing_fire_beyond_chance_and_five_points() {
    let fact = |now: i64, before: i64, is_beyond_chance: bool| {
        Fact::Quality(QualityFact {
            what: "Rivals’ prices".to_owned(),
            missing_share: Ratio::from_percent(now),
            missing_share_before: Ratio::from_percent(before),
            is_beyond_chance,
            since: start(),
        })
    };
    assert_eq!(finding(AlertKind::DataQuality, fact(14, 10, true)), None, "four points are no matter");
    assert_eq!(finding(AlertKind::DataQuality, fact(31, 10, false)), None, "a handful of days may be chance");
    assert_eq!(finding(AlertKind::DataQuality, fact(5, 31, true)), None, "fewer are welcome");
    let found = finding(AlertKind::DataQuality, fact(31, 10, true)).unwrap();
    assert_eq!(found.sentence, "Rivals’ prices are missing on 31 % of days; 10 % before");
    assert_eq!((found.action, found.money_at_stake), (Action::RefreshFeed, None));
}
