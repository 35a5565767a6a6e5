//! From a request to a token: heard, read, checked, signed. The slow steps run on threads of their own, so many
//! at once as there are processors.

use super::connection::Peer;
use super::refusal::{Code, Refusal, UNCACHED, json_answer};
use super::request::{self, Asked};
use super::server::Shared;
use super::token::{self, Issued};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::{task, time};

/// How long a request waits for a thread.
const QUEUE: Duration = Duration::from_secs(10);

/// How an attempt ended, for the log: whose it was only if there is such a user, for what strangers type into
/// the field of the name may be a password.
struct Ended {
    user: Option<String>,
    outcome: Result<Issued, Refusal>,
}

/// `POST /token`.
pub(super) async fn login(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(Peer(address)): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    let now = shared.settings.clock.now();
    let heard = attempts(&shared).of_address(address.ip(), now);
    let ended = match heard {
        Ok(()) => attempt(&shared, request, now).await,
        Err(seconds) => Err(too_many(seconds, "this address")),
    };
    let Ended { user, outcome } =
        ended.unwrap_or_else(|refusal| Ended { user: None, outcome: Err(refusal) });
    let user = user.unwrap_or_else(|| "(unknown)".to_owned());
    match outcome {
        Ok(issued) => {
            let Issued { kid, jti, scope, expires, .. } = &issued;
            tracing::info!(user, %address, kid, jti, scope, expires, "a token was issued");
            let body = issued.to_value(shared.terms.lifetime);
            let mut response = json_answer(StatusCode::OK, &body);
            response.headers_mut().extend(UNCACHED);
            response
        }
        Err(refusal) => {
            let (error, why) = (refusal.code.name(), &refusal.why);
            tracing::warn!(user, %address, error, why, "no token");
            refusal.answer()
        }
    }
}

fn attempts(shared: &Shared) -> std::sync::MutexGuard<'_, super::attempts::Attempts> {
    // counters are whole at every moment
    shared.attempts.lock().unwrap_or_else(PoisonError::into_inner)
}

fn too_many(seconds: i64, whose: &str) -> Refusal {
    Refusal::new(Code::TooMany(seconds), format!("too many attempts of {whose}"))
}

async fn attempt(shared: &Arc<Shared>, request: Request, now: i64) -> Result<Ended, Refusal> {
    if request.uri().query().is_some() {
        // a URL stays in logs and histories
        let why = "what is asked stands in the body, not in the URL".to_owned();
        return Err(Refusal::new(Code::InvalidRequest, why));
    }
    request::check_type(request.headers())?;
    let asked = Asked::read(&request::sent(request.into_body()).await?)?;
    let heard = attempts(shared).for_name(&asked.name, now);
    heard.map_err(|seconds| too_many(seconds, "this name"))?;
    let threads = shared.threads.clone().acquire_owned();
    let Ok(Ok(thread)) = time::timeout(QUEUE, threads).await else {
        let why = "too many others log in at the same time".to_owned();
        return Err(Refusal::new(Code::Busy, why));
    };
    let work = {
        let shared = shared.clone();
        // to its end, also where the client went away: the thread is taken until then
        task::spawn_blocking(move || check(&shared, &asked, thread))
    };
    work.await.map_err(|_panicked| {
        Refusal::new(Code::Fault, "a fault of this program: please report it".to_owned())
    })
}

/// The password, then the scope, then the token.
fn check(shared: &Shared, asked: &Asked, _thread: OwnedSemaphorePermit) -> Ended {
    let users = shared.users.now();
    let checked = users.check(&asked.name, asked.password.expose());
    tracing::debug!(iterations = checked.iterations, "a password was looked at");
    let known = checked.is_known.then(|| asked.name.clone());
    let Some(user) = checked.user else {
        return Ended { user: known, outcome: Err(Refusal::invalid_grant()) };
    };
    attempts(shared).was_good(&asked.name);
    let has = |scope: &String| user.scopes().contains(scope);
    let scopes = asked.scopes.as_deref().unwrap_or(user.scopes());
    if !scopes.iter().all(has) {
        let why = "more than this user may ask for".to_owned();
        return Ended { user: known, outcome: Err(Refusal::new(Code::InvalidScope, why)) };
    }
    // the time of signing, not that of a request that waited
    let now = shared.settings.clock.now();
    let issued = token::issue(&shared.keys.now(), &shared.terms, user, scopes, now);
    let outcome = issued.map_err(|error| {
        tracing::error!(why = %error, "a token could not be signed");
        Refusal::new(Code::Fault, "the token could not be signed".to_owned())
    });
    Ended { user: known, outcome }
}
