//! HTTP by hand, for the tests of every server: a test must be able to say what no client library would.

use std::io::Read;

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// Reads an answer to the end of the connection; status 0 where there is none.
    pub(crate) fn read(mut stream: impl Read) -> Answer {
        let mut bytes = vec![];
        let _cut_short = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes);
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// A header, which stands there once.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.head.lines().filter_map(|line| {
            let (own, value) = line.split_once(':')?;
            own.eq_ignore_ascii_case(name).then_some(value.trim())
        });
        let value = values.next()?;
        assert!(values.next().is_none(), "{name} stands there twice");
        Some(value)
    }
}
