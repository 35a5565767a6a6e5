//! A strict look at JSON before serde sees it (RFC 8259, RFC 7493).
//!
//! serde_json takes the last of two members of one name, and a typed struct does not see members it has no
//! field for. Two readers of one token then disagree, which is how checks are bypassed. So every text is
//! first walked once, as received: duplicate names at any depth, a byte order mark, text behind the value,
//! lone surrogates, numbers that are not finite, and nesting deeper than [`MAX_DEPTH`] are refused, with
//! the offset.

mod members;
mod read;
mod scanner;

use core::fmt;
use members::Member;
use scanner::Scanner;
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value};
use std::borrow::Cow;

/// How deep arrays and objects may be nested.
pub const MAX_DEPTH: usize = 64;

/// Reads a value after the strict look.
///
/// # Errors
///
/// When the text is not strict JSON, or not of the type that is wanted.
pub fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Error> {
    let text = valid(text)?;
    Scanner::new(text).whole()?;
    read_text(text)
}

/// Reads a value from a text that had its strict look.
fn read_text<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| Error {
        offset: offset_of(text.as_bytes(), error.line(), error.column()),
        reason: Reason::Type(without_position(&error)),
    })
}

/// Reads an object after the strict look.
///
/// # Errors
///
/// When the text is not strict JSON, or not an object.
pub fn parse_object(text: &[u8]) -> Result<Map<String, Value>, Error> {
    match parse(text)? {
        Value::Object(members) => Ok(members),
        _ => Err(Error { offset: 0, reason: Reason::Expected("an object") }),
    }
}

/// The strict look alone.
///
/// # Errors
///
/// When the text is not one JSON value as this module takes it.
pub fn check(text: &[u8]) -> Result<(), Error> {
    Scanner::new(valid(text)?).whole()
}

fn valid(text: &[u8]) -> Result<&str, Error> {
    let valid = match core::str::from_utf8(text) {
        Ok(valid) => valid,
        Err(error) => {
            return Err(Error { offset: error.valid_up_to(), reason: Reason::NotUtf8 });
        }
    };
    if valid.starts_with('\u{feff}') {
        return Err(Error { offset: 0, reason: Reason::ByteOrderMark });
    }
    Ok(valid)
}

/// The members of an object as they stand in its text, in their order.
///
/// ```
/// use jotlab::jose::json::Members;
///
/// let members = Members::parse(br#"{"iss": "joe", "exp": 1300819380}"#).unwrap();
/// assert_eq!(members.get("iss").unwrap().text().unwrap(), "joe");
/// assert!(members.get("nbf").is_none());
/// ```
#[derive(Clone, Debug)]
pub struct Members<'t> {
    text: &'t str,
    members: Vec<Member<'t>>,
}

impl<'t> Members<'t> {
    /// The strict look, which keeps where the members are.
    ///
    /// # Errors
    ///
    /// When the text is not strict JSON, or not an object.
    pub fn parse(text: &'t [u8]) -> Result<Members<'t>, Error> {
        let text = valid(text)?;
        Ok(Members { text, members: Scanner::new(text).members()? })
    }

    /// The value of a member.
    #[inline]
    pub fn get(&self, name: &str) -> Option<Raw<'t>> {
        self.members.iter().find(|member| member.name.is(name)).map(|member| member.value)
    }

    /// The members, in their order.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = (&str, Raw<'t>)> {
        self.members.iter().map(|member| (&*member.name.text, member.value))
    }

    /// The whole object as a `T`.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        match read::read(&self.members) {
            Ok(read) => Ok(read),
            // where it is none, and why, the whole text tells
            Err(_) => read_text(self.text),
        }
    }
}

/// A value as it stands in a text that had its strict look.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'t> {
    text: &'t str,
    kind: Kind,
}

/// What kind of value a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A string that says what stands between its quotation marks.
    PlainString,
    /// A string with escapes.
    EscapedString,
    Number,
    Other,
}

impl<'t> Raw<'t> {
    /// The string that it is, escapes resolved.
    #[inline]
    pub fn text(self) -> Option<Cow<'t, str>> {
        match self.kind {
            Kind::PlainString => Some(Cow::Borrowed(self.inside())),
            Kind::EscapedString => self.resolved().map(Cow::Owned),
            Kind::Number | Kind::Other => None,
        }
    }

    /// The string that it is with escapes.
    #[cold]
    fn resolved(self) -> Option<String> {
        serde_json::from_str(self.text).ok()
    }

    /// What stands between the quotation marks of a string.
    #[inline]
    fn inside(self) -> &'t str {
        self.text.get(1..self.text.len() - 1).unwrap_or_default()
    }

    /// The number that it is.
    pub fn number(self) -> Option<Number> {
        match self.text.parse::<i64>() {
            _ if self.kind != Kind::Number => None,
            Ok(whole) => Some(whole.into()),
            Err(_) => serde_json::from_str(self.text).ok(),
        }
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.text == "null"
    }

    /// It as a value of its own.
    pub fn value(self) -> Value {
        match self.text() {
            Some(text) => Value::String(text.into_owned()),
            None => serde_json::from_str(self.text).unwrap_or_default(),
        }
    }

    /// What its type is called.
    pub(crate) fn type_name(self) -> &'static str {
        type_name(&self.value())
    }
}

/// serde_json tells lines and columns (both from 1, in bytes); a token has one line.
fn offset_of(text: &[u8], line: usize, column: usize) -> usize {
    let before: usize = text
        .split_inclusive(|&byte| byte == b'\n')
        .take(line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    before + column.saturating_sub(1)
}

fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// What the JSON type of a value is called.
pub(crate) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// Why a text is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Bytes from the start of the text.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong at an offset of a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Something else belongs here.
    Expected(&'static str),
    /// The object has a member of this name already (RFC 7515 §4, RFC 7519 §4).
    Duplicate(String),
    /// Something stands behind the value.
    Trailing,
    /// A byte order mark in front.
    ByteOrderMark,
    /// Not UTF-8.
    NotUtf8,
    /// Half of a surrogate pair.
    LoneSurrogate,
    /// A control character that is not escaped.
    ControlCharacter,
    /// A number beyond what a double can hold.
    NotFinite,
    /// More nested than [`MAX_DEPTH`].
    TooDeep,
    /// The type is not the one that is wanted.
    Type(String),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "JSON at offset {}: ", self.offset)?;
        match &self.reason {
            Reason::Expected(what) => write!(f, "expected {what}"),
            Reason::Duplicate(name) => write!(f, "duplicate member \"{}\"", bounded(name)),
            Reason::Trailing => f.write_str("text behind the value"),
            Reason::ByteOrderMark => f.write_str("a byte order mark"),
            Reason::NotUtf8 => f.write_str("not UTF-8"),
            Reason::LoneSurrogate => f.write_str("half of a surrogate pair"),
            Reason::ControlCharacter => f.write_str("a control character that is not escaped"),
            Reason::NotFinite => f.write_str("a number that is not finite"),
            Reason::TooDeep => write!(f, "nested deeper than {MAX_DEPTH}"),
            Reason::Type(what) => f.write_str(&bounded(what)),
        }
    }
}

impl core::error::Error for Error {}

/// A stranger's text, fit for a message: escaped and at most 60 characters of it.
pub(crate) fn bounded(text: &str) -> String {
    const MOST: usize = 60;
    let mut shown: String = text.chars().take(MOST).flat_map(char::escape_debug).collect();
    if text.chars().nth(MOST).is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reason(text: &str) -> (usize, Reason) {
        let error = check(text.as_bytes()).unwrap_err();
        (error.offset, error.reason)
    }

    #[test]
    fn duplicates_are_found_at_any_depth_and_under_any_spelling() {
        let duplicate = |name: &str| Reason::Duplicate(name.to_owned());
        assert_eq!(reason(r#"{"a":1,"a":2}"#), (7, duplicate("a")));
        assert_eq!(reason(r#"{"a":1,"\u0061":2}"#), (7, duplicate("a")));
        assert_eq!(reason(r#"[{"x":{"b":1,"c":[],"b":2}}]"#), (20, duplicate("b")));
        assert_eq!(reason(r#"{"\ud83d\ude00":1,"😀":2}"#).1, duplicate("😀"));
        assert!(check(br#"{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}"#).is_ok());
    }

    #[test]
    fn each_way_to_be_wrong_is_named_with_its_place() {
        assert_eq!(reason("{} x"), (3, Reason::Trailing));
        assert_eq!(reason("\u{feff}{}"), (0, Reason::ByteOrderMark));
        assert_eq!(reason(r#""\ud800""#), (1, Reason::LoneSurrogate));
        assert_eq!(reason(r#""\ud800\u0041""#), (1, Reason::LoneSurrogate));
        assert_eq!(reason(r#""\udc00""#), (1, Reason::LoneSurrogate));
        assert_eq!(reason("\"a\nb\""), (2, Reason::ControlCharacter));
        assert_eq!(reason("[1e400]"), (1, Reason::NotFinite));
        assert_eq!(reason("[01]"), (2, Reason::Expected("',' or ']'")));
        assert_eq!(reason("[1.]"), (3, Reason::Expected("a digit")));
        assert_eq!(reason("[+1]"), (1, Reason::Expected("a value")));
        assert_eq!(reason("[1,]"), (3, Reason::Expected("a value")));
        assert_eq!(reason("{1:2}"), (1, Reason::Expected("a member name")));
        assert_eq!(reason("nul"), (0, Reason::Expected("null")));
        assert_eq!(reason(""), (0, Reason::Expected("a value")));
        assert_eq!(reason("\"abc"), (4, Reason::Expected("the end of the string")));
        assert_eq!(check(b"\"\xff\"").unwrap_err(), Error { offset: 1, reason: Reason::NotUtf8 });
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(check(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(reason(&nested(MAX_DEPTH + 1)), (MAX_DEPTH, Reason::TooDeep));
        assert_eq!(reason(&"[".repeat(1_000_000)).1, Reason::TooDeep);
    }

    #[test]
    fn what_ends_a_run_of_plain_bytes_is_seen_at_every_place() {
        for at in 0..40 {
            for end in 0..=0xff_u8 {
                // beyond ASCII it is a letter of two bytes
                let letter = char::from(end);
                let text = format!("\"{}{letter}{}\"", "a".repeat(at), "~\u{7f}".repeat(10));
                let place = 1 + at;
                match (end, check(text.as_bytes())) {
                    (0..0x20, wrong) => {
                        let reason = Reason::ControlCharacter;
                        assert_eq!(wrong, Err(Error { offset: place, reason }));
                    }
                    (b'"', wrong) => {
                        let reason = Reason::Trailing;
                        assert_eq!(wrong, Err(Error { offset: place + 1, reason }));
                    }
                    (b'\\', wrong) => {
                        let reason = Reason::Expected("an escape");
                        assert_eq!(wrong, Err(Error { offset: place, reason }));
                    }
                    (_, right) => assert_eq!(right, Ok(()), "{end:#x} at {place}"),
                }
            }
        }
    }

    proptest! {
        /// What serde_json writes is taken; what it cannot read is refused.
        #[test]
        fn agrees_with_serde_json_on_what_is_json(text in r#"[\[\]{}",:0-9a-e\\. -]{0,20}"#) {
            if check(text.as_bytes()).is_ok() {
                prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{}", text);
            }
        }
    }
}
