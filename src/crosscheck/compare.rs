//! Several parties beside this library: what each was asked, and where they part.

use super::{Fault, Parting, Party, Side, diagnose, difference, parting, shrink};
use crate::vectors::{Answer, Implementation, Jotlab, Request};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Something to be asked, and what it is called.
#[derive(Clone, Debug)]
pub struct Asked {
    /// A name: a case of a suite, or nothing.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// The request.
    pub request: Request,
}

/// How much of an operation and algorithm was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Answered as we do.
    pub same: usize,
    /// Refused by breaking, where a refusal is right.
    pub weak: usize,
    /// Answered otherwise.
    pub other: usize,
    /// Not asked: not declared.
    pub not_declared: usize,
    /// Not asked: beyond its limits, given up, or stopped.
    pub not_asked: usize,
}

/// An answer that is not ours.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// Which of the parties.
    pub party: usize,
    /// Which of what was asked.
    pub asked: usize,
    /// Our answer.
    pub ours: Answer,
    /// Theirs.
    pub theirs: Answer,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// The parties' names.
    pub parties: Vec<String>,
    /// For each party, by operation and algorithm.
    pub coverage: Vec<BTreeMap<String, Coverage>>,
    /// For each party, what it declares and nobody here knows.
    pub unknown: Vec<Vec<String>>,
    /// In the order of what was asked.
    pub disagreements: Vec<Disagreement>,
    /// For each party, what went wrong on its side, and at which of what was asked.
    pub faults: Vec<Vec<Fault>>,
    /// For each thing that was asked, our answer and each party's; nothing where it was not asked.
    pub answers: Vec<(Answer, Vec<Option<Answer>>)>,
}

/// Asks every party what it declares, and compares. `watch` is told how many parties are done.
pub fn compare(
    parties: &mut [Box<dyn Party>],
    asked: &[Asked],
    watch: &dyn Fn(usize, usize),
) -> Findings {
    let jotlab = Jotlab::new();
    let mut findings = Findings::default();
    let ours: Vec<Answer> = asked.iter().map(|asked| jotlab.answer(&asked.request)).collect();
    findings.answers = ours.iter().map(|answer| (answer.clone(), vec![])).collect();
    for party in parties.iter_mut() {
        watch(findings.parties.len(), asked.len());
        let mut coverage: BTreeMap<String, Coverage> = BTreeMap::new();
        let wanted: Vec<usize> = (0..asked.len())
            .filter(|&i| party.declares(&asked[i].request) && party.takes(&asked[i].request))
            .collect();
        let requests: Vec<Request> = wanted.iter().map(|&i| asked[i].request.clone()).collect();
        let mut answers: BTreeMap<usize, Answer> =
            wanted.iter().copied().zip(party.ask(&requests)).collect();
        for (i, Asked { request, .. }) in asked.iter().enumerate() {
            let row = coverage.entry(label(request)).or_default();
            let theirs = answers.remove(&i);
            match &theirs {
                None if party.declares(request) => row.not_asked += 1,
                None => row.not_declared += 1,
                Some(theirs) => match difference(request, &ours[i], theirs) {
                    Side::Same => row.same += 1,
                    Side::Weak => row.weak += 1,
                    Side::NotAsked => row.not_asked += 1,
                    Side::Other => {
                        row.other += 1;
                        findings.disagreements.push(Disagreement {
                            party: findings.parties.len(),
                            asked: i,
                            ours: ours[i].clone(),
                            theirs: theirs.clone(),
                        });
                    }
                },
            }
            findings.answers[i].1.push(theirs);
        }
        findings.parties.push(party.name());
        findings.coverage.push(coverage);
        findings.unknown.push(party.unknown());
        let faults = party.faults().iter().map(|fault| fault.among(&wanted));
        findings.faults.push(faults.collect());
    }
    findings
}

/// An operation with its algorithms.
pub fn label(request: &Request) -> String {
    format!("{} {}", request.operation(), request.algorithms().join(",")).trim().to_owned()
}

/// The longest that one disagreement is looked at: what crashes may need a new process for each try.
const MOST_TIME: Duration = Duration::from_secs(30);

/// A disagreement after a closer look.
#[derive(Clone, Debug)]
pub struct Closer {
    /// The smallest request that is still answered wrongly.
    pub request: Request,
    /// The answer to it.
    pub theirs: Answer,
    /// The first step that differs, if the party has the feature `trace`.
    pub parting: Option<Parting>,
    /// What would give this answer.
    pub words: Vec<String>,
}

/// Makes a disagreement small and says what it looks like.
pub fn look_closer(party: &mut dyn Party, request: &Request, first: &Answer) -> Closer {
    if matches!(first, Answer::Error(why) if why.starts_with("HANG") || why.starts_with("PROTOCOL"))
    {
        // each try would cost a whole timeout
        let (request, theirs) = (request.clone(), first.clone());
        return Closer { request, theirs, parting: None, words: vec![] };
    }
    let jotlab = Jotlab::new();
    let deadline = Instant::now() + MOST_TIME;
    let differs = |request: &Request, theirs: &Answer| {
        difference(request, &jotlab.answer(request), theirs) == Side::Other
    };
    let mut disagree = |requests: &[Request]| -> Vec<bool> {
        if Instant::now() > deadline {
            return vec![false; requests.len()];
        }
        party.forgive();
        let answers = party.ask(requests);
        requests.iter().zip(&answers).map(|(request, theirs)| differs(request, theirs)).collect()
    };
    let mut smallest = shrink(request, &mut disagree);
    party.forgive();
    let mut theirs = party.ask(core::slice::from_ref(&smallest)).remove(0);
    if !differs(&smallest, &theirs) {
        // it does not do it every time
        (smallest, theirs) = (request.clone(), first.clone());
    }
    // what is small may fit many bugs: those that fit the first input as well are meant
    let (mut words, of_first) = (diagnose(&smallest, &theirs), diagnose(request, first));
    let both: Vec<String> = words.iter().filter(|word| of_first.contains(word)).cloned().collect();
    if !both.is_empty() || words.is_empty() {
        words = if both.is_empty() { of_first } else { both };
    } else {
        words
            .iter_mut()
            .for_each(|word| word.push_str("; but that is not so of the input first found"));
    }
    words.truncate(MOST_WORDS);
    let parting = parting(&smallest, &party.trace(&smallest));
    Closer { request: smallest, theirs, parting, words }
}

/// The most that is said of one answer.
const MOST_WORDS: usize = 4;
