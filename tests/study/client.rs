//! The server in a thread, and requests as a browser sends them.

pub(crate) use crate::http::Answer;
use jotlab::study::Study;
use std::io::Write;
use std::net::TcpStream;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

/// One server for all tests of this file.
pub(crate) fn port() -> u16 {
    static PORT: OnceLock<u16> = OnceLock::new();
    *PORT.get_or_init(|| {
        let study = Study::bind(0).unwrap();
        let url = study.url();
        thread::spawn(move || study.serve().unwrap());
        url.trim_start_matches("http://127.0.0.1:").trim_end_matches('/').parse().unwrap()
    })
}

impl Answer {
    /// Where the links and forms of the page lead.
    pub(crate) fn links(&self) -> Vec<&str> {
        let attributes = ["href=\"", "action=\"", "src=\""];
        let starts = attributes.iter().flat_map(|name| self.body.split(name).skip(1));
        starts.map(|rest| rest.split('"').next().unwrap()).collect()
    }
}

/// Sends a request as it is.
pub(crate) fn raw(request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port())).unwrap();
    // an answer that does not come is a failure, not a test without end
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    // a server that refuses early closes while the rest is on its way
    let _cut_short = stream.write_all(request);
    Answer::read(stream)
}

pub(crate) fn get(target: &str) -> Answer {
    let host = format!("127.0.0.1:{}", port());
    raw(format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes())
}

/// Sends a form as a browser does from a page of the server.
pub(crate) fn post(target: &str, fields: &[(&str, &str)]) -> Answer {
    post_from(target, &form(fields), &format!("Origin: http://127.0.0.1:{}\r\n", port()))
}

/// Sends a body with these further headers.
pub(crate) fn post_from(target: &str, body: &str, headers: &str) -> Answer {
    let (port, length) = (port(), body.len());
    let head = format!(
        "POST {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{headers}\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
    );
    raw(&[head.as_bytes(), body.as_bytes()].concat())
}

/// Fields as a form writes them.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    let escaped = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> =
        fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    pairs.join("&")
}
