//! Tokens: claims into a struct; issuer, audience and expiry checked on both sides.

use crate::interleave::{Bar, Contender, Table};
use crate::keys::Keys;
use jotlab::cpu::Ifma;
use jotlab::jose::{self, Jwk, JwkSet, Jws, Policy, Signer};
use jotlab::rsa::encoding;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use std::hint::black_box;

const ISSUER: &str = "https://issuer.example.com";
const AUDIENCE: &str = "https://api.example.com";
/// A time that has not come: the peer reads the clock.
const NOW: i64 = 4_000_000_000;

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    exp: i64,
    iat: i64,
    jti: String,
    scope: String,
    email: String,
}

fn claims() -> Claims {
    Claims {
        iss: ISSUER.to_owned(),
        sub: "user-1234567890".to_owned(),
        aud: AUDIENCE.to_owned(),
        exp: NOW + 3600,
        iat: NOW,
        jti: "f81d4fae-7dec-11d0".to_owned(),
        scope: "read write".to_owned(),
        email: "jane@example.com".to_owned(),
    }
}

/// One algorithm with its key on both sides.
pub(crate) struct Side {
    header: Header,
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    /// What is published, or the secret.
    pub(crate) keys: JwkSet,
    signing: Jwk,
    pub(crate) policy: Policy,
    algorithm: jose::Algorithm,
}

impl Side {
    pub(crate) fn hs256() -> Side {
        let secret = [7; 32];
        let jwk = Jwk::from_secret(secret.to_vec()).expect("a secret");
        Side::new(
            (Algorithm::HS256, jose::Algorithm::Hs256),
            (EncodingKey::from_secret(&secret), DecodingKey::from_secret(&secret)),
            (jwk.clone(), jwk),
        )
    }

    pub(crate) fn rs256(keys: &Keys) -> Side {
        let private = encoding::pkcs1_private_der(&keys.ours);
        let public = encoding::pkcs1_public_der(keys.ours.public());
        Side::new(
            (Algorithm::RS256, jose::Algorithm::Rs256),
            (EncodingKey::from_rsa_der(&private), DecodingKey::from_rsa_der(&public)),
            (keys.ours.clone().into(), keys.ours.public().clone().into()),
        )
    }

    fn new(
        (theirs, algorithm): (Algorithm, jose::Algorithm),
        (encoding, decoding): (EncodingKey, DecodingKey),
        (signing, verifying): (Jwk, Jwk),
    ) -> Side {
        let mut validation = Validation::new(theirs);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        let policy = Policy::at(NOW).algorithms([algorithm]).issuer(ISSUER).audience(AUDIENCE);
        Side {
            header: Header::new(theirs),
            encoding,
            decoding,
            validation,
            keys: JwkSet::from(verifying),
            signing,
            policy,
            algorithm,
        }
    }

    pub(crate) fn token(&self) -> String {
        jsonwebtoken::encode(&self.header, &claims(), &self.encoding).expect("the key fits")
    }

    fn ours(&self, token: &str) -> Claims {
        let jws = Jws::compact(token).unwrap();
        let verified = jws.bind(&self.keys, &self.policy).unwrap().verify().unwrap();
        verified.claims(&self.policy).unwrap().claims
    }

    pub(crate) fn theirs(&self, token: &str) -> usize {
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.decoding, &self.validation);
        decoded.unwrap().claims.sub.len()
    }

    fn verify(&self, table: &mut Table, name: &'static str, needs: bool, bar: f64) {
        let token = self.token();
        let contenders = [
            Contender::new("jotlab", || self.ours(black_box(&token))),
            Contender::new("jsonwebtoken", || self.theirs(black_box(&token))),
        ];
        table.compare(name, contenders).needs(needs).bar(Bar::Ratio(bar));
    }

    fn sign(&self, table: &mut Table, name: &'static str, needs: bool, bar: f64) {
        let claims = claims();
        let signer = Signer::new(&self.signing, self.algorithm, &self.policy).unwrap();
        let ours = || {
            let payload = serde_json::to_vec(black_box(&claims)).unwrap();
            signer.compact(&payload).unwrap()
        };
        let contenders = [
            Contender::new("jotlab", ours),
            Contender::new("jsonwebtoken", || {
                jsonwebtoken::encode(&self.header, black_box(&claims), &self.encoding).unwrap()
            }),
        ];
        table.compare(name, contenders).needs(needs).bar(Bar::Ratio(bar));
    }
}

pub(crate) fn rows(table: &mut Table) {
    let keys = Keys::generate(2048);
    let (hs, rs) = (Side::hs256(), Side::rs256(&keys));
    let has = Ifma::detect().is_some();
    hs.verify(table, "JWT HS256 verify", has, 3.0);
    rs.verify(table, "JWT RS256 verify", has, 2.5);
    let token = rs.token();
    let tokens = [token.as_str(); 64];
    let contenders = [
        Contender::new("jotlab", || {
            let verdicts = jose::verify_many(black_box(&tokens), &rs.keys, &rs.policy);
            assert!(verdicts.iter().all(Result::is_ok));
        }),
        Contender::new("jsonwebtoken", || tokens.map(|token| rs.theirs(black_box(token)))),
    ];
    table.compare("JWT RS256 verify, 64 at once", contenders).needs(has).bar(Bar::Ratio(4.0));
    hs.sign(table, "JWT HS256 sign", has, 1.8);
    rs.sign(table, "JWT RS256 sign", has, 0.85);
}
