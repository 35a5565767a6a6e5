//! The servers of the journey: an issuer and two services on free ports of this machine, in threads that end with
//! the house, and a directory that goes with it.

use crate::base64::encode_url;
use crate::bearer::Guard;
use crate::client::{Clock, IssuerKeys, Plain, PlainHttp, Rules, Url};
use crate::ct::Secret;
use crate::issuer::{self, Existing, Issuer, Limits, Rotation, User};
use crate::random;
use crate::service::{self, Forward, Service};
use std::fs::{self, DirBuilder};
use std::net::TcpListener;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot::{self, Sender};

/// The user's name.
pub(super) const NAME: &str = "alice";
/// His password, for as long as the house stands.
pub(super) const PASSWORD: &str = "correct horse";
/// How long a token lives, in seconds: long enough for a new key to begin to sign meanwhile.
pub(super) const LIFE: u32 = 6;
/// How long a key set may be kept, in seconds.
pub(super) const CACHE: u32 = 1;
/// Iterations of PBKDF2: few, since this password guards nothing.
const ITERATIONS: u32 = 1000;

/// The standing servers.
pub(super) struct House {
    pub(super) clock: Arc<dyn Clock>,
    /// Seconds by which the issuer's clock is ahead.
    pub(super) ahead: Arc<AtomicI64>,
    pub(super) issuer: String,
    pub(super) rotation: Rotation,
    /// Forwards to the second.
    pub(super) first: String,
    pub(super) second: String,
    /// Before the directory: fields are dropped in this order.
    #[expect(dead_code, reason = "stands until it is dropped")]
    servers: [Server; 3],
    #[expect(dead_code, reason = "is there until it is dropped")]
    directory: Directory,
}

impl House {
    /// Starts all servers.
    pub(super) fn open(clock: &Arc<dyn Clock>) -> Result<House, String> {
        let directory = Directory::new()?;
        let ahead = Arc::new(AtomicI64::new(0));
        let issuer = issuer(&directory.0, clock, &ahead)?;
        let (url, rotation) = (issuer.url().to_owned(), issuer.rotation());
        let second = service(&url, clock, None)?;
        let next = format!("{}orders", second.url());
        let first = service(&url, clock, Some(&next))?;
        let urls = [first.url(), second.url()];
        let servers = [
            Server::start(|stop| serve(issuer, stop))?,
            Server::start(|stop| drop(first.serve(stop)))?,
            Server::start(|stop| drop(second.serve(stop)))?,
        ];
        let [first, second] = urls;
        let clock = Arc::clone(clock);
        Ok(House { clock, ahead, issuer: url, rotation, first, second, servers, directory })
    }
}

fn issuer(
    directory: &Path,
    clock: &Arc<dyn Clock>,
    ahead: &Arc<AtomicI64>,
) -> Result<Issuer, String> {
    let user = User::new(NAME, &Secret::new(PASSWORD.into()), ITERATIONS);
    let user = user.and_then(|user| user.role("clerk")?.scope("read")).map_err(said)?;
    issuer::add_user(directory, user, Existing::Keep).map_err(said)?;
    let (clock, ahead) = (Arc::clone(clock), Arc::clone(ahead));
    let clock = issuer::Clock::new(move || clock.unix() + ahead.load(Ordering::Relaxed));
    let settings = issuer::Settings {
        token_lifetime: LIFE,
        cache: CACHE,
        // the wait for the new key asks often
        limits: Limits { per_address: 1000, ..Limits::default() },
        ..issuer::Settings::new(clock)
    };
    Issuer::new(directory, listener()?, settings).map_err(said)
}

fn serve(issuer: Issuer, stop: impl Future<Output = ()> + Send + 'static) {
    // a server that ended early is seen by the step that asks it
    if let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() {
        drop(runtime.block_on(issuer.serve(stop)));
    }
}

/// What both services demand, as it would stand in their policy file.
fn policy(issuer: &str) -> String {
    format!(
        "issuer = \"{issuer}\"\naudience = \"jotlab-services\"\nalgorithms = [\"RS256\"]\n\
         typ = \"at+jwt\"\nrequire = [\"sub\"]\n[scopes]\n\"/orders\" = \"read\"\n\"/admin\" = \"admin\"\n"
    )
}

fn service(issuer: &str, clock: &Arc<dyn Clock>, next: Option<&str>) -> Result<Service, String> {
    let service::Settings { policy, scopes } =
        service::Settings::parse(&policy(issuer)).map_err(said)?;
    let url = Url::parse(&format!("{issuer}{}", issuer::JWKS_PATH)).map_err(said)?;
    let rules = Rules { cooldown: Duration::from_millis(500), ..Rules::default() };
    let keys = IssuerKeys::new(url, Plain).rules(rules);
    let guard = Guard::with(keys.into(), policy, scopes, Arc::clone(clock));
    let forward = match next {
        Some(next) => {
            let next = Url::parse(next).map_err(said)?;
            Some(Forward::to(next, PlainHttp::LoopbackOnly).map_err(said)?)
        }
        None => None,
    };
    Service::on(listener()?, guard, forward).map_err(said)
}

fn listener() -> Result<TcpListener, String> {
    TcpListener::bind("127.0.0.1:0").map_err(|error| format!("cannot listen: {error}"))
}

pub(super) fn said(error: impl core::fmt::Display) -> String {
    error.to_string()
}

/// A server in a thread, which ends with it.
struct Server {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Resolves when a server is to end.
type Stop = core::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

impl Server {
    fn start(serve: impl FnOnce(Stop) + Send + 'static) -> Result<Server, String> {
        let (stop, stopped) = oneshot::channel();
        let stopped: Stop = Box::pin(async {
            // who could ask no more has gone: that is an end as well
            let _asked_or_gone = stopped.await;
        });
        let thread = thread::Builder::new().spawn(move || serve(stopped)).map_err(said)?;
        Ok(Server { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        // one that panicked has ended too
        let _ended = self.thread.take().map(JoinHandle::join);
    }
}

/// A new directory, for nobody else, removed with the value.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Result<Directory, String> {
        let mut name = [0; 12];
        random::fill(&mut name).map_err(said)?;
        let path = std::env::temp_dir().join(format!("jotlab-tour-{}", encode_url(&name)));
        let made = DirBuilder::new().mode(0o700).create(&path);
        made.map_err(|error| format!("cannot make a temporary directory: {error}"))?;
        Ok(Directory(path))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        // what cannot be removed has keys of no use to anybody
        let _removed = fs::remove_dir_all(&self.0);
    }
}
