//! Who chooses the algorithm and the key: never the token.

use super::*;
use jotlab::encoding::pem;
use jotlab::jose::{BadSignature, Chosen, JwkError, Unfit};
use jotlab::rsa::encoding::{pkcs1_private_der, pkcs1_public_der, pkcs8_der, spki_der};

/// CVE-2015-9235 and its family; RFC 8725 §3.2.
#[test]
fn alg_none_in_any_spelling() {
    for alg in ["none", "None", "NONE", "nOnE", " none", "none ", "none\\u0000", "", "null"] {
        let header = format!(r#"{{"alg":"{alg}"}}"#);
        let signed = hs256(&header, CLAIMS);
        let (input, _) = signed.rsplit_once('.').unwrap();
        for token in [signed.clone(), format!("{input}.")] {
            for keys in [secret(), rsa_public(), JwkSet::default()] {
                let error = no_key(&token, &keys, &lenient());
                assert!(matches!(error, BindError::UnknownAlgorithm(_)), "{alg:?}: {error:?}");
            }
        }
    }
    let nothing = hs256(r#"{"alg":null}"#, CLAIMS);
    assert!(matches!(check(&nothing), Err(VerifyError::Malformed(_))));
}

/// RFC 7515 §4.1.1: names are case-sensitive.
#[test]
fn alg_in_another_spelling() {
    for alg in
        ["hs256", "Hs256", "HS256 ", " HS256", "HS2560", "HS-256", "sha256", "PS256", "ES256"]
    {
        let token = hs256(&format!(r#"{{"alg":"{alg}"}}"#), CLAIMS);
        let error = no_key(&token, &secret(), &lenient());
        assert_eq!(error, BindError::UnknownAlgorithm(alg.to_owned()));
    }
}

/// CVE-2026-22817: the caller's list decides, then the key.
#[test]
fn alg_of_the_header_trusted() {
    let only_rs = strict().algorithms([Algorithm::Rs256]);
    let error = no_key(&good_hs256(), &secret(), &only_rs);
    assert_eq!(error, BindError::NotAllowed(Algorithm::Hs256));
    let error = no_key(&good_hs256(), &secret(), &strict().algorithms([]));
    assert_eq!(error, BindError::NotAllowed(Algorithm::Hs256));

    // the same hash, the other family: the key's type decides
    let token = rs256(r#"{"alg":"RS256"}"#, CLAIMS);
    let BindError::NoKey { unfit, .. } = no_key(&token, &secret(), &strict()) else { panic!() };
    assert!(matches!(unfit[..], [(_, Unfit::Type("oct"))]));
}

/// A key without `alg` is common: it works by its type, for every algorithm of that type.
#[test]
fn key_without_alg() {
    for algorithm in Algorithm::ALL {
        let keys: JwkSet = match algorithm.family() {
            jotlab::jose::Family::Hmac => secret(),
            jotlab::jose::Family::Rsa => RSA.clone().into(),
        };
        let signer = jotlab::jose::Signer::new(&keys.keys()[0], algorithm, &strict()).unwrap();
        let token = signer.compact(CLAIMS.as_bytes()).unwrap();
        assert!(verify(&token, &keys, &strict()).is_ok(), "{algorithm}");
    }
}

/// The forms in which a key could be taken for a secret, with what they are called.
fn key_texts() -> Vec<(&'static str, Vec<u8>)> {
    let (private, public) = (rsa_private(), rsa_private().public());
    let jwk = RSA.to_public().unwrap().to_value();
    let jwks = rsa_public().to_value();
    let spki = pem::write("PUBLIC KEY", &spki_der(public));
    let pkcs1 = pem::write("RSA PUBLIC KEY", &pkcs1_public_der(public));
    let mut texts = vec![
        ("PEM", pem::write("PRIVATE KEY", &pkcs8_der(private)).into_bytes()),
        ("PEM", pem::write("CERTIFICATE", b"any contents").into_bytes()),
        ("PEM", spki.replace('\n', "\r\n").into_bytes()),
        ("PEM", format!("a comment\n{spki}").into_bytes()),
        ("DER", spki_der(public)),
        ("DER", pkcs1_public_der(public)),
        ("DER", pkcs1_private_der(private)),
        ("DER", pkcs8_der(private)),
        ("JWK", jwk.to_string().into_bytes()),
        ("JWK", format!("\n {jwk}\r\n").into_bytes()),
        ("JWK", serde_json::to_vec_pretty(&jwk).unwrap()),
        ("JWK", jwks.to_string().into_bytes()),
        ("JWK", format!("{jwks}\n").into_bytes()),
    ];
    for text in [spki, pkcs1] {
        texts.push(("PEM", text.trim_end().as_bytes().to_vec()));
        texts.push(("PEM", text.into_bytes()));
    }
    texts
}

/// CVE-2016-10555, CVE-2024-33663, CVE-2026-48526.
#[test]
fn public_key_as_hmac_secret() {
    for (form, text) in key_texts() {
        let shown = String::from_utf8_lossy(&text);
        let error = Jwk::from_secret(text.clone()).unwrap_err();
        assert_eq!(error, JwkError::SecretIsKey(form), "{shown}");
        let oct = format!(r#"{{"kty":"oct","k":"{}"}}"#, encode_url(&text));
        assert_eq!(Jwk::parse(&oct).unwrap_err(), JwkError::SecretIsKey(form), "{shown}");

        // the attack itself: the verifier has the public key, the attacker made a MAC with its text
        let header = encode_url(br#"{"alg":"HS256"}"#);
        let token = mac_token(&text, &header, &encode_url(CLAIMS.as_bytes()));
        let set = JwkSet::parse(format!(r#"{{"keys":[{oct}]}}"#)).unwrap();
        assert_eq!(set.unusable().len(), 1);
        for keys in [rsa_public(), set] {
            let error = no_key(&token, &keys, &lenient());
            let BindError::NoKey { algorithm: Algorithm::Hs256, unfit, .. } = error else {
                panic!("{error}")
            };
            assert!(unfit.iter().all(|(_, unfit)| *unfit == Unfit::Type("RSA")));
        }
    }
    // and from a file the text is the public key that it is
    for (_, text) in key_texts().into_iter().filter(|(form, _)| *form == "DER") {
        assert_eq!(JwkSet::from_file_contents(&text).unwrap().keys()[0].kty(), "RSA");
    }
}

/// CVE-2018-0114; RFC 8725 §3.10: nothing in a token brings a key, and nothing is fetched.
#[test]
fn key_brought_by_the_token() {
    let attacker = PrivateKey::generate(2048).unwrap();
    let jwk = Jwk::from(attacker.public().clone()).to_value();
    let certificate = encode_url(&spki_der(attacker.public()));
    for member in [
        format!(r#""jwk":{jwk}"#),
        r#""jku":"https://attacker.invalid/jwks.json""#.to_owned(),
        r#""x5u":"https://attacker.invalid/cert.pem""#.to_owned(),
        format!(r#""x5c":["{certificate}"]"#),
        format!(r#""jwk":{jwk},"x5c":["{certificate}"],"jku":"file:///etc/keys""#),
    ] {
        let header = format!(r#"{{"alg":"RS256",{member}}}"#);
        let input = format!("{}.{}", encode_url(header.as_bytes()), encode_url(CLAIMS.as_bytes()));
        let digest = Algorithm::Rs256.hash().digest(input.as_bytes());
        let signature = pkcs1v15::sign(&attacker, &digest).unwrap();
        let token = format!("{input}.{}", encode_url(&signature));
        let error = verify(&token, &rsa_public(), &lenient()).unwrap_err();
        assert_eq!(error, VerifyError::Signature(BadSignature), "{member}");
        let error = no_key(&token, &JwkSet::default(), &lenient());
        assert!(matches!(error, BindError::NoKey { .. }), "{member}");
    }
}

/// The class of CVE-2021-41106; RFC 8725 §3.10: `kid` is compared and nothing else.
#[test]
fn kid_is_more_than_a_name() {
    let long = "k".repeat(100_000);
    let kids = [
        "../../../../dev/null",
        "/proc/sys/kernel/randomize_va_space",
        "x' UNION SELECT 'secret' --",
        "key$(id)|id;`id`",
        "\0",
        "good\0",
        "GOOD",
        "good ",
        "",
        "good/../good",
        "*",
        &long,
    ];
    let named = |kid: &str| {
        let mut key = Jwk::from_secret(SECRET.to_vec()).unwrap();
        key.parameters_mut().kid = Some(kid.to_owned());
        JwkSet::from(key)
    };
    for kid in kids {
        let header = serde_json::json!({"alg": "HS256", "kid": kid}).to_string();
        let token = hs256(&header, CLAIMS);
        let BindError::NoKey { kid: Some(sought), .. } = no_key(&token, &named("good"), &lenient())
        else {
            panic!("{kid:?}")
        };
        assert_eq!(sought, kid);
        // the very same bytes are a name like any other
        let jws = Jws::compact(&token).unwrap();
        let keys = named(kid);
        assert_eq!(jws.bind(&keys, &strict()).unwrap().chosen(), Chosen::ByKid);
        assert!(verify(&token, &keys, &strict()).is_ok());
    }
}

/// Wycheproof, JSON Web Key: no silent choice among several.
#[test]
fn several_keys_match() {
    let key = |kid: Option<&str>, last: u8| {
        let mut secret = SECRET.to_vec();
        secret[63] = last;
        let mut key = Jwk::from_secret(secret).unwrap();
        key.parameters_mut().kid = kid.map(str::to_owned);
        key
    };
    let token = |kid: Option<&str>| match kid {
        Some(kid) => hs256(&format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#), CLAIMS),
        None => good_hs256(),
    };
    // (kids of the set, kid of the token): the first key is the right one each time
    for (kids, kid, listed) in [
        ([Some("a"), Some("a")], Some("a"), "\"a\""),
        ([Some("a"), Some("a")], None, "\"a\""),
        ([Some("a"), Some("b")], None, "\"b\""),
        ([None, None], None, "without kid"),
        ([None, None], Some("a"), "without kid"),
        ([None, Some("b")], None, "\"b\""),
    ] {
        let keys: JwkSet = [key(kids[0], b'f'), key(kids[1], b'0')].into_iter().collect();
        let BindError::Ambiguous(candidates) = no_key(&token(kid), &keys, &lenient()) else {
            panic!("{kids:?} {kid:?}")
        };
        assert_eq!(candidates.len(), 2, "{candidates:?}");
        assert!(candidates[1].contains(listed), "{candidates:?}");
    }
    let keys: JwkSet = [key(Some("a"), b'f'), key(Some("b"), b'0')].into_iter().collect();
    assert!(verify(&token(Some("a")), &keys, &strict()).is_ok());
    bad_signature(&token(Some("b")), &keys, &strict());
}

/// A signature is bound to its own header, whichever token it is held against.
#[test]
fn signature_of_another_token() {
    let mine = good_hs256();
    let (_, signature) = mine.rsplit_once('.').unwrap();
    let header = encode_url(br#"{"alg":"HS256","typ":"at+jwt"}"#);
    let other = format!("{header}.{}.{signature}", encode_url(b"{}"));
    let (mine, other) = (Jws::compact(&mine).unwrap(), Jws::compact(&other).unwrap());
    let keys = secret();
    let bound = mine.bind_signature(&other.signatures()[0], &keys, &lenient()).unwrap();
    assert_eq!(bound.signing_input()[0], header.as_bytes());
    assert!(bound.verify().is_err());
    let copy = mine.signatures()[0].clone();
    assert!(mine.bind_signature(&copy, &keys, &lenient()).unwrap().verify().is_ok());
}
