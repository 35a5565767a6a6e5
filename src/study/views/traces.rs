//! Whole traces on one page, for what is short enough: HMAC, base64url.

use super::super::form::Fields;
use super::super::page::Page;
use super::super::parts;
use super::super::refusal::Refusal;
use crate::explain::render::Reveal;
use crate::explain::{self, End, ExplainError, Layout, Outcome, Stage, Step, Trace};
use crate::sha2::Algorithm;
use maud::{Markup, html};

/// The longest message of a trace that stands on the page as a whole.
const MOST_BYTES: usize = 512;
/// The most bytes of a key: two blocks of the longest hash, so that every case of HMAC can be seen.
const MOST_KEY_BYTES: usize = 256;

/// HMAC of a message, with a key that comes by POST only.
pub(super) fn hmac(fields: &Fields) -> Result<Page, Refusal> {
    let name = fields.or("alg", "sha256");
    let algorithm: Algorithm = name.parse().map_err(|error| {
        Refusal::input("the field alg", format!("{name:?}: {error}"), "RFC 2104 §2")
    })?;
    let sample = "what do ya want for nothing?";
    let key = fields.bytes("key", if fields.is_sent() { "" } else { "Jefe" }, MOST_KEY_BYTES)?;
    let message = fields.bytes("message", sample, MOST_BYTES)?;
    let trace = traced(explain::hmac::mac(algorithm, &key, &message))?;
    let names = Algorithm::ALL.map(|algorithm| (algorithm.command_name(), algorithm.name()));
    Ok(Page {
        path: "/hmac",
        title: "HMAC step by step".to_owned(),
        lead: "Two hashes, one in the other, and the key in both. What is as good as a key that you give is masked.".to_owned(),
        body: html! {
            form.ask method="post" action="/hmac" {
                label { "Hash" select name="alg" { (parts::options(names, algorithm.command_name())) } }
                label { "Message" input name="message" value=(fields.or("message", sample)) maxlength="512" autocomplete="off"; }
                label { "Key; it is not shown again" input type="password" name="key" autocomplete="off"; }
                button { "Show" }
                @if !fields.is_sent() { p.hint { "What stands here first is test case 2 of RFC 4231, whose key is Jefe: that one is published, and shown." } }
            }
            (whole(&trace, if fields.is_sent() { Reveal::Masked } else { Reveal::Secrets }))
        },
    })
}

/// Base64url, both ways.
pub(super) fn base64url(fields: &Fields) -> Result<Page, Refusal> {
    let way = fields.or("way", "encode");
    let sample = r#"{"alg":"HS256"}"#;
    let trace = match way {
        "encode" => explain::base64::encode(&fields.bytes("text", sample, MOST_BYTES)?),
        "decode" => {
            explain::base64::decode(fields.at_most("text", "eyJhbGciOiJIUzI1NiJ9", MOST_BYTES)?)
        }
        _ => return Err(Refusal::input("the field way", "there are two", "encode or decode")),
    };
    let trace = traced(trace)?;
    Ok(Page {
        path: "/base64url",
        title: "Base64url by its groups".to_owned(),
        lead: "A URL, a header and a cookie take letters, not bytes. Base64url is another spelling of the same \
               bytes: anybody reads it."
            .to_owned(),
        body: html! {
            form.ask method="get" action="/base64url" {
                label { "Text" input name="text" value=(fields.or("text", sample)) maxlength="512" spellcheck="false" autocomplete="off"; }
                label { "Way" select name="way" { (parts::options([("encode", "encode"), ("decode", "decode")], way)) } }
                button { "Show" }
            }
            (whole(&trace, Reveal::Masked))
        },
    })
}

/// A trace, or why there is none.
fn traced(trace: Result<Trace, ExplainError>) -> Result<Trace, Refusal> {
    trace.map_err(|error| {
        Refusal::input("the input", error.to_string(), "every trace ends as production did")
    })
}

/// Every stage and every step.
fn whole(trace: &Trace, reveal: Reveal) -> Markup {
    html! {
        @for stage in trace.stages() { (stage_section(stage, reveal)) }
        section.end {
            h2 { "The end of it" }
            @match trace.end() {
                End::Value(bytes) => {
                    @if trace.subject() == "base64url" && bytes.is_ascii() { p { code.text { (parts::shown(&String::from_utf8_lossy(bytes))) } } }
                    @else { p { (parts::bytes(bytes)) } }
                }
                End::Accepted => { p { span.yes { "✓ accepted" } } }
                End::Refused(reasons) => { @for reason in reasons { p { span.no { "✗ refused" } " " (parts::shown(reason)) } } }
            }
            p.hint {
                "As production returned it"
                @if !trace.agreed().is_empty() { "; the ways of this machine that agree: " (trace.agreed().join(", ")) }
                "."
            }
        }
    }
}

fn stage_section(stage: &Stage, reveal: Reveal) -> Markup {
    html! {
        section.stage id=(stage.id) {
            h2 { (stage.title) }
            @if !stage.why.is_empty() { p { (stage.why) } }
            (parts::place(stage.section, stage.code.as_ref()))
            @match stage.layout {
                Layout::Table(columns) => { (table(stage, columns, reveal)) }
                Layout::Prose => { @for step in &stage.steps { (prose(stage, step, reveal)) } }
            }
        }
    }
}

fn prose(stage: &Stage, step: &Step, reveal: Reveal) -> Markup {
    html! {
        div.one {
            @if stage.steps.len() > 1 { h3 id=(step.id) { (parts::shown(&step.title)) } }
            @if let Some(why) = &step.why { p { (why) } }
            @if step.place.is_some() { (parts::place_of(stage, step)) }
            @if !step.inputs.is_empty() { (parts::revealed_values(&step.inputs, reveal)) }
            @if !step.inputs.is_empty() && !step.outputs.is_empty() { p.arrow aria-hidden="true" { "↓" } }
            @if !step.outputs.is_empty() { (parts::revealed_values(&step.outputs, reveal)) }
            (parts::figure(step.figure.as_ref()))
            @match &step.outcome {
                Outcome::None => {}
                Outcome::Holds => { p { span.yes { "✓ holds" } } }
                Outcome::Fails(reason) => { p { span.no { "✗ fails" } " " (parts::shown(reason)) } }
            }
            @if let Some(remark) = &step.remark { p.remark { (parts::shown(remark)) } }
        }
    }
}

fn table(stage: &Stage, columns: &[&str], reveal: Reveal) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(stage.title) {
            table {
                thead { tr { th scope="col" { "step" } @for name in columns { th scope="col" { (name) } } } }
                tbody {
                    @for step in &stage.steps {
                        tr id=(step.id) {
                            th scope="row" { code { (step.id.rsplit('.').next().unwrap_or_default()) } }
                            @for name in columns {
                                td { @if let Some(value) = step.value(name) { (parts::revealed(value, reveal)) } }
                            }
                        }
                    }
                }
            }
        }
    }
}
