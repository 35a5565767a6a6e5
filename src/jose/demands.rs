//! The demands of a policy on claims, each a check (RFC 7519 §4.1, RFC 8725 §3). A verdict is what failed among
//! them, all of it.

use super::check::{Check, Failure, Found, Outcome};
use super::claims::{Audience, REGISTERED};
use super::header::Header;
use super::json::{Members, Raw};
use super::numeric_date::NumericDate;
use super::policy::Policy;
use super::relaxation::{Relaxation, Relaxations};
use std::borrow::Cow;

impl Policy {
    /// Every check on a header and its claims, in order; what is not demanded and not there has none.
    pub fn checks<'a>(&'a self, header: &'a Header, claims: &'a Members<'a>) -> Vec<Check<'a>> {
        let mut checks = vec![];
        self.each_check(header, claims, |rule, section, outcome| {
            checks.push(Check::new(rule, section, outcome.clone()));
        });
        checks
    }

    /// What had to be let pass, if every check passes.
    pub(super) fn accepts(&self, header: &Header, claims: &Members<'_>) -> Option<Relaxations> {
        let (mut passed, mut relaxed) = (true, Relaxations::none());
        self.each_check(header, claims, |_, _, outcome| match outcome {
            Outcome::Passed(_) => {}
            Outcome::Relaxed(relaxation) => relaxed.allow(*relaxation),
            Outcome::Failed(_) => passed = false,
        });
        passed.then_some(relaxed)
    }

    /// Every check, each shown when it is made: the rule, its section, and how it came out.
    #[inline(always)]
    fn each_check<'a>(
        &'a self,
        header: &'a Header,
        members: &'a Members<'a>,
        mut show: impl FnMut(&'a str, &'static str, &Outcome<'a>),
    ) {
        let found = members.get_each(REGISTERED);
        let [iss, sub, aud, exp, nbf, iat, jti] = &found;
        // by reference: to move an outcome that was just written takes longer than to make it
        let mut rule = |name: &'a str, section, outcome: &Option<Outcome<'a>>| {
            outcome.iter().for_each(|outcome| show(name, section, outcome));
        };
        rule("typ", "RFC 8725 §3.11", &self.typ_outcome(header));
        rule("iss", "RFC 7519 §4.1.1", &text(*iss, self.issuer.as_deref()));
        rule("sub", "RFC 7519 §4.1.2", &text(*sub, self.subject.as_deref()));
        rule("aud", "RFC 7519 §4.1.3", &self.audience_outcome(*aud));
        rule("exp", "RFC 7519 §4.1.4", &Some(self.expiry_outcome(*exp)));
        rule("nbf", "RFC 7519 §4.1.5", &self.past_outcome(*nbf));
        rule("iat", "RFC 7519 §4.1.6", &self.past_outcome(*iat));
        rule("max-age", "RFC 7519 §4.1.6", &self.age_outcome(*iat));
        rule("jti", "RFC 7519 §4.1.7", &text(*jti, self.token_id.as_deref()));
        for name in &self.required {
            rule(name, "required", &Some(required(members.get(name))));
        }
    }

    fn typ_outcome<'a>(&self, header: &'a Header) -> Option<Outcome<'a>> {
        let expected = self.typ.as_deref()?;
        Some(match header.typ() {
            None => Outcome::Failed(Failure::Missing),
            Some(found) if media_type(found) == media_type(expected) => {
                Outcome::Passed(Found::Text(found.into()))
            }
            Some(found) => Outcome::Failed(differs(found, expected)),
        })
    }

    #[inline(always)]
    fn audience_outcome<'a>(&self, aud: Option<Raw<'a>>) -> Option<Outcome<'a>> {
        let Some(aud) = aud else {
            let expected = !self.audiences.is_empty();
            return expected.then_some(Outcome::Failed(Failure::Missing));
        };
        let (one, many);
        // a string is one audience
        let found: &[Cow<'a, str>] = match aud.text() {
            Some(text) => {
                one = [text];
                &one
            }
            None => match Audience::from_value(&aud.value()) {
                Ok(Audience(texts)) => {
                    many = texts.into_iter().map(Cow::Owned).collect::<Vec<_>>();
                    &many
                }
                Err(found) => {
                    let expected = "a string or strings";
                    return Some(Outcome::Failed(Failure::Type { expected, found }));
                }
            },
        };
        if self.audiences.is_empty() {
            return Some(if self.relaxations.allows(Relaxation::AnyAudience) {
                Outcome::Relaxed(Relaxation::AnyAudience)
            } else {
                Outcome::Failed(Failure::NoAudienceExpected(found.join(" ")))
            });
        }
        let expected = |one: &&Cow<'_, str>| self.audiences.iter().any(|a| a == &***one);
        Some(match found.iter().find(expected) {
            Some(one) => Outcome::Passed(Found::Text(one.clone())),
            None => Outcome::Failed(differs(&found.join(" "), &self.audiences.join(" or "))),
        })
    }

    #[inline(always)]
    fn expiry_outcome(&self, exp: Option<Raw<'_>>) -> Outcome<'static> {
        match exp.map(date) {
            None if self.relaxations.allows(Relaxation::NoExpiry) => {
                Outcome::Relaxed(Relaxation::NoExpiry)
            }
            None => Outcome::Failed(Failure::Missing),
            Some(Err(failure)) => Outcome::Failed(failure),
            // now must be before exp
            Some(Ok(exp)) if self.now < exp.plus(self.leeway) => Outcome::Passed(Found::Time(exp)),
            Some(Ok(exp)) => Outcome::Failed(Failure::Expired { exp, now: self.now }),
        }
    }

    /// `nbf` and `iat` must not lie in the future.
    #[inline(always)]
    fn past_outcome(&self, time: Option<Raw<'_>>) -> Option<Outcome<'static>> {
        Some(match date(time?) {
            Err(failure) => Outcome::Failed(failure),
            Ok(time) if time <= self.now.plus(self.leeway) => Outcome::Passed(Found::Time(time)),
            Ok(time) => Outcome::Failed(Failure::InFuture { time, now: self.now }),
        })
    }

    fn age_outcome(&self, iat: Option<Raw<'_>>) -> Option<Outcome<'static>> {
        let max_age = self.max_age?;
        Some(match iat.map(date) {
            None => Outcome::Failed(Failure::Missing),
            Some(Err(failure)) => Outcome::Failed(failure),
            Some(Ok(iat)) if self.now <= iat.plus(max_age).plus(self.leeway) => {
                Outcome::Passed(Found::IssuedAt(iat))
            }
            Some(Ok(iat)) => Outcome::Failed(Failure::TooOld { iat, max_age }),
        })
    }
}

/// A claim that is a string; checked where one is expected, its type wherever it stands.
#[inline(always)]
fn text<'a>(claim: Option<Raw<'a>>, expected: Option<&str>) -> Option<Outcome<'a>> {
    Some(match (claim, claim.and_then(Raw::text), expected) {
        (None, _, None) | (_, Some(_), None) => return None,
        (None, _, Some(_)) => Outcome::Failed(Failure::Missing),
        (_, Some(found), Some(expected)) if found == expected => {
            Outcome::Passed(Found::Text(found))
        }
        (_, Some(found), Some(expected)) => Outcome::Failed(differs(&found, expected)),
        (Some(other), None, _) => {
            Outcome::Failed(Failure::Type { expected: "a string", found: other.type_name() })
        }
    })
}

fn required(claim: Option<Raw<'_>>) -> Outcome<'static> {
    match claim {
        Some(found) if !found.is_null() => Outcome::Passed(Found::There),
        _ => Outcome::Failed(Failure::Missing),
    }
}

#[inline(always)]
fn date(claim: Raw<'_>) -> Result<NumericDate, Failure> {
    match claim.number() {
        Some(number) => Ok(NumericDate::from_number(&number)),
        None => Err(Failure::Type { expected: "a number", found: claim.type_name() }),
    }
}

fn differs(found: &str, expected: &str) -> Failure {
    Failure::Differs { found: found.to_owned(), expected: expected.to_owned() }
}

/// RFC 7515 §4.1.9: without a slash, `application/` is meant; media types ignore case.
fn media_type(typ: &str) -> String {
    let lower = typ.to_ascii_lowercase();
    if lower.contains('/') { lower } else { format!("application/{lower}") }
}
