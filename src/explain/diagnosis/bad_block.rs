//! What can be wrong with an RSA signature, each in one sentence with its section of RFC 8017.

use crate::rsa::emsa::TooShort;
use crate::sha2::Algorithm;
use core::fmt;

/// What is wrong with a signature, or with the block that comes out of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadBlock {
    /// Not as many bytes as the modulus.
    Length {
        /// Bytes of the signature.
        found: usize,
        /// Bytes of the modulus.
        expected: usize,
        /// Whether only zeros before it are missing or too many.
        zeros: Zeros,
    },
    /// s ≥ n.
    NotBelowModulus,
    /// The modulus has no room for the hash.
    TooShort(TooShort),
    /// The signature is right, its bytes stand the other way round.
    SignatureReversed,
    /// The block is right, its bytes stand the other way round.
    BlockReversed,
    /// The only thing missing is NULL behind the hash's OID.
    NullMissing,
    /// The OID is that of a hash by this name; the digest is not known to be anything.
    Oid(&'static str),
    /// OID and digest are those of this hash.
    BlockOf(Algorithm),
    /// The OID is that of this hash, the digest is right.
    OidOf(Algorithm),
    /// The digest is by this hash, the OID is right.
    DigestBy(Algorithm),
    /// Everything is right but the digest.
    MessageChanged,
    /// The digest is the right one in another form.
    DigestForm(&'static str),
    /// The digest stands behind the padding alone.
    NoName,
    /// The block ends with the right digest; before it stands no DER of DigestInfo.
    NotDer,
    /// The padding is right; what follows is no DigestInfo.
    NoDigestInfo,
    /// The padding of ff ends with another byte than 00.
    NoSeparator,
    /// The second byte is not 01.
    Type(u8),
    /// The block begins so many bytes too late.
    PaddingShort(usize),
    /// Bytes stand behind the digest.
    BytesBehind {
        /// Bytes of ff that are there.
        padding: usize,
        /// Bytes of ff that must be.
        needed: usize,
    },
    /// The last byte is bc.
    Pss,
    /// Nothing in the block is known.
    Random,
}

/// Whether leading zeros are what is wrong with a length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zeros {
    /// With the modulus's length, by zeros at the front, it verifies.
    Only,
    /// It is not only that.
    NotOnly,
}

impl BadBlock {
    /// Whether the key has nothing to do with it: another one might.
    pub(super) fn points_elsewhere(&self) -> bool {
        matches!(
            self,
            BadBlock::Length { .. }
                | BadBlock::NotBelowModulus
                | BadBlock::Type(_)
                | BadBlock::PaddingShort(_)
                | BadBlock::Pss
                | BadBlock::Random
        )
    }

    /// The sentence without its section, and the section.
    pub(super) fn words(&self) -> (String, &'static str) {
        match self {
            BadBlock::Length { found, expected, zeros } => {
                (length(*found, *expected, *zeros), "RFC 8017 §8.2.2")
            }
            BadBlock::TooShort(TooShort { bytes, needed }) => {
                let words = format!("the modulus has {bytes} bytes, this hash needs {needed}");
                (words, "RFC 8017 §9.2")
            }
            BadBlock::Oid(name) => (format!("padding right, hash OID is {name}"), "RFC 8017 §9.2"),
            BadBlock::BlockOf(hash) => (
                format!("padding right, hash OID is {hash}: the block is that of {hash}"),
                "RFC 8017 §9.2",
            ),
            BadBlock::OidOf(hash) => (
                format!("the name in the block is the OID of {hash}, the digest is right"),
                "RFC 8017 §9.2",
            ),
            BadBlock::DigestBy(hash) => {
                (format!("the digest in the block is by {hash}, its OID is right"), "RFC 8017 §9.2")
            }
            BadBlock::Type(2) => {
                ("the block has type 02, which is encryption, not 01".to_owned(), "RFC 8017 §7.2.1")
            }
            BadBlock::Type(kind) => {
                (format!("the block has type {kind:02x}, not 01"), "RFC 8017 §9.2")
            }
            BadBlock::PaddingShort(missing) => {
                (format!("the padding is too short by {}", bytes(*missing)), "RFC 8017 §9.2")
            }
            BadBlock::BytesBehind { padding, needed } => {
                let padding = format!("padding too short, {padding} of {needed} bytes of ff");
                (format!("{padding}: bytes stand behind the digest"), "RFC 8017 §9.2")
            }
            other => {
                let (words, section) = other.fixed_words();
                (words.to_owned(), section)
            }
        }
    }

    /// The same where no number stands in it.
    fn fixed_words(&self) -> (&'static str, &'static str) {
        match self {
            BadBlock::NotBelowModulus => {
                ("s ≥ n: the signature is not below the modulus", "RFC 8017 §5.2.2")
            }
            BadBlock::SignatureReversed => {
                ("the signature's bytes stand in reverse order", "RFC 8017 §4.1")
            }
            BadBlock::BlockReversed => {
                ("the block's bytes stand in reverse order", "RFC 8017 §4.2")
            }
            BadBlock::NullMissing => {
                ("padding, OID, hash right, NULL missing behind the OID", "RFC 8017 §A.2.4")
            }
            BadBlock::MessageChanged => {
                ("padding, OID right, hash differs: the message was changed", "RFC 8017 §8.2.2")
            }
            BadBlock::DigestForm(words) => (words, "RFC 8017 §9.2"),
            BadBlock::NoName => {
                ("the digest stands in the block without its name", "RFC 8017 §9.2")
            }
            BadBlock::NotDer => {
                ("padding, hash right, what names the hash is not its DER", "RFC 8017 §9.2")
            }
            BadBlock::NoSeparator => ("behind the padding of ff stands no 00", "RFC 8017 §9.2"),
            BadBlock::Pss => ("a PSS block: it ends with bc, as that of PS256", "RFC 8017 §9.1.1"),
            BadBlock::Random => {
                ("the block is random: another key, or a changed signature", "RFC 8017 §8.2.2")
            }
            _ => ("padding right, what follows is no DigestInfo", "RFC 8017 §9.2"),
        }
    }
}

fn length(found: usize, expected: usize, zeros: Zeros) -> String {
    let count = bytes(found.abs_diff(expected));
    let (kind, verifies) = if found < expected {
        ("short", "; with leading zeros it verifies")
    } else {
        ("long", "; without its leading zeros it verifies")
    };
    let verifies = if zeros == Zeros::Only { verifies } else { "" };
    format!("{count} {kind}: {found}, the modulus has {expected}{verifies}")
}

fn bytes(count: usize) -> String {
    match count {
        1 => "one byte".to_owned(),
        count => format!("{count} bytes"),
    }
}

impl fmt::Display for BadBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, section) = self.words();
        write!(f, "{words} ({section})")
    }
}
