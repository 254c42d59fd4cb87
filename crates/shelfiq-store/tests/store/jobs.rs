//! The job queue and the schedule.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;
use shelfiq_core::JobId;
use shelfiq_store::jobs::{self, Backoff, Enqueued, Job, JobStatus, NewJob};
use shelfiq_store::schedules::{self, Schedule};
use shelfiq_store::{PageRequest, StoreError};

use crate::harness::{Shop, at, next_uuid, on_both};

const LEASE: TimeDelta = TimeDelta::seconds(60);

fn job(kind: &str) -> NewJob {
    NewJob {
        id: JobId::from_uuid(next_uuid()),
        kind: kind.to_owned(),
        payload: json!({ "n": 1 }),
        dedupe_key: None,
        priority: 0,
        run_at: at(0),
        attempts_max: 2,
    }
}

async fn enqueue(shop: &Shop, new: NewJob) -> Enqueued {
    let tx = shop.begin(0).await;
    let enqueued = jobs::enqueue(&tx, shop.merchant, new).await.unwrap();
    tx.commit().await.unwrap();
    enqueued
}

async fn claim(shop: &Shop, second: i64) -> Option<Job> {
    let tx = shop.begin(second).await;
    let job = jobs::claim(&tx, &["forecast", "import"], LEASE).await.unwrap();
    tx.commit().await.unwrap();
    job
}

on_both! {
    async fn a_job_exists_only_if_its_cause_does(shop: Shop) {
        let tx = shop.begin(0).await;
        jobs::enqueue(&tx, shop.merchant, job("forecast")).await.unwrap();
        drop(tx);
        assert_eq!(claim(&shop, 1).await, None);
        enqueue(&shop, job("forecast")).await;
        assert!(claim(&shop, 1).await.is_some());
    }

    async fn the_most_urgent_due_job_of_a_known_kind_goes_first(shop: Shop) {
        let usual = enqueue(&shop, job("forecast")).await;
        let urgent = enqueue(&shop, NewJob { priority: 9, ..job("import") }).await;
        enqueue(&shop, NewJob { priority: 99, run_at: at(100), ..job("forecast") }).await;
        enqueue(&shop, NewJob { priority: 99, ..job("unknown") }).await;
        let order = [claim(&shop, 1).await, claim(&shop, 1).await, claim(&shop, 1).await];
        assert_eq!(order.map(|job| job.map(|job| job.id)), [Some(urgent.id()), Some(usual.id()), None]);
        assert_eq!(jobs::next_due(&shop.store, &["forecast", "import"]).await.unwrap(), Some(at(100)));
    }

    async fn a_waiting_job_spares_its_double_but_a_running_one_does_not(shop: Shop) {
        let keyed = || NewJob { dedupe_key: Some("daily".to_owned()), ..job("forecast") };
        let first = enqueue(&shop, keyed()).await;
        assert_eq!(enqueue(&shop, keyed()).await, Enqueued::Waiting(first.id()));
        let running = claim(&shop, 1).await.unwrap();
        let second = enqueue(&shop, keyed()).await;
        assert!(matches!(second, Enqueued::Added(_)));

        let tx = shop.begin(2).await;
        let status = jobs::fail(&tx, &running, "broke", TimeDelta::zero()).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(status, JobStatus::Failed, "the newer job does its work");
    }

    async fn a_job_whose_worker_vanished_is_claimed_again_and_the_old_worker_is_fenced_off(shop: Shop) {
        enqueue(&shop, job("forecast")).await;
        let lost = claim(&shop, 1).await.unwrap();
        assert_eq!(claim(&shop, 60).await, None, "the lease holds");
        let again = claim(&shop, 62).await.unwrap();
        assert_eq!((again.id, again.attempts), (lost.id, 2));

        let tx = shop.begin(63).await;
        assert!(!jobs::heartbeat(&tx, &lost, LEASE, 0.5, None).await.unwrap());
        let error = jobs::finish(&tx, &lost, None).await.unwrap_err();
        assert!(matches!(error, StoreError::WrongState { .. }), "{error}");
        assert!(jobs::heartbeat(&tx, &again, LEASE, 0.5, Some("half way")).await.unwrap());
        jobs::finish(&tx, &again, Some(json!({ "rows": 7 }))).await.unwrap();
        tx.commit().await.unwrap();
        let done = jobs::get(&shop.store, shop.merchant, again.id).await.unwrap();
        assert_eq!(
            (done.status, done.result, done.finished_at),
            (JobStatus::Done, Some(json!({ "rows": 7 })), Some(at(63)))
        );
    }

    async fn a_failing_job_waits_then_becomes_a_dead_letter(shop: Shop) {
        enqueue(&shop, job("forecast")).await;
        let first = claim(&shop, 1).await.unwrap();
        let tx = shop.begin(2).await;
        let wait = Backoff::USUAL.wait(first.attempts, 1.0);
        assert_eq!(jobs::fail(&tx, &first, "the disk is full", wait).await.unwrap(), JobStatus::Queued);
        tx.commit().await.unwrap();
        assert_eq!(claim(&shop, 11).await, None);
        let second = claim(&shop, 12).await.unwrap();
        let tx = shop.begin(13).await;
        assert_eq!(jobs::fail(&tx, &second, "still full", wait).await.unwrap(), JobStatus::Failed);
        tx.commit().await.unwrap();
        assert_eq!(claim(&shop, 10_000).await, None);
        let dead =
            jobs::page(&shop.store, shop.merchant, Some(JobStatus::Failed), &PageRequest::default()).await.unwrap();
        assert_eq!(dead.rows[0].error.as_deref(), Some("still full"));
    }

    async fn a_job_whose_last_worker_vanished_is_buried(shop: Shop) {
        enqueue(&shop, NewJob { attempts_max: 1, ..job("forecast") }).await;
        let lost = claim(&shop, 1).await.unwrap();
        assert_eq!(claim(&shop, 1000).await, None, "no attempt is left");
        let tx = shop.begin(1000).await;
        assert_eq!(jobs::bury_abandoned(&tx).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(jobs::get(&shop.store, shop.merchant, lost.id).await.unwrap().status, JobStatus::Failed);
    }

    async fn workers_never_share_a_job(shop: Shop) {
        for _ in 0..30 {
            enqueue(&shop, job("forecast")).await;
        }
        let workers: Vec<_> = (0..6)
            .map(|_| {
                let shop = shop.clone();
                tokio::spawn(async move {
                    let mut mine = Vec::new();
                    while let Some(job) = claim(&shop, 1).await {
                        mine.push(job.id);
                    }
                    mine
                })
            })
            .collect();
        let mut claimed = Vec::new();
        for worker in workers {
            claimed.extend(worker.await.unwrap());
        }
        assert_eq!(claimed.len(), 30);
        assert_eq!(claimed.iter().collect::<BTreeSet<_>>().len(), 30);
    }

    async fn a_job_that_is_given_back_is_as_if_never_claimed(shop: Shop) {
        enqueue(&shop, job("forecast")).await;
        for _ in 0..9 {
            let claimed = claim(&shop, 1).await.unwrap();
            assert_eq!(claimed.attempts, 1);
            let tx = shop.begin(1).await;
            assert_eq!(jobs::give_back(&tx, &claimed).await.unwrap(), JobStatus::Queued);
            tx.commit().await.unwrap();
        }
    }

    async fn done_jobs_are_forgotten_and_dead_letters_stay(shop: Shop) {
        enqueue(&shop, job("forecast")).await;
        let done = claim(&shop, 1).await.unwrap();
        let tx = shop.begin(2).await;
        jobs::finish(&tx, &done, None).await.unwrap();
        assert_eq!(jobs::forget_done(&tx, at(3)).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert!(jobs::page(&shop.store, shop.merchant, None, &PageRequest::default()).await.unwrap().rows.is_empty());
    }

    async fn a_due_schedule_is_advanced_once(shop: Shop) {
        let daily = Schedule {
            merchant: shop.merchant,
            kind: "daily".to_owned(),
            minute_of_day: 300,
            next_run_at: at(100),
            last_run_at: None,
            enabled: true,
        };
        let tx = shop.begin(0).await;
        schedules::put(&tx, daily.clone()).await.unwrap();
        tx.commit().await.unwrap();
        assert!(schedules::due(&shop.store, at(99)).await.unwrap().is_empty());
        let due = schedules::due(&shop.store, at(100)).await.unwrap();
        assert_eq!(due, [daily]);
        let tx = shop.begin(101).await;
        assert!(schedules::advance(&tx, &due[0], at(86_500)).await.unwrap());
        assert!(!schedules::advance(&tx, &due[0], at(86_500)).await.unwrap());
        tx.commit().await.unwrap();
        assert!(schedules::due(&shop.store, at(102)).await.unwrap().is_empty());
    }
}

#[test]
fn waits_double_up_to_an_hour_and_jitter_spreads_them() {
    let wait = |attempts, jitter| Backoff::USUAL.wait(attempts, jitter).num_seconds();
    assert_eq!([wait(1, 1.0), wait(2, 1.0), wait(3, 1.0), wait(99, 1.0)], [10, 20, 40, 3600]);
    assert_eq!([wait(1, 0.0), wait(1, 0.5), wait(0, 7.0)], [5, 7, 10]);
}
