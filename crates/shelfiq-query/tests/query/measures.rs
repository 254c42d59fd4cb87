//! Each measure by numbers that a reader can check in the head.

use shelfiq_lake::Table;
use shelfiq_measures::MeasureId::{
    ActiveCustomers, AverageOrderValue, Cancellations, GrossRevenue, Margin, MarginRate, NetRevenue, NewCustomers,
    Orders, RefundRate, Refunds, ReturningCustomers, SellThrough, StockCover, Units,
};
use shelfiq_measures::{Comparison, MeasureEngine, MeasureId};

use crate::sample::{Shop, assert_lines, at, costs, merchant, order_lines, stock, text};

/// Asserts the totals of `measures` over 2011 for a shop with `lines`.
async fn check(lines: &str, measures: &[MeasureId], expected: &str) {
    let shop = if lines.is_empty() { Shop::empty() } else { Shop::with_lines(lines).await };
    assert_lines(&shop.totals(measures, "2011-01-01..2011-12-31").await, expected);
}

#[tokio::test]
async fn an_empty_shop_has_counts_of_zero_and_undefined_money() {
    check(
        "",
        MeasureId::ALL,
        "gross_revenue undefined
         net_revenue undefined
         orders 0
         units 0
         average_order_value undefined
         refunds undefined
         refund_rate undefined
         cancellations 0
         active_customers 0
         new_customers 0
         returning_customers 0
         margin undefined
         margin_rate undefined
         sell_through undefined
         stock_cover undefined",
    )
    .await;
}

#[tokio::test]
async fn one_line_is_one_order() {
    check(
        "2011-03-01T10:00:00Z 1 MUG 6 2.55 GBP anna GB sale",
        &[
            GrossRevenue,
            NetRevenue,
            Orders,
            Units,
            AverageOrderValue,
            Refunds,
            RefundRate,
            Cancellations,
            ActiveCustomers,
            NewCustomers,
            ReturningCustomers,
        ],
        "gross_revenue 15.3 GBP
         net_revenue 15.3 GBP
         orders 1
         units 6
         average_order_value 15.3 GBP
         refunds 0 GBP
         refund_rate 0
         cancellations 0
         active_customers 1
         new_customers 1
         returning_customers 0",
    )
    .await;
}

#[tokio::test]
async fn returns_and_cancellations_are_refunds_and_leave_gross_revenue_alone() {
    // 10 × 2 + 1 × 5 = 25 sold; 2 × 2 + 5 = 9 given back.
    check(
        "2011-03-01T10:00:00Z  1  MUG   10 2.00 GBP anna GB sale
         2011-03-01T10:00:00Z  1  PLATE  1 5.00 GBP anna GB sale
         2011-03-05T10:00:00Z  1  MUG   -2 2.00 GBP anna GB return
         2011-03-06T10:00:00Z  C2 PLATE -1 5.00 GBP anna GB cancellation",
        &[GrossRevenue, Refunds, NetRevenue, RefundRate, Orders, Cancellations, Units, AverageOrderValue],
        "gross_revenue 25 GBP
         refunds 9 GBP
         net_revenue 16 GBP
         refund_rate 0.36
         orders 1
         cancellations 1
         units 11
         average_order_value 25 GBP",
    )
    .await;
}

#[tokio::test]
async fn lines_that_are_no_products_and_duplicates_are_left_out() {
    check(
        "2011-03-01T10:00:00Z 1 MUG   1 2.00  GBP anna GB sale
         2011-03-01T10:00:00Z 1 MUG   1 2.00  GBP anna GB sale duplicate
         2011-03-01T10:00:00Z 1 POST  1 18.00 GBP anna GB postage
         2011-03-01T10:00:00Z 2 FEE   1 -3.00 GBP bert GB fee
         2011-03-01T10:00:00Z 3 D     -1 27.5 GBP carl GB adjustment
         2011-03-01T10:00:00Z 4 GIFT  1 20.00 GBP dora GB other",
        &[GrossRevenue, NetRevenue, Orders, Units, ActiveCustomers],
        "gross_revenue 2 GBP
         net_revenue 2 GBP
         orders 1
         units 1
         active_customers 1",
    )
    .await;
}

#[tokio::test]
async fn two_currencies_are_two_amounts_and_one_count() {
    check(
        "2011-03-01T10:00:00Z 1 MUG 2 2.00 GBP anna GB sale
         2011-03-02T10:00:00Z 2 MUG 1 3.00 EUR anna DE sale
         2011-03-03T10:00:00Z 3 MUG 1 5.00 EUR bert DE sale",
        &[GrossRevenue, Orders, AverageOrderValue, ActiveCustomers],
        "gross_revenue 8 EUR
         gross_revenue 4 GBP
         orders 3
         average_order_value 4 EUR
         average_order_value 4 GBP
         active_customers 2",
    )
    .await;
}

#[tokio::test]
async fn prices_finer_than_the_minor_unit_stay_exact_until_they_are_booked() {
    let shop = Shop::with_lines("2011-03-01T10:00:00Z 1 PADS 9747747 0.001 GBP anna GB sale\n2011-03-01T10:00:00Z 1 BEAD 1 0.000001 GBP anna GB sale").await;
    let request = shop.request(&[NetRevenue], "2011-03-01..2011-03-01");
    let answer = shop.measure(&request, "2030-01-01T00:00:00Z").await;
    assert_lines(&text(&answer), "net_revenue 9747.747001 GBP");
    let shelfiq_measures::MeasureValue::Money(amount) = answer.rows[0].value.unwrap() else { panic!("money expected") };
    assert_eq!(amount.booked().unwrap().to_string(), "9747.75 GBP");
}

#[tokio::test]
async fn a_customer_is_new_once() {
    let shop = Shop::with_lines(
        "2010-06-01T10:00:00Z 1 MUG 1 1 GBP anna GB sale
         2011-03-01T10:00:00Z 2 MUG 1 1 GBP anna GB sale
         2011-03-02T10:00:00Z 3 MUG 1 1 GBP bert GB sale
         2011-03-03T10:00:00Z 4 MUG 1 1 GBP bert GB sale
         2011-03-04T10:00:00Z 5 MUG 1 1 GBP -    GB sale
         2011-03-05T10:00:00Z C6 MUG -1 1 GBP carl GB cancellation",
    )
    .await;
    let measures = [ActiveCustomers, NewCustomers, ReturningCustomers];
    assert_lines(
        &shop.totals(&measures, "2011-03-01..2011-03-31").await,
        "active_customers 2\nnew_customers 1\nreturning_customers 1",
    );
    assert_lines(
        &shop.totals(&measures, "2011-03-03..2011-03-03").await,
        "active_customers 1\nnew_customers 0\nreturning_customers 1",
    );
}

#[tokio::test]
async fn a_margin_takes_each_line_at_the_cost_of_its_time() {
    let shop = Shop::with_lines(
        "2011-01-10T10:00:00Z 1 MUG   10 2.00 GBP anna GB sale
         2011-03-10T10:00:00Z 2 MUG   10 2.00 GBP anna GB sale
         2011-06-10T10:00:00Z 3 MUG   10 2.00 GBP anna GB sale
         2011-06-11T10:00:00Z 3 MUG   -1 2.00 GBP anna GB return
         2011-06-12T10:00:00Z 4 PLATE  1 42.00 GBP anna GB sale",
    )
    .await;
    // Before its first known cost the first one holds: 10 × (2 − 1) twice; then 10 × (2 − 1.5) − 1 × 0.5; the plate's
    // cost is known in another currency only.
    shop.append(
        Table::Costs,
        &costs(
            "2011-02-01T00:00:00Z MUG 1.00 GBP\n2011-06-01T00:00:00Z MUG 1.50 GBP\n2011-01-01T00:00:00Z PLATE 1 EUR",
        ),
    )
    .await;
    assert_lines(
        &shop.totals(&[Margin, MarginRate, NetRevenue], "2011-01-01..2011-12-31").await,
        "margin 24.5 GBP covering 0.58
         margin_rate 0.4224 covering 0.58
         net_revenue 100 GBP",
    );
}

#[tokio::test]
async fn a_margin_without_any_cost_is_undefined() {
    check(
        "2011-01-10T10:00:00Z 1 MUG 10 2.00 GBP anna GB sale",
        &[Margin, MarginRate],
        "margin undefined covering 0\nmargin_rate undefined covering 0",
    )
    .await;
}

#[tokio::test]
async fn stock_measures_speak_of_the_skus_whose_stock_is_known() {
    let shop = Shop::with_lines(
        "2011-04-05T10:00:00Z 1 MUG  65 2.00 GBP anna GB sale
         2011-04-06T10:00:00Z 1 MUG  -5 2.00 GBP anna GB return
         2011-04-07T10:00:00Z 2 BOWL 99 2.00 GBP anna GB sale",
    )
    .await;
    // 60 mugs in 30 days; 40 on hand at the end of April (30 + 10 in two places), 7 a month later.
    shop.append(
        Table::Stock,
        &stock("2011-04-01T00:00:00Z MUG main 95\n2011-04-29T00:00:00Z MUG main 30\n2011-04-02T00:00:00Z MUG depot 10\n2011-05-30T00:00:00Z MUG main 7"),
    )
    .await;
    assert_lines(
        &shop.totals(&[SellThrough, StockCover], "2011-04-01..2011-04-30").await,
        "sell_through 0.6\nstock_cover 20",
    );
    let by_month = shop.request(&[StockCover], "2011-04-01..2011-05-31").by(shelfiq_measures::Dimension::Month);
    assert_lines(
        &text(&shop.measure(&by_month, "2030-01-01T00:00:00Z").await),
        "2011-04-01..2011-04-30 stock_cover 20\n2011-05-01..2011-05-31 stock_cover undefined",
    );
    let by_channel = shop.request(&[StockCover], "2011-04-01..2011-04-30").by(shelfiq_measures::Dimension::Channel);
    let refused = shop.engine.measure(merchant(), &by_channel, at("2011-05-01T00:00:00Z")).await.unwrap_err();
    assert_eq!(refused.to_string(), "`stock_cover` cannot be sliced or filtered by channel");
}

#[tokio::test]
async fn a_day_begins_at_midnight_of_the_merchant_when_clocks_change() {
    // In London 2011-03-27 began at 00:00 UTC and ended at 23:00 UTC; 2011-10-30 lasted from 23:00 to 24:00 UTC.
    let shop = Shop::with_lines(
        "2011-03-26T23:59:59Z 1 MUG 1   1 GBP - GB sale
         2011-03-27T00:00:00Z 2 MUG 10  1 GBP - GB sale
         2011-03-27T22:59:59Z 3 MUG 100 1 GBP - GB sale
         2011-03-27T23:00:00Z 4 MUG 1000 1 GBP - GB sale
         2011-10-29T22:59:59Z 5 MUG 1   1 GBP - GB sale
         2011-10-29T23:00:00Z 6 MUG 10  1 GBP - GB sale
         2011-10-30T23:59:59Z 7 MUG 100 1 GBP - GB sale
         2011-10-31T00:00:00Z 8 MUG 1000 1 GBP - GB sale",
    )
    .await;
    assert_lines(&shop.totals(&[Units], "2011-03-27..2011-03-27").await, "units 110");
    assert_lines(&shop.totals(&[Units], "2011-10-30..2011-10-30").await, "units 110");
    assert_lines(&shop.totals(&[Units], "2011-03-26..2011-03-28").await, "units 1111");
}

#[tokio::test]
async fn a_comparison_stands_beside_the_value() {
    let shop = Shop::with_lines(
        "2011-02-27T10:00:00Z 1 MUG 4 1 GBP anna GB sale
         2012-02-28T10:00:00Z 2 MUG 5 1 GBP anna GB sale
         2012-02-29T10:00:00Z 3 MUG 6 1 GBP anna GB sale",
    )
    .await;
    let request =
        shop.request(&[Units, GrossRevenue], "2012-02-27..2012-02-29").against(Comparison::SamePeriodLastYear);
    let answer = shop.measure(&request, "2030-01-01T00:00:00Z").await;
    assert_lines(&text(&answer), "units 11 was 4\ngross_revenue 11 GBP was 4 GBP");
    assert_eq!(answer.compared_with.unwrap().to_string(), "2011-02-27 to 2011-02-28");
    assert_eq!(answer.rows[0].delta().unwrap().relative.unwrap().proportion().to_string(), "1.75");

    let request = shop.request(&[Units], "2012-02-29..2012-02-29").against(Comparison::PreviousPeriod);
    assert_lines(&text(&shop.measure(&request, "2030-01-01T00:00:00Z").await), "units 6 was 5");
}

#[tokio::test]
async fn a_later_import_changes_the_answer_and_not_the_cached_one() {
    let shop = Shop::with_lines("2011-03-01T10:00:00Z 1 MUG 1 1 GBP anna GB sale").await;
    assert_lines(&shop.totals(&[Units], "2011-03-01..2011-03-01").await, "units 1");
    shop.append(Table::OrderLines, &order_lines("2011-03-01T11:00:00Z 2 MUG 1 1 GBP anna GB sale")).await;
    assert_lines(&shop.totals(&[Units], "2011-03-01..2011-03-01").await, "units 2");
}
