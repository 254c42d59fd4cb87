//! Saved views.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use shelfiq_app::views;
use shelfiq_core::SavedViewId;
use shelfiq_store::saved_views::SavedView;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::caller::{Body, Caller, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::PageBody;
use crate::state::ApiState;

/// Which views.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ViewsQuery {
    /// `products`, `recommendations` or `alerts`
    area: String,
}

/// A view to save.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewViewBody {
    area: String,
    #[schema(max_length = 80)]
    name: String,
    /// The query string that shows it.
    query: String,
}

/// A saved view.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ViewBody {
    id: Uuid,
    area: String,
    name: String,
    query: String,
    created_by: String,
}

impl From<SavedView> for ViewBody {
    fn from(view: SavedView) -> Self {
        Self {
            id: view.id.as_uuid(),
            area: view.area,
            name: view.name,
            query: view.query,
            created_by: view.created_by.to_string(),
        }
    }
}

/// Lists the views of an area.
#[utoipa::path(get, path = "/views", tag = "query", operation_id = "list_views", params(ViewsQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<ViewBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(query): Params<ViewsQuery>,
) -> Result<Json<PageBody<ViewBody>>, ApiError> {
    let views = views::list(&state.platform, &actor, &query.area).await?;
    let items: Vec<ViewBody> = views.into_iter().map(Into::into).collect();
    Ok(Json(PageBody { total: u64::try_from(items.len()).ok(), items, next: None }))
}

/// Saves a view.
#[utoipa::path(post, path = "/views", tag = "query", operation_id = "save_view", request_body = NewViewBody, security(("bearer" = [])),
    responses((status = 201, body = ViewBody), (status = "default", body = Problem)))]
pub(crate) async fn save(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<NewViewBody>,
) -> Result<(StatusCode, Json<ViewBody>), ApiError> {
    let view = views::save(&state.platform, &actor, &body.area, &body.name, &body.query).await?;
    Ok((StatusCode::CREATED, Json(view.into())))
}

/// Deletes a view.
#[utoipa::path(delete, path = "/views/{id}", tag = "query", operation_id = "delete_view", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn delete(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<StatusCode, ApiError> {
    views::delete(&state.platform, &actor, SavedViewId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
