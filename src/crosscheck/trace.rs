//! The first step that differs: an adapter with the feature `trace` names its intermediate values, and each is
//! compared with ours of that name.
//!
//! Names: `sha256.padded`, `sha256.block[i].w[t]`, `sha256.block[i].round[t].a` to `.h` (and so for the other
//! hashes: `sha224`, `sha384`, `sha512`, `sha512-224`, `sha512-256`), `hmac.k0`, `hmac.ipad`, `hmac.inner`,
//! `hmac.opad`, `rsa.digest`, `rsa.digestinfo`, `rsa.em`, `rsa.s`, `jws.signing_input`, `jwk.canonical`.

use crate::hmac::{self, Hmac};
use crate::jose::Jwk;
use crate::rsa::PublicKey;
use crate::rsa::emsa::{self, Parameters};
use crate::sha2::compress::{State, feed_forward, rounds, schedule};
use crate::sha2::padding::padding;
use crate::sha2::word::{W32, W64, Word};
use crate::sha2::{Algorithm, Initial};
use crate::vectors::{Answer, Implementation, Jotlab, Message, Request};
use std::collections::HashMap;

/// A named value.
pub type Step = (String, Vec<u8>);

/// Where a trace parts from ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// The last step of theirs that is as ours, if there is one.
    pub agreed: Option<String>,
    /// The first that is not: its name, theirs, ours.
    pub differs: (String, Vec<u8>, Vec<u8>),
}

/// Compares the steps of an adapter with ours, in its order; names that are not known are passed over.
pub fn parting(request: &Request, theirs: &[Step]) -> Option<Parting> {
    let ours: HashMap<String, Vec<u8>> = steps(request).into_iter().collect();
    let mut agreed = None;
    for (name, value) in theirs {
        match ours.get(name) {
            Some(right) if right == value => agreed = Some(name.clone()),
            Some(right) => {
                let differs = (name.clone(), value.clone(), right.clone());
                return Some(Parting { agreed, differs });
            }
            None => {}
        }
    }
    None
}

/// Our steps of a request, from what production runs.
pub fn steps(request: &Request) -> Vec<Step> {
    match request {
        Request::Sha2 { hash, message: Message::Bytes(message) } => match hash.initial() {
            Initial::Narrow(h) => hashing::<W32>(*hash, *h, message),
            Initial::Wide(h) => hashing::<W64>(*hash, *h, message),
        },
        Request::Hmac { hash, key, message, .. }
        | Request::HmacVerify { hash, key, message, .. } => mac(*hash, key, message),
        Request::RsaSign { hash, key, message } => {
            let mut steps = signature(*hash, key.n.bits(), message);
            if let Answer::Output(s) = Jotlab::new().answer(request) {
                steps.push(("rsa.s".to_owned(), s));
            }
            steps
        }
        Request::RsaVerify { hash, n, e, message, signature: s } => {
            let mut steps = signature(*hash, n.bits(), message);
            // what is recovered, whether it is right or not
            let em = PublicKey::new(n.clone(), e.clone()).ok().and_then(|key| key.recover(s));
            steps.retain(|(name, _)| name != "rsa.em");
            steps.extend(em.map(|em| ("rsa.em".to_owned(), em)));
            steps
        }
        Request::JwsVerify { token, .. } | Request::JwtVerify { token, .. } => {
            let input = token.rsplit_once('.').map(|(input, _)| input.as_bytes().to_vec());
            input.map(|input| ("jws.signing_input".to_owned(), input)).into_iter().collect()
        }
        Request::JwsSign { .. } => {
            let Answer::Output(token) = Jotlab::new().answer(request) else { return vec![] };
            let end = token.iter().rposition(|&byte| byte == b'.').unwrap_or_default();
            vec![("jws.signing_input".to_owned(), token[..end].to_vec())]
        }
        Request::JwkParse { jwk } | Request::Thumbprint { jwk, .. } => {
            let canonical = Jwk::parse(jwk).ok().map(|jwk| jwk.canonical().into_bytes());
            canonical.map(|text| ("jwk.canonical".to_owned(), text)).into_iter().collect()
        }
        _ => vec![],
    }
}

fn hashing<W: Word>(hash: Algorithm, initial: State<W>, message: &[u8]) -> Vec<Step> {
    let name = hash.command_name();
    let (whole, tail) = W::blocks(message);
    let last = padding::<W>(tail, message.len() as u128);
    let blocks: Vec<W::Block> = whole.iter().chain(last.blocks()).copied().collect();
    let padded = blocks.iter().flat_map(AsRef::as_ref).copied().collect();
    let mut steps = vec![(format!("{name}.padded"), padded)];
    let mut h = initial;
    for (i, block) in blocks.iter().enumerate() {
        let w = schedule::<W>(block);
        for (t, word) in w.as_ref().iter().enumerate() {
            steps.push((format!("{name}.block[{i}].w[{t}]"), bytes(*word)));
        }
        let mut state = h;
        for (t, round) in rounds(h, &w).enumerate() {
            for (letter, word) in "abcdefgh".chars().zip(round) {
                steps.push((format!("{name}.block[{i}].round[{t}].{letter}"), bytes(word)));
            }
            state = round;
        }
        feed_forward(&mut h, state);
    }
    steps
}

fn bytes<W: Word>(word: W) -> Vec<u8> {
    let mut bytes = vec![0; size_of::<W>()];
    word.put(&mut bytes);
    bytes
}

fn mac(hash: Algorithm, key: &[u8], message: &[u8]) -> Vec<Step> {
    let block = hash.block_bytes();
    let k0 = hmac::block_key(hash, key);
    let [ipad, opad] = hmac::pads(&k0);
    let mut stream = Hmac::new(hash, key).stream();
    stream.update(message);
    let (inner, _) = stream.digests();
    [
        ("hmac.k0", k0[..block].to_vec()),
        ("hmac.ipad", ipad[..block].to_vec()),
        ("hmac.inner", inner.as_bytes().to_vec()),
        ("hmac.opad", opad[..block].to_vec()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

fn signature(hash: Algorithm, bits: u64, message: &[u8]) -> Vec<Step> {
    let digest = hash.digest(message);
    let mut steps = vec![
        ("rsa.digest".to_owned(), digest.as_bytes().to_vec()),
        ("rsa.digestinfo".to_owned(), emsa::digest_info(&digest, Parameters::Null)),
    ];
    if let Ok(em) = emsa::encode(&digest, Parameters::Null, bits.div_ceil(8) as usize) {
        steps.push(("rsa.em".to_owned(), em));
    }
    steps
}
