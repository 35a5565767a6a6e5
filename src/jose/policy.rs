//! What is demanded of a token and its key (RFC 7519 §4.1, RFC 8725 §3). How it is checked: `demands`.
//!
//! The defaults are strict: `exp` must be there, a token for somebody's eyes (`aud`) needs an expected
//! audience, nothing may come from the future.

use super::algorithm::Algorithm;
use super::numeric_date::NumericDate;
use super::relaxation::{Relaxation, Relaxations};

/// What is demanded of a token and its key. No clock is read: the time is given.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(super) now: NumericDate,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) relaxations: Relaxations,
    pub(super) leeway: u64,
    pub(super) issuer: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) audiences: Vec<String>,
    pub(super) token_id: Option<String>,
    pub(super) typ: Option<String>,
    pub(super) required: Vec<String>,
    pub(super) max_age: Option<u64>,
}

impl Policy {
    /// The strict defaults at a time, in seconds since 1970-01-01T00:00:00Z.
    pub fn at(now: i64) -> Policy {
        Policy {
            now: NumericDate::from_seconds(now),
            algorithms: Algorithm::ALL.to_vec(),
            relaxations: Relaxations::none(),
            leeway: 0,
            issuer: None,
            subject: None,
            audiences: vec![],
            token_id: None,
            typ: None,
            required: vec![],
            max_age: None,
        }
    }

    /// The same demands at another time: a service keeps one policy and asks it for each token.
    #[must_use]
    pub fn moved_to(mut self, now: i64) -> Policy {
        self.now = NumericDate::from_seconds(now);
        self
    }

    /// Only these algorithms. The key narrows them further; the token only names one of what is left.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Policy {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// `iss` must be this.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Policy {
        self.issuer = Some(issuer.into());
        self
    }

    /// `sub` must be this.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Policy {
        self.subject = Some(subject.into());
        self
    }

    /// `aud` must hold this; called more than once, one of these.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Policy {
        self.audiences.push(audience.into());
        self
    }

    /// `jti` must be this.
    #[must_use]
    pub fn token_id(mut self, jti: impl Into<String>) -> Policy {
        self.token_id = Some(jti.into());
        self
    }

    /// `typ` must be this, case and a leading `application/` aside (RFC 7515 §4.1.9, RFC 8725 §3.11).
    #[must_use]
    pub fn typ(mut self, typ: impl Into<String>) -> Policy {
        self.typ = Some(typ.into());
        self
    }

    /// This claim must be there and not null.
    #[must_use]
    pub fn require(mut self, claim: impl Into<String>) -> Policy {
        self.required.push(claim.into());
        self
    }

    /// Clocks may differ by so many seconds.
    #[must_use]
    pub fn leeway(mut self, seconds: u64) -> Policy {
        self.leeway = seconds;
        self
    }

    /// The token was issued at most so many seconds ago: `iat` must be there.
    #[must_use]
    pub fn max_age(mut self, seconds: u64) -> Policy {
        self.max_age = Some(seconds);
        self
    }

    /// Lets one named thing pass.
    #[must_use]
    pub fn allow(mut self, relaxation: Relaxation) -> Policy {
        self.relaxations.allow(relaxation);
        self
    }

    /// The time that the clock says.
    pub fn now(&self) -> NumericDate {
        self.now
    }

    /// Seconds by which clocks may differ.
    pub fn leeway_seconds(&self) -> u64 {
        self.leeway
    }

    /// The algorithms that the caller allows.
    pub fn allowed(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// What may pass: those that were asked for by name.
    pub fn relaxations(&self) -> Relaxations {
        self.relaxations
    }

    /// What this policy leaves open, in words: a verdict covers no more than it says.
    pub fn not_checked(&self) -> Vec<&'static str> {
        let open = |asked: bool, what| (!asked).then_some(what);
        [
            open(self.issuer.is_some(), "issuer (iss)"),
            open(self.subject.is_some(), "subject (sub)"),
            open(!self.audiences.is_empty(), "audience (aud)"),
            open(self.typ.is_some(), "kind of token (typ)"),
            Some("replay (jti)"),
            Some("revocation"),
            Some("certificates (x5c, x5t, x5u)"),
            Some("confidentiality: anybody can read a signed token"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
