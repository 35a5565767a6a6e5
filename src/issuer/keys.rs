//! The keys of an issuer and their times: a rotation decides all of them at once, and is one write.
//!
//! ```text
//! published ──(cache time)──→ signs from ──────────→ retires ──(life of a token)──→ gone
//!      next                        current                    retired
//! ```
//!
//! What state a key is in follows from the clock alone. So nobody has to be running when a key's time comes,
//! and no moment of a rotation can be lost: before the write there is the old schedule, after it the new.
//!
//! A key is published before it signs, for as long as somebody may go on with a set without it; it stays
//! published after it signed, until the last token that it may have signed has expired, and a minute more for
//! verifiers whose clocks are late.

use super::error::Error;
use crate::jose::json;
use crate::jose::{Algorithm, Jwk, JwkSet};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The file in the issuer's directory.
pub(super) const FILE: &str = "keys.json";
/// What the file says that it is.
const FORMAT: &str = "jotlab-issuer-keys/1";
/// How long a retired key is published beyond the life of its last token, in seconds.
pub const GRACE: i64 = 60;
/// The most keys at a time.
pub const MAX_KEYS: usize = 256;

/// When a key does what, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// It is in the published set from here on.
    pub published: i64,
    /// It signs from here on.
    pub signs_from: i64,
    /// It signs no more: its successor does. None is known yet if there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retires: Option<i64>,
    /// The longest life that it may have given a token, in seconds.
    pub longest_token: u32,
}

/// What a key is at some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Published, and not signing yet.
    Next,
    /// The one that signs.
    Current,
    /// Published for the tokens that it has signed.
    Retired,
    /// All its tokens have expired.
    Gone,
}

impl Schedule {
    /// When it leaves the published set, if that is known.
    pub fn gone(&self) -> Option<i64> {
        let after = i64::from(self.longest_token) + GRACE;
        self.retires.map(|retires| retires.saturating_add(after))
    }

    /// What a key with these times is.
    pub fn state(&self, now: i64) -> State {
        match (self.retires, self.gone()) {
            (_, Some(gone)) if now >= gone => State::Gone,
            (Some(retires), _) if now >= retires => State::Retired,
            _ if now >= self.signs_from => State::Current,
            _ => State::Next,
        }
    }
}

/// A key and its times.
#[derive(Clone, Debug)]
pub struct IssuerKey {
    /// The private key or the secret, with `kid`, `alg` and `use`.
    pub jwk: Jwk,
    /// Its times.
    pub schedule: Schedule,
}

impl IssuerKey {
    /// Its `kid`.
    pub fn kid(&self) -> &str {
        self.jwk.kid().unwrap_or_default()
    }
}

/// All keys of an issuer, in the order in which they sign. Never empty.
#[derive(Clone, Debug)]
pub struct Keyring {
    algorithm: Algorithm,
    /// `max-age` of the published set, in seconds.
    cache: u32,
    /// Until then somebody may go on with a set that was published with another `max-age`.
    old_answers_until: i64,
    keys: Vec<IssuerKey>,
}

impl Keyring {
    /// With a first key, which signs at once: nobody has fetched a set without it.
    pub(super) fn new(
        algorithm: Algorithm,
        first: Jwk,
        now: i64,
        [cache, longest_token]: [u32; 2],
    ) -> Keyring {
        let schedule = Schedule { published: now, signs_from: now, retires: None, longest_token };
        let keys = vec![IssuerKey { jwk: first, schedule }];
        Keyring { algorithm, cache, old_answers_until: now, keys }
    }

    /// What all tokens are signed with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// All keys, gone ones too.
    pub fn keys(&self) -> &[IssuerKey] {
        &self.keys
    }

    /// The key that signs: the last whose time has come. Before all of them (a clock was set back) the first.
    pub fn current(&self, now: i64) -> Option<&IssuerKey> {
        let come = |key: &&IssuerKey| key.schedule.signs_from <= now;
        self.keys.iter().rev().find(come).or(self.keys.first())
    }

    /// The keys that tokens may be signed with now or soon, or were signed with: all but those that are gone.
    pub fn published(&self, now: i64) -> impl Iterator<Item = &IssuerKey> {
        self.keys.iter().filter(move |key| key.schedule.state(now) != State::Gone)
    }

    /// The set that is published: public halves only. Secrets have none, so of HS256 it is empty.
    pub fn public_set(&self, now: i64) -> JwkSet {
        self.published(now).filter_map(|key| key.jwk.to_public()).collect()
    }

    /// Adds a key: published now, signing when every set without it is too old to be kept. The one before
    /// retires then. Gives the time at which it signs.
    pub(super) fn rotate(&mut self, jwk: Jwk, now: i64) -> Result<i64, Error> {
        self.keys.retain(|key| key.schedule.state(now) != State::Gone);
        if self.keys.len() >= MAX_KEYS {
            let what = format!("{MAX_KEYS} keys are published: wait until some are gone");
            return Err(Error::Key(what));
        }
        if self.keys.iter().any(|key| key.jwk.kid() == jwk.kid()) {
            return Err(Error::Key("there is a key of this kid already".to_owned()));
        }
        // times are whole seconds: a set that was fetched in this one is kept into the one behind the cache time
        let mut signs_from = now.saturating_add(i64::from(self.cache) + 1);
        signs_from = signs_from.max(self.old_answers_until);
        let mut longest_token = 0;
        if let Some(last) = self.keys.last_mut() {
            signs_from = signs_from.max(last.schedule.signs_from);
            last.schedule.retires = Some(signs_from);
            longest_token = last.schedule.longest_token;
        }
        let schedule = Schedule { published: now, signs_from, retires: None, longest_token };
        self.keys.push(IssuerKey { jwk, schedule });
        Ok(signs_from)
    }

    /// Takes on the times of a new start; whether anything changed. What was promised under older ones holds.
    pub(super) fn adopt(&mut self, [cache, lifetime]: [u32; 2], now: i64) -> bool {
        let mut changed = cache != self.cache;
        if changed {
            let until = now.saturating_add(i64::from(self.cache) + 1);
            self.old_answers_until = self.old_answers_until.max(until);
            self.cache = cache;
        }
        for IssuerKey { schedule, .. } in &mut self.keys {
            if schedule.retires.is_none_or(|retires| retires > now)
                && schedule.longest_token < lifetime
            {
                schedule.longest_token = lifetime;
                changed = true;
            }
        }
        changed
    }

    /// When the last key was made.
    pub(super) fn newest(&self) -> i64 {
        self.keys.last().map_or(i64::MIN, |key| key.schedule.published)
    }

    /// Bits of the last key's modulus, if it is RSA.
    pub(super) fn bits(&self) -> Option<u64> {
        self.keys.last()?.jwk.rsa().map(|key| key.n().bits())
    }

    /// As the file holds it: a JWK Set (RFC 7517 §5) with a member `schedule` in each key.
    pub(super) fn to_text(&self) -> String {
        let keys: Vec<Value> = self
            .keys
            .iter()
            .map(|key| {
                let mut value = key.jwk.to_value();
                value["schedule"] = json!(key.schedule);
                value
            })
            .collect();
        let value = json!({
            "format": FORMAT, "alg": self.algorithm.name(), "cache": self.cache,
            "old_answers_until": self.old_answers_until, "keys": keys,
        });
        format!("{value:#}\n")
    }

    /// Reads what [`to_text`](Keyring::to_text) wrote; `Err` with the place and what is wrong there.
    pub(super) fn parse(text: &[u8]) -> Result<Keyring, (String, String)> {
        let file: KeyFile = json::parse(text)
            .map_err(|error| (format!("offset {}", error.offset), error.to_string()))?;
        let wrong = |member: &str, what: String| Err((member.to_owned(), what));
        if file.format != FORMAT {
            return wrong("format", format!("{FORMAT} is expected"));
        }
        let Some(algorithm) = Algorithm::from_name(&file.alg) else {
            return wrong("alg", "no algorithm of jotlab".to_owned());
        };
        if file.keys.is_empty() || file.keys.len() > MAX_KEYS {
            return wrong(
                "keys",
                format!("1 to {MAX_KEYS} are expected, {} there", file.keys.len()),
            );
        }
        let mut keys: Vec<IssuerKey> = vec![];
        for (index, value) in file.keys.into_iter().enumerate() {
            let key = key(value, algorithm, &keys);
            keys.push(key.map_err(|what| (format!("keys[{index}]"), what))?);
        }
        let (cache, old_answers_until) = (file.cache, file.old_answers_until);
        Ok(Keyring { algorithm, cache, old_answers_until, keys })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    format: String,
    alg: String,
    cache: u32,
    old_answers_until: i64,
    keys: Vec<Value>,
}

/// A key of the file, behind those before it.
fn key(mut value: Value, algorithm: Algorithm, before: &[IssuerKey]) -> Result<IssuerKey, String> {
    let schedule = value.as_object_mut().and_then(|members| members.remove("schedule"));
    let schedule = schedule.ok_or("no member \"schedule\"")?;
    let schedule: Schedule =
        serde_json::from_value(schedule).map_err(|error| format!("schedule: {error}"))?;
    let jwk = Jwk::parse(value.to_string()).map_err(|error| error.to_string())?;
    if !jwk.is_private() || jwk.family() != Some(algorithm.family()) {
        return Err(format!("no key that can sign with {algorithm}"));
    }
    let Some(kid) = jwk.kid() else { return Err("no kid".to_owned()) };
    if before.iter().any(|key| key.kid() == kid) {
        return Err("a kid that stands there already".to_owned());
    }
    if before.last().is_some_and(|last| last.schedule.retires != Some(schedule.signs_from)) {
        return Err("the key before must retire when this one begins to sign".to_owned());
    }
    Ok(IssuerKey { jwk, schedule })
}

#[cfg(test)]
mod tests;
