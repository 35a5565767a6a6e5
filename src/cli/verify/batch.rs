//! `jotlab verify --batch`: a token a line in, a verdict a line out, in the same order, on all cores.

use super::super::exit::{Done, Exit, Fault};
use super::super::{input, voice};
use super::Verifier;
use super::verdict::Verdict;
use crate::jose::{Jws, MAX_TOKEN_BYTES, Malformed, Part, Reason, json};
use rayon::prelude::*;
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;

/// Tokens that are verified before their verdicts are written, and the bytes of lines after which no other is
/// read: memory stays flat.
const LINES: usize = 4096;
const BYTES: usize = 16 << 20;
/// Tokens that a core takes at once, so that the lanes of the primitives are full.
const TOGETHER: usize = 8;

pub(super) fn run(tokens: &str, verifier: &Verifier, as_json: bool) -> Done {
    let path = match tokens.strip_prefix('@') {
        Some(path) => path,
        None if tokens == "-" => "-",
        None => return Err(Fault::usage("--batch takes @FILE or -, with one token a line")),
    };
    let mut reader = BufReader::new(input::open(path)?);
    let mut exit = None;
    let mut text = vec![];
    loop {
        text.clear();
        let mut lines = vec![];
        while lines.len() < LINES && text.len() < BYTES {
            match read_line(&mut reader, &mut text).map_err(|e| input::cannot_read(path, &e))? {
                None => break,
                Some(line) => lines.push(line),
            }
        }
        if lines.is_empty() {
            break;
        }
        let told: Vec<(String, Option<Exit>)> = lines
            .par_chunks(TOGETHER)
            .map(|lines| {
                let lines = lines.iter().map(|line| &text[line.clone()]);
                let parsed: Vec<_> = lines.map(|line| parse(line, verifier)).collect();
                // what a verdict holds is not kept beyond its line
                let verdicts = verifier.verdicts(&parsed);
                let told = verdicts.iter().map(|verdict| line(verdict, as_json)).collect();
                (told, verdicts.iter().map(Verdict::exit).max())
            })
            .collect();
        let all: String = told.iter().map(|(lines, _)| lines.as_str()).collect();
        voice::out_bytes(all.as_bytes())?;
        // nothing is below every exit
        exit = exit.max(told.iter().map(|(_, worst)| *worst).max().flatten());
    }
    exit.ok_or_else(|| Fault::usage("no token was read"))
}

/// Reads the next line to the end of `text`: where it stands there, without its own end; of a line that is too
/// long a little more than a token may have.
fn read_line(reader: &mut impl BufRead, text: &mut Vec<u8>) -> io::Result<Option<Range<usize>>> {
    let begin = text.len();
    let most = 2 * MAX_TOKEN_BYTES as u64;
    let read = reader.by_ref().take(most).read_until(b'\n', text)?;
    if read == 0 {
        return Ok(None);
    }
    let has_end = text.last() == Some(&b'\n');
    if !has_end && read as u64 == most {
        reader.skip_until(b'\n')?;
    }
    Ok(Some(begin..text.len() - usize::from(has_end)))
}

/// A line is a token, or a JSON object with a member `token`.
fn parse<'l>(line: &'l [u8], verifier: &Verifier) -> Result<Jws<'l>, Malformed> {
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
        return Ok(Jws::parse(token, verifier.relaxations)?.into_owned());
    }
    Jws::parse(text, verifier.relaxations)
}

fn line(verdict: &Verdict, as_json: bool) -> String {
    let text = if as_json { voice::json_text(&verdict.json().to_string()) } else { verdict.line() };
    text + "\n"
}
