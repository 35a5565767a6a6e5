//! `jotlab base64url`: strict both ways.

use super::exit::{Done, Exit, Fault};
use super::{input, voice};
use crate::base64;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Bytes to base64url without padding
    Encode {
        /// TEXT, @FILE, -, hex:…
        #[arg(default_value = "-", allow_hyphen_values = true)]
        value: String,
    },
    /// Base64url without padding to the bytes
    Decode {
        /// TEXT, @FILE or -; from a file or stdin it may end in one newline
        #[arg(default_value = "-", allow_hyphen_values = true)]
        value: String,
    },
}

pub(super) fn run(command: &Command) -> Done {
    match command {
        Command::Encode { value } => {
            voice::out(&(base64::encode_url(&input::bytes(value)?) + "\n"))?;
        }
        Command::Decode { value } => {
            let bytes = base64::decode_url(input::line(value)?).map_err(Fault::malformed)?;
            voice::out_bytes(&bytes)?;
        }
    }
    Ok(Exit::Yes)
}
