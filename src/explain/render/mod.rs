//! A trace in the forms that people and programs read.
//!
//! What is secret is masked unless it was asked for: see [`Reveal`].

mod beside;
mod html;
mod json;
mod svg;
mod text;

pub use beside::beside;
pub use html::{html, html_body};
pub use json::{SCHEMA, json};
pub use svg::{NoPicture, svg};
pub use text::text;

use super::value::{Data, Secrecy, Value};

/// Whether secret values are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reveal {
    /// Their length only.
    Masked,
    /// As they are.
    Secrets,
}

impl Reveal {
    /// Whether this value is hidden.
    fn hides(self, value: &Value) -> bool {
        self == Reveal::Masked && value.secrecy == Secrecy::Secret
    }
}

/// What stands for a hidden value: how long it is.
fn mask(value: &Value) -> String {
    match &value.data {
        Data::Bytes(bytes) | Data::Word(bytes) => format!("(secret, {} bytes)", bytes.len()),
        Data::Text(text) => format!("(secret, {} bytes)", text.len()),
        Data::Number(number) => format!("(secret, {} bits)", number.bits()),
    }
}

/// A byte string in hex, two digits and a space; a run of one byte as `ff × 202`.
fn spaced_hex(bytes: &[u8]) -> Vec<String> {
    bytes
        .chunk_by(|a, b| a == b)
        .flat_map(|run| match run.len() {
            0..=RUN => run.iter().map(|byte| format!("{byte:02x}")).collect(),
            count => vec![format!("{:02x} × {count}", run[0])],
        })
        .collect()
}

/// Bytes of one value that are still written out one by one.
const RUN: usize = 8;

/// Text of anybody, so that no character of it steers a terminal.
fn printable(text: &str) -> String {
    let steers = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.chars()
        .flat_map(|c| if steers(c) { c.escape_default().collect() } else { vec![c] })
        .collect()
}
