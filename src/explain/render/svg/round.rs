//! One round of SHA-2: eight letters in, two sums, eight letters out (FIPS 180-4 §6.2.2 step 3).

use super::super::super::step::Step;
use super::super::super::trace::Trace;
use super::super::super::value::Value;
use super::{Canvas, Ink};

const LETTERS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];
/// Which letters T1 and T2 are made of.
const OF_T1: [usize; 4] = [4, 5, 6, 7];
const OF_T2: [usize; 3] = [0, 1, 2];

/// The first round in the trace.
pub(super) fn picture(trace: &Trace) -> Option<String> {
    let (_, step) = trace.steps().find(|(_, step)| is_round(step))?;
    let digits = step.value("T1")?.hex().len();
    let box_width = 9 * digits + 12;
    let pitch = box_width + 14;
    let mut canvas = Canvas::new(8 * pitch + 26, 416);
    let middle = |i: usize| 20 + i * pitch + box_width / 2;
    canvas.words([20, 26], &format!("{} · {}", step.title, step.id));
    for (i, letter) in LETTERS.into_iter().enumerate() {
        let before = step.inputs.iter().find(|value| value.name == letter)?.hex();
        canvas.labelled([20 + i * pitch, 44], box_width, [letter, &before], Ink::Plain);
        let after = step.outputs.iter().find(|value| value.name == letter)?.hex();
        let ink = if matches!(i, 0 | 4) { Ink::New } else { Ink::Plain };
        canvas.labelled([20 + i * pitch, 330], box_width, [letter, &after], ink);
        // every letter but d and h moves one place on; d moves into the sum that is e
        if i < 7 {
            canvas.arrow([middle(i), 88], [middle(i + 1), 328], Ink::Plain);
        }
    }
    let [t1_x, t2_x] = [20 + 5 * pitch + pitch / 2, 20 + pitch];
    let [t1, t2, k, w] = ["T1", "T2", "K", "W"].map(|name| step.value(name).map(Value::hex));
    let [t1, t2, k, w] = [t1?, t2?, k?, w?];
    for (sum_x, of) in [(t1_x, &OF_T1[..]), (t2_x, &OF_T2[..])] {
        for &i in of {
            canvas.arrow([middle(i), 88], [sum_x + box_width / 2, 158], Ink::Sum);
        }
    }
    canvas.labelled([t1_x, 160], box_width, ["T1", &t1], Ink::Sum);
    canvas.labelled([t2_x, 160], box_width, ["T2", &t2], Ink::Sum);
    canvas.labelled([20 + 7 * pitch, 130], box_width, ["K", &k], Ink::Plain);
    canvas.labelled([20 + 7 * pitch, 190], box_width, ["W", &w], Ink::Plain);
    canvas.arrow([20 + 7 * pitch, 152], [t1_x + box_width + 2, 176], Ink::Sum);
    canvas.arrow([20 + 7 * pitch, 212], [t1_x + box_width + 2, 190], Ink::Sum);
    canvas.arrow([t1_x + box_width / 2, 204], [middle(4), 328], Ink::New);
    canvas.arrow([t1_x, 200], [middle(0) + 12, 328], Ink::New);
    canvas.arrow([t2_x + box_width / 2, 204], [middle(0), 328], Ink::New);
    canvas.words([20, 402], "a = T1 + T2 · e = d + T1 · the others move one place on");
    Some(canvas.finish(&format!("{}: {}", trace.title(), step.title)))
}

fn is_round(step: &Step) -> bool {
    step.value("T1").is_some() && step.value("T2").is_some()
}
