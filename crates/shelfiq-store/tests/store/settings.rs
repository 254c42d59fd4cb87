//! Saved views and settings of Skus.

use rust_decimal::Decimal;
use shelfiq_core::{CurrencyCode, SavedViewId, Sku, UnitPrice};
use shelfiq_store::saved_views::{self, NewSavedView};
use shelfiq_store::sku_settings::{self, SkuSettings};
use shelfiq_store::{Constraint, PageRequest, StoreError};

use crate::harness::{next_uuid, on_both};

fn sku(text: &str) -> Sku {
    Sku::new(text).unwrap()
}

on_both! {
    async fn prices_finer_than_the_minor_unit_stay_exact(shop: Shop) {
        let exact: Decimal = "0.0012345".parse().unwrap();
        let fixed = SkuSettings {
            min_price: Some(UnitPrice::new(exact, CurrencyCode::GBP)),
            lead_time_days: Some(9),
            min_margin: Some(0.125),
            ..SkuSettings::none(sku("MUG"))
        };
        let tx = shop.begin(1).await;
        sku_settings::put(&tx, shop.merchant, CurrencyCode::GBP, Some(0), fixed.clone()).await.unwrap();
        let stale = sku_settings::put(&tx, shop.merchant, CurrencyCode::GBP, Some(0), fixed).await.unwrap_err();
        assert!(matches!(stale, StoreError::Stale { current: 1, .. }));
        tx.commit().await.unwrap();
        let stored = sku_settings::get(&shop.store, shop.merchant, &sku("MUG")).await.unwrap();
        assert_eq!(stored.min_price.unwrap().amount(), exact);
        assert_eq!((stored.lead_time_days, stored.min_margin, stored.version), (Some(9), Some(0.125), 1));
        let untouched = sku_settings::get(&shop.store, shop.merchant, &sku("CUP")).await.unwrap();
        assert_eq!(untouched, SkuSettings::none(sku("CUP")));
    }

    async fn a_price_in_another_currency_is_refused(shop: Shop) {
        let foreign = UnitPrice::new(Decimal::ONE, CurrencyCode::EUR);
        let fixed = SkuSettings { max_price: Some(foreign), ..SkuSettings::none(sku("MUG")) };
        let tx = shop.begin(1).await;
        let error = sku_settings::put(&tx, shop.merchant, CurrencyCode::GBP, None, fixed).await.unwrap_err();
        assert_eq!(error.to_string(), "cannot fix this price: it is in EUR while the merchant counts in GBP");
    }

    async fn fixed_skus_are_listed_in_order_whatever_their_letters(shop: Shop) {
        let tx = shop.begin(1).await;
        for code in ["b~1", "a", "c~~", "a~b"] {
            let fixed = SkuSettings { lead_time_days: Some(1), ..SkuSettings::none(sku(code)) };
            sku_settings::put(&tx, shop.merchant, CurrencyCode::GBP, None, fixed).await.unwrap();
        }
        tx.commit().await.unwrap();
        let (mut seen, mut request) = (Vec::new(), PageRequest::first(1));
        loop {
            let page = sku_settings::page(&shop.store, shop.merchant, &request).await.unwrap();
            seen.extend(page.rows.into_iter().map(|row| row.sku.to_string()));
            let Some(next) = page.next else { break };
            request = PageRequest::new(1, Some(next));
        }
        seen.sort();
        assert_eq!(seen, ["a", "a~b", "b~1", "c~~"]);
    }

    async fn view_names_are_unique_within_their_area(shop: Shop) {
        let new = |area: &str| NewSavedView {
            id: SavedViewId::from_uuid(next_uuid()),
            area: area.to_owned(),
            name: "Low stock".to_owned(),
            query: "sort=stock".to_owned(),
        };
        let tx = shop.begin(1).await;
        let view = saved_views::insert(&tx, shop.merchant, new("products")).await.unwrap();
        saved_views::insert(&tx, shop.merchant, new("alerts")).await.unwrap();
        tx.commit().await.unwrap();
        let listed = saved_views::all(&shop.store, shop.merchant, "products").await.unwrap();
        assert_eq!(listed, std::slice::from_ref(&view));
        let tx = shop.begin(2).await;
        let error = saved_views::insert(&tx, shop.merchant, new("products")).await.unwrap_err();
        assert!(matches!(error, StoreError::Violated(Constraint::SavedViewName)), "{error:?}");
        drop(tx);
        let tx = shop.begin(3).await;
        saved_views::remove(&tx, shop.merchant, view.id).await.unwrap();
        saved_views::insert(&tx, shop.merchant, new("products")).await.expect("the name is free again");
    }
}
