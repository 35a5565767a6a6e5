//! The answers of RFC 6750 §3: the kind of refusal and nothing more. The reason is for the log.

use crate::client::Unavailable;
use crate::jose::VerifyError;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use core::fmt;

/// Why a request is not let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 401: no token was given.
    NoToken,
    /// 400: given in a way that is not taken.
    BadRequest(&'static str),
    /// 401: the token is refused.
    Token(VerifyError),
    /// 401: its claim `scope` is no string.
    ScopeType,
    /// 401: its claims are not of the type that the route asks for.
    Claims(String),
    /// 403: good, and not for this; the scopes that are needed.
    Scope(Vec<String>),
    /// 503: there are no keys to decide by.
    Keys(Unavailable),
}

impl Refusal {
    /// The status of the answer (RFC 6750 §3.1).
    pub fn status(&self) -> StatusCode {
        match self {
            Refusal::NoToken | Refusal::Token(_) | Refusal::ScopeType | Refusal::Claims(_) => {
                StatusCode::UNAUTHORIZED
            }
            Refusal::BadRequest(_) => StatusCode::BAD_REQUEST,
            Refusal::Scope(_) => StatusCode::FORBIDDEN,
            Refusal::Keys(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The error code of the answer; none where no token was given, as RFC 6750 §3.1 asks.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Refusal::NoToken => None,
            Refusal::BadRequest(_) => Some("invalid_request"),
            Refusal::Token(_) | Refusal::ScopeType | Refusal::Claims(_) => Some("invalid_token"),
            Refusal::Scope(_) => Some("insufficient_scope"),
            Refusal::Keys(_) => Some("temporarily_unavailable"),
        }
    }

    /// `WWW-Authenticate`; none where the request itself is not at fault.
    fn challenge(&self) -> Option<String> {
        match (self, self.code()) {
            (Refusal::Keys(_), _) => None,
            // scope-token (RFC 6749 §3.3) has neither quote nor backslash: `Scopes` reads no others
            (Refusal::Scope(needed), Some(code)) => {
                Some(format!("Bearer error=\"{code}\", scope=\"{}\"", needed.join(" ")))
            }
            (_, Some(code)) => Some(format!("Bearer error=\"{code}\"")),
            (_, None) => Some("Bearer".to_owned()),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = self
            .code()
            .map_or_else(Body::empty, |code| Body::from(format!("{{\"error\":\"{code}\"}}\n")));
        let mut response = Response::new(body);
        *response.status_mut() = self.status();
        let headers = response.headers_mut();
        if self.code().is_some() {
            let json = HeaderValue::from_static("application/json");
            headers.insert(header::CONTENT_TYPE, json);
        }
        let challenge = self.challenge().and_then(|text| HeaderValue::from_str(&text).ok());
        if let Some(challenge) = challenge {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Refusal::Keys(unavailable) = &self {
            let seconds = unavailable.retry_after.as_millis().div_ceil(1000).max(1);
            let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::NoToken => f.write_str("no token"),
            Refusal::BadRequest(why) => f.write_str(why),
            Refusal::Token(error) => error.fmt(f),
            Refusal::ScopeType => f.write_str("scope: wrong type, not a string (RFC 8693 §4.2)"),
            Refusal::Claims(why) => write!(f, "the claims are not what the route asks for: {why}"),
            Refusal::Scope(needed) => write!(f, "scope: needs {}", needed.join(" ")),
            Refusal::Keys(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Refusal {}
