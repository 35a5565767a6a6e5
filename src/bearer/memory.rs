//! Tokens that were verified a moment ago: a caller shows the same one again and again.
//!
//! What is remembered is that a signature verified by a set of keys, which stays true as long as it is that
//! very set. What depends on the time is asked again each second, what depends on the request each time. A
//! token is remembered by its SHA-256 and not by its text, and only if it was accepted: what a stranger sends
//! fills nothing.

use super::guard::Admitted;
use crate::jose::{Check, ClaimsError, JwkSet, Policy, Verified};
use crate::sha2;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The most tokens that are remembered.
const MOST: usize = 2048;
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
    pub(super) verified: Verified<'static>,
    /// By which set it verified. Held, so that no other set can be at its place.
    pub(super) keys: Arc<JwkSet>,
    pub(super) admitted: Arc<Admitted>,
    /// The second at which the policy accepted it last: at the same time it does so again.
    accepted: AtomicI64,
}

impl Remembered {
    pub(super) fn new(
        verified: Verified<'static>,
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

type Place = Mutex<Option<(Name, Arc<Remembered>)>>;

/// A place for each token by the beginning of its name: who comes later takes it. Who loses the place to another
/// is verified again, which is never wrong.
pub(super) struct Memory {
    places: Box<[Place]>,
}

impl Default for Memory {
    fn default() -> Memory {
        Memory { places: (0..MOST).map(|_| Mutex::default()).collect() }
    }
}

impl Memory {
    pub(super) fn recall(&self, name: &Name) -> Option<Arc<Remembered>> {
        let place = self.place(name).lock().unwrap_or_else(PoisonError::into_inner);
        place.as_ref().filter(|(there, _)| there == name).map(|(_, token)| Arc::clone(token))
    }

    pub(super) fn remember(&self, name: Name, token: Remembered) {
        let token = Some((name, Arc::new(token)));
        let mut place = self.place(&name).lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *place, token);
        // what it held is freed when nobody waits for the place
        drop(place);
        drop(before);
    }

    fn place(&self, name: &Name) -> &Place {
        &self.places[usize::from(u16::from_be_bytes([name[0], name[1]])) % MOST]
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
        let token = signer.compact(b"{}").unwrap();
        let jws = Jws::compact(&token).unwrap();
        let keys = JwkSet::from(key.clone());
        let verified = jws.bind(&keys, &policy).unwrap().verify().unwrap().into_owned();
        let claims = serde_json::Map::new();
        let admitted = Admitted { claims, kid: None, algorithm: Algorithm::Hs256 };
        Remembered::new(verified, Arc::default(), Arc::new(admitted), 0)
    }

    #[test]
    fn a_token_is_remembered_until_another_takes_its_place() {
        let memory = Memory::default();
        let names: Vec<Name> = (0..10_000).map(|n| name(&format!("token {n}")).unwrap()).collect();
        for one in &names {
            assert!(memory.recall(one).is_none());
            memory.remember(*one, token());
            assert!(memory.recall(one).is_some());
        }
        let there = names.iter().filter(|name| memory.recall(name).is_some()).count();
        assert!((1..=MOST).contains(&there), "{there}");
        assert!(memory.recall(&names[9_999]).is_some());
        // another name at the same place is not taken for it
        let mut similar = names[9_999];
        similar[31] ^= 1;
        assert!(memory.recall(&similar).is_none());
    }

    #[test]
    fn a_long_token_is_not_remembered() {
        assert!(name(&"a".repeat(MAX_BYTES)).is_some());
        assert_eq!(name(&"a".repeat(MAX_BYTES + 1)), None);
    }
}
