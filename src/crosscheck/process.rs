//! The child that is asked: its pipes, what it says, and how it ends.

use super::group::Leader;
use super::wire::MAX_LINE_BYTES;
use std::collections::VecDeque;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// Lines of stderr that are kept, and characters of each.
const LAST_WORDS: usize = 40;
const WORD_CHARS: usize = 400;
/// Lines that may wait to be heard.
const UNHEARD: usize = 64;
/// How often it is looked whether the child still lives while nothing is heard.
const GLANCE: Duration = Duration::from_millis(50);

/// What comes from the child.
#[derive(Debug)]
pub(super) enum Heard {
    /// A line, without its newline.
    Line(String),
    /// A line that is longer than any may be.
    TooLong,
    /// A line that is no UTF-8.
    NotUtf8,
    /// Nothing more will come: how the process ended, if it did.
    End(String),
    /// Nothing came in time.
    Nothing,
}

/// A running child.
pub(super) struct Process {
    child: Leader,
    input: Option<Sender<String>>,
    lines: Receiver<Heard>,
    words: Arc<Mutex<VecDeque<Vec<u8>>>>,
    words_end: Receiver<()>,
    pipes: Arc<Pipes>,
}

/// What the pipes' threads know.
#[derive(Default)]
struct Pipes {
    /// Bytes of a line whose newline has not come.
    begun: AtomicUsize,
    /// The child does not read any more.
    input_closed: AtomicBool,
}

impl Process {
    pub(super) fn start(command: &[String]) -> io::Result<Process> {
        let (program, arguments) =
            command.split_first().ok_or_else(|| io::Error::other("no command was given"))?;
        let mut command = Command::new(program);
        command.args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = Leader::start(&mut command)?;
        let (input, requests) = mpsc::channel();
        // it waits until it is heard: what it prints meanwhile is not ours to keep
        let (heard, lines) = mpsc::sync_channel(UNHEARD);
        let words = Arc::new(Mutex::new(VecDeque::new()));
        let (end, words_end) = mpsc::channel();
        let pipes = Arc::new(Pipes::default());
        if let (Some(stdin), Some(stdout), Some(stderr)) =
            (child.0.stdin.take(), child.0.stdout.take(), child.0.stderr.take())
        {
            let (kept, into, out_of) = (words.clone(), pipes.clone(), pipes.clone());
            thread::Builder::new().spawn(move || {
                let ended = write(stdin, &requests);
                into.input_closed.store(ended.is_err(), Ordering::Relaxed);
            })?;
            thread::Builder::new().spawn(move || read(stdout, &heard, &out_of.begun))?;
            thread::Builder::new().spawn(move || {
                keep(stderr, &kept);
                drop(end);
            })?;
        }
        Ok(Process { child, input: Some(input), lines, words, words_end, pipes })
    }

    /// Hands a line to the child. One that does not read keeps it waiting, not us.
    pub(super) fn say(&self, line: String) {
        if let Some(input) = &self.input {
            let _it_has_ended = input.send(line);
        }
    }

    /// The next thing that comes until then.
    pub(super) fn hear(&mut self, until: Instant) -> Heard {
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left.min(GLANCE)) {
                Ok(heard) => return heard,
                Err(RecvTimeoutError::Disconnected) => return Heard::End(self.ending()),
                Err(RecvTimeoutError::Timeout) => {}
            }
            // a child of the child may hold the pipe open: the end is not always heard
            if let Ok(Some(_)) = self.child.0.try_wait() {
                return match self.lines.recv_timeout(GLANCE) {
                    Ok(heard) => heard,
                    Err(_) => Heard::End(self.ending()),
                };
            }
            if left.is_zero() {
                return Heard::Nothing;
            }
        }
    }

    /// How it ended, in words; one that closed its output and lives on is ended.
    fn ending(&mut self) -> String {
        let soon = Instant::now() + Duration::from_millis(300);
        loop {
            match self.child.0.try_wait() {
                Ok(Some(status)) => {
                    // its last words may still be on their way
                    let _all_or_late = self.words_end.recv_timeout(GLANCE);
                    return match (status.code(), status.signal()) {
                        (Some(code), _) => format!("it exited with {code}"),
                        (None, Some(signal)) => format!("it was ended by signal {signal}"),
                        (None, None) => "it ended".to_owned(),
                    };
                }
                Ok(None) if Instant::now() < soon => thread::sleep(Duration::from_millis(2)),
                _ => return "it closed its output".to_owned(),
            }
        }
    }

    /// What is known of one that says nothing.
    pub(super) fn why_silent(&self) -> Option<String> {
        match self.pipes.begun.load(Ordering::Relaxed) {
            0 if self.pipes.input_closed.load(Ordering::Relaxed) => {
                Some("it has closed its stdin".to_owned())
            }
            0 => None,
            bytes => Some(format!("{bytes} bytes without a newline came")),
        }
    }

    /// The last lines of its stderr.
    pub(super) fn last_words(&self) -> Vec<String> {
        let words = self.words.lock().unwrap_or_else(PoisonError::into_inner);
        let text = |line: &Vec<u8>| {
            let text = String::from_utf8_lossy(line);
            text.trim_end().chars().take(WORD_CHARS).collect()
        };
        words.iter().map(text).collect()
    }
}

/// Writes lines as they come, and lets go of the buffer when none is waiting.
fn write(stdin: ChildStdin, requests: &Receiver<String>) -> io::Result<()> {
    let mut stdin = BufWriter::with_capacity(1 << 16, stdin);
    while let Ok(line) = requests.recv() {
        stdin.write_all(line.as_bytes())?;
        while let Ok(line) = requests.try_recv() {
            stdin.write_all(line.as_bytes())?;
        }
        stdin.flush()?;
    }
    Ok(())
}

/// Reads lines; `begun` is told how much of one is there without its newline.
fn read(stdout: ChildStdout, heard: &SyncSender<Heard>, begun: &AtomicUsize) {
    let mut stdout = BufReader::with_capacity(1 << 16, stdout);
    let (mut line, mut too_long) = (vec![], false);
    loop {
        let buffer = match stdout.fill_buf() {
            Ok(buffer) => buffer,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => &[],
        };
        let is_end = buffer.is_empty();
        let newline = buffer.iter().position(|&byte| byte == b'\n');
        let piece = &buffer[..newline.unwrap_or(buffer.len())];
        if line.len() + piece.len() <= MAX_LINE_BYTES && !too_long {
            line.extend_from_slice(piece);
        } else {
            // the rest of it is read and forgotten
            (line, too_long) = (vec![], true);
        }
        let used = piece.len() + usize::from(newline.is_some());
        stdout.consume(used);
        begun.store(line.len(), Ordering::Relaxed);
        // the last line of all has no newline
        if newline.is_none() && (!is_end || (line.is_empty() && !too_long)) {
            if is_end {
                return;
            }
            continue;
        }
        let bytes = core::mem::take(&mut line);
        let thing = if core::mem::take(&mut too_long) {
            Heard::TooLong
        } else {
            String::from_utf8(bytes).map_or(Heard::NotUtf8, Heard::Line)
        };
        begun.store(0, Ordering::Relaxed);
        if heard.send(thing).is_err() || is_end {
            return;
        }
    }
}

/// Keeps the last lines, as bytes: of a hundred megabytes few are ever looked at.
fn keep(stderr: ChildStderr, words: &Mutex<VecDeque<Vec<u8>>>) {
    let mut stderr = BufReader::new(stderr);
    loop {
        let mut line = vec![];
        match stderr.by_ref().take(1 << 16).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        line.truncate(4 * WORD_CHARS);
        let mut words = words.lock().unwrap_or_else(PoisonError::into_inner);
        if words.len() == LAST_WORDS {
            words.pop_front();
        }
        words.push_back(line);
    }
}
