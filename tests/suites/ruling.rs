//! Other implementations than ours: what each kind of answer is worth.

use crate::files::primality;
use crate::samples::suite;
use jotlab::vectors::{Answer, Implementation, Options, Request, run};

/// Says the same to everything, or panics.
struct Fixed(Option<Answer>);

impl Implementation for Fixed {
    fn name(&self) -> String {
        "fixed".to_owned()
    }

    fn answer(&self, _request: &Request) -> Answer {
        self.0.clone().expect("an implementation may panic")
    }
}

/// The outcomes of a valid and an invalid case, and whether there is a word beside.
fn outcomes(answer: Option<Answer>) -> Vec<(String, bool)> {
    let cases = [("0d", "valid", "a"), ("0f", "invalid", "b")];
    let suite = suite(&primality(&cases).to_string());
    let report = run(&[suite], &Fixed(answer), &Options::default());
    let cases = report.suites.into_iter().flat_map(|suite| suite.cases);
    cases.map(|case| (case.outcome, case.why.is_some())).collect()
}

#[test]
fn only_a_refusal_is_one() {
    let why = || "why".to_owned();
    for (answer, valid, invalid) in [
        (Some(Answer::Valid), ("passed", false), ("failed", true)),
        (Some(Answer::Refused { stage: None, why: why() }), ("failed", true), ("passed", false)),
        // breaking on what must be refused accepts nothing: a weak pass, with a word
        (Some(Answer::Error(why())), ("failed", true), ("passed", true)),
        // two ways of computing that do not agree: one of them accepts what must be refused
        (Some(Answer::Divided(why())), ("failed", true), ("failed", true)),
        (Some(Answer::Unsupported(why())), ("skipped", true), ("skipped", true)),
        // a panic is caught, and is no refusal
        (None, ("failed", true), ("failed", true)),
    ] {
        let expected = [valid, invalid].map(|(word, why)| (word.to_owned(), why));
        assert_eq!(outcomes(answer.clone()), expected, "{answer:?}");
    }
}
