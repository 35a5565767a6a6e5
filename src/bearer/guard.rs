//! The layer: a request goes on only with a token that verifies and meets the policy.

use super::credentials;
use super::memory::{self, Memory, Name, Remembered};
use super::refusal::Refusal;
use super::scopes::{self, Scopes};
use crate::client::{Advice, Clock, IssuerKeys, KeySource, SystemClock, Unavailable};
use crate::jose::{Algorithm, BindError, Header, JwkSet, Jws, Policy, VerifyError};
use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tower_layer::Layer;
use tower_service::Service;

/// A tower layer that lets requests through whose bearer token is good (RFC 6750).
///
/// Keys are looked up and the signature verified where the request is served; a fetch of keys runs on a
/// thread for blocking work. A token that was accepted a moment ago is not verified again while the keys are the
/// same; its times, its claims and its scope are. A clone is the same guard.
#[derive(Clone)]
pub struct Guard {
    rules: Arc<Rules>,
}

struct Rules {
    keys: KeySource,
    policy: Policy,
    scopes: Scopes,
    clock: Arc<dyn Clock>,
    /// Held by the request that waits for a fetch: the others wait here and not on threads.
    turn: Mutex<()>,
    memory: Memory,
}

impl Guard {
    /// Tokens by these keys that meet this policy, whose time is taken from the system's clock at each
    /// request.
    pub fn new(keys: impl Into<KeySource>, policy: Policy) -> Guard {
        let clock = Arc::new(SystemClock::new());
        Guard::with(keys.into(), policy, Scopes::none(), clock)
    }

    /// The same, with scopes by path and a clock.
    pub fn with(keys: KeySource, policy: Policy, scopes: Scopes, clock: Arc<dyn Clock>) -> Guard {
        let (turn, memory) = (Mutex::new(()), Memory::default());
        Guard { rules: Arc::new(Rules { keys, policy, scopes, clock, turn, memory }) }
    }

    /// Judges a request by its head.
    ///
    /// # Errors
    ///
    /// What refuses it, first things first: the request, the token, the keys, the signature, all claims
    /// together, the scope.
    pub async fn admit(&self, parts: &Parts) -> Result<Arc<Admitted>, Refusal> {
        let rules = &*self.rules;
        let path = parts.uri.path();
        if !rules.scopes.is_empty() && !scopes::is_plain(path) {
            return Err(Refusal::BadRequest("the path has a second spelling"));
        }
        let token = credentials::token(parts)?;
        let name = memory::name(token);
        let known = match name.and_then(|name| rules.memory.recall(&name)) {
            Some(known) => rules.again(&known).await?,
            None => None,
        };
        let admitted = match known {
            Some(admitted) => admitted,
            // boxed: the other way is the usual one and need not carry its room
            None => Box::pin(rules.verify(token, name)).await?,
        };
        let scope = match admitted.claims.get("scope") {
            None => "",
            Some(Value::String(scope)) => scope,
            Some(_) => return Err(Refusal::ScopeType),
        };
        if !rules.scopes.suffice(path, scope) {
            return Err(Refusal::Scope(rules.scopes.needed(path).to_vec()));
        }
        Ok(admitted)
    }
}

impl Rules {
    /// A token in all its stages; remembered if it is accepted.
    async fn verify(&self, token: &str, name: Option<Name>) -> Result<Arc<Admitted>, Refusal> {
        let jws = Jws::compact_with(token, self.policy.relaxations());
        let jws = jws.map_err(|error| Refusal::Token(error.into()))?;
        let header = match jws.signatures() {
            [signature] => signature.unverified_header(),
            // the compact form has one
            several => return Err(refused(BindError::SeveralSignatures(several.len()))),
        };
        let keys = self.keys_for(header).await.map_err(Refusal::Keys)?;
        let now = self.clock.unix();
        let policy = self.policy.clone().moved_to(now);
        let bound = jws.bind(&keys, &policy).map_err(refused)?;
        let (algorithm, kid) = (bound.algorithm(), bound.key().kid().map(str::to_owned));
        let verified = bound.verify().map_err(refused)?;
        let claims = verified.claims(&policy).map_err(refused)?.claims;
        let admitted = Arc::new(Admitted { claims, kid, algorithm });
        if let Some(name) = name {
            let (verified, admitted) = (verified.into_owned(), Arc::clone(&admitted));
            self.memory.remember(name, Remembered::new(verified, keys, admitted, now));
        }
        Ok(admitted)
    }

    /// A token that is remembered; nothing where the keys are not those any more.
    async fn again(&self, known: &Remembered) -> Result<Option<Arc<Admitted>>, Refusal> {
        let keys = self.keys_for(known.verified.header()).await.map_err(Refusal::Keys)?;
        if !Arc::ptr_eq(&keys, &known.keys) {
            return Ok(None);
        }
        known.check(&self.policy, self.clock.unix()).map_err(refused)?;
        Ok(Some(Arc::clone(&known.admitted)))
    }

    /// The keys for a token. One whose algorithm is refused anyway causes no fetch by its name.
    async fn keys_for(&self, header: &Header) -> Result<Arc<JwkSet>, Unavailable> {
        let issuer = match &self.keys {
            KeySource::Fixed(set) => return Ok(Arc::clone(set)),
            KeySource::Issuer(issuer) => issuer,
        };
        let algorithm = Algorithm::from_name(header.alg());
        let is_allowed = algorithm.is_some_and(|alg| self.policy.allowed().contains(&alg));
        let kid = header.kid().filter(|_| is_allowed);
        match issuer.advice(kid) {
            Advice::Use(set) => Ok(set),
            Advice::Nothing => issuer.held(),
            Advice::UseAndRefresh(set) => {
                // nobody waits for it: how it ends is in the log
                drop(refresh(issuer, kid));
                Ok(set)
            }
            Advice::Refresh => {
                let _turn = self.turn.lock().await;
                if matches!(issuer.advice(kid), Advice::Refresh) {
                    // a panic of a transport is seen as keys that are not there
                    let _ended = refresh(issuer, kid).await;
                }
                issuer.held()
            }
        }
    }
}

fn refused(error: impl Into<VerifyError>) -> Refusal {
    Refusal::Token(error.into())
}

fn refresh(issuer: &Arc<IssuerKeys>, kid: Option<&str>) -> tokio::task::JoinHandle<()> {
    let (issuer, kid) = (Arc::clone(issuer), kid.map(str::to_owned));
    spawn_blocking(move || issuer.refresh(kid.as_deref()))
}

/// What a verified token says, as it stands in the extensions of a request that was let through.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// All claims.
    pub claims: Map<String, Value>,
    /// The name of the key that verified.
    pub kid: Option<String>,
    /// By which algorithm.
    pub algorithm: Algorithm,
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Guarded<S> {
        Guarded { guard: self.clone(), inner }
    }
}

/// A service behind a [`Guard`].
#[derive(Clone)]
pub struct Guarded<S> {
    guard: Guard,
    inner: S,
}

impl<S> Service<Request> for Guarded<S>
where
    S: Service<Request, Response = Response> + Clone + Send + 'static,
    S::Future: Send,
{
    type Response = Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let guard = self.guard.clone();
        // the one that was asked whether it is ready goes, its clone stays
        let next = self.inner.clone();
        let mut next = std::mem::replace(&mut self.inner, next);
        Box::pin(async move {
            let (parts, body): (Parts, Body) = request.into_parts();
            match guard.admit(&parts).await {
                Ok(admitted) => {
                    let mut request = Request::from_parts(parts, body);
                    request.extensions_mut().insert(admitted);
                    next.call(request).await
                }
                Err(refusal) => {
                    log(&parts, &refusal);
                    Ok(refusal.into_response())
                }
            }
        })
    }
}

/// The path without its query, the kind of answer, the reason; never the token.
pub(super) fn log(parts: &Parts, refusal: &Refusal) {
    let (method, path, status) = (&parts.method, parts.uri.path(), refusal.status().as_u16());
    let error = refusal.code().unwrap_or("none");
    if matches!(refusal, Refusal::Keys(_)) {
        tracing::error!(%method, path, status, error, reason = %refusal, "refused");
    } else {
        tracing::warn!(%method, path, status, error, reason = %refusal, "refused");
    }
}
