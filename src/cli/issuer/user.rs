//! `jotlab issuer user add`: a name with a password, which never stands on the command line.

use super::{directory, fault};
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::{input, voice};
use crate::ct::Secret;
use crate::issuer::{Existing, ITERATIONS, User, add_user};
use std::path::PathBuf;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Add a user: the password from stdin, a file or the environment
    Add(Args),
}

#[derive(clap::Args)]
pub(super) struct Args {
    /// The name, the sub of tokens
    name: String,
    /// The directory of the keys and users; made if it is not there
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Where the password is: `-` for a line of stdin, @FILE, or env:NAME
    #[arg(long, value_name = "FROM", default_value = "-", allow_hyphen_values = true)]
    password: String,
    /// The role that tokens state
    #[arg(long)]
    role: Option<String>,
    /// The scopes that may be asked for, separated by spaces
    #[arg(long, default_value = "", hide_default_value = true)]
    scope: String,
    /// Iterations of PBKDF2: what a guess costs
    #[arg(long, value_name = "N", default_value_t = ITERATIONS)]
    iterations: u32,
    /// Put this user in the place of one of the same name
    #[arg(long)]
    replace: bool,
}

pub(super) fn run(command: &Command) -> Done {
    let Command::Add(args) = command;
    let directory = directory(args.dir.as_ref())?;
    let password = password(&args.password)?;
    let mut user = User::new(&args.name, &password, args.iterations).map_err(fault)?;
    if let Some(role) = &args.role {
        user = user.role(role).map_err(fault)?;
    }
    user = user.scope(&args.scope).map_err(fault)?;
    let existing = if args.replace { Existing::Replace } else { Existing::Keep };
    add_user(directory, user, existing).map_err(|error| match error {
        crate::issuer::Error::User(_) if !args.replace => {
            fault(error).hint("--replace puts the new one in the place of the old")
        }
        error => fault(error),
    })?;
    if args.iterations < ITERATIONS {
        voice::note(&format!(
            "{} iterations: fit for tests, {ITERATIONS} are advised",
            args.iterations
        ));
    }
    voice::note(&format!("added {}", voice::shown(&args.name, 100)));
    Ok(Exit::Yes)
}

/// The password. One newline at its end is the file's or the terminal's, not the password's.
fn password(from: &str) -> Result<Secret, Fault> {
    if from != "-" && !from.starts_with('@') && !from.starts_with("env:") {
        let hint = "printf %s \"$PASSWORD\" | jotlab issuer user add NAME --dir DIR";
        return Err(Fault::usage(
            "--password: a password on the command line is read by everybody",
        )
        .hint(hint));
    }
    if from == "-" && voice::is_asked() {
        voice::note("the password, and Ctrl-D (it is shown as it is typed):");
    }
    let mut bytes = input::secret(from)?;
    if !from.starts_with("env:") && bytes.last() == Some(&b'\n') {
        bytes.pop();
    }
    if bytes.contains(&b'\n') {
        return Err(Fault::usage("the password has several lines"));
    }
    Ok(Secret::new(bytes))
}
