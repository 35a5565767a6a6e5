//! A message of more than 2^32 bits, which no public suite has: a length counter of 32 bits (or one that
//! counts bits in 32) gives another digest (FIPS 180-4 §5.1). 513 times the same MiB is fed.
//!
//! The digests are Python's:
//!
//! ```text
//! python3 -c 'import hashlib
//! for name in "sha224 sha256 sha384 sha512 sha512_224 sha512_256".split():
//!     h = hashlib.new(name)
//!     for _ in range(513): h.update(bytes(range(256)) * 4096)
//!     print(name, h.hexdigest())'
//! ```

use jotlab::sha2::{Algorithm, Hasher};

fn digest(algorithm: Algorithm) -> String {
    let mebibyte: Vec<u8> = (0..=255).cycle().take(1 << 20).collect();
    let mut hasher = Hasher::new(algorithm);
    for _ in 0..513 {
        hasher.update(&mebibyte);
    }
    hex::encode(hasher.finish().as_bytes())
}

#[test]
fn sha224_of_more_than_2_to_the_32_bits() {
    let expected = "11add4109e9fc8f091e34f144eb8c87b145ef84a867beb9f5f4c0e9c";
    assert_eq!(digest(Algorithm::Sha224), expected);
}

#[test]
fn sha256_of_more_than_2_to_the_32_bits() {
    let expected = "099be0a986c59c84e1f003edab074a30969079f00c8cf557a023b82074e4e8e1";
    assert_eq!(digest(Algorithm::Sha256), expected);
}

#[test]
fn sha384_of_more_than_2_to_the_32_bits() {
    let expected = concat!(
        "5a01bb5a11da5a2f7fa1f33499ae57ac43392ba1928c55050602a44fc7fad2a9",
        "22b81cec22328a5b09df8248a9a0b9bf",
    );
    assert_eq!(digest(Algorithm::Sha384), expected);
}

#[test]
fn sha512_of_more_than_2_to_the_32_bits() {
    let expected = concat!(
        "13c69512528815c1b351cf62dd8e8f68697c46e64169de111f65a3da7dbb7281",
        "b970a13c99b3097b2792b2763d01e296560d71f9eb7b5b9d2aacd8a874567c55",
    );
    assert_eq!(digest(Algorithm::Sha512), expected);
}

#[test]
fn sha512_224_of_more_than_2_to_the_32_bits() {
    let expected = "99dd6609f6ff0a765a16b741abc3cd084c5fd108e3f99b5e63d4c81b";
    assert_eq!(digest(Algorithm::Sha512_224), expected);
}

#[test]
fn sha512_256_of_more_than_2_to_the_32_bits() {
    let expected = "dee9d479ab55cdcfa7dbf4ff469cc7e58f86e0cdd34a908b7a757da21ada0d42";
    assert_eq!(digest(Algorithm::Sha512_256), expected);
}
