//! HS256 beside RS256: who holds which key, what it costs in bytes, who can forge.

use super::super::demo::{self, Pair};
use super::super::form::Fields;
use super::super::page::Page;
use super::super::parts;
use super::super::refusal::Refusal;
use crate::jose::{self, Algorithm, Jwk, JwkSet, Policy, SignError, Signer};
use maud::{Markup, html};

/// Claims that a verifier would like to be true.
const FORGED: &str = r#"{"iss":"https://issuer.example","sub":"admin","aud":"my-service","iat":2000000000,"exp":2000003600}"#;

/// One algorithm with its keys, and a token made with them.
struct Side {
    algorithm: Algorithm,
    token: String,
    /// What the issuer has, and what a verifier has.
    keys: [&'static str; 2],
    /// Bytes of a key that has to be kept secret, of one that is given away, and of a signature.
    sizes: [String; 3],
    /// What came of it when the verifier signed with what it has.
    forgery: Result<&'static str, String>,
}

pub(super) fn show(_: &Fields) -> Result<Page, Refusal> {
    let sides = [hmac()?, rsa()?];
    Ok(Page {
        path: "/compare",
        title: "HS256 or RS256?".to_owned(),
        lead: "One secret that both sides have, or a pair of which only one half signs. The same claims, made \
               and checked both ways just now."
            .to_owned(),
        body: html! {
            (table(&sides))
            section id="forge" {
                h2 { "Who can forge?" }
                p { "A verifier takes what it has to verify with, and signs as " code { "\"sub\":\"admin\"" } " with it. Then another verifier looks at that." }
                dl.facts {
                    @for side in &sides {
                        div { dt { (side.algorithm) } dd { (parts::verdict(&side.forgery.as_ref().copied())) } }
                    }
                }
            }
            section {
                h2 { "So which?" }
                ul {
                    li { strong { "One program issues and verifies: " } "HS256. It is short and fast, and there is nobody to give a key to." }
                    li { strong { "Somebody else verifies: " } "RS256. With HS256 every verifier could issue; the one that is broken into gives everything away." }
                    li { strong { "A judge must be convinced later: " } "RS256. With HS256 both sides could have made it." }
                }
                p.hint { "A verifier that takes the algorithm from the token can be given the public key as a secret. Here the key decides (RFC 8725 §3.1), and the two cannot be mixed." }
            }
            @for side in &sides { (token(side)) }
        },
    })
}

fn hmac() -> Result<Side, Refusal> {
    let secret = demo::secret()?;
    let sizes = [
        format!("{} bytes", secret.len()),
        "nothing: who has it can sign".to_owned(),
        String::new(),
    ];
    let key = Jwk::from_secret(secret).map_err(demo::fault)?;
    side(&key, key.clone(), Algorithm::Hs256, ["the secret", "the same secret"], sizes)
}

fn rsa() -> Result<Side, Refusal> {
    let key = demo::rsa(Pair::First, "issuer-1")?;
    let public = demo::public(&key)?;
    let bits = public.rsa().map_or(0, |key| key.n().bits());
    let sizes = [
        format!("d, up to {} bytes", bits.div_ceil(8)),
        format!("n and e, {} bytes", bits.div_ceil(8) + 3),
        String::new(),
    ];
    side(&key, public, Algorithm::Rs256, ["the private key", "the public key"], sizes)
}

fn side(
    key: &Jwk,
    verifier: Jwk,
    algorithm: Algorithm,
    keys: [&'static str; 2],
    mut sizes: [String; 3],
) -> Result<Side, Refusal> {
    let token = demo::sign(key, algorithm, demo::NOW, demo::CLAIMS)?;
    let signature = token.rsplit('.').next().map_or(0, str::len);
    sizes[2] = format!("{} bytes, {signature} characters", signature * 3 / 4);
    let forgery = forge(&verifier, algorithm);
    let keyset = JwkSet::from(verifier);
    jose::verify(&token, &keyset, &demo::policy(demo::NOW)).map_err(demo::fault)?;
    Ok(Side { algorithm, token, keys, sizes, forgery: accepted(forgery, &keyset) })
}

/// The verifier signs with what it verifies with.
fn forge(verifier: &Jwk, algorithm: Algorithm) -> Result<String, SignError> {
    Signer::new(verifier, algorithm, &Policy::at(demo::NOW))?.compact(FORGED.as_bytes())
}

fn accepted(forgery: Result<String, SignError>, keys: &JwkSet) -> Result<&'static str, String> {
    let token = forgery.map_err(|error| format!("it cannot even be signed: {error}"))?;
    jose::verify(&token, keys, &demo::policy(demo::NOW))
        .map(|_| "every verifier is an issuer too: nobody can tell it from the real one")
        .map_err(|error| error.to_string())
}

fn table([hs, rs]: &[Side; 2]) -> Markup {
    let rows = [
        ("the issuer signs with", [hs.keys[0], rs.keys[0]]),
        ("a verifier checks with", [hs.keys[1], rs.keys[1]]),
        ("kept secret", [&hs.sizes[0], &rs.sizes[0]]),
        ("given away", [&hs.sizes[1], &rs.sizes[1]]),
        ("the signature", [&hs.sizes[2], &rs.sizes[2]]),
    ];
    let lengths = [hs, rs].map(|side| format!("{} characters", side.token.len()));
    html! {
        table.stacked {
            thead { tr { th scope="col" { "" } th scope="col" { "HS256" } th scope="col" { "RS256" } } }
            tbody {
                @for (name, [left, right]) in rows {
                    tr { th scope="row" { (name) } td data-name="HS256" { (left) } td data-name="RS256" { (right) } }
                }
                tr { th scope="row" { "the whole token" } td data-name="HS256" { (lengths[0]) } td data-name="RS256" { (lengths[1]) } }
            }
        }
    }
}

fn token(side: &Side) -> Markup {
    let mut parts = side.token.splitn(3, '.');
    html! {
        section {
            h2 { "The token, " (side.algorithm) }
            p.token {
                @for (letter, class) in [("H", "h"), ("P", "p"), ("S", "s")] {
                    span.part.(class) { span.letter { (letter) " " } code { (parts.next().unwrap_or_default()) } }
                }
            }
        }
    }
}
