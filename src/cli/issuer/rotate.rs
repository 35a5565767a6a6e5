//! `jotlab issuer rotate`: one more key, whether a server runs on the directory or not.

use super::{directory, fault};
use crate::cli::exit::{Done, Exit};
use crate::cli::time::{dated, now};
use crate::cli::voice;
use crate::issuer::{Clock, Rotated, rotate};
use crate::jose::NumericDate;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The directory of the keys and users
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Bits of a new RSA modulus; those of the key before unless given
    #[arg(long)]
    bits: Option<u64>,
}

pub(super) fn run(args: &Args) -> Done {
    let directory = directory(args.dir.as_ref())?;
    let Rotated { kid, signs_from } =
        rotate(directory, &Clock::new(now), args.bits).map_err(fault)?;
    voice::out(&format!("{kid}\n"))?;
    voice::note(&format!(
        "published now, signs from {}",
        dated(NumericDate::from_seconds(signs_from))
    ));
    Ok(Exit::Yes)
}
