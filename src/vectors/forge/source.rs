//! Bytes, primes and keys that follow from a seed: SHA-256 of the seed, a label and a counter.

use super::ForgeError;
use crate::base64::encode_url;
use crate::rsa::prime::is_probable_prime;
use crate::rsa::{Components, PrivateKey};
use crate::sha2::Algorithm;
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::One;
use serde_json::{Value, json};

/// Rounds of Miller–Rabin: the candidates are as good as random.
const ROUNDS: usize = 16;

/// A source of values, each of a label of its own: a new case moves no other.
pub(super) struct Source {
    seed: String,
}

impl Source {
    pub(super) fn new(seed: &str) -> Source {
        Source { seed: seed.to_owned() }
    }

    pub(super) fn bytes(&self, label: &str, length: usize) -> Vec<u8> {
        let block = |counter: u32| {
            let input = format!("{}/{label}/{counter}", self.seed);
            Algorithm::Sha256.digest(input.as_bytes()).as_bytes().to_vec()
        };
        (0..).flat_map(block).take(length).collect()
    }

    /// The first prime of `bits` bits, its two highest bits set, that is accepted.
    pub(super) fn prime(
        &self,
        label: &str,
        bits: u64,
        accept: impl Fn(&BigUint) -> bool,
    ) -> Result<BigUint, ForgeError> {
        let bytes = self.bytes(label, bits.div_ceil(8) as usize);
        let mut candidate = BigUint::from_bytes_be(&bytes) % (BigUint::one() << bits);
        [bits - 1, bits - 2, 0].into_iter().for_each(|bit| candidate.set_bit(bit, true));
        while !accept(&candidate) || !is_probable_prime(&candidate, ROUNDS)? {
            candidate += 2_u32;
        }
        Ok(candidate)
    }

    /// A private key of `bits` bits, an even number.
    pub(super) fn key(&self, label: &str, bits: u64, e: u32) -> Result<PrivateKey, ForgeError> {
        let e = BigUint::from(e);
        let fits = |p: &BigUint| (p - 1_u32).gcd(&e).is_one();
        let [p, q] = self.primes(label, bits, fits)?;
        Ok(PrivateKey::from_primes(p, q, e)?)
    }

    pub(super) fn primes(
        &self,
        label: &str,
        bits: u64,
        accept: impl Fn(&BigUint) -> bool,
    ) -> Result<[BigUint; 2], ForgeError> {
        let p = self.prime(&format!("{label}/p"), bits / 2, &accept)?;
        let q = self.prime(&format!("{label}/q"), bits / 2, &accept)?;
        Ok([p, q])
    }

    /// Two primes of the form that the library of CVE-2017-15361 made: k·M + (65537^a mod M).
    pub(super) fn roca_primes(&self) -> Result<[BigUint; 2], ForgeError> {
        // the product of the first 126 primes: 971 bits, so k has about 53 for a prime of 1024
        let m = crate::rsa::prime::SMALL.iter().take(126).fold(BigUint::one(), |m, &p| m * p);
        let prime = |label: &str| -> Result<BigUint, ForgeError> {
            let a = BigUint::from_bytes_be(&self.bytes(&format!("{label}/a"), 8));
            let rest = BigUint::from(65537_u32).modpow(&a, &m);
            let mut k = (BigUint::one() << 1024_u32) * 3_u32 / 4_u32 / &m
                + BigUint::from_bytes_be(&self.bytes(&format!("{label}/k"), 4));
            loop {
                let candidate = &k * &m + &rest;
                if is_probable_prime(&candidate, ROUNDS)? {
                    return Ok(candidate);
                }
                k += 1_u32;
            }
        };
        Ok([prime("roca/p")?, prime("roca/q")?])
    }
}

/// The private exponent of two primes or of any n whose λ is given.
pub(super) fn inverse(e: &BigUint, lambda: &BigUint) -> Option<BigUint> {
    e.modinv(lambda)
}

pub(super) fn public_jwk(n: &BigUint, e: &BigUint) -> Value {
    json!({ "kty": "RSA", "n": base64_integer(n), "e": base64_integer(e) })
}

pub(super) fn private_jwk(key: &PrivateKey) -> Value {
    let Components { n, e, d, p, q, dp, dq, qi } = key.components();
    json!({
        "kty": "RSA", "n": base64_integer(&n), "e": base64_integer(&e), "d": base64_integer(&d),
        "p": base64_integer(&p), "q": base64_integer(&q), "dp": base64_integer(&dp),
        "dq": base64_integer(&dq), "qi": base64_integer(&qi),
    })
}

fn base64_integer(number: &BigUint) -> String {
    encode_url(&number.to_bytes_be())
}
