//! Somebody in the middle changes a message: what the receiver accepts, with nothing, a hash, HMAC, RS256.

use super::super::demo::{self, Pair};
use super::super::form::Fields;
use super::super::page::Page;
use super::super::parts;
use super::super::refusal::Refusal;
use crate::ct;
use crate::hmac::Hmac;
use crate::jose::{Jwk, Material};
use crate::rsa::{PrivateKey, PublicKey, pkcs1v15};
use crate::sha2::Algorithm;
use maud::{Markup, html};

/// The longest message.
const MOST_BYTES: usize = 1024;

/// What somebody without the sender's key does, and what the receiver said.
struct Attempt {
    does: &'static str,
    accepted: bool,
    because: &'static str,
}

/// What stands beside the message, and how it fared.
struct Protection {
    name: &'static str,
    beside: String,
    /// A change without anything else: what noise does.
    accident: Attempt,
    /// The best that somebody can do who knows how it is made, but no key.
    attack: Attempt,
    /// What the receiver can make with what it has, and show as the sender's.
    receiver: Attempt,
}

pub(super) fn show(fields: &Fields) -> Result<Page, Refusal> {
    let message = fields.bytes("message", "pay 10 to bob", MOST_BYTES)?;
    let changed = fields.bytes("changed", "pay 1000 to eve", MOST_BYTES)?;
    let rows =
        [plain(), hash(&message, &changed), mac(&message, &changed)?, signed(&message, &changed)?];
    Ok(Page {
        path: "/middle",
        title: "Somebody in the middle".to_owned(),
        lead: "A message goes from one to another, and somebody between them changes it. Each line was really \
               made and really checked, just now."
            .to_owned(),
        body: html! {
            form.ask method="get" action="/middle" {
                label { "Message" input name="message" value=(fields.or("message", "pay 10 to bob")) maxlength="1024" autocomplete="off"; }
                label { "What it is changed to" input name="changed" value=(fields.or("changed", "pay 1000 to eve")) maxlength="1024" autocomplete="off"; }
                button { "Send it" }
            }
            @if message == changed {
                p.remark { "Both are the same: nothing is changed, so there is nothing to see." }
            } @else {
                @for row in &rows { (section(row)) }
                (who(&rows))
            }
        },
    })
}

fn attempt(does: &'static str, accepted: bool, because: &'static str) -> Attempt {
    Attempt { does, accepted, because }
}

fn plain() -> Protection {
    let nothing = "there is nothing to compare it with";
    Protection {
        name: "Nothing",
        beside: String::new(),
        accident: attempt("changes the message", true, nothing),
        attack: attempt("changes the message", true, nothing),
        receiver: attempt("writes it", true, "anybody can have written it"),
    }
}

fn hash(message: &[u8], changed: &[u8]) -> Protection {
    let digest = |message| Algorithm::Sha256.digest(message);
    let accepts = |message, sent: &[u8]| ct::eq(digest(message).as_bytes(), sent);
    let sent = digest(message);
    let made = digest(changed);
    Protection {
        name: "A hash: SHA-256",
        beside: sent.to_string(),
        accident: attempt(
            "changes the message, not the hash",
            accepts(changed, sent.as_bytes()),
            "the hash is of another message",
        ),
        attack: attempt(
            "changes the message, and hashes it anew",
            accepts(changed, made.as_bytes()),
            "a hash needs no key: whoever changes the one changes the other",
        ),
        receiver: attempt(
            "hashes it",
            accepts(changed, made.as_bytes()),
            "anybody can have hashed it",
        ),
    }
}

fn mac(message: &[u8], changed: &[u8]) -> Result<Protection, Refusal> {
    let key = Hmac::new(Algorithm::Sha256, &demo::secret()?);
    let guessed = Hmac::new(Algorithm::Sha256, b"a key that was guessed");
    let sent = key.mac(message);
    Ok(Protection {
        name: "HMAC with SHA-256 (HS256)",
        beside: hex::encode(&*sent),
        accident: attempt(
            "changes the message, not the tag",
            key.verify(changed, &sent),
            "the tag is of another message",
        ),
        attack: attempt(
            "changes the message, and tags it with a guessed key",
            key.verify(changed, &guessed.mac(changed)),
            "the right tag needs the key",
        ),
        receiver: attempt(
            "tags it, with the key that it needs to verify",
            key.verify(changed, &key.mac(changed)),
            "both sides have the same key: a judge cannot tell who made it",
        ),
    })
}

fn signed(message: &[u8], changed: &[u8]) -> Result<Protection, Refusal> {
    let own = demo::rsa(Pair::First, "sender")?;
    let (sender, attacker) = (private(&own)?.clone(), demo::rsa(Pair::Second, "attacker")?);
    let attacker = private(&attacker)?;
    let digest = |message| Algorithm::Sha256.digest(message);
    let sign =
        |key: &PrivateKey, message| pkcs1v15::sign(key, &digest(message)).map_err(demo::fault);
    let public: &PublicKey = sender.public();
    let accepts =
        |message, signature: &[u8]| pkcs1v15::verify(public, &digest(message), signature).is_ok();
    let sent = sign(&sender, message)?;
    Ok(Protection {
        name: "A signature: RSA with SHA-256 (RS256)",
        beside: hex::encode(&sent),
        accident: attempt(
            "changes the message, not the signature",
            accepts(changed, &sent),
            "the signature is of another message",
        ),
        attack: attempt(
            "changes the message, and signs it with another key",
            accepts(changed, &sign(attacker, changed)?),
            "it is not the sender's key",
        ),
        // the best that it has: the public key alone signs nothing, so it shows the signature it once got
        receiver: attempt(
            "shows the signature that it got, having only the public key",
            accepts(changed, &sent),
            "the public key verifies and signs nothing: it must be the sender's",
        ),
    })
}

fn private(key: &Jwk) -> Result<&PrivateKey, Refusal> {
    match key.material() {
        Material::RsaPrivate(key) => Ok(key),
        _ => Err(demo::fault("no private key")),
    }
}

fn section(row: &Protection) -> Markup {
    html! {
        section {
            h2 { (row.name) }
            @if !row.beside.is_empty() {
                p.beside { span.why { "sent beside the message: " } code.hex { (row.beside) } }
            }
            table.stacked {
                thead { tr { th scope="col" { "what happens" } th scope="col" { "the receiver" } } }
                tbody {
                    @for (who, attempt) in [("Noise", &row.accident), ("An attacker", &row.attack), ("The receiver itself", &row.receiver)] {
                        tr {
                            th scope="row" { (who) ": " span.why { (attempt.does) } }
                            td { (parts::verdict(&if attempt.accepted { Ok(attempt.because) } else { Err(attempt.because) })) }
                        }
                    }
                }
            }
        }
    }
}

/// What follows from the attempts: the properties that the words promise.
fn who(rows: &[Protection]) -> Markup {
    let mark =
        |holds: bool| html! { @if holds { span.yes { "✓ yes" } } @else { span.no { "✗ no" } } };
    html! {
        section id="who" {
            h2 { "Who could have made it?" }
            p { "Read off from what was accepted above." }
            table.stacked {
                thead { tr {
                    th scope="col" { "beside the message" }
                    th scope="col" { "noise is seen" }
                    th scope="col" { "integrity: a change by somebody is seen" }
                    th scope="col" { "authentication: the receiver knows who" }
                    th scope="col" { "non-repudiation: a judge knows who" }
                } }
                tbody {
                    @for row in rows {
                        @let [noise, change] = [!row.accident.accepted, !row.attack.accepted];
                        tr {
                            th scope="row" { (row.name) }
                            td data-name="noise is seen" { (mark(noise)) }
                            td data-name="integrity" { (mark(noise && change)) }
                            td data-name="authentication" { (mark(noise && change)) }
                            td data-name="non-repudiation" { (mark(noise && change && !row.receiver.accepted)) }
                        }
                    }
                }
            }
            p.hint { "None of the four hides the message, and none sees that an old one is sent again." }
        }
    }
}
