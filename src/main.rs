//! The command `jotlab`: hands its arguments to [`jotlab::cli`] and exits with the code that comes back.

use std::process::ExitCode;

fn main() -> ExitCode {
    jotlab::cli::main(std::env::args_os())
}
