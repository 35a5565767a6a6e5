//! `jotlab vectors score`: which bugs a suite cannot see.

use super::choice;
use crate::cli::exit::{Done, Exit, Fault};
use crate::cli::progress::{Progress, Unit};
use crate::cli::voice;
use crate::vectors::gallery::bugs;
use crate::vectors::score::{Matrix, Row, score};
use serde_json::{Value, json};

/// The longest name of a column.
const COLUMN: usize = 10;
/// The most cases that are named because they are not counted.
const MOST_NOT_COUNTED: usize = 20;

#[derive(clap::Args)]
pub(in crate::cli) struct Args {
    /// Suites, files or directories to be scored; without any, all that come with jotlab
    #[arg(value_name = "SUITE|FILE|DIR")]
    suites: Vec<String>,
    /// A column for each file, not for each directory
    #[arg(long)]
    files: bool,
    /// Threads; as many as the machine has, if not given
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    jobs: usize,
    /// One JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> Done {
    let loaded = choice::chosen(&args.suites, &choice::known(None)?)?;
    if let Some(note) = loaded.notes.iter().find(|note| note.outcome != "skipped") {
        let exit = if note.outcome == "unreadable" { Exit::Usage } else { Exit::Malformed };
        let file = voice::shown(&note.file, 200);
        return Err(Fault::new(exit, format_args!("{file}: {}", voice::shown(&note.why, 400))));
    }
    if loaded.suites.is_empty() {
        return Err(Fault::usage("no suite to score"));
    }
    let progress = Progress::of(Unit::Pairs, None);
    let watch = |done: usize, all: usize| progress.set_of(done as u64, all as u64);
    let matrix = score(&loaded.suites, &bugs(), args.jobs, &watch);
    drop(progress);
    let matrix = if args.files { matrix } else { matrix.grouped(|file| group(file).to_owned()) };
    if args.json {
        voice::out_json(&to_value(&matrix))?;
    } else {
        voice::out(&text(&matrix))?;
    }
    Ok(if matrix.survivors().next().is_none() { Exit::Yes } else { Exit::No })
}

/// The directory of a file, or the file where it has none.
fn group(file: &str) -> &str {
    file.rsplit_once('/').map_or(file, |(directory, _)| directory)
}

fn text(matrix: &Matrix) -> String {
    let width = matrix.rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let mut text = format!("{:<width$}", "bug");
    matrix.suites.iter().for_each(|suite| text += &format!(" {:>COLUMN$}", head(suite)));
    text += "  what it does wrong\n";
    for row in &matrix.rows {
        text += &format!("{:<width$}", row.name);
        for &kills in &row.kills {
            let kills = if kills == 0 { "·".to_owned() } else { kills.to_string() };
            text += &format!(" {kills:>COLUMN$}");
        }
        text += &format!("  {}{}\n", row.what, fate(row));
    }
    let killed = |column: usize| matrix.rows.iter().filter(|row| row.kills[column] > 0).count();
    text += &format!("{:<width$}", "killed");
    (0..matrix.suites.len()).for_each(|column| text += &format!(" {:>COLUMN$}", killed(column)));
    let all = matrix.rows.iter().filter(|row| !row.survives()).count();
    text += &format!("  {all} of {} by all together\n", matrix.rows.len());
    text += &format!("{:<width$}", "only by");
    for column in 0..matrix.suites.len() {
        text += &format!(" {:>COLUMN$}", matrix.only_by(column).count());
    }
    text += "\n\n";
    for row in matrix.rows.iter().filter(|row| row.survives()) {
        if let Some(proof) = row.equivalent {
            text += &format!("{} no test can see it: {proof}\n", row.name);
        }
    }
    let survivors: Vec<&Row> = matrix.survivors().collect();
    for row in &survivors {
        text += &format!("{} {}: {} ({})\n", voice::bad("survives"), row.name, row.what, row.rule);
    }
    for name in matrix.not_counted.iter().take(MOST_NOT_COUNTED) {
        let name = voice::shown(name, 200);
        text += &format!("{} {name}: jotlab itself fails it\n", voice::bad("not counted"));
    }
    if let Some(more @ 1..) = matrix.not_counted.len().checked_sub(MOST_NOT_COUNTED) {
        text += &format!("and {more} more that are not counted\n");
    }
    if survivors.is_empty() {
        text +=
            &format!("{}: nothing survives but what no test can see\n", voice::good("complete"));
    }
    text
}

/// The end of a long name tells more than its beginning.
fn head(suite: &str) -> String {
    let suite = voice::shown(suite, 200);
    let length = suite.chars().count();
    match length.checked_sub(COLUMN) {
        None | Some(0) => suite,
        Some(more) => format!("…{}", suite.chars().skip(more + 1).collect::<String>()),
    }
}

fn fate(row: &Row) -> String {
    match (row.survives(), row.equivalent) {
        (true, Some(_)) => "  = nothing: see below".to_owned(),
        (true, None) => format!("  {}", voice::bad("survives")),
        _ => String::new(),
    }
}

fn to_value(matrix: &Matrix) -> Value {
    let row = |row: &Row| {
        json!({
            "bug": row.name, "what": row.what, "rule": row.rule, "kills": row.kills,
            "example": row.example, "survives": row.survives(), "equivalent": row.equivalent,
        })
    };
    json!({
        "score": "jotlab-score/1", "suites": matrix.suites,
        "bugs": matrix.rows.iter().map(row).collect::<Vec<_>>(), "not_counted": matrix.not_counted,
    })
}
