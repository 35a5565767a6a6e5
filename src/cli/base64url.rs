//! `jotlab base64url`: base64url without padding (RFC 4648 §5, RFC 7515 §2), strict both ways.

use super::exit::{Done, Exit, Fault};
use super::{input, voice};
use crate::base64;
use serde_json::json;

/// What `jotlab base64url` does.
#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Encode bytes
    Encode {
        /// The bytes: text, @FILE, - for stdin, hex:… or b64u:…
        #[arg(default_value = "-", allow_hyphen_values = true)]
        value: String,
        /// Give one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Decode to bytes, as they are; one newline at the end of a file or stdin is passed over
    Decode {
        /// The text: as it stands, @FILE, - for stdin
        #[arg(default_value = "-", allow_hyphen_values = true)]
        value: String,
        /// Give one JSON object, with the bytes in hex, and as text where they are UTF-8
        #[arg(long)]
        json: bool,
    },
}

pub(super) fn run(command: &Command) -> Done {
    match command {
        Command::Encode { value, json } => {
            let text = base64::encode_url(&input::bytes(value)?);
            if *json {
                voice::out_json(&json!({ "base64url": text }))?;
            } else {
                voice::out(&format!("{text}\n"))?;
            }
        }
        Command::Decode { value, json } => {
            let bytes = base64::decode_url(input::line(value)?).map_err(Fault::malformed)?;
            if *json {
                let text = str::from_utf8(&bytes).ok();
                let (hex, count) = (hex::encode(&bytes), bytes.len());
                voice::out_json(&json!({"hex": hex, "text": text, "bytes": count}))?;
            } else {
                voice::out_bytes(&bytes)?;
            }
        }
    }
    Ok(Exit::Yes)
}
