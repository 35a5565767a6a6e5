//! `jotlab issuer`: serves, adds users, asks for a new key.

mod rotate;
mod serve;
mod user;

use super::exit::{Done, Exit, Fault};
use crate::issuer::Error;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
#[group(skip)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Args,
}

#[derive(clap::Subcommand)]
enum Command {
    /// Users who can log in
    #[command(subcommand)]
    User(user::Command),
    /// Publish a new key, which signs after the cache time; a server on the directory notices
    Rotate(rotate::Args),
}

pub(super) fn run(args: &Args) -> Done {
    match &args.command {
        None => serve::run(&args.serve),
        Some(Command::User(command)) => user::run(command),
        Some(Command::Rotate(args)) => rotate::run(args),
    }
}

/// An error of the issuer with its exit code.
fn fault(error: Error) -> Fault {
    match error {
        Error::Malformed { .. } => Fault::malformed(error),
        Error::Key(_) => Fault::new(Exit::Key, error),
        Error::Mode { ref path, wanted, .. } => {
            let hint =
                format!("chmod {wanted:o} {}", super::voice::shown(&path.to_string_lossy(), 200));
            Fault::usage(error).hint(hint)
        }
        _ => Fault::usage(error),
    }
}

/// The directory, which every command needs.
fn directory(asked: Option<&PathBuf>) -> Result<&PathBuf, Fault> {
    asked.ok_or_else(|| {
        Fault::usage("--dir is needed: the directory of the keys and users")
            .hint("jotlab issuer user add alice --dir DIR, then jotlab issuer --dir DIR")
    })
}
