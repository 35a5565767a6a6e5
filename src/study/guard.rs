//! Who may ask, and what every answer carries.
//!
//! A page of a stranger that is open in the same browser can reach loopback too: by a name that it lets point
//! to 127.0.0.1 (DNS rebinding), or by a form that it sends here. The first is seen by Host, the second by
//! Origin.

use super::refusal::Refusal;
use super::server;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// Only what comes from here is used, and nothing else may frame, send or redirect.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What every answer carries, refusals too.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::CACHE_CONTROL, "no-store"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Lets a request through that is for this server and from its own pages.
pub(super) async fn guard(State(port): State<u16>, request: Request, next: Next) -> Response {
    let mut response = match check(port, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => server::refused(&refusal),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn check(port: u16, request: &Request) -> Result<(), Refusal> {
    let host = host(port, request)?;
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok(());
    }
    let headers = request.headers();
    let own = format!("http://{host}");
    match text(headers, "origin") {
        Some(origin) if origin == own => Ok(()),
        // with Referrer-Policy: no-referrer a browser writes null for its own forms, and says here whose they are
        Some("null") if text(headers, "sec-fetch-site") == Some("same-origin") => Ok(()),
        _ => Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "the header Origin",
            format!("what is sent here must come from a page of {own}"),
            "a form of another site is not taken (cross-site request forgery)",
        )),
    }
}

/// The name that the client believes it talks to, one of the two that can only be this machine.
fn host(port: u16, request: &Request) -> Result<String, Refusal> {
    let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let asked = text(request.headers(), "host");
    let in_target = request.uri().authority().map(Authority::as_str);
    let found = ours.into_iter().find(|own| asked == Some(own));
    match found {
        Some(own) if in_target.is_none_or(|target| target == own) => Ok(own),
        _ => Err(Refusal::new(
            StatusCode::MISDIRECTED_REQUEST,
            "the header Host",
            format!("it must be 127.0.0.1:{port} or localhost:{port}, and stand there once"),
            "another name that leads here is somebody's trick (DNS rebinding)",
        )),
    }
}

/// A header that stands there once, as text.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?;
    values.next().is_none().then(|| first.to_str().ok()).flatten()
}
