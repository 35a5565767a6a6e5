//! A trace: what a computation did, step by step, and that it ends where production ended.
//!
//! A [`Trace`] cannot be made but by [`Trace::new`], which is told what production returned and refuses
//! where the steps end elsewhere. Everything that is shown, in any form, is rendered from it.

use super::step::{Comparison, Figure, Layout, Stage, Step};
use super::value::Value;
use crate::cpu;
use core::fmt;

/// What a computation did.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    subject: &'static str,
    title: String,
    stages: Vec<Stage>,
    end: End,
    /// Kept beside the end, for a part of a trace has other last values.
    last: Option<Value>,
    agreed: Vec<&'static str>,
}

/// How a trace ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// With these bytes.
    Value(Vec<u8>),
    /// With yes.
    Accepted,
    /// With no: the reasons, in the words of production's errors.
    Refused(Vec<String>),
}

impl Trace {
    /// A trace whose steps end as production did.
    ///
    /// # Errors
    ///
    /// When they do not: the last output is not the value that production returned, or the steps that fail
    /// are not production's errors.
    pub fn new(
        subject: &'static str,
        title: impl Into<String>,
        stages: Vec<Stage>,
        production: End,
    ) -> Result<Trace, Unfaithful> {
        let steps = || stages.iter().flat_map(|stage| &stage.steps);
        let failed: Vec<&String> = steps().filter_map(Step::failure).collect();
        let last = steps().next_back().and_then(|step| step.outputs.last());
        let faithful = match &production {
            End::Value(bytes) => failed.is_empty() && last.is_some_and(|v| v.data.is(bytes)),
            End::Accepted => failed.is_empty(),
            End::Refused(reasons) => failed == reasons.iter().collect::<Vec<_>>(),
        };
        if !faithful {
            return Err(Unfaithful { subject, production });
        }
        let last = last.cloned();
        Ok(Trace { subject, title: title.into(), stages, end: production, last, agreed: vec![] })
    }

    /// Names the ways of the machine that gave the same value.
    #[must_use]
    pub fn agreed_by(mut self, backends: impl IntoIterator<Item = &'static str>) -> Trace {
        for backend in backends {
            if !self.agreed.contains(&backend) {
                self.agreed.push(backend);
            }
        }
        self.agreed.sort_by_key(|name| *name == cpu::PORTABLE);
        self
    }

    /// What was explained, in a word: `sha256`, `hmac`, `jwt`.
    pub fn subject(&self) -> &'static str {
        self.subject
    }

    /// What was done, in a few words.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The stages in their order.
    pub fn stages(&self) -> &[Stage] {
        &self.stages
    }

    /// How it ended.
    pub fn end(&self) -> &End {
        &self.end
    }

    /// The last value that came out of the whole: where the end is a value, this one.
    pub fn last_value(&self) -> Option<&Value> {
        self.last.as_ref()
    }

    /// The ways of the machine that gave the same value.
    pub fn agreed(&self) -> &[&'static str] {
        &self.agreed
    }

    /// The same in words: steps are shown as the portable text makes them, and where production took another
    /// way, that is said. Nothing where nobody was named.
    pub fn ways(&self) -> Option<String> {
        let (production, others) = self.agreed.split_first()?;
        if *production == cpu::PORTABLE {
            return Some((*production).to_owned());
        }
        let others = others.iter().filter(|name| **name != cpu::PORTABLE);
        let others: String = others.map(|name| format!(" and {name}")).collect();
        Some(format!("it ran {production}; the portable steps{others} agree"))
    }

    /// All steps, each with its stage.
    pub fn steps(&self) -> impl Iterator<Item = (&Stage, &Step)> {
        self.stages.iter().flat_map(|stage| stage.steps.iter().map(move |step| (stage, step)))
    }

    /// The step of this id, with its stage.
    pub fn step(&self, id: &str) -> Option<(&Stage, &Step)> {
        self.steps().find(|(_, step)| step.id == id)
    }

    /// Only the stages and steps whose ids begin with this one, for a look at a part.
    #[must_use]
    pub fn at(&self, id: &str) -> Option<Trace> {
        let within = |whole: &str| {
            whole.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let stages = self.stages.iter().filter_map(|stage| {
            let mut stage = stage.clone();
            if !within(&stage.id) {
                stage.steps.retain(|step| within(&step.id));
                stage.layout = Layout::Prose;
            }
            (!stage.steps.is_empty()).then_some(stage)
        });
        let stages: Vec<Stage> = stages.collect();
        (!stages.is_empty()).then(|| Trace { stages, ..self.clone() })
    }

    /// Puts what a standard prints beside a step: values by name, in hex.
    pub(super) fn compare<'v>(
        &mut self,
        id: &str,
        source: &'static str,
        stated: impl IntoIterator<Item = (&'v str, &'v str)>,
    ) {
        let mut steps = self.stages.iter_mut().flat_map(|stage| &mut stage.steps);
        let Some(step) = steps.find(|step| step.id == id) else { return };
        let shows = |(name, hex): (&str, &str)| step.value(name).is_some_and(|v| v.hex() == hex);
        let same = stated.into_iter().all(shows);
        let comparison = if same { Comparison::Same } else { Comparison::Differs };
        step.figure = Some(Figure { source, comparison });
    }
}

/// The steps do not end where production ended: nothing of them is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfaithful {
    /// What was to be explained.
    pub subject: &'static str,
    /// What production returned.
    pub production: End,
}

impl fmt::Display for Unfaithful {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the steps of {} do not end as production did: not shown", self.subject)
    }
}

impl core::error::Error for Unfaithful {}

#[cfg(test)]
mod tests {
    use super::*;

    fn ending_in(step: Step, production: End) -> Result<Trace, Unfaithful> {
        Trace::new("test", "a test", vec![Stage::new("t", "t", "§1").step(step)], production)
    }

    #[test]
    fn a_trace_that_ends_elsewhere_is_none() {
        let step = || Step::new("t.0", "t").outputs([Value::bytes("x", [1, 2])]);
        assert!(ending_in(step(), End::Value(vec![1, 2])).is_ok());
        assert!(ending_in(step(), End::Value(vec![1, 3])).is_err());
        assert!(ending_in(step(), End::Accepted).is_ok());
        assert!(ending_in(step(), End::Refused(vec!["no".to_owned()])).is_err());
        let fails = || step().outcome(Err("no".to_owned()));
        assert!(ending_in(fails(), End::Refused(vec!["no".to_owned()])).is_ok());
        assert!(ending_in(fails(), End::Refused(vec!["other".to_owned()])).is_err());
        assert!(ending_in(fails(), End::Accepted).is_err());
        assert!(ending_in(fails(), End::Value(vec![1, 2])).is_err());
    }

    #[test]
    fn a_part_is_found_by_the_head_of_its_id() {
        let trace = ending_in(Step::new("t.b0.r1", "t"), End::Accepted).unwrap();
        assert!(trace.at("t").is_some());
        assert!(trace.at("t.b0.r1").is_some());
        assert!(trace.at("t.b0.r").is_none());
    }
}
