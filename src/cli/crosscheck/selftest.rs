//! `jotlab crosscheck selftest`: would a wrong answer of this adapter be noticed at all?

use super::run::start;
use super::stop;
use crate::cli::exit::{Done, Exit};
use crate::cli::voice;
use crate::crosscheck::{Party, Side, Wanted, difference, random};
use crate::vectors::{Answer, Request};
use std::time::Duration;

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The adapter's command
    #[arg(last = true, value_name = "COMMAND", required = true)]
    command: Vec<String>,
}

/// For each operation: one right answer is needed, and each way of being wrong must be seen.
pub(super) fn run(args: &Args) -> Done {
    let stop = stop::flag()?;
    let mut peer = start(&args.command, Duration::from_secs(5), &stop)?;
    let requests = random(peer.hello(), &Wanted::default(), 4, 7);
    let answers = Party::ask(&mut peer, &requests);
    let mut seen: Vec<(&str, usize, usize)> = vec![];
    for (request, answer) in requests.iter().zip(&answers) {
        let noticed = altered(answer)
            .all(|wrong| difference(request, answer, &wrong) == Side::Other)
            && moved(&requests, &answers, request, answer);
        match seen.iter_mut().find(|(operation, ..)| *operation == request.operation()) {
            Some((_, all, good)) => {
                *all += 1;
                *good += usize::from(noticed);
            }
            None => seen.push((request.operation(), 1, usize::from(noticed))),
        }
    }
    let mut text = String::new();
    for (operation, all, good) in &seen {
        let word = if all == good { voice::good("noticed") } else { voice::bad("not noticed") };
        text += &format!("{operation:<22} {word}: {good} of {all} altered answers\n");
    }
    voice::out(&text)?;
    let all_noticed = !seen.is_empty() && seen.iter().all(|(_, all, good)| all == good);
    Ok(if all_noticed { Exit::Yes } else { Exit::No })
}

/// An answer with something wrong in it.
fn altered(answer: &Answer) -> impl Iterator<Item = Answer> {
    let wrong = match answer {
        Answer::Output(bytes) => {
            let mut last = bytes.clone();
            match last.last_mut() {
                Some(byte) => *byte ^= 1,
                None => last.push(0),
            }
            let longer = [&bytes[..], &[0]].concat();
            vec![Answer::Output(last), Answer::Output(longer)]
        }
        Answer::Valid => vec![Answer::Refused { stage: None, why: String::new() }],
        Answer::Refused { .. } => vec![Answer::Valid],
        _ => vec![],
    };
    wrong.into_iter()
}

/// Whether the answer to another request of the operation would be noticed in this one's place.
fn moved(requests: &[Request], answers: &[Answer], request: &Request, answer: &Answer) -> bool {
    let mut others = requests
        .iter()
        .zip(answers)
        .filter(|(other, _)| other.operation() == request.operation() && *other != request)
        .map(|(_, other)| other)
        .filter(|other| matches!(other, Answer::Output(_)) && *other != answer);
    others.next().is_none_or(|other| difference(request, answer, other) == Side::Other)
}
