//! RSASSA-PKCS1-v1_5. The key stands in records of its own and changes inside of a section; `e` may be
//! given for each signature.

use super::records::{Field, Line, Lines, Record};
use crate::sha2::Algorithm;
use crate::vectors::case::{Case, Expected, Label, Question};
use crate::vectors::formats::ReadError;
use crate::vectors::question::{Request, RsaPrivate};
use num_bigint::BigUint;

/// The numbers of the key that holds at a line.
#[derive(Default)]
struct Key {
    n: Option<BigUint>,
    e: Option<BigUint>,
    d: Option<BigUint>,
}

impl Key {
    /// Takes a number of the key in; says whether it was one. A new modulus is a new key.
    fn take(&mut self, lines: &Lines<'_>, field: Field<'_>) -> Result<bool, ReadError> {
        match field.key {
            "n" => *self = Key { n: Some(lines.integer(field)?), ..Key::default() },
            "e" => self.e = Some(lines.integer(field)?),
            "d" => self.d = Some(lines.integer(field)?),
            // the primes serve for making the files
            "p" | "q" => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn public(&self, lines: &Lines<'_>, at: Field<'_>) -> Result<(BigUint, BigUint), ReadError> {
        match (&self.n, &self.e) {
            (Some(n), Some(e)) => Ok((n.clone(), e.clone())),
            (None, _) => Err(lines.fault(at.line, "no n before this signature")),
            _ => Err(lines.fault(at.line, "no e before this signature")),
        }
    }
}

/// `SigVer15`: `Result = P` or `F`, with a reason behind it.
pub(super) fn verify(lines: Lines<'_>) -> Result<Vec<Case>, ReadError> {
    records(lines, "Result", |lines, record, key, id| {
        let result = record.get(lines, "Result")?;
        let (label, expected) = match result.value.as_bytes().first() {
            Some(b'P') => (Label::Valid, Expected::Accept),
            Some(b'F') => (Label::Invalid, Expected::Refuse(None)),
            _ => return Err(lines.fault(result.line, "Result: P or F is expected")),
        };
        let reason = result.value[1..].trim().trim_matches(['(', ')']).trim();
        let comment =
            format!("line {}: {}", result.line, if reason.is_empty() { "P" } else { reason });
        let hash = match hash_of(record.get(lines, "SHAAlg")?) {
            Ok(hash) => hash,
            Err(why) => return Ok(Case { comment, label, ..Case::skipped(id, why) }),
        };
        let request = request(lines, record, key, hash)?;
        let questions = vec![Question { request, expected }];
        Ok(Case { id, comment, label, questions, ..Case::default() })
    })
}

/// `SigGen15`: a signature that verifies; where `d` is there, it must also come out when signing.
pub(super) fn generate(lines: Lines<'_>) -> Result<Vec<Case>, ReadError> {
    records(lines, "S", |lines, record, key, id| {
        let signature = record.get(lines, "S")?;
        let comment = format!("line {}", signature.line);
        let hash = match hash_of(record.get(lines, "SHAAlg")?) {
            Ok(hash) => hash,
            Err(why) => return Ok(Case { comment, ..Case::skipped(id, why) }),
        };
        let verify = request(lines, record, key, hash)?;
        let mut questions = vec![Question { request: verify, expected: Expected::Accept }];
        if let Some(d) = &key.d {
            let (n, e) = key.public(lines, signature)?;
            let key = RsaPrivate { n, e, d: d.clone(), primes: None };
            let message = lines.hex(record.get(lines, "Msg")?)?;
            let expected = Expected::Output(lines.hex(signature)?);
            questions.push(Question { request: Request::RsaSign { hash, key, message }, expected });
        }
        Ok(Case { id, comment, questions, ..Case::default() })
    })
}

fn request(
    lines: &Lines<'_>,
    record: &Record<'_>,
    key: &Key,
    hash: Algorithm,
) -> Result<Request, ReadError> {
    let signature = record.get(lines, "S")?;
    let (n, e) = key.public(lines, signature)?;
    let message = lines.hex(record.get(lines, "Msg")?)?;
    Ok(Request::RsaVerify { hash, n, e, message, signature: lines.hex(signature)? })
}

fn records<'t>(
    mut lines: Lines<'t>,
    answer: &str,
    case: impl Fn(&Lines<'t>, &Record<'t>, &Key, String) -> Result<Case, ReadError>,
) -> Result<Vec<Case>, ReadError> {
    let mut cases: Vec<Case> = vec![];
    let (mut key, mut record) = (Key::default(), Record::default());
    while let Some(line) = lines.next()? {
        // a section [mod = bits] says nothing that n does not
        let Line::Field(field) = line else { continue };
        if key.take(&lines, field)? {
            continue;
        }
        record.add(&lines, field)?;
        if field.key == answer {
            let id = (cases.len() + 1).to_string();
            cases.push(case(&lines, &core::mem::take(&mut record), &key, id)?);
        }
    }
    record.end(&lines, answer)?;
    Ok(cases)
}

/// `SHA256` and such.
fn hash_of(field: Field<'_>) -> Result<Algorithm, String> {
    let digits = field.value.strip_prefix("SHA").map(|rest| rest.trim_start_matches('-'));
    let name = format!("SHA-{}", digits.unwrap_or(field.value));
    name.parse().map_err(|_| format!("{name}: not part of jotlab"))
}
