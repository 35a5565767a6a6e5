//! Test vectors: suites of cases in any format, one runner for tests and the command, reports.
//!
//! | file | what stands there |
//! |---|---|
//! | `question` | what an implementation is asked and may say |
//! | `case` | one model of a case for every format |
//! | `implementation`, `jotlab` | who is asked: anybody, this library |
//! | `ruling` | the answer beside the label, under a policy |
//! | `runner`, `filter` | which cases, on how many threads, in which order |
//! | `report` | what came out: JSON, JUnit XML, Markdown; merged, compared |
//! | `formats` | readers: our own, Wycheproof, CAVP, ACVP, cookbook, flat |
//! | `load`, `embedded` | from a disk, from the library itself |
//! | `figures` | intermediate values, which only this library can be asked for |
//!
//! ```
//! use jotlab::vectors::{self, Jotlab, Options};
//!
//! let suite = vectors::embedded_file("rfc/rfc7638.json").unwrap().read().unwrap();
//! let report = vectors::run(&[suite], &Jotlab::new(), &Options::default());
//! assert_eq!((report.counts().passed, report.counts().failed), (1, 0));
//! ```

mod case;
mod embedded;
pub mod figures;
mod filter;
pub mod forge;
pub mod formats;
pub mod gallery;
mod implementation;
mod jotlab;
mod load;
mod outcome;
mod question;
pub mod report;
mod ruling;
mod runner;
pub mod score;
mod stage;

pub use case::{Case, Expected, Label, Overlay, Question, Suite};
pub use embedded::{EmbeddedFile, FILES, embedded, embedded_file, known};
pub use filter::Filter;
pub use formats::{Contents, Known, ReadError};
pub use implementation::Implementation;
pub use jotlab::{Jotlab, monte_carlo};
pub use load::{Loaded, MAX_FILE_BYTES, load, load_bytes};
pub use outcome::{Counts, Outcome};
pub use question::{Answer, Chain, JwtPolicy, Message, Request, RsaPrivate};
pub use report::Report;
pub use ruling::{Reading, judge};
pub use runner::{Options, Shard, run, run_watched};
pub use stage::Stage;
