//! Bugs planted in a SHA-256, an HMAC and an RSA signer of our own: each gets its diagnosis.

use crate::{crosscheck, has_python, script};

fn diagnosed(op: &str, bug: &str, diagnosis: &str) {
    let script = script("planted.py");
    let arguments = ["run", "--random", "0", "--op", op, "--alg", "SHA-256"];
    let ended = crosscheck(&[&arguments[..], &["--", "python3", &script, bug]].concat());
    let first = ended.out.lines().find(|line| line.contains("diagnosis:")).unwrap_or_default();
    assert!(first.contains(diagnosis), "{bug}: {first}\n{}", ended.out);
    ended.expect(1, &["smallest: "]);
    eprintln!("{bug}: {} in {:?}", first.trim(), ended.took);
}

#[test]
fn bugs_of_a_hash_are_diagnosed() {
    if !has_python() {
        return;
    }
    for (bug, diagnosis) in [
        ("length-in-bytes", "the length field counts bytes (length-in-bytes"),
        ("length-missing", "the length field stays zero (length-missing"),
        ("block-more-at-55", "a block more where the padding just fits"),
        ("no-block-more-at-56", "no block more where the padding just does not fit"),
        ("little-endian-words", "words are read with the least byte first"),
        ("typo-in-k", "bit 7 of K[42] was wrong"),
        ("other-initial", "it began with the initial value of SHA-224"),
        ("nul", "the message ends at its first zero byte"),
        ("newline", "a newline was hashed behind the message"),
    ] {
        diagnosed("sha2", bug, diagnosis);
    }
}

#[test]
fn bugs_of_hmac_are_diagnosed() {
    if !has_python() {
        return;
    }
    for (bug, diagnosis) in [
        ("hmac-hex", "the inner digest is hashed as hex text"),
        ("hmac-long", "a key above a block is used whole"),
        ("hmac-block", "a key of just a block is hashed"),
        // in no gallery: what the small key of zeros looks like is not passed off as the bug
        ("hmac-first-32", "but that is not so of the input first found"),
    ] {
        diagnosed("hmac", bug, diagnosis);
    }
}

#[test]
fn bugs_of_a_signer_are_diagnosed() {
    if !has_python() {
        return;
    }
    for (bug, diagnosis) in [
        ("rsa-hash", "the block is that of SHA-512"),
        ("rsa-oid", "the name in the block is the OID of SHA-512, the digest is right"),
        ("rsa-null", "what is signed has no NULL"),
        ("rsa-padding", "the padding is too short"),
        ("rsa-type", "what is signed has block type 02"),
        ("rsa-order", "the signature's bytes stand in reverse order"),
    ] {
        diagnosed("rsa.pkcs1v15.sign", bug, diagnosis);
    }
}
