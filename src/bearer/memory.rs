//! Tokens that were verified a moment ago: a caller shows the same one again and again.
//!
//! What is remembered is that a signature verified by a set of keys, which stays true as long as it is that
//! very set. What depends on the time is asked again each second, what depends on the request each time. A
//! token is remembered by its SHA-256 and not by its text, and only if it was accepted: what a stranger sends
//! fills nothing.

use super::guard::Admitted;
use crate::jose::{Check, ClaimsError, JwkSet, Policy, Verified};
use crate::sha2;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Tokens of one generation; there are two.
const MOST: usize = 1024;
/// The longest token that is remembered, in bytes.
const MAX_BYTES: usize = 4 << 10;

/// What a token is remembered by.
pub(super) type Name = [u8; 32];

/// What a token is remembered by, unless it is too long for that.
pub(super) fn name(token: &str) -> Option<Name> {
    let is_short = token.len() <= MAX_BYTES;
    let digest = is_short.then(|| sha2::Algorithm::Sha256.digest(token.as_bytes()))?;
    digest.as_bytes().try_into().ok()
}

/// A token that was accepted.
pub(super) struct Remembered {
    pub(super) verified: Verified,
    /// By which set it verified. Held, so that no other set can be at its place.
    pub(super) keys: Arc<JwkSet>,
    pub(super) admitted: Arc<Admitted>,
    /// The second at which the policy accepted it last: at the same time it does so again.
    accepted: AtomicI64,
}

impl Remembered {
    pub(super) fn new(
        verified: Verified,
        keys: Arc<JwkSet>,
        admitted: Arc<Admitted>,
        now: i64,
    ) -> Remembered {
        Remembered { verified, keys, admitted, accepted: AtomicI64::new(now) }
    }

    /// Asks the policy again at this time.
    pub(super) fn check(&self, policy: &Policy, now: i64) -> Result<(), ClaimsError> {
        if self.accepted.load(Ordering::Relaxed) == now {
            return Ok(());
        }
        let policy = policy.clone().moved_to(now);
        let checks = self.verified.checks(&policy)?;
        if checks.iter().any(Check::failed) {
            return Err(ClaimsError::Refused(checks));
        }
        self.accepted.store(now, Ordering::Relaxed);
        Ok(())
    }
}

/// The two generations: what is used stays in the younger, and the older is forgotten as a whole.
#[derive(Default)]
pub(super) struct Memory {
    generations: Mutex<Generations>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<Name, Arc<Remembered>>,
    old: HashMap<Name, Arc<Remembered>>,
}

impl Memory {
    pub(super) fn recall(&self, name: &Name) -> Option<Arc<Remembered>> {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = generations.young.get(name) {
            return Some(Arc::clone(known));
        }
        let known = generations.old.remove(name)?;
        generations.add(*name, Arc::clone(&known));
        Some(known)
    }

    pub(super) fn remember(&self, name: Name, token: Remembered) {
        let mut generations = self.generations.lock().unwrap_or_else(PoisonError::into_inner);
        generations.add(name, Arc::new(token));
    }
}

impl Generations {
    fn add(&mut self, name: Name, token: Arc<Remembered>) {
        if self.young.len() >= MOST {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(name, token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::{Algorithm, Jwk, Jws, Signer};

    fn token() -> Remembered {
        let key = Jwk::from_secret(vec![7; 32]).unwrap();
        let policy = Policy::at(0).algorithms([Algorithm::Hs256]);
        let signer = Signer::new(&key, Algorithm::Hs256, &policy).unwrap();
        let jws = Jws::compact(&signer.compact(b"{}").unwrap()).unwrap();
        let keys = JwkSet::from(key.clone());
        let verified = jws.bind(&keys, &policy).unwrap().verify().unwrap();
        let claims = serde_json::Map::new();
        let admitted = Admitted { claims, kid: None, algorithm: Algorithm::Hs256 };
        Remembered::new(verified, Arc::default(), Arc::new(admitted), 0)
    }

    #[test]
    fn what_is_used_stays_and_the_rest_is_forgotten() {
        let memory = Memory::default();
        let names: Vec<Name> = (0..10_000).map(|n| name(&format!("token {n}")).unwrap()).collect();
        for one in &names {
            memory.remember(*one, token());
            assert!(memory.recall(&names[0]).is_some());
        }
        assert!(memory.recall(&names[9_999]).is_some() && memory.recall(&names[1]).is_none());
        let generations = memory.generations.lock().unwrap();
        assert!(generations.young.len() <= MOST && generations.old.len() <= MOST);
    }

    #[test]
    fn a_long_token_is_not_remembered() {
        assert!(name(&"a".repeat(MAX_BYTES)).is_some());
        assert_eq!(name(&"a".repeat(MAX_BYTES + 1)), None);
    }
}
