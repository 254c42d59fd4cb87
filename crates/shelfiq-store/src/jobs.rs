//! The job queue: work that is stored together with its cause and done at least once.
//!
//! A job is enqueued in the transaction of the change that causes it. A worker claims it for a limited time (the
//! lease), prolongs the lease while it works, and finishes it in the transaction of the job's effect. If the worker
//! dies, the lease runs out and another worker claims the job again: effects that must happen once are stored with
//! [`finish`].

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, LockBehavior, LockType, Order, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;
use serde_json::Value;
use shelfiq_core::{JobId, MerchantId};
use uuid::Uuid;

use crate::database::sealed::Connected;
use crate::database::to_the_microsecond;
use crate::entity::job as entity;
use crate::error::{Doing, Stored};
use crate::page::{At, below};
use crate::{Page, PageRequest, Read, StoreError, Transaction};

text_enum! {
    /// Where a job stands.
    JobStatus = "job status" {
        /// Waits for a worker, or for its time.
        Queued = "queued",
        /// A worker has it.
        Running = "running",
        /// Done.
        Done = "done",
        /// Given up after its last attempt: a dead letter, kept for people to look at.
        Failed = "failed",
    }
}

/// One unit of work.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose work it is.
    pub merchant: MerchantId,
    /// What to do.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// Greater goes first.
    pub priority: i32,
    /// Where it stands.
    pub status: JobStatus,
    /// Not before this instant.
    pub run_at: DateTime<Utc>,
    /// Attempts begun so far.
    pub attempts: i32,
    /// Attempts at most.
    pub attempts_max: i32,
    /// Until when its worker has it.
    pub lease_until: Option<DateTime<Utc>>,
    /// Share done, 0 to 1.
    pub progress: f64,
    /// What it is doing, for people.
    pub stage: Option<String>,
    /// What it found.
    pub result: Option<Value>,
    /// Why its last attempt failed.
    pub error: Option<String>,
    /// When it was enqueued.
    pub created_at: DateTime<Utc>,
    /// When its last attempt began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it was done or given up.
    pub finished_at: Option<DateTime<Utc>>,
}

/// Work about to be enqueued.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// Its id.
    pub id: JobId,
    /// What to do.
    pub kind: String,
    /// With what.
    pub payload: Value,
    /// While a job with the same key waits, this one is not added.
    pub dedupe_key: Option<String>,
    /// Greater goes first; 0 is usual.
    pub priority: i32,
    /// Not before this instant.
    pub run_at: DateTime<Utc>,
    /// Attempts at most.
    pub attempts_max: i32,
}

/// What enqueuing came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// The job waits now.
    Added(JobId),
    /// Another job with the same key waits already and will do.
    Waiting(JobId),
}

impl Enqueued {
    /// The job that will do the work.
    #[must_use]
    pub const fn id(self) -> JobId {
        match self {
            Self::Added(id) | Self::Waiting(id) => id,
        }
    }
}

/// How long to wait before the next attempt: doubling from `first` up to `most`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// The wait after the first failure.
    pub first: TimeDelta,
    /// The longest wait.
    pub most: TimeDelta,
}

impl Backoff {
    /// Ten seconds, doubling up to an hour.
    pub const USUAL: Self = Self { first: TimeDelta::seconds(10), most: TimeDelta::hours(1) };

    /// The wait after `attempts` attempts. `jitter`, from 0 to 1, spreads jobs that failed together over the upper half
    /// of the wait.
    #[must_use]
    pub fn wait(self, attempts: i32, jitter: f64) -> TimeDelta {
        let doublings = u32::try_from(attempts - 1).map_or(0, |doublings| Ord::min(doublings, 20));
        let full = self.first.checked_mul(1 << doublings).map_or(self.most, |wait| wait.min(self.most));
        let half = full / 2;
        let spread = half.num_milliseconds() as f64 * jitter.clamp(0.0, 1.0);
        half + TimeDelta::milliseconds(spread as i64)
    }
}

/// Enqueues work in the transaction of its cause.
///
/// # Errors
/// A failure of the database.
pub async fn enqueue(tx: &Transaction, merchant: MerchantId, new: NewJob) -> Result<Enqueued, StoreError> {
    if let Some(key) = &new.dedupe_key {
        crate::merchants::lock(tx, merchant).await?;
        if let Some(waiting) = waiting(tx, merchant, key).await? {
            return Ok(Enqueued::Waiting(waiting));
        }
    }
    let row = entity::Model {
        id: new.id.as_uuid(),
        merchant_id: merchant.as_uuid(),
        kind: new.kind,
        payload: new.payload,
        dedupe_key: new.dedupe_key,
        priority: new.priority,
        status: JobStatus::Queued.to_string(),
        run_at: to_the_microsecond(new.run_at),
        attempts: 0,
        attempts_max: Ord::max(new.attempts_max, 1),
        lease_until: None,
        progress: 0.0,
        stage: None,
        result: None,
        error: None,
        created_at: tx.at(),
        started_at: None,
        finished_at: None,
    };
    entity::Entity::insert(row.into_active_model())
        .exec_without_returning(tx.connection())
        .await
        .doing("enqueuing a job")?;
    Ok(Enqueued::Added(new.id))
}

/// Takes the most urgent due job of one of the `kinds` until `tx.at() + lease`, whichever merchant it belongs to;
/// `None` if nothing is due. Jobs whose worker let its lease run out are due again. Commit at once: a claim counts from then.
///
/// # Errors
/// A failure of the database.
pub async fn claim(tx: &Transaction, kinds: &[&str], lease: TimeDelta) -> Result<Option<Job>, StoreError> {
    let now = tx.at();
    let due = Query::select()
        .column(entity::Column::Id)
        .from(entity::Entity)
        .and_where(entity::Column::Kind.is_in(kinds.iter().copied()))
        .cond_where(
            Condition::any()
                .add(entity::Column::Status.eq(JobStatus::Queued.as_str()).and(entity::Column::RunAt.lte(now)))
                .add(
                    abandoned(now).and(Expr::col(entity::Column::Attempts).lt(Expr::col(entity::Column::AttemptsMax))),
                ),
        )
        .order_by(entity::Column::Priority, Order::Desc)
        .order_by(entity::Column::RunAt, Order::Asc)
        .order_by(entity::Column::Id, Order::Asc)
        .limit(1)
        // Workers pass each other instead of queueing up for the same row. SQLite has one writer and needs no lock.
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .take();
    let claim = Query::update()
        .table(entity::Entity)
        .value(entity::Column::Status, JobStatus::Running.as_str())
        .value(entity::Column::Attempts, Expr::col(entity::Column::Attempts).add(1))
        .value(entity::Column::LeaseUntil, now + lease)
        .value(entity::Column::StartedAt, now)
        .value(entity::Column::Progress, 0.0)
        .and_where(entity::Column::Id.in_subquery(due))
        .returning_all()
        .take();
    sea_orm::ConnectionTrait::query_one(tx.connection(), &claim)
        .await
        .doing("claiming a job")?
        .map(|row| entity::Model::from_query_result(&row, "").doing("reading a claimed job"))
        .transpose()?
        .map(Job::try_from)
        .transpose()
}

/// Says that the worker still works on its claim: prolongs the lease and shows progress (0 to 1) and stage. `false` if
/// the job is no longer the worker's; it must stop then.
///
/// # Errors
/// A failure of the database.
pub async fn heartbeat(
    tx: &Transaction,
    claimed: &Job,
    lease: TimeDelta,
    progress: f64,
    stage: Option<&str>,
) -> Result<bool, StoreError> {
    let update = entity::Entity::update_many()
        .col_expr(entity::Column::LeaseUntil, Expr::value(tx.at() + lease))
        .col_expr(entity::Column::Progress, Expr::value(progress.clamp(0.0, 1.0)))
        .col_expr(entity::Column::Stage, Expr::value(stage.map(ToOwned::to_owned)));
    let kept = update.filter(held_by(claimed)).exec(tx.connection()).await.doing("prolonging a lease")?;
    Ok(kept.rows_affected == 1)
}

/// Marks the claimed job as done, in the transaction of its effect. If the job is no longer the worker's, nothing may
/// be committed: another worker does, or did, the same work.
///
/// # Errors
/// [`StoreError::WrongState`] if the lease ran out and the job went to another worker.
pub async fn finish(tx: &Transaction, claimed: &Job, result: Option<Value>) -> Result<(), StoreError> {
    let update = entity::Entity::update_many()
        .col_expr(entity::Column::Status, Expr::value(JobStatus::Done.as_str()))
        .col_expr(entity::Column::Progress, Expr::value(1.0))
        .col_expr(entity::Column::Result, Expr::value(result))
        .col_expr(entity::Column::Error, Expr::value(None::<String>))
        .col_expr(entity::Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(entity::Column::FinishedAt, Expr::value(tx.at()));
    let done = update.filter(held_by(claimed)).exec(tx.connection()).await.doing("finishing a job")?;
    still_held(done.rows_affected, "finish")
}

/// Records a failed attempt. The job waits for another one after `wait`, or is given up if it was the last, or if a
/// newer job for the same cause waits already. Returns where it stands now.
///
/// # Errors
/// [`StoreError::WrongState`] if the lease ran out and the job went to another worker.
pub async fn fail(tx: &Transaction, claimed: &Job, error: &str, wait: TimeDelta) -> Result<JobStatus, StoreError> {
    queue_again(tx, claimed, claimed.attempts, error, wait).await
}

/// Puts a claimed job back as if it had never been claimed: its worker stops and another one may begin at once. It is
/// given up if a newer job for the same cause waits already. Returns where it stands now.
///
/// # Errors
/// [`StoreError::WrongState`] if the lease ran out and the job went to another worker.
pub async fn give_back(tx: &Transaction, claimed: &Job) -> Result<JobStatus, StoreError> {
    queue_again(tx, claimed, claimed.attempts - 1, "the process stopped", TimeDelta::zero()).await
}

async fn queue_again(
    tx: &Transaction,
    claimed: &Job,
    attempts: i32,
    why: &str,
    wait: TimeDelta,
) -> Result<JobStatus, StoreError> {
    let row = entity::Entity::find()
        .filter(held_by(claimed))
        .one(tx.connection())
        .await
        .doing("loading a job")?
        .ok_or_else(|| not_held("queue again"))?;
    let is_replaced = match &row.dedupe_key {
        Some(key) => waiting(tx, claimed.merchant, key).await?.is_some(),
        None => false,
    };
    let (status, finished_at) = if attempts >= claimed.attempts_max || is_replaced {
        (JobStatus::Failed, Some(tx.at()))
    } else {
        (JobStatus::Queued, None)
    };
    let update = entity::Entity::update_many()
        .col_expr(entity::Column::Status, Expr::value(status.as_str()))
        .col_expr(entity::Column::Attempts, Expr::value(attempts))
        .col_expr(entity::Column::Error, Expr::value(why))
        .col_expr(entity::Column::RunAt, Expr::value(tx.at() + wait))
        .col_expr(entity::Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(entity::Column::FinishedAt, Expr::value(finished_at));
    let moved = update.filter(held_by(claimed)).exec(tx.connection()).await.doing("queueing a job again")?;
    still_held(moved.rows_affected, "queue again")?;
    Ok(status)
}

/// Gives up jobs whose worker vanished during the last attempt; returns how many.
///
/// # Errors
/// A failure of the database.
pub async fn bury_abandoned(tx: &Transaction) -> Result<u64, StoreError> {
    let buried = entity::Entity::update_many()
        .col_expr(entity::Column::Status, Expr::value(JobStatus::Failed.as_str()))
        .col_expr(entity::Column::Error, Expr::value("the worker vanished during the last attempt"))
        .col_expr(entity::Column::FinishedAt, Expr::value(tx.at()))
        .filter(abandoned(tx.at()))
        .filter(Expr::col(entity::Column::Attempts).gte(Expr::col(entity::Column::AttemptsMax)))
        .exec(tx.connection())
        .await
        .doing("giving up abandoned jobs")?;
    Ok(buried.rows_affected)
}

/// Forgets jobs that were done before `cutoff`; given-up ones stay. Returns how many.
///
/// # Errors
/// A failure of the database.
pub async fn forget_done(tx: &Transaction, cutoff: DateTime<Utc>) -> Result<u64, StoreError> {
    let forgotten = entity::Entity::delete_many()
        .filter(entity::Column::Status.eq(JobStatus::Done.as_str()))
        .filter(entity::Column::FinishedAt.lt(cutoff))
        .exec(tx.connection())
        .await
        .doing("forgetting done jobs")?;
    Ok(forgotten.rows_affected)
}

/// When the next waiting job of one of the `kinds` is due, so that a worker knows how long to sleep.
///
/// # Errors
/// A failure of the database.
pub async fn next_due(on: &impl Read, kinds: &[&str]) -> Result<Option<DateTime<Utc>>, StoreError> {
    let row = entity::Entity::find()
        .filter(entity::Column::Status.eq(JobStatus::Queued.as_str()))
        .filter(entity::Column::Kind.is_in(kinds.iter().copied()))
        .order_by_asc(entity::Column::RunAt)
        .one(on.connection())
        .await
        .doing("looking for the next job")?;
    Ok(row.map(|row| row.run_at))
}

/// One job of the merchant.
///
/// # Errors
/// [`StoreError::NotFound`].
pub async fn get(on: &impl Read, merchant: MerchantId, id: JobId) -> Result<Job, StoreError> {
    entity::Entity::find_by_id(id.as_uuid())
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .one(on.connection())
        .await
        .doing("loading a job")?
        .ok_or_else(|| StoreError::not_found("job", id))?
        .try_into()
}

/// The merchant's jobs, newest first; `status` narrows them.
///
/// # Errors
/// [`StoreError::BadCursor`] or a failure of the database.
pub async fn page(
    on: &impl Read,
    merchant: MerchantId,
    status: Option<JobStatus>,
    request: &PageRequest,
) -> Result<Page<Job>, StoreError> {
    let mut query = entity::Entity::find().filter(entity::Column::MerchantId.eq(merchant.as_uuid()));
    if let Some(status) = status {
        query = query.filter(entity::Column::Status.eq(status.as_str()));
    }
    if let Some(place) = request.after::<At, Uuid>()? {
        query = query.filter(below((entity::Column::CreatedAt, entity::Column::Id), place));
    }
    let rows = query
        .order_by_desc(entity::Column::CreatedAt)
        .order_by_desc(entity::Column::Id)
        .limit(request.rows_to_read())
        .all(on.connection())
        .await
        .doing("listing jobs")?;
    Page::cut(rows, request, |row| (At(row.created_at), row.id)).try_map(Job::try_from)
}

async fn waiting(tx: &Transaction, merchant: MerchantId, key: &str) -> Result<Option<JobId>, StoreError> {
    let row = entity::Entity::find()
        .filter(entity::Column::MerchantId.eq(merchant.as_uuid()))
        .filter(entity::Column::DedupeKey.eq(key))
        .filter(entity::Column::Status.eq(JobStatus::Queued.as_str()))
        .one(tx.connection())
        .await
        .doing("looking for a waiting job")?;
    Ok(row.map(|row| JobId::from_uuid(row.id)))
}

fn abandoned(now: DateTime<Utc>) -> SimpleExpr {
    entity::Column::Status.eq(JobStatus::Running.as_str()).and(entity::Column::LeaseUntil.lt(now))
}

/// The number of the attempt fences a worker off whose lease ran out: the next claim counts it up.
fn held_by(claimed: &Job) -> Condition {
    Condition::all()
        .add(entity::Column::Id.eq(claimed.id.as_uuid()))
        .add(entity::Column::MerchantId.eq(claimed.merchant.as_uuid()))
        .add(entity::Column::Status.eq(JobStatus::Running.as_str()))
        .add(entity::Column::Attempts.eq(claimed.attempts))
}

fn still_held(rows_affected: u64, step: &'static str) -> Result<(), StoreError> {
    if rows_affected == 1 { Ok(()) } else { Err(not_held(step)) }
}

fn not_held(step: &'static str) -> StoreError {
    StoreError::WrongState { what: "job", step, state: "no longer this worker's".to_owned() }
}

impl TryFrom<entity::Model> for Job {
    type Error = StoreError;

    fn try_from(row: entity::Model) -> Result<Self, StoreError> {
        Ok(Self {
            id: JobId::from_uuid(row.id),
            merchant: MerchantId::from_uuid(row.merchant_id),
            kind: row.kind,
            payload: row.payload,
            priority: row.priority,
            status: row.status.parse().stored_in("jobs.status")?,
            run_at: row.run_at,
            attempts: row.attempts,
            attempts_max: row.attempts_max,
            lease_until: row.lease_until,
            progress: row.progress,
            stage: row.stage,
            result: row.result,
            error: row.error,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
        })
    }
}
