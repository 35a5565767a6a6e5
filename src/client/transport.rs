//! How bytes come from an address: one trait, so that http, https and a test are the same to the rest.

use super::url::{Scheme, Url};
use core::fmt;
use std::time::Duration;

/// What one fetch may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a body.
    pub bytes: usize,
    /// From the first packet to the last byte, however slowly they come.
    pub time: Duration,
    /// Redirects that are followed; each within the same scheme, host and port.
    pub redirects: u32,
}

impl Default for Limits {
    /// 256 KiB, which is room for some hundred keys; 5 seconds; 3 redirects.
    fn default() -> Limits {
        Limits { bytes: 256 << 10, time: Duration::from_secs(5), redirects: 3 }
    }
}

/// An answer, of which nothing is believed yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// ETag (RFC 9110 §8.8.3).
    pub etag: Option<String>,
    /// Cache-Control (RFC 9111 §5.2).
    pub cache_control: Option<String>,
    /// Age (RFC 9111 §5.1): seconds that a cache on the way has had it.
    pub age: Option<String>,
    /// Where a redirect leads.
    pub location: Option<String>,
    /// The body of an answer 200; other answers may have none.
    pub body: Vec<u8>,
}

/// Gets what an address has. It follows no redirect, and keeps to the limits by itself.
pub trait Transport: Send + Sync {
    /// One request, one answer. With an `etag`, the answer may be 304 (RFC 9110 §13.1.2).
    ///
    /// Blocks for [`Limits::time`] at most.
    ///
    /// # Errors
    ///
    /// When there is no whole answer within the limits.
    fn fetch(&self, url: &Url, etag: Option<&str>, limits: &Limits)
    -> Result<Response, FetchError>;
}

/// Follows redirects within the same origin, all of them within one limit of time.
///
/// # Errors
///
/// When the transport fails, when a redirect leads elsewhere or nowhere, and when there are too many.
pub(super) fn follow(
    transport: &dyn Transport,
    (url, etag): (&Url, Option<&str>),
    limits: &Limits,
    elapsed: &dyn Fn() -> Duration,
) -> Result<Response, FetchError> {
    let begin = elapsed();
    let mut url = url.clone();
    for _ in 0..=limits.redirects {
        let left = limits.time.saturating_sub(elapsed().saturating_sub(begin));
        if left.is_zero() {
            return Err(FetchError::TimedOut(limits.time));
        }
        let response = transport.fetch(&url, etag, &Limits { time: left, ..*limits })?;
        if !matches!(response.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(response);
        }
        let location = response.location.unwrap_or_default();
        let next = url.join(&location).map_err(|_| FetchError::Redirect(location))?;
        if next.origin() != url.origin() {
            return Err(FetchError::OtherOrigin(next.origin()));
        }
        url = next;
    }
    Err(FetchError::Redirects(limits.redirects))
}

/// Whether http to another machine is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainHttp {
    /// Only this machine may be asked in the clear.
    LoopbackOnly,
    /// Any: whoever is on the way can put his own keys there.
    Anywhere,
}

/// Refuses http to another machine, unless it is asked for.
///
/// # Errors
///
/// [`FetchError::InTheClear`].
pub fn check_plain(url: &Url, plain: PlainHttp) -> Result<(), FetchError> {
    let in_the_clear = url.scheme() == Scheme::Http && !url.is_loopback();
    if in_the_clear && plain == PlainHttp::LoopbackOnly {
        return Err(FetchError::InTheClear(url.origin()));
    }
    Ok(())
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// http to another machine was not asked for.
    InTheClear(String),
    /// Nobody there, or the connection broke.
    Unreachable(String),
    /// What came is not HTTP, or not all of it came.
    Protocol(String),
    /// It was not all there after this time.
    TimedOut(Duration),
    /// More than so many bytes.
    TooLong(usize),
    /// Another status than 200.
    Status(u16),
    /// 304, though nothing was there to compare with.
    NotAsked,
    /// A redirect to no address.
    Redirect(String),
    /// A redirect to another origin: this one.
    OtherOrigin(String),
    /// More redirects than this.
    Redirects(u32),
    /// The system has no curl.
    NoCurl(String),
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FetchError::InTheClear(origin) => write!(
                f,
                "{origin}: http to another machine is refused, since whoever is on the way can change the keys"
            ),
            FetchError::Unreachable(why) => write!(f, "no connection: {}", line(why)),
            FetchError::Protocol(why) => write!(f, "no whole HTTP answer: {}", line(why)),
            FetchError::TimedOut(time) => {
                write!(f, "not all there after {:.1} s", time.as_secs_f64())
            }
            FetchError::TooLong(bytes) => write!(f, "more than {bytes} bytes"),
            FetchError::Status(status) => write!(f, "status {status}, expected 200"),
            FetchError::NotAsked => f.write_str("status 304, though nothing is held"),
            FetchError::Redirect(to) => {
                write!(f, "a redirect to \"{}\", which is no address", line(to))
            }
            FetchError::OtherOrigin(origin) => {
                write!(f, "a redirect to another host, {origin}: not followed")
            }
            FetchError::Redirects(most) => write!(f, "more than {most} redirects"),
            FetchError::NoCurl(why) => write!(
                f,
                "https is fetched by the program curl, which did not start: {}",
                line(why)
            ),
        }
    }
}

impl core::error::Error for FetchError {}

/// A stranger's words: one line, no character that steers, bounded.
fn line(text: &str) -> String {
    text.chars().take(200).flat_map(char::escape_debug).collect()
}
