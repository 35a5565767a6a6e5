//! Keys that are not fit: too short, too weak, too costly, or no secret at all. Each signature is good.

use super::source::{inverse, private_jwk, public_jwk};
use super::{Entry, ForgeError, Smithy, hs_by, oct};
use crate::base64::{encode_standard, encode_url};
use crate::rsa::PrivateKey;
use crate::rsa::emsa::{self, Parameters};
use crate::rsa::encoding::spki_der;
use crate::sha2::Algorithm;
use num_bigint::BigUint;
use num_integer::Integer;
use serde_json::{Value, json};

const REFUSED: &str = "key refused";
const HS: &str = r#"{"alg":"HS256"}"#;

pub(super) fn entries(smithy: &Smithy) -> Result<Vec<Entry>, ForgeError> {
    let mut entries = secrets(smithy);
    let verify = |id: &str, clause, comment: &str, result: &str, token: String, key: Value| {
        let fields = json!({ "token": token, "key": key });
        Entry::new(id, "jws.verify", clause, comment, result, fields)
    };
    let small = smithy.source.key("rsa-1024", 1024, 65537)?;
    let nearly = smithy.source.key("rsa-2046", 2046, 65537)?;
    let three = smithy.source.key("exponent-three", 2048, 3)?;
    let [p, q] = smithy.source.roca_primes()?;
    let roca = PrivateKey::from_primes(p, q, BigUint::from(65537_u32))?;
    let clause = "RFC 7518 §3.3";
    for (id, clause, comment, result, key) in [
        ("rsa-1024", clause, "catches an RSA key under 2048 bits", REFUSED, &small),
        ("rsa-2046", clause, "catches a border that is off by a little", REFUSED, &nearly),
        ("rsa-2048", clause, "a key that just fits", "success", &smithy.rsa),
        ("exponent-three", "RFC 8017 §3.1", "e = 3 is odd, but no fault", "success", &three),
        ("roca", "CVE-2017-15361", "catches a modulus that can be factored", REFUSED, &roca),
    ] {
        let public = public_jwk(key.public().n(), key.public().e());
        entries.push(verify(id, clause, comment, result, signed(key)?, public));
    }
    let (token, key) = exponent(smithy, &BigUint::from(1_u32))?;
    entries.push(verify(
        "exponent-one",
        "RFC 8017 §3.1",
        "catches e = 1: anybody can sign",
        REFUSED,
        token,
        key,
    ));
    // 2⁶⁴ + 13 is odd; one verification costs as much as thirty
    let large = (BigUint::from(1_u32) << 64_u32) + 13_u32;
    let (token, key) = exponent(smithy, &large)?;
    entries.push(verify(
        "exponent-large",
        "denial of service",
        "catches e of any length",
        REFUSED,
        token,
        key,
    ));
    entries.extend(private(smithy)?);
    Ok(entries)
}

fn secrets(smithy: &Smithy) -> Vec<Entry> {
    let mut entries = vec![];
    for (id, length, result) in
        [("secret-31", 31, REFUSED), ("secret-1", 1, REFUSED), ("secret-32", 32, "success")]
    {
        let secret = smithy.source.bytes("short", length);
        let fields = json!({ "token": hs_by(&secret, HS, "payload"), "key": oct(&secret) });
        let comment = "catches a secret shorter than the hash";
        entries.push(Entry::new(id, "jws.verify", "RFC 7518 §3.2", comment, result, fields));
    }
    let fields = json!({ "token": hs_by(b"", HS, "payload"), "key": oct(b"") });
    let comment = "catches a secret of no bytes";
    entries.push(Entry::new(
        "secret-empty",
        "jws.verify",
        "RFC 7518 §3.2",
        comment,
        REFUSED,
        fields,
    ));
    let der = spki_der(smithy.rsa.public());
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        encode_standard(&der)
    );
    for (id, comment, result, secret) in [
        ("import-random", "a secret of random bytes", "success", smithy.source.bytes("import", 32)),
        ("import-empty", "catches a secret of no bytes", REFUSED, vec![]),
        (
            "import-pem",
            "catches a public key that is taken for a secret",
            REFUSED,
            pem.into_bytes(),
        ),
        ("import-der", "catches a public key that is taken for a secret", REFUSED, der),
        (
            "import-jwk",
            "catches a public key that is taken for a secret",
            REFUSED,
            smithy.public().to_string().into_bytes(),
        ),
    ] {
        let fields = json!({ "secret": hex::encode(secret) });
        entries.push(Entry::new(id, "secret.import", "RFC 8725 §3.1", comment, result, fields));
    }
    entries
}

/// An RS256 token by any key; the library's own signer would refuse most of these.
fn signed(key: &PrivateKey) -> Result<String, ForgeError> {
    let input = format!("{}.{}", encode_url(br#"{"alg":"RS256"}"#), encode_url(b"payload"));
    let digest = Algorithm::Sha256.digest(input.as_bytes());
    Ok(format!("{input}.{}", encode_url(&crate::rsa::pkcs1v15::sign(key, &digest)?)))
}

/// The 2048-bit key with another public exponent, and a token that is good by it.
fn exponent(smithy: &Smithy, e: &BigUint) -> Result<(String, Value), ForgeError> {
    let parts = smithy.rsa.components();
    let lambda = (&parts.p - 1_u32).lcm(&(&parts.q - 1_u32));
    let d = inverse(e, &lambda).ok_or("e has no inverse")?;
    let input = format!("{}.{}", encode_url(br#"{"alg":"RS256"}"#), encode_url(b"payload"));
    let digest = Algorithm::Sha256.digest(input.as_bytes());
    let em = emsa::encode(&digest, Parameters::Null, 256)?;
    let s = BigUint::from_bytes_be(&em).modpow(&d, &parts.n).to_bytes_be();
    let s = [&vec![0; 256 - s.len()][..], &s].concat();
    Ok((format!("{input}.{}", encode_url(&s)), public_jwk(&parts.n, e)))
}

/// Private keys whose numbers do not fit together; the public part is right, and so is the token.
fn private(smithy: &Smithy) -> Result<Vec<Entry>, ForgeError> {
    let token = smithy.rs(r#"{"alg":"RS256"}"#, "payload")?;
    let right = private_jwk(&smithy.rsa);
    let other = private_jwk(&smithy.source.key("other", 2048, 65537)?);
    let mut cases = vec![("private-right", "a private key verifies too", "success", right.clone())];
    for (id, name) in [
        ("private-d", "d"),
        ("private-p", "p"),
        ("private-q", "q"),
        ("private-dp", "dp"),
        ("private-dq", "dq"),
        ("private-qi", "qi"),
    ] {
        let mut key = right.clone();
        key[name] = other[name].clone();
        cases.push((id, "catches numbers of a private key that do not fit", REFUSED, key));
    }
    let mut more = right;
    more["oth"] = json!([{ "r": "AQ", "d": "AQ", "t": "AQ" }]);
    cases.push(("private-oth", "catches primes that are passed over", REFUSED, more));
    let entry = |(id, comment, result, key): (&str, &str, &str, Value)| {
        let fields = json!({ "token": token, "key": key });
        Entry::new(id, "jws.verify", "RFC 8017 §3.2", comment, result, fields)
    };
    Ok(cases.into_iter().map(entry).collect())
}
