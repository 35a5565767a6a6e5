//! One model of a case for every format: what is asked, what must come out, and under which conditions.

use super::figures::Figure;
use super::question::{Answer, Request};
use super::stage::Stage;
use serde_json::{Value, json};

/// A file of cases from one source.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Its name, such as `RFC 7515`.
    pub name: String,
    /// Where the figures come from.
    pub source: String,
    /// The file, as it was named or found.
    pub file: String,
    /// The format that it was read as.
    pub format: &'static str,
    /// The cases, in the file's order.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Its name within the file.
    pub id: String,
    /// What it is about.
    pub comment: String,
    /// The section of a standard that it comes from, if the suite says.
    pub clause: String,
    /// The suite's own marks.
    pub flags: Vec<String>,
    /// How bad a failure is, in the suite's words, such as `AUTH_BYPASS`.
    pub severity: Option<String>,
    /// What the suite says of it: `valid`, `invalid`, `acceptable`.
    pub label: Label,
    /// What is asked. Nothing, if the case is not run.
    pub questions: Vec<Question>,
    /// Intermediate values, which only this library can be asked for.
    pub figure: Option<Figure>,
    /// Why it is not run.
    pub skip: Option<String>,
    /// A word on the label that this library adds: an erratum, or that it is a matter of policy.
    pub overlay: Option<Overlay>,
}

/// One request, and what must come out.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What is asked.
    pub request: Request,
    /// What must come out.
    pub expected: Expected,
}

/// What must come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// These bytes.
    Output(Vec<u8>),
    /// Yes, whatever comes with it.
    Accept,
    /// No, and at this stage if one is stated.
    Refuse(Option<Stage>),
}

/// What a suite says of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Label {
    /// It must succeed.
    #[default]
    Valid,
    /// It must be refused.
    Invalid,
    /// It may be refused; if it is accepted, the output must be right.
    Acceptable,
}

impl Label {
    /// The suite's word.
    pub fn name(self) -> &'static str {
        match self {
            Label::Valid => "valid",
            Label::Invalid => "invalid",
            Label::Acceptable => "acceptable",
        }
    }

    /// The label of that name.
    pub fn from_name(name: &str) -> Option<Label> {
        [Label::Valid, Label::Invalid, Label::Acceptable].into_iter().find(|l| l.name() == name)
    }
}

/// What is known of a published case beside its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// The label is wrong.
    Erratum {
        /// The right one.
        label: Label,
        /// Why.
        reason: String,
    },
    /// The label is a policy, not a standard's demand.
    Policy(String),
}

impl Case {
    /// A case that is not run.
    pub fn skipped(id: impl Into<String>, why: impl Into<String>) -> Case {
        Case { id: id.into(), skip: Some(why.into()), ..Case::default() }
    }

    /// The inputs and what is stated, as JSON.
    pub fn to_value(&self) -> Value {
        let question = |question: &Question| {
            let mut value = question.request.to_value();
            value["expected"] = json!(question.expected.text());
            value
        };
        let mut value = json!({
            "id": self.id, "comment": self.comment, "result": self.label.name(),
            "questions": self.questions.iter().map(question).collect::<Vec<_>>(),
        });
        if !self.clause.is_empty() {
            value["clause"] = json!(self.clause);
        }
        if !self.flags.is_empty() {
            value["flags"] = json!(self.flags);
        }
        if let Some(severity) = &self.severity {
            value["severity"] = json!(severity);
        }
        match &self.overlay {
            Some(Overlay::Erratum { label, reason }) => {
                value["erratum"] = json!({ "result": label.name(), "reason": reason });
            }
            Some(Overlay::Policy(tag)) => value["policy"] = json!(tag),
            None => {}
        }
        if let Some(figure) = &self.figure {
            value["figure"] = figure.text.clone();
        }
        value
    }
}

impl Expected {
    /// Whether an answer is the one.
    pub fn is_met_by(&self, answer: &Answer) -> bool {
        match (self, answer) {
            (Expected::Output(stated), Answer::Output(found)) => stated == found,
            (Expected::Accept, Answer::Output(_) | Answer::Valid)
            | (Expected::Refuse(_), Answer::Refused { stage: None, .. })
            | (Expected::Refuse(None), Answer::Refused { .. }) => true,
            (Expected::Refuse(Some(stated)), Answer::Refused { stage: Some(found), .. }) => {
                stated == found
            }
            _ => false,
        }
    }

    /// In words: hex for bytes.
    pub fn text(&self) -> String {
        match self {
            Expected::Output(bytes) => hex::encode(bytes),
            Expected::Accept => "valid".to_owned(),
            Expected::Refuse(None) => "refused".to_owned(),
            Expected::Refuse(Some(stage)) => stage.to_string(),
        }
    }
}
