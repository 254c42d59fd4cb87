//! What a serving process does: one file per role that has more to it than a call.

mod api;

use std::time::Duration;

use anyhow::Context;
use shelfiq_api::ApiState;
use shelfiq_app::{Platform, jobs};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::cli::Role;
use crate::print;

/// How long a job that runs may go on after the process was told to stop; then it is put back into the queue.
const JOB_GRACE: Duration = Duration::from_secs(5);
/// How long all parts may take to stop. With the time that `main` gives to threads that compute, the process is gone ten
/// seconds after it was told to, whatever it was doing.
const STOP_MAX: Duration = Duration::from_secs(8);

/// Runs `roles` until the process is told to stop, then finishes what can be finished in a few seconds.
///
/// # Errors
/// If the listener fails.
pub(crate) async fn run(
    roles: &[Role],
    platform: Platform,
    api: Option<(TcpListener, ApiState)>,
) -> anyhow::Result<()> {
    let (stop, stopped) = watch::channel(false);
    let mut running = JoinSet::new();
    for role in roles {
        let (platform, stopped) = (platform.clone(), stopped.clone());
        match role {
            Role::Worker => drop(running.spawn(async { jobs::run_worker(platform, stopped, JOB_GRACE).await })),
            Role::Scheduler => drop(running.spawn(async { jobs::run_scheduler(platform, stopped).await })),
            Role::Api => {}
        }
    }
    let served = tokio::spawn(async move {
        match api {
            Some((listener, state)) => api::serve(listener, state, stopped).await,
            None => {
                let mut stopped = stopped;
                drop(stopped.wait_for(|stop| *stop).await);
                Ok(())
            }
        }
    });
    let mut served = std::pin::pin!(served);
    let ended_by_itself = tokio::select! {
        ended = &mut served => Some(ended),
        () = told_to_stop() => None,
    };
    stop.send_replace(true);
    if let Some(ended) = ended_by_itself {
        return ended.context("the server failed")?;
    }
    print::note("stopping: finishing what is under way; once more to stop at once");
    let all_stop = async {
        while running.join_next().await.is_some() {}
        served.await.context("the server failed")?
    };
    tokio::select! {
        ended = all_stop => ended,
        () = tokio::time::sleep(STOP_MAX) => {
            tracing::warn!("a job was still computing; it is taken up again when its lease has run out");
            Ok(())
        }
        () = told_to_stop() => Ok(()),
    }
}

async fn told_to_stop() {
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}
