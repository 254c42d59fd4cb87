//! The cause that fits the numbers comes first.

use shelfiq_anomaly::{Cause, Drivers, Turn, causes};

fn first(actual: f64, expected: f64, drivers: &Drivers) -> Cause {
    let causes = causes(actual, expected, drivers);
    assert!((causes.iter().map(|cause| cause.1).sum::<f64>() - 1.0).abs() < 1e-9);
    causes[0].0.clone()
}

#[test]
fn a_price_cut_explains_more_sales_and_not_fewer() {
    let drivers = Drivers { price_ratio: 0.7, ..Drivers::default() };
    assert_eq!(first(21.0, 11.0, &drivers), Cause::Price(0.7));
    assert_eq!(first(0.0, 11.0, &drivers), Cause::Unknown);
    assert_eq!(Cause::Price(0.7).to_string(), "likely because the price was 30 % lower");
}

#[test]
fn an_empty_shelf_explains_a_loss_better_than_a_small_change_of_price() {
    let drivers = Drivers { price_ratio: 1.05, stock_out: Turn::Began, ..Drivers::default() };
    assert_eq!(first(0.0, 14.0, &drivers), Cause::StockOut);
}

#[test]
fn a_promotion_takes_its_price_along() {
    let drivers = Drivers { price_ratio: 0.8, promotion: Turn::Began, ..Drivers::default() };
    assert_eq!(first(25.0, 12.0, &drivers), Cause::PromotionBegan);
    let drivers = Drivers { price_ratio: 1.25, promotion: Turn::Ended, ..Drivers::default() };
    assert_eq!(first(5.0, 14.0, &drivers), Cause::PromotionEnded);
}

#[test]
fn a_holiday_explains_either_side_and_nothing_recorded_explains_nothing() {
    let drivers = Drivers { holiday: Some("Christmas Day".to_owned()), ..Drivers::default() };
    for actual in [2.0, 30.0] {
        assert_eq!(first(actual, 10.0, &drivers), Cause::Holiday("Christmas Day".to_owned()));
    }
    assert_eq!(causes(30.0, 10.0, &Drivers::default()), [(Cause::Unknown, 1.0)]);
}

#[test]
fn ratios_that_are_none_are_no_cause() {
    for ratio in [0.0, f64::NAN, f64::INFINITY, -1.0] {
        let drivers = Drivers { price_ratio: ratio, rival_price_ratio: ratio, ..Drivers::default() };
        assert_eq!(first(20.0, 10.0, &drivers), Cause::Unknown);
    }
}
