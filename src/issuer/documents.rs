//! What everybody may read: the key set (RFC 7517 §5) and what the issuer says of itself (RFC 8414, OpenID
//! Connect Discovery 1.0).

use super::refusal::json_answer;
use super::server::Shared;
use crate::base64::encode_url;
use crate::sha2::Algorithm;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::json;
use std::sync::Arc;

/// Where the key set is.
pub const JWKS_PATH: &str = "/.well-known/jwks.json";
/// Where the description is.
pub const CONFIGURATION_PATH: &str = "/.well-known/openid-configuration";
/// Where tokens are.
pub const TOKEN_PATH: &str = "/token";

/// `GET /.well-known/jwks.json`: public members only, with an ETag (RFC 9110 §8.8.3).
pub(super) async fn jwks(State(shared): State<Arc<Shared>>, asked: HeaderMap) -> Response {
    let set = shared.keys.now().public_set(shared.settings.clock.now());
    let body = format!("{}\n", set.to_value());
    let tag =
        format!("\"{}\"", encode_url(&Algorithm::Sha256.digest(body.as_bytes()).as_bytes()[..16]));
    let mut response = if is_known(&asked, &tag) {
        // RFC 9110 §15.4.5: the caching headers all the same, so that it is kept for another while
        let mut unchanged = Response::new(Body::empty());
        *unchanged.status_mut() = StatusCode::NOT_MODIFIED;
        unchanged
    } else {
        let mut whole = Response::new(Body::from(body));
        let kind = HeaderValue::from_static("application/jwk-set+json");
        whole.headers_mut().insert(header::CONTENT_TYPE, kind);
        whole
    };
    let cache = format!("public, max-age={}", shared.settings.cache);
    for (name, value) in [(header::CACHE_CONTROL, cache), (header::ETAG, tag)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

/// Whether the client has this one already: `If-None-Match` (RFC 9110 §13.1.2), compared weakly.
fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let values =
        asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    values
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

/// `GET /.well-known/openid-configuration`.
pub(super) async fn configuration(State(shared): State<Arc<Shared>>) -> Response {
    let issuer = &shared.terms.issuer;
    let algorithm = shared.keys.now().algorithm();
    let body = json!({
        "issuer": issuer,
        "token_endpoint": format!("{issuer}{TOKEN_PATH}"),
        "jwks_uri": format!("{issuer}{JWKS_PATH}"),
        "grant_types_supported": ["password"],
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["none"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [algorithm.name()],
        "claims_supported": ["iss", "sub", "aud", "client_id", "iat", "exp", "jti", "role", "scope"],
    });
    let mut response = json_answer(StatusCode::OK, &body);
    let cache = format!("public, max-age={}", shared.settings.cache);
    if let Ok(cache) = HeaderValue::from_str(&cache) {
        response.headers_mut().insert(header::CACHE_CONTROL, cache);
    }
    response
}
