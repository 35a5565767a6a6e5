//! The grammar of JSON (RFC 8259), walked once over the received bytes without building anything.

use super::members::{Member, Name, Seen};
use super::{Error, Kind, MAX_DEPTH, Raw, Reason};
use std::borrow::Cow;

/// Walks a text that is valid UTF-8.
pub(super) struct Scanner<'t> {
    whole: &'t str,
    text: &'t [u8],
    at: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Scanner<'t> {
        Scanner { whole: text, text: text.as_bytes(), at: 0 }
    }

    /// The members of one object and nothing behind it; an error at offset 0 for another value.
    pub(super) fn members(mut self) -> Result<Vec<Member<'t>>, Error> {
        self.blanks();
        if self.peek() != Some(b'{') {
            self.whole()?;
            return Err(Error { offset: 0, reason: Reason::Expected("an object") });
        }
        let members = self.object(1)?;
        self.end()?;
        Ok(members)
    }

    /// One value and nothing behind it.
    pub(super) fn whole(mut self) -> Result<(), Error> {
        self.blanks();
        let _kind = self.value(0)?;
        self.end()
    }

    fn end(&mut self) -> Result<(), Error> {
        self.blanks();
        if self.at < self.text.len() { self.fail(Reason::Trailing) } else { Ok(()) }
    }

    /// RFC 8259 §3; it begins here.
    #[inline(always)]
    fn value(&mut self, depth: usize) -> Result<Kind, Error> {
        match self.peek() {
            Some(b'{' | b'[') if depth == MAX_DEPTH => self.fail(Reason::TooDeep),
            Some(b'{') => self.object(depth + 1).map(|_| Kind::Other),
            Some(b'[') => self.array(depth + 1).map(|()| Kind::Other),
            Some(b'"') => Ok(match self.string()? {
                Cow::Borrowed(_) => Kind::PlainString,
                Cow::Owned(_) => Kind::EscapedString,
            }),
            Some(b'-' | b'0'..=b'9') => self.number().map(|()| Kind::Number),
            Some(b't') => self.word("true"),
            Some(b'f') => self.word("false"),
            Some(b'n') => self.word("null"),
            _ => self.fail(Reason::Expected("a value")),
        }
    }

    /// RFC 8259 §4, with names unique as RFC 7515 §4 and RFC 7519 §4 demand.
    fn object(&mut self, depth: usize) -> Result<Vec<Member<'t>>, Error> {
        let mut seen = Seen::new();
        self.at += 1;
        self.blanks();
        if self.take(b'}') {
            return Ok(seen.list);
        }
        loop {
            let start = self.at;
            if self.peek() != Some(b'"') {
                return self.fail(Reason::Expected("a member name"));
            }
            let name = Name::new(self.string()?);
            if seen.contains(&name) {
                let reason = Reason::Duplicate(name.text.into_owned());
                return Err(Error { offset: start, reason });
            }
            self.blanks();
            if !self.take(b':') {
                return self.fail(Reason::Expected("':'"));
            }
            self.blanks();
            let value = self.at;
            let kind = self.value(depth)?;
            seen.push(name, Raw { text: self.since(value), kind });
            self.blanks();
            if self.take(b'}') {
                return Ok(seen.list);
            }
            if !self.take(b',') {
                return self.fail(Reason::Expected("',' or '}'"));
            }
            self.blanks();
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
            let _kind = self.value(depth)?;
            self.blanks();
            if self.take(b']') {
                return Ok(());
            }
            if !self.take(b',') {
                return self.fail(Reason::Expected("',' or ']'"));
            }
            self.blanks();
        }
    }

    /// RFC 8259 §7; the string with its escapes resolved, so that `"a"` and `"\u0061"` are one name.
    #[inline(always)]
    fn string(&mut self) -> Result<Cow<'t, str>, Error> {
        self.at += 1;
        let plain = self.plain();
        if self.take(b'"') { Ok(Cow::Borrowed(plain)) } else { self.escaped(plain).map(Cow::Owned) }
    }

    /// A string that begins plainly and goes on otherwise.
    #[cold]
    fn escaped(&mut self, plain: &str) -> Result<String, Error> {
        let mut string = plain.to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                Some(_) => return self.fail(Reason::ControlCharacter),
                None => return self.fail(Reason::Expected("the end of the string")),
            }
            string += self.plain();
        }
    }

    /// What stands for itself in a string, up to a quotation mark, a backslash or a control character.
    #[inline(always)]
    fn plain(&mut self) -> &'t str {
        let start = self.at;
        let mut rest = &self.text[start..];
        while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
            let plain = plain_bytes(u64::from_le_bytes(*eight));
            if plain < 8 {
                rest = &rest[plain..];
                self.at = self.text.len() - rest.len();
                return self.since(start);
            }
            rest = behind;
        }
        let plain = rest.iter().take_while(|&&byte| is_plain(byte)).count();
        self.at = self.text.len() - rest.len() + plain;
        self.since(start)
    }

    /// The text from an offset to here; both lie at ASCII, and so between characters.
    fn since(&self, start: usize) -> &'t str {
        self.whole.get(start..self.at).unwrap_or_default()
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
        } else if self.at - start < DIGITS_OF_A_DOUBLE {
            return Ok(());
        }
        match self.since(start).parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(()),
            _ => Err(Error { offset: start, reason: Reason::NotFinite }),
        }
    }

    fn digits(&mut self) -> Result<(), Error> {
        let count = self.text[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { self.fail(Reason::Expected("a digit")) } else { Ok(()) }
    }

    fn word(&mut self, word: &'static str) -> Result<Kind, Error> {
        if self.text[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(Kind::Other);
        }
        self.fail(Reason::Expected(word))
    }

    #[inline]
    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline]
    fn take(&mut self, byte: u8) -> bool {
        if self.peek() == Some(byte) {
            self.at += 1;
            return true;
        }
        false
    }

    #[cold]
    fn fail<T>(&self, reason: Reason) -> Result<T, Error> {
        Err(Error { offset: self.at, reason })
    }
}

/// Whether a byte stands for itself in a string (RFC 8259 §7).
fn is_plain(byte: u8) -> bool {
    byte != b'"' && byte != b'\\' && byte >= 0x20
}

/// How many of eight bytes, the first of them lowest, are plain before the first that is not.
fn plain_bytes(eight: u64) -> usize {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    // the top bit of each byte that is below a limit, if it is ASCII; a borrow makes more of them, but only
    // above the first
    let below = |bytes: u64, limit: u64| bytes.wrapping_sub(EACH * limit);
    let is = |byte: u8| below(eight ^ (EACH * u64::from(byte)), 1);
    let special = (is(b'"') | is(b'\\') | below(eight, 0x20)) & !eight & (EACH << 7);
    special.trailing_zeros() as usize / 8
}

/// Fewer digits than this are a finite number, if no exponent follows: 10³⁰⁷ is.
const DIGITS_OF_A_DOUBLE: usize = 308;
