//! The requests of a client of the issuer, and its answers.

pub(crate) use crate::http::Answer;
use serde_json::Value;
use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The token of an answer that has one.
    pub(crate) fn token(&self) -> String {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// The `error` of a refusal, which must have its shape.
    pub(crate) fn error(&self) -> String {
        let value = self.json();
        assert!(value["error_description"].is_string(), "{self:?}");
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.header("content-type"), Some("application/json"));
        value["error"].as_str().unwrap().to_owned()
    }
}

/// A connection whose answers do not keep a test waiting for ever.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(50))).unwrap();
    stream
}

/// Sends a request as it is.
pub(crate) fn raw(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = connect(address);
    // a server that refuses early closes while the rest is on its way
    let _cut_short = stream.write_all(request);
    Answer::read(stream)
}

/// A request with these further headers.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &str) -> Answer {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n");
    raw(address, request.as_bytes())
}

/// A form as bytes of a request.
pub(crate) fn request(address: SocketAddr, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST /token HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Asks for a token.
pub(crate) fn post(address: SocketAddr, body: &str) -> Answer {
    raw(address, &request(address, body))
}

/// The form of a name and a password.
pub(crate) fn form(name: &str, password: &str) -> String {
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let (name, password) = (escaped(name), escaped(password));
    format!("grant_type=password&username={name}&password={password}")
}
