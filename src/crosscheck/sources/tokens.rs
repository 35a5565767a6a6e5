//! Tokens to be verified and to be made, and keys to be read.

use super::{Dice, key};
use crate::base64::encode_url;
use crate::jose::{Algorithm, Family, Jwk, Policy, Signer};
use crate::vectors::Request;

/// Tokens, half of them with a letter of the signature changed.
pub(super) fn verified(count: usize, dice: &mut Dice, push: &mut dyn FnMut(Request)) {
    let Some((rsa, _)) = key() else { return };
    let policy = Policy::at(0);
    for algorithm in Algorithm::ALL {
        for _ in 0..=(count / 20).min(50) {
            let is_mac = algorithm.name().starts_with("HS");
            let key = if is_mac { Jwk::from_secret(dice.bytes(64)) } else { Ok(rsa.clone()) };
            let Ok(key) = key else { return };
            let payload = dice.bytes(dice.0 as usize % 200);
            let token = Signer::new(&key, algorithm, &policy).and_then(|s| s.compact(&payload));
            let Ok(mut token) = token else { return };
            if dice.below(2) == 0 {
                // a letter of the signature that has no spare bits
                let at = token.len() - 10;
                let letter = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
                token.replace_range(at..=at, letter);
            }
            let keys = key.to_public().unwrap_or(key).to_value().to_string();
            let algorithms = vec![algorithm.name().to_owned()];
            push(Request::JwsVerify { token, payload: None, keys, algorithms, allow: vec![] });
        }
    }
}

/// Headers as people write them: `ALG` stands for the algorithm.
const HEADERS: [&str; 4] = [
    r#"{"alg":"ALG"}"#,
    r#"{"typ":"JWT","alg":"ALG","kid":"a"}"#,
    r#"{ "kid" : "\u00e9 \"/\u2028", "alg" : "ALG" }"#,
    r#"{"alg":"ALG","https://example.com/x":{"b":[1,null,true],"a":"é"}}"#,
];

/// Tokens to be made with a header of each kind.
pub(super) fn signed(count: usize, dice: &mut Dice, push: &mut dyn FnMut(Request)) {
    let rsa = super::RSA_KEY.trim();
    for algorithm in Algorithm::ALL {
        for header in HEADERS.iter().cycle().take(HEADERS.len() + (count / 20).min(50)) {
            let key = match algorithm.family() {
                Family::Hmac => secret(&dice.bytes(64)),
                Family::Rsa => rsa.to_owned(),
            };
            let header = header.replace("ALG", algorithm.name());
            let length = dice.below(200) as usize;
            let (algorithm, payload) = (algorithm.name().to_owned(), dice.bytes(length));
            push(Request::JwsSign { algorithm, key, header, payload });
        }
    }
}

/// Keys to be read: good ones, and such as are none.
pub(super) fn keys(count: usize, dice: &mut Dice, push: &mut dyn FnMut(Request)) {
    let Some((rsa, _)) = key() else { return };
    let public = rsa.to_public().unwrap_or(rsa).to_value().to_string();
    let spoilt = [("\"AQAB\"", "\"AQAB=\""), ("\"RSA\"", "\"rsa\""), ("\"e\"", "\"x\"")];
    let bad = spoilt.map(|(good, bad)| public.replacen(good, bad, 1));
    let twice = public.replacen('{', r#"{"e":"AQAB","#, 1);
    let fixed = [super::RSA_KEY.trim().to_owned(), public, twice, "{}".to_owned(), "[]".to_owned()];
    fixed.into_iter().chain(bad).for_each(|jwk| push(Request::JwkParse { jwk }));
    for _ in 0..=count.min(50) {
        let length = 1 + dice.below(100) as usize;
        push(Request::JwkParse { jwk: secret(&dice.bytes(length)) });
    }
}

fn secret(bytes: &[u8]) -> String {
    format!(r#"{{"kty":"oct","k":"{}"}}"#, encode_url(bytes))
}
