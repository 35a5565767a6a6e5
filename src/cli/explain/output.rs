//! What is made of a trace: text, JSON.

use super::super::exit::{Done, Exit, Fault};
use super::super::voice;
use crate::explain::render::{self, Reveal};
use crate::explain::{End, Trace};

/// The options of every subject.
#[derive(clap::Args)]
pub(super) struct OutputArgs {
    /// One JSON object, of the schema jotlab-trace/1
    #[arg(long)]
    json: bool,
    /// Only the steps of this id, such as sha256.b0.r17, or those within it
    #[arg(long, value_name = "ID")]
    at: Option<String>,
    /// Show secret values, which are masked otherwise
    #[arg(long)]
    reveal_secrets: bool,
}

impl OutputArgs {
    /// Makes the trace of an input and tells it.
    pub(super) fn tell(&self, input: &str, trace: impl Fn(&str) -> Result<Trace, Fault>) -> Done {
        let whole = trace(input)?;
        let exit = match whole.end() {
            End::Refused(_) => Exit::No,
            End::Value(_) | End::Accepted => Exit::Yes,
        };
        let part = match &self.at {
            None => whole,
            Some(id) => whole.at(id).ok_or_else(|| {
                Fault::usage(format_args!("no step {}", voice::shown(id, 60)))
                    .hint("the ids stand in the output without --at")
            })?,
        };
        if self.json {
            voice::out_json(&render::json(&part, self.reveal()))?;
        } else {
            voice::out(&render::text(&part, self.reveal()))?;
        }
        Ok(exit)
    }

    fn reveal(&self) -> Reveal {
        if self.reveal_secrets { Reveal::Secrets } else { Reveal::Masked }
    }
}
