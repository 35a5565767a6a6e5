//! Characters, bytes and meaning, part by part.

use super::super::super::parts;
use super::meaning::meaning;
use crate::base64;
use crate::jose::{Contents, Unverified, UnverifiedPart};
use maud::{Markup, html};
use serde_json::{Map, Value};

/// Groups of one part that are drawn.
const MOST_GROUPS: usize = 160;

/// A letter and a class for each part: the letter and the frame say it where the colour does not.
const MARKS: [(&str, &str); 3] = [("H", "h"), ("P", "p"), ("S", "s")];

pub(super) fn show(token: &str, whole: &Unverified) -> Markup {
    html! {
        section {
            h2 { "Its characters" }
            @for remark in &whole.remarks { p.remark { (parts::shown(remark)) } }
            p.token {
                @for (index, part) in whole.parts.iter().enumerate() {
                    @let (letter, class) = mark(index);
                    @if index > 0 { span.point { "." } }
                    a.part.(class) href={ "#part-" (index) } {
                        span.letter { (letter) span.away { ", " (part.name) ": " } }
                        code { (parts::shown(text(token, part))) }
                    }
                }
            }
        }
        @for (index, part) in whole.parts.iter().enumerate() { (section(token, index, part)) }
    }
}

fn mark(index: usize) -> (&'static str, &'static str) {
    MARKS.get(index).copied().unwrap_or(("?", "other"))
}

fn text<'t>(token: &'t str, part: &UnverifiedPart) -> &'t str {
    token.get(part.offset..part.offset + part.length).unwrap_or_default()
}

fn section(token: &str, index: usize, part: &UnverifiedPart) -> Markup {
    let (letter, class) = mark(index);
    let text = text(token, part);
    let bytes = base64::decode_url(text);
    html! {
        section.anatomy.(class) id={ "part-" (index) } {
            h2 { span.letter { (letter) } " " (part.name) }
            p.count {
                (part.length) " characters, from offset " (part.offset) " on"
                @if let Ok(bytes) = &bytes { ": " (bytes.len()) " bytes" }
            }
            @for remark in &part.remarks { p.remark { (parts::shown(remark)) } }
            @match &part.contents {
                Contents::Json(Value::Object(members), _) => { (table(members)) }
                Contents::Json(_, text) => { p { code.text { (parts::shown(text)) } } }
                Contents::Bytes(bytes) => { p { (parts::bytes(bytes)) } }
                Contents::Nothing => { p { "Nothing that can be decoded." } }
            }
            @if let Ok(bytes) = &bytes {
                details open[index == 0] {
                    summary { "Four characters are three bytes" }
                    (groups(text, bytes))
                }
            }
        }
    }
}

/// What the members say.
fn table(members: &Map<String, Value>) -> Markup {
    html! {
        table {
            thead { tr { th scope="col" { "member" } th scope="col" { "value" } th scope="col" { "meaning" } } }
            tbody {
                @for (name, value) in members {
                    tr {
                        th scope="row" { code { (parts::shown(name)) } }
                        td { code.text { (parts::shown(&value.to_string())) } }
                        td {
                            @match meaning(name) {
                                Some((says, section)) => { (says) " " span.why { (section) } }
                                None => { span.why { "private: what it means is between the two sides" } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Each group of four characters over the three bytes that it spells.
fn groups(text: &str, bytes: &[u8]) -> Markup {
    let letters = text.as_bytes().chunks(4);
    let left_out = letters.len().saturating_sub(MOST_GROUPS);
    html! {
        ul.groups {
            @for (letters, octets) in letters.zip(bytes.chunks(3)).take(MOST_GROUPS) {
                li {
                    code.characters { (String::from_utf8_lossy(letters)) }
                    code { @for octet in octets { (format!("{octet:02x} ")) } }
                    code.said { @for &octet in octets { (printed(octet)) } }
                }
            }
        }
        @if left_out > 0 { p.hint { "… and " (left_out) " more groups" } }
    }
}

/// A byte as the character that it is in ASCII, or a point.
fn printed(octet: u8) -> char {
    if octet.is_ascii_graphic() { char::from(octet) } else { '·' }
}
