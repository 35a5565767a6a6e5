//! A strict look at JSON before serde sees it (RFC 8259, RFC 7493).
//!
//! serde_json takes the last of two members of one name, and a typed struct does not see members it has no
//! field for. Two readers of one token then disagree, which is how checks are bypassed. So every text is
//! first walked once, as received: duplicate names at any depth, a byte order mark, text behind the value,
//! lone surrogates, numbers that are not finite, and nesting deeper than [`MAX_DEPTH`] are refused, with
//! the offset.

mod error;
mod members;
mod object;
mod read;
mod scanner;

pub use error::{Error, Reason};
pub use object::{Members, Raw};

use scanner::Scanner;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

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
