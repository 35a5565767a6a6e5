//! Base64url decoders that take too much, or too little.

use super::Row;
use super::mac::refused;
use crate::vectors::question::{Answer, Request};

pub(super) const OPERATIONS: &[&str] = &["base64url.decode", "jws.verify", "jwt.verify"];

/// A bug of a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    None,
    SpareBits,
    Padding,
    Whitespace,
    NewlineAtEnd,
    StandardAlphabet,
    SkipsOthers,
    OtherAsZero,
    LengthOf4kPlus1,
    StopsAtPadding,
}

pub(super) const FLAWS: [Row<Flaw>; 9] = [
    (
        Flaw::SpareBits,
        "spare-bits",
        "bits behind the last byte are not looked at: a signature has 4 or 16 spellings",
        "RFC 4648 §3.5",
    ),
    (Flaw::Padding, "padding", "= at the end is taken", "RFC 7515 §2"),
    (Flaw::Whitespace, "whitespace", "blanks and newlines are skipped anywhere", "RFC 7515 §2"),
    (Flaw::NewlineAtEnd, "newline-at-end", "a newline at the end is taken", "RFC 7515 §2"),
    (Flaw::StandardAlphabet, "standard-alphabet", "+ and / are taken for - and _", "RFC 4648 §5"),
    (Flaw::SkipsOthers, "skips-others", "every other byte is skipped", "RFC 4648 §3.3"),
    (Flaw::OtherAsZero, "other-as-zero", "every other byte counts as A", "RFC 4648 §3.3"),
    (
        Flaw::LengthOf4kPlus1,
        "length-4k-plus-1",
        "a letter alone at the end is dropped",
        "RFC 7515 appendix C",
    ),
    (Flaw::StopsAtPadding, "stops-at-padding", "decoding ends at the first =", "RFC 4648 §3.3"),
];

pub(super) fn answer(request: &Request, flaw: Flaw) -> Option<Answer> {
    match request {
        Request::Base64UrlDecode { text } => {
            Some(decode(text, flaw).map_or_else(refused, Answer::Output))
        }
        _ => super::jws::with_decoder(request, flaw),
    }
}

/// The value of a letter.
fn value(letter: u8, flaw: Flaw) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        b'+' if flaw == Flaw::StandardAlphabet => 62,
        b'/' if flaw == Flaw::StandardAlphabet => 63,
        _ if flaw == Flaw::OtherAsZero => 0,
        _ => return None,
    })
}

pub(super) fn decode(text: &str, flaw: Flaw) -> Option<Vec<u8>> {
    let text = match flaw {
        Flaw::Padding => text.trim_end_matches('='),
        Flaw::NewlineAtEnd => text.strip_suffix('\n').unwrap_or(text),
        Flaw::StopsAtPadding => text.split('=').next().unwrap_or_default(),
        _ => text,
    };
    let mut values = vec![];
    for letter in text.bytes() {
        match value(letter, flaw) {
            Some(value) => values.push(value),
            None if flaw == Flaw::SkipsOthers => {}
            None if flaw == Flaw::Whitespace && letter.is_ascii_whitespace() => {}
            None => return None,
        }
    }
    if values.len() % 4 == 1 {
        match flaw {
            Flaw::LengthOf4kPlus1 => drop(values.pop()),
            _ => return None,
        }
    }
    let mut bytes = vec![];
    let (mut held, mut bits) = (0_u32, 0);
    for value in values {
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
            held &= (1 << bits) - 1;
        }
    }
    (held == 0 || flaw == Flaw::SpareBits).then_some(bytes)
}
