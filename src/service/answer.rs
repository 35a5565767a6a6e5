//! What the service answers: JSON, never to be cached.

use crate::bearer::Admitted;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use serde_json::{Map, Value, json};

/// Claims that the answer shows, where the token has them.
const SHOWN: [&str; 5] = ["iss", "sub", "aud", "scope", "exp"];

/// Who asks for what.
#[derive(Clone, Copy)]
pub(super) struct Who<'a> {
    pub(super) path: &'a str,
    pub(super) admitted: &'a Admitted,
}

/// Who the caller is, and what the next service said if there is one.
pub(super) fn who(who: &Who<'_>, next: Option<Value>) -> Response {
    let Admitted { claims, kid, algorithm } = who.admitted;
    let shown =
        SHOWN.iter().filter_map(|name| Some(((*name).to_owned(), claims.get(*name)?.clone())));
    let caller: Map<String, Value> = shown.collect();
    let key = json!({ "kid": kid, "alg": algorithm.name() });
    let mut answer = json!({ "path": who.path, "caller": caller, "key": key });
    if let Some(next) = next {
        answer["next"] = next;
    }
    json(StatusCode::OK, &answer)
}

/// A refusal by its name.
pub(super) fn error(status: StatusCode, name: &str) -> Response {
    json(status, &json!({ "error": name }))
}

fn json(status: StatusCode, value: &Value) -> Response {
    let mut response = Response::new(Body::from(format!("{value}\n")));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
