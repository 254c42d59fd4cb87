//! First start: is there an owner, and making one.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use shelfiq_app::identity::{Secret, SetUp, SignIn};
use shelfiq_core::{CurrencyCode, TimeZone};
use utoipa::ToSchema;

use super::session::{answer, client_of};
use crate::caller::Body;
use crate::error::{ApiError, Problem};
use crate::state::ApiState;

/// What the sign-in page needs to know before anybody is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetUpStateBody {
    /// Nobody set the installation up yet.
    needs_setup: bool,
    /// The login of a demo shop.
    demo: Option<DemoBody>,
    /// Release that answers.
    version: &'static str,
}

/// The login of a demo shop.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DemoBody {
    email: String,
    password: String,
}

/// The first merchant and its owner.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetUpBody {
    /// Name of the business.
    #[schema(max_length = 120)]
    merchant_name: String,
    /// ISO 4217 code of its totals.
    #[schema(example = "EUR")]
    currency: String,
    /// IANA zone in which its days begin.
    #[schema(example = "Europe/Berlin")]
    time_zone: String,
    #[schema(max_length = 120)]
    owner_name: String,
    email: String,
    /// At least ten characters.
    password: String,
}

/// Whether the installation needs to be set up.
#[utoipa::path(get, path = "/setup", tag = "identity", operation_id = "get_setup", responses((status = 200, body = SetUpStateBody), (status = "default", body = Problem)))]
pub(crate) async fn state(State(state): State<ApiState>) -> Result<Json<SetUpStateBody>, ApiError> {
    let needs_setup = state.identity.needs_set_up().await?;
    let demo =
        state.config.demo.as_ref().map(|demo| DemoBody { email: demo.email.clone(), password: demo.password.clone() });
    Ok(Json(SetUpStateBody { needs_setup, demo, version: env!("CARGO_PKG_VERSION") }))
}

/// Makes the first merchant and its owner, and signs the owner in. Possible once.
#[utoipa::path(post, path = "/setup", tag = "identity", operation_id = "set_up", request_body = SetUpBody,
    responses((status = 200, body = super::session::SessionBody), (status = "default", body = Problem)))]
pub(crate) async fn set_up(
    State(state): State<ApiState>,
    headers: HeaderMap,
    Body(body): Body<SetUpBody>,
) -> Result<Response, ApiError> {
    let currency =
        CurrencyCode::new(&body.currency).map_err(|error| ApiError::invalid("currency", error.to_string()))?;
    let time_zone: TimeZone = body
        .time_zone
        .parse()
        .map_err(|error: shelfiq_core::TimeError| ApiError::invalid("time_zone", error.to_string()))?;
    let request = SetUp {
        merchant_name: body.merchant_name,
        currency,
        time_zone,
        is_demo: false,
        owner_name: body.owner_name,
        email: body.email.clone(),
        password: Secret::new(body.password.clone()),
    };
    let merchant = state.identity.set_up(request).await?;
    shelfiq_app::shops::prepare(&state.platform, merchant.id).await?;
    let (client, address) = client_of(&headers);
    let sign_in = SignIn { email: body.email, password: Secret::new(body.password), client, address };
    Ok(answer(&state, &state.identity.sign_in(sign_in).await?))
}
