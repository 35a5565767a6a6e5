//! `--allow`: refused without the name, accepted with it, and what was needed is said.

use crate::support::{
    CLAIMS, Dir, Run, SECRET, hs256, jotlab, lenient, private, public_pem, rsa, rsa_of, secret,
    token,
};
use jotlab::jose::{Algorithm, Content, Jwk, Relaxation, Signer};
use serde_json::json;

struct Case {
    relaxation: Relaxation,
    token: String,
    key: [String; 2],
    exit: i32,
}

fn verify(case: &Case, options: &[&str]) -> Run {
    let [option, key] = &case.key;
    let all = ["verify", &case.token, option, key, "--now", "2000000000"];
    jotlab(&[&all[..], options].concat())
}

fn assert_needed(case: &Case) {
    let name = case.relaxation.name();
    let strict = verify(case, &[]).exits(case.exit);
    assert!(!strict.err.contains("needed"), "{name}: {}", strict.err);
    for other in Relaxation::ALL {
        if other != case.relaxation {
            verify(case, &["--allow", other.name()]).exits(case.exit);
        }
    }
    let run = verify(case, &["--allow", name]).exits(0);
    assert!(run.err.contains(&format!("needed --allow {name}")), "{name}: {}", run.err);
    let report = verify(case, &["--allow", name, "--json"]).exits(0).json();
    assert_eq!(report["relaxed"], json!([name]));
    // all of them at once: only the one that was needed is named
    let all: Vec<&str> = Relaxation::ALL.map(Relaxation::name).to_vec();
    let report = verify(case, &["--allow", &all.join(","), "--json"]).exits(0).json();
    assert_eq!(report["relaxed"], json!([name]));
}

fn by_secret(relaxation: Relaxation, token: String, exit: i32) -> Case {
    Case { relaxation, token, key: ["--secret".to_owned(), SECRET.to_owned()], exit }
}

#[test]
fn claims_are_let_pass_by_name() {
    assert_needed(&by_secret(Relaxation::NoExpiry, hs256(r#"{"iss":"a"}"#), 4));
    let claims = r#"{"exp":2000000300,"aud":"x"}"#;
    assert_needed(&by_secret(Relaxation::AnyAudience, hs256(claims), 4));
}

#[test]
fn weak_keys_are_let_pass_by_name() {
    let short = Jwk::from_secret(b"short".to_vec()).unwrap();
    let mut case = by_secret(Relaxation::ShortHmacKey, token(&short, Algorithm::Hs256, CLAIMS), 5);
    case.key[1] = "short".to_owned();
    assert_needed(&case);
    let dir = Dir::new();
    let small = rsa_of(1024);
    assert_needed(&Case {
        relaxation: Relaxation::SmallRsa,
        token: token(&small, Algorithm::Rs256, CLAIMS),
        key: ["--key".to_owned(), dir.file("p", public_pem(&small))],
        exit: 5,
    });
}

#[test]
fn padding_is_let_pass_by_name() {
    let token = hs256(CLAIMS);
    assert_eq!(token.rsplit('.').next().unwrap().len() % 4, 3, "32 bytes end in one =");
    assert_needed(&by_secret(Relaxation::Base64Padding, token + "=", 3));
}

#[test]
fn an_alg_that_is_not_protected_is_let_pass_by_name() {
    let key = secret();
    let policy = lenient().allow(Relaxation::UnprotectedAlg);
    let members = json!({"alg": "HS256"}).as_object().unwrap().clone();
    let signer = Signer::with_headers(&key, Algorithm::Hs256, "", members, &policy).unwrap();
    let token = signer.flattened(CLAIMS.as_bytes(), Content::Attached).unwrap();
    assert_needed(&by_secret(Relaxation::UnprotectedAlg, token.to_string(), 3));
}

#[test]
fn a_missing_null_is_let_pass_by_name() {
    let dir = Dir::new();
    let jwk = rsa();
    let input = {
        let encode = jotlab::base64::encode_url;
        format!("{}.{}", encode(br#"{"alg":"RS256"}"#), encode(CLAIMS.as_bytes()))
    };
    let digest = jotlab::sha2::Algorithm::Sha256.digest(input.as_bytes());
    let absent = jotlab::rsa::emsa::Parameters::Absent;
    let encoded = jotlab::rsa::emsa::encode(&digest, absent, 256).unwrap();
    // the private operation by hand: nothing here makes such a signature
    let parts = private(&jwk).components();
    let message = num_bigint::BigUint::from_bytes_be(&encoded);
    let signature = message.modpow(&parts.d, &parts.n).to_bytes_be();
    let padded = [vec![0; 256 - signature.len()], signature].concat();
    let token = format!("{input}.{}", jotlab::base64::encode_url(&padded));
    let key = ["--key".to_owned(), dir.file("p", public_pem(&jwk))];
    assert_needed(&Case { relaxation: Relaxation::MissingNull, token, key, exit: 1 });
}

#[test]
fn signing_with_a_weak_key_needs_the_same_names() {
    let sign = ["sign", "--secret", "short", "--claims", CLAIMS];
    jotlab(&sign).exits(5).says("--allow short-hmac-key");
    jotlab(&[&sign[..], &["--allow", "short-hmac-key"]].concat()).exits(0);
    let dir = Dir::new();
    let small = dir.file("k", rsa_of(1024).to_value().to_string());
    let sign = ["sign", "--key", &small, "--claims", CLAIMS];
    jotlab(&sign).exits(5).says("--allow small-rsa");
    jotlab(&[&sign[..], &["--allow", "small-rsa"]].concat()).exits(0);
    jotlab(&[&sign[..], &["--allow", "everything"]].concat()).exits(2);
}
