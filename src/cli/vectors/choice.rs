//! Which suites: by name, by the name of what comes with jotlab, or by a path.

use crate::cli::exit::Fault;
use crate::cli::{input, voice};
use crate::vectors::{self, Known, Loaded, MAX_FILE_BYTES, Suite};
use std::path::Path;

/// The most bytes of an overlay.
const MAX_ERRATA_BYTES: usize = 16 << 20;

/// All that come with jotlab, with what is known of them.
pub(super) fn embedded_suites() -> Result<Vec<Suite>, Fault> {
    let mut suites = vectors::embedded().map_err(Fault::malformed)?;
    let known = vectors::known().map_err(Fault::malformed)?;
    suites.iter_mut().for_each(|suite| known.apply(suite));
    Ok(suites)
}

/// What is known of published suites, and what a file of the user's adds.
pub(super) fn known(errata: Option<&str>) -> Result<Known, Fault> {
    let mut known = vectors::known().map_err(Fault::malformed)?;
    if let Some(path) = errata {
        let text = input::read(path, MAX_ERRATA_BYTES)?;
        let more = Known::read(&text).map_err(|error| {
            Fault::malformed(format_args!("{}: {error}", voice::shown(path, 200)))
        })?;
        known.extend(more);
    }
    Ok(known)
}

/// The suites that were named; all that come with jotlab if none was.
pub(super) fn chosen(names: &[String], known: &Known) -> Result<Loaded, Fault> {
    let mut embedded = vectors::embedded().map_err(Fault::malformed)?;
    embedded.iter_mut().for_each(|suite| known.apply(suite));
    if names.is_empty() {
        return Ok(Loaded { suites: embedded, notes: vec![] });
    }
    let mut all = Loaded::default();
    for name in names {
        if name == "-" {
            let bytes = input::read(name, MAX_FILE_BYTES as usize)?;
            let Loaded { suites, notes } = vectors::load_bytes("stdin", &bytes, known);
            all.suites.extend(suites);
            all.notes.extend(notes);
            continue;
        }
        let of_ours: Vec<Suite> = embedded.iter().filter(|s| is_called(s, name)).cloned().collect();
        let path = Path::new(name);
        // a path that is there is what its name says, unless a suite is called just so
        if of_ours.is_empty() || (path.exists() && !embedded.iter().any(|s| s.name == *name)) {
            if !path.exists() && !path.is_symlink() {
                let what = format!("no suite and no file \"{}\"", voice::shown(name, 200));
                return Err(Fault::usage(what).hint("jotlab vectors list names the suites"));
            }
            let Loaded { suites, notes } = vectors::load(path, known);
            all.suites.extend(suites);
            all.notes.extend(notes);
        } else {
            all.suites.extend(of_ours);
        }
    }
    Ok(all)
}

/// Whether a suite that comes with jotlab goes by a name: its own, its file's, or its directory's.
fn is_called(suite: &Suite, name: &str) -> bool {
    suite.name == name
        || suite.file == name
        || suite.file.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'))
}
