//! `jotlab verify --batch`: a token a line in, a verdict a line out, in the same order, on all cores.

use super::super::exit::{Done, Fault};
use super::super::{input, voice};
use super::Verifier;
use super::verdict::Verdict;
use crate::jose::{Jws, MAX_TOKEN_BYTES, Malformed, Part, Reason, json};
use rayon::prelude::*;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};

/// Tokens that are verified before their verdicts are written: memory stays flat.
const LINES: usize = 4096;
/// Tokens that a core takes at once, so that the lanes of the primitives are full.
const TOGETHER: usize = 64;

pub(super) fn run(tokens: &str, verifier: &Verifier, as_json: bool) -> Done {
    let path = match tokens.strip_prefix('@') {
        Some(path) => path,
        None if tokens == "-" => "-",
        None => return Err(Fault::usage("--batch takes @FILE or -, with one token a line")),
    };
    let mut reader = BufReader::new(input::open(path)?);
    let mut exit = None;
    loop {
        let mut lines = vec![];
        while lines.len() < LINES {
            match read_line(&mut reader).map_err(|error| input::cannot_read(path, &error))? {
                None => break,
                Some(line) => lines.push(line),
            }
        }
        if lines.is_empty() {
            break;
        }
        let verdicts: Vec<Verdict> = lines
            .par_chunks(TOGETHER)
            .flat_map_iter(|lines| {
                let parsed: Vec<_> = lines.iter().map(|line| parse(line, verifier)).collect();
                verifier.verdicts(&parsed)
            })
            .collect();
        let text: String = verdicts.iter().map(|verdict| line(verdict, as_json)).collect();
        voice::out_bytes(text.as_bytes())?;
        // nothing is below every exit
        exit = exit.max(verdicts.iter().map(Verdict::exit).max());
    }
    exit.ok_or_else(|| Fault::usage("no token was read"))
}

/// The next line without its end; of a line that is too long a little more than a token may have.
fn read_line(reader: &mut impl BufRead) -> std::io::Result<Option<Vec<u8>>> {
    let mut line = vec![];
    let most = 2 * MAX_TOKEN_BYTES as u64;
    if reader.by_ref().take(most).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') && line.len() as u64 == most {
        reader.skip_until(b'\n')?;
    }
    if line.last() == Some(&b'\n') {
        line.pop();
    }
    Ok(Some(line))
}

/// A line is a token, or a JSON object with a member `token`.
fn parse(line: &[u8], verifier: &Verifier) -> Result<Jws, Malformed> {
    let text = match str::from_utf8(line) {
        Ok(text) => text,
        Err(error) => {
            let (part, reason) = (Part::Token, Reason::Structure("it is not UTF-8"));
            return Err(Malformed { part, offset: error.valid_up_to(), reason });
        }
    };
    if line.starts_with(b"{")
        && let Ok(members) = json::parse_object(line)
        && let Some(Value::String(token)) = members.get("token")
    {
        return Jws::parse(token, &verifier.relaxations);
    }
    Jws::parse(text, &verifier.relaxations)
}

fn line(verdict: &Verdict, as_json: bool) -> String {
    let text = if as_json { voice::json_text(&verdict.json().to_string()) } else { verdict.line() };
    text + "\n"
}
