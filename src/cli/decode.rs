//! `jotlab decode`: what can be read of any token, however broken. Nothing is verified.

use super::exit::{Done, Exit};
use super::{input, time, voice};
use crate::jose::{Contents, NumericDate, Unverified, UnverifiedPart};
use serde_json::{Value, json};

/// Characters of a part's JSON that are shown.
const SHOWN: usize = 4000;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The token: TEXT, @FILE or -
    #[arg(default_value = "-")]
    token: String,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let token = input::token(&args.token)?;
    let unverified = Unverified::of(&token);
    if args.json {
        voice::out_json(&as_json(&unverified))?;
    } else {
        voice::out(&text(&unverified))?;
    }
    let readable = unverified.parts.iter().any(|part| !matches!(part.contents, Contents::Nothing));
    let whole =
        unverified.remarks.is_empty() && unverified.parts.iter().all(|p| p.remarks.is_empty());
    Ok(if readable && whole { Exit::Yes } else { Exit::Malformed })
}

fn text(unverified: &Unverified) -> String {
    let mut text =
        "UNVERIFIED: anybody may have written this; jotlab verify tells more\n".to_owned();
    for remark in &unverified.remarks {
        text += &format!("token: {}\n", voice::shown(remark, 200));
    }
    for part in &unverified.parts {
        let UnverifiedPart { name, offset, length, .. } = part;
        text += &format!("\n{name} (offset {offset}, {length} characters)\n");
        for remark in &part.remarks {
            text += &format!("  ! {}\n", voice::shown(remark, 200));
        }
        text += &match &part.contents {
            Contents::Json(value, text) => pretty(text) + &dates(name, value),
            Contents::Bytes(bytes) => {
                let hex = voice::shown(&hex::encode(bytes), 600);
                let text =
                    str::from_utf8(bytes).ok().filter(|text| !text.contains(char::is_control));
                let text = text.filter(|text| !text.is_empty()).map(|text| voice::shown(text, 600));
                format!("  {} bytes: {hex}\n", bytes.len())
                    + &text.map_or(String::new(), |text| format!("  as text: {text}\n"))
            }
            Contents::Nothing => "  cannot be decoded\n".to_owned(),
        };
    }
    text
}

/// JSON over several lines, indented, each value as it is written there and fit for a terminal.
fn pretty(text: &str) -> String {
    let pretty = indented(text);
    let shown: String = pretty.chars().take(SHOWN).collect();
    let mut lines: String =
        voice::json_text(&shown).lines().map(|line| format!("  {line}\n")).collect();
    if pretty.chars().nth(SHOWN).is_some() {
        lines += "  …\n";
    }
    lines
}

/// A text of JSON with new blanks between its tokens; no more of it than is shown.
fn indented(text: &str) -> String {
    let (mut page, mut depth, mut in_string, mut escaped) = (String::new(), 0_usize, false, false);
    for letter in text.chars() {
        // a character has four bytes at most
        if page.len() > 4 * SHOWN {
            break;
        }
        if in_string {
            in_string = escaped || letter != '"';
            escaped = letter == '\\' && !escaped;
            page.push(letter);
            continue;
        }
        let line = |depth: usize| format!("\n{}", "  ".repeat(depth));
        match letter {
            '{' | '[' => {
                depth += 1;
                page.push(letter);
                page += &line(depth);
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                let is_empty = page.trim_end().ends_with(['{', '[']);
                page.truncate(page.trim_end().len());
                if !is_empty {
                    page += &line(depth);
                }
                page.push(letter);
            }
            ',' => page += &format!(",{}", line(depth)),
            ':' => page += ": ",
            ' ' | '\t' | '\n' | '\r' => {}
            other => {
                in_string = other == '"';
                page.push(other);
            }
        }
    }
    page
}

/// The times among claims, with their dates.
fn dates(part: &str, value: &Value) -> String {
    let date = |name: &&str| match value.get(name) {
        Some(Value::Number(number)) if part == "payload" => {
            Some(format!("  {name}: {}\n", time::dated(NumericDate::from_number(number))))
        }
        _ => None,
    };
    ["exp", "nbf", "iat"].iter().filter_map(date).collect()
}

fn as_json(unverified: &Unverified) -> Value {
    let part = |part: &UnverifiedPart| {
        let mut value = json!({
            "part": part.name, "offset": part.offset, "length": part.length, "remarks": part.remarks,
        });
        match &part.contents {
            Contents::Json(json, text) => {
                value["json"] = json.clone();
                value["text"] = text.clone().into();
            }
            Contents::Bytes(bytes) => value["hex"] = hex::encode(bytes).into(),
            Contents::Nothing => {}
        }
        value
    };
    json!({
        "unverified": true,
        "remarks": unverified.remarks,
        "parts": unverified.parts.iter().map(part).collect::<Vec<_>>(),
    })
}
