//! MACs that are nearly right.

use super::*;
use jotlab::hmac::Hmac;

fn with_signature(token: &str, signature: &[u8]) -> String {
    let (input, _) = token.rsplit_once('.').unwrap();
    format!("{input}.{}", encode_url(signature))
}

fn signature_of(token: &str) -> Vec<u8> {
    jotlab::base64::decode_url(token.rsplit_once('.').unwrap().1).unwrap()
}

/// CVE-2020-28042; RFC 7515 §5.2 step 8: exactly as long as the algorithm's.
#[test]
fn empty_short_or_long_signature() {
    for (token, keys) in [(good_hs256(), secret()), (good_rs256(), rsa_public())] {
        let signature = signature_of(&token);
        for length in 0..signature.len() {
            bad_signature(&with_signature(&token, &signature[..length]), &keys, &lenient());
        }
        for more in [&[0][..], &[0xff], &[0; 32], &signature] {
            let longer = [&signature[..], more].concat();
            bad_signature(&with_signature(&token, &longer), &keys, &lenient());
            let longer = [more, &signature[..]].concat();
            bad_signature(&with_signature(&token, &longer), &keys, &lenient());
        }
    }
}

/// A MAC of the right length by the wrong hash, key or message.
#[test]
fn mac_of_something_else() {
    let token = good_hs256();
    let (input, _) = token.rsplit_once('.').unwrap();
    let (_, payload) = input.split_once('.').unwrap();
    let longer = mac(Algorithm::Hs512, SECRET, input);
    for signature in [
        longer[..32].to_vec(),
        longer[32..].to_vec(),
        mac(Algorithm::Hs256, &SECRET[..63], input),
        mac(Algorithm::Hs256, SECRET, payload),
        mac(Algorithm::Hs256, SECRET, &format!("{input}.")),
        Algorithm::Hs256.hash().digest(input.as_bytes()).as_bytes().to_vec(),
        vec![0; 32],
    ] {
        bad_signature(&with_signature(&token, &signature), &secret(), &lenient());
    }
}

/// The comparison is of the whole, not up to the first difference, a NUL, or the last byte.
#[test]
fn one_bit_of_the_mac_changed() {
    for algorithm in [Algorithm::Hs256, Algorithm::Hs384, Algorithm::Hs512] {
        let input = format!(
            "{}.{}",
            encode_url(format!(r#"{{"alg":"{algorithm}"}}"#).as_bytes()),
            encode_url(CLAIMS.as_bytes())
        );
        let good = mac(algorithm, SECRET, &input);
        for bit in 0..8 * good.len() {
            let mut changed = good.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            let token = format!("{input}.{}", encode_url(&changed));
            bad_signature(&token, &secret(), &lenient());
        }
    }
}

/// A comparison that ends at a NUL takes any tag that agrees up to it.
#[test]
fn comparison_ends_at_a_nul() {
    let (nul_first, token) = (0..100_000)
        .map(|i| hs256(r#"{"alg":"HS256"}"#, &format!(r#"{{"exp":2000000300,"i":{i}}}"#)))
        .map(|token| (signature_of(&token), token))
        .find(|(signature, _)| signature[0] == 0)
        .unwrap();
    assert!(check(&token).is_ok());
    let mut other = vec![0; 32];
    other[31] = !nul_first[31];
    bad_signature(&with_signature(&token, &other), &secret(), &lenient());
}

/// The primitive itself: a prefix of a tag is no tag.
#[test]
fn truncated_tag() {
    for algorithm in jotlab::sha2::Algorithm::ALL {
        let key = Hmac::new(algorithm, SECRET);
        let tag = key.mac(b"message").to_vec();
        assert!(key.verify(b"message", &tag));
        for length in 0..tag.len() {
            assert!(!key.verify(b"message", &tag[..length]), "{algorithm} {length}");
        }
        assert!(!key.verify(b"message", &[&tag[..], &[0]].concat()));
    }
}
