//! The extractor: who calls, in a type of the route's own.

use super::guard::{Admitted, log};
use super::refusal::Refusal;
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::sync::Arc;

/// The claims of the token that the request was let through with, as a `T`.
///
/// Only a [`Guard`](super::Guard) puts them there: a route without one in front answers 500 and not as if
/// anybody had been verified. Claims that are no `T` are answered as a token that is refused.
#[derive(Clone, Debug)]
pub struct Verified<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Verified<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Response> {
        let Some(admitted) = parts.extensions.get::<Arc<Admitted>>() else {
            tracing::error!(path = parts.uri.path(), "no guard stands in front of this route");
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        let claims = Value::Object(admitted.claims.clone());
        serde_json::from_value(claims).map(Verified).map_err(|error| {
            let refusal = Refusal::Claims(error.to_string());
            log(parts, &refusal);
            refusal.into_response()
        })
    }
}
