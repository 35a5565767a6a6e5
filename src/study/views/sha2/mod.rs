//! SHA-2 step by step (FIPS 180-4): one step a page, the state in the URL.

mod difference;
mod step;

use super::super::form::{Fields, link};
use super::super::page::Page;
use super::super::parts;
use super::super::refusal::Refusal;
use crate::explain::{self, Stage, Step, Trace};
use crate::sha2::Algorithm;
use maud::{Markup, html};

/// The longest message that is stepped through here: every step is computed for every page.
const MOST_BYTES: usize = 1024;

/// What is asked, computed, and where in it somebody is.
struct Walk<'a> {
    algorithm: Algorithm,
    message: &'a str,
    other: &'a str,
    trace: Trace,
    /// The same of a second message, to be compared.
    beside: Option<Trace>,
    /// The step's id behind the algorithm's name: `b0.r17`.
    at: &'a str,
}

pub(super) fn show(fields: &Fields) -> Result<Page, Refusal> {
    let walk = Walk::of(fields)?;
    let steps: Vec<(&Stage, &Step)> = walk.trace.steps().collect();
    let index = steps.iter().position(|(_, step)| walk.short(&step.id) == walk.at);
    let Some(index) = index else {
        return Err(Refusal::input(
            "the field step",
            format!("{} of this message has no step {:?}", walk.algorithm, walk.at),
            "steps are input, pad, b0.w0 …, b0.r0 …, b0.h, digest",
        ));
    };
    let (stage, step) = steps[index];
    let ways = [0, index.saturating_sub(1), (index + 1).min(steps.len() - 1), steps.len() - 1];
    Ok(Page {
        path: "/sha2",
        title: format!("{} step by step", walk.algorithm),
        lead: "Registers before and after, what this step took in, why it is done, and the line that does it."
            .to_owned(),
        body: html! {
            (walk.form())
            section.step id="step" aria-labelledby="step-title" {
                (walk.ways(index, ways.map(|way| walk.short(&steps[way].1.id)), steps.len()))
                h2 id="step-title" { (parts::shown(&step.title)) }
                p.crumb { (stage.title) " · " code { (step.id) } }
                (step::show(&walk.trace, stage, step))
                @if let Some(beside) = &walk.beside { (difference::at(step, beside)) }
            }
            (walk.map())
            @if let Some(beside) = &walk.beside { (difference::by_round(&walk.trace, beside, &walk.block())) }
            (walk.digests())
        },
    })
}

impl<'a> Walk<'a> {
    fn of(fields: &'a Fields) -> Result<Walk<'a>, Refusal> {
        let name = fields.or("alg", "sha256");
        let algorithm: Algorithm = name.parse().map_err(|error| {
            Refusal::input("the field alg", format!("{name:?}: {error}"), "FIPS 180-4 §1")
        })?;
        let trace = |name, default| {
            let message = fields.bytes(name, default, MOST_BYTES)?;
            explain::sha2::digest(algorithm, &message).map_err(|error| {
                Refusal::input(format!("the field {name}"), error.to_string(), "explain")
            })
        };
        let other = fields.or("other", "");
        Ok(Walk {
            algorithm,
            message: fields.or("message", "abc"),
            other,
            trace: trace("message", "abc")?,
            beside: if other.is_empty() { None } else { Some(trace("other", "")?) },
            at: fields.or("step", "b0.r0"),
        })
    }

    /// `b0.r17` of `sha256.b0.r17`.
    fn short<'b>(&self, id: &'b str) -> &'b str {
        id.strip_prefix(self.algorithm.command_name())
            .and_then(|id| id.strip_prefix('.'))
            .unwrap_or(id)
    }

    /// The block that this step is in; the first one for steps outside of blocks.
    fn block(&self) -> String {
        self.at.split_once('.').map_or("b0", |(block, _)| block).to_owned()
    }

    fn link(&self, step: &str) -> String {
        let name = self.algorithm.command_name();
        let mut fields = vec![("alg", name), ("message", self.message)];
        if !self.other.is_empty() {
            fields.push(("other", self.other));
        }
        fields.push(("step", step));
        format!("{}#step", link("/sha2", &fields))
    }

    fn form(&self) -> Markup {
        let names = Algorithm::ALL.map(|algorithm| (algorithm.command_name(), algorithm.name()));
        html! {
            form.ask method="get" action="/sha2" {
                label { "Hash" select name="alg" {
                    (parts::options(names, self.algorithm.command_name()))
                } }
                label { "Message" input name="message" value=(self.message) maxlength="1024" spellcheck="false" autocomplete="off"; }
                label { "Compared with" input name="other" value=(self.other) maxlength="1024" spellcheck="false" autocomplete="off" placeholder="abd"; }
                input type="hidden" name="step" value=(self.at);
                button { "Show" }
                p.hint { "Text, or bytes as " code { "hex:616263" } ". A message here is in the URL: nothing secret." }
            }
        }
    }

    fn ways(&self, index: usize, [first, back, next, last]: [&str; 4], count: usize) -> Markup {
        html! {
            nav.ways aria-label="Steps" {
                a href=(self.link(first)) { "⇤ first" }
                a href=(self.link(back)) rel="prev" { "← back" }
                a href=(self.link(next)) rel="next" { "next →" }
                a href=(self.link(last)) { "last ⇥" }
                span.count { "step " (index + 1) " of " (count) }
            }
        }
    }

    /// Every step of this block as a button: one form, so that a long message stands in the page once.
    fn map(&self) -> Markup {
        let block = format!("{}.", self.block());
        let is_round = |id: &str| id.strip_prefix(&block).is_some_and(|id| id.starts_with('r'));
        let is_word = |id: &str| id.strip_prefix(&block).is_some_and(|id| id.starts_with('w'));
        let ids = || self.trace.steps().map(|(_, step)| self.short(&step.id));
        let blocks = ids().filter_map(|id| id.strip_suffix(".h"));
        let number = |id: &str| id.rsplit(['r', 'w']).next().unwrap_or_default().to_owned();
        html! {
            form.map method="get" action="/sha2#step" aria-label="Go to a step" {
                input type="hidden" name="alg" value=(self.algorithm.command_name());
                input type="hidden" name="message" value=(self.message);
                @if !self.other.is_empty() { input type="hidden" name="other" value=(self.other); }
                fieldset {
                    legend { "Ends" }
                    (self.button("input", "input")) (self.button("pad", "padding"))
                    (self.button(&format!("{block}h"), "feed-forward")) (self.button("digest", "digest"))
                }
                fieldset {
                    legend { "Blocks" }
                    @for id in blocks { (self.button(&format!("{id}.r0"), id)) }
                }
                fieldset.grid {
                    legend { "Words of the schedule, block " (self.block()) }
                    @for id in ids().filter(|id| is_word(id)) { (self.button(id, &number(id))) }
                }
                fieldset.grid {
                    legend { "Rounds, block " (self.block()) }
                    @for id in ids().filter(|id| is_round(id)) { (self.button(id, &number(id))) }
                }
            }
        }
    }

    fn button(&self, id: &str, name: &str) -> Markup {
        let here = (id == self.at).then_some("step");
        html! { button name="step" value=(id) aria-current=[here] { (name) } }
    }

    fn digests(&self) -> Markup {
        let digest =
            |trace: &Trace| trace.steps().last().map(|(_, step)| parts::values(&step.outputs));
        html! {
            section {
                h2 { "The end of it" }
                p { "As production returned it; the ways of this machine that agree: " (self.trace.agreed().join(", ")) "." }
                @if let Some(values) = digest(&self.trace) { (values) }
                @if let Some(beside) = &self.beside {
                    p { "The second message:" }
                    @if let Some(values) = digest(beside) { (values) }
                }
                p.hint { "The same in a terminal: " code { "jotlab explain " (self.algorithm.command_name()) " MESSAGE" } }
            }
        }
    }
}
