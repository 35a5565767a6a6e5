//! `jotlab service`: a resource server to try against.

use super::exit::{Done, Exit, Fault, SAME_WORD};
use super::log::{self, Loudness};
use super::trust::FetchArgs;
use super::{input, time, voice};
use crate::bearer::Guard;
use crate::client::{IssuerKeys, KeySource, Rules, SystemClock, Url};
use crate::jose::JwkSet;
use crate::service::{Forward, MAX_SETTINGS_BYTES, Service, Settings};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Address and port; port 0 takes one that is free
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// File or URL of a JWK Set: a token's kid chooses from it
    #[arg(long, value_name = "FILE|URL")]
    jwks: String,
    /// What is demanded of a token, as TOML
    #[arg(long, value_name = "FILE")]
    policy: String,
    /// The next service, called with the same token
    #[arg(long, value_name = "URL")]
    forward: Option<String>,
    /// The least time between two fetches of keys
    #[arg(long, value_name = "DURATION", default_value = "10s")]
    cooldown: String,
    /// What is told on stderr, one JSON object a line
    #[arg(long, value_name = "LEVEL", value_enum, default_value = "info")]
    log: Loudness,
    #[command(flatten)]
    fetching: FetchArgs,
}

pub(super) fn run(args: &Args) -> Done {
    let cooldown = cooldown(&args.cooldown)?;
    let url = args.fetching.address("--jwks", &args.jwks)?;
    let forward = args.forward.as_deref().map(|url| forward(url, &args.fetching)).transpose()?;
    let settings = settings(&args.policy)?;
    let keys = match url {
        Some(url) => issuer(url, &args.fetching, cooldown),
        None => file(&args.jwks)?.into(),
    };
    let cannot = |error| Fault::usage(format_args!("cannot listen on {}: {error}", args.listen));
    let listener = TcpListener::bind(args.listen).map_err(cannot)?;
    let Settings { policy, scopes } = settings;
    let guard = Guard::with(keys, policy, scopes, Arc::new(SystemClock::new()));
    let service = Service::on(listener, guard, forward).map_err(cannot)?;
    log::begin(args.log);
    let stop = stop()?;
    voice::out(&format!("{}\n", service.url()))?;
    service.serve(stop).map_err(|error| Fault::usage(format_args!("cannot serve: {error}")))?;
    Ok(Exit::Yes)
}

/// A second at least: without a cooldown each token of an unknown name would cause a fetch.
fn cooldown(text: &str) -> Result<Duration, Fault> {
    match time::duration(text).map_err(Fault::usage)? {
        0 => Err(Fault::usage("--cooldown must be a second at least")),
        seconds => Ok(Duration::from_secs(seconds.unsigned_abs())),
    }
}

fn settings(path: &str) -> Result<Settings, Fault> {
    let shown = voice::shown(path, 200);
    let bytes = input::read(path, MAX_SETTINGS_BYTES)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Fault::malformed(format_args!("{shown}: not UTF-8, so no TOML")))?;
    Settings::parse(&text).map_err(|error| {
        Fault::malformed(format_args!("{shown}: {error}"))
            .hint("docs/service.md has the names and an example")
    })
}

fn forward(url: &str, fetching: &FetchArgs) -> Result<Forward, Fault> {
    let shown = voice::shown(url, 200);
    let fault =
        |error: &dyn std::fmt::Display| Fault::usage(format_args!("--forward {shown}: {error}"));
    let url = Url::parse(url).map_err(|error| fault(&error))?;
    Forward::to(url, fetching.plain()).map_err(|error| fault(&error))
}

/// The keys of a file, if tokens can be verified with them at all.
fn file(path: &str) -> Result<JwkSet, Fault> {
    let set = input::keys(path)?;
    let refused =
        |what| Err(Fault::new(Exit::Key, format_args!("{}: {what}", voice::shown(path, 200))));
    if set.keys().is_empty() {
        return refused("a set without a key that can be read");
    }
    if set.is_mixed() {
        return refused("the key set has secrets beside public keys");
    }
    if set.keys().iter().any(|key| key.kty() != "oct" && key.is_private()) {
        voice::note(
            "the file has private keys: a service needs the public ones, jotlab key public FILE",
        );
    }
    Ok(set)
}

/// The keys of an address. The first fetch begins now, and nobody waits for it.
fn issuer(url: Url, fetching: &FetchArgs, cooldown: Duration) -> KeySource {
    let rules = Rules { cooldown, ..Rules::default() };
    let issuer = Arc::new(IssuerKeys::new(url, fetching.transport()).rules(rules));
    let first = Arc::clone(&issuer);
    thread::spawn(move || first.refresh(None));
    KeySource::Issuer(issuer)
}

/// Is there after Ctrl-C or a polite kill; another one ends the process at once, unless it comes within
/// [`SAME_WORD`].
fn stop() -> Result<impl Future<Output = ()> + Send + 'static, Fault> {
    let cannot = |error| Fault::usage(format_args!("cannot catch signals: {error}"));
    let mut signals = Signals::new([SIGINT, SIGTERM]).map_err(cannot)?;
    let (tell, told) = oneshot::channel();
    let listen = move || {
        let mut signals = signals.forever();
        signals.next();
        // the server may have ended by itself
        let (_nobody_waits, first) = (tell.send(()), Instant::now());
        if let Some(signal) = signals.find(|_| first.elapsed() > SAME_WORD) {
            signal_hook::low_level::exit(128 + signal);
        }
    };
    thread::Builder::new().spawn(listen).map_err(cannot)?;
    Ok(async {
        let _told_or_gone = told.await;
    })
}
