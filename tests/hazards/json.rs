//! JSON as two readers would read it differently (RFC 8259, RFC 7493), in the header and in the payload.

use super::*;
use jotlab::jose::json::{Error, Reason};
use jotlab::jose::{HeaderError, Part};

/// What is wrong with the JSON of a header.
fn in_header(json: &str) -> Error {
    match malformed(&hs256(json, CLAIMS)) {
        Malformed { reason: jotlab::jose::Reason::Header(HeaderError::Json(error)), .. } => error,
        other => panic!("{json}: {other:?}"),
    }
}

/// What is wrong with the JSON of a payload that is signed well.
fn in_payload(json: &str) -> Error {
    match check(&hs256(r#"{"alg":"HS256"}"#, json)) {
        Err(VerifyError::Claims(ClaimsError::Json(error))) => error,
        other => panic!("{json}: {other:?}"),
    }
}

/// The same text as a member of a header and of claims that are otherwise right.
fn in_both(member: &str) -> [Reason; 2] {
    let header = in_header(&format!(r#"{{"alg":"HS256",{member}}}"#));
    let payload = in_payload(&format!(r#"{{"exp":2000000300,{member}}}"#));
    [header.reason, payload.reason]
}

/// RFC 7515 §4, RFC 7519 §4: at any depth, in any spelling.
#[test]
fn duplicate_names() {
    let duplicate = |name: &str| Reason::Duplicate(name.to_owned());
    for (member, name) in [
        (r#""x":1,"x":1"#, "x"),
        (r#""x":1,"\u0078":2"#, "x"),
        (r#""x":{"y":[0,{"z":1,"z":2}]}"#, "z"),
        (r#""x":[[[[{"":1,"":1}]]]]"#, ""),
    ] {
        assert_eq!(in_both(member), [duplicate(name), duplicate(name)], "{member}");
    }
    for json in [r#"{"alg":"HS256","alg":"none"}"#, r#"{"alg":"none","\u0061lg":"HS256"}"#] {
        assert_eq!(in_header(json).reason, duplicate("alg"));
    }
    for json in [r#"{"exp":1,"exp":2000000300}"#, r#"{"exp":2000000300,"e\u0078p":1}"#] {
        assert_eq!(in_payload(json).reason, duplicate("exp"));
    }
    // one name in two objects is no duplicate
    assert!(check(&hs256(r#"{"alg":"HS256","x":{"alg":1},"y":{"alg":1}}"#, CLAIMS)).is_ok());
}

/// Text after the value, as a lenient reader passes over it.
#[test]
fn text_behind_the_json() {
    for text in ["{}", "x", "\0", ",", "}", "null", "//", "\u{feff}"] {
        let header = r#"{"alg":"HS256"}"#;
        let error = in_header(&format!("{header}{text}"));
        assert_eq!(error, Error { offset: header.len(), reason: Reason::Trailing }, "{text:?}");
        let error = in_payload(&format!("{CLAIMS}\n{text}"));
        assert_eq!(error, Error { offset: CLAIMS.len() + 1, reason: Reason::Trailing }, "{text:?}");
    }
}

/// RFC 7493 §2.1
#[test]
fn lone_surrogates() {
    for text in [r"\ud800", r"\udc00", r"\udbff\u0041", r"\ud800x", r"\ud83d\ud83d", r"\uDFFF"] {
        let member = format!(r#""x":"{text}""#);
        assert_eq!(in_both(&member), [Reason::LoneSurrogate, Reason::LoneSurrogate], "{text}");
        let name = format!(r#""{text}":1"#);
        assert_eq!(in_both(&name), [Reason::LoneSurrogate, Reason::LoneSurrogate], "{text}");
    }
    assert!(check(&hs256(r#"{"alg":"HS256","x":"\ud83d\ude00"}"#, CLAIMS)).is_ok());
}

/// The cap is 64, the outermost object counted.
#[test]
fn nesting() {
    let nested = |depth: usize| {
        let (open, close) = ("[".repeat(depth - 1), "]".repeat(depth - 1));
        format!(r#""x":{open}{close}"#)
    };
    assert_eq!(in_both(&nested(65)), [Reason::TooDeep, Reason::TooDeep]);
    assert_eq!(in_both(&nested(200_000)), [Reason::TooDeep, Reason::TooDeep]);
    let objects = |depth: usize| {
        let (open, close) = (r#"{"x":"#.repeat(depth - 1), "}".repeat(depth - 1));
        format!(r#"{{"exp":2000000300,"x":{open}0{close}}}"#)
    };
    assert_eq!(in_payload(&objects(65)).reason, Reason::TooDeep);
    let deepest = format!(r#"{{"alg":"HS256",{}}}"#, nested(64));
    assert!(check(&hs256(&deepest, &objects(64))).is_ok());
}

/// Numbers that no double holds, and what is no JSON number at all.
#[test]
fn numbers() {
    for number in ["1e400", "-1e400", &format!("1{}", "0".repeat(400))] {
        let member = format!(r#""x":{number}"#);
        assert_eq!(in_both(&member), [Reason::NotFinite, Reason::NotFinite], "{number}");
    }
    for number in ["01", "+1", "1.", ".5", "0x1", "NaN", "Infinity", "-", "1e", "--1"] {
        for reason in in_both(&format!(r#""x":{number}"#)) {
            assert!(matches!(reason, Reason::Expected(_)), "{number}: {reason:?}");
        }
    }
    assert!(check(&hs256(r#"{"alg":"HS256","x":1e308}"#, CLAIMS)).is_ok());
}

/// Everything else that some readers take.
#[test]
fn other_dialects() {
    for (member, reason) in [
        ("\"x\":\"a\nb\"", Reason::ControlCharacter),
        ("\"x\":\"\0\"", Reason::ControlCharacter),
        ("\"x\":'y'", Reason::Expected("a value")),
        ("x:1", Reason::Expected("a member name")),
        ("/* */\"x\":1", Reason::Expected("a member name")),
        ("\"x\":1,", Reason::Expected("a member name")),
        ("\"x\":True", Reason::Expected("a value")),
        (r#""x":"\x41""#, Reason::Expected("an escape")),
    ] {
        assert_eq!(in_both(member), [reason.clone(), reason], "{member}");
    }
    let bom = |json: &str| format!("\u{feff}{json}");
    let reasons = [in_header(&bom(r#"{"alg":"HS256"}"#)).reason, in_payload(&bom(CLAIMS)).reason];
    assert_eq!(reasons, [Reason::ByteOrderMark, Reason::ByteOrderMark]);
    for json in ["", "null", "[]", "1", "\"{}\"", "[{\"alg\":\"HS256\"}]"] {
        for reason in [in_header(json).reason, in_payload(json).reason] {
            assert!(matches!(reason, Reason::Expected(_)), "{json}: {reason:?}");
        }
    }
}

/// RFC 7515 §5.2 steps 3 and 4: UTF-8, and no other encoding of it.
#[test]
fn not_utf_8() {
    let member = |bytes: &[u8]| [b"{\"exp\":2000000300,\"x\":\"", bytes, b"\"}"].concat();
    for bytes in [&b"\xff"[..], b"\xc0\xae", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe9"] {
        let header = encode_url(br#"{"alg":"HS256"}"#);
        let token = mac_token(SECRET, &header, &encode_url(&member(bytes)));
        match check(&token) {
            Err(VerifyError::Claims(ClaimsError::Json(error))) => {
                assert_eq!(error, Error { offset: 23, reason: Reason::NotUtf8 });
            }
            other => panic!("{other:?}"),
        }
        let header = [&b"{\"alg\":\"HS256\",\"x\":\""[..], bytes, b"\"}"].concat();
        let token = mac_token(SECRET, &encode_url(&header), &encode_url(CLAIMS.as_bytes()));
        let error = malformed(&token);
        assert_eq!(error.part, Part::Header);
        let reason = HeaderError::Json(Error { offset: 20, reason: Reason::NotUtf8 });
        assert_eq!(error.reason, jotlab::jose::Reason::Header(reason));
    }
}

/// The same look at keys and key sets.
#[test]
fn duplicate_names_in_keys() {
    use jotlab::jose::{JwkError, JwkSetError, MAX_KEYS, MAX_KEYS_BYTES};
    let k = encode_url(SECRET);
    let twice = format!(r#"{{"kty":"oct","k":"{k}","kid":"a","kid":"b"}}"#);
    let duplicate = |error| match error {
        Error { reason: Reason::Duplicate(name), .. } => name,
        other => panic!("{other}"),
    };
    let Err(JwkError::Json(error)) = Jwk::parse(&twice) else { panic!() };
    assert_eq!(duplicate(error), "kid");
    let Err(JwkSetError::Json(error)) = JwkSet::parse(format!(r#"{{"keys":[{twice}]}}"#)) else {
        panic!()
    };
    assert_eq!(duplicate(error), "kid");

    let many = |count: usize| {
        let key = format!(r#"{{"kty":"oct","k":"{k}"}}"#);
        JwkSet::parse(format!(r#"{{"keys":[{}]}}"#, vec![key; count].join(",")))
    };
    assert_eq!(many(MAX_KEYS + 1).unwrap_err(), JwkSetError::TooMany(MAX_KEYS + 1));
    assert_eq!(many(MAX_KEYS).unwrap().keys().len(), MAX_KEYS);
    let long = " ".repeat(MAX_KEYS_BYTES + 1);
    assert_eq!(JwkSet::parse(&long).unwrap_err(), JwkSetError::TooLong(MAX_KEYS_BYTES + 1));
    let error = JwkSet::from_file_contents(long.as_bytes()).unwrap_err();
    assert!(matches!(error, jotlab::jose::KeyFileError::Set(JwkSetError::TooLong(_))));
}
