//! Private keys that are used again and again.

use crate::rsa::{Components, KeyError, PrivateKey};
use crate::vectors::question::RsaPrivate;
use std::sync::{Arc, Mutex, PoisonError};

/// The private keys of late: a suite signs many messages with each, and finding the primes of a key that
/// comes without them takes longer than signing.
#[derive(Default)]
pub(super) struct Keys(Mutex<Vec<(RsaPrivate, Arc<PrivateKey>)>>);

impl Keys {
    /// How many are kept.
    const MOST: usize = 8;

    pub(super) fn get(&self, parts: &RsaPrivate) -> Result<Arc<PrivateKey>, KeyError> {
        let kept = |keys: &[(RsaPrivate, Arc<PrivateKey>)]| {
            keys.iter().find(|(known, _)| known == parts).map(|(_, key)| key.clone())
        };
        // a thread that panicked left whole entries behind
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = kept(&lock()) {
            return Ok(key);
        }
        let key = Arc::new(private_key(parts)?);
        let mut keys = lock();
        if keys.len() == Self::MOST {
            keys.remove(0);
        }
        keys.push((parts.clone(), key.clone()));
        Ok(key)
    }
}

fn private_key(key: &RsaPrivate) -> Result<PrivateKey, KeyError> {
    let RsaPrivate { n, e, d, primes } = key.clone();
    match primes {
        Some([p, q, dp, dq, qi]) => PrivateKey::new(&Components { n, e, d, p, q, dp, dq, qi }),
        None => PrivateKey::from_exponents(n, e, d),
    }
}
