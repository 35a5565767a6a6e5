//! DER: tag, length, content (ITU-T X.690 §8 and §10), as much of it as keys need.
//!
//! The reader takes the distinguished form only: shortest lengths, shortest integers, nothing left over.
//! Errors tell the offset in the whole input.

mod error;
mod reader;

pub use error::{Error, Reason};
pub use reader::Reader;

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
