//! A service in a thread, and HTTP by hand.

pub(crate) use crate::http::Answer;
use crate::key_server::{KeyServer, limits, rules};
use jotlab::bearer::{Guard, Scopes};
use jotlab::client::{Clock, IssuerKeys, Plain};
use jotlab::jose::Policy;
use jotlab::service::{Forward, Service};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;
use tokio::sync::oneshot;

/// A service that ends with the value.
pub(crate) struct Running {
    pub(crate) port: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    pub(crate) fn start(guard: Guard, forward: Option<Forward>) -> Running {
        Running::on(TcpListener::bind("127.0.0.1:0").unwrap(), guard, forward)
    }

    pub(crate) fn on(listener: TcpListener, guard: Guard, forward: Option<Forward>) -> Running {
        let service = Service::on(listener, guard, forward).unwrap();
        let port = service.address().port();
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let stop = async { drop(stopped.await) };
            service.serve(stop).unwrap();
        });
        Running { port, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.stop.take());
        let ended = self.thread.take().unwrap().join();
        assert!(ended.is_ok() || thread::panicking(), "the service panicked");
    }
}

/// A guard by the keys of this server.
pub(crate) fn guard(
    server: &KeyServer,
    policy: Policy,
    scopes: Scopes,
    clock: &Arc<impl Clock + 'static>,
) -> Guard {
    let keys = IssuerKeys::new(server.url(), Plain).limits(limits()).rules(rules());
    let keys = keys.clock(clock.clone());
    Guard::with(keys.into(), policy, scopes, clock.clone())
}

impl Answer {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Sends a request as it is.
pub(crate) fn raw(port: u16, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    // an answer that does not come is a failure, not a test without end
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let _cut_short = stream.write_all(request);
    Answer::read(stream)
}

/// A request with these further header lines, each with its end.
pub(crate) fn get_with(port: u16, target: &str, headers: &str) -> Answer {
    let head = format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\n");
    raw(port, head.as_bytes())
}

pub(crate) fn get(port: u16, target: &str, token: &str) -> Answer {
    get_with(port, target, &format!("Authorization: Bearer {token}\r\n"))
}
