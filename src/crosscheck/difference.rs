//! An answer beside ours.

use super::signed::is_as_good;
use crate::vectors::{Answer, Request};

/// What two answers are to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The same.
    Same,
    /// Both refuse, but this one by breaking: a weak pass.
    Weak,
    /// Not the same.
    Other,
    /// It was not asked.
    NotAsked,
}

/// Compares an answer with the right one. Which stage refused, and in which words, does not matter;
/// a token may spell the members of its header in another way.
pub fn difference(request: &Request, right: &Answer, theirs: &Answer) -> Side {
    match (right, theirs) {
        (_, Answer::Unsupported(_)) => Side::NotAsked,
        (Answer::Output(ours), Answer::Output(theirs))
            if ours == theirs || is_as_good(request, ours, theirs) =>
        {
            Side::Same
        }
        (Answer::Refused { .. }, Answer::Refused { .. }) | (Answer::Valid, Answer::Valid) => {
            Side::Same
        }
        // a verification may come without the payload
        (Answer::Output(_), Answer::Valid) | (Answer::Valid, Answer::Output(_))
            if !request.computes() =>
        {
            Side::Same
        }
        (Answer::Refused { .. }, Answer::Error(why))
            if !NO_ANSWER.iter().any(|begin| why.starts_with(begin)) =>
        {
            Side::Weak
        }
        _ => Side::Other,
    }
}

/// What no exception of a library is: nothing was refused, not even by breaking.
const NO_ANSWER: [&str; 6] = [
    "CRASH",
    "HANG",
    "PROTOCOL",
    "declared, and skipped",
    "no answer of the protocol",
    "no answer to it",
];
