//! What a cross-check found, for people and as JSON.

use super::by_hand::by_hand;
use super::case::{case, summary};
use super::faults;
use crate::cli::voice;
use crate::crosscheck::{
    self, Asked, Coverage, Findings, Parting, Side, difference, label, vector,
};
use crate::explain::diagnosis;
use crate::rsa::PublicKey;
use crate::vectors::{Answer, Implementation, Jotlab, Request};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Disagreements that are listed one by one.
const MOST: usize = 40;
/// Of an operation and an algorithm so many are listed, however many others there are.
const LEAST_OF_EACH: usize = 3;

/// A disagreement after it was made small.
pub(super) struct Closer {
    pub(super) party: usize,
    pub(super) found: crosscheck::Closer,
}

pub(super) struct Report<'r> {
    pub(super) asked: &'r [Asked],
    pub(super) findings: &'r Findings,
    pub(super) closer: &'r [Closer],
    pub(super) stopped: bool,
}

impl Report<'_> {
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        if self.stopped {
            text += "stopped: this is what was found until then\n\n";
        }
        for party in 0..self.findings.parties.len() {
            text += &self.party(party);
        }
        if self.findings.parties.len() > 1 {
            text += &self.table();
        }
        text.trim_end().to_owned() + "\n"
    }

    fn name(&self, party: usize) -> String {
        voice::shown(&self.findings.parties[party], 60)
    }

    fn party(&self, party: usize) -> String {
        let mut text = format!("{}\n", self.name(party));
        let mut missing: BTreeMap<&str, usize> = BTreeMap::new();
        text += "  operation                            same   weak  other  not asked\n";
        for (label, row) in &self.findings.coverage[party] {
            let Coverage { same, weak, other, not_declared, not_asked } = row;
            if same + weak + other + not_asked == 0 {
                let operation = label.split(' ').next().unwrap_or_default();
                *missing.entry(operation).or_insert(0) += not_declared;
                continue;
            }
            text += &format!("  {label:<34} {same:>6} {weak:>6} {other:>6} {not_asked:>10}\n");
        }
        if !missing.is_empty() {
            let missing = missing.iter().map(|(operation, count)| format!("{operation} {count}"));
            let missing = missing.collect::<Vec<_>>().join(", ");
            text += &format!("  not declared, so not asked: {missing}\n");
        }
        let unknown: Vec<_> = self.findings.unknown[party].iter().take(MOST).cloned().collect();
        if !unknown.is_empty() {
            let unknown = voice::shown(&unknown.join(", "), 400);
            text +=
                &format!("  declared, but no name that is known here, so not asked: {unknown}\n");
        }
        text += &faults::text(&self.findings.faults[party], self.asked);
        text + &self.disagreements(party)
    }

    fn disagreements(&self, party: usize) -> String {
        let of_party: Vec<_> =
            self.findings.disagreements.iter().filter(|d| d.party == party).collect();
        if of_party.is_empty() {
            return format!("  {}\n\n", voice::good("no disagreement"));
        }
        let mut text = format!("  {}: {}\n", voice::bad("disagreements"), of_party.len());
        let mut by_label: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for d in of_party {
            by_label.entry(label(&self.asked[d.asked].request)).or_default().push(d);
        }
        // some of each operation and algorithm: many of one do not hide another's
        let each = (MOST / by_label.len()).max(LEAST_OF_EACH);
        for (label, all) in by_label {
            for d in all.iter().take(each) {
                let case = case(&self.asked[d.asked]);
                text += &format!("    {case}: {}, jotlab: {}\n", shown(&d.theirs), shown(&d.ours));
            }
            if let Some(more @ 1..) = all.len().checked_sub(each) {
                text += &format!("    and {more} more of {label}\n");
            }
        }
        self.closer
            .iter()
            .filter(|closer| closer.party == party)
            .for_each(|c| text += &smallest(c));
        text + "\n"
    }

    /// Who takes what, where they are not of one mind.
    fn table(&self) -> String {
        let parties = self.findings.parties.len();
        let mut rows = String::new();
        for (i, (ours, theirs)) in self.findings.answers.iter().enumerate() {
            let asked = &self.asked[i];
            let all = || {
                let theirs = (0..parties).map(|p| theirs.get(p).and_then(Option::as_ref));
                std::iter::once(Some(ours)).chain(theirs)
            };
            let words: Vec<&str> = all().map(|answer| word(&asked.request, ours, answer)).collect();
            let said: Vec<&&str> = words.iter().filter(|word| **word != "·").collect();
            if said.windows(2).all(|pair| pair[0] == pair[1]) || said.len() < 2 {
                continue;
            }
            let name =
                if asked.name.is_empty() { summary(&asked.request) } else { asked.name.clone() };
            rows += &format!("{:<44}", voice::shown(&name, 42));
            words.iter().for_each(|word| rows += &format!(" {word:>10}"));
            let alone = alone(&words, &self.findings.parties);
            rows += &format!("  {}{alone}\n", voice::shown(&asked.about, 100));
        }
        if rows.is_empty() {
            return "all parties are of one mind\n".to_owned();
        }
        let mut head = format!("{:<44} {:>10}", "case", "jotlab");
        (0..parties).for_each(|party| head += &format!(" {:>10}", last(&self.name(party), 10)));
        format!("{head}\n{rows}")
    }

    pub(super) fn to_value(&self) -> Value {
        let party =
            |party: usize| {
                let coverage = self.findings.coverage[party].iter().map(|(label, row)| {
                let Coverage { same, weak, other, not_declared, not_asked } = row;
                (label.clone(), json!({
                    "same": same, "weak": weak, "other": other, "not_declared": not_declared,
                    "not_asked": not_asked,
                }))
            });
                let faults = &self.findings.faults[party];
                let faults = faults.iter().map(|fault| faults::to_value(fault, self.asked));
                json!({
                    "name": self.findings.parties[party],
                    "coverage": coverage.collect::<serde_json::Map<_, _>>(),
                    "unknown": self.findings.unknown[party],
                    "faults": faults.collect::<Vec<_>>(),
                })
            };
        let disagreement = |d: &crate::crosscheck::Disagreement| {
            let asked = &self.asked[d.asked];
            json!({
                "party": self.findings.parties[d.party], "case": asked.name, "about": asked.about,
                "request": asked.request.to_value(), "theirs": d.theirs.to_string(),
                "jotlab": d.ours.to_string(),
            })
        };
        let closer = |c: &Closer| {
            let crosscheck::Closer { request, theirs, parting, words } = &c.found;
            let ours = Jotlab::new().answer(request);
            let comment = words.first().map_or("found by a cross-check", String::as_str);
            json!({
                "party": self.findings.parties[c.party], "request": request.to_value(),
                "theirs": theirs.to_string(), "jotlab": ours.to_string(), "diagnosis": words,
                "last_step_that_agrees": parting.as_ref().and_then(|p| p.agreed.clone()),
                "first_step_that_differs": parting.as_ref().map(|p| p.differs.0.clone()),
                "by_hand": by_hand(request), "vector": vector(request, &ours, comment),
            })
        };
        json!({
            "crosscheck": "jotlab-crosscheck/1", "stopped": self.stopped,
            "parties": (0..self.findings.parties.len()).map(party).collect::<Vec<_>>(),
            "disagreements": self.findings.disagreements.iter().map(disagreement).collect::<Vec<_>>(),
            "smallest": self.closer.iter().map(closer).collect::<Vec<_>>(),
        })
    }
}

/// The dissenters, where there is a majority and they are few.
fn alone(words: &[&str], parties: &[String]) -> String {
    let count = |word: &str| words.iter().filter(|other| **other == word).count();
    let names = std::iter::once("jotlab").chain(parties.iter().map(String::as_str));
    let most = words.iter().filter(|word| **word != "·").map(|word| count(word)).max().unwrap_or(0);
    let few: Vec<&str> = names
        .zip(words)
        .filter(|(_, word)| **word != "·" && count(word) < most)
        .map(|(name, _)| name)
        .collect();
    if few.len() == 1 && most > 1 {
        format!("  [{} alone]", voice::shown(few[0], 30))
    } else {
        String::new()
    }
}

/// An answer in one word. Of what is computed, whether it is what jotlab computes.
fn word(request: &Request, ours: &Answer, answer: Option<&Answer>) -> &'static str {
    match answer {
        None | Some(Answer::Unsupported(_)) => "·",
        Some(Answer::Output(_)) if request.computes() => match answer {
            Some(answer) if difference(request, ours, answer) == Side::Same => "computes",
            _ => "otherwise",
        },
        Some(Answer::Output(_) | Answer::Valid) => "takes",
        Some(Answer::Refused { .. }) => "refuses",
        Some(Answer::Error(_) | Answer::Divided(_)) => "breaks",
    }
}

fn last(text: &str, most: usize) -> String {
    let length = text.chars().count();
    text.chars().skip(length.saturating_sub(most)).collect()
}

fn shown(answer: &Answer) -> String {
    voice::shown(&answer.to_string(), 80)
}

fn smallest(closer: &Closer) -> String {
    let closer = &closer.found;
    let request = &closer.request;
    let mut text = format!("  smallest: {}\n", summary(request));
    for (name, value) in request.to_value().as_object().into_iter().flatten() {
        if name != "op" {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            text += &format!("    {name:<8} {}\n", voice::shown(&value, 200));
        }
    }
    text += &format!("    theirs   {}\n", voice::shown(&closer.theirs.to_string(), 300));
    let ours = Jotlab::new().answer(request).to_string();
    text += &format!("    jotlab   {}\n", voice::shown(&ours, 300));
    if let Request::RsaVerify { hash, n, e, message, signature } = request
        && let Ok(key) = PublicKey::new(n.clone(), e.clone())
        && let Some(why) = diagnosis::rsa(&key, *hash, message, signature)
    {
        text += &format!("    refused because: {why}\n");
    }
    if let Some(Parting { agreed, differs: (name, theirs, ours) }) = &closer.parting {
        let agreed = agreed.as_deref().unwrap_or("none");
        text += &format!("    last step that agrees: {}\n", voice::shown(agreed, 60));
        text += &format!("    first step that differs: {}\n", voice::shown(name, 60));
        for (who, value) in [("theirs", theirs), ("jotlab", ours)] {
            text += &format!("      {who:<8} {}\n", voice::shown(&hex::encode(value), 300));
        }
    }
    for word in &closer.words {
        text += &format!("    diagnosis: {word}\n");
    }
    by_hand(request).iter().for_each(|line| text += &format!("    by hand: {line}\n"));
    let ours = Jotlab::new().answer(request);
    let comment = closer.words.first().map_or("found by a cross-check", String::as_str);
    if let Some(case) = vector(request, &ours, comment) {
        text += &format!("    to keep: {}\n", voice::shown(&case.to_string(), 2000));
    }
    text
}
