//! The keys and tokens that are exchanged with another library, and how its tokens are judged.

use crate::tools::{Dir, jotlab};
use jotlab::encoding::pem;
use jotlab::jose::{Algorithm, Family, Jwk, Material};
use jotlab::rsa::encoding::{Form, pkcs8_der, spki_der};
use serde_json::{Map, Value, json};

/// 64 bytes: long enough for HS512.
pub(crate) const SECRET: &str = "correct horse battery staple, and then some more to be 64 bytes!";
/// What every token says. Other libraries look at their own clock: it expires in 2100.
pub(crate) const CLAIMS: &str = r#"{"iss":"https://issuer.example","sub":"Zoë \"🦀\"","aud":"interop","iat":1700000000,"exp":4102444800}"#;

/// Keys in files, and as the PEM that the other side reads.
pub(crate) struct Exchange {
    dir: Dir,
    private: String,
    public: String,
}

impl Exchange {
    pub(crate) fn new() -> Exchange {
        let jwk = Jwk::parse(include_str!("../../vectors/keys/rfc7515-a2.jwk.json")).unwrap();
        let Material::RsaPrivate(key) = jwk.material() else { panic!("not a private RSA key") };
        let private = pem::write(Form::Pkcs8.label(), &pkcs8_der(key));
        let public = pem::write(Form::Spki.label(), &spki_der(key.public()));
        let dir = Dir::new();
        dir.file("private.pem", &private);
        dir.file("public.pem", &public);
        dir.file("secret", SECRET);
        Exchange { dir, private, public }
    }

    fn key_options(&self, algorithm: Algorithm, rsa: &str) -> [String; 2] {
        let path = |name| self.dir.path(name).to_str().unwrap().to_owned();
        match algorithm.family() {
            Family::Hmac => ["--secret".to_owned(), format!("@{}", path("secret"))],
            Family::Rsa => ["--key".to_owned(), path(rsa)],
        }
    }

    /// A token of `jotlab sign` for each algorithm, with the keys: what the other side gets as its stdin.
    pub(crate) fn question(&self) -> Value {
        let sign = |algorithm: Algorithm| {
            let [option, key] = self.key_options(algorithm, "private.pem");
            let name = algorithm.name();
            let output = jotlab(&["sign", &option, &key, "--alg", name, "--claims", CLAIMS]);
            assert!(output.status.success(), "{name}: {output:?}");
            let token = String::from_utf8(output.stdout).unwrap().trim_end().to_owned();
            (name.to_owned(), Value::from(token))
        };
        let tokens: Map<String, Value> = Algorithm::ALL.into_iter().map(sign).collect();
        json!({
            "secret": SECRET, "private": self.private, "public": self.public,
            "claims": serde_json::from_str::<Value>(CLAIMS).unwrap(), "tokens": tokens,
        })
    }

    /// Judges the answer: `verified` holds the claims by algorithm as the other side read them, `tokens`
    /// its own tokens of the same claims.
    pub(crate) fn judge(&self, answer: &[u8]) {
        let answer: Value = serde_json::from_slice(answer).unwrap();
        let claims: Value = serde_json::from_str(CLAIMS).unwrap();
        for algorithm in Algorithm::ALL {
            let name = algorithm.name();
            assert_eq!(answer["verified"][name], claims, "{name}");
            let token = answer["tokens"][name].as_str().unwrap();
            let [option, key] = self.key_options(algorithm, "public.pem");
            let verify = |token: &str| {
                jotlab(&[
                    "verify", token, &option, &key, "--alg", name, "--aud", "interop", "--json",
                ])
            };
            let good = verify(token);
            assert_eq!(good.status.code(), Some(0), "{name}: {good:?}");
            let report: Value = serde_json::from_slice(&good.stdout).unwrap();
            assert_eq!(report["claims"]["values"], claims, "{name}");
            assert_eq!(verify(&other_first_letter_of_signature(token)).status.code(), Some(1));
        }
    }
}

fn other_first_letter_of_signature(token: &str) -> String {
    let (rest, signature) = token.rsplit_once('.').unwrap();
    let letter = if signature.starts_with('A') { 'B' } else { 'A' };
    format!("{rest}.{letter}{}", &signature[1..])
}
