//! The grammar of JSON (RFC 8259), walked once over the received bytes without building anything.
//!
//! Each rule is told where in the text it begins and tells where it ends.

use super::members::{Kind, Member, Name, Place, Seen};
use super::{Error, MAX_DEPTH, Reason};

/// Walks a text that is valid UTF-8.
#[derive(Clone, Copy)]
pub(super) struct Scanner<'t> {
    whole: &'t str,
    text: &'t [u8],
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Scanner<'t> {
        Scanner { whole: text, text: text.as_bytes() }
    }

    /// The members of one object and nothing behind it; an error at offset 0 for another value.
    #[inline(always)]
    pub(super) fn members(self) -> Result<Vec<Member>, Error> {
        let start = self.blanks(0);
        if !self.is(start, b'{') {
            self.whole()?;
            return fail(0, Reason::Expected("an object"));
        }
        let (end, members) = self.object(start, 1)?;
        self.end(end)?;
        Ok(members)
    }

    /// One value and nothing behind it.
    pub(super) fn whole(self) -> Result<(), Error> {
        let (end, _) = self.value(self.blanks(0), 0)?;
        self.end(end)
    }

    fn end(self, at: usize) -> Result<(), Error> {
        let at = self.blanks(at);
        if at < self.text.len() { fail(at, Reason::Trailing) } else { Ok(()) }
    }

    /// RFC 8259 §3
    #[inline(always)]
    fn value(self, at: usize, depth: usize) -> Result<(usize, Kind), Error> {
        match self.peek(at) {
            Some(b'"') => {
                let (end, resolved) = self.string(at)?;
                let kind = if resolved.is_none() { Kind::PlainString } else { Kind::EscapedString };
                Ok((end, kind))
            }
            Some(b'-' | b'0'..=b'9') => self.number(at),
            Some(b'{' | b'[') if depth == MAX_DEPTH => fail(at, Reason::TooDeep),
            Some(b'{') => self.object(at, depth + 1).map(|(end, _)| (end, Kind::Other)),
            Some(b'[') => self.array(at, depth + 1).map(|end| (end, Kind::Other)),
            Some(b't') => self.word(at, "true"),
            Some(b'f') => self.word(at, "false"),
            Some(b'n') => self.word(at, "null"),
            _ => fail(at, Reason::Expected("a value")),
        }
    }

    /// RFC 8259 §4, with names unique as RFC 7515 §4 and RFC 7519 §4 demand.
    fn object(self, at: usize, depth: usize) -> Result<(usize, Vec<Member>), Error> {
        let mut seen = Seen::new(self.whole);
        let mut at = self.blanks(at + 1);
        if self.is(at, b'}') {
            return Ok((at + 1, seen.list));
        }
        loop {
            if !self.is(at, b'"') {
                return fail(at, Reason::Expected("a member name"));
            }
            let (end, name) = self.name(at)?;
            if seen.contains(&name) {
                return fail(at, Reason::Duplicate(name.of(self.whole).to_owned()));
            }
            let colon = self.blanks(end);
            if !self.is(colon, b':') {
                return fail(colon, Reason::Expected("':'"));
            }
            let start = self.blanks(colon + 1);
            let (end, kind) = self.value(start, depth)?;
            let value = match kind {
                Kind::PlainString => Place { start: start + 1, end: end - 1 },
                _ => Place { start, end },
            };
            seen.push(Member { name, value, kind });
            at = self.blanks(end);
            match self.peek(at) {
                Some(b',') => at = self.blanks(at + 1),
                Some(b'}') => return Ok((at + 1, seen.list)),
                _ => return fail(at, Reason::Expected("',' or '}'")),
            }
        }
    }

    /// The name of a member.
    #[inline(always)]
    fn name(self, at: usize) -> Result<(usize, Name), Error> {
        let (end, resolved) = self.string(at)?;
        let name = match resolved {
            None => Name::plain(Place { start: at + 1, end: end - 1 }, self.text),
            Some(name) => Name::resolved(name),
        };
        Ok((end, name))
    }

    /// RFC 8259 §5
    fn array(self, at: usize, depth: usize) -> Result<usize, Error> {
        let mut at = self.blanks(at + 1);
        if self.is(at, b']') {
            return Ok(at + 1);
        }
        loop {
            let (end, _) = self.value(at, depth)?;
            at = self.blanks(end);
            match self.peek(at) {
                Some(b',') => at = self.blanks(at + 1),
                Some(b']') => return Ok(at + 1),
                _ => return fail(at, Reason::Expected("',' or ']'")),
            }
        }
    }

    /// RFC 8259 §7. Where it has escapes, what they resolve to: `"a"` and `"\u0061"` are one name.
    #[inline(always)]
    fn string(self, at: usize) -> Result<(usize, Option<String>), Error> {
        let end = self.plain(at + 1);
        if self.is(end, b'"') {
            return Ok((end + 1, None));
        }
        let (end, resolved) = self.escaped(at + 1, end)?;
        Ok((end, Some(resolved)))
    }

    /// A string that begins plainly, from `start` to `end`, and goes on otherwise.
    #[cold]
    fn escaped(self, mut start: usize, mut end: usize) -> Result<(usize, String), Error> {
        let mut string = String::new();
        loop {
            string += Place { start, end }.of(self.whole);
            match self.peek(end) {
                Some(b'"') => return Ok((end + 1, string)),
                Some(b'\\') => {
                    let (behind, letter) = self.escape(end)?;
                    string.push(letter);
                    start = behind;
                }
                Some(_) => return fail(end, Reason::ControlCharacter),
                None => return fail(end, Reason::Expected("the end of the string")),
            }
            end = self.plain(start);
        }
    }

    /// Past what stands for itself in a string: at a quotation mark, a backslash or a control character.
    #[inline(always)]
    fn plain(self, at: usize) -> usize {
        let mut rest = &self.text[at..];
        while let Some((eight, behind)) = rest.split_first_chunk::<8>() {
            let special = special(u64::from_le_bytes(*eight));
            if special != 0 {
                return self.text.len() - rest.len() + special.trailing_zeros() as usize / 8;
            }
            rest = behind;
        }
        let is_plain = |&&byte: &&u8| byte != b'"' && byte != b'\\' && byte >= 0x20;
        let plain = rest.iter().take_while(is_plain).count();
        self.text.len() - rest.len() + plain
    }

    fn escape(self, start: usize) -> Result<(usize, char), Error> {
        let at = start + 2;
        Ok(match self.peek(start + 1) {
            Some(letter @ (b'"' | b'\\' | b'/')) => (at, char::from(letter)),
            Some(b'b') => (at, '\u{8}'),
            Some(b'f') => (at, '\u{c}'),
            Some(b'n') => (at, '\n'),
            Some(b'r') => (at, '\r'),
            Some(b't') => (at, '\t'),
            Some(b'u') => return self.surrogates(start),
            Some(_) => return fail(start, Reason::Expected("an escape")),
            None => return fail(start + 1, Reason::Expected("an escape")),
        })
    }

    /// `\u` and four digits, twice for a character beyond the basic plane.
    fn surrogates(self, start: usize) -> Result<(usize, char), Error> {
        let lone = || Error { offset: start, reason: Reason::LoneSurrogate };
        let (mut at, mut code) = self.four_hex_digits(start + 2)?;
        if let 0xd800..0xdc00 = code {
            if !(self.is(at, b'\\') && self.is(at + 1, b'u')) {
                return Err(lone());
            }
            let low;
            (at, low) = self.four_hex_digits(at + 2)?;
            let 0xdc00..0xe000 = low else { return Err(lone()) };
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        Ok((at, char::from_u32(code).ok_or_else(lone)?))
    }

    fn four_hex_digits(self, at: usize) -> Result<(usize, u32), Error> {
        let end = at + 4;
        let code = (at..end).try_fold(0, |code, at| {
            let digit = self.peek(at).and_then(|byte| char::from(byte).to_digit(16));
            digit.map_or_else(
                || fail(at, Reason::Expected("a hex digit")),
                |digit| Ok(code << 4 | digit),
            )
        })?;
        Ok((end, code))
    }

    /// RFC 8259 §6
    fn number(self, start: usize) -> Result<(usize, Kind), Error> {
        let first = start + usize::from(self.is(start, b'-'));
        let (mut end, says) =
            if self.is(first, b'0') { (first + 1, 0) } else { self.digits(first)? };
        let mut whole = first == start && end - start <= DIGITS_OF_A_WORD;
        if self.is(end, b'.') {
            (end, _) = self.digits(end + 1)?;
            whole = false;
        }
        if self.is(end, b'e') || self.is(end, b'E') {
            let sign = self.is(end + 1, b'+') || self.is(end + 1, b'-');
            (end, _) = self.digits(end + 1 + usize::from(sign))?;
        } else if whole {
            return Ok((end, Kind::Digits(says)));
        } else if end - start < DIGITS_OF_A_DOUBLE {
            return Ok((end, Kind::Number));
        }
        match (Place { start, end }).of(self.whole).parse::<f64>() {
            Ok(number) if number.is_finite() => Ok((end, Kind::Number)),
            _ => fail(start, Reason::NotFinite),
        }
    }

    /// One digit or more, and what they say modulo 2⁶⁴.
    fn digits(self, start: usize) -> Result<(usize, u64), Error> {
        let (mut at, mut says) = (start, 0_u64);
        while let Some(digit @ b'0'..=b'9') = self.peek(at) {
            says = says.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            at += 1;
        }
        if at == start { fail(at, Reason::Expected("a digit")) } else { Ok((at, says)) }
    }

    fn word(self, at: usize, word: &'static str) -> Result<(usize, Kind), Error> {
        let end = at + word.len();
        match self.text.get(at..end) {
            Some(there) if there == word.as_bytes() => Ok((end, Kind::Other)),
            _ => fail(at, Reason::Expected(word)),
        }
    }

    /// Past blanks, if there are any.
    #[inline(always)]
    fn blanks(self, mut at: usize) -> usize {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek(at) {
            at += 1;
        }
        at
    }

    #[inline(always)]
    fn peek(self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    #[inline(always)]
    fn is(self, at: usize, byte: u8) -> bool {
        self.peek(at) == Some(byte)
    }
}

#[cold]
fn fail<T>(offset: usize, reason: Reason) -> Result<T, Error> {
    Err(Error { offset, reason })
}

/// The top bit of the first of eight bytes that is not plain, the first byte lowest; bits above that say nothing.
#[inline(always)]
fn special(eight: u64) -> u64 {
    const EACH: u64 = u64::from_ne_bytes([1; 8]);
    // the top bit of each byte that is below a limit, if it is ASCII; a borrow makes more of them, but only
    // above the first
    let below = |bytes: u64, limit: u64| bytes.wrapping_sub(EACH * limit);
    let turned = |byte: u8| eight ^ (EACH * u64::from(byte));
    // 0x22, the quotation mark, becomes 0x20; what is below 0x20 stays there
    (below(turned(0x02), 0x21) | below(turned(b'\\'), 1)) & !eight & (EACH << 7)
}

/// So many digits are a number of 64 bits.
const DIGITS_OF_A_WORD: usize = 19;

/// Fewer digits than this are a finite number, if no exponent follows: 10³⁰⁷ is.
const DIGITS_OF_A_DOUBLE: usize = 308;
