//! SHA: messages (`Len` in bits, `Msg`, `MD`), and the Monte Carlo chain (`Seed`, then `COUNT`, `MD`).

use super::records::{Field, Line, Lines, Record};
use crate::sha2::Algorithm;
use crate::vectors::case::{Case, Expected, Question};
use crate::vectors::formats::ReadError;
use crate::vectors::question::{Chain, Message, Request};

/// Steps between two checkpoints of the Monte Carlo test (SHAVS §6.4).
const STEPS: u32 = 1000;

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
    hash: Option<&Result<Algorithm, String>>,
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
    match algorithm(lines, hash, digest)? {
        Err(why) => Ok(Case { comment, ..Case::skipped(id, why) }),
        Ok(hash) => {
            let expected = Expected::Output(sized(lines, digest, hash)?);
            let questions = vec![Question { request: Request::Sha2 { hash, message }, expected }];
            Ok(Case { id, comment, questions, ..Case::default() })
        }
    }
}

/// Each checkpoint goes on from the one before it, so each is a case of its own. The `.txt` beside a `.rsp`
/// has the first messages of each round as well, indented: `i`, `M`, `MDi`.
pub(super) fn monte_carlo(comments: &str, mut lines: Lines<'_>) -> Result<Vec<Case>, ReadError> {
    let mut cases: Vec<Case> = vec![];
    let (mut hash, mut seed, mut count) = (None, None, None);
    let mut record = Record::default();
    while let Some(line) = lines.next()? {
        let field = match line {
            Line::Section(field) => {
                hash = Some(hash_of(comments, &lines, field)?);
                continue;
            }
            Line::Field(field) => field,
        };
        match field.key {
            "Seed" => seed = Some(lines.hex(field)?),
            "COUNT" => count = Some(lines.number(field)?),
            "MD" => {
                let (Some(start), Some(count)) = (seed.take(), count.take()) else {
                    return Err(lines.fault(field.line, "MD before Seed or COUNT"));
                };
                let comment = format!("line {}: COUNT = {count}", field.line);
                let request = |hash| {
                    let (chain, outer, inner) = (Chain::Standard, 1, STEPS);
                    Request::Sha2Chain { hash, seed: start.clone(), chain, outer, inner }
                };
                cases.push(step(
                    &lines,
                    hash.as_ref(),
                    field,
                    count.to_string(),
                    comment,
                    &request,
                )?);
                seed = Some(lines.hex(field)?);
            }
            "MDi" => {
                record.add(&lines, field)?;
                let record = core::mem::take(&mut record);
                let message = lines.hex(record.get(&lines, "M")?)?;
                let id =
                    format!("{}.{}", count.unwrap_or_default(), record.get(&lines, "i")?.value);
                let comment = format!("line {}: M of a step", field.line);
                let request =
                    |hash| Request::Sha2 { hash, message: Message::Bytes(message.clone()) };
                cases.push(step(&lines, hash.as_ref(), field, id, comment, &request)?);
            }
            _ => record.add(&lines, field)?,
        }
    }
    if count.is_some() {
        return Err(lines.fault(cases.len(), "the file ends before the MD of its last COUNT"));
    }
    record.end(&lines, "MDi")?;
    Ok(cases)
}

fn step(
    lines: &Lines<'_>,
    hash: Option<&Result<Algorithm, String>>,
    digest: Field<'_>,
    id: String,
    comment: String,
    request: &dyn Fn(Algorithm) -> Request,
) -> Result<Case, ReadError> {
    match algorithm(lines, hash, digest)? {
        Err(why) => Ok(Case { comment, ..Case::skipped(id, why) }),
        Ok(hash) => {
            let expected = Expected::Output(sized(lines, digest, hash)?);
            let questions = vec![Question { request: request(hash), expected }];
            Ok(Case { id, comment, questions, ..Case::default() })
        }
    }
}

/// The hash of a section `[L = bytes]`: 28 and 32 bytes are those of two hashes, which the first comment
/// tells apart. A hash that is not of the family is the reason why its cases are skipped.
fn hash_of(
    comments: &str,
    lines: &Lines<'_>,
    section: Field<'_>,
) -> Result<Result<Algorithm, String>, ReadError> {
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

fn algorithm(
    lines: &Lines<'_>,
    hash: Option<&Result<Algorithm, String>>,
    at: Field<'_>,
) -> Result<Result<Algorithm, String>, ReadError> {
    hash.cloned().ok_or_else(|| lines.fault(at.line, "no section [L = …] before the first record"))
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
