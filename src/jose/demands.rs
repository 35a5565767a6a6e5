//! The demands of a policy on claims, each a check (RFC 7519 §4.1, RFC 8725 §3). A verdict is what failed among
//! them, all of it.

use super::check::{Check, Failure, Found, Outcome};
use super::claims::Audience;
use super::header::Header;
use super::json::{Members, Raw};
use super::numeric_date::NumericDate;
use super::policy::Policy;
use super::relaxation::Relaxation;
use std::borrow::Cow;

/// A check, if there is something to check.
type Rule<'a> = fn(&'a Policy, &'a Header, &'a Members<'a>) -> Option<Check<'a>>;

impl Policy {
    /// Every check on a header and its claims, in order; what is not demanded and not there has none.
    pub fn checks<'a>(
        &'a self,
        header: &'a Header,
        claims: &'a Members<'a>,
    ) -> impl Iterator<Item = Check<'a>> {
        let rules: [Rule<'a>; 9] = [
            |policy, header, _| policy.check_typ(header),
            |policy, _, claims| text("iss", "RFC 7519 §4.1.1", claims, policy.issuer.as_deref()),
            |policy, _, claims| text("sub", "RFC 7519 §4.1.2", claims, policy.subject.as_deref()),
            |policy, _, claims| policy.check_audience(claims),
            |policy, _, claims| Some(policy.check_expiry(claims)),
            |policy, _, claims| policy.check_past("nbf", "RFC 7519 §4.1.5", claims),
            |policy, _, claims| policy.check_past("iat", "RFC 7519 §4.1.6", claims),
            |policy, _, claims| policy.check_age(claims),
            |policy, _, claims| text("jti", "RFC 7519 §4.1.7", claims, policy.token_id.as_deref()),
        ];
        let required = self.required.iter().map(|name| required(name, claims));
        rules.into_iter().filter_map(move |rule| rule(self, header, claims)).chain(required)
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
        let outcome = match claims.get("aud") {
            None if self.audiences.is_empty() => return None,
            None => Outcome::Failed(Failure::Missing),
            // a string is one audience
            Some(aud) => match aud.text() {
                Some(one) => self.outcome_for(&[one]),
                None => match Audience::from_value(&aud.value()) {
                    Ok(Audience(many)) => {
                        self.outcome_for(&many.into_iter().map(Cow::Owned).collect::<Vec<_>>())
                    }
                    Err(found) => {
                        Outcome::Failed(Failure::Type { expected: "a string or strings", found })
                    }
                },
            },
        };
        Some(Check::new("aud", "RFC 7519 §4.1.3", outcome))
    }

    fn outcome_for<'a>(&self, found: &[Cow<'a, str>]) -> Outcome<'a> {
        if self.audiences.is_empty() {
            return if self.relaxations.allows(Relaxation::AnyAudience) {
                Outcome::Relaxed(Relaxation::AnyAudience)
            } else {
                Outcome::Failed(Failure::NoAudienceExpected(found.join(" ")))
            };
        }
        let expected = |one: &&Cow<'_, str>| self.audiences.iter().any(|a| a == &***one);
        match found.iter().find(expected) {
            Some(one) => Outcome::Passed(Found::Text(one.clone())),
            None => Outcome::Failed(differs(&found.join(" "), &self.audiences.join(" or "))),
        }
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
