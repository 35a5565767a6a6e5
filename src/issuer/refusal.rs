//! Why there is no token, as RFC 6749 §5.2 writes it.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

/// A refusal, and what its log line says besides.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    /// For the client's author: what is wrong with the request. Never whether a user is there.
    pub(super) why: String,
}

/// What kind of refusal it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    InvalidRequest,
    TooLong,
    TooSlow,
    UnsupportedGrantType,
    InvalidGrant,
    InvalidScope,
    /// Too many attempts: how many seconds to wait.
    TooMany(i64),
    /// Too many others at once.
    Busy,
    /// Here is something broken.
    Fault,
}

impl Code {
    /// The value of `error` (RFC 6749 §5.2, and of §4.1.2.1 for what is not the client's fault).
    pub(super) fn name(self) -> &'static str {
        match self {
            Code::InvalidRequest | Code::TooLong | Code::TooSlow => "invalid_request",
            Code::UnsupportedGrantType => "unsupported_grant_type",
            Code::InvalidGrant => "invalid_grant",
            Code::InvalidScope => "invalid_scope",
            Code::TooMany(_) | Code::Busy => "temporarily_unavailable",
            Code::Fault => "server_error",
        }
    }

    /// RFC 6749 §5.2 has 400 for all that it knows; the others are those of RFC 9110 §15 and RFC 6585 §4.
    fn status(self) -> StatusCode {
        match self {
            Code::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Code::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Code::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Code::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Code::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    fn retry_after(self) -> Option<i64> {
        match self {
            Code::TooMany(seconds) => Some(seconds.max(1)),
            Code::Busy => Some(1),
            _ => None,
        }
    }
}

impl Refusal {
    pub(super) fn new(code: Code, why: String) -> Refusal {
        Refusal { code, why }
    }

    /// The name or the password is wrong: which one is not said.
    pub(super) fn invalid_grant() -> Refusal {
        Refusal::new(Code::InvalidGrant, "the name or the password is wrong".to_owned())
    }

    pub(super) fn answer(&self) -> Response {
        let body =
            json!({ "error": self.code.name(), "error_description": description(&self.why) });
        let mut response = json_answer(self.code.status(), &body);
        let headers = response.headers_mut();
        headers.extend(UNCACHED);
        if let Some(seconds) = self.code.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// RFC 6749 §5.2: printable ASCII without `"` and `\`.
fn description(why: &str) -> String {
    let keeps = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
    why.chars().map(|c| if keeps(c) { c } else { '\'' }).collect()
}

/// RFC 6749 §5.1: what has a token, or a word about one, is kept by nobody.
pub(super) const UNCACHED: [(header::HeaderName, HeaderValue); 2] = [
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (header::PRAGMA, HeaderValue::from_static("no-cache")),
];

/// A JSON object as an answer.
pub(super) fn json_answer(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(format!("{body}\n")));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
