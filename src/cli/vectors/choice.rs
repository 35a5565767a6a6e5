//! Which suites: by name, by the name of what comes with jotlab, or by a path.

use crate::cli::exit::Fault;
use crate::cli::{input, voice};
use crate::vectors::{self, EmbeddedFile, Known, Loaded, MAX_FILE_BYTES, Suite};
use std::path::Path;

/// The most bytes of an overlay.
const MAX_ERRATA_BYTES: usize = 16 << 20;

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
    if names.is_empty() {
        return Ok(Loaded { suites: ours(known, |_| true)?, notes: vec![] });
    }
    let mut all = Loaded::default();
    for name in names {
        let Loaded { suites, notes } = one(name, known)?;
        all.suites.extend(suites);
        all.notes.extend(notes);
    }
    Ok(all)
}

/// What goes by a name: stdin, what comes with jotlab, or a path that is there.
fn one(name: &str, known: &Known) -> Result<Loaded, Fault> {
    if name == "-" {
        let bytes = input::read(name, MAX_FILE_BYTES as usize)?;
        return Ok(vectors::load_bytes("stdin", &bytes, known));
    }
    let path = Path::new(name);
    let exists = path.exists() || path.is_symlink();
    // a plain name is a suite's, if there is one, and what lies here by that name has another: ./name
    let suites = if exists && name.contains(['/', '.']) { vec![] } else { shipped(name, known)? };
    if exists && suites.is_empty() {
        return Ok(vectors::load(path, known));
    }
    if exists {
        let name = voice::shown(name, 200);
        voice::note(&format!(
            "{name} is the suite that comes with jotlab; what lies here is ./{name}"
        ));
    }
    if suites.is_empty() {
        let what = format!("no suite and no file \"{}\"", voice::shown(name, 200));
        return Err(Fault::usage(what).hint("jotlab vectors list names the suites"));
    }
    Ok(Loaded { suites, notes: vec![] })
}

/// The suites that come with jotlab under this name: of a directory, of a file, or a title.
pub(super) fn shipped(name: &str, known: &Known) -> Result<Vec<Suite>, Fault> {
    let suites = ours(known, |file| {
        file.name.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })?;
    if suites.is_empty() { called(name, known) } else { Ok(suites) }
}

/// The suites that come with jotlab and have this title, such as `RFC 7515`: all must be read to know.
fn called(name: &str, known: &Known) -> Result<Vec<Suite>, Fault> {
    let mut suites = ours(known, |_| true)?;
    suites.retain(|suite| suite.name == name);
    Ok(suites)
}

/// Those of the files that come with jotlab.
fn ours(known: &Known, takes: impl Fn(&EmbeddedFile) -> bool) -> Result<Vec<Suite>, Fault> {
    let files = vectors::FILES.iter().filter(|file| takes(file));
    let suites = files.map(|file| {
        let mut suite = file.read().map_err(Fault::malformed)?;
        known.apply(&mut suite);
        Ok(suite)
    });
    suites.collect()
}
