//! From front to back, element by element.

use super::{Error, Reason, Tag};
use num_bigint::BigUint;

/// Reads elements from front to back.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    /// Offset of `rest` in the whole input.
    offset: usize,
}

impl<'a> Reader<'a> {
    /// Reads a whole input.
    pub fn new(input: &'a [u8]) -> Self {
        Reader { rest: input, offset: 0 }
    }

    /// Where the next element begins in the whole input.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next element, if there is one.
    pub fn peek(&self) -> Option<Tag> {
        self.rest.first().copied().map(Tag)
    }

    /// The next element, whatever it is: its tag and a reader of its content.
    ///
    /// # Errors
    ///
    /// On a length that is indefinite, not the shortest, or beyond the input.
    pub fn any(&mut self) -> Result<(Tag, Reader<'a>), Error> {
        let tag = Tag(self.byte()?);
        if tag.0 & 0x1f == 0x1f {
            return Err(Error { offset: self.offset - 1, reason: Reason::LongTag });
        }
        let length = self.length()?;
        let start = self.offset;
        Ok((tag, Reader { rest: self.take(length)?, offset: start }))
    }

    /// The content of the next element, which must have this tag.
    ///
    /// # Errors
    ///
    /// On another tag, and as [`any`](Reader::any).
    pub fn element(&mut self, expected: Tag) -> Result<Reader<'a>, Error> {
        match self.peek() {
            Some(found) if found != expected => Err(self.error(Reason::Tag { expected, found })),
            _ => Ok(self.any()?.1),
        }
    }

    /// The content of a SEQUENCE.
    ///
    /// # Errors
    ///
    /// As [`element`](Reader::element).
    pub fn sequence(&mut self) -> Result<Reader<'a>, Error> {
        self.element(Tag::SEQUENCE)
    }

    /// An INTEGER that is not negative (X.690 §8.3: two's complement in the fewest octets).
    ///
    /// # Errors
    ///
    /// On an empty, negative or not shortest integer, and as [`element`](Reader::element).
    pub fn unsigned(&mut self) -> Result<BigUint, Error> {
        let content = self.element(Tag::INTEGER)?;
        match content.rest {
            [] => Err(content.error(Reason::EmptyInteger)),
            [first, ..] if *first >= 0x80 => Err(content.error(Reason::NegativeInteger)),
            [0, second, ..] if *second < 0x80 => Err(content.error(Reason::LongInteger)),
            bytes => Ok(BigUint::from_bytes_be(bytes)),
        }
    }

    /// The octets of an OCTET STRING, to be read on.
    ///
    /// # Errors
    ///
    /// As [`element`](Reader::element).
    pub fn octet_string(&mut self) -> Result<Reader<'a>, Error> {
        self.element(Tag::OCTET_STRING)
    }

    /// The octets of a BIT STRING of whole octets, to be read on.
    ///
    /// # Errors
    ///
    /// When bits are left unused in the last octet, and as [`element`](Reader::element).
    pub fn bit_string(&mut self) -> Result<Reader<'a>, Error> {
        let mut content = self.element(Tag::BIT_STRING)?;
        let unused = content.offset;
        match content.byte()? {
            0 => Ok(content),
            _ => Err(Error { offset: unused, reason: Reason::UnusedBits }),
        }
    }

    /// The content octets of an OBJECT IDENTIFIER.
    ///
    /// # Errors
    ///
    /// As [`element`](Reader::element).
    pub fn oid(&mut self) -> Result<&'a [u8], Error> {
        Ok(self.element(Tag::OID)?.rest)
    }

    /// A NULL.
    ///
    /// # Errors
    ///
    /// As [`element`](Reader::element), and when it has content.
    pub fn null(&mut self) -> Result<(), Error> {
        self.element(Tag::NULL)?.end()
    }

    /// Whatever is left, as it is.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The end of the content: nothing may be left.
    ///
    /// # Errors
    ///
    /// When something is.
    pub fn end(&self) -> Result<(), Error> {
        if self.is_empty() { Ok(()) } else { Err(self.error(Reason::Trailing)) }
    }

    /// An error at the next byte.
    pub fn error(&self, reason: Reason) -> Error {
        Error { offset: self.offset, reason }
    }

    /// X.690 §8.1.3 with the restriction of §10.1: definite, in the fewest octets.
    fn length(&mut self) -> Result<usize, Error> {
        let start = self.offset;
        let fail = |reason| Err(Error { offset: start, reason });
        let first = self.byte()?;
        let count = match first {
            0..0x80 => return Ok(usize::from(first)),
            0x80 => return fail(Reason::IndefiniteLength),
            _ => usize::from(first & 0x7f),
        };
        let octets = self.take(count)?;
        if octets[0] == 0 || octets == [octets[0] & 0x7f] {
            return fail(Reason::LongLength);
        }
        if count > size_of::<u32>() {
            return fail(Reason::Truncated);
        }
        Ok(octets.iter().fold(0, |length, &octet| length << 8 | usize::from(octet)))
    }

    fn byte(&mut self) -> Result<u8, Error> {
        Ok(self.take(1)?[0])
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], Error> {
        let Some((taken, rest)) = self.rest.split_at_checked(count) else {
            let end = self.offset + self.rest.len();
            return Err(Error { offset: end, reason: Reason::Truncated });
        };
        self.rest = rest;
        self.offset += count;
        Ok(taken)
    }
}
