//! What the views have in common: values, verdicts, places in the source.

use crate::explain::render::Reveal;
use crate::explain::{Code, Comparison, Data, Figure, Secrecy, Stage, Step, Value};
use maud::{Markup, html};

/// The most bytes or characters of one value that a page shows.
pub(super) const MOST_SHOWN: usize = 2048;

/// Which section asks for a step, and which line does it.
pub(super) fn place(section: &str, code: Option<&Code>) -> Markup {
    html! {
        div.place {
            p { span.section { (section) } }
            @if let Some(code) = code {
                p { code.file { (code.file) ":" (code.line) } }
                pre.line tabindex="0" { code { (code.text) } }
            }
        }
    }
}

/// The place of a step: its own, or its stage's.
pub(super) fn place_of(stage: &Stage, step: &Step) -> Markup {
    match &step.place {
        Some((section, code)) => place(section, Some(code)),
        None => place(stage.section, stage.code.as_ref()),
    }
}

/// Values under each other, each with its name; of a secret one its length only.
pub(super) fn values(values: &[Value]) -> Markup {
    revealed_values(values, Reveal::Masked)
}

/// The same, and what is secret too where it is asked for: of a published key.
pub(super) fn revealed_values(values: &[Value], reveal: Reveal) -> Markup {
    html! {
        dl.values {
            @for value in values {
                div { dt { (value.name) } dd { (revealed(value, reveal)) } }
            }
        }
    }
}

/// A value; a secret one as its length only.
pub(super) fn data(value: &Value) -> Markup {
    revealed(value, Reveal::Masked)
}

pub(super) fn revealed(value: &Value, reveal: Reveal) -> Markup {
    if value.secrecy == Secrecy::Secret && reveal == Reveal::Masked {
        return html! { span.secret { "secret, " (length(&value.data)) } };
    }
    match &value.data {
        Data::Bytes(bytes) => self::bytes(bytes),
        Data::Word(bytes) => word(bytes),
        Data::Text(text) => html! { code.text { (shown(text)) } },
        Data::Number(number) if number.bits() <= 64 => html! { code.hex { (number) } },
        Data::Number(number) => html! { (self::bytes(&number.to_bytes_be())) },
    }
}

/// A word of a register. One of 64 bits may break in its middle, and nowhere else.
fn word(bytes: &[u8]) -> Markup {
    html! {
        code.hex.word { @for (i, half) in bytes.chunks(4).enumerate() { @if i > 0 { wbr; } (hex::encode(half)) } }
    }
}

/// A value's bytes: of a text its UTF-8, of a number its big-endian bytes.
pub(super) fn raw(value: &Value) -> Vec<u8> {
    match &value.data {
        Data::Bytes(bytes) | Data::Word(bytes) => bytes.clone(),
        Data::Text(text) => text.as_bytes().to_vec(),
        Data::Number(number) => number.to_bytes_be(),
    }
}

fn length(data: &Data) -> String {
    match data {
        Data::Bytes(bytes) | Data::Word(bytes) => format!("{} bytes", bytes.len()),
        Data::Text(text) => format!("{} bytes", text.len()),
        Data::Number(number) => format!("{} bits", number.bits()),
    }
}

/// Bytes in hex, in groups of four that a line may break between.
pub(super) fn bytes(bytes: &[u8]) -> Markup {
    if bytes.is_empty() {
        return html! { span.secret { "no bytes" } };
    }
    let kept = &bytes[..bytes.len().min(MOST_SHOWN)];
    let groups: Vec<String> = kept.chunks(4).map(hex::encode).collect();
    html! {
        code.hex { (groups.join(" ")) @if kept.len() < bytes.len() { " …" } }
        span.count { " " (bytes.len()) @if bytes.len() == 1 { " byte" } @else { " bytes" } }
    }
}

/// Anybody's text, bounded, with what steers or hides written as an escape.
pub(super) fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(MOST_SHOWN).map(visible).collect();
    if text.chars().nth(MOST_SHOWN).is_some() {
        shown.push('…');
    }
    shown
}

/// A character, or the escape of one that cannot be seen or turns the direction of the text.
fn visible(c: char) -> String {
    let hides = c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if hides { c.escape_default().to_string() } else { c.to_string() }
}

/// Yes or no, in a word and a mark beside the colour, with the reason.
pub(super) fn verdict<E: core::fmt::Display>(result: &Result<&str, E>) -> Markup {
    match result {
        Ok(why) => html! { span.yes { "✓ accepted" } " " span.why { (why) } },
        Err(why) => html! { span.no { "✗ refused" } " " span.why { (why) } },
    }
}

/// That a standard prints these very values, where it does.
pub(super) fn figure(figure: Option<&Figure>) -> Markup {
    html! {
        @if let Some(figure) = figure {
            p {
                @if figure.comparison == Comparison::Same { span.yes { (figure) } } @else { span.no { (figure) } }
                span.why { " beside what is printed there" }
            }
        }
    }
}

/// A choice of a form, the chosen one marked.
pub(super) fn options<'a>(
    choices: impl IntoIterator<Item = (&'a str, &'a str)>,
    chosen: &str,
) -> Markup {
    html! {
        @for (value, name) in choices {
            option value=(value) selected[value == chosen] { (name) }
        }
    }
}
