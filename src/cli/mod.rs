//! The command line: one file a command, and `voice` for every word.

mod base64url;
#[cfg(unix)]
mod crosscheck;
mod decode;
mod exit;
mod explain;
mod hash;
mod input;
#[cfg(all(feature = "serve", unix))]
mod issuer;
mod key;
#[cfg(all(any(feature = "serve", feature = "service"), unix))]
mod log;
mod mac;
mod policy;
mod progress;
#[cfg(all(feature = "service", unix))]
mod service;
mod sign;
#[cfg(feature = "study")]
mod study;
mod time;
#[cfg(all(feature = "serve", feature = "service", unix))]
mod tour;
mod trust;
mod vectors;
mod verify;
mod voice;

use crate::cpu;
use clap::{CommandFactory, Parser, Subcommand};
use exit::{Done, Exit, Fault};
use std::ffi::OsString;
use std::process::ExitCode;

/// What `jotlab` alone prints.
const ABOUT: &str = "\
jotlab: the JWT stack by hand, from SHA-256 to a verified token

It has no crypto crate under it, and is checked against the standards' own
figures. Use it to look into primitives and tokens, to compare your own
implementation, and to run test vectors.

Try:
  jotlab vectors run                                  prove it against the RFCs
  jotlab decode TOKEN                                 see what a token holds
  jotlab explain sha256 abc                           see how it is done, round by round
";

/// The JWT stack by hand: look into it, compare with it, test against it.
#[derive(Parser)]
#[command(name = "jotlab", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Digests of files or stdin, in the format of sha256sum
    Hash(hash::Args),
    /// HMAC of files or stdin
    Mac(mac::Args),
    /// Base64url, strict both ways
    #[command(subcommand)]
    Base64url(base64url::Command),
    /// Make, show, convert and check keys
    #[command(subcommand)]
    Key(Box<key::Command>),
    /// Sign claims (a JWT) or any payload (a JWS)
    Sign(Box<sign::Args>),
    /// Verify a token: its signature, then its claims
    Verify(Box<verify::Args>),
    /// Show what can be parsed of any token; nothing is verified
    Decode(decode::Args),
    /// Test vectors: list, run, show, merge
    #[command(subcommand)]
    Vectors(vectors::Command),
    /// Other implementations beside jotlab: plug in, find, shrink, explain
    #[cfg(unix)]
    #[command(subcommand)]
    Crosscheck(crosscheck::Command),
    /// A computation step by step: every value, why it is made, by which section, in which line
    #[command(subcommand)]
    Explain(explain::Command),
    /// The same in a browser: a page on this machine, for nobody else
    #[cfg(feature = "study")]
    Study(study::Args),
    /// An identity provider to try against: users log in, tokens are signed, keys are published and renewed
    #[cfg(all(feature = "serve", unix))]
    Issuer(Box<issuer::Args>),
    /// A resource server to try against: verifies the bearer token, tells who calls
    #[cfg(all(feature = "service", unix))]
    Service(Box<service::Args>),
    /// The whole journey on this machine, told and checked: log in, two services, forgeries, a new key, the end
    #[cfg(all(feature = "serve", feature = "service", unix))]
    Tour(tour::Args),
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// Runs the command line and gives the exit code.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // help and version are results, everything else is wrong usage
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Yes };
            let _nobody_listens = error.print();
            return ExitCode::from(exit.code());
        }
    };
    let exit = run(cli).unwrap_or_else(|fault| voice::fault(&fault));
    ExitCode::from(exit.code())
}

fn run(cli: Cli) -> Done {
    // before anything is computed by another way than the one that was asked for
    cpu::forced().map_err(Fault::usage)?;
    match cli.command {
        None => voice::out(ABOUT).map(|()| Exit::Yes),
        Some(Command::Hash(args)) => hash::run(&args),
        Some(Command::Mac(args)) => mac::run(&args),
        Some(Command::Base64url(command)) => base64url::run(&command),
        Some(Command::Key(command)) => key::run(&command),
        Some(Command::Sign(args)) => sign::run(&args),
        Some(Command::Verify(args)) => verify::run(&args),
        Some(Command::Decode(args)) => decode::run(&args),
        Some(Command::Vectors(command)) => vectors::run(&command),
        #[cfg(unix)]
        Some(Command::Crosscheck(command)) => crosscheck::run(&command),
        Some(Command::Explain(command)) => explain::run(&command),
        #[cfg(feature = "study")]
        Some(Command::Study(args)) => study::run(&args),
        #[cfg(all(feature = "serve", unix))]
        Some(Command::Issuer(args)) => issuer::run(&args),
        #[cfg(all(feature = "service", unix))]
        Some(Command::Service(args)) => service::run(&args),
        #[cfg(all(feature = "serve", feature = "service", unix))]
        Some(Command::Tour(args)) => tour::run(&args),
        Some(Command::Completions { shell }) => {
            let mut script = vec![];
            clap_complete::generate(shell, &mut Cli::command(), "jotlab", &mut script);
            voice::out_bytes(&script).map(|()| Exit::Yes)
        }
    }
}
