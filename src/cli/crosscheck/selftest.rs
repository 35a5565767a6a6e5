//! `jotlab crosscheck selftest`: would a wrong answer of this adapter be noticed at all?

use super::run::start;
use super::stop;
use crate::cli::exit::{Done, Exit};
use crate::cli::voice;
use crate::crosscheck::{Party, Side, Wanted, difference, random};
use crate::vectors::{Answer, Implementation, Jotlab, Message, Request};
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The adapter's command
    #[arg(last = true, value_name = "COMMAND", required = true)]
    command: Vec<String>,
}

/// Each input is asked as it is and altered. The two answers must be two, the first must be the right one
/// (or nothing can be told), and a wrong expectation must be noticed.
pub(super) fn run(args: &Args) -> Done {
    let stop = stop::flag()?;
    let mut peer = start(&args.command, Duration::from_secs(5), &stop)?;
    let requests = random(peer.hello(), &Wanted::default(), 4, 7);
    let pairs: Vec<(Request, Request)> = requests
        .into_iter()
        .filter_map(|request| Some((request.clone(), altered(request)?)))
        .collect();
    let both: Vec<Request> = pairs.iter().flat_map(|(a, b)| [a.clone(), b.clone()]).collect();
    let answers = Party::ask(&mut peer, &both);
    let mut seen: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for ((request, _), answers) in pairs.iter().zip(answers.chunks(2)) {
        let noticed = is_noticed(request, &answers[0], &answers[1]);
        let (all, good) = seen.entry(request.operation()).or_default();
        *all += 1;
        *good += usize::from(noticed);
    }
    let mut text = String::new();
    for (operation, (all, good)) in &seen {
        let word = if all == good { voice::good("noticed") } else { voice::bad("not noticed") };
        text += &format!("{operation:<22} {word}: {good} of {all} altered inputs\n");
    }
    for fault in peer.faults() {
        let what = voice::shown(&fault.what, 300);
        text += &format!("{} {what}\n", voice::bad(fault.kind.name()));
    }
    voice::out(&text)?;
    if seen.is_empty() {
        voice::note(
            "nothing could be asked: the adapter declares no operation that selftest knows",
        );
        return Ok(Exit::No);
    }
    let all_noticed = seen.values().all(|(all, good)| all == good);
    Ok(match (peer.faults().is_empty(), all_noticed) {
        (true, true) => Exit::Yes,
        (true, false) => Exit::No,
        (false, _) => Exit::Adapter,
    })
}

fn is_noticed(request: &Request, answer: &Answer, of_altered: &Answer) -> bool {
    let right = Jotlab::new().answer(request);
    let expectation = wrong(&right);
    difference(request, &right, answer) == Side::Same
        && difference(request, &expectation, answer) == Side::Other
        && difference(request, answer, of_altered) == Side::Other
}

/// Another expectation than the right one.
fn wrong(right: &Answer) -> Answer {
    match right {
        Answer::Output(bytes) => {
            let mut bytes = bytes.clone();
            // the first one: a token's last may be spelt otherwise than ours
            match bytes.first_mut() {
                Some(byte) => *byte ^= 1,
                None => bytes.push(0),
            }
            Answer::Output(bytes)
        }
        _ => Answer::Refused { stage: None, why: String::new() },
    }
}

/// The same question with something else in it, so that the answer must be another one. Of what is to be
/// verified only what verifies can be spoilt.
fn altered(request: Request) -> Option<Request> {
    let is_good = !matches!(Jotlab::new().answer(&request), Answer::Refused { .. });
    let mut altered = request;
    match &mut altered {
        Request::Sha2 { message: Message::Bytes(message), .. }
        | Request::Hmac { message, .. }
        | Request::Pbkdf2 { salt: message, .. }
        | Request::RsaSign { message, .. }
        | Request::JwsSign { payload: message, .. }
        | Request::Base64UrlEncode { data: message } => message.push(0x2a),
        Request::HmacVerify { message, .. } | Request::RsaVerify { message, .. } if is_good => {
            message.push(0x2a);
        }
        Request::Base64UrlDecode { text } => *text = format!("AAAA{text}"),
        Request::JwsVerify { token, .. } if is_good => {
            // a letter of the signature that has no spare bits
            let at = token.len().checked_sub(10)?;
            let letter = if token.as_bytes()[at] == b'A' { "B" } else { "A" };
            token.replace_range(at..=at, letter);
        }
        _ => return None,
    }
    Some(altered)
}
