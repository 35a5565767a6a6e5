//! Signatures of tokens that are nearly right.

use super::{Entry, ForgeError, Smithy};
use crate::base64::{decode_url, encode_url};
use crate::hmac::Hmac;
use crate::sha2::Algorithm;
use num_bigint::BigUint;
use num_traits::One;
use serde_json::{Value, json};

const MISMATCH: &str = "signature mismatch";
const HS: &str = r#"{"alg":"HS256"}"#;
const RS: &str = r#"{"alg":"RS256"}"#;

pub(super) fn entries(smithy: &Smithy) -> Result<Vec<Entry>, ForgeError> {
    let mut entries = vec![];
    let mut push = |id: &str, comment: &str, input: &str, signature: &[u8], key: Value| {
        let token = format!("{input}.{}", encode_url(signature));
        let result = if id.ends_with("right") { "success" } else { MISMATCH };
        let fields = json!({ "token": token, "key": key });
        entries.push(Entry::new(id, "jws.verify", "RFC 7515 §5.2", comment, result, fields));
    };
    let (input, mac) = early_zero(smithy);
    let changed = |at: usize| {
        let mut mac = mac.clone();
        mac[at] ^= 1;
        mac
    };
    let hash512 = Hmac::new(Algorithm::Sha512, &smithy.secret).mac(input.as_bytes());
    for (id, comment, signature) in [
        ("hs-right", "the code that all others here are made from", mac.clone()),
        ("hs-empty", "catches a signature of no bytes", vec![]),
        ("hs-first-byte", "catches a first byte that is not compared", changed(0)),
        ("hs-last-byte", "catches a last byte that is not compared", changed(31)),
        ("hs-behind-a-nul", "catches a comparison that stops at a zero byte", changed(20)),
        ("hs-31-bytes", "catches a prefix that is taken", mac[..31].to_vec()),
        ("hs-16-bytes", "catches half a code that is taken", mac[..16].to_vec()),
        ("hs-1-byte", "catches a prefix that is taken", mac[..1].to_vec()),
        (
            "hs-33-bytes",
            "catches bytes behind the code that are not seen",
            [&mac[..], &[0]].concat(),
        ),
        ("hs-of-sha512", "catches a code of another hash", hash512.to_vec()),
        ("hs-of-sha512-cut", "catches a code of another hash", hash512[..32].to_vec()),
        ("hs-zeros", "catches a code of zeros", vec![0; 32]),
    ] {
        push(id, comment, &input, &signature, smithy.oct());
    }
    let (input, signature) = rs(smithy, |signature| signature[0] != 0)?;
    let mut last = signature.clone();
    last[255] ^= 1;
    for (id, comment, signature) in [
        ("rs-right", "the signature that all others here are made from", signature.clone()),
        ("rs-empty", "catches a signature of no bytes", vec![]),
        ("rs-last-byte", "catches a last byte that is not compared", last),
        (
            "rs-zero-in-front",
            "catches zeros in front that are dropped",
            [&[0], &signature[..]].concat(),
        ),
        (
            "rs-zero-behind",
            "catches bytes behind that are not seen",
            [&signature[..], &[0]].concat(),
        ),
        ("rs-zeros", "catches s = 0", vec![0; 256]),
    ] {
        push(id, comment, &input, &signature, smithy.public());
    }
    let (input, signature) = rs(smithy, |signature| signature[0] == 0)?;
    let comment = "catches zeros in front that may be missing";
    push("rs-without-zero", comment, &input, &signature[1..], smithy.public());
    let n = smithy.rsa.public().n();
    let most = BigUint::one() << 2048_u32;
    let sum = |signature: &[u8]| BigUint::from_bytes_be(signature) + n;
    let (input, signature) = rs(smithy, |signature| sum(signature) < most)?;
    let above = sum(&signature).to_bytes_be();
    push("rs-above-n", "catches s + n that is taken for s", &input, &above, smithy.public());
    Ok(entries)
}

/// A signing input whose code has a zero byte early on.
fn early_zero(smithy: &Smithy) -> (String, Vec<u8>) {
    let hmac = Hmac::new(Algorithm::Sha256, &smithy.secret);
    let input = |counter: u32| {
        format!("{}.{}", encode_url(HS.as_bytes()), encode_url(format!("{counter}").as_bytes()))
    };
    let code = |input: &String| hmac.mac(input.as_bytes()).to_vec();
    let found =
        (0..u32::MAX).map(input).find(|input| code(input)[..4].contains(&0)).unwrap_or_default();
    let mac = code(&found);
    (found, mac)
}

/// A signing input and its RS256 signature, of a form that is wanted.
fn rs(smithy: &Smithy, wanted: impl Fn(&[u8]) -> bool) -> Result<(String, Vec<u8>), ForgeError> {
    let mut counter = 0_u32;
    loop {
        let token = smithy.rs(RS, &counter.to_string())?;
        let (input, signature) = token.rsplit_once('.').unwrap_or_default();
        let signature = decode_url(signature)?;
        if wanted(&signature) {
            return Ok((input.to_owned(), signature));
        }
        counter += 1;
    }
}
