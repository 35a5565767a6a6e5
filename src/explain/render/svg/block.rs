//! The byte map of an encoded message: every byte in its place, framed by field (RFC 8017 §9.2).

use super::super::super::step::Step;
use super::super::super::trace::Trace;
use super::super::super::value::{Data, Value};
use super::{Canvas, Ink};

/// Bytes in a row.
const ACROSS: usize = 16;
/// How large the place of a byte is.
const CELL: [usize; 2] = [40, 26];
/// The most bytes on one picture: a key of 8192 bits.
const MOST: usize = 1024;

/// The first encoded message of the trace.
pub(super) fn picture(trace: &Trace) -> Option<String> {
    let (_, step) = trace.steps().find(|(_, step)| step.value("PS").is_some())?;
    let fields = fields(step);
    let bytes: usize = fields.iter().map(|(_, bytes)| bytes.len()).sum();
    let rows = bytes.min(MOST).div_ceil(ACROSS);
    let top = 50 + 22 * fields.len();
    let mut canvas = Canvas::new(ACROSS * CELL[0] + 40, top + rows * CELL[1] + 20);
    canvas.words([20, 26], &format!("{} · {bytes} bytes", step.title));
    let mut at = 0;
    for (i, (name, bytes)) in fields.iter().enumerate() {
        let ink = ink(i);
        canvas.field([20, 36 + 22 * i], [18, 16], "", ink);
        let last = at + bytes.len().saturating_sub(1);
        canvas.words([48, 49 + 22 * i], &format!("{name}: bytes {at} to {last}"));
        for byte in bytes.iter().take(MOST.saturating_sub(at)) {
            let place = [20 + at % ACROSS * CELL[0], top + at / ACROSS * CELL[1]];
            canvas.field(place, [CELL[0] - 3, CELL[1] - 3], &format!("{byte:02x}"), ink);
            at += 1;
        }
    }
    Some(canvas.finish(&format!("{}: {}", trace.title(), step.title)))
}

/// The fields in their order: the outputs, but for one that is the whole.
fn fields(step: &Step) -> Vec<(&str, &[u8])> {
    step.outputs.iter().filter(|value| value.name != "EM").filter_map(bytes).collect()
}

fn bytes(value: &Value) -> Option<(&str, &[u8])> {
    match &value.data {
        Data::Bytes(bytes) => Some((&value.name, bytes)),
        _ => None,
    }
}

fn ink(field: usize) -> Ink {
    [Ink::Plain, Ink::Sum, Ink::New][field % 3]
}
