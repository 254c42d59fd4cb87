//! Who belongs to the merchant.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use shelfiq_app::identity::{MemberRequest, Secret};
use shelfiq_core::MemberId;
use shelfiq_store::members::Member;
use utoipa::ToSchema;
use uuid::Uuid;

use super::RoleBody;
use crate::caller::{Body, Caller, Params, Place};
use crate::error::{ApiError, Problem};
use crate::page::{PageBody, PageQuery};
use crate::state::ApiState;

/// A member.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MemberBody {
    id: Uuid,
    name: String,
    email: String,
    role: String,
    created_at: DateTime<Utc>,
    last_seen_at: Option<DateTime<Utc>>,
}

impl From<Member> for MemberBody {
    fn from(member: Member) -> Self {
        Self {
            id: member.id.as_uuid(),
            name: member.name,
            email: member.email,
            role: member.role.to_string(),
            created_at: member.created_at,
            last_seen_at: member.last_seen_at,
        }
    }
}

/// A member to add.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewMemberBody {
    #[schema(max_length = 120)]
    name: String,
    email: String,
    role: RoleBody,
    /// The first password, to be told to the person and changed by them.
    password: String,
}

/// A change of role.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RoleChangeBody {
    role: RoleBody,
}

/// Lists members in the order in which they joined.
#[utoipa::path(get, path = "/members", tag = "identity", operation_id = "list_members", params(PageQuery), security(("bearer" = [])),
    responses((status = 200, body = PageBody<MemberBody>), (status = "default", body = Problem)))]
pub(crate) async fn list(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Params(page): Params<PageQuery>,
) -> Result<Json<PageBody<MemberBody>>, ApiError> {
    Ok(Json(PageBody::of(state.identity.members(&actor, &page.request()).await?, None)))
}

/// Adds a member with a first password.
#[utoipa::path(post, path = "/members", tag = "identity", operation_id = "add_member", request_body = NewMemberBody, security(("bearer" = [])),
    responses((status = 201, body = MemberBody), (status = "default", body = Problem)))]
pub(crate) async fn add(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Body(body): Body<NewMemberBody>,
) -> Result<(StatusCode, Json<MemberBody>), ApiError> {
    let request = MemberRequest {
        name: body.name,
        email: body.email,
        role: body.role.into(),
        password: Secret::new(body.password),
    };
    Ok((StatusCode::CREATED, Json(state.identity.add_member(&actor, request).await?.into())))
}

/// Changes a member's role. The last owner stays owner.
#[utoipa::path(patch, path = "/members/{id}", tag = "identity", operation_id = "change_role", params(("id" = Uuid, Path)), request_body = RoleChangeBody, security(("bearer" = [])),
    responses((status = 200, body = MemberBody), (status = "default", body = Problem)))]
pub(crate) async fn change_role(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
    Body(body): Body<RoleChangeBody>,
) -> Result<Json<MemberBody>, ApiError> {
    Ok(Json(state.identity.change_role(&actor, MemberId::from_uuid(id), body.role.into()).await?.into()))
}

/// Removes a member. The last owner stays.
#[utoipa::path(delete, path = "/members/{id}", tag = "identity", operation_id = "remove_member", params(("id" = Uuid, Path)), security(("bearer" = [])),
    responses((status = 204), (status = "default", body = Problem)))]
pub(crate) async fn remove(
    State(state): State<ApiState>,
    Caller(actor): Caller,
    Place(id): Place<Uuid>,
) -> Result<StatusCode, ApiError> {
    state.identity.remove_member(&actor, MemberId::from_uuid(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
