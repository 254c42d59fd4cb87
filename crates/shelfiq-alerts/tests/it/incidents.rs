//! One alert, not forty.

use chrono::TimeDelta;
use shelfiq_alerts::{AlertKind, Condition, Fact, FeedFact, Observed, Severity, Subject, group};
use shelfiq_core::{CurrencyCode, Money};

use crate::shop::{Desk, about, margin, rule, start, stock};

#[test]
fn forty_skus_that_run_out_are_one_incident_with_the_sum() {
    let mut desk = Desk::new();
    let facts: Vec<Observed> = (0..40).map(|n| about(&format!("SKU-{n:02}"), stock(n % 10 + 1))).collect();
    desk.see(&rule(1, Condition::default_of(AlertKind::StockOutRisk)), &facts);
    let incidents = group(desk.cases.values());
    assert_eq!(incidents.len(), 1);
    assert_eq!(incidents[0].members.len(), 40);
    // Twenty units are needed by each; four times each of 1 to 10 are there; 5.00 EUR are earned on one.
    assert_eq!(incidents[0].money_at_stake, [Money::from_minor((40 * 20 - 4 * 55) * 500, CurrencyCode::EUR)]);
    assert_eq!(
        incidents[0].sentence,
        "40 products run out before new stock can arrive: demand runs ahead of the stock; 2900.00 EUR at stake"
    );
    assert_eq!(incidents[0].members[0].to_string(), "stock_out_risk/SKU-00");
}

#[test]
fn the_worst_comes_first_and_what_is_over_does_not_come() {
    let mut desk = Desk::new();
    desk.see(&rule(1, Condition::default_of(AlertKind::StockOutRisk)), &[about("A", stock(1)), about("B", stock(2))]);
    let mut loss = rule(2, Condition::default_of(AlertKind::MarginLoss));
    loss.severity = Severity::Critical;
    desk.see(&loss, &[about("C", margin(500))]);
    let kinds: Vec<AlertKind> = group(desk.cases.values()).iter().map(|incident| incident.key.kind).collect();
    assert_eq!(kinds, [AlertKind::MarginLoss, AlertKind::StockOutRisk]);
    desk.wait(60).see(&loss, &[about("C", margin(2_000))]);
    assert_eq!(group(desk.cases.values()).len(), 1);
}

#[test]
fn late_input_puts_a_caveat_on_what_may_follow_from_it() {
    let mut desk = Desk::new();
    desk.see(&rule(1, Condition::default_of(AlertKind::StockOutRisk)), &[about("A", stock(1))]);
    assert_eq!(group(desk.cases.values())[0].caveat, None);
    let late = Observed {
        subject: Subject::Feed("orders".to_owned()),
        title: String::new(),
        fact: Fact::Feed(FeedFact { newest_at: start() - TimeDelta::days(9), usual_gap_hours: 24.0, last_error: None }),
    };
    let mut freshness = rule(2, Condition::default_of(AlertKind::DataFreshness));
    freshness.hold.fire_after_minutes = 0;
    desk.see(&freshness, &[late]);
    let stock_out =
        group(desk.cases.values()).into_iter().find(|incident| incident.key.kind == AlertKind::StockOutRisk);
    assert!(stock_out.unwrap().caveat.unwrap().contains("`orders` is late"));
}
