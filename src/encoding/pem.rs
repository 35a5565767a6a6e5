//! PEM: DER in base 64 between two lines that name it (RFC 7468).

use crate::base64;
use core::fmt;

/// One block: its label and the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Block {
    /// What stands behind BEGIN, such as `RSA PRIVATE KEY`.
    pub label: String,
    /// The decoded bytes.
    pub contents: Vec<u8>,
    /// Where the BEGIN line starts in the input, in bytes.
    pub offset: usize,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
/// Letters in a line that is not the last (RFC 7468 §2).
const LINE: usize = 64;

/// Whether the input has a line that begins a block: then it is PEM and nothing else.
pub fn is_pem(input: &[u8]) -> bool {
    input.split(|&byte| byte == b'\n').any(|line| line.starts_with(BEGIN.as_bytes()))
}

/// All blocks of an input, in order. Text outside of them is passed over (RFC 7468 §2); inside a block
/// lines may have any length but hold base 64 with its padding and nothing else.
///
/// # Errors
///
/// When a block has no end, another end, a header (an encrypted key of the old kind), or is not base 64.
pub fn parse(input: &str) -> Result<Vec<Block>, Error> {
    let mut blocks = vec![];
    let mut open: Option<Open> = None;
    for (offset, line) in lines(input) {
        let fail = |reason| Err(Error { offset, reason });
        match &mut open {
            None => {
                if let Some(label) = line.strip_prefix(BEGIN) {
                    let Some(label) = label.strip_suffix(DASHES) else {
                        return fail(Reason::BeginLine);
                    };
                    open = Some(Open::new(label, offset));
                }
            }
            Some(block) if line.starts_with(DASHES) => {
                let label = line.strip_prefix(END).and_then(|rest| rest.strip_suffix(DASHES));
                if label != Some(&block.label) {
                    return fail(Reason::EndLine(block.label.clone()));
                }
                blocks.extend(open.take().map(Open::close).transpose()?);
            }
            Some(_) if line.contains(':') => return fail(Reason::Header),
            Some(block) => block.add(line, offset),
        }
    }
    match open {
        None if blocks.is_empty() => Err(Error { offset: 0, reason: Reason::NoBlock }),
        None => Ok(blocks),
        Some(block) => Err(Error { offset: input.len(), reason: Reason::EndLine(block.label) }),
    }
}

/// A block with its lines of 64 letters, each ended by a line feed.
pub fn write(label: &str, contents: &[u8]) -> String {
    let text = base64::encode_standard(contents);
    let mut pem = format!("{BEGIN}{label}{DASHES}\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(LINE));
        pem.push_str(line);
        pem.push('\n');
        rest = more;
    }
    pem + END + label + DASHES + "\n"
}

/// A block whose end has not been seen yet.
struct Open {
    label: String,
    offset: usize,
    text: String,
    /// Where each line begins: in `text`, and in the input.
    starts: Vec<(usize, usize)>,
}

impl Open {
    fn new(label: &str, offset: usize) -> Open {
        Open { label: label.to_owned(), offset, text: String::new(), starts: vec![] }
    }

    fn add(&mut self, line: &str, offset: usize) {
        self.starts.push((self.text.len(), offset));
        self.text.push_str(line);
    }

    fn close(self) -> Result<Block, Error> {
        let Open { label, offset, text, starts } = self;
        match base64::decode_standard(&text) {
            Ok(contents) => Ok(Block { label, contents, offset }),
            Err(error) => {
                let before = starts.iter().rev().find(|(in_text, _)| *in_text <= error.offset);
                let (in_text, in_input) = before.copied().unwrap_or((0, offset));
                let offset = in_input + error.offset - in_text;
                Err(Error { offset, reason: Reason::Base64(error.reason) })
            }
        }
    }
}

/// Lines with their offsets, without LF or CRLF and without blanks at the end (RFC 7468 §2).
fn lines(input: &str) -> impl Iterator<Item = (usize, &str)> {
    input.split_inclusive('\n').scan(0, |offset, line| {
        let start = *offset;
        *offset += line.len();
        Some((start, line.trim_end_matches(['\n', '\r', ' ', '\t'])))
    })
}

impl fmt::Debug for Block {
    /// The label and the length: the contents may be a private key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Block({}, {} bytes)", self.label, self.contents.len())
    }
}

/// Why an input is not PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Bytes from the start of the input.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong at an offset of a PEM input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There is no line that begins a block.
    NoBlock,
    /// A BEGIN line that does not end with five dashes.
    BeginLine,
    /// The END line of this label is missing or is another's.
    EndLine(String),
    /// A header such as `Proc-Type`: a key encrypted the old way.
    Header,
    /// Not base 64.
    Base64(base64::Reason),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PEM at offset {}: ", self.offset)?;
        match &self.reason {
            Reason::NoBlock => f.write_str("no -----BEGIN line"),
            Reason::BeginLine => f.write_str("the BEGIN line does not end with -----"),
            Reason::EndLine(label) => write!(f, "expected -----END {}-----", shown(label)),
            Reason::Header => {
                f.write_str("a header in the block: encrypted keys are not supported")
            }
            Reason::Base64(reason) => reason.fmt(f),
        }
    }
}

impl core::error::Error for Error {}

/// A stranger's label, fit for a message: escaped and at most 60 characters of it.
pub(crate) fn shown(label: &str) -> String {
    label.chars().take(60).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_come_back_from_any_text_around_them() {
        let contents: Vec<u8> = (0..200).collect();
        let pem = write("TEST DATA", &contents);
        assert!(pem.lines().all(|line| line.len() <= LINE));
        for text in [
            pem.clone(),
            format!("words before\n{pem}words behind"),
            pem.replace('\n', "\r\n"),
            pem.trim_end().to_owned(),
        ] {
            let blocks = parse(&text).unwrap();
            assert_eq!(blocks.len(), 1);
            assert_eq!((blocks[0].label.as_str(), &blocks[0].contents), ("TEST DATA", &contents));
        }
        assert_eq!(parse(&format!("{pem}{pem}")).unwrap().len(), 2);
    }

    #[test]
    fn errors_point_into_the_input() {
        let pem = write("X", &[7; 60]);
        let error = |text: &str| parse(text).unwrap_err();
        assert_eq!(error("no key here").reason, Reason::NoBlock);
        assert_eq!(error("-----BEGIN X\n").reason, Reason::BeginLine);
        assert_eq!(error(&pem.replace("END X", "END Y")).reason, Reason::EndLine("X".into()));
        assert_eq!(error(&pem[..30]).offset, 30);
        assert_eq!(error("-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n").reason, Reason::Header);
        let second_line = pem.find('\n').unwrap() + 1 + LINE + 1;
        let broken = format!("{}!{}", &pem[..second_line + 3], &pem[second_line + 4..]);
        let error = error(&broken);
        assert_eq!(error.offset, second_line + 3);
        assert_eq!(error.reason, Reason::Base64(base64::Reason::NotInAlphabet(b'!')));
    }
}
