//! Two messages beside each other: how many bits differ, at this step and round by round.

use super::super::super::parts;
use crate::explain::{Step, Trace, Value};
use maud::{Markup, html};

/// A register, its bytes, and the bytes that they are compared with.
type Row = (&'static str, Vec<u8>, Vec<u8>);

/// What the same step made of the second message.
pub(super) fn at(step: &Step, beside: &Trace) -> Markup {
    let Some((_, other)) = beside.step(&step.id) else {
        return html! { p.remark { "The second message has no such step: it has fewer blocks." } };
    };
    html! {
        table.registers {
            caption { "What came out, beside the second message" }
            thead { tr { th scope="col" { "" } th scope="col" { "first" } th scope="col" { "second" } th scope="col" { "bits that differ" } } }
            tbody {
                @for (a, b) in step.outputs.iter().zip(&other.outputs) {
                    @let bits = differing(&parts::raw(a), &parts::raw(b));
                    tr.mixed[bits > 0] {
                        th scope="row" { (a.name) }
                        td { (parts::data(a)) }
                        td { (parts::data(b)) }
                        td.origin { (bits) }
                    }
                }
            }
        }
    }
}

/// A bar for each round of a block: how many bits of the registers differ after it.
pub(super) fn by_round(trace: &Trace, beside: &Trace, block: &str) -> Markup {
    let prefix = format!("{}.{block}.r", trace.subject());
    let rounds = trace.steps().filter(|(_, step)| step.id.starts_with(&prefix));
    let counts: Vec<(usize, usize)> = rounds
        .filter_map(|(_, step)| Some((step, beside.step(&step.id)?.1)))
        .map(|(a, b)| (differing(&all(&a.outputs), &all(&b.outputs)), 8 * all(&a.outputs).len()))
        .collect();
    let Some(&(_, whole)) = counts.first() else { return html! {} };
    let half = counts.iter().position(|(bits, whole)| 20 * bits >= 9 * whole);
    html! {
        section {
            h2 { "The avalanche, round by round" }
            p {
                "Bits of the registers that differ between the two messages, of " (whole) "; the dashed line is one half. "
                @match half {
                    Some(round) => { "From round " (round) " on it is about one half: what two messages without any likeness would give." }
                    None => { "They stay close here: the messages differ in another block." }
                }
            }
            (bars(&counts))
            details {
                summary { "As numbers" }
                p.numbers { @for (round, (bits, _)) in counts.iter().enumerate() { span { "r" (round) " " (bits) } " " } }
            }
        }
    }
}

fn bars(counts: &[(usize, usize)]) -> Markup {
    let view = format!("0 0 {} 66", counts.len() * 10);
    let path: String = counts
        .iter()
        .enumerate()
        .map(|(round, (bits, whole))| {
            let height = 64 * bits / (*whole).max(1);
            format!("M{} 65v-{height}h8v{height}z", 10 * round + 1)
        })
        .collect();
    let half = format!("M0 33h{}", counts.len() * 10);
    html! {
        svg.bars viewBox=(view) role="img" aria-label="A bar for each round; the numbers follow" preserveAspectRatio="none" {
            path.half d=(half) {}
            path.bar d=(path) {}
        }
    }
}

/// Rows of bits: filled where the bit is 1, a dot where the two differ.
pub(super) fn bit_rows(rows: &[Row]) -> Markup {
    let columns = rows.first().map_or(0, |(_, bytes, _)| 8 * bytes.len());
    let view = format!("0 0 {} {}", 10 * columns + 12 + 4 * (columns / 8), 12 * rows.len());
    let [mut zeros, mut ones, mut changed] = [String::new(), String::new(), String::new()];
    for (y, (_, bytes, before)) in rows.iter().enumerate() {
        for (x, (bit, was)) in bits(bytes).zip(bits(before)).enumerate() {
            let (left, top) = (10 * x + 14 + 4 * (x / 8), 12 * y);
            let target = if bit { &mut ones } else { &mut zeros };
            target.push_str(&format!("M{left} {top}h8v9h-8z"));
            if bit != was {
                changed.push_str(&format!("M{} {}h2v2h-2z", left + 3, top + 3));
            }
        }
    }
    html! {
        svg.bits viewBox=(view) role="img" aria-label="The registers as rows of bits" {
            @for (y, (name, _, _)) in rows.iter().enumerate() {
                text x="0" y=(12 * y + 8) { (name) }
            }
            path.zero d=(zeros) {}
            path.one d=(ones) {}
            path.changed d=(changed) {}
        }
    }
}

/// The bits of bytes, the most significant first.
fn bits(bytes: &[u8]) -> impl Iterator<Item = bool> {
    bytes.iter().flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1 == 1))
}

fn differing(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).map(|(a, b)| (a ^ b).count_ones() as usize).sum()
}

fn all(values: &[Value]) -> Vec<u8> {
    values.iter().flat_map(parts::raw).collect()
}
