//! One step: for a round the registers before and after, for any other its values.

use super::super::super::parts;
use super::difference::bit_rows;
use crate::explain::{Stage, Step, Trace, Value};
use maud::{Markup, html};

/// Registers of a round.
const LETTERS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

pub(super) fn show(trace: &Trace, stage: &Stage, step: &Step) -> Markup {
    let is_round = LETTERS.iter().all(|letter| named(&step.outputs, letter).is_some());
    html! {
        div.columns {
            div {
                @if is_round { (registers(step)) } @else { (plain(step)) }
            }
            div {
                @if is_round {
                    h3 { "This round took in" }
                    (parts::values(&rest(&step.inputs)))
                }
                h3 { "Why" }
                p { (step.why.as_ref().unwrap_or(&stage.why)) }
                @if let Some(remark) = &step.remark { p.remark { (parts::shown(remark)) } }
                (parts::figure(step.figure.as_ref()))
                h3 { "Where" }
                (parts::place_of(stage, step))
            }
        }
        @if is_round { (bits(step)) }
        @if step.outputs.is_empty() { p { "Nothing came of it in " (trace.title()) "." } }
    }
}

fn plain(step: &Step) -> Markup {
    html! {
        @if !step.inputs.is_empty() { h3 { "In" } (parts::values(&step.inputs)) }
        h3 { "Out" }
        (parts::values(&step.outputs))
    }
}

fn registers(step: &Step) -> Markup {
    html! {
        table.registers {
            caption { "Registers" }
            thead { tr { th scope="col" { "" } th scope="col" { "before" } th scope="col" { "after" } th scope="col" { "made of" } } }
            tbody {
                @for (i, letter) in LETTERS.iter().enumerate() {
                    tr.mixed[is_mixed(i)] {
                        th scope="row" { (letter) }
                        @for values in [&step.inputs, &step.outputs] {
                            td { @if let Some(value) = named(values, letter) { (parts::data(value)) } }
                        }
                        td.origin { (origin(i)) }
                    }
                }
            }
        }
    }
}

/// Two registers are sums; the others only move one place on (FIPS 180-4 §6.2.2 step 3).
fn is_mixed(i: usize) -> bool {
    matches!(LETTERS[i], "a" | "e")
}

fn origin(i: usize) -> String {
    match LETTERS[i] {
        "a" => "T1 + T2".to_owned(),
        "e" => "d + T1".to_owned(),
        _ => format!("{}, moved", LETTERS[i - 1]),
    }
}

/// What is not a register: K, W, T1, T2.
fn rest(inputs: &[Value]) -> Vec<Value> {
    inputs.iter().filter(|value| !LETTERS.contains(&&*value.name)).cloned().collect()
}

fn named<'v>(values: &'v [Value], name: &str) -> Option<&'v Value> {
    values.iter().find(|value| value.name == name)
}

/// The registers after the round as bits; a bit that the round changed has a frame.
fn bits(step: &Step) -> Markup {
    let rows = LETTERS.map(|letter| {
        let bytes = |values| named(values, letter).map_or(vec![], parts::raw);
        (letter, bytes(&step.outputs), bytes(&step.inputs))
    });
    html! {
        figure {
            figcaption { "The registers after it, bit by bit: filled is 1; a dot marks a bit that this round changed." }
            (bit_rows(&rows))
        }
    }
}
