//! A token taken apart: its characters, the bytes behind them, what they mean; and, with a key, verified.

mod anatomy;
mod meaning;
mod verify;

use super::super::demo::{self, Pair};
use super::super::form::Fields;
use super::super::page::Page;
use super::super::refusal::Refusal;
use crate::base64;
use crate::jose::{Algorithm, Unverified};
use maud::{Markup, html};

/// The longest token that is taken apart here: about what servers take in a header.
const MOST_BYTES: usize = 16 << 10;

/// Where the token on the page comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    /// It is ours, signed with a published key.
    Sample,
    /// Somebody sent it.
    Sent,
    /// Somebody changed a copy.
    Edited,
}

pub(super) fn show(fields: &Fields) -> Result<Page, Refusal> {
    let (token, origin) = asked(fields)?;
    let parts = Unverified::of(&token);
    let verdict = verify::verify(fields, &token)?;
    Ok(Page {
        path: "/token",
        title: "What is in a token".to_owned(),
        lead: "Characters are bytes in another spelling, and the bytes are read by anybody. Only the signature \
               needs a key."
            .to_owned(),
        body: html! {
            (form(fields, &token, origin))
            @if origin == Origin::Edited {
                p.remark id="copy" {
                    strong { "This is a copy with your changes." } " Its signature is still the one of the original: \
                     nothing here signs for you."
                }
            }
            (anatomy::show(&token, &parts))
            section id="encrypted" {
                h2 { "Is it encrypted?" }
                p {
                    "No. All that stands above was read without any key: base64url is a spelling, not a lock. A \
                     signature says who wrote it and that nothing was changed, and hides nothing. (A token of five \
                     parts is a JWE, RFC 7516: that one is encrypted, and not built here.)"
                }
            }
            section id="verified" { h2 { "Is it genuine?" } (verdict) }
            (edit(fields, &token, &parts))
        },
    })
}

/// The token of the form; a changed copy of it; or a sample.
fn asked(fields: &Fields) -> Result<(String, Origin), Refusal> {
    if !fields.is_sent() {
        let key = demo::rsa(Pair::First, "sample")?;
        return Ok((demo::sign(&key, Algorithm::Rs256, demo::NOW, demo::CLAIMS)?, Origin::Sample));
    }
    let token = fields.at_most("token", "", MOST_BYTES)?.trim_end_matches(['\r', '\n']);
    if token.is_empty() || token.trim_start().starts_with('{') {
        return Err(Refusal::input(
            "the field token",
            "a token in its compact form is expected: letters with two points between",
            "RFC 7515 §7.1; jotlab decode shows the JSON forms",
        ));
    }
    let (Some(header), Some(payload)) = (fields.get("header"), fields.get("payload")) else {
        return Ok((token.to_owned(), Origin::Sent));
    };
    let signature = token.splitn(3, '.').nth(2).unwrap_or_default();
    // a form writes line ends as CR LF, whatever stood there
    let [header, payload] = [header, payload].map(|text| text.replace("\r\n", "\n"));
    let [header, payload] = [header, payload].map(|text| base64::encode_url(text.as_bytes()));
    Ok((format!("{header}.{payload}.{signature}"), Origin::Edited))
}

fn form(fields: &Fields, token: &str, origin: Origin) -> Markup {
    html! {
        form.ask method="post" action="/token" {
            label.wide { "Token" textarea name="token" rows="4" spellcheck="false" autocomplete="off" required { (token) } }
            label.wide { "Public key to verify it with: JWK, JWK Set or PEM (may be left empty)"
                textarea name="key" rows="2" spellcheck="false" autocomplete="off" { (verify::public_text(fields)) }
            }
            label { "Or a secret (HS…); it is not shown again"
                input type="password" name="secret" autocomplete="off";
            }
            label { "Expected audience" input name="aud" value=(fields.or("aud", "my-service")) autocomplete="off"; }
            label { "Now, in seconds (empty: this machine's clock)"
                input name="now" inputmode="numeric" autocomplete="off" value=(match origin {
                    Origin::Sample => demo::NOW.to_string(),
                    _ => fields.or("now", "").to_owned(),
                });
            }
            (sample_mark(fields))
            button { "Take it apart" }
            @if origin == Origin::Sample {
                p.hint { "What stands here first is a sample, signed with the published key of RFC 7515 §A.2 and verified with its public half." }
            }
            p.hint { "It is sent to this machine only, in the body of the request: never in a URL." }
        }
    }
}

/// Keeps the sample's key in use while its copies are tried.
fn sample_mark(fields: &Fields) -> Markup {
    html! { @if verify::uses_sample_key(fields) { input type="hidden" name="with" value="sample"; } }
}

/// Header and payload as text to be changed.
fn edit(fields: &Fields, token: &str, parts: &Unverified) -> Markup {
    let text = |index: usize| {
        let part = parts.parts.get(index)?;
        let bytes = base64::decode_url(token.get(part.offset..part.offset + part.length)?).ok()?;
        String::from_utf8(bytes).ok()
    };
    let (Some(header), Some(payload)) = (text(0), text(1)) else {
        return html! {};
    };
    html! {
        section id="edit" {
            h2 { "Can it be forged?" }
            p { "Change what you like: you get a copy with the old signature, and the verdict on it. Try another " code { "sub" } ", or " code { "\"alg\":\"none\"" } "." }
            form.ask method="post" action="/token#verified" {
                input type="hidden" name="token" value=(token);
                label.wide.h { "Header" textarea name="header" rows="2" spellcheck="false" { (header) } }
                label.wide.p { "Payload" textarea name="payload" rows="4" spellcheck="false" { (payload) } }
                input type="hidden" name="key" value=(verify::public_text(fields));
                input type="hidden" name="aud" value=(fields.or("aud", "my-service"));
                input type="hidden" name="now" value=(if fields.is_sent() { fields.or("now", "").to_owned() } else { demo::NOW.to_string() });
                (sample_mark(fields))
                button { "Make the copy" }
            }
        }
    }
}
