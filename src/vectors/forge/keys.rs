//! RSA keys that no verifier may take.

use super::blocks::{MESSAGE, fields, octets, power};
use super::source::inverse;
use super::{Entry, ForgeError, Smithy};
use crate::rsa::emsa::{self, Parameters};
use crate::rsa::{MAX_MODULUS_BITS, PrivateKey};
use crate::sha2::Algorithm;
use num_bigint::BigUint;
use num_integer::Integer;
use num_traits::One;

/// Keys that are no keys, each with a signature that its numbers make good.
pub(super) fn entries(smithy: &Smithy) -> Result<Vec<Entry>, ForgeError> {
    let hash = Algorithm::Sha256;
    let key = smithy.rsa.components();
    let em = |n: &BigUint, message: &[u8]| {
        emsa::encode(&hash.digest(message), Parameters::Null, n.bits().div_ceil(8) as usize)
    };
    let mut entries = vec![];
    let mut push = |id: &str,
                    comment: &str,
                    result: &str,
                    numbers: [&BigUint; 2],
                    message: &[u8],
                    sig: &[u8]| {
        let fields = fields(hash, numbers[0], numbers[1], message, sig);
        entries.push(Entry::new(id, "rsa.verify", "RFC 8017 §3.1", comment, result, fields));
    };
    let refused = "key refused";
    let one = BigUint::one();
    push(
        "exponent-one",
        "catches e = 1: EM is its own signature",
        refused,
        [&key.n, &one],
        MESSAGE,
        &em(&key.n, MESSAGE)?,
    );
    let (two, message, root) = square(smithy)?;
    push(
        "exponent-two",
        "catches an even e",
        refused,
        [&two, &BigUint::from(2_u32)],
        &message,
        &root,
    );
    let (n, s) = even(smithy, &em)?;
    push("modulus-even", "catches an even n", refused, [&n, &key.e], MESSAGE, &s);
    let (n, s) = huge(smithy, &em)?;
    push("modulus-huge", "catches a modulus of any length", refused, [&n, &key.e], MESSAGE, &s);
    let three: PrivateKey = smithy.source.key("exponent-three", 2048, 3)?;
    let three = three.components();
    push(
        "exponent-three",
        "e = 3 is a key: RFC 8017 says so",
        "success",
        [&three.n, &three.e],
        MESSAGE,
        &power(&three, &em(&three.n, MESSAGE)?),
    );
    Ok(entries)
}

/// n of two primes that are 3 mod 4, a message whose EM is a square, and its root.
fn square(smithy: &Smithy) -> Result<(BigUint, Vec<u8>, Vec<u8>), ForgeError> {
    let three_mod_four = |p: &BigUint| p.bit(1);
    let [p, q] = smithy.source.primes("square", 2048, three_mod_four)?;
    let n = &p * &q;
    for counter in 0_u32.. {
        let message = format!("message {counter}").into_bytes();
        let em = emsa::encode(&Algorithm::Sha256.digest(&message), Parameters::Null, 256)?;
        let em = BigUint::from_bytes_be(&em);
        let root = |p: &BigUint| (&em % p).modpow(&((p + 1_u32) >> 2), p);
        let (of_p, of_q) = (root(&p), root(&q));
        let inverse = q.modinv(&p).ok_or("two primes are equal")?;
        // Garner: the root mod q, and so many q more that it is the root mod p
        let h = (&of_p + &p - &of_q % &p) * inverse % &p;
        let s = &of_q + &q * h;
        if &s * &s % &n == em {
            return Ok((n, message, octets(&s, 256)));
        }
    }
    Err("no square was found".into())
}

type Em<'e> = &'e dyn Fn(&BigUint, &[u8]) -> Result<Vec<u8>, emsa::TooShort>;

/// 2·q: mod q an e-th root is found as in any field, mod 2 it is the number itself.
fn even(smithy: &Smithy, em: Em<'_>) -> Result<(BigUint, Vec<u8>), ForgeError> {
    let q = smithy.source.prime("even", 2047, |_| true)?;
    let n = &q * 2_u32;
    let block = BigUint::from_bytes_be(&em(&n, MESSAGE)?);
    let d = inverse(&smithy.rsa.components().e, &(&q - 1_u32)).ok_or("e divides q − 1")?;
    let mut s = (&block % &q).modpow(&d, &q);
    if s.bit(0) != block.bit(0) {
        s += &q;
    }
    Ok((n.clone(), octets(&s, n.bits().div_ceil(8) as usize)))
}

/// A product of many small primes, longer than any key may be. The power is found prime by prime.
fn huge(smithy: &Smithy, em: Em<'_>) -> Result<(BigUint, Vec<u8>), ForgeError> {
    let e = smithy.rsa.components().e;
    let mut primes = vec![];
    while primes.iter().map(BigUint::bits).sum::<u64>() <= MAX_MODULUS_BITS + 64 {
        let label = format!("huge/{}", primes.len());
        let fits = |p: &BigUint| (p - 1_u32).gcd(&e).is_one();
        primes.push(smithy.source.prime(&label, 512, fits)?);
    }
    let n = primes.iter().fold(BigUint::one(), |n, p| n * p);
    let block = BigUint::from_bytes_be(&em(&n, MESSAGE)?);
    let (mut s, mut modulus) = (BigUint::ZERO, BigUint::one());
    for p in &primes {
        let d = inverse(&e, &(p - 1_u32)).ok_or("e divides p − 1")?;
        let root = (&block % p).modpow(&d, p);
        let step = inverse(&modulus, p).ok_or("a prime is there twice")?;
        // so many of the modulus so far that s is right mod p too
        s += &modulus * ((root + p - &s % p) * step % p);
        modulus *= p;
    }
    Ok((n.clone(), octets(&s, n.bits().div_ceil(8) as usize)))
}
