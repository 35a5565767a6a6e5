//! What an issuer is told when it starts, and the clock it goes by.

use super::error::Error;
use super::making::check_bits;
use crate::jose::Algorithm;
use core::fmt;
use std::sync::Arc;

/// The longest life of a token, in seconds: a day.
pub const MAX_LIFETIME: u32 = 86_400;
/// The longest time that a key set may be kept by those who fetched it, in seconds: a day.
pub const MAX_CACHE: u32 = 86_400;

/// Where the time comes from: seconds since 1970-01-01T00:00:00Z. The library reads no clock of its own.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// A clock of any kind.
    pub fn new(now: impl Fn() -> i64 + Send + Sync + 'static) -> Clock {
        Clock(Arc::new(now))
    }

    /// The time.
    pub fn now(&self) -> i64 {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}

/// How many attempts to log in are heard in a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Of one client address (of IPv6, one network of 64 bits).
    pub per_address: u32,
    /// For one user name, whether there is such a user or not. An attempt that succeeds is not counted.
    pub per_name: u32,
    /// The period, in seconds.
    pub period: u32,
}

impl Default for Limits {
    /// 120 of an address and 10 for a name each minute.
    fn default() -> Limits {
        Limits { per_address: 120, per_name: 10, period: 60 }
    }
}

/// What an issuer is told when it starts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Its name, the `iss` of tokens and the URL that its endpoints are under; `http://` and the address of
    /// the listener if there is none.
    pub issuer: Option<String>,
    /// The `aud` of tokens: who may be shown them.
    pub audiences: Vec<String>,
    /// The algorithm of tokens. None: that of the directory, RS256 for a new one.
    pub algorithm: Option<Algorithm>,
    /// Bits of a new RSA modulus. None: those of the key before, 2048 for the first.
    pub bits: Option<u64>,
    /// How long a token lives, in seconds.
    pub token_lifetime: u32,
    /// How long the key set may be kept by those who fetched it (`max-age`), in seconds.
    pub cache: u32,
    /// A new key after so many seconds; none but those that are asked for, if not given.
    pub rotate_every: Option<u32>,
    /// How many attempts to log in are heard.
    pub limits: Limits,
    /// Where the time comes from.
    pub clock: Clock,
}

impl Settings {
    /// The defaults: tokens for `jotlab-services` that live ten minutes, a key set that may be kept for one, RSA keys
    /// of 2048 bits.
    pub fn new(clock: Clock) -> Settings {
        Settings {
            issuer: None,
            audiences: vec!["jotlab-services".to_owned()],
            algorithm: None,
            bits: None,
            token_lifetime: 600,
            cache: 60,
            rotate_every: None,
            limits: Limits::default(),
            clock,
        }
    }

    /// Refuses what cannot work, before anything is made.
    pub(super) fn check(&self) -> Result<(), Error> {
        let wrong = |what: String| Err(Error::Setting(what));
        if let Some(issuer) = &self.issuer {
            check_url(issuer).map_err(Error::Setting)?;
        }
        if self.audiences.is_empty() || self.audiences.iter().any(|one| !is_word(one)) {
            return wrong("an audience is text of 1 to 256 bytes without spaces".to_owned());
        }
        self.bits.map_or(Ok(()), check_bits)?;
        if !(1..=MAX_LIFETIME).contains(&self.token_lifetime) {
            return wrong(format!("a token lives from 1 to {MAX_LIFETIME} seconds"));
        }
        if self.cache > MAX_CACHE {
            return wrong(format!("a key set is kept {MAX_CACHE} seconds at most"));
        }
        // the one before must sign by then, or keys that never sign pile up
        if let Some(every) = self.rotate_every.filter(|every| *every < self.cache + 2) {
            let least = self.cache + 2;
            return wrong(format!(
                "a key each {every} s: at least {least} s, the cache time and 2"
            ));
        }
        let Limits { per_address, per_name, period } = self.limits;
        if [per_address, per_name, period].contains(&0) {
            return wrong("limits of attempts must be positive".to_owned());
        }
        Ok(())
    }
}

fn is_word(text: &str) -> bool {
    (1..=256).contains(&text.len()) && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// An issuer is an http or https URL without query and fragment (RFC 8414 §2; http for this machine only is
/// what a laboratory needs).
fn check_url(url: &str) -> Result<(), String> {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split('/').next()).unwrap_or_default();
    let visible = url.bytes().all(|byte| matches!(byte, 0x21..0x7f));
    let odd = url.contains(['?', '#', '"', '\\', '<', '>']) || host.contains('@');
    if host.is_empty() || !visible || odd || url.len() > 256 {
        return Err(
            "an issuer is an http or https URL without user, query and fragment, of 256 bytes \
                    at most (RFC 8414 §2)"
                .to_owned(),
        );
    }
    if url.ends_with('/') {
        return Err("an issuer is compared letter by letter: leave the last / out".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_work_is_refused() {
        let good = || Settings::new(Clock::new(|| 0));
        assert!(good().check().is_ok());
        let url = |url: &str| Settings { issuer: Some(url.to_owned()), ..good() };
        for wrong in [
            url("issuer.example"),
            url("https://"),
            url("https://a/?b"),
            url("https://a/#b"),
            url("https://a/"),
            url("https://me@a"),
            url("https://a b"),
            url("ftp://a"),
            Settings { audiences: vec![], ..good() },
            Settings { audiences: vec![String::new()], ..good() },
            Settings { bits: Some(1024), ..good() },
            Settings { bits: Some(2049), ..good() },
            Settings { token_lifetime: 0, ..good() },
            Settings { token_lifetime: MAX_LIFETIME + 1, ..good() },
            Settings { cache: MAX_CACHE + 1, ..good() },
            Settings { rotate_every: Some(61), ..good() },
            Settings { limits: Limits { per_name: 0, ..Limits::default() }, ..good() },
        ] {
            assert!(wrong.check().is_err(), "{wrong:?}");
        }
        assert!(url("https://issuer.example/tenant").check().is_ok());
        assert!(Settings { rotate_every: Some(62), ..good() }.check().is_ok());
    }
}
