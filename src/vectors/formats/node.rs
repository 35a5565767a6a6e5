//! A value in a JSON file, with the path that leads to it: what is missing or of a wrong type is named.

use super::ReadError;
use crate::jose::json::{bounded, type_name};
use core::fmt;
use num_bigint::{BigInt, BigUint, Sign};
use serde_json::{Map, Value};

/// A path such as `testGroups[3].tests[17].sig`.
#[derive(Clone, Debug, Default)]
pub(super) struct JsonPath(String);

impl JsonPath {
    pub(super) fn root() -> JsonPath {
        JsonPath::default()
    }

    pub(super) fn key(&self, name: &str) -> JsonPath {
        let dot = if self.0.is_empty() { "" } else { "." };
        JsonPath(format!("{}{dot}{name}", self.0))
    }

    fn index(&self, index: usize) -> JsonPath {
        JsonPath(format!("{}[{index}]", self.0))
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A value, where it stands, and in which file.
#[derive(Clone)]
pub(super) struct Node<'v> {
    file: &'v str,
    path: JsonPath,
    pub(super) value: &'v Value,
}

impl<'v> Node<'v> {
    pub(super) fn new(file: &'v str, path: JsonPath, value: &'v Value) -> Node<'v> {
        Node { file, path, value }
    }

    /// An error at this place.
    pub(super) fn fault(&self, what: impl Into<String>) -> ReadError {
        ReadError::new(self.file, &self.path, what)
    }

    fn expected(&self, what: &str) -> ReadError {
        self.fault(format!("{what} is expected, this is {}", type_name(self.value)))
    }

    /// A member that must be there.
    pub(super) fn get(&self, name: &str) -> Result<Node<'v>, ReadError> {
        self.find(name)?.ok_or_else(|| self.fault(format!("\"{name}\" is missing")))
    }

    /// A member that may be there.
    pub(super) fn find(&self, name: &str) -> Result<Option<Node<'v>>, ReadError> {
        let members = self.members()?;
        let node = |value| Node { file: self.file, path: self.path.key(name), value };
        Ok(members.get(name).map(node))
    }

    pub(super) fn members(&self) -> Result<&'v Map<String, Value>, ReadError> {
        self.value.as_object().ok_or_else(|| self.expected("an object"))
    }

    pub(super) fn items(&self) -> Result<impl Iterator<Item = Node<'v>>, ReadError> {
        let items = self.value.as_array().ok_or_else(|| self.expected("an array"))?;
        let (file, path) = (self.file, self.path.clone());
        Ok(items.iter().enumerate().map(move |(i, value)| Node {
            file,
            path: path.index(i),
            value,
        }))
    }

    pub(super) fn text(&self) -> Result<&'v str, ReadError> {
        self.value.as_str().ok_or_else(|| self.expected("a string"))
    }

    pub(super) fn truth(&self) -> Result<bool, ReadError> {
        self.value.as_bool().ok_or_else(|| self.expected("true or false"))
    }

    /// A number that is not negative; some suites write it as a string.
    pub(super) fn number(&self) -> Result<u64, ReadError> {
        let number = match self.value {
            Value::String(text) => text.parse().ok(),
            value => value.as_u64(),
        };
        number.ok_or_else(|| self.expected("a whole number"))
    }

    /// The name of a case: a number or a string.
    pub(super) fn name(&self) -> Result<String, ReadError> {
        match self.value {
            Value::String(text) => Ok(text.clone()),
            Value::Number(number) => Ok(number.to_string()),
            _ => Err(self.expected("a number or a string")),
        }
    }

    /// Bytes in hex, of either case; may be empty.
    pub(super) fn hex(&self) -> Result<Vec<u8>, ReadError> {
        let text = self.text()?;
        hex::decode(text).map_err(|error| self.fault(format!("hex: {error}")))
    }

    /// A non-negative integer in hex, most significant digit first; an odd number of digits is taken.
    pub(super) fn unsigned(&self) -> Result<BigUint, ReadError> {
        let digits = self.text()?.as_bytes();
        integer(digits).ok_or_else(|| self.fault("an integer in hex is expected"))
    }

    /// An integer in hex, two's complement: a first digit of 8 or more makes it negative.
    pub(super) fn signed(&self) -> Result<BigInt, ReadError> {
        Ok(BigInt::from_signed_bytes_be(&self.hex()?))
    }

    /// The same where it must not be negative, such as a modulus.
    pub(super) fn positive(&self) -> Result<BigUint, ReadError> {
        let number = self.signed()?;
        if number.sign() == Sign::Minus {
            return Err(self.fault("a negative integer (two's complement: 00 is missing in front)"));
        }
        Ok(number.magnitude().clone())
    }

    /// Strings of an array; none if it is not there.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, ReadError> {
        match self.find(name)? {
            None => Ok(vec![]),
            Some(array) => array.items()?.map(|item| item.text().map(str::to_owned)).collect(),
        }
    }

    /// A string that may be absent.
    pub(super) fn text_or_empty(&self, name: &str) -> Result<String, ReadError> {
        match self.find(name)? {
            None => Ok(String::new()),
            Some(text) => text.text().map(str::to_owned),
        }
    }

    /// A value in words, short enough to be shown.
    pub(super) fn shown(&self) -> String {
        bounded(&self.value.to_string())
    }
}

/// An integer in hex of any number of digits, and nothing but digits.
pub(super) fn integer(digits: &[u8]) -> Option<BigUint> {
    // num-bigint takes signs and underscores as well
    let is_hex = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    BigUint::parse_bytes(digits, 16).filter(|_| is_hex)
}
