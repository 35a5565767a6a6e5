//! `SHA2-*`: messages (AFT), the Monte Carlo chain (MCT), messages of gigabytes (LDT); `HMAC-SHA2-*`.

use crate::sha2::Algorithm;
use crate::vectors::case::{Case, Expected, Question};
use crate::vectors::formats::ReadError;
use crate::vectors::formats::node::Node;
use crate::vectors::question::{Chain, Message, Request};

/// Steps between two digests of the chain, and digests in all.
const STEPS: u32 = 1000;
/// The longest message that is hashed: NIST's own go to 8 GiB. A wrong length may not hold up all others.
const MOST_LARGE_BITS: u64 = 8 * (16 << 30);

pub(super) fn sha2(name: &str, group: &Node<'_>, test: &Node<'_>) -> Result<Case, ReadError> {
    let Some(hash) = hash_of(name.trim_start_matches("SHA2-")) else {
        return Ok(Case::skipped("", format!("{name}: not part of jotlab")));
    };
    let kind = group.get("testType")?;
    match kind.text()? {
        "AFT" => {
            let (bytes, bits) = (test.get("msg")?.hex()?, test.get("len")?.number()?);
            let message = match bits {
                0 => Message::Bytes(vec![]),
                _ if bytes.len() as u64 != bits.div_ceil(8) => {
                    let what = format!("msg has {} bytes, len says {bits} bits", bytes.len());
                    return Err(test.fault(what));
                }
                _ if bits.is_multiple_of(8) => Message::Bytes(bytes),
                _ => Message::Bits(bytes, bits),
            };
            digest(hash, message, test)
        }
        "MCT" => chain(hash, group, test),
        "LDT" => large(hash, test),
        other => Ok(Case::skipped("", format!("test type {other}: not known"))),
    }
}

/// `512/224` and `256`.
fn hash_of(name: &str) -> Option<Algorithm> {
    format!("SHA-{name}").parse().ok()
}

fn digest(hash: Algorithm, message: Message, test: &Node<'_>) -> Result<Case, ReadError> {
    let expected = Expected::Output(test.get("md")?.hex()?);
    let request = Request::Sha2 { hash, message };
    Ok(Case { questions: vec![Question { request, expected }], ..Case::default() })
}

fn chain(hash: Algorithm, group: &Node<'_>, test: &Node<'_>) -> Result<Case, ReadError> {
    let chain = match group.find("mctVersion")? {
        None => Chain::Standard,
        Some(version) => match version.text()? {
            "standard" => Chain::Standard,
            "alternate" => Chain::Alternate,
            _ => return Err(version.fault("standard or alternate is expected")),
        },
    };
    let seed = test.find("seed")?.map_or_else(|| test.get("msg"), Ok)?.hex()?;
    let results = test.get("resultsArray")?;
    let mut digests = vec![];
    for result in results.items()? {
        digests.push(result.get("md")?.hex()?);
    }
    if digests.is_empty() {
        return Err(results.fault("no digest"));
    }
    let outer = digests.len() as u32;
    let request = Request::Sha2Chain { hash, seed, chain, outer, inner: STEPS };
    let expected = Expected::Output(digests.concat());
    let comment = format!("MCT, {}", chain.name());
    Ok(Case { comment, questions: vec![Question { request, expected }], ..Case::default() })
}

/// A content that is repeated to a length: streamed, so gigabytes need no memory.
fn large(hash: Algorithm, test: &Node<'_>) -> Result<Case, ReadError> {
    let large = test.get("largeMsg")?;
    let technique = large.get("expansionTechnique")?;
    if technique.text()? != "repeating" {
        return Ok(Case::skipped("", format!("expansion {}: not known", technique.shown())));
    }
    let (content, full) = (large.get("content")?, large.get("fullLength")?);
    let (piece, bits) = (content.hex()?, full.number()?);
    let whole = bits.is_multiple_of(8) && !piece.is_empty();
    if !whole || large.get("contentLength")?.number()? != 8 * piece.len() as u64 {
        return Err(large.fault("whole bytes of the stated lengths are expected"));
    }
    if bits > MOST_LARGE_BITS {
        let why = format!("a message of {bits} bits: more than {MOST_LARGE_BITS}");
        return Ok(Case::skipped("", why));
    }
    let case = digest(hash, Message::Repeated { piece, bytes: bits / 8 }, test)?;
    Ok(Case { comment: format!("LDT, {bits} bits"), ..case })
}

pub(super) fn hmac(name: &str, group: &Node<'_>, test: &Node<'_>) -> Result<Case, ReadError> {
    let Some(hash) = hash_of(name.trim_start_matches("HMAC-SHA2-")) else {
        return Ok(Case::skipped("", format!("{name}: not part of jotlab")));
    };
    // an older revision states the lengths once for a group
    let length = |name: &str| match test.find(name)? {
        Some(length) => length.number(),
        None => group.get(name)?.number(),
    };
    let bytes = |name: &str, length_name: &str| {
        let (node, bits) = (test.get(name)?, length(length_name)?);
        let bytes = node.hex()?;
        if bits == 8 * bytes.len() as u64 {
            Ok(bytes)
        } else {
            Err(node.fault(format!("{} bytes, {length_name} says {bits} bits", bytes.len())))
        }
    };
    for bits in ["keyLen", "msgLen", "macLen"] {
        if !length(bits)?.is_multiple_of(8) {
            return Ok(Case::skipped(
                "",
                format!("{bits} is no multiple of 8: not part of jotlab"),
            ));
        }
    }
    let mac = bytes("mac", "macLen")?;
    if mac.is_empty() || mac.len() > hash.digest_bytes() {
        return Err(test.fault(format!("a code of {hash} of {} bytes", mac.len())));
    }
    let (key, message) = (bytes("key", "keyLen")?, bytes("msg", "msgLen")?);
    let tag_bytes = mac.len();
    let request = Request::Hmac { hash, key, message, tag_bytes };
    let questions = vec![Question { request, expected: Expected::Output(mac) }];
    Ok(Case { questions, ..Case::default() })
}
