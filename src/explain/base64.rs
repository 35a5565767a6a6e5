//! The steps of base64url (RFC 4648 §5), both ways, as [`base64`](crate::base64) makes them.

use super::code::{Code, code};
use super::step::{Stage, Step};
use super::trace::{End, Trace};
use super::value::Value;
use super::{ExplainError, fits};
use crate::base64::{Alphabet, Error, Group, Reason, decode_url, encode_url, groups};

const SEXTETS: Code = code!("base64/groups.rs", "[a >> 2,");
const OCTETS: Code = code!("base64/groups.rs", "[w << 2 | x >> 4");
const LETTER: Code = code!("base64/groups.rs", "pub const fn letter(self, sextet: u8)");
const LETTERS: Code = code!("base64/groups.rs", "reason: Reason::NotInAlphabet(letters");
const LONE: Code = code!("base64/groups.rs", "(1, _) => return error(Reason::LoneLetter)");
const STRICT: Code = code!("base64/groups.rs", "// RFC 4648 §3.5: bits that no octet");

/// Every group of the encoding of at most [`MAX_MESSAGE_BYTES`](super::MAX_MESSAGE_BYTES) bytes.
///
/// Ids: `b64.input`, `b64.g0`, `b64.text`.
///
/// # Errors
///
/// When there are more bytes, and when the steps do not end as production does.
pub fn encode(bytes: &[u8]) -> Result<Trace, ExplainError> {
    fits(bytes)?;
    let text = encode_url(bytes);
    let mut input = Step::new("b64.input", "the bytes").outputs([Value::bytes("bytes", bytes)]);
    if let [b'{', b'"', letter, ..] = bytes
        && letter.is_ascii_alphabetic()
    {
        input = input.remark(
            "a JSON object without blanks begins {\" and a letter: in base64url that is eyJ, and most tokens \
             begin so",
        );
    }
    let stages = vec![
        Stage::new("b64.input", "input", "RFC 4648 §4")
            .why("Six bits fit into one of 64 letters: three bytes (24 bits) are written as four letters.")
            .step(input),
        group_stage(bytes).code(SEXTETS),
        joined(&text),
    ];
    Ok(Trace::new(
        "base64url",
        format!("base64url of {} bytes", bytes.len()),
        stages,
        End::Value(text.into_bytes()),
    )?)
}

/// Every group of the strict decoding of a text.
///
/// Ids: `b64.input`, `b64.g0`, `b64.bytes`. A text that is refused ends at the group that is wrong.
///
/// # Errors
///
/// When the text is longer than [`MAX_MESSAGE_BYTES`](super::MAX_MESSAGE_BYTES), and when the steps do not end
/// as production does.
pub fn decode(text: &str) -> Result<Trace, ExplainError> {
    fits(text.as_bytes())?;
    let title = format!("base64url, {} letters, decoded", text.len());
    let input = Step::new("b64.input", "the text").outputs([Value::text("text", text)]);
    let input = Stage::new("b64.input", "input", "RFC 4648 §5")
        .why("Each letter stands for six bits; four letters give three bytes back. One byte string has one \
              spelling: padding, blanks and spare bits that are not zero are refused.")
        .step(input);
    match decode_url(text) {
        Ok(bytes) => {
            let end = Step::new("b64.bytes", "the octets one behind the other")
                .outputs([Value::bytes("bytes", &bytes[..])]);
            let end = Stage::new("b64.bytes", "bytes", "RFC 4648 §4").step(end);
            let stages = vec![input, group_stage(&bytes).code(OCTETS), end];
            Ok(Trace::new("base64url", title, stages, End::Value(bytes))?)
        }
        Err(error) => {
            let begin = error.offset / 4 * 4;
            // the groups before the wrong one are whole, so they decode
            let before =
                text.get(..begin).and_then(|text| decode_url(text).ok()).unwrap_or_default();
            let mut stages = vec![input];
            if !before.is_empty() {
                stages.push(group_stage(&before).code(OCTETS));
            }
            stages.push(refused(text, begin, &error));
            let end = End::Refused(vec![error.to_string()]);
            Ok(Trace::new("base64url", title, stages, end)?)
        }
    }
}

fn refused(text: &str, begin: usize, error: &Error) -> Stage {
    let letters: Vec<u8> = text.bytes().skip(begin).take(4).collect();
    let id = format!("b64.g{}", begin / 4);
    let step = Step::new(&id, "a group that has another spelling, or none")
        .inputs([Value::bytes("letters", letters), Value::number("offset", error.offset)])
        .outcome(Err(error.to_string()));
    let (section, code) = match error.reason {
        Reason::NotInAlphabet(b'=') => ("RFC 7515 §2", LETTERS),
        Reason::NotInAlphabet(_) => ("RFC 4648 §3.3", LETTERS),
        Reason::LoneLetter(_) => ("RFC 4648 §4", LONE),
        Reason::SpareBits(_) | Reason::Padding | Reason::NoRoom => ("RFC 4648 §3.5", STRICT),
    };
    Stage::new(id, "the group that is refused", section)
        .code(code)
        .why("A strict decoder takes one spelling only: otherwise one signature has several texts, and a \
              token that was seen or blocked comes again in another.")
        .step(step)
}

fn group_stage(bytes: &[u8]) -> Stage {
    let steps = groups(bytes).enumerate().map(|(i, group)| group_step(i, group));
    Stage::new("b64", "groups of 24 bits", "RFC 4648 §4")
        .why("The same 24 bits, cut after every eighth or after every sixth. The last group may have one or \
              two bytes; the bits that no byte fills are zero.")
        .table(&["octets", "bits", "sextets", "letters"])
        .steps(steps)
}

fn group_step(index: usize, group: Group) -> Step {
    let count = group.letter_count();
    let sextets = &group.sextets()[..count];
    let letters: String =
        sextets.iter().map(|&sextet| char::from(Alphabet::Url.letter(sextet))).collect();
    let spaced = |parts: Vec<String>| parts.join(" ");
    let bits = spaced(sextets.iter().map(|sextet| format!("{sextet:06b}")).collect());
    let values = spaced(sextets.iter().map(ToString::to_string).collect());
    let octets = &group.octets[..group.octet_count];
    let mut step = Step::new(format!("b64.g{index}"), format!("group {index}"))
        .inputs([Value::bytes("octets", octets)])
        .outputs([
            Value::text("bits", bits),
            Value::text("sextets", values),
            Value::text("letters", letters),
        ]);
    if group.octet_count < 3 {
        step = step.remark(format!("{} spare bits, zero", 6 * count - 8 * group.octet_count));
    }
    step
}

fn joined(text: &str) -> Stage {
    let step = Step::new("b64.text", "the letters one behind the other")
        .outputs([Value::text("text", text)]);
    Stage::new("b64.text", "text", "RFC 4648 §5")
        .code(LETTER)
        .why("- and _ stand for 62 and 63, so that the text needs no escape in a URL; padding is left out, \
              since the length says it (RFC 7515 §2).")
        .step(step)
}
