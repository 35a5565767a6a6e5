//! `jotlab crosscheck init`: an adapter to begin with.

use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::voice;
use crate::crosscheck::adapters::ADAPTERS;

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The language; without it, all that there are
    language: Option<String>,
}

pub(super) fn run(args: &Args) -> Done {
    let Some(language) = &args.language else {
        let line = |a: &crate::crosscheck::adapters::Adapter| {
            format!("{:<8} jotlab crosscheck init {} > {}\n", a.language, a.language, a.file)
        };
        voice::out(&ADAPTERS.iter().map(line).collect::<String>())?;
        return Ok(Exit::Yes);
    };
    if let Some(adapter) = ADAPTERS.iter().find(|adapter| adapter.language == *language) {
        return voice::out_bytes(adapter.text.as_bytes()).map(|()| Exit::Yes);
    }
    let names: Vec<&str> = ADAPTERS.iter().map(|adapter| adapter.language).collect();
    let language = voice::shown(language, 40);
    let what = format!("no adapter for \"{language}\": there are {}", names.join(", "));
    Err(Fault::usage(what))
}
