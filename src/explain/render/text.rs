//! Linear text, 80 columns wide: for `less`, a screen reader, a diff.

use super::super::step::{Layout, Outcome, Stage, Step};
use super::super::trace::{End, Trace};
use super::super::value::{Data, Value};
use super::{Reveal, mask, printable, spaced_hex};
use core::fmt::Write;

/// Columns of a terminal that everything fits into.
const WIDTH: usize = 80;
/// Where values begin.
const INDENT: usize = 4;
/// The most characters of a text value that are shown.
const MOST_TEXT: usize = 2000;

/// The whole trace as text.
pub fn text(trace: &Trace, reveal: Reveal) -> String {
    let mut page = format!("{}\n", printable(trace.title()));
    for stage in trace.stages() {
        page.push('\n');
        page.push_str(&stage_text(stage, reveal));
    }
    page.push('\n');
    page.push_str(&end(trace, reveal));
    page
}

fn stage_text(stage: &Stage, reveal: Reveal) -> String {
    let title = format!("{}  {}", printable(&stage.title).to_uppercase(), stage.id);
    let mut page = two_sides(&title, stage.section);
    page.push_str(&wrapped(&stage.why, 2));
    if let Some(code) = &stage.code {
        page.push_str(&wrapped(&format!("{}:{}: {}", code.file, code.line, code.text), 2));
    }
    match stage.layout {
        Layout::Prose => stage.steps.iter().for_each(|step| {
            page.push_str(&step_text(stage, step, reveal));
        }),
        Layout::Table(columns) => page.push_str(&table(&stage.steps, columns, reveal)),
    }
    page
}

/// A line with something at its left and something at its right end.
fn two_sides(left: &str, right: &str) -> String {
    let gap = WIDTH.saturating_sub(left.chars().count() + right.chars().count()).max(2);
    format!("{left}{}{right}\n", " ".repeat(gap))
}

fn step_text(stage: &Stage, step: &Step, reveal: Reveal) -> String {
    let mut page = String::new();
    // a step that is its whole stage has been named
    if step.id != stage.id {
        page.push_str(&two_sides(&format!("  {}", printable(&step.title)), &step.id));
    }
    if let Some(why) = &step.why {
        page.push_str(&wrapped(why, INDENT));
    }
    if let Some((section, code)) = &step.place {
        let place = format!("{section}  {}:{}: {}", code.file, code.line, code.text);
        page.push_str(&wrapped(&place, INDENT));
    }
    for (mark, values) in [("", &step.inputs), ("→ ", &step.outputs)] {
        let width = values.iter().map(|v| v.name.chars().count()).max().unwrap_or(0);
        page.push_str(&values_text(values, mark, width, reveal));
    }
    match &step.outcome {
        Outcome::None => {}
        Outcome::Holds => page.push_str("    ✓ holds\n"),
        Outcome::Fails(reason) => {
            page.push_str(&wrapped(&format!("✗ fails: {}", printable(reason)), INDENT));
        }
    }
    if let Some(figure) = &step.figure {
        page.push_str(&wrapped(&figure.to_string(), INDENT));
    }
    if let Some(remark) = &step.remark {
        page.push_str(&wrapped(&printable(remark), INDENT));
    }
    page
}

/// Values under each other; words, being short, beside each other.
fn values_text(values: &[Value], mark: &str, width: usize, reveal: Reveal) -> String {
    let mut page = String::new();
    let mut row = String::new();
    let flush = |row: &mut String, page: &mut String| {
        if !row.is_empty() {
            let _infallible = writeln!(page, "    {mark}{}", row.trim_end());
            row.clear();
        }
    };
    for value in values {
        if let (Data::Word(word), false) = (&value.data, reveal.hides(value)) {
            let cell = format!("{:<width$} {}  ", value.name, hex::encode(word));
            if 6 + (row.chars().count() + cell.chars().count()) > WIDTH {
                flush(&mut row, &mut page);
            }
            row.push_str(&cell);
            continue;
        }
        flush(&mut row, &mut page);
        let head = format!("    {mark}{:<width$}  ", value.name);
        let lines = lines(value, WIDTH - head.chars().count().min(40), reveal);
        for (i, line) in lines.iter().enumerate() {
            let head = if i == 0 { head.clone() } else { " ".repeat(head.chars().count()) };
            let _infallible = writeln!(page, "{}", format!("{head}{line}").trim_end());
        }
    }
    flush(&mut row, &mut page);
    page
}

/// A value in lines of at most `width` characters.
fn lines(value: &Value, width: usize, reveal: Reveal) -> Vec<String> {
    if reveal.hides(value) {
        return vec![mask(value)];
    }
    match &value.data {
        Data::Bytes(bytes) if bytes.is_empty() => vec!["(no bytes)".to_owned()],
        Data::Bytes(bytes) => {
            let mut lines = filled(&spaced_hex(bytes), width);
            if let Some(text) = readable(bytes) {
                lines.extend(cut(&format!("\"{text}\""), width));
            }
            lines
        }
        Data::Word(bytes) => vec![hex::encode(bytes)],
        Data::Text(text) => {
            let mut shown: String = printable(text).chars().take(MOST_TEXT).collect();
            if text.chars().nth(MOST_TEXT).is_some() {
                shown.push('…');
            }
            cut(&shown, width)
        }
        Data::Number(number) if number.bits() <= 64 => vec![number.to_string()],
        Data::Number(number) => {
            let mut lines = filled(&spaced_hex(&number.to_bytes_be()), width);
            lines.push(format!("({} bits)", number.bits()));
            lines
        }
    }
}

/// A value as the cell of a table.
fn in_line(value: &Value, reveal: Reveal) -> String {
    match &value.data {
        Data::Bytes(bytes) if !reveal.hides(value) => spaced_hex(bytes).join(" "),
        _ => lines(value, WIDTH, reveal).concat(),
    }
}

/// Bytes that are text of one line: shown beside their hex.
fn readable(bytes: &[u8]) -> Option<String> {
    let text = str::from_utf8(bytes).ok()?;
    let plain = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    (text.len() <= MOST_TEXT && text.chars().all(plain)).then(|| printable(text))
}

/// Words set one behind the other into lines of at most `width`.
fn filled(words: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    for word in words {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.clone()),
        }
    }
    lines
}

/// Text cut to lines of at most `width` characters: behind a blank if one is near the end, else wherever
/// that falls.
fn cut(text: &str, width: usize) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return vec!["(empty)".to_owned()];
    }
    let (mut rest, mut lines) = (&characters[..], vec![]);
    while !rest.is_empty() {
        let mut end = rest.len().min(width.max(1));
        if end < rest.len() {
            let blank = rest[..end].iter().rposition(|c| *c == ' ').map(|at| at + 1);
            end = blank.filter(|at| end - at < width / 4).unwrap_or(end);
        }
        let (line, behind) = rest.split_at(end);
        lines.push(line.iter().collect());
        rest = behind;
    }
    lines
}

/// A paragraph, indented.
fn wrapped(text: &str, indent: usize) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    filled(&words, WIDTH - indent)
        .iter()
        .map(|line| format!("{}{line}\n", " ".repeat(indent)))
        .collect()
}

/// The steps as rows; as many rows a step as the columns need.
fn table(steps: &[Step], columns: &[&str], reveal: Reveal) -> String {
    let key = |step: &Step| step.id.rsplit('.').next().unwrap_or("").to_owned();
    let first = steps.iter().map(|step| key(step).chars().count()).max().unwrap_or(0);
    let cell = |step: &Step, name: &str| match step.value(name) {
        Some(value) => in_line(value, reveal),
        None => String::new(),
    };
    let width = |name: &str| {
        let widest = steps.iter().map(|step| cell(step, name).chars().count()).max().unwrap_or(0);
        widest.max(name.chars().count())
    };
    let widths: Vec<usize> = columns.iter().map(|name| width(name)).collect();
    let mut page = String::new();
    let rows = rows(&widths, WIDTH - INDENT - first);
    let mut write = |head: &str, cell: &dyn Fn(&str) -> String, end: &str| {
        for (i, range) in rows.iter().enumerate() {
            let head = if i == 0 { head } else { "" };
            let cells: String =
                range.clone().map(|c| format!("  {:<1$}", cell(columns[c]), widths[c])).collect();
            let end = if i + 1 == rows.len() { end } else { "" };
            let line = format!("    {head:<first$}{cells}");
            let line = line.trim_end();
            // what does not fit behind its row stands below it
            let fits = line.chars().count() + end.chars().count() <= WIDTH;
            let gap = if fits { String::new() } else { format!("\n    {:first$}", "") };
            let _infallible = writeln!(page, "{}", format!("{line}{gap}{end}").trim_end());
        }
    };
    write("", &|name| name.to_owned(), "");
    for step in steps {
        let remark =
            step.remark.as_ref().map(|r| format!("  {}", printable(r))).unwrap_or_default();
        write(&key(step), &|name| cell(step, name), &remark);
    }
    page
}

/// Which columns stand in which row.
fn rows(widths: &[usize], room: usize) -> Vec<core::ops::Range<usize>> {
    let mut rows = vec![];
    let (mut start, mut used) = (0, 0);
    for (i, width) in widths.iter().enumerate() {
        if used > 0 && used + width + 2 > room {
            rows.push(start..i);
            (start, used) = (i, 0);
        }
        used += width + 2;
    }
    rows.push(start..widths.len());
    rows
}

fn end(trace: &Trace, reveal: Reveal) -> String {
    let mut page = match trace.end() {
        End::Value(bytes) => {
            let shown = match trace.last_value() {
                Some(last) if reveal.hides(last) => mask(last),
                Some(Value { data: Data::Text(text), .. }) => printable(text),
                Some(Value { data: Data::Number(number), .. }) if number.bits() <= 64 => {
                    number.to_string()
                }
                _ => hex::encode(bytes),
            };
            cut(&format!("= {shown}"), WIDTH).iter().map(|line| format!("{line}\n")).collect()
        }
        End::Accepted => "= accepted\n".to_owned(),
        End::Refused(reasons) => reasons
            .iter()
            .map(|reason| wrapped(&format!("= refused: {}", printable(reason)), 0))
            .collect(),
    };
    if let Some(ways) = trace.ways() {
        page.push_str(&format!("  as production returned it ({ways})\n"));
    }
    page
}
