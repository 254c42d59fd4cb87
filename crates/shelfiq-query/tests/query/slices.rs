//! Slices, filters, order and limits.

use shelfiq_core::Sku;
use shelfiq_lake::Table;
use shelfiq_measures::MeasureId::{ActiveCustomers, GrossRevenue, NetRevenue, NewCustomers, Orders, Units};
use shelfiq_measures::{Comparison, Dimension, Filter, MeasureId};

use crate::sample::{Shop, assert_lines, listings, text};

const LINES: &str = "
    2011-02-28T10:00:00Z 1  MUG   3 1 GBP anna GB sale
    2011-03-01T10:00:00Z 2  MUG   1 1 GBP anna GB sale
    2011-03-01T10:00:00Z 2  PLATE 2 4 GBP anna GB sale
    2011-03-03T10:00:00Z E3 PLATE 1 4 GBP bert -  sale
    2011-03-08T10:00:00Z E4 BOWL  5 2 GBP carl DE sale
    2011-03-09T10:00:00Z E4 BOWL -1 2 GBP carl DE return";

async fn check(measures: &[MeasureId], days: &str, slice: Dimension, filter: Filter, expected: &str) {
    let shop = Shop::with_lines(LINES).await;
    shop.append(Table::Listings, &listings("MUG Kitchen > Cups\nPLATE Kitchen > Plates")).await;
    shop.engine.refresh_derived(crate::sample::merchant(), shop.zone).await.unwrap();
    let request = shop.request(measures, days).by(slice).only(filter);
    assert_lines(&text(&shop.measure(&request, "2011-03-09T12:00:00Z").await), expected);
}

#[tokio::test]
async fn days_come_in_order_and_without_gaps() {
    check(
        &[Units, GrossRevenue],
        "2011-02-28..2011-03-03",
        Dimension::Day,
        Filter::default(),
        "2011-02-28 units 3
         2011-02-28 gross_revenue 3 GBP
         2011-03-01 units 3
         2011-03-01 gross_revenue 9 GBP
         2011-03-02 units 0
         2011-03-02 gross_revenue 0 GBP
         2011-03-03 units 1
         2011-03-03 gross_revenue 4 GBP",
    )
    .await;
}

#[tokio::test]
async fn weeks_are_cut_to_the_request_and_the_running_one_is_marked() {
    check(
        &[NetRevenue, NewCustomers],
        "2011-03-01..2011-03-13",
        Dimension::Week,
        Filter::default(),
        "2011-03-01..2011-03-06 net_revenue 13 GBP so far
         2011-03-01..2011-03-06 new_customers 1 so far
         2011-03-07..2011-03-13 net_revenue 8 GBP so far
         2011-03-07..2011-03-13 new_customers 1 so far",
    )
    .await;
}

#[tokio::test]
async fn months_add_up_to_the_whole() {
    check(
        &[Orders, ActiveCustomers],
        "2011-02-01..2011-03-31",
        Dimension::Month,
        Filter::default(),
        "2011-02-01..2011-02-28 orders 1
         2011-02-01..2011-02-28 active_customers 1
         2011-03-01..2011-03-31 orders 3 so far
         2011-03-01..2011-03-31 active_customers 3 so far",
    )
    .await;
}

#[tokio::test]
async fn skus_come_by_the_first_measure_largest_first() {
    check(
        &[GrossRevenue, Orders],
        "2011-02-01..2011-03-08",
        Dimension::Sku,
        Filter::default(),
        "PLATE gross_revenue 12 GBP
         PLATE orders 2
         BOWL gross_revenue 10 GBP
         BOWL orders 1
         MUG gross_revenue 4 GBP
         MUG orders 2",
    )
    .await;
}

#[tokio::test]
async fn categories_come_from_the_listings_and_the_rest_has_none() {
    check(
        &[NetRevenue],
        "2011-02-01..2011-03-08",
        Dimension::Category,
        Filter::default(),
        "Kitchen > Plates net_revenue 12 GBP
         (none) net_revenue 10 GBP
         Kitchen > Cups net_revenue 4 GBP",
    )
    .await;
}

#[tokio::test]
async fn stores_and_countries_are_slices() {
    check(&[Units], "2011-02-01..2011-03-08", Dimension::Store, Filter::default(), "etsy units 6\nmain units 6").await;
    check(
        &[Units],
        "2011-02-01..2011-03-08",
        Dimension::Country,
        Filter::default(),
        "GB units 6\nDE units 5\n(none) units 1",
    )
    .await;
    check(&[Units], "2011-02-01..2011-03-08", Dimension::Channel, Filter::default(), "direct units 12").await;
}

#[tokio::test]
async fn filters_restrict_what_is_measured() {
    let plates = Filter { skus: vec![Sku::new("PLATE").unwrap()], ..Filter::default() };
    check(
        &[Units, ActiveCustomers],
        "2011-02-01..2011-03-08",
        Dimension::Store,
        plates,
        "main units 2\nmain active_customers 1\netsy units 1\netsy active_customers 1",
    )
    .await;
    let kitchen = Filter { categories: vec!["Kitchen > Cups".to_owned()], ..Filter::default() };
    check(&[Units], "2011-02-01..2011-03-08", Dimension::Sku, kitchen, "MUG units 4").await;
    let abroad = Filter { countries: vec!["DE".to_owned()], ..Filter::default() };
    check(&[Units, Orders], "2011-02-01..2011-03-08", Dimension::Sku, abroad, "BOWL units 5\nBOWL orders 1").await;
    let quoted = Filter { stores: vec!["o'brien".to_owned()], ..Filter::default() };
    check(&[Units], "2011-02-01..2011-03-08", Dimension::Store, quoted, "").await;
}

#[tokio::test]
async fn a_limit_cuts_slices_and_says_so() {
    let shop = Shop::with_lines(LINES).await;
    let mut request = shop.request(&[Units], "2011-02-01..2011-03-08").by(Dimension::Sku);
    request.slices_max = Some(2);
    let answer = shop.measure(&request, "2011-03-09T12:00:00Z").await;
    assert_lines(&text(&answer), "BOWL units 5\nMUG units 4");
    assert!(answer.is_cut);
}

#[tokio::test]
async fn periods_are_compared_one_by_one() {
    let shop = Shop::with_lines(LINES).await;
    let request =
        shop.request(&[Units], "2011-03-01..2011-03-02").by(Dimension::Day).against(Comparison::PreviousPeriod);
    assert_lines(
        &text(&shop.measure(&request, "2011-03-09T12:00:00Z").await),
        "2011-03-01 units 3 was 0\n2011-03-02 units 0 was 3",
    );
}

#[tokio::test]
async fn what_has_nothing_but_fees_is_no_slice_by_definition_and_by_roll_up() {
    let shop = Shop::with_lines(
        "2011-03-01T10:00:00Z 1  MUG  1 1 GBP anna GB sale
         2011-03-01T10:00:00Z 1  POST 1 9 GBP anna GB fee
         2011-03-02T10:00:00Z F2 POST 1 9 GBP bert DE fee",
    )
    .await;
    let by_sku = shop.request(&[Units, NetRevenue], "2011-03-01..2011-03-08").by(Dimension::Sku);
    let by_country = shop.request(&[Units, Orders], "2011-03-01..2011-03-08").by(Dimension::Country);
    for state in ["definition", "roll-up"] {
        let answers = [&by_sku, &by_country].map(|request| shop.measure(request, "2011-03-09T12:00:00Z"));
        let [skus, countries] = answers;
        assert_lines(&text(&skus.await), "MUG units 1\nMUG net_revenue 1 GBP");
        assert_lines(&text(&countries.await), "GB units 1\nGB orders 1");
        if state == "definition" {
            shop.engine.refresh_derived(crate::sample::merchant(), shop.zone).await.unwrap();
        }
    }
}
