//! The values that go into a step and come out of it.

use num_bigint::BigUint;
use std::borrow::Cow;

/// A value with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// In the letters of the standard.
    pub name: Cow<'static, str>,
    /// What it is.
    pub data: Data,
    /// Whether it may be shown without being asked for.
    pub secrecy: Secrecy,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// A byte string.
    Bytes(Vec<u8>),
    /// A word, most significant byte first.
    Word(Vec<u8>),
    /// Text, as somebody wrote it.
    Text(String),
    /// A whole number.
    Number(BigUint),
}

/// Whether a value gives away what only its owner may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// Anybody may see it.
    Public,
    /// As good as the key: masked unless asked for.
    Secret,
}

impl Value {
    fn new(name: impl Into<Cow<'static, str>>, data: Data) -> Value {
        Value { name: name.into(), data, secrecy: Secrecy::Public }
    }

    /// A byte string.
    pub fn bytes(name: impl Into<Cow<'static, str>>, bytes: impl Into<Vec<u8>>) -> Value {
        Value::new(name, Data::Bytes(bytes.into()))
    }

    /// A word, most significant byte first.
    pub fn word(name: impl Into<Cow<'static, str>>, bytes: impl Into<Vec<u8>>) -> Value {
        Value::new(name, Data::Word(bytes.into()))
    }

    /// Text.
    pub fn text(name: impl Into<Cow<'static, str>>, text: impl Into<String>) -> Value {
        Value::new(name, Data::Text(text.into()))
    }

    /// The begin of a text, at most so many characters, with a sign that there is more.
    pub fn begin_of(name: impl Into<Cow<'static, str>>, text: &str, most: usize) -> Value {
        // escaped here, so that what a table counts is what it shows
        let mut begin: String = text.chars().flat_map(char::escape_debug).take(most).collect();
        if text.chars().flat_map(char::escape_debug).nth(most).is_some() {
            begin.pop();
            begin.push('…');
        }
        Value::text(name, begin)
    }

    /// A whole number.
    pub fn number(name: impl Into<Cow<'static, str>>, number: impl Into<BigUint>) -> Value {
        Value::new(name, Data::Number(number.into()))
    }

    /// The same as a secret.
    #[must_use]
    pub fn secret(mut self) -> Value {
        self.secrecy = Secrecy::Secret;
        self
    }
}

impl Data {
    /// Whether these are the bytes: a text's are its UTF-8.
    pub fn is(&self, bytes: &[u8]) -> bool {
        match self {
            Data::Bytes(own) | Data::Word(own) => own == bytes,
            Data::Text(text) => text.as_bytes() == bytes,
            Data::Number(number) => *number == BigUint::from_bytes_be(bytes),
        }
    }
}

impl Value {
    /// The bytes in lower-case hex; of a text its UTF-8, of a number its big-endian bytes.
    pub fn hex(&self) -> String {
        match &self.data {
            Data::Bytes(bytes) | Data::Word(bytes) => hex::encode(bytes),
            Data::Text(text) => hex::encode(text),
            Data::Number(number) => hex::encode(number.to_bytes_be()),
        }
    }
}
