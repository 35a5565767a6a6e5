//! What is made of a trace: text, JSON, a page, a picture, a comparison, a check.

use super::super::exit::{Done, Exit, Fault};
use super::super::voice;
use crate::explain::render::{self, Reveal};
use crate::explain::{Comparison, End, Figure, Trace};
use std::fs::OpenOptions;
use std::io::Write;

/// The options of every subject.
#[derive(clap::Args)]
pub(super) struct OutputArgs {
    /// One JSON object, of the schema jotlab-trace/1
    #[arg(long, conflicts_with_all = ["diff", "check"])]
    json: bool,
    /// Write one self-contained page without script to a file that is not there yet
    #[arg(long, value_name = "FILE")]
    html: Option<String>,
    /// Write a picture to a file that is not there yet: a round of SHA-2, the blocks of RSA, the groups of
    /// base64url, the parts of a token
    #[arg(long, value_name = "FILE")]
    svg: Option<String>,
    /// Only the steps of this id, such as sha256.b0.r17, or those within it
    #[arg(long, value_name = "ID")]
    at: Option<String>,
    /// A second input: which bits of which step it changes
    #[arg(long, value_name = "OTHER", allow_hyphen_values = true)]
    diff: Option<String>,
    /// Only say whether the steps end as production does, and are as the standards print them
    #[arg(long, conflicts_with = "diff")]
    check: bool,
    /// Show secret values, which are masked otherwise
    #[arg(long)]
    reveal_secrets: bool,
}

impl OutputArgs {
    /// Makes the trace of an input and tells it.
    pub(super) fn tell(&self, input: &str, trace: impl Fn(&str) -> Result<Trace, Fault>) -> Done {
        let whole = trace(input)?;
        if self.check {
            return check(&whole);
        }
        let part = self.part(&whole)?;
        let picture = self.svg.as_ref().map(|_| render::svg(&part).map_err(Fault::usage));
        let picture = picture.transpose()?;
        if let Some(path) = &self.html {
            write_new(path, &render::html(&part, self.reveal()))?;
        }
        if let (Some(path), Some(picture)) = (&self.svg, picture) {
            write_new(path, &picture)?;
        }
        if let Some(other) = &self.diff {
            let other = self.part(&trace(other)?)?;
            voice::out(&render::beside(&part, &other, self.reveal()))?;
        } else if self.json {
            voice::out_json(&render::json(&part, self.reveal()))?;
        } else if self.html.is_none() && self.svg.is_none() {
            voice::out(&render::text(&part, self.reveal()))?;
        }
        Ok(exit(&whole))
    }

    fn part(&self, whole: &Trace) -> Result<Trace, Fault> {
        let Some(id) = &self.at else { return Ok(whole.clone()) };
        whole.at(id).ok_or_else(|| {
            let stages: Vec<&str> = whole.stages().iter().map(|s| s.id.as_str()).take(12).collect();
            Fault::usage(format_args!("no step {}", voice::shown(id, 60)))
                .hint(format!("an id, or its beginning: {} …", stages.join(" ")))
        })
    }

    fn reveal(&self) -> Reveal {
        if self.reveal_secrets { Reveal::Secrets } else { Reveal::Masked }
    }
}

/// `--check`: whether the steps end as production did, how each source's figures compare, and how it ended.
fn check(trace: &Trace) -> Done {
    let count = trace.steps().count();
    let by = trace.ways().map_or_else(String::new, |ways| format!(" ({ways})"));
    let mut text = format!("{}  {count} steps end as production did{by}\n", voice::good("ok    "));
    let figures: Vec<_> = trace.steps().filter_map(|(_, step)| step.figure).collect();
    let mut sources: Vec<&str> = figures.iter().map(|figure| figure.source).collect();
    sources.sort_unstable();
    sources.dedup();
    for source in &sources {
        let of_source = figures.iter().filter(|figure| figure.source == *source);
        let (same, differ): (Vec<&Figure>, Vec<&Figure>) =
            of_source.partition(|figure| figure.comparison == Comparison::Same);
        text.push_str(&match differ.len() {
            0 => format!("{}  {} as in {source}\n", voice::good("ok    "), steps(same.len())),
            count => format!("{}  {} not as in {source}\n", voice::bad("failed"), steps(count)),
        });
    }
    if sources.is_empty() {
        text.push_str("none    the vectors have no steps of this input\n");
    }
    if let End::Refused(reasons) = trace.end() {
        for reason in reasons {
            text.push_str(&format!("refused {}\n", voice::shown(reason, 300)));
        }
    }
    voice::out(&text)?;
    let differ = figures.iter().any(|figure| figure.comparison == Comparison::Differs);
    Ok(if differ { Exit::No } else { exit(trace) })
}

fn steps(count: usize) -> String {
    if count == 1 { "one step is".to_owned() } else { format!("{count} steps are") }
}

/// The exit code of the command that does the same without telling.
fn exit(trace: &Trace) -> Exit {
    match trace.end() {
        End::Refused(_) => super::jose::refused(trace),
        End::Value(_) | End::Accepted => Exit::Yes,
    }
}

/// Writes a file that is not there yet: nothing of a user's is overwritten.
fn write_new(path: &str, text: &str) -> Result<(), Fault> {
    if path == "-" {
        return Err(Fault::usage("a page or picture goes to a file, and - is none"));
    }
    let failed = |error: std::io::Error| {
        Fault::usage(format_args!("cannot write {}: {error}", voice::shown(path, 200)))
    };
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}
