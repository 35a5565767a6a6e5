//! The keys of an issuer, by its address: fetched when needed, by one at a time, and kept.

use super::cache::{Advice, Cache};
use super::clock::{Clock, SystemClock};
use super::freshness::Rules;
use super::set::{SetError, published};
use super::transport::{FetchError, Limits, Response, Transport, follow};
use super::url::Url;
use crate::jose::JwkSet;
use core::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Gets the set at an address, once and without a cache.
///
/// # Errors
///
/// When it cannot be fetched within the limits, or is not what may be published.
pub fn fetch(url: &Url, transport: &dyn Transport, limits: &Limits) -> Result<JwkSet, KeysError> {
    let clock = SystemClock::new();
    let response = follow(transport, (url, None), limits, &|| clock.elapsed())?;
    match response.status {
        200 => Ok(published(&response.body)?),
        304 => Err(FetchError::NotAsked.into()),
        status => Err(FetchError::Status(status).into()),
    }
}

/// The keys that an issuer publishes. Shared by all who verify: every method takes `&self`.
pub struct IssuerKeys {
    url: Url,
    transport: Box<dyn Transport>,
    limits: Limits,
    rules: Rules,
    clock: Arc<dyn Clock>,
    cache: Mutex<Cache>,
    /// Held by the one who asks.
    turn: Mutex<()>,
    why: Mutex<Option<KeysError>>,
}

impl IssuerKeys {
    /// The keys at an address. Nothing is fetched yet.
    pub fn new(url: Url, transport: impl Transport + 'static) -> IssuerKeys {
        let rules = Rules::default();
        IssuerKeys {
            url,
            transport: Box::new(transport),
            limits: Limits::default(),
            rules,
            clock: Arc::new(SystemClock::new()),
            cache: Mutex::new(Cache::new(rules)),
            turn: Mutex::new(()),
            why: Mutex::new(None),
        }
    }

    /// Other limits of a fetch.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> IssuerKeys {
        self.limits = limits;
        self
    }

    /// Other rules of the cache, which then holds nothing.
    #[must_use]
    pub fn rules(mut self, rules: Rules) -> IssuerKeys {
        self.rules = rules;
        self.cache = Mutex::new(Cache::new(rules));
        self
    }

    /// Another clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> IssuerKeys {
        self.clock = clock;
        self
    }

    /// Where the keys are.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The set to verify with a token that names this key. Waits for a fetch where one is needed: for
    /// [`Limits::time`] at most, or for twice that where another's has just begun.
    ///
    /// # Errors
    ///
    /// When no fetch has brought a set yet, or the last one was confirmed too long ago.
    pub fn keys(&self, kid: Option<&str>) -> Result<Arc<JwkSet>, Unavailable> {
        match self.advice(kid) {
            Advice::Use(set) => return Ok(set),
            Advice::Nothing => {}
            Advice::Refresh | Advice::UseAndRefresh(_) => self.refresh(kid),
        }
        self.held()
    }

    /// What to do for a token that names this key, without waiting for anything.
    pub fn advice(&self, kid: Option<&str>) -> Advice {
        lock(&self.cache).advice(self.clock.elapsed(), kid)
    }

    /// The set that is held, be it fresh or not.
    ///
    /// # Errors
    ///
    /// As [`keys`](IssuerKeys::keys).
    pub fn held(&self) -> Result<Arc<JwkSet>, Unavailable> {
        let now = self.clock.elapsed();
        let cache = lock(&self.cache);
        cache
            .set(now)
            .ok_or_else(|| Unavailable { why: self.last_failure(), retry_after: cache.wait(now) })
    }

    /// Why the last fetch brought nothing, if it did not.
    pub fn last_failure(&self) -> Option<KeysError> {
        lock(&self.why).clone()
    }

    /// Fetches, if that is due for a token that names this key. Blocks: while another fetches, until that
    /// has ended.
    pub fn refresh(&self, kid: Option<&str>) {
        let _turn = lock(&self.turn);
        let now = self.clock.elapsed();
        let etag = {
            let mut cache = lock(&self.cache);
            match cache.advice(now, kid) {
                Advice::Use(_) | Advice::Nothing => return,
                Advice::Refresh | Advice::UseAndRefresh(_) => cache.begin(now),
            }
        };
        let mut asking = Asking { keys: self, is_over: false };
        let got = self.ask(etag.as_deref(), now);
        asking.is_over = true;
        let failure = got.err();
        lock(&self.why).clone_from(&failure);
        if let Some(why) = failure {
            lock(&self.cache).keep();
            tracing::warn!(url = %self.url, reason = %why, "the keys could not be fetched");
        }
    }

    fn ask(&self, etag: Option<&str>, now: Duration) -> Result<(), KeysError> {
        let elapsed = || self.clock.elapsed();
        let response = follow(&*self.transport, (&self.url, etag), &self.limits, &elapsed)?;
        let fresh = self.rules.freshness(&response);
        match response.status {
            200 => self.take(response, now, fresh),
            304 if etag.is_some() => {
                lock(&self.cache).confirm(now, fresh);
                tracing::debug!(url = %self.url, fresh = fresh.as_secs(), "the keys are the same");
                Ok(())
            }
            304 => Err(FetchError::NotAsked.into()),
            status => Err(FetchError::Status(status).into()),
        }
    }

    fn take(&self, response: Response, now: Duration, fresh: Duration) -> Result<(), KeysError> {
        let set = published(&response.body)?;
        for unusable in set.unusable() {
            tracing::info!(url = %self.url, reason = %unusable, "a key is passed over");
        }
        let count = set.keys().len();
        lock(&self.cache).replace(set, response.etag, now, fresh);
        tracing::info!(url = %self.url, keys = count, fresh = fresh.as_secs(), "the keys were fetched");
        Ok(())
    }
}

/// Says that a fetch is over even where a transport panicked: nobody else could ask again.
struct Asking<'a> {
    keys: &'a IssuerKeys,
    is_over: bool,
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        if !self.is_over {
            lock(&self.keys.cache).keep();
        }
    }
}

/// What a lock guards is whole at every moment, so a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for IssuerKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuerKeys").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Where keys come from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// Keys that stay the same: of a file, or a secret.
    Fixed(Arc<JwkSet>),
    /// Keys of an address.
    Issuer(Arc<IssuerKeys>),
}

impl From<JwkSet> for KeySource {
    fn from(set: JwkSet) -> KeySource {
        KeySource::Fixed(Arc::new(set))
    }
}

impl From<IssuerKeys> for KeySource {
    fn from(keys: IssuerKeys) -> KeySource {
        KeySource::Issuer(Arc::new(keys))
    }
}

/// Why a fetch brought no keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeysError {
    /// It could not be fetched.
    Fetch(FetchError),
    /// It is not what may be published.
    Set(SetError),
}

impl From<FetchError> for KeysError {
    fn from(error: FetchError) -> Self {
        KeysError::Fetch(error)
    }
}

impl From<SetError> for KeysError {
    fn from(error: SetError) -> Self {
        KeysError::Set(error)
    }
}

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeysError::Fetch(error) => error.fmt(f),
            KeysError::Set(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for KeysError {}

/// There are no keys to verify with: nothing was decided about the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable {
    /// Why the last fetch brought none; nothing where a set became too old.
    pub why: Option<KeysError>,
    /// How long no other fetch begins.
    pub retry_after: Duration,
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no keys to verify with")?;
        match &self.why {
            Some(why) => write!(f, ": {why}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Unavailable {}
