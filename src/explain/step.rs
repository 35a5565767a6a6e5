//! What a trace is made of: stages, which a standard has names for, and their steps.

use super::code::Code;
use super::value::Value;
use core::fmt;
use std::borrow::Cow;

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
