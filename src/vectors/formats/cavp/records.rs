//! Lines of `K = V`, with their numbers.

use crate::vectors::formats::ReadError;
use crate::vectors::formats::node::integer;
use num_bigint::BigUint;

/// The lines of a file that say something.
pub(super) struct Lines<'t> {
    file: &'t str,
    rest: core::iter::Enumerate<core::str::Lines<'t>>,
    /// The last line that was read, from 1.
    number: usize,
}

/// A line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line<'t> {
    /// `[K = V]`: holds until the next one.
    Section(Field<'t>),
    /// `K = V`.
    Field(Field<'t>),
}

/// A key with its value and the number of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'t> {
    pub(super) key: &'t str,
    pub(super) value: &'t str,
    pub(super) line: usize,
}

/// A key and its value; keys may have spaces in them.
pub(super) fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once('=')?;
    Some((key.trim(), value.trim()))
}

impl<'t> Lines<'t> {
    pub(super) fn new(file: &'t str, text: &'t str) -> Lines<'t> {
        Lines { file, rest: text.lines().enumerate(), number: 0 }
    }

    /// The next line that is neither blank nor a comment.
    pub(super) fn next(&mut self) -> Result<Option<Line<'t>>, ReadError> {
        for (index, text) in self.rest.by_ref() {
            self.number = index + 1;
            let text = text.trim();
            // SigVer15EMTest.txt has lines of !! behind some of its keys
            if text.is_empty() || text.starts_with('#') || text == "!!" {
                continue;
            }
            let section = text.strip_prefix('[').map(|rest| rest.strip_suffix(']'));
            let inner = match section {
                Some(None) => return Err(self.fault(self.number, "a section has no closing ]")),
                Some(Some(inner)) => inner,
                None => text,
            };
            let Some((key, value)) = pair(inner) else {
                return Err(self.fault(self.number, "neither a comment, a section nor K = V"));
            };
            let field = Field { key, value, line: self.number };
            return Ok(Some(if section.is_some() {
                Line::Section(field)
            } else {
                Line::Field(field)
            }));
        }
        Ok(None)
    }

    /// An error at a line.
    pub(super) fn fault(&self, line: usize, what: impl Into<String>) -> ReadError {
        ReadError::at(self.file, format!("line {line}"), what)
    }

    /// Bytes in hex of either case.
    pub(super) fn hex(&self, field: Field<'_>) -> Result<Vec<u8>, ReadError> {
        hex::decode(field.value)
            .map_err(|error| self.fault(field.line, format!("{}: hex: {error}", field.key)))
    }

    /// An integer in hex, perhaps with zeros in front, perhaps of an odd number of digits.
    pub(super) fn integer(&self, field: Field<'_>) -> Result<BigUint, ReadError> {
        let digits = field.value.as_bytes();
        integer(digits)
            .ok_or_else(|| self.fault(field.line, format!("{}: hex is expected", field.key)))
    }

    /// A decimal number.
    pub(super) fn number(&self, field: Field<'_>) -> Result<u64, ReadError> {
        let number = field.value.parse();
        number.map_err(|_| self.fault(field.line, format!("{}: a number is expected", field.key)))
    }
}

/// The fields of the record under way.
#[derive(Default)]
pub(super) struct Record<'t> {
    fields: Vec<Field<'t>>,
}

impl<'t> Record<'t> {
    /// Takes a field in; the same key twice means that a record before it was not ended.
    pub(super) fn add(&mut self, lines: &Lines<'_>, field: Field<'t>) -> Result<(), ReadError> {
        if let Some(other) = self.fields.iter().find(|other| other.key == field.key) {
            let what =
                format!("{} again: the record with line {} has no answer", field.key, other.line);
            return Err(lines.fault(field.line, what));
        }
        self.fields.push(field);
        Ok(())
    }

    /// A field that must be there when the record ends.
    pub(super) fn get(&self, lines: &Lines<'_>, key: &str) -> Result<Field<'t>, ReadError> {
        let field = self.fields.iter().find(|field| field.key == key);
        let line = self.fields.last().map_or(lines.number, |field| field.line);
        field.copied().ok_or_else(|| lines.fault(line, format!("the record has no {key}")))
    }

    /// After the last line: a record that has no answer was cut off.
    pub(super) fn end(&self, lines: &Lines<'_>, answer: &str) -> Result<(), ReadError> {
        match self.fields.first() {
            None => Ok(()),
            Some(first) => {
                let what = format!("the file ends before the {answer} of this record");
                Err(lines.fault(first.line, what))
            }
        }
    }
}
