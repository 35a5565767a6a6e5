//! `jotlab key public`: what of a key may be published.

use super::output::{self, Readers};
use super::{label, no_keys, note_unusable};
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::input;
use crate::jose::{JwkSet, MAX_KEYS_BYTES};
use serde_json::Value;

/// What `jotlab key public` takes.
#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The key file, - for stdin
    file: String,
    /// Write to this new file
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
}

pub(super) fn run(args: &Args) -> Done {
    let bytes = input::read(&args.file, MAX_KEYS_BYTES)?;
    let set = input::parse_keys(&args.file, &bytes)?;
    note_unusable(&set);
    let mut public = JwkSet::default();
    for key in set.keys() {
        public.push(key.to_public().ok_or_else(|| {
            Fault::new(Exit::Key, format_args!("{}: a secret has no public half", label(key)))
        })?);
    }
    // a set stays one, with one key too
    let value: Value = match public.keys() {
        [] => return Err(no_keys(&args.file)),
        [key] if JwkSet::parse(&bytes).is_err() => key.to_value(),
        _ => public.to_value(),
    };
    output::write(args.out.as_deref(), Readers::All, format!("{value:#}\n").as_bytes())?;
    Ok(Exit::Yes)
}
