//! Who is asked: the trait that any implementation can be put behind.

use super::figures::Figure;
use super::question::{Answer, Request};

/// An implementation that can be asked.
///
/// A crate that has its own SHA-256 runs NIST's files against it like this:
///
/// ```
/// use jotlab::vectors::{self, Answer, Implementation, Message, Options, Request};
///
/// struct Mine;
///
/// impl Implementation for Mine {
///     fn name(&self) -> String {
///         "mine".to_owned()
///     }
///
///     fn answer(&self, request: &Request) -> Answer {
///         match request {
///             Request::Sha2 { hash, message: Message::Bytes(message) } if hash.name() == "SHA-256" => {
///                 # fn my_sha256(message: &[u8]) -> Vec<u8> { jotlab::sha2::Algorithm::Sha256.digest(message).as_bytes().to_vec() }
///                 Answer::Output(my_sha256(message))
///             }
///             _ => Answer::Unsupported("mine has SHA-256 only".to_owned()),
///         }
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let suite = vectors::embedded_file("cavp/SHA256ShortMsg.rsp").unwrap().read()?;
/// let report = vectors::run(&[suite], &Mine, &Options::default());
/// assert_eq!((report.counts().passed, report.counts().failed), (65, 0));
/// # Ok(()) }
/// ```
pub trait Implementation: Sync {
    /// What reports call it.
    fn name(&self) -> String;

    /// Answers one request. A refusal is an answer, and so is "I do not have this".
    fn answer(&self, request: &Request) -> Answer;

    /// Compares intermediate values with its own. Few can: the default has nothing to say.
    ///
    /// # Errors
    ///
    /// What differs.
    fn check_figure(&self, _figure: &Figure) -> Result<(), String> {
        Ok(())
    }
}
