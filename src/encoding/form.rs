//! `application/x-www-form-urlencoded`, strictly read: the names and values of a query or of a sent form
//! (WHATWG URL §5.1, which RFC 6749 appendix B refers to under its older name).
//!
//! What is not UTF-8, or stands there twice, is refused with its offset instead of being guessed at.

use core::fmt;

/// The fields of `a=1&b=2` in their order, each name once, at most `most` of them.
///
/// ```
/// use jotlab::encoding::form;
///
/// let fields = form::read(b"name=a+b&password=%C3%A9", 8).unwrap();
/// assert_eq!(fields[0], ("name".to_owned(), "a b".to_owned()));
/// assert_eq!(fields[1].1, "é");
/// assert_eq!(form::read(b"a=1&a=2", 8).unwrap_err().offset, 4);
/// ```
///
/// # Errors
///
/// When a `%` has no two hex digits behind it, a name or value is not UTF-8, a name stands there twice, or
/// there are more than `most` fields.
pub fn read(text: &[u8], most: usize) -> Result<Vec<(String, String)>, Error> {
    let mut fields: Vec<(String, String)> = vec![];
    let mut offset = 0;
    for pair in text.split(|&byte| byte == b'&') {
        let (name, value) = match pair.iter().position(|&byte| byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &pair[pair.len()..]),
        };
        if !pair.is_empty() {
            let name = decode(name, offset)?;
            let value = decode(value, offset + pair.len() - value.len())?;
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(Error { offset, reason: Reason::Repeated });
            }
            fields.push((name, value));
        }
        if fields.len() > most {
            return Err(Error { offset, reason: Reason::TooMany });
        }
        offset += pair.len() + 1;
    }
    Ok(fields)
}

/// Undoes `+` and `%41`. `offset` is where the text begins.
fn decode(text: &[u8], offset: usize) -> Result<String, Error> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let (byte, length) = match byte {
            b'+' => (b' ', 1),
            b'%' => {
                let digits = text.get(at + 1..at + 3).and_then(|digits| hex::decode(digits).ok());
                let byte = digits.and_then(|bytes| bytes.first().copied());
                let wrong = Error { offset: offset + at, reason: Reason::NoHex };
                (byte.ok_or(wrong)?, 3)
            }
            byte => (byte, 1),
        };
        bytes.push(byte);
        at += length;
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Error { offset, reason: Reason::NotUtf8(at) }
    })
}

/// Why a text is no form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// Bytes from the start of the text.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong at an offset of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// `%` without two hex digits.
    NoHex,
    /// The name or value that begins here is not UTF-8 from this byte of what it stands for on.
    NotUtf8(usize),
    /// A name that stands there already.
    Repeated,
    /// More fields than are taken.
    TooMany,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NoHex => f.write_str("% without two hex digits"),
            Reason::NotUtf8(at) => write!(f, "a value that is not UTF-8 from its byte {at} on"),
            Reason::Repeated => f.write_str("a field that stands there already"),
            Reason::TooMany => f.write_str("more fields than any form here has"),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at offset {}: {}", self.offset, self.reason)
    }
}

impl core::error::Error for Error {}
