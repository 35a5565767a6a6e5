//! `jotlab vectors forge`: our own vectors, made again from their seed.

use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::voice;
use crate::vectors::forge::{SEED, forge};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// Where the files go; none that is there is overwritten
    #[arg(value_name = "DIR")]
    directory: String,
    /// Keys, secrets and messages follow from this
    #[arg(long, value_name = "TEXT", default_value = SEED)]
    seed: String,
}

pub(super) fn run(args: &Args) -> Done {
    let directory = Path::new(&args.directory);
    let cannot = |path: &Path, error: &std::io::Error| {
        let path = voice::shown(&path.to_string_lossy(), 200);
        Fault::usage(format_args!("cannot write {path}: {error}"))
    };
    fs::create_dir_all(directory).map_err(|error| cannot(directory, &error))?;
    let files = forge(&args.seed).map_err(Fault::usage)?;
    for (name, text) in files {
        let path = directory.join(name);
        let file = OpenOptions::new().write(true).create_new(true).open(&path);
        let written = file.and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| cannot(&path, &error))?;
        voice::out(&format!("{}\n", voice::shown(&path.to_string_lossy(), 200)))?;
    }
    Ok(Exit::Yes)
}
