//! The next service: called with the same token, and its answer passed on within limits.

use super::answer::{self, Who};
use crate::client::{FetchError, Limits, PlainHttp, Scheme, Url, check_plain, exchange};
use crate::jose::json;
use axum::http::header::{self, HeaderMap};
use axum::http::{HeaderName, StatusCode};
use axum::response::Response;
use core::fmt;
use serde_json::{Value, json};
use std::time::Duration;

/// How many services of this kind a request passes at most: two that forward to each other would go on
/// for ever.
const MAX_HOPS: usize = 8;

/// What this service is called in the header Via.
const NAME: &str = "jotlab";

/// The next service.
#[derive(Clone, Debug)]
pub struct Forward {
    url: Url,
    limits: Limits,
}

impl Forward {
    /// A service at an address. Its answer may have 64 KiB and take 5 seconds.
    ///
    /// # Errors
    ///
    /// When it is https, where the token would stand in the arguments of another process, or http to another
    /// machine that was not asked for.
    pub fn to(url: Url, plain: PlainHttp) -> Result<Forward, ForwardError> {
        if url.scheme() == Scheme::Https {
            return Err(ForwardError::Https);
        }
        check_plain(&url, plain).map_err(ForwardError::InTheClear)?;
        let limits = Limits { bytes: 64 << 10, time: Duration::from_secs(5), redirects: 0 };
        Ok(Forward { url, limits })
    }

    /// Where it is.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Other limits of time and size. No redirect is followed: the token is for nobody else.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Forward {
        self.limits = limits;
        self
    }

    /// Calls it with the token of this request, and tells what it said beside who the caller is.
    pub(super) async fn call(&self, headers: &HeaderMap, who: Who<'_>) -> Response {
        let via = via(headers);
        if via.matches(NAME).count() > MAX_HOPS {
            tracing::warn!(url = %self.url, "refused to forward: the services forward in a circle");
            return answer::error(StatusCode::LOOP_DETECTED, "loop_detected");
        }
        match self.ask(headers, &via).await {
            Ok((status, said)) => {
                tracing::info!(url = %self.url, status = status.as_u16(), "forwarded");
                let url = self.url.to_string();
                let next = json!({ "url": url, "status": status.as_u16(), "answer": said });
                answer::who(&who, Some(next))
            }
            Err(why) => {
                tracing::error!(url = %self.url, reason = %why, "the next service did not answer");
                answer::error(StatusCode::BAD_GATEWAY, "bad_gateway")
            }
        }
    }

    async fn ask(
        &self,
        headers: &HeaderMap,
        via: &str,
    ) -> Result<(StatusCode, Value), ForwardError> {
        let token = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let mut sent: Vec<(HeaderName, &str)> = vec![(header::VIA, via)];
        sent.extend(token.map(|token| (header::AUTHORIZATION, token)));
        let exchange = exchange(&self.url, &sent, |_| true, &self.limits);
        let said = exchange.await.map_err(ForwardError::Fetch)?;
        if said.body.is_empty() {
            return Ok((said.status, Value::Null));
        }
        let value = json::parse(&said.body).map_err(ForwardError::Json)?;
        Ok((said.status, value))
    }
}

/// RFC 9110 §7.6.3: who has passed this request on, and now this service.
fn via(headers: &HeaderMap) -> String {
    let before = headers.get_all(header::VIA).iter().filter_map(|value| value.to_str().ok());
    before.chain([concat!("1.1 ", "jotlab")]).collect::<Vec<_>>().join(", ")
}

/// Why the next service cannot be called, or has not answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForwardError {
    /// https.
    Https,
    /// http to another machine.
    InTheClear(FetchError),
    /// No answer.
    Fetch(FetchError),
    /// An answer that is no strict JSON.
    Json(json::Error),
}

impl fmt::Display for ForwardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ForwardError::Https => f.write_str(
                "https is fetched by the program curl, among whose arguments no token may stand: forward to http",
            ),
            ForwardError::InTheClear(error) | ForwardError::Fetch(error) => error.fmt(f),
            ForwardError::Json(error) => write!(f, "its answer is no strict JSON: {error}"),
        }
    }
}

impl core::error::Error for ForwardError {}
