//! `jotlab issuer --dir DIR`: serves until Ctrl-C.

use super::{directory, fault};
use crate::cli::exit::{Done, Exit, Fault, SAME_WORD};
use crate::cli::time::{self, duration};
use crate::cli::{log, voice};
use crate::issuer::{Clock, Issuer, Limits, Settings};
use crate::jose::Algorithm;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Instant;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The directory of the keys and users; made if it is not there
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Where to listen; port 0 is one that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Its name, the iss of tokens: a URL; http:// and the address unless given
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Who tokens are for, their aud; several are all named
    #[arg(long, value_name = "TEXT", default_value = "jotlab-services")]
    audience: Vec<String>,
    /// RS256 and the like, or HS256 and the like, whose secret is published nowhere [default: that of the
    /// directory, RS256 in a new one]
    #[arg(long, value_parser = algorithm)]
    alg: Option<Algorithm>,
    /// Bits of a new RSA modulus [default: those of the key before, 2048 for the first]
    #[arg(long)]
    bits: Option<u64>,
    /// How long a token lives
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = seconds)]
    token_lifetime: u32,
    /// How long the key set may be kept by those who fetched it
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = seconds)]
    cache: u32,
    /// A new key so often; only when asked for, unless given
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    rotate_every: Option<u32>,
    /// Attempts to log in that are heard of one address each minute
    #[arg(long, value_name = "N", default_value_t = Limits::default().per_address)]
    attempts_per_address: u32,
    /// Failed attempts that are heard for one name each minute
    #[arg(long, value_name = "N", default_value_t = Limits::default().per_name)]
    attempts_per_name: u32,
}

fn algorithm(name: &str) -> Result<Algorithm, String> {
    Algorithm::from_name(name).ok_or_else(|| {
        let names = Algorithm::ALL.map(Algorithm::name).join(", ");
        format!("expected one of {names}")
    })
}

fn seconds(text: &str) -> Result<u32, String> {
    u32::try_from(duration(text)?).map_err(|_| "too long".to_owned())
}

pub(super) fn run(args: &Args) -> Done {
    let directory = directory(args.dir.as_ref())?;
    let listener = TcpListener::bind(args.listen).map_err(|error| {
        Fault::usage(format_args!("cannot listen on {}: {error}", args.listen))
            .hint("--listen 127.0.0.1:0 takes a port that is free")
    })?;
    let settings = Settings {
        issuer: args.issuer.clone(),
        audiences: args.audience.clone(),
        algorithm: args.alg,
        bits: args.bits,
        token_lifetime: args.token_lifetime,
        cache: args.cache,
        rotate_every: args.rotate_every,
        limits: Limits {
            per_address: args.attempts_per_address,
            per_name: args.attempts_per_name,
            ..Limits::default()
        },
        ..Settings::new(Clock::new(time::now))
    };
    log::begin(log::Loudness::Info);
    let issuer = Issuer::new(directory, listener, settings).map_err(fault)?;
    // until here a signal ends the process at once, which leaves nothing half done
    let stop = Stop::listen().map_err(|error| Fault::usage(format_args!("signals: {error}")))?;
    greet(&issuer, args)?;
    let cannot = |error: io::Error| Fault::usage(format_args!("cannot serve: {error}"));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(cannot)?.block_on(issuer.serve(stop.wait())).map_err(cannot)?;
    Ok(Exit::Yes)
}

/// Where it is, to stdout: one line that scripts can read. The rest is for people.
fn greet(issuer: &Issuer, args: &Args) -> Result<(), Fault> {
    let address = issuer.address();
    voice::out(&format!("http://{address}\n"))?;
    let algorithm = issuer.keys().algorithm();
    voice::note(&format!("issuer {}, {algorithm}, until Ctrl-C", issuer.url()));
    if !address.ip().is_loopback() {
        voice::note("this address is not of this machine only: passwords go over it in the clear");
    }
    if issuer.users() == 0 {
        let directory = args.dir.as_ref().map(|dir| dir.to_string_lossy());
        let directory = voice::shown(&directory.unwrap_or_default(), 200);
        voice::note("nobody can log in: there are no users");
        voice::note(&format!("hint: jotlab issuer user add alice --dir {directory}"));
    }
    Ok(())
}

/// Ctrl-C, or the word of a supervisor.
struct Stop {
    signals: Signals,
}

impl Stop {
    fn listen() -> io::Result<Stop> {
        Signals::new([SIGINT, SIGTERM]).map(|signals| Stop { signals })
    }

    /// Ends with the first signal. Another one ends the process at once, unless it comes within [`SAME_WORD`].
    fn wait(mut self) -> impl Future<Output = ()> + Send + 'static {
        let (asked, stop) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let mut signals = self.signals.forever();
            signals.next();
            let (_nobody_waits, first) = (asked.send(()), Instant::now());
            let _another_word = signals.find(|_| first.elapsed() > SAME_WORD);
            std::process::exit(i32::from(Exit::Usage.code()));
        });
        async {
            // who could ask no more has gone: that is an end as well
            let _asked = stop.await;
        }
    }
}
