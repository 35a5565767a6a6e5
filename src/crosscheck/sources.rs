//! What is asked: edge cases first, then random ones, all from a seed; and keys that everybody knows.

use super::hello::Hello;
use crate::base64::encode_url;
use crate::hmac::Hmac;
use crate::jose::{Jwk, Material};
use crate::rsa::{PrivateKey, pkcs1v15};
use crate::sha2;
use crate::vectors::{Message, Request, RsaPrivate};

mod tokens;

/// The RSA key of RFC 7515 §A.2: public, so good for tests only.
const RSA_KEY: &str = include_str!("../../vectors/keys/rfc7515-a2.jwk.json");

/// Lengths at which implementations go wrong: around blocks, paddings, buffers, and counters of 8 and 16 bits.
const EDGES: [usize; 40] = [
    0, 1, 2, 3, 4, 8, 31, 32, 33, 54, 55, 56, 57, 63, 64, 65, 110, 111, 112, 113, 119, 120, 127,
    128, 129, 191, 192, 239, 240, 255, 256, 257, 511, 512, 1000, 4095, 4096, 8191, 8192, 65_537,
];
/// The longest random message.
const MOST: u64 = 10_000;

/// What of all that is wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Operations; all if there are none.
    pub operations: Vec<String>,
    /// Algorithms; all if there are none.
    pub algorithms: Vec<String>,
}

impl Wanted {
    /// Whether a request is wanted.
    pub fn takes(&self, request: &Request) -> bool {
        let any = |wanted: &[String], has: &dyn Fn(&str) -> bool| {
            wanted.is_empty() || wanted.iter().any(|one| has(one))
        };
        any(&self.operations, &|op| request.operation() == op)
            && any(&self.algorithms, &|alg| {
                request.algorithms().iter().any(|a| a.eq_ignore_ascii_case(alg))
            })
    }
}

/// Edge cases and `count` random cases of each operation and algorithm that the adapter declares.
pub fn random(hello: &Hello, wanted: &Wanted, count: usize, seed: u64) -> Vec<Request> {
    let mut requests = vec![];
    let mut dice = Dice(seed);
    let lengths: Vec<usize> =
        EDGES.into_iter().chain((0..count).map(|_| length(&mut dice))).collect();
    let mut push = |request: Request| {
        if wanted.takes(&request) && hello.declares(&request) && hello.takes(&request) {
            requests.push(request);
        }
    };
    for hash in sha2::Algorithm::ALL {
        for &length in &lengths {
            push(Request::Sha2 { hash, message: Message::Bytes(dice.bytes(length)) });
        }
        macs(hash, &lengths, &mut dice, &mut push);
    }
    for length in lengths.iter().map(|length| length % 1024) {
        let data = dice.bytes(length);
        push(Request::Base64UrlDecode { text: encode_url(&data) });
        push(Request::Base64UrlEncode { data });
    }
    signatures(count, &mut dice, &mut push);
    tokens::verified(count, &mut dice, &mut push);
    tokens::signed(count, &mut dice, &mut push);
    tokens::keys(count, &mut dice, &mut push);
    passwords(&lengths, &mut dice, &mut push);
    requests
}

/// Every second one lies where a block or its padding ends: faults live there.
fn length(dice: &mut Dice) -> usize {
    let any = dice.below(MOST) as usize;
    let edges = [0, 1, 55, 56, 63, 111, 112, 119];
    let edge = edges[dice.below(edges.len() as u64) as usize];
    if dice.below(2) == 0 { any } else { any / 128 * 128 + edge }
}

fn macs(hash: sha2::Algorithm, lengths: &[usize], dice: &mut Dice, push: &mut dyn FnMut(Request)) {
    for &length in lengths {
        // each edge once as the key's length, once as the message's
        for (key, message) in [(length % 300, 20), (32, length)] {
            let (key, message) = (dice.bytes(key), dice.bytes(message));
            let mut tag = Hmac::new(hash, &key).mac(&message).to_vec();
            let tag_bytes = tag.len();
            push(Request::Hmac { hash, key: key.clone(), message: message.clone(), tag_bytes });
            if dice.below(2) == 0 {
                let at = dice.below(tag_bytes as u64) as usize;
                tag[at] ^= 1 << dice.below(8);
            }
            push(Request::HmacVerify { hash, key, message, tag, tag_bytes });
        }
    }
}

/// Each edge once as the password's length, once as the salt's.
fn passwords(lengths: &[usize], dice: &mut Dice, push: &mut dyn FnMut(Request)) {
    for hash in sha2::Algorithm::ALL {
        for &length in lengths {
            for (password, salt) in [(length % 300, 16), (12, length % 300)] {
                push(Request::Pbkdf2 {
                    hash,
                    password: dice.bytes(password),
                    salt: dice.bytes(salt),
                    count: 1 + dice.below(20) as u32,
                    key_bytes: 1 + dice.below(3 * hash.digest_bytes() as u64) as usize,
                });
            }
        }
    }
}

fn key() -> Option<(Jwk, PrivateKey)> {
    let jwk = Jwk::parse(RSA_KEY).ok()?;
    match jwk.material() {
        Material::RsaPrivate(key) => Some((jwk.clone(), (**key).clone())),
        _ => None,
    }
}

fn signatures(count: usize, dice: &mut Dice, push: &mut dyn FnMut(Request)) {
    let Some((_, key)) = key() else { return };
    let parts = key.components();
    let private = RsaPrivate {
        n: parts.n.clone(),
        e: parts.e.clone(),
        d: parts.d.clone(),
        primes: Some([
            parts.p.clone(),
            parts.q.clone(),
            parts.dp.clone(),
            parts.dq.clone(),
            parts.qi.clone(),
        ]),
    };
    for hash in sha2::Algorithm::ALL {
        // signing costs a thousand hashes: fewer are enough
        for _ in 0..=(count / 20).min(50) {
            let message = dice.bytes(dice.0 as usize % 200);
            let Ok(mut signature) = pkcs1v15::sign(&key, &hash.digest(&message)) else { return };
            push(Request::RsaSign { hash, key: private.clone(), message: message.clone() });
            let (n, e) = (parts.n.clone(), parts.e.clone());
            if dice.below(2) == 0 {
                let at = dice.below(signature.len() as u64) as usize;
                signature[at] ^= 1 << dice.below(8);
            }
            push(Request::RsaVerify { hash, n, e, message, signature });
        }
    }
}

/// Numbers that follow from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = vec![];
        while bytes.len() < length {
            bytes.extend(self.next().to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }
}
