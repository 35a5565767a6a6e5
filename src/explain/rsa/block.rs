//! From the message to the encoded block: EMSA-PKCS1-v1_5 (RFC 8017 §9.2), which signer and verifier make
//! alike.

use super::super::code::{Code, code};
use super::super::step::{Stage, Step};
use super::super::value::Value;
use crate::encoding::der::{self, Reader, Tag};
use crate::rsa::emsa::{self, Parameters, TooShort};
use crate::rsa::pkcs1v15::BadSignature;
use crate::sha2::Digest;

const DIGEST: Code = code!("sha2/digest.rs", "word.put(chunk);");
const INFO: Code = code!("rsa/emsa.rs", "&[Tag::SEQUENCE.0, algorithm],");
const EM: Code = code!("rsa/emsa.rs", "em.extend([0x00, 0x01]);");

/// The hash of the message.
pub(super) fn digest_stage(message: &[u8], digest: &Digest) -> Stage {
    let algorithm = digest.algorithm();
    let step = Step::new("rsa.digest", format!("{algorithm} of {} bytes", message.len()))
        .inputs([Value::bytes("M", message)])
        .outputs([Value::bytes("H", digest.as_bytes())]);
    let why = format!(
        "What is signed is not the message but its hash: {} bytes for a message of any length. `jotlab \
         explain {}` shows how they come about.",
        algorithm.digest_bytes(),
        algorithm.command_name()
    );
    Stage::new("rsa.digest", "hash", "RFC 8017 §9.2 step 1").code(DIGEST).why(why).step(step)
}

/// DigestInfo, element by element, and as a whole.
pub(super) fn info_stage(digest: &Digest) -> Stage {
    let t = emsa::digest_info(digest, Parameters::Null);
    let mut elements = vec![];
    // what does not parse is not shown piece by piece
    let parsed = elements_of(&t, Reader::new(&t), &mut elements);
    let pieces = elements.iter().zip(meanings(digest)).filter(|_| parsed.is_ok());
    let steps = pieces.map(|((offset, bytes), (name, meaning))| {
        Step::new(format!("rsa.digestinfo.{offset}"), format!("offset {offset}: {name}"))
            .why(meaning)
            .outputs([piece(bytes)])
    });
    let whole = Step::new("rsa.digestinfo", "all of it").outputs([Value::bytes("T", t.clone())]);
    let why = "The hash goes in with its name, in DER: tag, length, content. Without the name a signature \
               by one hash could be passed off as one by another, weaker hash.";
    Stage::new("rsa.digestinfo", "DigestInfo", "RFC 8017 §9.2 step 2")
        .code(INFO)
        .why(why)
        .steps(steps.collect::<Vec<_>>())
        .step(whole)
}

/// A tag and what goes with it as one word; the digest as bytes.
fn piece(bytes: &[u8]) -> Value {
    match bytes.len() {
        0..LONG => Value::word("bytes", bytes),
        _ => Value::bytes("bytes", bytes),
    }
}

/// Longer than any element of DigestInfo but the digest.
const LONG: usize = 16;

/// Where each element begins, and its bytes; of what holds others only tag and length.
fn elements_of<'a>(
    whole: &'a [u8],
    mut reader: Reader<'a>,
    found: &mut Vec<(usize, &'a [u8])>,
) -> Result<(), der::Error> {
    while !reader.is_empty() {
        let start = reader.offset();
        let (tag, content) = reader.any()?;
        let inside = content.offset();
        match tag {
            Tag::SEQUENCE => {
                found.push((start, &whole[start..inside]));
                elements_of(whole, content, found)?;
            }
            Tag::OCTET_STRING => {
                found.push((start, &whole[start..inside]));
                found.push((inside, content.rest()));
            }
            _ => found.push((start, &whole[start..reader.offset()])),
        }
    }
    Ok(())
}

/// What the elements of DigestInfo are, in their order (RFC 8017 §A.2.4).
fn meanings(digest: &Digest) -> [(&'static str, String); 6] {
    let algorithm = digest.algorithm();
    let last = emsa::oid(algorithm)[8];
    let length = algorithm.digest_bytes();
    [
        ("SEQUENCE", "DigestInfo: which hash, and what it gave".to_owned()),
        ("SEQUENCE", "AlgorithmIdentifier: a name and its parameters".to_owned()),
        ("OBJECT IDENTIFIER", format!("2.16.840.1.101.3.4.2.{last}, the name of {algorithm}")),
        ("NULL", "no parameters; it must be written all the same".to_owned()),
        ("OCTET STRING", format!("{length} bytes follow")),
        ("the digest", "H".to_owned()),
    ]
}

/// EM of k bytes, field by field; where there is no room for it the step fails as production does.
pub(super) fn em_stage(digest: &Digest, k: usize, em: &Result<Vec<u8>, TooShort>) -> Stage {
    let step = Step::new("rsa.em", "padded to k bytes");
    let step = match em {
        Ok(em) => {
            let t = emsa::digest_info(digest, Parameters::Null);
            fields(step.inputs([Value::number("k", k)]), em, [&t, digest.as_bytes()])
        }
        Err(error) => step
            .inputs([Value::number("k", k), Value::number("needed", error.needed)])
            .outcome(Err(BadSignature.to_string())),
    };
    let why = "A block as long as the modulus: 00 keeps the number below n, 01 says signature, ff fills \
               it up, 00 ends the filling. Nothing in it is free: a forger finds no byte to play with.";
    Stage::new("rsa.em", "encoded message", "RFC 8017 §9.2 steps 3 to 5")
        .code(EM)
        .why(why)
        .step(step)
}

fn fields(step: Step, em: &[u8], [t, h]: [&[u8]; 2]) -> Step {
    let (padding, info) = em.split_at(em.len() - t.len());
    let (name, _) = info.split_at(t.len() - h.len());
    let (start, rest) = padding.split_at(2);
    let (ps, separator) = rest.split_at(rest.len() - 1);
    let digits = hex::encode(h);
    let remark = format!(
        "00 01 | ff × {} | 00 | {} bytes of DigestInfo | {}…{}",
        ps.len(),
        name.len(),
        &digits[..8],
        &digits[digits.len() - 8..]
    );
    step.outputs([
        Value::bytes("start, type", start),
        Value::bytes("PS", ps),
        Value::bytes("separator", separator),
        Value::bytes("name", name),
        Value::bytes("H", h),
        Value::bytes("EM", em),
    ])
    .remark(remark)
}
