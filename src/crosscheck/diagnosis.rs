//! Which known bug gives just this answer: the gallery's, a typo in one constant, another hash, and for RSA
//! what the block of a wrong signature says.

use crate::explain::diagnosis::{self, BadBlock};
use crate::rsa::PublicKey;
use crate::sha2::Algorithm;
use crate::vectors::gallery::{Memory, Sick, bugs};
use crate::vectors::{Answer, Implementation, Jotlab, Message, Request};

mod constant;

/// Sentences, each saying what would give this wrong answer.
pub fn diagnose(request: &Request, theirs: &Answer) -> Vec<String> {
    let right = Jotlab::new().answer(request);
    let memory = Memory::default();
    let mut words: Vec<String> = vec![];
    for bug in bugs().iter().filter(|bug| bug.operations.contains(&request.operation())) {
        let flawed = Sick::new(*bug, &memory).answer(request);
        if same(&flawed, theirs) && !same(&flawed, &right) {
            let name = request.operation();
            let algorithms = request.algorithms().join(",");
            let what = format!("{name} {algorithms}");
            words.push(format!(
                "it equals {} with one bug: {} ({}, {})",
                what.trim(),
                bug.what,
                bug.name,
                bug.rule
            ));
        }
    }
    if let Answer::Output(bytes) = theirs {
        words.extend(of_bytes(request, bytes));
    }
    words
}

fn same(a: &Answer, b: &Answer) -> bool {
    match (a, b) {
        (Answer::Output(a), Answer::Output(b)) => a == b,
        (Answer::Output(_) | Answer::Valid, Answer::Output(_) | Answer::Valid)
        | (Answer::Refused { .. }, Answer::Refused { .. }) => true,
        _ => false,
    }
}

/// What wrong bytes are the right bytes of.
fn of_bytes(request: &Request, theirs: &[u8]) -> Vec<String> {
    match request {
        Request::Sha2 { hash, message: Message::Bytes(message) } => digest(*hash, message, theirs),
        Request::Hmac { hash, key, message, .. } => {
            let other = Algorithm::ALL
                .into_iter()
                .filter(|other| other != hash)
                .find(|other| crate::hmac::Hmac::new(*other, key).mac(message).starts_with(theirs));
            other.map(|other| format!("it is the code by {other}")).into_iter().collect()
        }
        Request::RsaSign { hash, key, message } => PublicKey::new(key.n.clone(), key.e.clone())
            .ok()
            .and_then(|key| signature(&diagnosis::rsa(&key, *hash, message, theirs)?))
            .into_iter()
            .collect(),
        Request::Base64UrlEncode { data } => {
            let padded = crate::base64::encode_standard(data);
            let urlish = padded.replace('+', "-").replace('/', "_");
            [(padded, "it is base64 of the other alphabet, padded"), (urlish, "it is padded")]
                .into_iter()
                .filter(|(text, _)| text.as_bytes() == theirs)
                .map(|(_, what)| what.to_owned())
                .collect()
        }
        _ => vec![],
    }
}

/// Of a signer, not of a token: its key and its message are known to be the right ones.
fn signature(fault: &BadBlock) -> Option<String> {
    match fault {
        BadBlock::Random => None,
        BadBlock::MessageChanged => {
            Some("the padding is right, the digest in the block is of something else".to_owned())
        }
        fault => Some(fault.to_string()),
    }
}

fn digest(hash: Algorithm, message: &[u8], theirs: &[u8]) -> Vec<String> {
    let mut words = vec![];
    let name = |other: Algorithm| format!("it is {other} of the message");
    words.extend(
        Algorithm::ALL
            .into_iter()
            .filter(|other| *other != hash && other.digest(message).as_bytes().starts_with(theirs))
            .map(name),
    );
    let right = hash.digest(message);
    let reversed: Vec<u8> = right.as_bytes().iter().rev().copied().collect();
    let mut words_swapped = right.as_bytes().to_vec();
    words_swapped.chunks_mut(hash.block_bytes() / 16).for_each(<[u8]>::reverse);
    for (bytes, what) in [
        (
            hash.digest(&[message, b"\n"].concat()).as_bytes().to_vec(),
            "as if a newline was hashed behind the message",
        ),
        (
            hash.digest(&[message, b"\r\n"].concat()).as_bytes().to_vec(),
            "as if CR LF was hashed behind the message",
        ),
        (
            hash.digest(&[message, &[0]].concat()).as_bytes().to_vec(),
            "as if a zero byte was hashed behind the message",
        ),
        (
            hash.digest(hex::encode(message).as_bytes()).as_bytes().to_vec(),
            "it is the digest of the message's hex text",
        ),
        (hash.digest(right.as_bytes()).as_bytes().to_vec(), "it is the digest of the digest"),
        (hash.digest(b"").as_bytes().to_vec(), "it is the digest of no bytes"),
        (reversed, "it is the digest with its bytes reversed"),
        (words_swapped, "it is the digest with the least byte of each word first"),
        (
            right.as_bytes()[..theirs.len().min(right.as_bytes().len())].to_vec(),
            "it is the digest cut short",
        ),
    ] {
        if bytes == theirs && bytes != right.as_bytes() {
            words.push(what.to_owned());
        }
    }
    words.extend(constant::initial(hash, message, theirs));
    words.extend(constant::typo(hash, message, theirs));
    words
}
