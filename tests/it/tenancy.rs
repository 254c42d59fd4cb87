//! One merchant never sees another's rows.

use shelfiq_app::access::Actor;
use shelfiq_app::imports::{ImportRequest, import_files};
use shelfiq_app::sql::{AsOf, ask};
use shelfiq_core::{CurrencyCode, MerchantId, TimeZone};
use shelfiq_store::Author;
use shelfiq_store::merchants::{self, NewMerchant};
use shelfiq_testkit::TestApp;
use uuid::Uuid;

#[tokio::test]
async fn tables_products_and_imports_of_another_merchant_are_not_there() {
    let app = TestApp::start().await;
    let other = MerchantId::from_uuid(Uuid::from_u128(99));
    let tx = app.platform.store.begin(Author::system("test"), "2026-07-01T12:00:00Z".parse().unwrap()).await.unwrap();
    let new = NewMerchant {
        id: other,
        name: "Other".into(),
        currency: CurrencyCode::EUR,
        time_zone: TimeZone::UTC,
        settings: serde_json::json!({}),
        is_demo: false,
    };
    merchants::insert(&tx, new).await.unwrap();
    tx.commit().await.unwrap();
    let file = app.file("orders.csv", "order_id,ordered_at,sku,quantity,unit_price\n1,2026-06-01,SECRET-1,1,5.00\n");
    let theirs = Actor::system(other, "test");
    let report = import_files(&app.platform, &theirs, &[file], &ImportRequest::default(), &|_, _| {}).await.unwrap();
    assert_eq!(report.new, 1);
    let mine = app.system();
    for query in ["select * from order_lines", "select * from products", "select * from daily_sales"] {
        assert_eq!(ask(&app.platform, &theirs, query, AsOf::Now, None).await.unwrap().rows(), 1, "{query}");
        assert_eq!(ask(&app.platform, &mine, query, AsOf::Now, None).await.unwrap().rows(), 0, "{query}");
    }
    assert!(shelfiq_app::imports::get(&app.platform, &mine, report.import_id).await.is_err());
    let sku = shelfiq_core::Sku::new("SECRET-1").unwrap();
    assert!(shelfiq_app::products::get(&app.platform, &mine, &sku).await.is_err());
}
