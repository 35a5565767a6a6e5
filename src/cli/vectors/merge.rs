//! `jotlab vectors merge`: the reports of all shards to that of the whole run.

use super::run::{Format, against, keep_what_is_read, read_report, write};
use crate::cli::exit::{Done, Fault};
use crate::vectors::report;

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// The JSON reports of vectors run --shard, in any order
    #[arg(value_name = "REPORT", required = true)]
    reports: Vec<String>,
    /// What the report looks like
    #[arg(long, value_enum, default_value_t = Format::Json)]
    format: Format,
    /// Write the report to a file and the table to stdout
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// An older JSON report: exit 7 if a case that ran then does not run now
    #[arg(long, value_name = "FILE")]
    baseline: Option<String>,
}

pub(super) fn run(args: &Args) -> Done {
    keep_what_is_read(args.out.as_deref(), args.reports.iter().chain(&args.baseline))?;
    let baseline = args.baseline.as_deref().map(read_report).transpose()?;
    let parts = args.reports.iter().map(|path| read_report(path));
    let parts = parts.collect::<Result<Vec<_>, Fault>>()?;
    let report = report::merge(parts).map_err(Fault::malformed)?;
    write(&report, args.format, args.out.as_deref())?;
    Ok(against(baseline.as_ref(), &report))
}
