//! A morning's inbox: what matters has an alert of its own, the rest is one alert, and trifles are none.

use shelfiq_alerts::{
    AlertKind, Case, CaseState, Change, Condition, Fact, Finding, OWN_ALERTS_MAX, Observed, RivalFact, Severity,
    Subject,
};
use shelfiq_core::{CurrencyCode, Money};

use crate::shop::{Desk, about, euro, rule, start, stock};

fn eur(cents: i64) -> Money {
    Money::from_minor(cents, CurrencyCode::EUR)
}

/// Twenty units are needed and 5.00 EUR are earned on each: so many EUR are at stake, at most 100.
fn short_by(sku: &str, euros: i64) -> Observed {
    about(sku, stock(20 - euros / 5))
}

fn stock_out() -> shelfiq_alerts::AlertRule {
    rule(1, Condition::default_of(AlertKind::StockOutRisk))
}

fn firing(desk: &Desk) -> Vec<&Case> {
    desk.cases.values().filter(|case| matches!(case.state, CaseState::Firing { .. })).collect()
}

fn rest(desk: &Desk) -> Option<&Finding> {
    firing(desk).into_iter().find(|case| case.key.subject == Subject::Rest).map(|case| &case.finding)
}

/// 100,000 EUR in four weeks: 50 EUR are worth an alert.
const SHOP: Option<Money> = Some(Money::from_minor(10_000_000, CurrencyCode::EUR));

#[test]
fn small_sums_are_told_together_with_their_sum_and_every_member() {
    let mut desk = Desk::new();
    let facts: Vec<Observed> =
        (0..30).map(|n| short_by(&format!("S-{n:02}"), 10)).chain([short_by("BIG", 55)]).collect();
    let evaluation = desk.see_in_shop_of(SHOP, &stock_out(), &facts);
    assert_eq!((firing(&desk).len(), evaluation.too_small), (2, 0));
    let rest = rest(&desk).unwrap();
    assert_eq!(
        rest.sentence,
        "30 more products run out before new stock can arrive, €300.00 together: \
         Product S-00 (€10.00), Product S-01 (€10.00), Product S-02 (€10.00) and 27 others"
    );
    assert_eq!((rest.money_at_stake, rest.members.len(), rest.severity), (Some(eur(30_000)), 30, Severity::Medium));
}

#[test]
fn what_is_small_even_together_is_counted_and_raised_for_nobody() {
    let mut desk = Desk::new();
    let evaluation = desk.see_in_shop_of(SHOP, &stock_out(), &[short_by("A", 20), short_by("B", 25)]);
    assert_eq!((evaluation.transitions.len(), evaluation.too_small), (0, 2));
    let evaluation = desk.see_in_shop_of(SHOP, &stock_out(), &[short_by("A", 20), short_by("B", 30)]);
    assert_eq!((evaluation.transitions.len(), evaluation.too_small), (1, 0));
}

#[test]
fn of_many_large_ones_the_costliest_come_first_and_none_is_lost() {
    let mut desk = Desk::new();
    let facts: Vec<Observed> = (0..40).map(|n| about(&format!("S-{n:02}"), stock(n / 10))).collect();
    desk.see(&stock_out(), &facts);
    let own: Vec<String> = firing(&desk).iter().map(|case| case.key.to_string()).collect();
    assert_eq!(own.len(), OWN_ALERTS_MAX + 1);
    assert!(own.contains(&"stock_out_risk/S-00".to_owned()) && !own.contains(&"stock_out_risk/S-39".to_owned()));
    assert_eq!(rest(&desk).unwrap().members.len(), 40 - OWN_ALERTS_MAX);
}

#[test]
fn an_open_alert_keeps_its_place_until_half_the_bar() {
    let mut desk = Desk::new();
    desk.see_in_shop_of(SHOP, &stock_out(), &[short_by("A", 50)]);
    desk.wait(60).see_in_shop_of(SHOP, &stock_out(), &[short_by("A", 30)]);
    assert_eq!(firing(&desk).len(), 1);
    let evaluation = desk.wait(60).see_in_shop_of(SHOP, &stock_out(), &[short_by("A", 20)]);
    assert_eq!(evaluation.transitions.iter().map(|step| step.change).collect::<Vec<_>>(), [Change::Resolved]);
    assert_eq!(evaluation.too_small, 1);
}

#[test]
fn the_rest_ends_when_nothing_is_left_of_it() {
    let mut desk = Desk::new();
    let small = |euros| [short_by("A", euros), short_by("B", euros)];
    desk.see_in_shop_of(SHOP, &stock_out(), &small(30));
    assert_eq!(rest(&desk).unwrap().members.len(), 2);
    desk.wait(60).see_in_shop_of(SHOP, &stock_out(), &[about("A", stock(99)), about("B", stock(99))]);
    assert!(firing(&desk).is_empty());
    assert!(desk.wait(60).see_in_shop_of(SHOP, &stock_out(), &small(30)).transitions[0].change == Change::Reopened);
}

#[test]
fn where_no_sum_is_at_stake_what_a_product_sells_decides() {
    let undercut = |sku: &str, turnover_cents| Observed {
        turnover: Some(eur(turnover_cents)),
        ..about(
            sku,
            Fact::Rival(RivalFact {
                price: euro(1000),
                rival_price: euro(800),
                rival: "Teapots & Co".to_owned(),
                observed_at: start(),
                since: start(),
                daily_demand_units: 1.0,
                cross_elasticity: None,
                unit_value: euro(400),
            }),
        )
    };
    let mut desk = Desk::new();
    let rule = rule(1, Condition::default_of(AlertKind::RivalUndercut));
    let facts = [undercut("SELLS", 100_000), undercut("HARDLY", 90_000), undercut("NEVER", 0)];
    let evaluation = desk.see_in_shop_of(SHOP, &rule, &facts);
    let own: Vec<String> = firing(&desk).iter().map(|case| case.key.to_string()).collect();
    assert_eq!((own, evaluation.too_small), (vec!["rival_undercut/SELLS".to_owned()], 2));
}
