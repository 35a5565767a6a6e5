//! What the block of a wrong signature says: s^e mod n, beside EMSA-PKCS1-v1_5 (RFC 8017 §9.2).

use crate::rsa::emsa::{self, Parameters};
use crate::sha2::Algorithm;
use num_bigint::BigUint;

/// What is wrong in a signature by the key [n, e].
pub(super) fn of_signature(
    hash: Algorithm,
    [n, e]: [&BigUint; 2],
    message: &[u8],
    theirs: &[u8],
) -> Vec<String> {
    let k = n.bits().div_ceil(8) as usize;
    if k == 0 {
        return vec![];
    }
    if theirs.len() != k {
        return vec![format!("the signature has {} bytes, the modulus {k}", theirs.len())];
    }
    let open = |s: &[u8]| {
        let m = BigUint::from_bytes_be(s).modpow(e, n).to_bytes_be();
        [&vec![0; k - m.len()][..], &m].concat()
    };
    let Ok(right) = emsa::encode(&hash.digest(message), Parameters::Null, k) else { return vec![] };
    let reversed = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<u8>>();
    if open(&reversed(theirs)) == right {
        return vec!["the signature's bytes stand in reverse order (RFC 8017 §4.1)".to_owned()];
    }
    let em = open(theirs);
    if em == reversed(&right) {
        return vec!["the block's bytes stand in reverse order (RFC 8017 §4.2)".to_owned()];
    }
    of_block(hash, message, &em).into_iter().collect()
}

fn of_block(hash: Algorithm, message: &[u8], em: &[u8]) -> Option<String> {
    match em {
        [0, 1, rest @ ..] => {
            let padding = rest.iter().take_while(|&&byte| byte == 0xff).count();
            match &rest[padding..] {
                [0, t @ ..] => Some(of_padding(hash, message, [em, t], padding)),
                _ => {
                    Some("behind the padding of ff stands no 00 (RFC 8017 §9.2 step 5)".to_owned())
                }
            }
        }
        [0, 2, ..] => Some("the block has type 02, which is encryption (RFC 8017 §9.2)".to_owned()),
        [0, 0, rest @ ..] if short(rest) => {
            let begin = em.iter().take_while(|&&byte| byte == 0).count();
            let missing = begin - 1;
            Some(format!("the padding is too short by {missing} bytes (RFC 8017 §9.2 step 4)"))
        }
        [.., 0xbc] => Some("the block looks like PSS (RFC 8017 §9.1)".to_owned()),
        [0, kind, ..] if em.ends_with(hash.digest(message).as_bytes()) => {
            Some(format!("the block has type {kind:02x}, not 01 (RFC 8017 §9.2 step 5)"))
        }
        _ => None,
    }
}

/// Whether a block that begins too late has the right form.
fn short(rest: &[u8]) -> bool {
    rest.iter().find(|&&byte| byte != 0) == Some(&1)
}

fn of_padding(hash: Algorithm, message: &[u8], [em, t]: [&[u8]; 2], padding: usize) -> String {
    let digest = hash.digest(message);
    let right = emsa::digest_info(&digest, Parameters::Null);
    if t.len() > right.len() && t.starts_with(&right) {
        let needed = em.len() - 3 - right.len();
        let why = format!("the padding has {padding} bytes of ff, {needed} are needed");
        return format!("{why}: bytes stand behind the digest (RFC 8017 §9.2 step 4)");
    }
    if t == emsa::digest_info(&digest, Parameters::Absent) {
        return "the block has no NULL behind the hash's name (RFC 8017 §A.2.4)".to_owned();
    }
    if t == digest.as_bytes() {
        return "the digest stands in the block without its name (RFC 8017 §9.2)".to_owned();
    }
    for other in Algorithm::ALL.into_iter().filter(|other| *other != hash) {
        let theirs = other.digest(message);
        let name_of = |t: &[u8]| t.windows(9).any(|bytes| bytes == emsa::oid(other));
        if t == emsa::digest_info(&theirs, Parameters::Null) {
            return format!("the block is that of {other}");
        }
        if name_of(t) && t.ends_with(digest.as_bytes()) {
            return format!("the name in the block is the OID of {other}, the digest is right");
        }
        if t.starts_with(&right[..right.len() - digest.as_bytes().len()])
            && t.ends_with(theirs.as_bytes())
        {
            return format!("the digest in the block is by {other}, its name is right");
        }
    }
    let hex = hex::encode(digest.as_bytes());
    let twice = hash.digest(digest.as_bytes());
    let backwards: Vec<u8> = digest.as_bytes().iter().rev().copied().collect();
    for (end, what) in [
        (digest.as_bytes(), "the block ends with the right digest, its name is wrong"),
        (hex.as_bytes(), "the digest stands in the block as hex text"),
        (twice.as_bytes(), "the digest in the block is the digest of the digest"),
        (&backwards, "the digest in the block stands in reverse order"),
    ] {
        if t.ends_with(end) {
            return what.to_owned();
        }
    }
    "the padding is right, the digest in the block is of something else".to_owned()
}
