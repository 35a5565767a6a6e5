//! HMAC: keys at the border of a block, and comparisons that do not look at everything.

use super::{Entry, Smithy};
use crate::hmac::Hmac;
use crate::sha2::Algorithm;
use serde_json::json;

pub(super) fn entries(smithy: &Smithy) -> Vec<Entry> {
    let mut entries = vec![];
    for hash in Algorithm::ALL {
        keys(smithy, hash, &mut entries);
        comparisons(smithy, hash, &mut entries);
    }
    entries
}

fn keys(smithy: &Smithy, hash: Algorithm, entries: &mut Vec<Entry>) {
    let (name, block) = (hash.command_name(), hash.block_bytes());
    let message = smithy.source.bytes("mac/message", 50);
    for (length, comment) in [
        (0, "catches a key of no bytes that is refused or skipped"),
        (1, "catches a K0 that is filled in front"),
        (block - 1, "catches a border that is off by one"),
        (block, "catches a key of just a block that is hashed"),
        (block + 1, "catches a key above a block that is not hashed"),
        (2 * block + 1, "catches a key above a block that is cut"),
    ] {
        let key = smithy.source.bytes(&format!("mac/key/{name}"), length);
        let tag = Hmac::new(hash, &key).mac(&message);
        entries.push(Entry::figure(
            format!("{name}-key-of-{length}"),
            "hmac",
            "RFC 2104 §2",
            comment,
            json!({
                "alg": hash.name(), "key": hex::encode(&key), "msg": hex::encode(&message),
                "tag": hex::encode(&*tag),
            }),
        ));
    }
}

fn comparisons(smithy: &Smithy, hash: Algorithm, entries: &mut Vec<Entry>) {
    let name = hash.command_name();
    let key = smithy.source.bytes("mac/secret", 64);
    let hmac = Hmac::new(hash, &key);
    // a code with a zero byte early on, so that a comparison of C strings ends there
    let message = (0..u32::MAX)
        .map(|counter| counter.to_be_bytes().to_vec())
        .find(|message| hmac.mac(message)[..4].contains(&0))
        .unwrap_or_default();
    let tag = hmac.mac(&message).to_vec();
    let changed = |at: usize| {
        let mut tag = tag.clone();
        tag[at] ^= 1;
        tag
    };
    let longer = |byte: u8| [&tag[..], &[byte]].concat();
    let mut twice = changed(5);
    twice[6] ^= 1;
    // the case of a letter, wherever there is one
    let letter = tag.iter().position(u8::is_ascii_alphabetic);
    let mut case = tag.clone();
    case[letter.unwrap_or(0)] ^= 0x20;
    let last = tag.len() - 1;
    for (id, tag, result, comment) in [
        ("right", tag.clone(), "success", "the code that all others here are made from"),
        ("first-byte", changed(0), REFUSED, "catches a first byte that is not compared"),
        ("last-byte", changed(last), REFUSED, "catches a last byte that is not compared"),
        ("second-half", changed(last - 3), REFUSED, "catches half a comparison"),
        ("behind-a-nul", changed(10), REFUSED, "catches a comparison that stops at a zero byte"),
        ("two-bytes", twice, REFUSED, "catches differences that are xored together"),
        ("other-case", case, REFUSED, "catches bytes that are compared as text"),
        ("one-byte-short", tag[..last].to_vec(), REFUSED, "catches a prefix that is taken"),
        ("half", tag[..tag.len() / 2].to_vec(), REFUSED, "catches a truncated code that is taken"),
        ("one-byte", tag[..1].to_vec(), REFUSED, "catches a prefix that is taken"),
        ("empty", vec![], REFUSED, "catches a code of no bytes that is taken"),
        ("one-byte-long", longer(0), REFUSED, "catches bytes behind the code that are not seen"),
        (
            "twice-the-length",
            [&tag[..], &tag].concat(),
            REFUSED,
            "catches a comparison of a prefix",
        ),
    ] {
        entries.push(Entry::new(
            format!("{name}-{id}"),
            "hmac.verify",
            "RFC 2104 §5",
            comment,
            result,
            json!({
                "alg": hash.name(), "key": hex::encode(&key), "msg": hex::encode(&message),
                "tag": hex::encode(tag),
            }),
        ));
    }
}

const REFUSED: &str = "signature mismatch";
