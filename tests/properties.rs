//! What holds for every input: pieces and the whole, there and back, and no way from a changed token to a
//! verdict.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use jotlab::base64;
use jotlab::encoding::pem;
use jotlab::hmac::Hmac;
use jotlab::jose::{
    self, Algorithm, Content, Family, Jwk, JwkSet, Jws, Material, Policy, Relaxation, Relaxations,
    Signer, Unverified, json,
};
use jotlab::rsa::encoding::{
    Form, Key, from_any_der, from_der, from_pem_block, pkcs1_private_der, pkcs1_public_der,
    pkcs8_der, spki_der,
};
use jotlab::rsa::{PrivateKey, PublicKey};
use jotlab::sha2::{self, Hasher};
use num_bigint::BigUint;
use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::sync::LazyLock;

const NOW: i64 = 2_000_000_000;
const SECRET: [u8; 64] = [0x5a; 64];

/// The RSA key of RFC 7515 appendix A.2.
static RSA: LazyLock<Jwk> =
    LazyLock::new(|| Jwk::parse(include_str!("../vectors/keys/rfc7515-a2.jwk.json")).unwrap());
static OCT: LazyLock<Jwk> = LazyLock::new(|| Jwk::from_secret(SECRET.to_vec()).unwrap());

fn key(algorithm: Algorithm) -> &'static Jwk {
    match algorithm.family() {
        Family::Hmac => &OCT,
        Family::Rsa => &RSA,
    }
}

fn lenient() -> Policy {
    Relaxation::ALL.into_iter().fold(Policy::at(NOW), Policy::allow)
}

fn signed(algorithm: Algorithm, payload: &[u8]) -> (String, String) {
    let signer = Signer::new(key(algorithm), algorithm, &Policy::at(NOW)).unwrap();
    let flattened = signer.flattened(payload, Content::Attached).unwrap();
    (signer.compact(payload).unwrap(), flattened.to_string())
}

/// The payload of a token in any serialization, if its signature holds under every relaxation.
fn verified(token: &str, algorithm: Algorithm) -> Option<Vec<u8>> {
    let relaxations: Relaxations = Relaxation::ALL.into_iter().collect();
    let keys = JwkSet::from(key(algorithm).clone());
    let jws = Jws::parse(token, relaxations).ok()?;
    let bound = jws.bind(&keys, &lenient()).ok()?;
    bound.verify().ok().map(|verified| verified.payload().to_vec())
}

/// `text` with the byte at an index changed to another ASCII one.
fn changed(text: &str, at: Index, to: u8) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = at.index(bytes.len());
    bytes[at] = if bytes[at] == to { to ^ 1 } else { to };
    String::from_utf8(bytes).unwrap()
}

/// `data` cut at any places, with empty pieces among the others.
fn pieces<'d>(data: &'d [u8], cuts: &[Index]) -> Vec<&'d [u8]> {
    let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(data.len() + 1)).collect();
    at.extend([0, data.len()]);
    at.sort_unstable();
    at.windows(2).map(|ends| &data[ends[0]..ends[1]]).collect()
}

/// A public key whose numbers are any that are allowed: verifying is not asked of it.
fn public_key() -> impl Strategy<Value = PublicKey> {
    (vec(any::<u8>(), 9..80), any::<u32>()).prop_map(|(mut n, e)| {
        n[0] |= 1;
        *n.last_mut().unwrap() |= 1;
        PublicKey::new(BigUint::from_bytes_be(&n), BigUint::from(e | 3)).unwrap()
    })
}

fn name() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(any::<String>())
}

fn jwk() -> impl Strategy<Value = Jwk> {
    let material = prop_oneof![
        // a secret that begins so is neither PEM nor DER nor JSON
        vec(any::<u8>(), 0..80)
            .prop_map(|rest| [&[0xff][..], &rest].concat())
            .prop_map(|secret| { Jwk::from_secret(secret).unwrap() }),
        public_key().prop_map(Jwk::from),
        Just(RSA.clone()),
    ];
    // each once (RFC 7517 §4.3)
    let ops = btree_set(any::<String>(), 0..3).prop_map(|ops| ops.into_iter().collect());
    let ops = proptest::option::of(ops);
    (material, name(), name(), name(), ops).prop_map(|(mut jwk, kid, alg, usage, key_ops)| {
        let parameters = jwk.parameters_mut();
        (parameters.kid, parameters.alg) = (kid, alg);
        (parameters.usage, parameters.key_ops) = (usage, key_ops);
        jwk
    })
}

fn hashes() -> impl Strategy<Value = sha2::Algorithm> {
    select(sha2::Algorithm::ALL.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn a_hash_in_pieces_is_the_hash_of_the_whole(
        algorithm in hashes(),
        data in vec(any::<u8>(), 0..700),
        cuts in vec(any::<Index>(), 0..12),
    ) {
        let mut hasher = Hasher::new(algorithm);
        for piece in pieces(&data, &cuts) {
            hasher.update(piece);
        }
        let (digest, whole) = (hasher.finish(), algorithm.digest(&data));
        prop_assert_eq!(digest.as_bytes(), whole.as_bytes());
    }

    #[test]
    fn a_mac_in_pieces_is_the_mac_of_the_whole(
        algorithm in hashes(),
        key in vec(any::<u8>(), 0..300),
        data in vec(any::<u8>(), 0..500),
        cuts in vec(any::<Index>(), 0..8),
    ) {
        let key = Hmac::new(algorithm, &key);
        let mut stream = key.stream();
        for piece in pieces(&data, &cuts) {
            stream.update(piece);
        }
        let tag = stream.finish();
        prop_assert_eq!(&tag[..], &key.mac(&data)[..]);
        prop_assert!(key.verify(&data, &tag));
    }

    #[test]
    fn base64_comes_back(bytes in vec(any::<u8>(), 0..200)) {
        let (url, standard) = (base64::encode_url(&bytes), base64::encode_standard(&bytes));
        prop_assert_eq!(base64::decode_url(&url).unwrap(), &bytes[..]);
        prop_assert_eq!(base64::decode_standard(&standard).unwrap(), &bytes[..]);
    }

    /// What is taken at all is the one spelling of its bytes.
    #[test]
    fn base64_has_one_spelling(text in "[A-Za-z0-9_=+/ -]{0,12}|[AQgw_-]{0,9}") {
        if let Ok(bytes) = base64::decode_url(&text) {
            prop_assert_eq!(base64::encode_url(&bytes), &text[..]);
        }
        if let Ok(bytes) = base64::decode_standard(&text) {
            prop_assert_eq!(base64::encode_standard(&bytes), text);
        }
    }

    #[test]
    fn pem_comes_back(label in "[A-Z]{1,10}( [A-Z]{1,10})?", contents in vec(any::<u8>(), 0..300)) {
        let blocks = pem::parse(&pem::write(&label, &contents)).unwrap();
        prop_assert_eq!(blocks.len(), 1);
        prop_assert_eq!((&blocks[0].label, &blocks[0].contents), (&label, &contents));
    }

    #[test]
    fn a_public_key_in_der_and_pem_comes_back(key in public_key()) {
        for (form, der) in [(Form::Pkcs1Public, pkcs1_public_der(&key)), (Form::Spki, spki_der(&key))] {
            let blocks = pem::parse(&pem::write(form.label(), &der)).unwrap();
            for read in [from_der(form, &der), from_any_der(&der), from_pem_block(&blocks[0])] {
                let Ok(Key::Public(read)) = read else { panic!("{read:?}") };
                prop_assert_eq!(&read, &key);
            }
        }
    }

    #[test]
    fn a_jwk_comes_back(jwk in jwk()) {
        let value = jwk.to_value();
        let read = Jwk::parse(value.to_string()).unwrap();
        prop_assert_eq!(read.to_value(), value);
        prop_assert_eq!(read.canonical(), jwk.canonical());
    }

    #[test]
    fn a_jwk_set_comes_back(keys in vec(jwk(), 0..4)) {
        let value = keys.into_iter().collect::<JwkSet>().to_value();
        for read in [
            JwkSet::parse(value.to_string()).unwrap(),
            JwkSet::from_file_contents(value.to_string().as_bytes()).unwrap(),
        ] {
            prop_assert_eq!(read.unusable(), []);
            prop_assert_eq!(read.to_value(), value.clone());
        }
    }

    #[test]
    fn random_bytes_never_panic(bytes in vec(any::<u8>(), 0..200)) {
        never_panics(&bytes);
    }

    /// Near what is meant: letters of the formats, in any order.
    #[test]
    fn nearly_right_texts_never_panic(
        words in vec(select(vec![
            "{", "}", "[", "]", ":", ",", "\"", "\"alg\"", "\"HS256\"", "\"keys\"", "\"kty\"", "\"oct\"",
            "\"k\"", "\"signatures\"", "\"protected\"", "\"payload\"", "1e9", "-", "null", "\\u", "d800",
            ".", "eyJhbGciOiJIUzI1NiJ9", "e30", "AA", "=", " ", "\n", "-----BEGIN ", "-----END ", "X",
            "-----", "\u{feff}", "é", "0\u{82}\u{1}",
        ]), 0..24)
    ) {
        never_panics(words.concat().as_bytes());
    }

    /// A DER key cut, or with a byte changed, is another key or an error.
    #[test]
    fn broken_der_never_panics(at in any::<Index>(), to in any::<u8>(), cut in any::<Index>()) {
        let Material::RsaPrivate(key) = RSA.material() else { panic!() };
        for mut der in [pkcs8_der(key), pkcs1_private_der(key), spki_der(key.public())] {
            let place = at.index(40.min(der.len()));
            der[place] = to;
            never_panics(&der);
            never_panics(&der[..cut.index(der.len())]);
        }
    }
}

fn never_panics(bytes: &[u8]) {
    let _checked = json::check(bytes);
    let _keys = JwkSet::from_file_contents(bytes).map_err(|error| error.to_string());
    let text = String::from_utf8_lossy(bytes);
    let _parts = Unverified::of(&text);
    for relaxations in [Relaxations::none(), Relaxation::ALL.into_iter().collect()] {
        let _jws = Jws::parse(&text, relaxations).map_err(|error| error.to_string());
    }
    let keys = JwkSet::from(OCT.clone());
    let _claims = jose::verify(&text, &keys, &lenient()).map_err(|error| error.to_string());
}

proptest! {
    // each case costs private operations
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn what_is_signed_verifies(
        algorithm in select(Algorithm::ALL.to_vec()),
        payload in vec(any::<u8>(), 0..300),
    ) {
        let (compact, flattened) = signed(algorithm, &payload);
        prop_assert_eq!(verified(&compact, algorithm), Some(payload.clone()));
        prop_assert_eq!(verified(&flattened, algorithm), Some(payload));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn a_changed_compact_token_is_refused(
        algorithm in select(vec![Algorithm::Hs256, Algorithm::Hs512, Algorithm::Rs256]),
        at in any::<Index>(),
        to in 0u8..0x80,
    ) {
        let token = changed(&token(algorithm).0, at, to);
        prop_assert_eq!(verified(&token, algorithm), None, "{}", token);
    }

    /// Every byte but the JSON around the parts is covered; in the JSON a change makes another structure.
    #[test]
    fn a_changed_flattened_token_is_refused(
        algorithm in select(vec![Algorithm::Hs256, Algorithm::Hs512, Algorithm::Rs256]),
        at in any::<Index>(),
        to in 0u8..0x80,
    ) {
        let token = changed(&token(algorithm).1, at, to);
        prop_assert_eq!(verified(&token, algorithm), None, "{}", token);
    }
}

/// One token of each algorithm, signed once.
fn token(algorithm: Algorithm) -> &'static (String, String) {
    static TOKENS: LazyLock<Vec<(String, String)>> =
        LazyLock::new(|| Algorithm::ALL.map(|one| signed(one, br#"{"exp":2000000300}"#)).to_vec());
    let place = Algorithm::ALL.iter().position(|one| *one == algorithm).unwrap();
    &TOKENS[place]
}

/// A new key of a length not used elsewhere, in each form that has its private part.
#[test]
fn private_keys_come_back() {
    for bits in [512, 768, 1024] {
        let key = PrivateKey::generate(bits).unwrap();
        for (form, der) in
            [(Form::Pkcs1Private, pkcs1_private_der(&key)), (Form::Pkcs8, pkcs8_der(&key))]
        {
            let blocks = pem::parse(&pem::write(form.label(), &der)).unwrap();
            for read in [from_der(form, &der), from_any_der(&der), from_pem_block(&blocks[0])] {
                let Ok(Key::Private(read)) = read else { panic!("{read:?}") };
                assert!(read.components() == key.components());
            }
        }
        let jwk = Jwk::from(key);
        assert_eq!(Jwk::parse(jwk.to_value().to_string()).unwrap().to_value(), jwk.to_value());
    }
}
