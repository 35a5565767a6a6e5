//! Keys that anybody can find: empty, short, factored.

use super::*;
use jotlab::jose::lint::{self, lint};
use jotlab::jose::{JwkError, MAX_EXPONENT_BITS, Signer, Unfit};
use jotlab::rsa::prime::is_probable_prime;
use jotlab::rsa::{KeyError, PublicKey};
use num_bigint::BigUint;

/// CVE-2025-65945, CVE-2019-20933: refused under every relaxation.
#[test]
fn empty_or_missing_secret() {
    assert_eq!(Jwk::from_secret(vec![]).unwrap_err(), JwkError::EmptySecret);
    assert_eq!(Jwk::parse(r#"{"kty":"oct","k":""}"#).unwrap_err(), JwkError::EmptySecret);
    assert_eq!(Jwk::parse(r#"{"kty":"oct"}"#).unwrap_err(), JwkError::Missing("k"));
    let wrong_type = Jwk::parse(r#"{"kty":"oct","k":null}"#).unwrap_err();
    assert_eq!(wrong_type, JwkError::Type { name: "k", expected: "a string" });

    let token = mac_token(b"", &encode_url(br#"{"alg":"HS256"}"#), &encode_url(CLAIMS.as_bytes()));
    let empty = JwkSet::parse(r#"{"keys":[{"kty":"oct","k":""}]}"#).unwrap();
    for keys in [empty, JwkSet::default()] {
        for policy in Relaxation::ALL.map(|one| strict().allow(one)).iter().chain([&lenient()]) {
            assert!(matches!(no_key(&token, &keys, policy), BindError::NoKey { .. }));
        }
    }
}

/// RFC 7518 §3.2: as long as the hash.
#[test]
fn secret_shorter_than_the_hash() {
    for (algorithm, needed) in
        [(Algorithm::Hs256, 32), (Algorithm::Hs384, 48), (Algorithm::Hs512, 64)]
    {
        let allowed = strict().allow(Relaxation::ShortHmacKey);
        for found in [1, needed - 1, needed] {
            let key = Jwk::from_secret(SECRET[..found].to_vec()).unwrap();
            let signer = Signer::new(&key, algorithm, &allowed).unwrap();
            let token = signer.compact(CLAIMS.as_bytes()).unwrap();
            let keys = JwkSet::from(key);
            if found == needed {
                assert!(verify(&token, &keys, &strict()).is_ok());
                assert_eq!(relaxed(&token, &keys, &allowed), []);
                continue;
            }
            let BindError::Unfit { unfit, .. } = no_key(&token, &keys, &strict()) else { panic!() };
            assert_eq!(unfit, Unfit::ShortSecret { found, needed });
            assert_eq!(unfit.relaxation(), Some(Relaxation::ShortHmacKey));
            assert_eq!(relaxed(&token, &keys, &allowed), [Relaxation::ShortHmacKey]);
            assert!(Signer::new(&keys.keys()[0], algorithm, &strict()).is_err());
        }
    }
}

/// RFC 7518 §3.3: 2048 bits at least.
#[test]
fn rsa_key_of_1024_bits() {
    let key = Jwk::from(PrivateKey::generate(1024).unwrap());
    let allowed = strict().allow(Relaxation::SmallRsa);
    let token = Signer::new(&key, Algorithm::Rs256, &allowed).unwrap();
    let token = token.compact(CLAIMS.as_bytes()).unwrap();
    let keys = JwkSet::from(key.to_public().unwrap());
    let BindError::Unfit { unfit, .. } = no_key(&token, &keys, &strict()) else { panic!() };
    assert_eq!(unfit, Unfit::SmallModulus(1024));
    assert_eq!(relaxed(&token, &keys, &allowed), [Relaxation::SmallRsa]);
    assert!(Signer::new(&key, Algorithm::Rs256, &strict()).is_err());
    assert!(finding_names(&keys).contains(&"small-modulus"));
}

fn finding_names(keys: &JwkSet) -> Vec<&'static str> {
    lint(keys, lint::Audience::Published).into_iter().map(|finding| finding.name).collect()
}

fn public_jwk(n: &BigUint, e: &BigUint) -> String {
    let [n, e] = [n, e].map(|x| encode_url(&x.to_bytes_be()));
    format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#)
}

fn n() -> BigUint {
    rsa_private().public().n().clone()
}

/// Wycheproof, JSON Web Key; RFC 8017 §3.1. With e = 1 every encoded message signs itself.
#[test]
fn exponent_one_or_even() {
    for e in [0u32, 1, 2, 4, 65536] {
        let jwk = public_jwk(&n(), &e.into());
        assert_eq!(Jwk::parse(&jwk).unwrap_err(), JwkError::Rsa(KeyError::Exponent), "e = {e}");
        let keys = JwkSet::parse(format!(r#"{{"keys":[{jwk}]}}"#)).unwrap();
        let BindError::NoKey { unusable, .. } = no_key(&good_rs256(), &keys, &lenient()) else {
            panic!()
        };
        assert_eq!(unusable.len(), 1);
    }
    assert_eq!(PublicKey::new(n(), n()).unwrap_err(), KeyError::Exponent);
    assert_eq!(PublicKey::new(n(), n() + 2u32).unwrap_err(), KeyError::Exponent);
}

/// A key must not make verifying expensive.
#[test]
fn exponent_huge() {
    for (e, bits) in [((BigUint::from(1u32) << 33u32) + 1u32, 34), (n() - 2u32, 2048)] {
        let keys = JwkSet::from(Jwk::parse(public_jwk(&n(), &e)).unwrap());
        let BindError::Unfit { unfit, .. } = no_key(&good_rs256(), &keys, &lenient()) else {
            panic!()
        };
        assert_eq!(unfit, Unfit::LargeExponent(bits));
        assert!(bits > MAX_EXPONENT_BITS);
    }
    // 33 bits are verified with, and it is not the right key
    let e = (BigUint::from(1u32) << 32u32) + 1u32;
    let keys = JwkSet::from(Jwk::parse(public_jwk(&n(), &e)).unwrap());
    bad_signature(&good_rs256(), &keys, &strict());
}

/// Allowed, and said by lint.
#[test]
fn exponent_three() {
    let keys = JwkSet::from(Jwk::parse(public_jwk(&n(), &3u32.into())).unwrap());
    bad_signature(&good_rs256(), &keys, &strict());
    let names = finding_names(&keys);
    assert!(names.iter().any(|name| name.contains("exponent")), "{names:?}");
}

/// CVE-2022-26320: what factors a modulus within a moment is said of the public key alone.
#[test]
fn modulus_that_is_no_product_of_two_primes_far_apart() {
    let p = rsa_private().components().p;
    let next = (1..10_000u32).map(|step| &p + 2 * step).find(|q| is_probable_prime(q, 8).unwrap());
    for (n, name) in [
        (&p * &p, Some("near-primes")),
        (&p * next.unwrap(), Some("near-primes")),
        (p.clone(), Some("prime-modulus")),
        (n(), None),
    ] {
        let keys = JwkSet::from(Jwk::parse(public_jwk(&n, &65537u32.into())).unwrap());
        let names = finding_names(&keys);
        let found = ["near-primes", "prime-modulus"].into_iter().find(|name| names.contains(name));
        assert_eq!(found, name, "{names:?}");
    }
}

/// RFC 8017 §3.1: n is a product of odd primes.
#[test]
fn modulus_even() {
    let jwk = public_jwk(&(n() + 1u32), &65537u32.into());
    assert_eq!(Jwk::parse(jwk).unwrap_err(), JwkError::Rsa(KeyError::ModulusEven));
}

/// 16384 bits are the most: the cap stands before any work.
#[test]
fn modulus_over_16384_bits() {
    let long = |bits: u32| (BigUint::from(1u32) << (bits - 1)) + 1u32;
    let error = Jwk::parse(public_jwk(&long(16385), &65537u32.into())).unwrap_err();
    assert_eq!(error, JwkError::Rsa(KeyError::ModulusTooLong(16385)));
    assert!(Jwk::parse(public_jwk(&long(16384), &65537u32.into())).is_ok());
}

/// CVE-2017-15361: modulo the small primes n is a power of 65537. This n is one altogether.
#[test]
fn roca() {
    let n = BigUint::from(65537u32).pow(128);
    assert!(n.bits() >= 2048);
    let keys = JwkSet::from(Jwk::parse(public_jwk(&n, &65537u32.into())).unwrap());
    let BindError::Unfit { unfit, .. } = no_key(&good_rs256(), &keys, &lenient()) else { panic!() };
    assert_eq!(unfit, Unfit::Roca);
    assert!(finding_names(&keys).contains(&"roca"));
}
