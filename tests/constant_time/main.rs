//! Whether a branch or an address depends on a secret, in the compiled code: memcheck looks.
//!
//! `cargo test --test constant_time` builds this file a second time, with `--cfg jotlab_ct`, in which secrets
//! are memory without a defined value, and runs each subject under valgrind. Where valgrind is missing that is
//! said, and with `valgrind` in `JOTLAB_REQUIRE` it fails. Two planted faults must be seen.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test fails by panic and says what it saw"
)]

#[cfg(not(jotlab_ct))]
mod driver;
#[cfg(jotlab_ct)]
mod subject;

fn main() {
    #[cfg(not(jotlab_ct))]
    driver::main();
    #[cfg(jotlab_ct)]
    subject::main();
}
