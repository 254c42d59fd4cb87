//! The search behind the command palette.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use shelfiq_app::search as app;
use utoipa::{IntoParams, ToSchema};

use crate::caller::{Caller, Params};
use crate::error::{ApiError, Problem};
use crate::page::PageBody;
use crate::state::ApiState;

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// Words; all must occur
    #[param(max_length = 200)]
    q: String,
}

/// Something that matches.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HitBody {
    /// `product`.
    kind: &'static str,
    title: String,
    subtitle: String,
    /// Path in the web app.
    link: String,
}

/// Finds products.
#[utoipa::path(get, path = "/search", tag = "query", operation_id = "search", params(SearchQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<HitBody>), (status = "default", body = Problem)))]
pub(crate) async fn search(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<SearchQuery>,
) -> Result<Json<PageBody<HitBody>>, ApiError> {
    let hits = app::search(&state.platform, &actor, &query.q).await?;
    let items = hits
        .into_iter()
        .map(|hit| HitBody {
            kind: "product",
            link: format!("/products/{}", crate::products::encoded(&hit.sku)),
            subtitle: hit.category.map_or_else(|| hit.sku.clone(), |category| format!("{} · {category}", hit.sku)),
            title: hit.title,
        })
        .collect();
    Ok(Json(PageBody { items, next: None, total: None }))
}
