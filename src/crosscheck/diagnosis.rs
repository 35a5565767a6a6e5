//! Which known bug gives just this answer: the gallery's, a typo in one constant, another hash, and for RSA
//! what the block of a wrong signature says.

use crate::sha2::Algorithm;
use crate::vectors::gallery::{Memory, Sick, bugs};
use crate::vectors::{Answer, Implementation, Jotlab, Message, Request};
use num_bigint::BigUint;

mod constant;

/// The most words that are said of one answer.
const MOST: usize = 4;

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
    words.truncate(MOST);
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
        Request::RsaSign { hash, key, message } => block(*hash, &key.n, &key.e, message, theirs),
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
    words.extend(constant::typo(hash, message, theirs));
    words
}

/// What the block of a signature is.
fn block(hash: Algorithm, n: &BigUint, e: &BigUint, message: &[u8], theirs: &[u8]) -> Vec<String> {
    use crate::rsa::emsa::{self, Parameters};
    let k = n.bits().div_ceil(8) as usize;
    if theirs.len() != k {
        return vec![format!("the signature has {} bytes, the modulus {k}", theirs.len())];
    }
    let open = |s: &[u8]| {
        let m = BigUint::from_bytes_be(s).modpow(e, n).to_bytes_be();
        [&vec![0; k - m.len()][..], &m].concat()
    };
    let em = open(theirs);
    let reversed: Vec<u8> = theirs.iter().rev().copied().collect();
    let encoded =
        |hash: Algorithm, parameters| emsa::encode(&hash.digest(message), parameters, k).ok();
    if encoded(hash, Parameters::Null) == Some(open(&reversed)) {
        return vec!["its bytes stand in reverse order".to_owned()];
    }
    if encoded(hash, Parameters::Absent).as_ref() == Some(&em) {
        return vec!["the block has no NULL behind the hash's name (RFC 8017 §A.2.4)".to_owned()];
    }
    for other in Algorithm::ALL.into_iter().filter(|other| *other != hash) {
        if encoded(other, Parameters::Null).as_ref() == Some(&em) {
            return vec![format!("the block is that of {other}")];
        }
    }
    let digest = hash.digest(message);
    match &em[..] {
        [0, 2, ..] => vec!["the block has type 02, which is encryption (RFC 8017 §9.2)".to_owned()],
        _ if em.ends_with(digest.as_bytes()) => {
            vec!["the block ends with the right digest, what stands before it is wrong".to_owned()]
        }
        [.., 0xbc] => vec!["the block looks like PSS".to_owned()],
        _ => vec![],
    }
}
