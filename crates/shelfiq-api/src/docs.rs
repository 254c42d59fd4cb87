//! The OpenAPI document.

use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

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
        (name = "recommendations", description = "Proposed actions and decisions about them"),
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
    crate::router::documented(usize::MAX).split_for_parts().1
}
