//! The groups of base64url: octets above, the same bits below them, letters at the foot (RFC 4648 §4).

use super::super::super::step::Step;
use super::super::super::trace::Trace;
use super::super::super::value::Data;
use super::{Canvas, Ink};

/// The most groups on one picture.
const MOST: usize = 16;
/// How wide a bit is.
const BIT: usize = 12;
/// Groups beside each other.
const ACROSS: usize = 2;

/// The first groups of the trace.
pub(super) fn picture(trace: &Trace) -> Option<String> {
    let groups: Vec<&Step> = trace
        .steps()
        .map(|(_, step)| step)
        .filter(|step| step.value("sextets").is_some())
        .take(MOST)
        .collect();
    if groups.is_empty() {
        return None;
    }
    let rows = groups.len().div_ceil(ACROSS);
    let mut canvas = Canvas::new(ACROSS * (24 * BIT + 30) + 10, rows * 150 + 50);
    canvas.words([20, 26], trace.title());
    for (i, step) in groups.into_iter().enumerate() {
        group(&mut canvas, [20 + i % ACROSS * (24 * BIT + 30), 44 + i / ACROSS * 150], step);
    }
    Some(canvas.finish(trace.title()))
}

fn group(canvas: &mut Canvas, [x, y]: [usize; 2], step: &Step) {
    let text = |name: &str| match step.value(name).map(|value| &value.data) {
        Some(Data::Text(text)) => text.clone(),
        Some(Data::Bytes(bytes)) => hex::encode(bytes),
        _ => String::new(),
    };
    let octets: Vec<u8> = hex::decode(text("octets")).unwrap_or_default();
    for (i, octet) in octets.iter().enumerate() {
        let (hex, bits) = (format!("{octet:02x}"), format!("{octet:08b}"));
        canvas.labelled([x + 8 * BIT * i, y], 8 * BIT - 3, [&hex, &bits], Ink::Plain);
    }
    let (bits, letters) = (text("bits"), text("letters"));
    for (i, (bits, letter)) in bits.split(' ').zip(letters.chars()).enumerate() {
        let letter = letter.to_string();
        canvas.labelled([x + 6 * BIT * i, y + 64], 6 * BIT - 3, [bits, &letter], Ink::New);
    }
}
