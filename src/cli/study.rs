//! `jotlab study`: the laboratory in a browser.

use super::exit::{Done, Exit, Fault};
use super::voice;
use crate::study::Study;
use std::process::{Command, Stdio};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The port on 127.0.0.1; without it, one that is free
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// Only print the address
    #[arg(long)]
    no_open: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let study = Study::bind(args.port).map_err(|error| {
        Fault::usage(format_args!("cannot listen on 127.0.0.1:{}: {error}", args.port))
            .hint("without --port a free one is taken")
    })?;
    voice::out(&format!("{}\n", study.url()))?;
    voice::note("for this machine only, until Ctrl-C");
    // where nobody looks, nobody wants a window
    if !args.no_open && voice::is_read_by_people() {
        open(&study.url());
    }
    study.serve().map_err(|error| Fault::usage(format_args!("cannot serve: {error}")))?;
    Ok(Exit::Yes)
}

/// Asks the desktop for a browser. The address is on the screen in any case.
fn open(url: &str) {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let mut command = Command::new(opener);
    let command = command.arg(url);
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match quiet.spawn() {
        Ok(mut child) => {
            // waits for it elsewhere, so that it leaves no zombie
            std::thread::spawn(move || child.wait());
        }
        Err(error) => voice::note(&format!("no browser was opened ({opener}: {error})")),
    }
}
