//! `jotlab decode`: what can be read of any token, however broken. Nothing is verified.

use super::exit::{Done, Exit};
use super::{input, voice};
use crate::jose::{Contents, Unverified, UnverifiedPart};
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
            Contents::Json(value) => pretty(value),
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

/// JSON over several lines, indented, each of them fit for a terminal.
fn pretty(value: &Value) -> String {
    let pretty = format!("{value:#}");
    let shown: String = pretty.chars().take(SHOWN).collect();
    let mut lines: String =
        voice::json_text(&shown).lines().map(|line| format!("  {line}\n")).collect();
    if pretty.chars().nth(SHOWN).is_some() {
        lines += "  …\n";
    }
    lines
}

fn as_json(unverified: &Unverified) -> Value {
    let part = |part: &UnverifiedPart| {
        let mut value = json!({
            "part": part.name, "offset": part.offset, "length": part.length, "remarks": part.remarks,
        });
        match &part.contents {
            Contents::Json(json) => value["json"] = json.clone(),
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
