//! What is asked of the servers, and what one step hands on to the next.

use super::house::{House, NAME, PASSWORD, said};
use crate::client::{self, Limits, Plain, Url};
use crate::issuer::{JWKS_PATH, Rotated, TOKEN_PATH};
use crate::jose::{Header, JwkSet, Jws, json};
use serde_json::Value;
use std::thread;
use std::time::Duration;
use tokio::runtime::Runtime;

/// The longest that a condition is waited for.
const PATIENCE: Duration = Duration::from_secs(12);
/// How often it is looked.
const LOOK: Duration = Duration::from_millis(100);

/// The traveller, and what he has.
pub(super) struct Journey {
    pub(super) house: House,
    runtime: Runtime,
    /// The first token; after the rotation, the last one of the old key.
    pub(super) token: String,
    /// The new key.
    pub(super) rotated: Option<Rotated>,
}

/// An answer.
pub(super) struct Heard {
    pub(super) status: u16,
    /// WWW-Authenticate (RFC 6750 §3).
    pub(super) challenge: String,
    pub(super) body: Value,
}

impl Journey {
    pub(super) fn new(house: House) -> Result<Journey, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(said)?;
        Ok(Journey { house, runtime, token: String::new(), rotated: None })
    }

    /// Asks a service for a path, with a token.
    pub(super) fn call(&self, service: &str, path: &str, token: &str) -> Result<Heard, String> {
        let url = Url::parse(&format!("{service}{path}")).map_err(said)?;
        let bearer = format!("Bearer {token}");
        let sent = [(hyper::header::AUTHORIZATION, bearer.as_str())];
        let limits = Limits::default();
        let answer = client::exchange(&url, &sent, |_| true, &limits);
        let answer = self.runtime.block_on(answer).map_err(said)?;
        let challenge = answer.headers.get(hyper::header::WWW_AUTHENTICATE);
        let challenge = challenge.and_then(|value| value.to_str().ok()).unwrap_or_default();
        heard(answer.status.as_u16(), challenge, &answer.body)
    }

    /// Asks for a token with a password.
    pub(super) fn ask_for_token(&self, password: &str) -> Result<Heard, String> {
        let url = Url::parse(&format!("{}{TOKEN_PATH}", self.house.issuer)).map_err(said)?;
        let password = password.replace(' ', "+");
        let form = format!("grant_type=password&username={NAME}&password={password}");
        let limits = Limits::default();
        let answer = client::post_form(&url, form, &limits);
        let answer = self.runtime.block_on(answer).map_err(said)?;
        heard(answer.status.as_u16(), "", &answer.body)
    }

    /// Logs in.
    pub(super) fn log_in(&self) -> Result<String, String> {
        let answer = self.ask_for_token(PASSWORD)?;
        let token = answer.body["access_token"].as_str().filter(|_| answer.status == 200);
        token.map(str::to_owned).ok_or_else(|| format!("no token, status {}", answer.status))
    }

    /// The keys that are published now.
    pub(super) fn published(&self) -> Result<JwkSet, String> {
        let url = Url::parse(&format!("{}{JWKS_PATH}", self.house.issuer)).map_err(said)?;
        client::fetch(&url, &Plain, &Limits::default()).map_err(said)
    }

    /// Looks again and again until there is something.
    pub(super) fn wait_for<T>(
        &self,
        what: &str,
        mut look: impl FnMut() -> Result<Option<T>, String>,
    ) -> Result<T, String> {
        let begin = self.house.clock.elapsed();
        while self.house.clock.elapsed().saturating_sub(begin) < PATIENCE {
            if let Some(found) = look()? {
                return Ok(found);
            }
            thread::sleep(LOOK);
        }
        Err(format!("{what} did not come in {} s", PATIENCE.as_secs()))
    }
}

fn heard(status: u16, challenge: &str, body: &[u8]) -> Result<Heard, String> {
    let body = if body.is_empty() { Value::Null } else { json::parse(body).map_err(said)? };
    Ok(Heard { status, challenge: challenge.to_owned(), body })
}

/// The header of a token, of which nothing is verified.
pub(super) fn header(token: &str) -> Result<Header, String> {
    let jws = Jws::compact(token).map_err(said)?;
    let header = jws.signatures().first().map(|signature| signature.unverified_header().clone());
    header.ok_or_else(|| "a token without header".to_owned())
}

/// That something is as it must be.
pub(super) fn must(is: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if is { Ok(()) } else { Err(otherwise()) }
}
