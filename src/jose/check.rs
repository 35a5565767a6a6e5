//! One check of a policy: what was asked, by which section, and how it came out.

use super::json::bounded;
use super::numeric_date::NumericDate;
use super::relaxation::Relaxation;
use core::fmt;
use std::borrow::Cow;

/// One check and how it came out, in words of the policy and of the token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check<'a> {
    /// The claim, or `max-age`.
    pub rule: Cow<'a, str>,
    /// The section that asks for it.
    pub section: &'static str,
    /// How it came out.
    pub outcome: Outcome<'a>,
}

impl<'a> Check<'a> {
    pub(super) fn new(rule: &'a str, section: &'static str, outcome: Outcome<'a>) -> Check<'a> {
        Check { rule: Cow::Borrowed(rule), section, outcome }
    }

    /// The same with words of its own, to outlive policy and token.
    pub fn into_owned(self) -> Check<'static> {
        let outcome = match self.outcome {
            Outcome::Passed(found) => Outcome::Passed(found.into_owned()),
            Outcome::Relaxed(relaxation) => Outcome::Relaxed(relaxation),
            Outcome::Failed(failure) => Outcome::Failed(failure),
        };
        Check { rule: Cow::Owned(self.rule.into_owned()), section: self.section, outcome }
    }

    /// Whether the check failed.
    pub fn failed(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_))
    }

    /// Why it failed, if it did: the rule, the reason, the section.
    pub fn refusal(&self) -> Option<String> {
        match &self.outcome {
            Outcome::Failed(failure) => {
                Some(format!("{}: {failure} ({})", bounded(&self.rule), self.section))
            }
            Outcome::Passed(_) | Outcome::Relaxed(_) => None,
        }
    }
}

/// How a check came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<'a> {
    /// It holds; the value that was found.
    Passed(Found<'a>),
    /// It does not hold and was let pass by name.
    Relaxed(Relaxation),
    /// It does not hold.
    Failed(Failure),
}

/// What a check that holds has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// This text.
    Text(Cow<'a, str>),
    /// This time.
    Time(NumericDate),
    /// This time of issue, recent enough.
    IssuedAt(NumericDate),
    /// That it is there.
    There,
}

impl Found<'_> {
    fn into_owned(self) -> Found<'static> {
        match self {
            Found::Text(text) => Found::Text(Cow::Owned(text.into_owned())),
            Found::Time(time) => Found::Time(time),
            Found::IssuedAt(time) => Found::IssuedAt(time),
            Found::There => Found::There,
        }
    }
}

impl fmt::Display for Found<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Found::Text(text) => f.write_str(text),
            Found::Time(time) => time.fmt(f),
            Found::IssuedAt(time) => write!(f, "issued at {time}"),
            Found::There => f.write_str("is there"),
        }
    }
}

/// Why a check failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The claim is not there.
    Missing,
    /// The claim has the wrong JSON type.
    Type {
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// The value is another one.
    Differs {
        /// The token's.
        found: String,
        /// The policy's.
        expected: String,
    },
    /// The token is for these audiences and none is expected.
    NoAudienceExpected(String),
    /// `exp` has come.
    Expired {
        /// When it expired.
        exp: NumericDate,
        /// The time of the check.
        now: NumericDate,
    },
    /// A time that has not come.
    InFuture {
        /// That time.
        time: NumericDate,
        /// The time of the check.
        now: NumericDate,
    },
    /// Issued longer ago than allowed.
    TooOld {
        /// When it was issued.
        iat: NumericDate,
        /// Seconds allowed since then.
        max_age: u64,
    },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Missing => f.write_str("missing"),
            Failure::Type { expected, found } => write!(f, "wrong type: {found}, not {expected}"),
            Failure::Differs { found, expected } => {
                write!(f, "is \"{}\", expected \"{}\"", bounded(found), bounded(expected))
            }
            Failure::NoAudienceExpected(found) => {
                write!(f, "the token is for \"{}\" and no audience is expected", bounded(found))
            }
            Failure::Expired { exp, now } => write!(f, "expired at {exp}, now is {now}"),
            Failure::InFuture { time, now } => write!(f, "{time} is in the future, now is {now}"),
            Failure::TooOld { iat, max_age } => {
                write!(f, "issued at {iat}, more than {max_age} s ago")
            }
        }
    }
}
