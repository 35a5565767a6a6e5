//! What is asked: a suite, the corpus of known ways in, random and edge cases.

use crate::cli::exit::Fault;
use crate::cli::vectors::{chosen_suites, own_suites};
use crate::crosscheck::{Asked, Hello, Wanted, random};
use crate::vectors::{Case, Request, Suite};
use clap::builder::RangedU64ValueParser;

#[derive(clap::Args)]
pub(in crate::cli) struct Source {
    /// Ask the cases of suites, files or directories
    #[arg(long, value_name = "SUITE|FILE|DIR")]
    pub(super) suite: Vec<String>,
    /// Ask a corpus: hazards, the known ways into JWT libraries
    #[arg(long, value_name = "NAME", value_parser = ["hazards"])]
    pub(super) corpus: Option<String>,
    /// Ask edge cases and this many random ones of each operation and algorithm; for more than 10000 take
    /// another --seed
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = at_most(MOST_RANDOM))]
    pub(super) random: Option<usize>,
    /// Random cases follow from this
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(super) seed: u64,
    /// Only this operation, such as sha2 or jws.verify
    #[arg(long, value_name = "OP")]
    pub(super) op: Vec<String>,
    /// Only this algorithm, such as SHA-256 or RS256
    #[arg(long, value_name = "ALG")]
    pub(super) alg: Vec<String>,
}

/// The most random cases of an operation and an algorithm: all that is asked is held in memory.
const MOST_RANDOM: u64 = 10_000;
/// Random cases if nothing is said.
const USUAL_RANDOM: usize = 200;

fn at_most(most: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(..=most)
}

impl Source {
    fn wanted(&self) -> Wanted {
        Wanted { operations: self.op.clone(), algorithms: self.alg.clone() }
    }

    /// What is to be asked. Without a source: all that comes with jotlab, and random cases.
    pub(super) fn asked(&self) -> Result<Vec<Asked>, Fault> {
        let nothing_said = self.suite.is_empty() && self.corpus.is_none() && self.random.is_none();
        let mut asked = vec![];
        if nothing_said || !self.suite.is_empty() {
            asked.extend(of_suites(&chosen_suites(&self.suite)?, &self.wanted()));
        }
        if self.corpus.is_some() {
            asked.extend(of_suites(&own_suites()?, &self.wanted()));
        }
        let count = self.random.or(nothing_said.then_some(USUAL_RANDOM));
        if let Some(count) = count {
            let requests = random(&everything(), &self.wanted(), count, self.seed);
            let of_seed = |(number, request)| Asked {
                name: String::new(),
                about: format!("seed {}, number {number}", self.seed),
                request,
            };
            asked.extend((1..).zip(requests).map(of_seed));
        }
        if asked.is_empty() {
            return Err(Fault::usage("nothing to ask: no case has this operation and algorithm"));
        }
        Ok(asked)
    }
}

fn of_suites(suites: &[Suite], wanted: &Wanted) -> Vec<Asked> {
    let mut asked = vec![];
    for suite in suites {
        for case in &suite.cases {
            let takes = |request: &&Request| wanted.takes(request) && !is_long(request);
            for request in case.questions.iter().map(|q| &q.request).filter(takes) {
                asked.push(Asked {
                    name: format!("{}/{}", suite.file, case.id),
                    about: about(case),
                    request: request.clone(),
                });
            }
        }
    }
    asked
}

/// What a case is about, and the rule that it comes from.
fn about(case: &Case) -> String {
    match (case.comment.as_str(), case.clause.as_str()) {
        (comment, "") => comment.to_owned(),
        ("", clause) => clause.to_owned(),
        (comment, clause) => format!("{comment}; {clause}"),
    }
}

/// Messages of half a gigabyte are asked when their suite is named, not on the way.
fn is_long(request: &Request) -> bool {
    use crate::vectors::Message;
    matches!(
        request,
        Request::Sha2 { message: Message::Repeated { bytes, .. }, .. } if *bytes > 64 << 20
    )
}

/// An adapter that declares everything: each party then takes what it has.
fn everything() -> Hello {
    Hello::of_everything(&[
        "sha2",
        "hmac",
        "hmac.verify",
        "pbkdf2",
        "base64url.encode",
        "base64url.decode",
        "rsa.pkcs1v15.sign",
        "rsa.pkcs1v15.verify",
        "jws.sign",
        "jws.verify",
        "jwk.parse",
    ])
}
