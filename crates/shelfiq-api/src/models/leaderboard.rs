//! Versions side by side.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use shelfiq_app::models as app;
use utoipa::ToSchema;
use uuid::Uuid;

use super::figures::{AccuracyFiguresBody, AccuracyParams};
use super::versions::ModelVersionBody;
use crate::caller::{Caller, Params};
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// Versions of the demand model side by side.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeaderboardBody {
    /// Versions that serve, are tried, or have figures; newest first.
    versions: Vec<ModelVersionBody>,
    /// Figures by version: first for all demand together, then by kind. Empty until a run has something to compare.
    rows: Vec<LeaderboardRowBody>,
    /// What the model in production consists of, by kind of demand, heaviest first.
    members: Vec<ModelShareBody>,
}

/// How one version did with one kind of demand.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LeaderboardRowBody {
    version_id: Uuid,
    /// Name of the version's recipe.
    model: String,
    /// Number of the version.
    number: i32,
    /// `candidate`, `shadow`, `canary`, `production` or `archived`.
    stage: String,
    /// Kind of demand; null for all together.
    demand_class: Option<String>,
    /// Share of the judged Sku-days that were forecast live; the others were replayed.
    live_share: f64,
    /// One less the ratio of its absolute error to that of repeating last week: 0.2 is a fifth better.
    over_baseline: Option<f64>,
    figures: AccuracyFiguresBody,
}

/// A model's mean share in the ensemble.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ModelShareBody {
    demand_class: String,
    model: String,
    /// Mean weight over the Skus of this kind, 0 to 1.
    weight: f64,
    /// Skus of this kind.
    skus: u64,
}

/// Compares the versions of the demand model by what their forecasts missed.
#[utoipa::path(get, path = "/models", tag = "models", operation_id = "get_model_leaderboard", params(AccuracyParams), security(("bearer" = [])),
    responses((status = 200, body = LeaderboardBody), (status = "default", body = Problem)))]
pub(crate) async fn get(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(params): Params<AccuracyParams>,
) -> Result<Json<LeaderboardBody>, ApiError> {
    let board = app::leaderboard(&state.platform, &actor, &params.query()?).await?;
    let row = |row: &app::LeaderboardRow| {
        let version = board.versions.iter().find(|version| version.id == row.version)?;
        Some(LeaderboardRowBody {
            version_id: row.version.as_uuid(),
            model: version.model.clone(),
            number: version.number,
            stage: version.stage.to_string(),
            demand_class: row.demand_class.clone(),
            live_share: row.live_share,
            over_baseline: row.over_baseline,
            figures: (&row.figures).into(),
        })
    };
    Ok(Json(LeaderboardBody {
        rows: board.rows.iter().filter_map(row).collect(),
        members: board
            .members
            .into_iter()
            .map(|member| ModelShareBody {
                demand_class: member.demand_class,
                model: member.model,
                weight: member.weight,
                skus: member.skus,
            })
            .collect(),
        versions: board.versions.into_iter().map(Into::into).collect(),
    }))
}
