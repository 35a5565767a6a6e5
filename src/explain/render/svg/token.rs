//! The anatomy of a token: three parts as they are written, and what each decodes to (RFC 7515 §7.1).

use super::super::super::step::Step;
use super::super::super::trace::Trace;
use super::super::super::value::Data;
use super::{Canvas, Ink};

/// Characters in a line.
const LINE: usize = 84;
/// The most lines of a text.
const LINES: usize = 6;
const WIDTH: usize = 760;

/// The parts of the token of the trace.
pub(super) fn picture(trace: &Trace) -> Option<String> {
    let parts =
        [("header", 'H', Ink::Plain), ("payload", 'P', Ink::Sum), ("signature", 'S', Ink::New)];
    let mut drawn = vec![];
    for (name, letter, ink) in parts {
        let (_, split) = trace.step(&format!("jwt.split.{name}"))?;
        let decoded = trace.step(&format!("jwt.decode.{name}")).map(|(_, step)| step);
        let head = format!(
            "{letter} · {name} · offset {} · {} letters",
            text(split, "offset"),
            text(split, "length")
        );
        let means = match decoded.map(|step| (text(step, "means"), text(step, "bytes"))) {
            Some((means, _)) if !means.is_empty() => means,
            Some((_, bytes)) => bytes,
            None => String::new(),
        };
        drawn.push((head, lines(&text(split, "text")), lines(&means), ink));
    }
    let height = |(_, text, means, _): &(String, Vec<String>, Vec<String>, Ink)| {
        18 * (text.len() + means.len()) + 58
    };
    let mut canvas =
        Canvas::new(WIDTH, 50 + drawn.iter().map(|part| height(part) + 12).sum::<usize>());
    canvas.words([20, 26], trace.title());
    let mut y = 40;
    for part in &drawn {
        let (head, text, means, ink) = part;
        canvas.field([20, y], [WIDTH - 40, height(part)], "", *ink);
        canvas.words([32, y + 22], head);
        let said = text.iter().chain([&"↓".to_owned()]).chain(means).cloned().collect::<Vec<_>>();
        said.iter().enumerate().for_each(|(i, line)| canvas.words([32, y + 42 + 18 * i], line));
        y += height(part) + 12;
    }
    Some(canvas.finish(trace.title()))
}

fn text(step: &Step, name: &str) -> String {
    match step.value(name).map(|value| &value.data) {
        Some(Data::Text(text)) => text.clone(),
        Some(Data::Number(number)) => number.to_string(),
        Some(Data::Bytes(bytes) | Data::Word(bytes)) => hex::encode(bytes),
        None => String::new(),
    }
}

fn lines(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut lines: Vec<String> =
        characters.chunks(LINE).take(LINES).map(|line| line.iter().collect()).collect();
    if let Some(last) = lines.last_mut().filter(|_| characters.len() > LINE * LINES) {
        last.push('…');
    }
    lines
}
