//! The web app, embedded in the binary: hashed assets are immutable, everything else leads to `index.html`.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

/// Built by `scripts/web.sh`; empty while the web app has not been built, and [`serve`] then says so.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct WebApp;

const PAGE: &str = "index.html";
const YEAR: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const CHECK: HeaderValue = HeaderValue::from_static("no-cache");

/// Answers every path that no API route took.
pub(crate) async fn serve(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with("api/") {
        return crate::error::ApiError::no_route(request.uri().path()).into_response();
    }
    // Only built assets have a dot in their last segment; a Sku code with a dot lives below /products/.
    let is_asset = path.starts_with("assets/") || (!path.contains('/') && path.contains('.'));
    let file = if is_asset { path } else { PAGE };
    match best(file, request.headers()) {
        Some((asset, encoding)) => answer(file, asset, encoding, request.headers()),
        None if is_asset => StatusCode::NOT_FOUND.into_response(),
        None => (
            StatusCode::SERVICE_UNAVAILABLE,
            "This build has no web app inside. Run `make binary`, which builds it first. The API works at /api/v1.\n",
        )
            .into_response(),
    }
}

/// The smallest stored form that the client accepts.
fn best(file: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let takes = |name: &str| accepted.split(',').any(|one| one.split(';').next().is_some_and(|one| one.trim() == name));
    [("br", "br"), ("gzip", "gz")]
        .into_iter()
        .filter(|(encoding, _)| takes(encoding))
        .find_map(|(encoding, ending)| WebApp::get(&format!("{file}.{ending}")).map(|asset| (asset, Some(encoding))))
        .or_else(|| WebApp::get(file).map(|asset| (asset, None)))
}

fn answer(file: &str, asset: EmbeddedFile, encoding: Option<&'static str>, headers: &HeaderMap) -> Response {
    let tag = format!("\"{}\"", crate::etag::hex(&asset.metadata.sha256_hash()[..16]));
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == tag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        asset.data.into_owned().into_response()
    };
    let kind = mime_guess::from_path(file).first_or_octet_stream();
    let out = response.headers_mut();
    let text = |value: &str| HeaderValue::from_str(value).unwrap_or(HeaderValue::from_static(""));
    out.insert(header::CONTENT_TYPE, text(kind.essence_str()));
    out.insert(header::ETAG, text(&tag));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(header::CACHE_CONTROL, if file.starts_with("assets/") { YEAR } else { CHECK });
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}
