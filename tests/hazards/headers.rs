//! The header's rules (RFC 7515 §4.1.11, §7.2.1; RFC 7797) in all three serializations. Every signature
//! here is right.

use super::*;
use jotlab::jose::{Check, Failure, HeaderError, Outcome, Part, PayloadForm, Reason};
use serde_json::{Value, json};

/// The same protected header in the compact, the flattened and the general form.
fn three_forms(header: &str) -> [String; 3] {
    let compact = hs256(header, CLAIMS);
    let parts: Vec<&str> = compact.split('.').collect();
    let entry = json!({"protected": parts[0], "signature": parts[2]});
    let mut flattened = entry.clone();
    flattened["payload"] = parts[1].into();
    let general = json!({"payload": parts[1], "signatures": [entry]});
    [compact, flattened.to_string(), general.to_string()]
}

/// Why each of the three forms is refused: the same everywhere.
fn refused(header: &str) -> HeaderError {
    let errors = three_forms(header).map(|token| {
        let error = Jws::parse(&token, Relaxation::ALL.into_iter().collect()).unwrap_err();
        assert_eq!(error.part, Part::Header, "{header}");
        let Reason::Header(error) = error.reason else { panic!("{header}: {error}") };
        error
    });
    assert!(errors.iter().all(|error| *error == errors[0]), "{errors:?}");
    errors[0].clone()
}

/// CVE-2025-59420, CVE-2026-32597; RFC 7515 §4.1.11 in full.
#[test]
fn crit() {
    for (members, why) in [
        (r#""crit":"b64","b64":true"#, "is not an array"),
        (r#""crit":null"#, "is not an array"),
        (r#""crit":{"b64":1},"b64":true"#, "is not an array"),
        (r#""crit":true"#, "is not an array"),
        (r#""crit":[]"#, "is empty"),
        (r#""crit":[1]"#, "holds something that is no string"),
        (r#""crit":["b64",null],"b64":true"#, "holds something that is no string"),
        (r#""crit":[["b64"]],"b64":true"#, "holds something that is no string"),
        (r#""crit":["b64","b64"],"b64":true"#, "names a member twice"),
        (r#""crit":["b64"]"#, "names a member that is not in the protected header"),
        (r#""crit":["nowhere"]"#, "names a member that is not in the protected header"),
        (r#""crit":[""]"#, "names a member that is not in the protected header"),
    ] {
        let error = refused(&format!(r#"{{"alg":"HS256",{members}}}"#));
        assert_eq!(error, HeaderError::Crit(why), "{members}");
    }
    for name in ["exp", "http://example.invalid/UNDEFINED", "B64", "b64 ", "bork"] {
        let header = format!(r#"{{"alg":"HS256","crit":["{name}"],"{name}":true}}"#);
        assert_eq!(refused(&header), HeaderError::NotUnderstood(name.to_owned()));
        // an extension that is not critical is passed over
        let [compact, ..] = three_forms(&format!(r#"{{"alg":"HS256","{name}":true}}"#));
        assert!(check(&compact).is_ok(), "{name}");
    }
    let both = r#"{"alg":"HS256","crit":["b64","bork"],"b64":true,"bork":1}"#;
    assert_eq!(refused(both), HeaderError::NotUnderstood("bork".to_owned()));
}

/// RFC 7515 §4.1.11: names that RFC 7515 registers are no extensions.
#[test]
fn crit_names_a_registered_header() {
    for name in ["jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty"] {
        let header = format!(r#"{{"alg":"HS256","crit":["{name}"],"{name}":"x"}}"#);
        let why = "names a member that RFC 7515 itself registers";
        assert_eq!(refused(&header), HeaderError::Crit(why), "{name}");
    }
    for header in [r#"{"alg":"HS256","crit":["alg"]}"#, r#"{"alg":"HS256","crit":["crit"]}"#] {
        let why = "names a member that RFC 7515 itself registers";
        assert_eq!(refused(header), HeaderError::Crit(why));
    }
}

/// RFC 7797 §3 and §6: a verifier that does not know `b64` must stop, so `crit` lists it.
#[test]
fn b64() {
    assert_eq!(refused(r#"{"alg":"HS256","b64":false}"#), HeaderError::B64NotCritical);
    for value in [r#""false""#, "0", "null", "[]", "{}"] {
        let header = format!(r#"{{"alg":"HS256","crit":["b64"],"b64":{value}}}"#);
        let HeaderError::Type { name, .. } = refused(&header) else { panic!("{value}") };
        assert_eq!(name, "b64");
    }
    // true changes nothing, listed or not
    for header in [r#"{"alg":"HS256","b64":true}"#, r#"{"alg":"HS256","crit":["b64"],"b64":true}"#]
    {
        assert!(check(&hs256(header, CLAIMS)).is_ok());
    }
    // false and listed: the payload itself was signed, not its base64url
    let header = r#"{"alg":"HS256","crit":["b64"],"b64":false}"#;
    let token = mac_token(SECRET, &encode_url(header.as_bytes()), "$02");
    let (jws, keys) = (Jws::compact(&token).unwrap(), secret());
    let verified = jws.bind(&keys, &strict()).unwrap().verify().unwrap();
    assert_eq!((verified.payload(), verified.payload_form()), (&b"$02"[..], PayloadForm::Raw));
    let [encoded, flattened, _] = three_forms(header);
    for token in [encoded, flattened] {
        let jws = Jws::parse(&token, Relaxations::none()).unwrap();
        let keys = secret();
        let verified = jws.bind(&keys, &strict()).unwrap().verify().unwrap();
        assert_ne!(verified.payload(), CLAIMS.as_bytes());
    }
}

/// RFC 7515 §4: members that are used have their type.
#[test]
fn members_of_another_type() {
    for (member, name) in [
        (r#""alg":1"#, "alg"),
        (r#""alg":["HS256"]"#, "alg"),
        (r#""alg":"HS256","kid":1"#, "kid"),
        (r#""alg":"HS256","kid":null"#, "kid"),
        (r#""alg":"HS256","typ":{}"#, "typ"),
    ] {
        let HeaderError::Type { name: found, .. } = refused(&format!("{{{member}}}")) else {
            panic!("{member}")
        };
        assert_eq!(found, name);
    }
    assert_eq!(refused(r#"{"typ":"JWT"}"#), HeaderError::Missing("alg"));
    assert_eq!(refused(r#"{"ALG":"HS256"}"#), HeaderError::Missing("alg"));
}

/// A flattened token with both headers; the signature covers the protected one.
fn with_unprotected(protected: Option<&str>, unprotected: &Value) -> Value {
    let protected = protected.map(|json| encode_url(json.as_bytes()));
    let payload = encode_url(CLAIMS.as_bytes());
    let input = format!("{}.{payload}", protected.as_deref().unwrap_or(""));
    let signature = encode_url(&mac(Algorithm::Hs256, SECRET, &input));
    let mut token = json!({"payload": payload, "header": unprotected, "signature": signature});
    if let Some(protected) = protected {
        token["protected"] = protected.into();
    }
    token
}

/// The flattened token, and the same as an entry of a general one.
fn both_json_forms(token: &Value) -> [String; 2] {
    let mut entry = token.clone();
    let payload = entry.as_object_mut().unwrap().remove("payload").unwrap();
    let general = json!({"payload": payload, "signatures": [entry]});
    [token.to_string(), general.to_string()]
}

/// RFC 7515 §7.2.1, §10.7; RFC 7797 §3: what is not protected neither overrides nor protects.
#[test]
fn unprotected_header() {
    let hs = r#"{"alg":"HS256","kid":"a"}"#;
    let not_alg: Relaxations =
        Relaxation::ALL.into_iter().filter(|one| *one != Relaxation::UnprotectedAlg).collect();
    for (protected, unprotected, expected) in [
        (Some(hs), json!({"alg": "HS256"}), HeaderError::InBoth("alg".into())),
        (Some(hs), json!({"alg": "none"}), HeaderError::InBoth("alg".into())),
        (Some(hs), json!({"kid": "a"}), HeaderError::InBoth("kid".into())),
        (Some(hs), json!({"crit": ["b64"]}), HeaderError::Unprotected("crit")),
        (Some(hs), json!({"crit": []}), HeaderError::Unprotected("crit")),
        (Some(hs), json!({"b64": false}), HeaderError::Unprotected("b64")),
        (Some(hs), json!({"b64": true}), HeaderError::Unprotected("b64")),
        (Some(r#"{"typ":"JWT"}"#), json!({"alg": "HS256"}), HeaderError::Unprotected("alg")),
        (None, json!({"alg": "HS256"}), HeaderError::Unprotected("alg")),
        (None, json!({"kid": "a"}), HeaderError::Missing("alg")),
    ] {
        for token in both_json_forms(&with_unprotected(protected, &unprotected)) {
            let error = Jws::json_with(&token, not_alg).unwrap_err();
            assert_eq!(error.reason, Reason::Header(expected.clone()), "{token}");
        }
    }
    for token in both_json_forms(&with_unprotected(Some(r#"{"alg":"HS256"}"#), &json!({"x": 1}))) {
        let jws = Jws::json(&token).unwrap();
        assert!(jws.bind(&secret(), &strict()).unwrap().verify().is_ok());
    }
}

/// `unprotected-alg` lets it pass and is reported.
#[test]
fn unprotected_alg_by_name_only() {
    let allowed: Relaxations = [Relaxation::UnprotectedAlg].into_iter().collect();
    for protected in [Some(r#"{"typ":"JWT"}"#), None] {
        let token = with_unprotected(protected, &json!({"alg": "HS256"})).to_string();
        let jws = Jws::json_with(&token, allowed).unwrap();
        let keys = secret();
        let verified = jws.bind(&keys, &strict()).unwrap().verify().unwrap();
        assert_eq!(verified.relaxed(), allowed);
    }
}

/// RFC 8725 §3.11: what keeps an ID token from passing for an access token is not for the bearer to add.
#[test]
fn unprotected_typ() {
    let policy = strict().typ("at+jwt");
    let protected = Some(r#"{"alg":"HS256"}"#);
    for token in both_json_forms(&with_unprotected(protected, &json!({"typ": "at+jwt"}))) {
        let jws = Jws::json(&token).unwrap();
        let keys = secret();
        let verified = jws.bind(&keys, &policy).unwrap().verify().unwrap();
        assert_eq!(verified.header().typ(), None);
        let failed: Vec<_> =
            verified.checks(&policy).unwrap().into_iter().filter(Check::failed).collect();
        assert_eq!(failed[0].rule, "typ");
        assert_eq!(failed[0].outcome, Outcome::Failed(Failure::Missing));
    }
    let number = with_unprotected(protected, &json!({"typ": 1})).to_string();
    assert!(Jws::json(&number).is_err());
}
