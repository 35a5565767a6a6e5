//! A trace: what a computation did, step by step, and that it ends where production ended.
//!
//! A [`Trace`] cannot be made but by [`Trace::new`], which is told what production returned and refuses
//! where the steps end elsewhere. Everything that is shown, in any form, is rendered from it.

use super::code::Code;
use super::value::Value;
use crate::cpu;
use core::fmt;
use std::borrow::Cow;

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

/// A part of a computation that its standard has a name for.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Its id, which its steps begin with: `sha256.b0`.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// The section of the standard.
    pub section: &'static str,
    /// Where it is done.
    pub code: Option<Code>,
    /// Why it is done, in a sentence or two.
    pub why: Cow<'static, str>,
    /// How its steps are told.
    pub layout: Layout,
    /// The steps in their order.
    pub steps: Vec<Step>,
}

/// How the steps of a stage are told in text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One after the other.
    Prose,
    /// A row each; the columns are these values, by name.
    Table(&'static [&'static str]),
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// A name that stays: `sha256.b0.r17`.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// What went in.
    pub inputs: Vec<Value>,
    /// What came out.
    pub outputs: Vec<Value>,
    /// Why this step, where the stage does not say it.
    pub why: Option<Cow<'static, str>>,
    /// Where it is done and by which section, where not as its stage.
    pub place: Option<(&'static str, Code)>,
    /// Something to notice in these values.
    pub remark: Option<String>,
    /// Whose figures of this step were put beside it.
    pub figure: Option<Figure>,
    /// Whether something holds that had to.
    pub outcome: Outcome,
}

/// Whether what a step asks holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The step asks nothing.
    None,
    /// It holds.
    Holds,
    /// It does not, in the words of production's error.
    Fails(String),
}

/// A step beside what a standard prints of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Whose figures they are.
    pub source: &'static str,
    /// How they compare.
    pub comparison: Comparison,
}

/// Whether a step is as printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Same,
    /// Not the same: one of the two is wrong.
    Differs,
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.comparison {
            Comparison::Same => write!(f, "= {} ✓", self.source),
            Comparison::Differs => write!(f, "≠ {} ✗", self.source),
        }
    }
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
        self.agreed = backends.into_iter().collect();
        self.agreed.dedup();
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
        let others: String = others.map(|name| format!("{name}, ")).collect();
        Some(format!("it ran {production}; {others}the portable steps agree"))
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

impl Stage {
    /// A stage without steps yet.
    pub fn new(id: impl Into<String>, title: impl Into<String>, section: &'static str) -> Stage {
        Stage {
            id: id.into(),
            title: title.into(),
            section,
            code: None,
            why: Cow::Borrowed(""),
            layout: Layout::Prose,
            steps: vec![],
        }
    }

    /// Where it is done.
    #[must_use]
    pub fn code(mut self, code: Code) -> Stage {
        self.code = Some(code);
        self
    }

    /// Why it is done.
    #[must_use]
    pub fn why(mut self, why: impl Into<Cow<'static, str>>) -> Stage {
        self.why = why.into();
        self
    }

    /// Tells the steps as rows of these values.
    #[must_use]
    pub fn table(mut self, columns: &'static [&'static str]) -> Stage {
        self.layout = Layout::Table(columns);
        self
    }

    /// Adds a step.
    #[must_use]
    pub fn step(mut self, step: Step) -> Stage {
        self.steps.push(step);
        self
    }

    /// Adds steps.
    #[must_use]
    pub fn steps(mut self, steps: impl IntoIterator<Item = Step>) -> Stage {
        self.steps.extend(steps);
        self
    }
}

impl Step {
    /// A step without values yet.
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Step {
        Step {
            id: id.into(),
            title: title.into(),
            inputs: vec![],
            outputs: vec![],
            why: None,
            place: None,
            remark: None,
            figure: None,
            outcome: Outcome::None,
        }
    }

    /// What went in.
    #[must_use]
    pub fn inputs(mut self, values: impl IntoIterator<Item = Value>) -> Step {
        self.inputs.extend(values);
        self
    }

    /// What came out.
    #[must_use]
    pub fn outputs(mut self, values: impl IntoIterator<Item = Value>) -> Step {
        self.outputs.extend(values);
        self
    }

    /// Why this step.
    #[must_use]
    pub fn why(mut self, why: impl Into<Cow<'static, str>>) -> Step {
        self.why = Some(why.into());
        self
    }

    /// By which section and where it is done, if not as its stage.
    #[must_use]
    pub fn place(mut self, section: &'static str, code: Code) -> Step {
        self.place = Some((section, code));
        self
    }

    /// Something to notice.
    #[must_use]
    pub fn remark(mut self, remark: impl Into<String>) -> Step {
        self.remark = Some(remark.into());
        self
    }

    /// Whether what it asks holds; the error is production's.
    #[must_use]
    pub fn outcome(mut self, outcome: Result<(), String>) -> Step {
        self.outcome = outcome.map_or_else(Outcome::Fails, |()| Outcome::Holds);
        self
    }

    /// Why it fails, if it does.
    pub fn failure(&self) -> Option<&String> {
        match &self.outcome {
            Outcome::Fails(reason) => Some(reason),
            _ => None,
        }
    }

    /// A value by its name: of what came out, or else of what went in.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.outputs.iter().chain(&self.inputs).find(|value| value.name == name)
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
