//! HMAC with one bug: in the key's block, in the pads, in the order, or in comparing.

use super::Row;
use crate::sha2::Algorithm;
use crate::vectors::question::{Answer, Request};

pub(super) const OPERATIONS: &[&str] = &["hmac", "hmac.verify"];

/// A bug of HMAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    LongKeyNotHashed,
    LongKeyCut,
    BlockKeyHashed,
    KeyFilledInFront,
    KeyStopsAtNul,
    PadsSwapped,
    SamePad,
    InnerAsHex,
    InnerOnly,
    KeyThenMessage,
    EmptyKeyRefused,
    BlockOf64Always,
    TruncatedInnerOf224,
    LastByteUnchecked,
    FirstByteUnchecked,
    PrefixAccepted,
    LongerAccepted,
    NulTerminated,
    CaseFolded,
    HalfCompared,
    XorOfAllBytes,
}

pub(super) const FLAWS: [Row<Flaw>; 21] = [
    (
        Flaw::LongKeyNotHashed,
        "long-key-not-hashed",
        "a key above a block is used whole",
        "RFC 2104 §2",
    ),
    (Flaw::LongKeyCut, "long-key-cut", "a key above a block is cut to it", "RFC 2104 §2"),
    (Flaw::BlockKeyHashed, "block-key-hashed", "a key of just a block is hashed", "RFC 2104 §2"),
    (
        Flaw::KeyFilledInFront,
        "key-filled-in-front",
        "the zeros of K0 come before the key",
        "FIPS 198-1 §4 step 3",
    ),
    (
        Flaw::KeyStopsAtNul,
        "key-stops-at-nul",
        "the key ends at its first zero byte",
        "strings of C",
    ),
    (Flaw::PadsSwapped, "pads-swapped", "opad inside, ipad outside", "RFC 2104 §2"),
    (Flaw::SamePad, "same-pad", "ipad for both", "RFC 2104 §2"),
    (
        Flaw::InnerAsHex,
        "inner-as-hex",
        "the inner digest is hashed as hex text",
        "RFC 2104 §2 step 6",
    ),
    (Flaw::InnerOnly, "inner-only", "the outer hash is left out", "RFC 2104 §2"),
    (Flaw::KeyThenMessage, "key-then-message", "H(K ‖ text): no HMAC at all", "RFC 2104 §6"),
    (
        Flaw::EmptyKeyRefused,
        "empty-key-is-zero-key",
        "an empty key gives an empty code",
        "RFC 2104 §3",
    ),
    (
        Flaw::BlockOf64Always,
        "block-of-64-always",
        "K0 has 64 bytes for SHA-512 too",
        "RFC 4868 §2.1",
    ),
    (
        Flaw::TruncatedInnerOf224,
        "inner-not-truncated",
        "a truncated hash is not truncated inside",
        "RFC 4231 §4",
    ),
    (Flaw::LastByteUnchecked, "last-byte-unchecked", "the last byte is not compared", "off by one"),
    (
        Flaw::FirstByteUnchecked,
        "first-byte-unchecked",
        "the first byte is not compared",
        "off by one",
    ),
    (Flaw::PrefixAccepted, "prefix-accepted", "a prefix of the code is taken", "RFC 2104 §5"),
    (Flaw::LongerAccepted, "longer-accepted", "bytes behind the code are not seen", "RFC 2104 §5"),
    (
        Flaw::NulTerminated,
        "nul-terminated",
        "comparing stops at a zero byte in both",
        "strcmp for memcmp",
    ),
    (
        Flaw::CaseFolded,
        "case-folded",
        "letters are compared without case",
        "a text comparison of bytes",
    ),
    (Flaw::HalfCompared, "half-compared", "only half of the code is compared", "RFC 2104 §5"),
    (
        Flaw::XorOfAllBytes,
        "xor-of-all-bytes",
        "the differences are xored together, not or-ed",
        "constant time gone wrong",
    ),
];

pub(super) fn answer(request: &Request, flaw: Flaw) -> Option<Answer> {
    match request {
        Request::Hmac { hash, key, message, tag_bytes } => {
            let mut tag = code(*hash, key, message, flaw);
            tag.truncate(*tag_bytes);
            Some(Answer::Output(tag))
        }
        Request::HmacVerify { hash, key, message, tag, tag_bytes } => {
            let mut computed = code(*hash, key, message, flaw);
            computed.truncate(*tag_bytes);
            Some(if same(&computed, tag, flaw) { Answer::Valid } else { refused() })
        }
        _ => None,
    }
}

pub(super) fn refused() -> Answer {
    Answer::Refused { stage: None, why: String::new() }
}

pub(super) fn code(hash: Algorithm, key: &[u8], message: &[u8], flaw: Flaw) -> Vec<u8> {
    let k0 = block_key(hash, key, flaw);
    let (ipad, opad) = match flaw {
        Flaw::PadsSwapped => (0x5c, 0x36),
        Flaw::SamePad => (0x36, 0x36),
        _ => (0x36, 0x5c),
    };
    let pad = |byte: u8| k0.iter().map(|k| k ^ byte).collect::<Vec<_>>();
    let digest = |parts: &[&[u8]]| hash.digest(&parts.concat()).as_bytes().to_vec();
    match flaw {
        Flaw::KeyThenMessage => return digest(&[key, message]),
        Flaw::EmptyKeyRefused if key.is_empty() => return vec![],
        _ => {}
    }
    let inner = match (flaw, hash) {
        (Flaw::TruncatedInnerOf224, Algorithm::Sha224) => untruncated(&[&pad(ipad), message]),
        _ => digest(&[&pad(ipad), message]),
    };
    match flaw {
        Flaw::InnerOnly => inner,
        Flaw::InnerAsHex => digest(&[&pad(opad), hex::encode(&inner).as_bytes()]),
        _ => digest(&[&pad(opad), &inner]),
    }
}

/// All 32 bytes of SHA-224's last hash value.
fn untruncated(parts: &[&[u8]]) -> Vec<u8> {
    use crate::sha2::compress::compress;
    use crate::sha2::constants::H224;
    use crate::sha2::padding::padding;
    use crate::sha2::word::{W32, Word};
    let message = parts.concat();
    let (blocks, tail) = W32::blocks(&message);
    let mut h = H224;
    compress::<W32>(&mut h, blocks);
    compress::<W32>(&mut h, padding::<W32>(tail, message.len() as u128).blocks());
    h.iter().flat_map(|word| word.0.to_be_bytes()).collect()
}

fn block_key(hash: Algorithm, key: &[u8], flaw: Flaw) -> Vec<u8> {
    let block = if flaw == Flaw::BlockOf64Always { 64 } else { hash.block_bytes() };
    let key = match flaw {
        Flaw::KeyStopsAtNul => &key[..key.iter().position(|&byte| byte == 0).unwrap_or(key.len())],
        _ => key,
    };
    let hashed = match flaw {
        Flaw::LongKeyNotHashed | Flaw::LongKeyCut => false,
        Flaw::BlockKeyHashed => key.len() >= block,
        _ => key.len() > block,
    };
    let mut k0 = if hashed { hash.digest(key).as_bytes().to_vec() } else { key.to_vec() };
    if flaw == Flaw::LongKeyCut {
        k0.truncate(block);
    }
    let zeros = vec![0; block.saturating_sub(k0.len())];
    if flaw == Flaw::KeyFilledInFront { [zeros, k0].concat() } else { [k0, zeros].concat() }
}

/// Whether two codes are taken for the same.
pub(super) fn same(computed: &[u8], tag: &[u8], flaw: Flaw) -> bool {
    let length = computed.len();
    match flaw {
        Flaw::PrefixAccepted => computed.starts_with(tag) && !tag.is_empty(),
        Flaw::LongerAccepted => tag.starts_with(computed),
        Flaw::NulTerminated => {
            let end = |bytes: &[u8]| bytes.iter().position(|&b| b == 0).unwrap_or(bytes.len());
            tag.len() == length && computed[..end(computed)] == tag[..end(tag)]
        }
        _ if tag.len() != length => false,
        Flaw::LastByteUnchecked => computed[..length - 1] == tag[..length - 1],
        Flaw::FirstByteUnchecked => computed[1..] == tag[1..],
        Flaw::CaseFolded => computed.eq_ignore_ascii_case(tag),
        Flaw::HalfCompared => computed[..length / 2] == tag[..length / 2],
        Flaw::XorOfAllBytes => computed.iter().zip(tag).fold(0, |all, (a, b)| all ^ a ^ b) == 0,
        _ => computed == tag,
    }
}
