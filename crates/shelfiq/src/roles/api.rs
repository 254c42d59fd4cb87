//! Answering HTTP.

use std::net::SocketAddr;
use std::time::Duration;

use shelfiq_api::{ApiState, router};
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long calls may go on after the process was told to stop. Live connections would stay for ever.
const DRAIN_MAX: Duration = Duration::from_secs(5);

/// Serves until told to stop.
///
/// # Errors
/// If the listener fails.
pub(super) async fn serve(
    listener: TcpListener,
    state: ApiState,
    stopped: watch::Receiver<bool>,
) -> anyhow::Result<()> {
    let wait = |mut stopped: watch::Receiver<bool>| async move { drop(stopped.wait_for(|stop| *stop).await) };
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(wait(stopped.clone()));
    tokio::select! {
        ended = async { served.await } => Ok(ended?),
        () = async { wait(stopped).await; tokio::time::sleep(DRAIN_MAX).await } => Ok(()),
    }
}
