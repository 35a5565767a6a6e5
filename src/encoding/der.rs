//! DER: tag, length, content (ITU-T X.690 §8 and §10), as much of it as keys need.
//!
//! The reader takes the distinguished form only: shortest lengths, shortest integers, nothing left over.
//! Errors tell the offset in the whole input.

use core::fmt;
use num_bigint::BigUint;

/// The identifier octet of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag(pub u8);

impl Tag {
    /// INTEGER
    pub const INTEGER: Tag = Tag(0x02);
    /// BIT STRING
    pub const BIT_STRING: Tag = Tag(0x03);
    /// OCTET STRING
    pub const OCTET_STRING: Tag = Tag(0x04);
    /// NULL
    pub const NULL: Tag = Tag(0x05);
    /// OBJECT IDENTIFIER
    pub const OID: Tag = Tag(0x06);
    /// SEQUENCE
    pub const SEQUENCE: Tag = Tag(0x30);

    /// `[n]` of the context, constructed.
    pub const fn context(n: u8) -> Tag {
        Tag(0xa0 | n)
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Tag::INTEGER => f.write_str("INTEGER"),
            Tag::BIT_STRING => f.write_str("BIT STRING"),
            Tag::OCTET_STRING => f.write_str("OCTET STRING"),
            Tag::NULL => f.write_str("NULL"),
            Tag::OID => f.write_str("OBJECT IDENTIFIER"),
            Tag::SEQUENCE => f.write_str("SEQUENCE"),
            Tag(byte) => write!(f, "tag 0x{byte:02x}"),
        }
    }
}

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

/// An element: tag, length, and the concatenation of `parts` as content.
pub fn write(tag: Tag, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Vec::with_capacity(2 + size_of::<usize>() + length);
    out.push(tag.0);
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let octets = length.to_be_bytes();
        let shortest = &octets[(length.leading_zeros() / 8) as usize..];
        out.push(0x80 | shortest.len() as u8);
        out.extend_from_slice(shortest);
    }
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out
}

/// An INTEGER that is not negative, in the fewest octets.
pub fn write_unsigned(x: &BigUint) -> Vec<u8> {
    let bytes = x.to_bytes_be();
    // a set top bit would make it negative
    let sign: &[u8] = if bytes[0] >= 0x80 { &[0] } else { &[] };
    write(Tag::INTEGER, &[sign, &bytes])
}

/// Why an input is not the DER that was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// Bytes from the start of the input.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong at an offset of a DER input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The input ends inside an element.
    Truncated,
    /// Something stands behind the end of the value.
    Trailing,
    /// Another element was expected.
    Tag {
        /// The tag that belongs here.
        expected: Tag,
        /// The tag that stands here.
        found: Tag,
    },
    /// A tag of more than one octet.
    LongTag,
    /// A length that leaves the end open: BER, not DER.
    IndefiniteLength,
    /// A length in more octets than it needs: BER, not DER.
    LongLength,
    /// An integer without octets.
    EmptyInteger,
    /// An integer in more octets than it needs.
    LongInteger,
    /// A negative integer.
    NegativeInteger,
    /// A bit string that does not end with a whole octet.
    UnusedBits,
    /// A value that the structure does not allow here; says which.
    Value(&'static str),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DER at offset {}: ", self.offset)?;
        match self.reason {
            Reason::Truncated => f.write_str("the input ends inside an element"),
            Reason::Trailing => f.write_str("bytes behind the end of the value"),
            Reason::Tag { expected, found } => write!(f, "expected {expected}, found {found}"),
            Reason::LongTag => f.write_str("a tag of more than one octet"),
            Reason::IndefiniteLength => f.write_str("indefinite length (BER, not DER)"),
            Reason::LongLength => f.write_str("length not in its shortest form (BER, not DER)"),
            Reason::EmptyInteger => f.write_str("integer without octets"),
            Reason::LongInteger => f.write_str("integer not in its shortest form"),
            Reason::NegativeInteger => f.write_str("negative integer"),
            Reason::UnusedBits => f.write_str("bit string of part of an octet"),
            Reason::Value(what) => f.write_str(what),
        }
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn integers_come_back(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let x = BigUint::from_bytes_be(&bytes);
            let der = write_unsigned(&x);
            let mut reader = Reader::new(&der);
            prop_assert_eq!(reader.unsigned().unwrap(), x);
            reader.end().unwrap();
        }

        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = Reader::new(&bytes);
            while let Ok((_, mut content)) = reader.any() {
                let _ = (content.clone().unsigned(), content.clone().bit_string(), content.any());
            }
        }
    }

    #[test]
    fn ber_is_refused_with_its_place() {
        let reason = |bytes: &[u8]| {
            let error = Reader::new(bytes).unsigned().unwrap_err();
            (error.offset, error.reason)
        };
        assert_eq!(reason(&[0x02, 0x81, 0x01, 0x05]), (1, Reason::LongLength));
        assert_eq!(reason(&[0x02, 0x82, 0x00, 0x81]), (1, Reason::LongLength));
        assert_eq!(reason(&[0x02, 0x80, 0x05, 0, 0]), (1, Reason::IndefiniteLength));
        assert_eq!(reason(&[0x02, 0x02, 0x00, 0x05]), (2, Reason::LongInteger));
        assert_eq!(reason(&[0x02, 0x01, 0x80]), (2, Reason::NegativeInteger));
        assert_eq!(reason(&[0x02, 0x00]), (2, Reason::EmptyInteger));
        assert_eq!(reason(&[0x02, 0x02, 0x05]), (3, Reason::Truncated));
        assert_eq!(reason(&[]), (0, Reason::Truncated));
        assert_eq!(reason(&[0x02, 0x85, 1, 2, 3, 4, 5]), (1, Reason::Truncated));
        assert_eq!(reason(&[0x1f]), (0, Reason::Tag { expected: Tag::INTEGER, found: Tag(0x1f) }));
        assert_eq!(Reader::new(&[0x1f, 1]).any().unwrap_err().reason, Reason::LongTag);
        assert_eq!(Reader::new(&[0x03, 2, 1, 0xfe]).bit_string().unwrap_err().offset, 2);
        assert_eq!(Reader::new(&[0x05, 1, 0]).null().unwrap_err().reason, Reason::Trailing);
    }
}
