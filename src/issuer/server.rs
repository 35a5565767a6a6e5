//! The issuer on a listener: its routes, its rotation, and its end.

use super::admin::{self, Rotated};
use super::attempts::Attempts;
use super::connection::{Bounded, Peer};
use super::documents::{self, CONFIGURATION_PATH, JWKS_PATH, TOKEN_PATH};
use super::error::Error;
use super::keys::{self, Keyring};
use super::live::Live;
use super::login;
use super::refusal::json_answer;
use super::settings::Settings;
use super::store::Directory;
use super::token::Terms;
use super::users::{self, Users};
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::json;
use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio::{task, time};

/// How often it is looked whether a new key is due.
const LOOK: Duration = Duration::from_millis(500);
/// How long requests that are under way are waited for at the end.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// What all requests share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) settings: Settings,
    pub(super) terms: Terms,
    pub(super) keys: Live<Keyring>,
    pub(super) users: Live<Users>,
    pub(super) attempts: Mutex<Attempts>,
    /// How many passwords may be looked at in one moment.
    pub(super) threads: Arc<Semaphore>,
    directory: Directory,
}

/// An issuer, listening and not yet serving.
///
/// ```
/// use jotlab::issuer::{Clock, Issuer, Settings};
/// use std::net::TcpListener;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let directory = std::env::temp_dir().join(format!("jotlab-doc-issuer-{}", std::process::id()));
/// # let seconds = || 2_000_000_000;
/// # let settings = Settings { algorithm: Some(jotlab::jose::Algorithm::Hs256), ..Settings::new(Clock::new(seconds)) };
/// let listener = TcpListener::bind("127.0.0.1:0")?;
/// let issuer = Issuer::new(&directory, listener, settings)?;
/// let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
/// // until the future ends: here at once
/// runtime.block_on(issuer.serve(async {}))?;
/// # std::fs::remove_dir_all(directory)?;
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Issuer {
    listener: TcpListener,
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Issuer {
    /// Takes up the keys and users of a directory, which is made if it is not there, and a first key with it.
    ///
    /// # Errors
    ///
    /// When a setting cannot work, a file is broken or others could use it, the directory has keys for
    /// another algorithm, or the listener has no address.
    pub fn new(
        directory: &Path,
        listener: TcpListener,
        settings: Settings,
    ) -> Result<Issuer, Error> {
        settings.check()?;
        let of_listener = |error| Error::Setting(format!("the listener: {error}"));
        let address = listener.local_addr().map_err(of_listener)?;
        listener.set_nonblocking(true).map_err(of_listener)?;
        let directory = Directory::open(directory)?;
        let ring = admin::start(&directory, &settings)?;
        let keys = Live::open(&directory, keys::FILE, Keyring::parse, ring)?;
        let users = Live::open(&directory, users::FILE, Users::parse, Users::default())?;
        let terms = Terms {
            issuer: settings.issuer.clone().unwrap_or_else(|| format!("http://{address}")),
            audiences: settings.audiences.clone(),
            lifetime: settings.token_lifetime,
        };
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let attempts = Mutex::new(Attempts::new(settings.limits));
        let threads = Arc::new(Semaphore::new(processors));
        let shared = Shared { settings, terms, keys, users, attempts, threads, directory };
        Ok(Issuer { listener, address, shared: Arc::new(shared) })
    }

    /// The `iss` of its tokens, under which its endpoints are.
    pub fn url(&self) -> &str {
        &self.shared.terms.issuer
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The keys as they are now.
    pub fn keys(&self) -> Arc<Keyring> {
        self.shared.keys.now()
    }

    /// How many users can log in.
    pub fn users(&self) -> usize {
        self.shared.users.now().len()
    }

    /// Something to ask for a new key with, while it serves.
    pub fn rotation(&self) -> Rotation {
        Rotation { shared: self.shared.clone() }
    }

    /// Serves until `stop` ends, then finishes what is under way, for ten seconds at most.
    ///
    /// # Errors
    ///
    /// When the operating system takes the listener away.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let listener = Bounded::new(tokio::net::TcpListener::from_std(self.listener)?);
        let (stopping, mut stopped) = watch::channel(false);
        let rotating = task::spawn(rotate_in_time(self.shared.clone()));
        let service = router(self.shared).into_make_service_with_connect_info::<Peer>();
        let stop = async move {
            stop.await;
            tracing::info!("stops, and finishes what is under way");
            let _nobody_waits = stopping.send(true);
        };
        let serving = axum::serve(listener, service).with_graceful_shutdown(stop);
        let late = async move {
            // an error is a stop too: whoever would say it is gone
            let _ended = stopped.wait_for(|stopped| *stopped).await;
            time::sleep(LAST_WORDS).await;
        };
        let ended = tokio::select! {
            ended = async { serving.await } => ended,
            () = late => {
                tracing::warn!("some requests did not end in time");
                Ok(())
            }
        };
        rotating.abort();
        tracing::info!("has stopped");
        ended
    }
}

/// Asks an issuer that serves for a new key.
#[derive(Clone, Debug)]
pub struct Rotation {
    shared: Arc<Shared>,
}

impl Rotation {
    /// Publishes a new key, which signs after the cache time. Making it takes a moment: not on an async thread.
    ///
    /// # Errors
    ///
    /// As [`rotate`](super::rotate).
    pub fn rotate(&self) -> Result<Rotated, Error> {
        let Shared { directory, settings, .. } = &*self.shared;
        let rotated = admin::rotate_if(directory, &settings.clock, settings.bits, |_, _| true)?;
        rotated.ok_or_else(|| Error::Key("no key is due".to_owned()))
    }
}

/// A new key whenever one is due.
async fn rotate_in_time(shared: Arc<Shared>) {
    let Some(every) = shared.settings.rotate_every else { return };
    let is_due =
        move |ring: &Keyring, now: i64| now >= ring.newest().saturating_add(i64::from(every));
    let mut looks = time::interval(LOOK);
    loop {
        looks.tick().await;
        if !is_due(&shared.keys.now(), shared.settings.clock.now()) {
            continue;
        }
        let shared = shared.clone();
        let work = task::spawn_blocking(move || {
            let Shared { directory, settings, .. } = &*shared;
            admin::rotate_if(directory, &settings.clock, settings.bits, is_due)
        });
        if let Ok(Err(error)) = work.await {
            tracing::error!(why = %error, "no new key was made");
        }
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route(TOKEN_PATH, post(login::login))
        .route(JWKS_PATH, get(documents::jwks))
        .route(CONFIGURATION_PATH, get(documents::configuration))
        .fallback(nothing_here)
        .with_state(shared)
}

async fn nothing_here() -> Response {
    json_answer(StatusCode::NOT_FOUND, &json!({ "error": "not_found" }))
}
