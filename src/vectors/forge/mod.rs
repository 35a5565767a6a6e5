//! The forge: our own vectors, made from a seed. One failure a case; the stage that must refuse is stated,
//! and the comment says which bug it catches. What a case states follows from how it is made, never from
//! what this library answers.
//!
//! | file | what |
//! |---|---|
//! | `source` | bytes, primes and keys from the seed |
//! | `hash`, `mac`, `stretch`, `encoding` | SHA-2, HMAC, PBKDF2, base64url |
//! | `blocks`, `keys` | RSA signatures over blocks of any content, by keys of any numbers |
//! | `form`, `header` | tokens: their form, their headers |
//! | `choice`, `confusion`, `strength` | which key, and whether it is fit |
//! | `signature` | the signature itself |
//! | `claims` | what a JWT states |

mod blocks;
mod choice;
mod claims;
mod confusion;
mod encoding;
mod form;
mod hash;
mod header;
mod keys;
mod mac;
mod signature;
mod source;
mod strength;
mod stretch;

use crate::base64::encode_url;
use crate::hmac::Hmac;
use crate::rsa::{PrivateKey, pkcs1v15};
use crate::sha2::Algorithm;
use serde_json::{Value, json};
use source::Source;

/// The seed of `vectors/jotlab/`.
pub const SEED: &str = "jotlab vectors 1";

/// File name and contents of each suite.
///
/// # Errors
///
/// When a signature cannot be made: there is no randomness for blinding.
pub fn forge(seed: &str) -> Result<Vec<(&'static str, String)>, ForgeError> {
    let smithy = Smithy::new(seed)?;
    let suites: [(&str, &str, Vec<Entry>); 13] = [
        ("sha2-updates.json", "SHA-2 by several updates, and of bits", hash::updates(&smithy)),
        ("sha2-messages.json", "SHA-2 of long and odd messages", hash::messages(&smithy)),
        ("hmac.json", "HMAC keys and comparisons", mac::entries(&smithy)),
        ("pbkdf2.json", "PBKDF2 counts, lengths and passwords", stretch::entries(&smithy)?),
        ("base64url.json", "base64url, strict", encoding::entries(&smithy)),
        ("rsa-blocks.json", "RSA signatures over forged blocks", blocks::blocks(&smithy)?),
        ("rsa-keys.json", "RSA keys that no verifier may take", keys::entries(&smithy)?),
        ("jws-form.json", "forms of tokens", form::entries(&smithy)),
        ("jws-header.json", "headers of tokens", header::entries(&smithy)),
        ("jws-choice.json", "the choice of the key", choice::entries(&smithy)?),
        ("jws-strength.json", "keys that are not fit", strength::entries(&smithy)?),
        ("jws-signature.json", "signatures of tokens", signature::entries(&smithy)?),
        ("jwt-claims.json", "claims", claims::entries(&smithy)),
    ];
    let source = format!("made by `jotlab vectors forge` from the seed \"{seed}\"");
    Ok(suites
        .into_iter()
        .map(|(file, name, entries)| {
            let cases: Vec<Value> = entries.into_iter().map(Entry::into_value).collect();
            let suite = json!({
                "format": "jotlab-vectors/1", "suite": format!("jotlab: {name}"),
                "source": source, "cases": cases,
            });
            (file, format!("{suite:#}\n"))
        })
        .collect())
}

/// Why nothing was forged.
pub type ForgeError = Box<dyn core::error::Error + Send + Sync>;

/// A case.
struct Entry {
    id: String,
    op: &'static str,
    clause: &'static str,
    comment: String,
    fields: Value,
}

impl Entry {
    /// A case of a figure's operation, which states its outcome by its own members.
    fn figure(
        id: impl Into<String>,
        op: &'static str,
        clause: &'static str,
        comment: impl Into<String>,
        fields: Value,
    ) -> Entry {
        Entry { id: id.into(), op, clause, comment: comment.into(), fields }
    }

    /// A case with its result: `success`, a stage, or `hex:` and the output.
    fn new(
        id: impl Into<String>,
        op: &'static str,
        clause: &'static str,
        comment: impl Into<String>,
        result: &str,
        mut fields: Value,
    ) -> Entry {
        fields["result"] = json!(result);
        Entry::figure(id, op, clause, comment, fields)
    }

    fn into_value(self) -> Value {
        let mut value = self.fields;
        value["id"] = json!(self.id);
        value["op"] = json!(self.op);
        value["clause"] = json!(self.clause);
        value["comment"] = json!(self.comment);
        value
    }
}

/// What all cases are made with.
struct Smithy {
    source: Source,
    /// 64 bytes: long enough for every hash.
    secret: Vec<u8>,
    /// 2048 bits, e = 65537.
    rsa: PrivateKey,
}

impl Smithy {
    fn new(seed: &str) -> Result<Smithy, ForgeError> {
        let source = Source::new(seed);
        let rsa = source.key("rsa-2048", 2048, 65537)?;
        Ok(Smithy { secret: source.bytes("secret", 64), rsa, source })
    }

    /// The secret as a JWK.
    fn oct(&self) -> Value {
        oct(&self.secret)
    }

    /// The public key as a JWK.
    fn public(&self) -> Value {
        source::public_jwk(self.rsa.public().n(), self.rsa.public().e())
    }

    /// A compact token of any header and payload, its HS256 good whatever they say.
    fn hs(&self, header: &str, payload: &str) -> String {
        hs_by(&self.secret, header, payload)
    }

    /// The same by RS256.
    fn rs(&self, header: &str, payload: &str) -> Result<String, ForgeError> {
        let input = format!("{}.{}", encode_url(header.as_bytes()), encode_url(payload.as_bytes()));
        let digest = Algorithm::Sha256.digest(input.as_bytes());
        Ok(format!("{input}.{}", encode_url(&pkcs1v15::sign(&self.rsa, &digest)?)))
    }
}

fn oct(secret: &[u8]) -> Value {
    json!({ "kty": "oct", "k": encode_url(secret) })
}

fn hs_by(secret: &[u8], header: &str, payload: &str) -> String {
    let input = format!("{}.{}", encode_url(header.as_bytes()), encode_url(payload.as_bytes()));
    format!("{input}.{}", mac_of(secret, &input))
}

/// The HS256 code of a signing input.
fn mac_of(secret: &[u8], input: &str) -> String {
    encode_url(&Hmac::new(Algorithm::Sha256, secret).mac(input.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suites_in_the_tree_are_what_the_seed_gives() {
        for (name, text) in forge(SEED).unwrap() {
            let file = crate::vectors::embedded_file(&format!("jotlab/{name}"));
            let file = file.unwrap_or_else(|| panic!("{name} is not embedded"));
            assert!(
                file.bytes == text.as_bytes(),
                "{name} differs: rm vectors/jotlab/* && jotlab vectors forge vectors/jotlab"
            );
        }
    }
}
