//! Judging an answer: the suite's label, the policy under which it is read, and what is known of the label.
//!
//! | policy | an acceptable case | a case that is a matter of policy | an erratum |
//! |---|---|---|---|
//! | `strict` | must be refused where a flag below says so, else either way | as the suite says | corrects the label |
//! | `rfc` | either way | either way | corrects the label |
//! | `wycheproof` | either way | as the suite says | is not looked at |
//!
//! Either way means: it may be refused; if it is accepted, the output must be right.

use super::case::{Case, Expected, Label, Overlay, Question};
use super::implementation::Implementation;
use super::outcome::Outcome;
use super::question::Answer;
use core::str::FromStr;

/// How labels are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reading {
    /// What a careful verifier does: what may be refused is.
    #[default]
    Strict,
    /// What the standards demand, and no more.
    Rfc,
    /// What the suite's authors printed.
    Wycheproof,
}

impl Reading {
    /// All, the default first.
    pub const ALL: [Reading; 3] = [Reading::Strict, Reading::Rfc, Reading::Wycheproof];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Reading::Strict => "strict",
            Reading::Rfc => "rfc",
            Reading::Wycheproof => "wycheproof",
        }
    }
}

impl FromStr for Reading {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let names = || Reading::ALL.map(Reading::name).join(", ");
        let found = Reading::ALL.into_iter().find(|reading| reading.name() == name);
        found.ok_or_else(|| format!("not a policy: expected one of {}", names()))
    }
}

/// Flags of acceptable cases that a careful verifier refuses, with the reason.
const REFUSED_WHEN_STRICT: [(&str, &str); 2] = [
    ("MissingNull", "RFC 8017 §A.2.4: the parameters of a hash are NULL when they are written"),
    ("NegativeOfPrime", "a prime is a positive integer"),
];

/// What is demanded of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Demand {
    /// What is stated.
    Stated,
    /// A refusal.
    Refusal,
    /// The stated output, or a refusal.
    Either,
    /// Acceptance, whatever is stated.
    Acceptance,
}

/// Asks an implementation everything that a case has, and judges the answers.
pub fn judge(case: &Case, implementation: &dyn Implementation, reading: Reading) -> Outcome {
    if let Some(why) = &case.skip {
        return Outcome::Skipped(why.clone());
    }
    let demand = demand(case, reading);
    let mut note = None;
    for question in &case.questions {
        let answer = implementation.answer(&question.request);
        if let Answer::Unsupported(why) = answer {
            return Outcome::Skipped(why);
        }
        match judge_answer(case, question, &answer, demand) {
            Ok(None) => {}
            Ok(word) => note = word,
            Err(why) => return Outcome::Failed(against_erratum(case, question, &answer, why)),
        }
    }
    if let Some(Err(why)) = case.figure.as_ref().map(|f| implementation.check_figure(f)) {
        return Outcome::Failed(why);
    }
    match (&case.overlay, note) {
        (Some(Overlay::Erratum { reason, .. }), _) if reading != Reading::Wycheproof => {
            Outcome::Explained(reason.clone())
        }
        (_, Some(note)) => Outcome::Noted(note),
        _ => Outcome::Passed,
    }
}

fn demand(case: &Case, reading: Reading) -> Demand {
    match (&case.overlay, reading) {
        (Some(Overlay::Erratum { label, .. }), Reading::Strict | Reading::Rfc) => match label {
            Label::Valid => Demand::Acceptance,
            Label::Invalid => Demand::Refusal,
            Label::Acceptable => Demand::Either,
        },
        (Some(Overlay::Policy(_)), Reading::Rfc) => Demand::Either,
        _ if case.label != Label::Acceptable => Demand::Stated,
        (_, Reading::Strict) if strict_flag(case).is_some() => Demand::Refusal,
        _ => Demand::Either,
    }
}

/// The flag for which a careful verifier refuses an acceptable case, and why.
fn strict_flag(case: &Case) -> Option<&'static (&'static str, &'static str)> {
    REFUSED_WHEN_STRICT.iter().find(|(flag, _)| case.flags.iter().any(|f| f == flag))
}

/// The policy that a label is, in words.
fn policy_of(case: &Case) -> String {
    match &case.overlay {
        Some(Overlay::Policy(tag)) => format!(": a matter of policy, {tag}"),
        _ => String::new(),
    }
}

/// A word about an answer that is good enough, or what is wrong with it.
fn judge_answer(
    case: &Case,
    question: &Question,
    answer: &Answer,
    demand: Demand,
) -> Result<Option<String>, String> {
    let stated = &question.expected;
    let (met, expected) = match demand {
        Demand::Stated => (stated.is_met_by(answer), stated.text()),
        // what computes does not refuse: where the stated bytes are wrong, others are right
        Demand::Refusal if question.request.computes() => {
            let other = matches!(answer, Answer::Output(_)) && !stated.is_met_by(answer);
            let refused = Expected::Refuse(None).is_met_by(answer);
            (other || refused, format!("not {}", stated.text()))
        }
        Demand::Refusal => {
            let why = strict_flag(case).map(|(flag, why)| format!(" ({flag}: {why})"));
            let refused = Expected::Refuse(None).is_met_by(answer);
            (refused, format!("refused{}", why.unwrap_or_default()))
        }
        Demand::Acceptance => (Expected::Accept.is_met_by(answer), "valid".to_owned()),
        Demand::Either => {
            let accepted = match stated {
                Expected::Refuse(_) => Expected::Accept.is_met_by(answer),
                _ => stated.is_met_by(answer),
            };
            let refused = Expected::Refuse(None).is_met_by(answer);
            (accepted || refused, format!("{} or refused", stated.text()))
        }
    };
    let operation = question.request.operation();
    match (met, answer) {
        (true, Answer::Refused { .. }) if demand == Demand::Either => {
            Ok(Some(format!("refused, as it may be{}", policy_of(case))))
        }
        (true, _) if demand == Demand::Either => {
            Ok(Some(format!("accepted, as it may be{}", policy_of(case))))
        }
        (true, _) if case.label == Label::Acceptable => Ok(strict_flag(case)
            .map(|(flag, why)| format!("acceptable and refused under strict ({flag}: {why})"))),
        (true, _) => Ok(None),
        // breaking on what must be refused is no acceptance: a weak pass, said apart
        (false, Answer::Error(why)) if must_refuse(stated, demand) => {
            Ok(Some(format!("refused by an error, a weak pass: {why}")))
        }
        (false, _) => Err(format!("{operation}: {answer}, expected {expected}")),
    }
}

fn must_refuse(stated: &Expected, demand: Demand) -> bool {
    match demand {
        Demand::Stated => matches!(stated, Expected::Refuse(_)),
        Demand::Refusal => true,
        Demand::Either | Demand::Acceptance => false,
    }
}

/// Adds to a failure that the wrong label would have been met: then it is the label's fault as well.
fn against_erratum(case: &Case, question: &Question, answer: &Answer, why: String) -> String {
    match &case.overlay {
        Some(Overlay::Erratum { reason, .. }) if question.expected.is_met_by(answer) => {
            format!("{why}: this is what the suite says, against its erratum ({reason})")
        }
        _ => why,
    }
}
