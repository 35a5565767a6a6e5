//! `jotlab crosscheck`: another implementation beside this one.

mod adapter;
mod by_hand;
mod case;
mod emit;
mod faults;
mod init;
mod report;
mod run;
mod selftest;
mod source;
mod stop;

use super::exit::Done;

pub(super) use run::start;
pub(super) use stop::flag as stop_flag;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Compare an implementation, behind an adapter, with jotlab
    Run(Box<run::Args>),
    /// Print an adapter to begin with
    Init(init::Args),
    /// Be an adapter: jotlab behind the protocol
    Adapter,
    /// Write requests for a device that no adapter reaches
    Emit(emit::EmitArgs),
    /// Judge the answers to emitted requests
    Judge(emit::JudgeArgs),
    /// See whether a wrong answer of an adapter would be noticed
    Selftest(selftest::Args),
}

pub(super) fn run(command: &Command) -> Done {
    match command {
        Command::Run(args) => run::run(args),
        Command::Init(args) => init::run(args),
        Command::Adapter => adapter::run(),
        Command::Emit(args) => emit::emit(args),
        Command::Judge(args) => emit::judge(args),
        Command::Selftest(args) => selftest::run(args),
    }
}
