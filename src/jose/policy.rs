//! What is demanded of a token: a sequence of checks (RFC 7519 §4.1, RFC 8725 §3).
//!
//! The defaults are strict: `exp` must be there, a token for somebody's eyes (`aud`) needs an expected
//! audience, nothing may come from the future. A verdict is what failed among the checks, all of it.

use super::algorithm::Algorithm;
use super::check::{Check, Failure, Found, Outcome};
use super::claims::{Audience, NumericDate};
use super::header::Header;
use super::json::{Members, Raw};
use super::relaxation::{Relaxation, Relaxations};
use std::borrow::Cow;

/// What is demanded of a token and its key. No clock is read: the time is given.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(super) now: NumericDate,
    pub(super) algorithms: Vec<Algorithm>,
    pub(super) relaxations: Relaxations,
    leeway: u64,
    issuer: Option<String>,
    subject: Option<String>,
    audiences: Vec<String>,
    token_id: Option<String>,
    typ: Option<String>,
    required: Vec<String>,
    max_age: Option<u64>,
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
    pub fn relaxations(&self) -> &Relaxations {
        &self.relaxations
    }

    /// Every check on a header and its claims, in order; what is not demanded and not there has none.
    pub fn checks<'a>(
        &'a self,
        header: &'a Header,
        claims: &'a Members<'a>,
    ) -> impl Iterator<Item = Check<'a>> {
        let named = [
            self.check_typ(header),
            text("iss", "RFC 7519 §4.1.1", claims, self.issuer.as_deref()),
            text("sub", "RFC 7519 §4.1.2", claims, self.subject.as_deref()),
            self.check_audience(claims),
            Some(self.check_expiry(claims)),
            self.check_past("nbf", "RFC 7519 §4.1.5", claims),
            self.check_past("iat", "RFC 7519 §4.1.6", claims),
            self.check_age(claims),
            text("jti", "RFC 7519 §4.1.7", claims, self.token_id.as_deref()),
        ];
        named.into_iter().flatten().chain(self.required.iter().map(|name| required(name, claims)))
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

    fn check_typ<'a>(&self, header: &'a Header) -> Option<Check<'a>> {
        let expected = self.typ.as_deref()?;
        let outcome = match header.typ() {
            None => Outcome::Failed(Failure::Missing),
            Some(found) if media_type(found) == media_type(expected) => {
                Outcome::Passed(Found::Text(found.into()))
            }
            Some(found) => Outcome::Failed(differs(found, expected)),
        };
        Some(Check::new("typ", "RFC 8725 §3.11", outcome))
    }

    fn check_audience<'a>(&self, claims: &Members<'a>) -> Option<Check<'a>> {
        let aud = match claims.get("aud") {
            None if self.audiences.is_empty() => return None,
            None => None,
            Some(aud) => Some(audiences(aud)),
        };
        let outcome = match aud {
            None => Outcome::Failed(Failure::Missing),
            Some(Err(found)) => {
                Outcome::Failed(Failure::Type { expected: "a string or strings", found })
            }
            Some(Ok(found)) if self.audiences.is_empty() => {
                if self.relaxations.allows(Relaxation::AnyAudience) {
                    Outcome::Relaxed(Relaxation::AnyAudience)
                } else {
                    Outcome::Failed(Failure::NoAudienceExpected(found.join(" ")))
                }
            }
            Some(Ok(found)) => {
                let expected = |one: &&Cow<'_, str>| self.audiences.iter().any(|a| a == &***one);
                match found.iter().find(expected) {
                    Some(one) => Outcome::Passed(Found::Text(one.clone())),
                    None => {
                        Outcome::Failed(differs(&found.join(" "), &self.audiences.join(" or ")))
                    }
                }
            }
        };
        Some(Check::new("aud", "RFC 7519 §4.1.3", outcome))
    }

    fn check_expiry(&self, claims: &Members<'_>) -> Check<'static> {
        let outcome = match date("exp", claims) {
            None if self.relaxations.allows(Relaxation::NoExpiry) => {
                Outcome::Relaxed(Relaxation::NoExpiry)
            }
            None => Outcome::Failed(Failure::Missing),
            Some(Err(failure)) => Outcome::Failed(failure),
            // now must be before exp
            Some(Ok(exp)) if self.now < exp.plus(self.leeway) => Outcome::Passed(Found::Time(exp)),
            Some(Ok(exp)) => Outcome::Failed(Failure::Expired { exp, now: self.now }),
        };
        Check::new("exp", "RFC 7519 §4.1.4", outcome)
    }

    /// `nbf` and `iat` must not lie in the future.
    fn check_past(
        &self,
        rule: &'static str,
        section: &'static str,
        claims: &Members<'_>,
    ) -> Option<Check<'static>> {
        let outcome = match date(rule, claims)? {
            Err(failure) => Outcome::Failed(failure),
            Ok(time) if time <= self.now.plus(self.leeway) => Outcome::Passed(Found::Time(time)),
            Ok(time) => Outcome::Failed(Failure::InFuture { time, now: self.now }),
        };
        Some(Check::new(rule, section, outcome))
    }

    fn check_age(&self, claims: &Members<'_>) -> Option<Check<'static>> {
        let max_age = self.max_age?;
        let outcome = match date("iat", claims) {
            None => Outcome::Failed(Failure::Missing),
            Some(Err(failure)) => Outcome::Failed(failure),
            Some(Ok(iat)) if self.now <= iat.plus(max_age).plus(self.leeway) => {
                Outcome::Passed(Found::IssuedAt(iat))
            }
            Some(Ok(iat)) => Outcome::Failed(Failure::TooOld { iat, max_age }),
        };
        Some(Check::new("max-age", "RFC 7519 §4.1.6", outcome))
    }
}

/// A claim that is a string; checked where one is expected, its type wherever it stands.
fn text<'a>(
    rule: &'static str,
    section: &'static str,
    claims: &Members<'a>,
    expected: Option<&str>,
) -> Option<Check<'a>> {
    let found = claims.get(rule);
    let outcome = match (found, found.and_then(Raw::text), expected) {
        (None, _, None) | (_, Some(_), None) => return None,
        (None, _, Some(_)) => Outcome::Failed(Failure::Missing),
        (_, Some(found), Some(expected)) if found == expected => {
            Outcome::Passed(Found::Text(found))
        }
        (_, Some(found), Some(expected)) => Outcome::Failed(differs(&found, expected)),
        (Some(other), None, _) => {
            Outcome::Failed(Failure::Type { expected: "a string", found: other.type_name() })
        }
    };
    Some(Check::new(rule, section, outcome))
}

/// The audiences of `aud`: a string is one.
fn audiences(aud: Raw<'_>) -> Result<Vec<Cow<'_, str>>, &'static str> {
    match aud.text() {
        Some(one) => Ok(vec![one]),
        None => Ok(Audience::from_value(&aud.value())?.0.into_iter().map(Cow::Owned).collect()),
    }
}

fn required<'a>(name: &'a str, claims: &Members<'_>) -> Check<'a> {
    let outcome = match claims.get(name) {
        Some(found) if !found.is_null() => Outcome::Passed(Found::There),
        _ => Outcome::Failed(Failure::Missing),
    };
    Check::new(name, "required", outcome)
}

fn date(name: &str, claims: &Members<'_>) -> Option<Result<NumericDate, Failure>> {
    let found = claims.get(name)?;
    Some(match found.number() {
        Some(number) => Ok(NumericDate::from_number(&number)),
        None => Err(Failure::Type { expected: "a number", found: found.type_name() }),
    })
}

fn differs(found: &str, expected: &str) -> Failure {
    Failure::Differs { found: found.to_owned(), expected: expected.to_owned() }
}

/// RFC 7515 §4.1.9: without a slash, `application/` is meant; media types ignore case.
fn media_type(typ: &str) -> String {
    let lower = typ.to_ascii_lowercase();
    if lower.contains('/') { lower } else { format!("application/{lower}") }
}
