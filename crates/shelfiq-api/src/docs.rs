//! The OpenAPI document.

use utoipa::openapi::RefOr;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

/// Media type of errors (RFC 9457).
const PROBLEM: &str = "application/problem+json";

/// Everything about the document that no handler says.
#[derive(OpenApi)]
#[openapi(
    info(title = "ShelfIQ", description = "Commerce intelligence for people who sell on marketplaces. Errors are `application/problem+json`; lists are pages with a `next` cursor; \
        every POST takes an `Idempotency-Key`; GETs carry an `ETag`.", license(name = "Apache-2.0", identifier = "Apache-2.0")),
    modifiers(&Security),
    components(schemas(crate::error::Problem)),
    tags(
        (name = "identity", description = "Set-up, sign-in, members, API keys, audit"),
        (name = "shop", description = "The merchant and its settings"),
        (name = "measures", description = "The overview and named business quantities"),
        (name = "products", description = "Products, prices, demand, what-if"),
        (name = "prices", description = "The prices of the whole shop together"),
        (name = "anomalies", description = "What is unusual, and what members say about it"),
        (name = "models", description = "How far forecasts were off, versions of models, forecasts on demand"),
        (name = "recommendations", description = "Proposed actions and decisions about them"),
        (name = "ledger", description = "What decisions promised and what they brought"),
        (name = "price tests", description = "Prices tried on purpose, to learn how demand answers"),
        (name = "alerts", description = "The alert inbox"),
        (name = "imports", description = "Files into tables, and back"),
        (name = "jobs", description = "Background work"),
        (name = "query", description = "SQL, search, saved views"),
        (name = "operation", description = "Health and telemetry"),
    )
)]
pub(crate) struct ApiDoc;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("An access token from signing in, or an API key (`sk_…`)"))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    }
}

/// The OpenAPI document of this release.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    crate::router::documented(usize::MAX).1
}

/// Gives every error its media type; handlers would else have to repeat it.
pub(crate) fn name_problems(document: &mut utoipa::openapi::OpenApi) {
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete, &mut item.put];
        for operation in operations.into_iter().flatten() {
            if let Some(RefOr::T(response)) = operation.responses.responses.get_mut("default") {
                response.content = std::mem::take(&mut response.content)
                    .into_values()
                    .map(|body| (PROBLEM.to_owned(), body))
                    .collect();
            }
        }
    }
}
