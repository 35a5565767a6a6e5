//! https, by the system's program `curl` as a child process: TLS without a crypto crate.
//!
//! No shell, no configuration file (`-q`), https only, no redirect followed by curl. Its limits are set and
//! not relied on: what it prints is cut here, and a curl that does not end in time is killed. A proxy of the
//! environment (`https_proxy`) is the user's own choice and is kept.

use super::plain::ACCEPT;
use super::transport::{FetchError, Limits, Response, Transport};
use super::url::{Scheme, Url};
use std::io::{self, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

/// The most bytes of all heads before the body.
const MAX_HEAD_BYTES: usize = 16 << 10;
/// The most bytes of curl's own words.
const MAX_WORDS: u64 = 1 << 10;
/// What curl gets beyond its own limit of time before it is killed.
const GRACE: Duration = Duration::from_millis(500);

/// https by the program `curl`.
#[derive(Clone, Debug)]
pub struct Curl {
    program: PathBuf,
    ca_file: Option<PathBuf>,
}

impl Default for Curl {
    fn default() -> Curl {
        Curl { program: PathBuf::from("curl"), ca_file: None }
    }
}

impl Curl {
    /// Only certificates under those of this PEM file are believed, not those of the system.
    #[must_use]
    pub fn ca_file(mut self, ca_file: impl Into<PathBuf>) -> Curl {
        self.ca_file = Some(ca_file.into());
        self
    }

    /// Another program than the `curl` that is found in `PATH`.
    #[must_use]
    pub fn program(mut self, program: impl Into<PathBuf>) -> Curl {
        self.program = program.into();
        self
    }

    fn command(&self, url: &Url, etag: Option<&str>, limits: &Limits) -> Command {
        let mut command = Command::new(&self.program);
        // -q is heard as the first argument only
        command.args(["-q", "--silent", "--show-error", "--include", "--suppress-connect-headers"]);
        command.args([
            "--proto",
            "=https",
            "--tlsv1.2",
            "--http1.1",
            "--globoff",
            "--no-keepalive",
        ]);
        command.args(["--max-redirs", "0", "--max-filesize", &limits.bytes.to_string()]);
        command.args(["--max-time", &format!("{:.3}", limits.time.as_secs_f64())]);
        command.args(["--header", &format!("Accept: {ACCEPT}")]);
        if let Some(etag) = etag {
            command.args(["--header", &format!("If-None-Match: {etag}")]);
        }
        if let Some(ca_file) = &self.ca_file {
            command.arg("--cacert").arg(ca_file);
        }
        command.arg("--url").arg(url.to_string());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

impl Transport for Curl {
    fn fetch(
        &self,
        url: &Url,
        etag: Option<&str>,
        limits: &Limits,
    ) -> Result<Response, FetchError> {
        if url.scheme() != Scheme::Https {
            return Err(FetchError::InTheClear(url.origin()));
        }
        // a line end in it would be a header of its own
        let etag = etag.filter(|etag| etag.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        let started = self.command(url, etag, limits).spawn();
        let mut running = Running(started.map_err(|error| FetchError::NoCurl(error.to_string()))?);
        let printed = running.printed(limits)?;
        let Some((mut response, body)) = head(&printed) else {
            return Err(running.failure(limits));
        };
        if response.status != 200 {
            return Ok(response);
        }
        if body.len() > limits.bytes {
            return Err(FetchError::TooLong(limits.bytes));
        }
        if !running.ended_well() {
            return Err(running.failure(limits));
        }
        body.clone_into(&mut response.body);
        Ok(response)
    }
}

/// A child that does not outlive its user.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _it_may_have_ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

impl Running {
    /// All that it prints, cut where it is more than may be.
    fn printed(&mut self, limits: &Limits) -> Result<Vec<u8>, FetchError> {
        let most = (MAX_HEAD_BYTES + limits.bytes + 1) as u64;
        let stdout = self.0.stdout.take();
        let patience = limits.time + GRACE;
        match read_beside(stdout, most).recv_timeout(patience) {
            Ok(printed) => printed.map_err(|error| FetchError::Protocol(error.to_string())),
            Err(_) => Err(FetchError::TimedOut(limits.time)),
        }
    }

    /// Whether it says that all is there. Its stdout has ended, so its end is near.
    fn ended_well(&mut self) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < GRACE {
            match self.0.try_wait() {
                Ok(Some(status)) => return status.success(),
                Ok(None) => thread::sleep(Duration::from_millis(1)),
                Err(_) => return false,
            }
        }
        false
    }

    /// Why there is no answer, by curl's exit code and in its words.
    fn failure(&mut self, limits: &Limits) -> FetchError {
        self.ended_well();
        let code = self.0.try_wait().ok().flatten().and_then(|status| status.code());
        let words = read_beside(self.0.stderr.take(), MAX_WORDS).recv_timeout(GRACE);
        let words = words.ok().and_then(Result::ok).unwrap_or_default();
        let words = String::from_utf8_lossy(&words);
        let words = words.lines().next().unwrap_or("curl said nothing").to_owned();
        match code {
            Some(28) => FetchError::TimedOut(limits.time),
            Some(63) => FetchError::TooLong(limits.bytes),
            // no name, no connection, no TLS, no certificate that is believed
            Some(5..=7 | 35 | 51 | 53 | 58..=60 | 77 | 83 | 90 | 91) => {
                FetchError::Unreachable(words)
            }
            _ => FetchError::Protocol(words),
        }
    }
}

/// Reads a pipe in a thread that ends with it.
fn read_beside<R: Read + Send + 'static>(
    pipe: Option<R>,
    most: u64,
) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = mpsc::channel();
    if let Some(pipe) = pipe {
        thread::spawn(move || {
            let mut bytes = vec![];
            let read = pipe.take(most).read_to_end(&mut bytes);
            let _nobody_waits = sender.send(read.map(|_| bytes));
        });
    }
    receiver
}

/// The last head of what curl printed and what stands behind it (RFC 9112 §2.1).
fn head(printed: &[u8]) -> Option<(Response, &[u8])> {
    let mut rest = printed;
    loop {
        let end = rest.windows(4).position(|window| window == b"\r\n\r\n")?;
        if end > MAX_HEAD_BYTES {
            return None;
        }
        let head = str::from_utf8(&rest[..end]).ok()?;
        rest = &rest[end + 4..];
        let response = response(head)?;
        // RFC 9110 §15.2: an interim answer, another one follows
        if response.status >= 200 {
            return Some((response, rest));
        }
    }
}

fn response(head: &str) -> Option<Response> {
    let mut lines = head.split("\r\n");
    let status = lines.next()?.strip_prefix("HTTP/")?.split(' ').nth(1)?.parse().ok()?;
    let mut response = Response { status, ..Response::default() };
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let place = match name.to_ascii_lowercase().as_str() {
            "etag" => &mut response.etag,
            "cache-control" => &mut response.cache_control,
            "age" => &mut response.age,
            "location" => &mut response.location,
            _ => continue,
        };
        *place = Some(value.trim().to_owned());
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_is_the_last_before_the_body() {
        let printed = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nETag: \"a\"\r\nX: y\r\n\
                        Cache-Control: max-age=60\r\n\r\n{\"keys\":[]}\r\n\r\n";
        let (response, body) = head(printed).unwrap();
        assert_eq!((response.status, response.etag.as_deref()), (200, Some("\"a\"")));
        assert_eq!(response.cache_control.as_deref(), Some("max-age=60"));
        assert_eq!(body, b"{\"keys\":[]}\r\n\r\n");
        for broken in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1\r\n\r\n", "SMTP/1.1 200\r\n\r\n"] {
            assert!(head(broken.as_bytes()).is_none(), "{broken}");
        }
    }
}
