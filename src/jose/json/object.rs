//! An object as it stands in a text that had its strict look: its members, found by name or read as a type.

use super::members::{Kind, Member};
use super::scanner::Scanner;
use super::{Error, read, read_text, type_name, valid};
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};
use std::borrow::Cow;

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
    pub(super) text: &'t str,
    pub(super) members: Vec<Member>,
}

impl<'t> Members<'t> {
    /// The strict look, which keeps where the members are.
    ///
    /// # Errors
    ///
    /// When the text is not strict JSON, or not an object.
    #[inline(always)]
    pub fn parse(text: &'t [u8]) -> Result<Members<'t>, Error> {
        let text = valid(text)?;
        Ok(Members { text, members: Scanner::new(text).members()? })
    }

    /// The value of a member.
    #[inline]
    pub fn get(&self, name: &str) -> Option<Raw<'_>> {
        let named = |member: &&Member| member.name.is(name, self.text);
        self.members.iter().find(named).map(|member| Raw { whole: self.text, member })
    }

    /// The values of some members, found in one walk.
    #[inline(always)]
    pub fn get_each<const N: usize>(&self, names: [&str; N]) -> [Option<Raw<'_>>; N] {
        let mut found = [None; N];
        for member in &self.members {
            for (name, found) in names.iter().zip(&mut found) {
                if member.name.is(name, self.text) {
                    *found = Some(Raw { whole: self.text, member });
                    break;
                }
            }
        }
        found
    }

    /// The whole object as a `T`.
    ///
    /// # Errors
    ///
    /// When it is none.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        match read::read(self) {
            Ok(read) => Ok(read),
            // where it is none, and why, the whole text tells
            Err(_) => read_text(self.text),
        }
    }
}

/// A value as it stands in a text that had its strict look.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'m> {
    pub(super) whole: &'m str,
    pub(super) member: &'m Member,
}

impl<'m> Raw<'m> {
    pub(super) fn kind(self) -> Kind {
        self.member.kind
    }

    /// It as it stands; of a plain string what stands between the quotation marks.
    #[inline]
    pub(super) fn stands(self) -> &'m str {
        self.member.value.of(self.whole)
    }

    /// The string that it is, escapes resolved.
    #[inline]
    pub fn text(self) -> Option<Cow<'m, str>> {
        match self.kind() {
            Kind::PlainString => Some(Cow::Borrowed(self.stands())),
            Kind::EscapedString => self.resolved().map(Cow::Owned),
            Kind::Digits(_) | Kind::Number | Kind::Other => None,
        }
    }

    /// The string that it is with escapes.
    #[cold]
    fn resolved(self) -> Option<String> {
        serde_json::from_str(self.stands()).ok()
    }

    /// The number that it is.
    pub fn number(self) -> Option<Number> {
        match self.kind() {
            Kind::Digits(says) => Some(says.into()),
            Kind::Number => match self.stands().parse::<i64>() {
                Ok(whole) => Some(whole.into()),
                Err(_) => serde_json::from_str(self.stands()).ok(),
            },
            Kind::PlainString | Kind::EscapedString | Kind::Other => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.kind() == Kind::Other && self.stands() == "null"
    }

    /// It as a value of its own.
    pub fn value(self) -> Value {
        match self.text() {
            Some(text) => Value::String(text.into_owned()),
            None => serde_json::from_str(self.stands()).unwrap_or_default(),
        }
    }

    /// What its type is called.
    pub(crate) fn type_name(self) -> &'static str {
        type_name(&self.value())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reason, check};
    use super::*;
    use proptest::prelude::*;
    use serde_json::Map;

    #[test]
    fn names_that_begin_alike_are_told_apart() {
        let text = br#"{"abcdefgh":1,"abcdefghi":2,"abcdefg":3,"abcdefg\u0000":4,"":5,"\u0000":6}"#;
        let members = Members::parse(text).unwrap();
        let names = ["abcdefgh", "abcdefghi", "abcdefg", "abcdefg\0", "", "\0", "abcdefgh\0", "a"];
        let says =
            |found: Option<Raw<'_>>| found.map(|raw| raw.number().unwrap().as_u64().unwrap());
        let expected = [Some(1), Some(2), Some(3), Some(4), Some(5), Some(6), None, None];
        assert_eq!(names.map(|name| says(members.get(name))), expected);
        assert_eq!(members.get_each(names).map(says), expected);
        let reason =
            |text: &str| check(text.as_bytes()).map_err(|error| (error.offset, error.reason));
        let duplicate = |name: &str| Reason::Duplicate(name.to_owned());
        assert_eq!(
            reason(r#"{"abcdefghi":1,"abcdefghj":1,"abcdefghi":2}"#),
            Err((29, duplicate("abcdefghi")))
        );
        let many: String = (0..40).map(|i| format!(r#""abcdefgh{i}":0,"#)).collect();
        let again = reason(&format!(r#"{{{many}"abcdefgh39":1}}"#)).unwrap_err();
        assert_eq!(again.1, duplicate("abcdefgh39"));
        assert!(check(format!(r#"{{{many}"abcdefgh40":1}}"#).as_bytes()).is_ok());
    }

    #[test]
    fn numbers_at_the_edge_of_a_word_are_what_serde_json_says() {
        for number in [
            "0",
            "1",
            "9999999999999999999",
            "10000000000000000000",
            "18446744073709551615",
            "18446744073709551616",
            "99999999999999999999",
            "-9223372036854775808",
            "-9223372036854775809",
            "1.0",
            "1e3",
        ] {
            let text = format!(r#"{{"n":{number}}}"#);
            let members = Members::parse(text.as_bytes()).unwrap();
            let judge: Map<String, Value> = serde_json::from_str(&text).unwrap();
            assert_eq!(members.get("n").unwrap().number().as_ref(), judge["n"].as_number());
            assert_eq!(members.read::<Map<String, Value>>().unwrap(), judge, "{number}");
        }
    }

    /// A string as it is written for the most part, or by its code points.
    fn spelled(text: &str, by_code: bool) -> String {
        if by_code {
            let code = |unit: u16| format!("\\u{unit:04x}");
            format!("\"{}\"", text.encode_utf16().map(code).collect::<String>())
        } else {
            Value::from(text).to_string()
        }
    }

    /// An object's text, its names different, spelled one way or the other.
    fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
        let member = (any::<bool>(), value);
        prop::collection::btree_map("[a-c\\x00é😀]{0,10}", member, 0..20).prop_map(|members| {
            let member = |(name, (by_code, value))| format!("{} :{value}", spelled(name, by_code));
            let members = members.iter().map(|(name, rest)| (name.as_str(), rest.clone()));
            format!(" {{{}}}", members.map(member).collect::<Vec<_>>().join(", "))
        })
    }

    /// Values of any shape, numbers of any spelling.
    fn value() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            (any::<String>(), any::<bool>()).prop_map(|(text, by_code)| spelled(&text, by_code)),
            "-?(0|[1-9][0-9]{0,22})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,2})?",
            "0|[1-9][0-9]{0,20}",
            "true|false|null",
        ];
        leaf.prop_recursive(3, 30, 6, |inner| {
            let array = prop::collection::vec(inner.clone(), 0..4);
            let array = array.prop_map(|all| format!("[{}]", all.join(", ")));
            prop_oneof![array, object(inner)]
        })
    }

    proptest! {
        /// By its names and as a whole.
        #[test]
        fn an_object_is_read_as_serde_json_reads_it(text in object(value())) {
            let members = Members::parse(text.as_bytes()).unwrap();
            let judge: Map<String, Value> = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&members.read::<Map<String, Value>>().unwrap(), &judge);
            for (name, value) in &judge {
                let found = members.get(name).unwrap();
                prop_assert_eq!(&found.value(), value);
                let says = found.text();
                prop_assert_eq!(says.as_deref(), value.as_str());
                prop_assert_eq!(found.is_null(), value.is_null());
                if let Some(whole) = value.as_u64() {
                    prop_assert_eq!(found.number().and_then(|number| number.as_u64()), Some(whole));
                }
            }
        }
    }
}
