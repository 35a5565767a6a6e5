//! Two traces beside each other as text: changed hex digits marked, and how far a change has come by step.

use super::super::difference::{Difference, difference};
use super::super::step::Layout;
use super::super::trace::Trace;
use super::super::value::{Data, Value};
use super::{Reveal, mask, printable};

/// Columns of a bar that stands for all bits.
const BAR: u64 = 40;
/// The longest value that is shown with marks under it, in hex digits a line.
const LINE: usize = 64;

/// What differs between two traces, by step.
pub fn beside(one: &Trace, other: &Trace, reveal: Reveal) -> String {
    let steps = difference(one, other);
    let mut page = format!("{}\n{}\n", printable(one.title()), printable(other.title()));
    for stage in one.stages() {
        let of_stage: Vec<&Difference> =
            steps.iter().filter(|d| stage.steps.iter().any(|step| step.id == d.id)).collect();
        if of_stage.is_empty() {
            continue;
        }
        page.push_str(&format!("\n{}  {}\n", printable(&stage.title).to_uppercase(), stage.id));
        for step in of_stage {
            page.push_str(&bar(step, reveal));
            if stage.layout == Layout::Prose {
                step.values.iter().for_each(|pair| page.push_str(&marked(pair, reveal)));
            }
        }
    }
    page
}

/// `  r12  127 of 256 bits  ████████████████████····`, and in words where nothing has bits.
fn bar(step: &Difference, reveal: Reveal) -> String {
    let key = step.id.rsplit('.').next().unwrap_or_default();
    // how far two secrets are from each other would tell of the one that is not known
    if step.values.iter().flatten().any(|value| reveal.hides(value)) {
        return format!("  {key:<7} (secret)\n");
    }
    let Some(full) = (BAR * step.changed).checked_div(step.bits) else {
        return format!("  {key:<7} {}\n", if step.same { "the same" } else { "not the same" });
    };
    let full = full as usize;
    let rest = BAR as usize - full;
    let (full, rest) = ("█".repeat(full), "·".repeat(rest));
    format!("  {key:<7}{:>5} of {:>4} bits  {full}{rest}\n", step.changed, step.bits)
}

/// Both values under each other, with a mark under each digit that is not the same.
fn marked([a, b]: &[Value; 2], reveal: Reveal) -> String {
    if reveal.hides(a) || reveal.hides(b) {
        return format!("    {:<8} {}\n", a.name, mask(a));
    }
    let [a_text, b_text] = [digits(a), digits(b)];
    let (a_text, b_text): (Vec<char>, Vec<char>) =
        (a_text.chars().collect(), b_text.chars().collect());
    let mut page = String::new();
    for start in (0..a_text.len().max(b_text.len()).max(1)).step_by(LINE) {
        let part =
            |text: &[char]| -> Vec<char> { text.iter().skip(start).take(LINE).copied().collect() };
        let (x, y) = (part(&a_text), part(&b_text));
        let marks: String = (0..x.len().max(y.len()))
            .map(|i| if x.get(i) == y.get(i) { ' ' } else { '^' })
            .collect();
        let name = if start == 0 { &a.name } else { "" };
        page.push_str(&format!("    {name:<8} {}\n", x.iter().collect::<String>()));
        if !marks.trim().is_empty() {
            page.push_str(&format!("             {}\n", y.iter().collect::<String>()));
            page.push_str(&format!("             {}\n", marks.trim_end()));
        }
    }
    page
}

fn digits(value: &Value) -> String {
    match &value.data {
        Data::Text(text) => printable(text),
        _ => value.hex(),
    }
}
