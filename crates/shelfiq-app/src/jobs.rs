//! Background work: enqueuing it, and the worker that carries it out.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use shelfiq_core::{JobId, MerchantId};
use shelfiq_store::jobs::{self as stored, Backoff, Job, JobStatus, NewJob};
use shelfiq_store::schedules::{self, Schedule};
use shelfiq_store::{Author, Cursor, PAGE_SIZE_MAX, Page, PageRequest, Transaction, merchants};
use tokio::sync::{Mutex, watch};

use crate::access::{Actor, Permission};
use crate::error::AppError;
use crate::housekeeping::keep_house;
use crate::imports;
use crate::live::LiveChange;
use crate::models;
use crate::platform::Platform;
use crate::run::{RunScope, run};

const IMPORT: &str = "import";
const UNDO: &str = "undo_import";
const HOUSEKEEPING: &str = "housekeeping";
const FIT_PART: &str = "fit_models";
const RUNS: [RunScope; 6] = [
    RunScope::Daily,
    RunScope::Forecasts,
    RunScope::Elasticities,
    RunScope::Anomalies,
    RunScope::Recommendations,
    RunScope::Alerts,
];
/// A worker that says nothing for so long has lost its job.
const LEASE: TimeDelta = TimeDelta::minutes(5);
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How long an idle worker sleeps before it looks again.
const IDLE: Duration = Duration::from_millis(500);
const ATTEMPTS_MAX: i32 = 3;
/// What a person waits for comes before what the clock started.
const PRIORITY_BY_HAND: i32 = 10;
const PRIORITY_SCHEDULED: i32 = 0;
/// What the clock starts every night, and the minute of the day, in the shop's zone, at which it is due: the tables are
/// tidy before the daily run reads them.
const NIGHTLY: [(&str, i32); 2] = [(HOUSEKEEPING, 3 * 60), (RunScope::Daily.as_str(), 4 * 60)];
const NOTE_CHARS_MAX: usize = 500;

/// Starts work by hand; work of the same kind that already waits is not doubled.
///
/// # Errors
/// [`AppError::Access`], or there is no such kind of work.
pub async fn start(platform: &Platform, actor: &Actor, kind: &str) -> Result<Job, AppError> {
    let merchant = actor.authorize(Permission::RunJobs)?;
    if !is_run(kind) {
        let names: Vec<&str> = RUNS.map(RunScope::as_str).into_iter().chain([HOUSEKEEPING]).collect();
        return Err(AppError::invalid("kind", format!("must be one of {}", names.join(", "))));
    }
    let tx = platform.begin(actor.author()).await?;
    let id = enqueue(platform, &tx, merchant, kind, json!({}), PRIORITY_BY_HAND).await?;
    tx.commit().await?;
    Ok(stored::get(&platform.store, merchant, id).await?)
}

/// One page of jobs, newest first.
///
/// # Errors
/// [`AppError::Access`], or a bad cursor.
pub async fn list(
    platform: &Platform,
    actor: &Actor,
    limit: u32,
    after: Option<String>,
) -> Result<Page<Job>, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    let request = PageRequest::new(limit, after.map(Cursor::from_text));
    Ok(stored::page(&platform.store, merchant, None, &request).await?)
}

/// One job.
///
/// # Errors
/// [`AppError::Access`], or there is none.
pub async fn get(platform: &Platform, actor: &Actor, id: JobId) -> Result<Job, AppError> {
    let merchant = actor.authorize(Permission::ReadShop)?;
    Ok(stored::get(&platform.store, merchant, id).await?)
}

/// Enqueues the import of an uploaded file, in the transaction that records the import.
pub(crate) async fn enqueue_import(
    platform: &Platform,
    tx: &Transaction,
    merchant: MerchantId,
    payload: Value,
) -> Result<JobId, AppError> {
    enqueue(platform, tx, merchant, IMPORT, payload, PRIORITY_BY_HAND).await
}

/// Enqueues taking an import back.
pub(crate) async fn enqueue_undo(
    platform: &Platform,
    tx: &Transaction,
    merchant: MerchantId,
    payload: Value,
) -> Result<JobId, AppError> {
    enqueue(platform, tx, merchant, UNDO, payload, PRIORITY_BY_HAND).await
}

/// Enqueues a part of a training.
pub(crate) async fn enqueue_part(
    platform: &Platform,
    tx: &Transaction,
    merchant: MerchantId,
    payload: Value,
) -> Result<JobId, AppError> {
    enqueue(platform, tx, merchant, FIT_PART, payload, PRIORITY_BY_HAND).await
}

/// Enqueues the daily run, unless one already waits.
pub(crate) async fn enqueue_daily(
    platform: &Platform,
    tx: &Transaction,
    merchant: MerchantId,
) -> Result<JobId, AppError> {
    enqueue(platform, tx, merchant, RunScope::Daily.as_str(), json!({}), PRIORITY_BY_HAND).await
}

/// Work that looks at everything there is, so that one job that waits does the work of two.
fn is_run(kind: &str) -> bool {
    kind == HOUSEKEEPING || RunScope::by_name(kind).is_some()
}

async fn enqueue(
    platform: &Platform,
    tx: &Transaction,
    merchant: MerchantId,
    kind: &str,
    payload: Value,
    priority: i32,
) -> Result<JobId, AppError> {
    // Imports and parts are all different.
    let dedupe_key = is_run(kind).then(|| kind.to_owned());
    let new = NewJob {
        id: JobId::from_uuid(platform.randomness.next_uuid(tx.at())),
        kind: kind.to_owned(),
        payload,
        dedupe_key,
        priority,
        run_at: tx.at(),
        attempts_max: ATTEMPTS_MAX,
    };
    Ok(stored::enqueue(tx, merchant, new).await?.id())
}

/// Writes down when the nightly work is due, for a merchant that has no time for it yet.
pub(crate) async fn schedule_nightly(
    platform: &Platform,
    tx: &Transaction,
    merchant: MerchantId,
) -> Result<(), AppError> {
    let zone = merchants::get(tx, merchant).await?.time_zone;
    let known = schedules::all(tx, merchant).await?;
    for (kind, minute_of_day) in NIGHTLY {
        if known.iter().any(|schedule| schedule.kind == kind) {
            continue;
        }
        let next_run_at = next_run(platform, zone, minute_of_day);
        let kind = kind.to_owned();
        let schedule = Schedule { merchant, kind, minute_of_day, next_run_at, last_run_at: None, enabled: true };
        schedules::put(tx, schedule).await?;
    }
    Ok(())
}

/// Merchants of an earlier release learn of nightly work that is new.
async fn complete_schedules(platform: &Platform) -> Result<(), AppError> {
    let mut request = PageRequest::first(PAGE_SIZE_MAX);
    loop {
        let page = merchants::page_of_all(&platform.store, &request).await?;
        for merchant in page.rows {
            let tx = platform.begin(Author::system("scheduler")).await?;
            schedule_nightly(platform, &tx, merchant.id).await?;
            tx.commit().await?;
        }
        match page.next {
            Some(next) => request = PageRequest::new(PAGE_SIZE_MAX, Some(next)),
            None => return Ok(()),
        }
    }
}

fn next_run(platform: &Platform, zone: shelfiq_core::TimeZone, minute_of_day: i32) -> chrono::DateTime<chrono::Utc> {
    let now = platform.clock.now();
    let at = |day| zone.start_of(day) + TimeDelta::minutes(minute_of_day.into());
    let today = zone.day_of(now);
    if at(today) > now { at(today) } else { at(today + chrono::Days::new(1)) }
}

/// Enqueues what is due, until told to stop.
pub async fn run_scheduler(platform: Platform, mut stop: watch::Receiver<bool>) {
    const LOOK_EVERY: Duration = Duration::from_secs(30);
    if let Err(error) = complete_schedules(&platform).await {
        tracing::error!(error = &error as &dyn std::error::Error, "failed to schedule nightly work");
    }
    while !*stop.borrow() {
        if let Err(error) = enqueue_due(&platform).await {
            tracing::error!(error = &error as &dyn std::error::Error, "failed to enqueue scheduled work");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_EVERY) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn enqueue_due(platform: &Platform) -> Result<(), AppError> {
    for due in schedules::due(&platform.store, platform.clock.now()).await? {
        let tx = platform.begin(Author::system("scheduler")).await?;
        let zone = merchants::get(&tx, due.merchant).await?.time_zone;
        if schedules::advance(&tx, &due, next_run(platform, zone, due.minute_of_day)).await? {
            enqueue(platform, &tx, due.merchant, &due.kind, json!({}), PRIORITY_SCHEDULED).await?;
        }
        tx.commit().await?;
    }
    Ok(())
}

/// Work that is carried out one job after the other, beside the other lane. Files do not wait for runs: the log, each table
/// and the database let one writer in at a time whoever comes, runs write tables of their own, and what a run has read is
/// replaced by the run that every import and undo enqueues behind itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lane {
    /// Imports and taking them back, in the order of their coming: one may change what another brought.
    Files,
    /// What looks at everything there is.
    Runs,
    /// Parts of what a run waits for.
    Parts,
}

impl Lane {
    fn kinds(self) -> Vec<&'static str> {
        match self {
            Self::Files => vec![IMPORT, UNDO],
            Self::Parts => vec![FIT_PART],
            Self::Runs => RUNS.iter().map(|scope| scope.as_str()).chain([HOUSEKEEPING]).collect(),
        }
    }
}

/// Carries out jobs, one of files, one run and one part of a run at a time, until told to stop. A job that runs may go on for `grace`; then it
/// is left where it stands and put back into the queue for whoever comes next: everything a job does may be begun again.
pub async fn run_worker(platform: Platform, stop: watch::Receiver<bool>, grace: Duration) {
    // A task each: what computes between two waits in one lane must not hold up the other.
    let beside =
        [Lane::Runs, Lane::Parts].map(|lane| tokio::spawn(run_lane(platform.clone(), lane, stop.clone(), grace)));
    run_lane(platform, Lane::Files, stop, grace).await;
    for lane in beside {
        if let Err(error) = lane.await {
            tracing::error!(error = &error as &dyn std::error::Error, "a lane of the worker broke off");
        }
    }
}

async fn run_lane(platform: Platform, lane: Lane, mut stop: watch::Receiver<bool>, grace: Duration) {
    while !*stop.borrow() {
        let mut told = stop.clone();
        let no_longer = async {
            // A sender that is gone means the same: nobody waits for this worker any more.
            drop(told.wait_for(|stop| *stop).await);
            tokio::time::sleep(grace).await;
        };
        match work_until(&platform, &lane.kinds(), no_longer).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::error!(error = &error as &dyn std::error::Error, "the worker failed to take a job"),
        }
        tokio::select! {
            () = tokio::time::sleep(IDLE) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Carries out one job of any kind, if one is due; says whether there was one.
///
/// # Errors
/// [`AppError`] if the queue cannot be read or written. A job that fails is no error here: it is recorded.
pub async fn work_once(platform: &Platform) -> Result<bool, AppError> {
    let kinds = [Lane::Files, Lane::Parts, Lane::Runs].map(Lane::kinds).concat();
    work_until(platform, &kinds, std::future::pending()).await
}

/// Carries out one part that some run waits for, if one is due; says whether there was one.
pub(crate) async fn work_on_parts(platform: &Platform) -> Result<bool, AppError> {
    // Boxed: a run waits for parts, and carrying out a job may be a run.
    Box::pin(work_until(platform, &Lane::Parts.kinds(), std::future::pending())).await
}

/// Carries out one job of these kinds, and puts it back if it is not done when `no_longer` is.
async fn work_until(
    platform: &Platform,
    kinds: &[&str],
    no_longer: impl Future<Output = ()>,
) -> Result<bool, AppError> {
    let tx = platform.begin(Author::system("worker")).await?;
    stored::bury_abandoned(&tx).await?;
    let claimed = stored::claim(&tx, kinds, LEASE).await?;
    tx.commit().await?;
    let Some(job) = claimed else { return Ok(false) };
    let progress = Arc::new(Mutex::new((0.0, String::new())));
    let beat = tokio::spawn(keep_alive(platform.clone(), job.clone(), Arc::clone(&progress)));
    let outcome = tokio::select! {
        outcome = carry_out(platform, &job, &progress) => Some(outcome),
        () = no_longer => None,
    };
    beat.abort();
    match outcome {
        Some(outcome) => settle(platform, &job, outcome).await?,
        None => give_back(platform, &job).await?,
    }
    Ok(true)
}

async fn give_back(platform: &Platform, job: &Job) -> Result<(), AppError> {
    let tx = platform.begin(Author::system("worker")).await?;
    stored::give_back(&tx, job).await?;
    tx.commit().await?;
    tracing::info!(job.id = %job.id, job.kind, "job `{}` was put back: this process stops", job.kind);
    Ok(())
}

async fn keep_alive(platform: Platform, job: Job, progress: Arc<Mutex<(f64, String)>>) {
    let mut rounds = tokio::time::interval(HEARTBEAT);
    rounds.tick().await;
    loop {
        rounds.tick().await;
        let (share, stage) = progress.lock().await.clone();
        let beat = async {
            let tx = platform.begin(Author::system("worker")).await?;
            stored::heartbeat(&tx, &job, LEASE, share, Some(&stage)).await?;
            tx.commit().await
        };
        if let Err(error) = beat.await {
            tracing::warn!(job.id = %job.id, error = &error as &dyn std::error::Error, "failed to prolong a lease");
        }
    }
}

async fn carry_out(platform: &Platform, job: &Job, progress: &Arc<Mutex<(f64, String)>>) -> Result<Value, AppError> {
    let tell = |share: f64, stage: &str| {
        if let Ok(mut known) = progress.try_lock() {
            *known = (share, stage.to_owned());
        }
        let change = LiveChange::JobProgress {
            id: job.id.to_string(),
            kind: job.kind.clone(),
            progress: share,
            stage: stage.to_owned(),
        };
        platform.live.publish(job.merchant, change);
    };
    match job.kind.as_str() {
        IMPORT => imports::run_job(platform, job.merchant, &job.payload, &tell).await,
        UNDO => imports::undo_job(platform, job.merchant, &job.payload).await,
        FIT_PART => models::fit_part(platform, job.merchant, &job.payload).await,
        HOUSEKEEPING => Ok(serde_json::to_value(keep_house(platform, job.merchant, &tell).await?)?),
        kind => {
            let scope =
                RunScope::by_name(kind).ok_or_else(|| AppError::invalid("kind", format!("unknown work `{kind}`")))?;
            Ok(serde_json::to_value(run(platform, job.merchant, scope, &tell).await?)?)
        }
    }
}

async fn settle(platform: &Platform, job: &Job, outcome: Result<Value, AppError>) -> Result<(), AppError> {
    let tx = platform.begin(Author::system("worker")).await?;
    let status = match outcome {
        Ok(result) => {
            stored::finish(&tx, job, Some(result)).await?;
            JobStatus::Done
        }
        Err(error) => {
            tracing::error!(job.id = %job.id, job.kind, error = &error as &dyn std::error::Error, "job `{}` failed", job.kind);
            let mut jitter = [0; 1];
            platform.randomness.fill(&mut jitter);
            let wait = Backoff::USUAL.wait(job.attempts, f64::from(jitter[0]) / 255.0);
            let note: String = sentence(&error).chars().take(NOTE_CHARS_MAX).collect();
            // An import that failed is over, and what it had brought is gone: its merchant may try again.
            let attempts_max = if job.kind == IMPORT { job.attempts } else { job.attempts_max };
            stored::fail(&tx, &Job { attempts_max, ..job.clone() }, &note, wait).await?
        }
    };
    tx.commit().await?;
    let change = LiveChange::JobFinished { id: job.id.to_string(), kind: job.kind.clone(), status: status.to_string() };
    platform.live.publish(job.merchant, change);
    Ok(())
}

/// The error and its causes in one line.
pub(crate) fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = next.source();
    }
    text
}
