//! SHA: messages (`Len` in bits, `Msg`, `MD`).

use super::records::{Field, Line, Lines, Record};
use crate::sha2::Algorithm;
use crate::vectors::case::{Case, Expected, Question};
use crate::vectors::formats::ReadError;
use crate::vectors::question::{Message, Request};

/// The hash of a section, or why its cases are skipped.
pub(super) type Hash = Result<Algorithm, String>;

pub(super) fn messages(comments: &str, mut lines: Lines<'_>) -> Result<Vec<Case>, ReadError> {
    let mut cases: Vec<Case> = vec![];
    let mut hash = None;
    let mut record = Record::default();
    while let Some(line) = lines.next()? {
        match line {
            Line::Section(field) => hash = Some(hash_of(comments, &lines, field)?),
            Line::Field(field) => {
                record.add(&lines, field)?;
                if field.key == "MD" {
                    let record = core::mem::take(&mut record);
                    let id = (cases.len() + 1).to_string();
                    cases.push(message(&lines, &record, hash.as_ref(), id)?);
                }
            }
        }
    }
    record.end(&lines, "MD")?;
    Ok(cases)
}

fn message(
    lines: &Lines<'_>,
    record: &Record<'_>,
    hash: Option<&Hash>,
    id: String,
) -> Result<Case, ReadError> {
    let (length, digest) = (record.get(lines, "Len")?, record.get(lines, "MD")?);
    let bits = lines.number(length)?;
    let text = record.get(lines, "Msg")?;
    let mut bytes = lines.hex(text)?;
    if bits == 0 {
        // the empty message is written 00: the length has the word
        bytes.clear();
    }
    if bytes.len() as u64 != bits.div_ceil(8) {
        let what = format!("Msg has {} bytes, Len says {bits} bits", bytes.len());
        return Err(lines.fault(text.line, what));
    }
    let message =
        if bits.is_multiple_of(8) { Message::Bytes(bytes) } else { Message::Bits(bytes, bits) };
    let comment = format!("line {}: Len = {bits}", length.line);
    let request = |hash| Request::Sha2 { hash, message };
    let case = Case { id, comment, ..Case::default() };
    asked(lines, hash, digest, case, request)
}

/// A case with its question: the digest of a field must come out.
pub(super) fn asked(
    lines: &Lines<'_>,
    hash: Option<&Hash>,
    digest: Field<'_>,
    case: Case,
    request: impl FnOnce(Algorithm) -> Request,
) -> Result<Case, ReadError> {
    let what = "no section [L = …] before the first record";
    match hash.ok_or_else(|| lines.fault(digest.line, what))? {
        Err(why) => Ok(Case { skip: Some(why.clone()), ..case }),
        Ok(hash) => {
            let expected = Expected::Output(sized(lines, digest, *hash)?);
            let questions = vec![Question { request: request(*hash), expected }];
            Ok(Case { questions, ..case })
        }
    }
}

/// The hash of a section `[L = bytes]`: 28 and 32 bytes are those of two hashes, which the first comment
/// tells apart. A hash that is not of the family is the reason why its cases are skipped.
pub(super) fn hash_of(
    comments: &str,
    lines: &Lines<'_>,
    section: Field<'_>,
) -> Result<Hash, ReadError> {
    if section.key != "L" {
        return Err(
            lines.fault(section.line, format!("a section {} in a file of SHA", section.key))
        );
    }
    let truncated = |t: &str| comments.contains(&format!("SHA-512/{t}"));
    Ok(match lines.number(section)? {
        20 => Err("SHA-1: not part of jotlab".to_owned()),
        28 if truncated("224") => Ok(Algorithm::Sha512_224),
        28 => Ok(Algorithm::Sha224),
        32 if truncated("256") => Ok(Algorithm::Sha512_256),
        32 => Ok(Algorithm::Sha256),
        48 => Ok(Algorithm::Sha384),
        64 => Ok(Algorithm::Sha512),
        bytes => Err(format!("a hash of {bytes} bytes: not part of jotlab")),
    })
}

/// A digest of the right length.
fn sized(lines: &Lines<'_>, field: Field<'_>, hash: Algorithm) -> Result<Vec<u8>, ReadError> {
    let digest = lines.hex(field)?;
    if digest.len() != hash.digest_bytes() {
        let what = format!(
            "{} has {} bytes, a digest of {hash} {}",
            field.key,
            digest.len(),
            hash.digest_bytes()
        );
        return Err(lines.fault(field.line, what));
    }
    Ok(digest)
}
