//! The Monte Carlo chain of SHA: `Seed`, then `COUNT` and `MD` again and again.
//!
//! Each checkpoint goes on from the one before it, so each is a case of its own. The `.txt` beside a `.rsp`
//! has the first messages of each round as well, indented: `i`, `M`, `MDi`.

use super::records::{Field, Line, Lines, Record};
use super::sha::{Hash, asked, hash_of};
use crate::vectors::case::Case;
use crate::vectors::formats::ReadError;
use crate::vectors::question::{Chain, Message, Request};

/// Steps between two checkpoints (SHAVS §6.4).
const STEPS: u32 = 1000;
/// How a file writes that it does not state a digest: those of SHA-512/t do after their third COUNT.
const NOT_STATED: &str = "?";

#[derive(Default)]
struct Reader<'t> {
    cases: Vec<Case>,
    hash: Option<Hash>,
    start: Start,
    /// The checkpoint that has no digest yet.
    count: Option<Field<'t>>,
    step: Record<'t>,
}

/// Where the next round starts.
#[derive(Default)]
enum Start {
    /// There was no seed.
    #[default]
    Missing,
    /// The digest before it is not stated.
    NotStated,
    /// From these bytes.
    From(Vec<u8>),
}

pub(super) fn monte_carlo(comments: &str, mut lines: Lines<'_>) -> Result<Vec<Case>, ReadError> {
    let mut reader = Reader::default();
    while let Some(line) = lines.next()? {
        match line {
            Line::Section(field) => reader.hash = Some(hash_of(comments, &lines, field)?),
            Line::Field(field) => reader.take(&lines, field)?,
        }
    }
    if let Some(count) = reader.count {
        return Err(lines.fault(count.line, "the file ends before the MD of this COUNT"));
    }
    reader.step.end(&lines, "MDi")?;
    Ok(reader.cases)
}

impl<'t> Reader<'t> {
    fn take(&mut self, lines: &Lines<'_>, field: Field<'t>) -> Result<(), ReadError> {
        match field.key {
            "Seed" => self.start = Start::From(lines.hex(field)?),
            "COUNT" => {
                lines.number(field)?;
                if let Some(count) = self.count.replace(field) {
                    return Err(lines.fault(count.line, "this COUNT has no MD"));
                }
            }
            "MD" => {
                let case = self.checkpoint(lines, field)?;
                self.cases.push(case);
            }
            "MDi" => {
                self.step.add(lines, field)?;
                let case = self.step(lines, field)?;
                self.cases.push(case);
            }
            _ => self.step.add(lines, field)?,
        }
        Ok(())
    }

    fn checkpoint(&mut self, lines: &Lines<'_>, digest: Field<'_>) -> Result<Case, ReadError> {
        let count = self.count.take();
        let count = count.ok_or_else(|| lines.fault(digest.line, "MD before COUNT"))?.value;
        let comment = format!("line {}: COUNT = {count}", digest.line);
        let mut case = Case { id: count.to_owned(), comment, ..Case::default() };
        let seed = match core::mem::take(&mut self.start) {
            Start::Missing => return Err(lines.fault(digest.line, "MD before Seed")),
            Start::NotStated => {
                case.skip = Some("the digest before it is not stated".to_owned());
                vec![]
            }
            Start::From(seed) => seed,
        };
        if digest.value == NOT_STATED {
            self.start = Start::NotStated;
            return Ok(Case { skip: Some("the digest is not stated (MD = ?)".to_owned()), ..case });
        }
        self.start = Start::From(lines.hex(digest)?);
        if case.skip.is_some() {
            return Ok(case);
        }
        let (chain, outer, inner) = (Chain::Standard, 1, STEPS);
        asked(lines, self.hash.as_ref(), digest, case, |hash| Request::Sha2Chain {
            hash,
            seed,
            chain,
            outer,
            inner,
        })
    }

    fn step(&mut self, lines: &Lines<'_>, digest: Field<'_>) -> Result<Case, ReadError> {
        let record = core::mem::take(&mut self.step);
        let message = Message::Bytes(lines.hex(record.get(lines, "M")?)?);
        let count = self.count.ok_or_else(|| lines.fault(digest.line, "MDi before COUNT"))?.value;
        let id = format!("{count}.{}", record.get(lines, "i")?.value);
        let comment = format!("line {}: M of a step", digest.line);
        let case = Case { id, comment, ..Case::default() };
        asked(lines, self.hash.as_ref(), digest, case, |hash| Request::Sha2 { hash, message })
    }
}
