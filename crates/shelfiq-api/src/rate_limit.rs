//! Calls per minute and caller, with the usual headers.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter as Governor};
use shelfiq_core::ErrorKind;

use crate::error::ApiError;
use crate::state::ApiState;

const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("x-ratelimit-reset");
/// Callers that were quiet for a minute are forgotten once so many are known.
const CALLERS_KEPT: usize = 50_000;

/// Counts calls per caller.
#[derive(Clone)]
pub(crate) struct RateLimiter {
    governor: Arc<Governor<u64, DashMapStateStore<u64>, DefaultClock, StateInformationMiddleware>>,
    per_minute: u32,
}

impl RateLimiter {
    pub(crate) fn new(per_minute: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        let governor = Governor::dashmap(quota).with_middleware::<StateInformationMiddleware>();
        Self { governor: Arc::new(governor), per_minute }
    }
}

/// Lets a call pass or says when to come back.
pub(crate) async fn limit(State(state): State<ApiState>, request: Request, next: Next) -> Response {
    let limiter = &state.limiter;
    if limiter.governor.len() > CALLERS_KEPT {
        limiter.governor.retain_recent();
    }
    match limiter.governor.check_key(&caller(&request)) {
        Ok(left) => {
            let mut response = next.run(request).await;
            mark(&mut response, limiter.per_minute, left.remaining_burst_capacity(), 60);
            response
        }
        Err(refused) => {
            let wait = refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            let detail = format!("{} calls a minute are allowed: wait {wait} s", limiter.per_minute);
            let mut response = ApiError::new(ErrorKind::RateLimited, "rate_limited", detail).into_response();
            mark(&mut response, limiter.per_minute, 0, wait);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait));
            response
        }
    }
}

fn mark(response: &mut Response, limit: u32, remaining: u32, reset_seconds: u64) {
    let headers = response.headers_mut();
    headers.insert(LIMIT, HeaderValue::from(limit));
    headers.insert(REMAINING, HeaderValue::from(remaining));
    headers.insert(RESET, HeaderValue::from(reset_seconds));
}

/// Callers are told apart by their token, and without one by their network address.
fn caller(request: &Request) -> u64 {
    let mut hasher = DefaultHasher::new();
    match request.headers().get(header::AUTHORIZATION) {
        Some(token) => token.as_bytes().hash(&mut hasher),
        None => {
            request.extensions().get::<ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip()).hash(&mut hasher)
        }
    }
    hasher.finish()
}
