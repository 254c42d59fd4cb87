//! Every route, and the layers that each request passes.

use std::time::Duration;

use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::get;
use axum::{Json, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::request_id::{MakeRequestUuid, PropagateRequestIdLayer, SetRequestIdLayer};
use tower_http::timeout::TimeoutLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

use crate::docs::{ApiDoc, name_problems};
use crate::error::Problem;
use crate::request::{REQUEST_ID, observe, protect};
use crate::state::ApiState;
use crate::{
    alerts, anomalies, assets, demand_plan, etag, health, idempotency, identity, imports, jobs, ledger, live, measures,
    models, overview, price_plan, price_tests, products, rate_limit, recommendations, search, shops, sql, views,
};

/// Bodies of ordinary calls; uploads have their own bound.
const BODY_BYTES_MAX: usize = 4 << 20;
/// Calls that take longer are given up. Uploads and SQL have bounds of their own below it.
const CALL_SECONDS_MAX: u64 = 600;

/// The documented routes, and the document.
pub(crate) fn documented(upload_bytes_max: usize) -> (Router<ApiState>, utoipa::openapi::OpenApi) {
    let api = OpenApiRouter::new()
        .routes(routes!(identity::set_up::state, identity::set_up::set_up))
        .routes(routes!(identity::session::sign_in))
        .routes(routes!(identity::session::refresh))
        .routes(routes!(identity::session::sign_out))
        .routes(routes!(identity::session::switch))
        .routes(routes!(identity::profile::change_password))
        .routes(routes!(identity::profile::me))
        .routes(routes!(identity::members::list, identity::members::add))
        .routes(routes!(identity::members::change_role, identity::members::remove))
        .routes(routes!(identity::api_keys::list, identity::api_keys::create))
        .routes(routes!(identity::api_keys::revoke))
        .routes(routes!(identity::audit::list))
        .routes(routes!(shops::get, shops::change))
        .routes(routes!(overview::get))
        .routes(routes!(measures::list))
        .routes(routes!(measures::query))
        .routes(routes!(measures::forecast::ask))
        .routes(routes!(demand_plan::get))
        .routes(routes!(products::list))
        .routes(routes!(products::show::get))
        .routes(routes!(products::what_if::ask))
        .routes(routes!(products::simulate::ask))
        .routes(routes!(products::season::ask))
        .routes(routes!(price_plan::ask))
        .routes(routes!(price_plan::front::ask))
        .routes(routes!(price_plan::take::take))
        .routes(routes!(products::settings::get, products::settings::change))
        .routes(routes!(anomalies::of_product))
        .routes(routes!(anomalies::answer, anomalies::withdraw))
        .routes(routes!(anomalies::answers))
        .routes(routes!(anomalies::thresholds))
        .routes(routes!(models::leaderboard::get))
        .routes(routes!(models::accuracy::get))
        .routes(routes!(models::accuracy::of_sku))
        .routes(routes!(models::drift::get))
        .routes(routes!(models::forecast::get))
        .routes(routes!(models::versions::list))
        .routes(routes!(models::versions::get))
        .routes(routes!(models::versions::artefact))
        .routes(routes!(models::versions::promote))
        .routes(routes!(models::versions::roll_back))
        .routes(routes!(recommendations::list))
        .routes(routes!(recommendations::bulk))
        .routes(routes!(recommendations::get))
        .routes(routes!(recommendations::accept))
        .routes(routes!(recommendations::dismiss))
        .routes(routes!(recommendations::snooze))
        .routes(routes!(recommendations::undo))
        .routes(routes!(ledger::list))
        .routes(routes!(ledger::summary::sum_up))
        .routes(routes!(ledger::get))
        .routes(routes!(price_tests::list, price_tests::start))
        .routes(routes!(price_tests::propose))
        .routes(routes!(price_tests::get))
        .routes(routes!(price_tests::stop))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::counts))
        .routes(routes!(alerts::bulk))
        .routes(routes!(alerts::get))
        .routes(routes!(alerts::acknowledge))
        .routes(routes!(alerts::snooze))
        .routes(routes!(alerts::resolve))
        .routes(routes!(alerts::undo))
        .routes(routes!(imports::list, imports::start))
        .routes(routes!(imports::preview::preview))
        .routes(routes!(imports::get))
        .routes(routes!(imports::undo))
        .routes(routes!(imports::rejects))
        .routes(routes!(jobs::list, jobs::start))
        .routes(routes!(jobs::get))
        .routes(routes!(views::list, views::save))
        .routes(routes!(views::delete))
        .routes(routes!(search::search))
        .routes(routes!(sql::ask))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX));
    let uploads =
        OpenApiRouter::new().routes(routes!(imports::upload::upload)).layer(DefaultBodyLimit::max(upload_bytes_max));
    let (routes, mut document) = OpenApiRouter::with_openapi(ApiDoc::openapi())
        .routes(routes!(health::health))
        .routes(routes!(health::ready))
        .routes(routes!(health::metrics))
        .nest("/api/v1", api.merge(uploads))
        .split_for_parts();
    name_problems(&mut document);
    (routes, document)
}

/// The whole HTTP face: API, documents, live updates, web app.
pub fn router(state: ApiState) -> Router {
    let upload_bytes_max = usize::try_from(state.config.upload_bytes_max).unwrap_or(usize::MAX);
    let (api, document) = documented(upload_bytes_max);
    let limited = api
        .layer(from_fn(etag::tag))
        .layer(from_fn_with_state(state.clone(), idempotency::remember))
        .layer(from_fn_with_state(state.clone(), rate_limit::limit));
    let served = document.clone();
    Router::new()
        .merge(limited)
        .route("/api/v1/live", get(live::watch))
        .route("/api/openapi.json", get(move || async move { Json(served) }))
        .merge(SwaggerUi::new("/api/docs").url("/api/docs/openapi.json", document))
        .fallback(assets::serve)
        .layer(CompressionLayer::new().gzip(true))
        .layer(from_fn(protect))
        .layer(from_fn(stamp_problems))
        .layer(from_fn(observe))
        .layer(TimeoutLayer::with_status_code(
            axum::http::StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(CALL_SECONDS_MAX),
        ))
        .layer(CatchPanicLayer::new())
        .layer(PropagateRequestIdLayer::new(REQUEST_ID))
        .layer(SetRequestIdLayer::new(REQUEST_ID, MakeRequestUuid))
        .with_state(state)
}

/// Writes the request's id into error bodies: whoever reports an error can name the line in the log.
async fn stamp_problems(request: Request, next: Next) -> Response {
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<std::sync::Arc<Problem>>().cloned() else { return response };
    let (mut parts, _) = response.into_parts();
    let stamped = Problem {
        request_id: id,
        errors: problem.errors.clone(),
        kind: problem.kind.clone(),
        detail: problem.detail.clone(),
        ..*problem
    };
    parts.headers.remove(axum::http::header::CONTENT_LENGTH);
    // The body it replaces may have been compressed; this one is not.
    parts.headers.remove(axum::http::header::CONTENT_ENCODING);
    let body = serde_json::to_vec(&stamped).unwrap_or_default();
    Response::from_parts(parts, axum::body::Body::from(body))
}
