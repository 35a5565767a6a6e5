//! Who is asked: jotlab itself, or an adapter.

use crate::cli::exit::{Exit, Fault};
use crate::cli::voice;
use crate::sha2::backend::Backend;
use crate::vectors::{Answer, Implementation, Jotlab, Request, figures::Figure};

/// Whoever `vectors run` asks.
pub(super) enum Who {
    Jotlab(Jotlab),
    #[cfg(unix)]
    Remote(Box<crate::crosscheck::Remote>),
}

impl Who {
    /// jotlab by its ways of hashing, or the adapter behind a line of the shell.
    pub(super) fn new(backend: Option<&str>, command: Option<&str>) -> Result<Who, Fault> {
        match (backend, command) {
            (None | Some("all"), None) => Ok(Who::Jotlab(Jotlab::new())),
            (Some(name), None) => Ok(Who::Jotlab(Jotlab::with_backend(named(name)?))),
            (_, Some(command)) => Self::adapter(command),
        }
    }

    #[cfg(unix)]
    fn adapter(command: &str) -> Result<Who, Fault> {
        let stop = crate::cli::crosscheck::stop_flag()?;
        // exec keeps it one process
        let command = ["sh".to_owned(), "-c".to_owned(), format!("exec {command}")];
        let peer = crate::cli::crosscheck::start(&command, USUAL_PATIENCE, &stop)?;
        Ok(Who::Remote(Box::new(crate::crosscheck::Remote::new(peer))))
    }

    #[cfg(not(unix))]
    fn adapter(_command: &str) -> Result<Who, Fault> {
        Err(Fault::usage("adapters need a system with process groups"))
    }

    /// Tells what went wrong on the other side; a crash or a hang is an exit code of its own.
    pub(super) fn end(&self, exit: Exit) -> Exit {
        match self {
            Who::Jotlab(_) => exit,
            #[cfg(unix)]
            Who::Remote(remote) => {
                let faults = remote.faults();
                for fault in &faults {
                    let what = voice::shown(&fault.what, 300);
                    voice::note(&format!("{}: {what}", fault.kind.name()));
                }
                let died = faults.iter().any(|fault| fault.kind.is_of_process());
                // 2 and 3 say that there was nothing sound to run
                if died && exit < Exit::Malformed { Exit::Adapter } else { exit }
            }
        }
    }
}

/// How long an answer may take.
#[cfg(unix)]
const USUAL_PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

impl Implementation for Who {
    fn name(&self) -> String {
        match self {
            Who::Jotlab(jotlab) => jotlab.name(),
            #[cfg(unix)]
            Who::Remote(remote) => remote.name(),
        }
    }

    fn answer(&self, request: &Request) -> Answer {
        match self {
            Who::Jotlab(jotlab) => jotlab.answer(request),
            #[cfg(unix)]
            Who::Remote(remote) => remote.answer(request),
        }
    }

    fn check_figure(&self, figure: &Figure) -> Result<(), String> {
        match self {
            Who::Jotlab(jotlab) => jotlab.check_figure(figure),
            #[cfg(unix)]
            Who::Remote(remote) => remote.check_figure(figure),
        }
    }
}

fn named(name: &str) -> Result<&'static Backend, Fault> {
    Backend::all().find(|backend| backend.name == name).ok_or_else(|| {
        let names = Backend::all().map(|backend| backend.name).collect::<Vec<_>>().join(", ");
        let name = voice::shown(name, 60);
        Fault::usage(format_args!("no backend \"{name}\" on this machine: it has {names}"))
    })
}
