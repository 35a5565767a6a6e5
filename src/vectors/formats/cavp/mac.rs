//! HMAC: `Count`, `Klen` and `Tlen` in bytes, `Key`, `Msg`, `Mac`.

use super::records::{Line, Lines, Record};
use crate::sha2::Algorithm;
use crate::vectors::case::{Case, Expected, Question};
use crate::vectors::formats::ReadError;
use crate::vectors::question::Request;

pub(super) fn codes(mut lines: Lines<'_>) -> Result<Vec<Case>, ReadError> {
    let mut cases: Vec<Case> = vec![];
    let mut hash = None;
    let mut record = Record::default();
    while let Some(line) = lines.next()? {
        match line {
            // the files of HMAC are older than SHA-512/t: 28 and 32 bytes are plain ones
            Line::Section(field) => {
                hash = Some(match lines.number(field)? {
                    20 => Err("SHA-1: not part of jotlab".to_owned()),
                    28 => Ok(Algorithm::Sha224),
                    32 => Ok(Algorithm::Sha256),
                    48 => Ok(Algorithm::Sha384),
                    64 => Ok(Algorithm::Sha512),
                    bytes => Err(format!("a hash of {bytes} bytes: not part of jotlab")),
                });
            }
            Line::Field(field) => {
                record.add(&lines, field)?;
                if field.key == "Mac" {
                    let record = core::mem::take(&mut record);
                    let Some(hash) = &hash else {
                        let what = "no section [L=…] before the first record";
                        return Err(lines.fault(field.line, what));
                    };
                    // counted in each section anew
                    let id = (cases.len() + 1).to_string();
                    cases.push(code(&lines, &record, hash, id)?);
                }
            }
        }
    }
    record.end(&lines, "Mac")?;
    Ok(cases)
}

fn code(
    lines: &Lines<'_>,
    record: &Record<'_>,
    hash: &Result<Algorithm, String>,
    id: String,
) -> Result<Case, ReadError> {
    let count = record.get(lines, "Count")?;
    let comment = format!("line {}: Count = {}", count.line, count.value);
    let hash = match hash {
        Ok(hash) => *hash,
        Err(why) => return Ok(Case { comment, ..Case::skipped(id, why) }),
    };
    let bytes = |key: &str, length: &str| {
        let field = record.get(lines, key)?;
        let (bytes, length) = (lines.hex(field)?, record.get(lines, length)?);
        if lines.number(length)? == bytes.len() as u64 {
            return Ok(bytes);
        }
        let what = format!("{key} has {} bytes, {} says {}", bytes.len(), length.key, length.value);
        Err(lines.fault(field.line, what))
    };
    let (key, mac) = (bytes("Key", "Klen")?, bytes("Mac", "Tlen")?);
    if mac.is_empty() || mac.len() > hash.digest_bytes() {
        let what = format!("Tlen: a code of {hash} of {} bytes", mac.len());
        return Err(lines.fault(record.get(lines, "Tlen")?.line, what));
    }
    let message = lines.hex(record.get(lines, "Msg")?)?;
    let request = Request::Hmac { hash, key, message, tag_bytes: mac.len() };
    let questions = vec![Question { request, expected: Expected::Output(mac) }];
    Ok(Case { id, comment, questions, ..Case::default() })
}
