//! What a key says of its own use, and keys that are not whole.

use super::*;
use jotlab::jose::{JwkError, NumericDate, Operation, Signer, Unfit};
use jotlab::rsa::KeyError;
use serde_json::{Value, json};

/// Wycheproof, JSON Web Key; RFC 7517 §4.2 to §4.4.
#[test]
fn alg_use_key_ops_and_exp_of_the_key() {
    let unfit = |members: Value| {
        let mut jwk = RSA.to_public().unwrap().to_value();
        jwk.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        let keys = JwkSet::from(Jwk::parse(jwk.to_string()).unwrap());
        match verify(&good_rs256(), &keys, &lenient()) {
            Ok(_) => None,
            Err(VerifyError::Key(BindError::NoKey { mut unfit, .. })) => Some(unfit.remove(0).1),
            Err(other) => panic!("{members}: {other:?}"),
        }
    };
    for alg in ["RS384", "rs256", "PS256", "RSA-OAEP", "HS256", ""] {
        assert_eq!(unfit(json!({ "alg": alg })), Some(Unfit::Alg(alg.to_owned())));
    }
    for usage in ["enc", "SIG", ""] {
        assert_eq!(unfit(json!({ "use": usage })), Some(Unfit::Usage(usage.to_owned())));
    }
    for ops in [json!([]), json!(["sign"]), json!(["encrypt", "VERIFY"])] {
        assert_eq!(unfit(json!({ "key_ops": ops })), Some(Unfit::KeyOps(Operation::Verify)));
    }
    for exp in [0, NOW - 1, NOW] {
        let expired = Unfit::Expired(NumericDate::from_seconds(exp));
        assert_eq!(unfit(json!({ "exp": exp })), Some(expired));
    }
    let all = json!({"alg": "RS256", "use": "sig", "key_ops": ["verify", "sign"], "exp": NOW + 1});
    assert_eq!(unfit(all), None);
}

/// RFC 7517 §4.3: an operation stands there once; a public key that is made from a private one keeps to it.
#[test]
fn operation_twice() {
    let mut jwk = RSA.to_value();
    jwk["key_ops"] = json!(["verify", "sign", "verify"]);
    let error = Jwk::parse(jwk.to_string()).unwrap_err();
    assert_eq!(error, JwkError::RepeatedOperation("verify".to_owned()));
    jwk["key_ops"] = json!(["sign", "encrypt", "verify", "decrypt"]);
    let public = Jwk::parse(jwk.to_string()).unwrap().to_public().unwrap();
    assert_eq!(public.parameters().key_ops, Some(vec!["verify".to_owned(), "encrypt".to_owned()]));
}

/// The same of a signer's key, and a public key does not sign.
#[test]
fn signing_with_a_key_for_something_else() {
    let mut key = RSA.clone();
    key.parameters_mut().key_ops = Some(vec!["verify".to_owned()]);
    let unfit = |key: &Jwk| match Signer::new(key, Algorithm::Rs256, &lenient()) {
        Err(jotlab::jose::SignError::Key { unfit, .. }) => unfit,
        other => panic!("{other:?}"),
    };
    assert_eq!(unfit(&key), Unfit::KeyOps(Operation::Sign));
    assert_eq!(unfit(&RSA.to_public().unwrap()), Unfit::PublicOnly);
}

/// Wycheproof, JSON Web Key: which of the two was put there by mistake decides who can forge.
#[test]
fn set_of_secrets_and_public_keys() {
    let mut keys = rsa_public();
    keys.push(Jwk::from_secret(SECRET.to_vec()).unwrap());
    for token in [good_rs256(), good_hs256()] {
        assert_eq!(no_key(&token, &keys, &lenient()), BindError::MixedSet);
    }
}

/// RFC 8017 §3.2: every part of a private key is checked against the others.
#[test]
fn inconsistent_private_key() {
    let good = RSA.to_value();
    let refused = |jwk: &Value| Jwk::parse(jwk.to_string()).unwrap_err();
    // two odd numbers differ by an even one: this stays odd and is another number
    let changed = |name: &str| {
        let mut jwk = good.clone();
        let mut bytes = jotlab::base64::decode_url(jwk[name].as_str().unwrap()).unwrap();
        bytes[100] ^= 2;
        jwk[name] = encode_url(&bytes).into();
        jwk
    };
    for (name, why) in [
        ("n", "p·q is not n"),
        ("p", "p·q is not n"),
        ("q", "p·q is not n"),
        ("d", "d does not undo e"),
        ("dp", "dp is not d mod (p − 1)"),
        ("dq", "dq is not d mod (q − 1)"),
        ("qi", "qi is not the inverse of q mod p"),
    ] {
        let error = refused(&changed(name));
        assert_eq!(error, JwkError::Rsa(KeyError::Inconsistent(why)), "{name}");
    }
    let mut other_e = good.clone();
    other_e["e"] = "Aw".into();
    let error = refused(&other_e);
    assert_eq!(error, JwkError::Rsa(KeyError::Inconsistent("d does not undo e")));

    // p and q exchanged, with everything else as it was
    let mut exchanged = good.clone();
    (exchanged["p"], exchanged["q"]) = (good["q"].clone(), good["p"].clone());
    assert!(matches!(refused(&exchanged), JwkError::Rsa(KeyError::Inconsistent(_))));

    for name in ["p", "q", "dp", "dq", "qi"] {
        let mut partial = good.clone();
        partial.as_object_mut().unwrap().remove(name);
        assert_eq!(refused(&partial), JwkError::PartialPrivateKey(name));
    }
    // only n, e and d: d must undo e
    let bare = |d: &Value| json!({"kty": "RSA", "n": good["n"], "e": good["e"], "d": d});
    assert!(Jwk::parse(bare(&good["d"]).to_string()).is_ok());
    let error = refused(&bare(&changed("d")["d"]));
    let why = "d does not undo e modulo two primes";
    assert_eq!(error, JwkError::Rsa(KeyError::Inconsistent(why)));
}

/// RFC 7518 §6.3.2.7: keys of more primes are refused, not read without them.
#[test]
fn other_primes() {
    for oth in [json!([{"r": "Aw", "d": "Aw", "t": "Aw"}]), json!([]), Value::Null] {
        let mut jwk = RSA.to_value();
        jwk["oth"] = oth;
        assert_eq!(Jwk::parse(jwk.to_string()).unwrap_err(), JwkError::OtherPrimes);
    }
}

/// RFC 7518 §6.3.1.1: one spelling of a key, so one thumbprint.
#[test]
fn leading_zero_octets_in_a_key() {
    for name in ["n", "e", "d", "p"] {
        let mut jwk = RSA.to_value();
        let bytes = jotlab::base64::decode_url(jwk[name].as_str().unwrap()).unwrap();
        jwk[name] = encode_url(&[&[0][..], &bytes].concat()).into();
        assert_eq!(Jwk::parse(jwk.to_string()).unwrap_err(), JwkError::LeadingZero(name));
    }
}

/// CVE-2022-29217's neighbour: a key of a type that is not built is named, never used in another way.
#[test]
fn key_on_a_curve() {
    let x = encode_url(&[4; 32]);
    let ec = format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{x}"}}"#);
    let keys = JwkSet::from(Jwk::parse(&ec).unwrap());
    for token in [good_hs256(), good_rs256()] {
        let BindError::NoKey { unfit, .. } = no_key(&token, &keys, &lenient()) else { panic!() };
        assert!(matches!(unfit[..], [(_, Unfit::NotBuilt("P-256"))]));
    }
}
