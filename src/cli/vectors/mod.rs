//! `jotlab vectors`: suites, their reports, and single cases.

mod asked;
mod choice;
mod forge;
mod list;
mod merge;
mod run;
mod score;
mod show;
mod table;

use super::exit::{Done, Exit, Fault};
use super::voice;
use crate::vectors::Suite;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// The suites that come with jotlab, and what they are of
    List {
        /// One JSON object
        #[arg(long)]
        json: bool,
    },
    /// Run suites against jotlab, or against an adapter
    Run(Box<run::Args>),
    /// Show one case: its inputs, what it states, and what happened
    Show(show::Args),
    /// Which bugs suites cannot see: seeded bugs beside every suite
    Score(score::Args),
    /// Make jotlab's own vectors again from their seed, or others from another
    Forge(forge::Args),
    /// Put the JSON reports of all shards of a run together
    Merge(merge::Args),
}

pub(super) fn run(command: &Command) -> Done {
    match command {
        Command::List { json } => list::run(*json),
        Command::Run(args) => run::run(args),
        Command::Show(args) => show::run(args),
        Command::Score(args) => score::run(args),
        Command::Forge(args) => forge::run(args),
        Command::Merge(args) => merge::run(args),
    }
}

/// The suites of jotlab's own, whatever lies on the disk by that name.
pub(super) fn own_suites() -> Result<Vec<Suite>, Fault> {
    choice::shipped("jotlab", &choice::known(None)?)
}

/// Suites by name, file or directory, for other commands; all that come with jotlab if none is named.
pub(super) fn chosen_suites(names: &[String]) -> Result<Vec<Suite>, Fault> {
    let loaded = choice::chosen(names, &choice::known(None)?)?;
    match loaded.notes.iter().find(|note| note.outcome != "skipped") {
        None => Ok(loaded.suites),
        Some(note) => {
            let exit = if note.outcome == "unreadable" { Exit::Usage } else { Exit::Malformed };
            let file = voice::shown(&note.file, 200);
            Err(Fault::new(exit, format_args!("{file}: {}", voice::shown(&note.why, 400))))
        }
    }
}
