//! Which set of keys counts now, and whether to ask again: decided from times that are given.
//!
//! One fetch at a time, and none within the cooldown of the one before: that holds for a set that has become
//! old, for a `kid` that nobody knows, and after a fetch that failed. A set that was good stays until a better
//! one is there, or until [`Rules::stale`] has passed since it was last confirmed.

use super::freshness::Rules;
use crate::jose::JwkSet;
use std::sync::Arc;
use std::time::Duration;

/// A set with its times.
#[derive(Clone, Debug)]
struct Held {
    set: Arc<JwkSet>,
    etag: Option<String>,
    fresh_until: Duration,
    usable_until: Duration,
}

/// How the last fetch ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    Well,
    Badly,
}

/// What to do for a token.
#[derive(Clone, Debug)]
pub enum Advice {
    /// Verify with this set.
    Use(Arc<JwkSet>),
    /// Verify with this set, and ask again without waiting: the issuer did not answer last time.
    UseAndRefresh(Arc<JwkSet>),
    /// Ask again first, or wait for who does so.
    Refresh,
    /// There is no set, and it is too early to ask again.
    Nothing,
}

/// What is held, and since when.
#[derive(Debug)]
pub struct Cache {
    rules: Rules,
    held: Option<Held>,
    begun: Option<Duration>,
    last: Last,
    is_asking: bool,
}

impl Cache {
    /// Holds nothing.
    pub fn new(rules: Rules) -> Cache {
        Cache { rules, held: None, begun: None, last: Last::Well, is_asking: false }
    }

    /// What to do at this time for a token that names this key.
    pub fn advice(&self, now: Duration, kid: Option<&str>) -> Advice {
        let may_ask = self.is_asking || self.is_due(now);
        let Some(held) = self.usable(now) else {
            return if may_ask { Advice::Refresh } else { Advice::Nothing };
        };
        let set = Arc::clone(&held.set);
        let wants = now >= held.fresh_until || is_unknown(&set, kid);
        match self.last {
            _ if !wants || !may_ask => Advice::Use(set),
            Last::Well => Advice::Refresh,
            // nobody waits a second time for an issuer that does not answer
            Last::Badly if self.is_asking => Advice::Use(set),
            Last::Badly => Advice::UseAndRefresh(set),
        }
    }

    /// The set that may be used at this time, be it fresh or not.
    pub fn set(&self, now: Duration) -> Option<Arc<JwkSet>> {
        self.usable(now).map(|held| Arc::clone(&held.set))
    }

    /// When the next fetch may begin, at this time.
    pub fn wait(&self, now: Duration) -> Duration {
        let next = self.begun.map_or(Duration::ZERO, |begun| begun + self.rules.cooldown);
        next.saturating_sub(now)
    }

    /// A fetch begins. The ETag of what is held, to be sent with it.
    pub fn begin(&mut self, now: Duration) -> Option<String> {
        self.begun = Some(now);
        self.is_asking = true;
        self.usable(now).and_then(|held| held.etag.clone())
    }

    /// It brought a set, asked for at `now` and fresh for so long.
    pub fn replace(&mut self, set: JwkSet, etag: Option<String>, now: Duration, fresh: Duration) {
        let usable_until = now + self.rules.stale.max(fresh);
        let fresh_until = now + fresh;
        self.held = Some(Held { set: Arc::new(set), etag, fresh_until, usable_until });
        self.ended(Last::Well);
    }

    /// It was answered that nothing has changed.
    pub fn confirm(&mut self, now: Duration, fresh: Duration) {
        let usable_until = now + self.rules.stale.max(fresh);
        if let Some(held) = &mut self.held {
            held.fresh_until = now + fresh;
            held.usable_until = usable_until;
        }
        self.ended(Last::Well);
    }

    /// It brought nothing: what is held stays.
    pub fn keep(&mut self) {
        self.ended(Last::Badly);
    }

    fn ended(&mut self, last: Last) {
        self.last = last;
        self.is_asking = false;
    }

    fn is_due(&self, now: Duration) -> bool {
        self.begun.is_none_or(|begun| now >= begun + self.rules.cooldown)
    }

    fn usable(&self, now: Duration) -> Option<&Held> {
        self.held.as_ref().filter(|held| now < held.usable_until)
    }
}

/// Whether no key of the set can be meant by this name. A key without one can be meant by any.
fn is_unknown(set: &JwkSet, kid: Option<&str>) -> bool {
    kid.is_some() && set.keys().iter().all(|key| key.kid().is_some() && key.kid() != kid)
}
