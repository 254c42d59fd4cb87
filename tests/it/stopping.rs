//! A worker that is told to stop while a job runs.

use std::time::Duration;

use shelfiq_app::imports::{ImportRequest, import_files};
use shelfiq_app::jobs;
use shelfiq_store::jobs::JobStatus;
use shelfiq_testkit::TestApp;
use tokio::sync::watch;

/// Two months of a shop with a handful of products.
fn orders() -> String {
    let mut text = "order_id,ordered_at,sku,title,quantity,unit_price,currency,customer_id,country\n".to_owned();
    for day in 0..60 {
        for sku in 0..5 {
            let (month, day) = (5 + day / 30, 1 + day % 30);
            text.push_str(&format!(
                "{month}-{day}-{sku},2026-0{month}-{day:02}T09:00:00Z,S-{sku},Mug {sku},2,12.50,GBP,c,GB\n"
            ));
        }
    }
    text
}

#[tokio::test]
async fn a_job_that_runs_when_the_worker_stops_goes_back_into_the_queue_and_is_done_by_the_next() {
    let app = TestApp::start().await;
    let file = app.file("orders.csv", &orders());
    import_files(&app.platform, &app.system(), &[file], &ImportRequest::default(), &|_, _| {}).await.unwrap();
    let job = jobs::start(&app.platform, &app.system(), "daily").await.unwrap();
    let mut live = app.platform.live().watch(app.merchant, None).receiver;
    let (stop, stopped) = watch::channel(false);
    let worker = tokio::spawn(jobs::run_worker(app.platform.clone(), stopped, Duration::ZERO));

    // The run says that it has begun; it has all its work before it.
    live.recv().await.unwrap();
    stop.send_replace(true);
    worker.await.unwrap();
    let waiting = jobs::get(&app.platform, &app.system(), job.id).await.unwrap();
    assert_eq!((waiting.status, waiting.attempts), (JobStatus::Queued, 0));

    app.work().await;
    let done = jobs::get(&app.platform, &app.system(), job.id).await.unwrap();
    assert_eq!((done.status, done.attempts, done.error), (JobStatus::Done, 1, None));
}
