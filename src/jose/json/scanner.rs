//! The grammar of JSON (RFC 8259), walked once over the received bytes without building anything.

use super::{Error, MAX_DEPTH, Reason};
use std::collections::HashSet;

/// Walks a text that is valid UTF-8.
pub(super) struct Scanner<'t> {
    text: &'t [u8],
    at: usize,
}

impl Scanner<'_> {
    pub(super) fn new(text: &[u8]) -> Scanner<'_> {
        Scanner { text, at: 0 }
    }

    /// One value and nothing behind it.
    pub(super) fn whole(mut self) -> Result<(), Error> {
        self.value(0)?;
        self.blanks();
        if self.at < self.text.len() { self.fail(Reason::Trailing) } else { Ok(()) }
    }

    /// RFC 8259 §3
    fn value(&mut self, depth: usize) -> Result<(), Error> {
        self.blanks();
        match self.peek() {
            Some(b'{' | b'[') if depth == MAX_DEPTH => self.fail(Reason::TooDeep),
            Some(b'{') => self.object(depth + 1),
            Some(b'[') => self.array(depth + 1),
            Some(b'"') => self.string().map(|_| ()),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => self.fail(Reason::Expected("a value")),
        }
    }

    /// RFC 8259 §4, with names unique as RFC 7515 §4 and RFC 7519 §4 demand.
    fn object(&mut self, depth: usize) -> Result<(), Error> {
        let mut names = HashSet::new();
        self.at += 1;
        self.blanks();
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return self.fail(Reason::Expected("a member name"));
            }
            let name = self.string()?;
            if let Some(duplicate) = names.replace(name) {
                return Err(Error { offset: start, reason: Reason::Duplicate(duplicate) });
            }
            self.blanks();
            if !self.take(b':') {
                return self.fail(Reason::Expected("':'"));
            }
            self.value(depth)?;
            self.blanks();
            if self.take(b'}') {
                return Ok(());
            }
            if !self.take(b',') {
                return self.fail(Reason::Expected("',' or '}'"));
            }
        }
    }

    /// RFC 8259 §5
    fn array(&mut self, depth: usize) -> Result<(), Error> {
        self.at += 1;
        self.blanks();
        if self.take(b']') {
            return Ok(());
        }
        loop {
            self.value(depth)?;
            self.blanks();
            if self.take(b']') {
                return Ok(());
            }
            if !self.take(b',') {
                return self.fail(Reason::Expected("',' or ']'"));
            }
        }
    }

    /// RFC 8259 §7; the string with its escapes resolved, so that `"a"` and `"\u0061"` are one name.
    fn string(&mut self) -> Result<String, Error> {
        self.at += 1;
        let mut bytes = vec![];
        loop {
            let run = &self.text[self.at..];
            let plain = run.iter().take_while(|&&b| b != b'"' && b != b'\\' && b >= 0x20).count();
            bytes.extend_from_slice(&run[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    // pieces of valid UTF-8, cut at ASCII
                    return Ok(String::from_utf8_lossy(&bytes).into_owned());
                }
                Some(b'\\') => {
                    let c = self.escape()?;
                    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                }
                Some(_) => return self.fail(Reason::ControlCharacter),
                None => return self.fail(Reason::Expected("the end of the string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Error> {
        let start = self.at;
        self.at += 1;
        let Some(letter) = self.peek() else { return self.fail(Reason::Expected("an escape")) };
        self.at += 1;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let lone = Error { offset: start, reason: Reason::LoneSurrogate };
                let first = self.four_hex_digits()?;
                let code = match first {
                    0xd800..0xdc00 => {
                        if !(self.take(b'\\') && self.take(b'u')) {
                            return Err(lone);
                        }
                        match self.four_hex_digits()? {
                            low @ 0xdc00..0xe000 => {
                                0x10000 + ((first - 0xd800) << 10) + (low - 0xdc00)
                            }
                            _ => return Err(lone),
                        }
                    }
                    code => code,
                };
                char::from_u32(code).ok_or(lone)?
            }
            _ => return Err(Error { offset: start, reason: Reason::Expected("an escape") }),
        })
    }

    fn four_hex_digits(&mut self) -> Result<u32, Error> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else { return self.fail(Reason::Expected("a hex digit")) };
            code = code << 4 | digit;
            self.at += 1;
        }
        Ok(code)
    }

    /// RFC 8259 §6
    fn number(&mut self) -> Result<(), Error> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        let number = core::str::from_utf8(&self.text[start..self.at]);
        match number.map(str::parse::<f64>) {
            Ok(Ok(number)) if number.is_finite() => Ok(()),
            _ => Err(Error { offset: start, reason: Reason::NotFinite }),
        }
    }

    fn digits(&mut self) -> Result<(), Error> {
        let count = self.text[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { self.fail(Reason::Expected("a digit")) } else { Ok(()) }
    }

    fn word(&mut self, word: &'static str) -> Result<(), Error> {
        if self.text[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        self.fail(Reason::Expected(word))
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn fail<T>(&self, reason: Reason) -> Result<T, Error> {
        Err(Error { offset: self.at, reason })
    }
}
