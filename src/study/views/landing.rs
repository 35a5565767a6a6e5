//! The questions people bring, each with the way to its view.

use super::super::form::Fields;
use super::super::page::Page;
use super::super::refusal::Refusal;
use maud::html;

/// A question, where it is answered, and what is to be seen there.
const QUESTIONS: [(&str, &str, &str); 10] = [
    (
        "I have a token: what is in it?",
        "/token",
        "Its characters, the bytes behind them, what the members mean.",
    ),
    (
        "Is it encrypted?",
        "/token#encrypted",
        "No: anybody reads it, and a signature hides nothing.",
    ),
    ("Can it be forged?", "/token#edit", "Change a claim in a copy and let it be verified."),
    (
        "Why is hashing not enough?",
        "/middle",
        "Somebody in the middle, against nothing, a hash, HMAC and RS256.",
    ),
    ("HS256 or RS256?", "/compare", "Who holds which key, what it costs in bytes, who can forge."),
    (
        "What are JWKS, kid and rotation?",
        "/rotation",
        "A key is replaced, moment by moment, and verifiers say what they think of it.",
    ),
    ("How does SHA-256 work?", "/sha2", "Every round, to and fro, beside a second message."),
    ("What does RSA sign?", "/em", "The block of bytes that carries the hash, field by field."),
    ("How does a key get into a hash?", "/hmac", "HMAC: two hashes, one in the other."),
    ("Why base64url?", "/base64url", "24 bits are 4 × 6, and why tokens start with eyJ."),
];

#[expect(clippy::unnecessary_wraps, reason = "a view may refuse; this one has nothing to")]
pub(super) fn show(_: &Fields) -> Result<Page, Refusal> {
    Ok(Page {
        path: "/",
        title: "What do you want to see?".to_owned(),
        lead: "Everything here is computed as you ask for it, by the code that hashes, signs and verifies."
            .to_owned(),
        body: html! {
            ul.questions {
                @for (question, path, answer) in QUESTIONS {
                    li {
                        h2 { a href=(path) { (question) } }
                        p { (answer) }
                    }
                }
            }
        },
    })
}
