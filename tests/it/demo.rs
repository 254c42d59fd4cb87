//! The demo shop that tests of decisions share.

use shelfiq_app::demo;
use shelfiq_app::run::{RunScope, run};
use shelfiq_arena::{ArenaConfig, ShopSize};
use shelfiq_testkit::TestApp;

/// Sixty products, four hundred days up to 30 June 2026, and one daily run at noon of 1 July.
pub(crate) async fn demo_shop() -> TestApp {
    let app = TestApp::start_at("2026-07-01T12:00:00Z").await;
    let mut config = ArenaConfig::small(7, "2026-06-30".parse().unwrap());
    config.size = ShopSize::Custom { skus: 60, days: 400 };
    demo::fill(&app.platform, app.merchant, config, &|_, _| {}).await.unwrap();
    run(&app.platform, app.merchant, RunScope::Daily, &|_, _| {}).await.unwrap();
    app
}
