//! Errors on the wire: problem+json (RFC 9457). Kinds become statuses here and nowhere else.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use shelfiq_app::AppError;
use shelfiq_core::ErrorKind;
use utoipa::ToSchema;

/// An answer that says what went wrong.
#[derive(Debug)]
pub(crate) struct ApiError {
    kind: ErrorKind,
    code: &'static str,
    detail: String,
    fields: Vec<FieldProblem>,
}

/// The body of every error.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Address of a page about this class of error.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The class in words.
    pub(crate) title: &'static str,
    /// The HTTP status.
    pub(crate) status: u16,
    /// The class for programs.
    pub(crate) code: &'static str,
    /// What happened, where, and what to do.
    pub(crate) detail: String,
    /// Names this call in the log.
    pub(crate) request_id: String,
    /// The fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<FieldProblem>,
}

/// A field at fault.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// Which field.
    pub(crate) field: String,
    /// Which rule it breaks.
    pub(crate) message: String,
}

impl ApiError {
    pub(crate) fn new(kind: ErrorKind, code: &'static str, detail: impl Into<String>) -> Self {
        Self { kind, code, detail: detail.into(), fields: Vec::new() }
    }

    /// A value of the request breaks a rule.
    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let fields = vec![FieldProblem { field: field.to_owned(), message: message.clone() }];
        Self { fields, ..Self::new(ErrorKind::Invalid, "invalid", format!("{field}: {message}")) }
    }

    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            ErrorKind::Unauthenticated,
            "unauthenticated",
            "send an access token or an API key in the Authorization header",
        )
    }

    pub(crate) fn no_route(path: &str) -> Self {
        Self::new(ErrorKind::NotFound, "no_route", format!("there is nothing at `{path}`: see /api/docs"))
    }
}

/// Status, title and code of a kind: the one place where kinds become statuses.
const fn class(kind: ErrorKind) -> (StatusCode, &'static str, &'static str) {
    match kind {
        ErrorKind::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "The input is not valid", "invalid"),
        ErrorKind::Unauthenticated => (StatusCode::UNAUTHORIZED, "Not signed in", "unauthenticated"),
        ErrorKind::Forbidden => (StatusCode::FORBIDDEN, "Not allowed", "forbidden"),
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, "Not found", "not_found"),
        ErrorKind::Conflict => (StatusCode::CONFLICT, "Not possible in the present state", "conflict"),
        ErrorKind::PreconditionFailed => (StatusCode::PRECONDITION_FAILED, "Changed meanwhile", "changed_meanwhile"),
        ErrorKind::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Too large", "too_large"),
        ErrorKind::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "Too many calls", "rate_limited"),
        ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Try again", "unavailable"),
        ErrorKind::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "Something broke on our side", "internal"),
    }
}

impl From<AppError> for ApiError {
    fn from(error: AppError) -> Self {
        let kind = error.kind();
        let code = class(kind).2;
        if kind == ErrorKind::Internal {
            tracing::error!(error = &error as &dyn std::error::Error, "a use case failed");
            return Self::new(kind, code, "Nothing was lost. The log has the details under this request's id.");
        }
        let detail = sentence(&error);
        let fields = error.field().map(|field| FieldProblem { field: field.to_owned(), message: detail.clone() });
        Self { fields: fields.into_iter().collect(), ..Self::new(kind, code, detail) }
    }
}

/// The error with its causes, each once.
fn sentence(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = next.source();
    }
    text
}

impl From<JsonRejection> for ApiError {
    fn from(rejection: JsonRejection) -> Self {
        let kind =
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE { ErrorKind::TooLarge } else { ErrorKind::Invalid };
        Self::new(kind, "invalid_body", rejection.body_text())
    }
}

impl From<QueryRejection> for ApiError {
    fn from(rejection: QueryRejection) -> Self {
        Self::new(ErrorKind::Invalid, "invalid_query", rejection.body_text())
    }
}

impl From<PathRejection> for ApiError {
    fn from(rejection: PathRejection) -> Self {
        Self::new(ErrorKind::NotFound, "not_found", rejection.body_text())
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, title, _) = class(self.kind);
        let problem = Problem {
            kind: format!("/api/docs#{}", self.code),
            title,
            status: status.as_u16(),
            code: self.code,
            detail: self.detail,
            // Filled in by the request layer, which knows the id.
            request_id: String::new(),
            errors: self.fields,
        };
        let mut response = (status, Json(&problem)).into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response.extensions_mut().insert(std::sync::Arc::new(problem));
        response
    }
}
