//! The address of a set of keys (RFC 3986 §3): http or https, a host, a path; nothing that hides.
//!
//! It comes from whoever configures a service, never from a token. A user name, a fragment, a character
//! beyond ASCII and a scheme of another kind are refused: none has a use here, and each has been a trick.

use core::fmt;
use std::net::{IpAddr, Ipv6Addr};

/// The most bytes of an address.
pub const MAX_URL_BYTES: usize = 2048;

/// The scheme of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// In the clear.
    Http,
    /// By TLS.
    Https,
}

impl Scheme {
    const fn name(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    const fn port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

/// An address that can be fetched from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    scheme: Scheme,
    /// In lower case; an IPv6 address without its brackets.
    host: String,
    port: u16,
    /// Path and query, from `/` on.
    target: String,
}

impl Url {
    /// Whether a text looks like an address and not like a path of a file.
    pub fn is_meant(text: &str) -> bool {
        text.contains("://")
    }

    /// Reads an address.
    ///
    /// # Errors
    ///
    /// When it is longer than [`MAX_URL_BYTES`], has another scheme than http and https, no host, a user
    /// name, a fragment, or a character that must be escaped.
    pub fn parse(text: &str) -> Result<Url, UrlError> {
        if text.len() > MAX_URL_BYTES {
            return Err(UrlError::TooLong(text.len()));
        }
        let is_bad = |byte: u8| !byte.is_ascii_graphic() || br#""<>\^`{|}"#.contains(&byte);
        if let Some(at) = text.bytes().position(is_bad) {
            return Err(UrlError::Character(at));
        }
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme)?;
        let scheme = match scheme.to_ascii_lowercase().as_str() {
            "http" => Scheme::Http,
            "https" => Scheme::Https,
            _ => return Err(UrlError::Scheme),
        };
        if rest.contains('#') {
            return Err(UrlError::Fragment);
        }
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (host, port) = host_and_port(authority)?;
        let slash = if target.starts_with('/') { "" } else { "/" };
        let target = format!("{slash}{target}");
        Ok(Url { scheme, host, port: port.unwrap_or(scheme.port()), target })
    }

    /// The address that a redirect from this one leads to (RFC 9110 §10.2.2): whole, or a path from the
    /// root.
    ///
    /// # Errors
    ///
    /// As [`parse`](Url::parse), and for a path that is relative to the last one.
    pub fn join(&self, location: &str) -> Result<Url, UrlError> {
        if location.starts_with('/') && !location.starts_with("//") {
            return Url::parse(&format!("{}{location}", self.origin()));
        }
        Url::parse(location)
    }

    /// Its scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host, an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, said or the scheme's.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Path and query.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Host and port as the header Host has them (RFC 9110 §7.2).
    pub fn authority(&self) -> String {
        let host = match self.host.parse::<Ipv6Addr>() {
            Ok(_) => format!("[{}]", self.host),
            Err(_) => self.host.clone(),
        };
        if self.port == self.scheme.port() { host } else { format!("{host}:{}", self.port) }
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> String {
        format!("{}://{}", self.scheme.name(), self.authority())
    }

    /// Whether it can only be this machine: 127.0.0.0/8, ::1 or localhost (RFC 6761 §6.3).
    pub fn is_loopback(&self) -> bool {
        match self.host.parse::<IpAddr>() {
            Ok(address) => address.is_loopback(),
            Err(_) => self.host == "localhost",
        }
    }
}

fn host_and_port(authority: &str) -> Result<(String, Option<u16>), UrlError> {
    if authority.contains('@') {
        return Err(UrlError::UserInfo);
    }
    let (host, port) = if let Some(rest) = authority.strip_prefix('[') {
        let (host, port) = rest.split_once(']').ok_or(UrlError::Host)?;
        host.parse::<Ipv6Addr>().map_err(|_| UrlError::Host)?;
        (host, port)
    } else {
        let at = authority.find(':').unwrap_or(authority.len());
        let (host, port) = authority.split_at(at);
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        if host.is_empty() || !host.bytes().all(is_name) {
            return Err(UrlError::Host);
        }
        (host, port)
    };
    let port = match port {
        "" => None,
        port => {
            let digits = port.strip_prefix(':').ok_or(UrlError::Port)?;
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            let number = digits.parse().ok().filter(|number| is_number && *number != 0);
            Some(number.ok_or(UrlError::Port)?)
        }
    };
    Ok((host.to_ascii_lowercase(), port))
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.target)
    }
}

/// Why a text is no address to fetch from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlError {
    /// So many bytes, more than [`MAX_URL_BYTES`].
    TooLong(usize),
    /// The character at this offset must not stand there as it is.
    Character(usize),
    /// Neither `http://` nor `https://`.
    Scheme,
    /// A user name or a password.
    UserInfo,
    /// A fragment.
    Fragment,
    /// No host, or none that can be.
    Host,
    /// No port that can be.
    Port,
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UrlError::TooLong(bytes) => write!(f, "{bytes} bytes, more than {MAX_URL_BYTES}"),
            UrlError::Character(at) => {
                write!(f, "the character at offset {at} must be escaped (RFC 3986 §2)")
            }
            UrlError::Scheme => f.write_str("it must begin with http:// or https://"),
            UrlError::UserInfo => f.write_str("a user name in it is not taken"),
            UrlError::Fragment => f.write_str("a fragment (#) is nothing that can be fetched"),
            UrlError::Host => f.write_str("no host (RFC 3986 §3.2.2)"),
            UrlError::Port => f.write_str("a port is a number from 1 to 65535"),
        }
    }
}

impl core::error::Error for UrlError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_scheme_a_host_and_a_path() {
        let url = Url::parse("HTTP://LocalHost:8080/a/b?c=d").unwrap();
        assert_eq!(url.to_string(), "http://localhost:8080/a/b?c=d");
        assert_eq!((url.host(), url.port(), url.target()), ("localhost", 8080, "/a/b?c=d"));
        assert_eq!(Url::parse("https://a.example").unwrap().to_string(), "https://a.example/");
        assert_eq!(Url::parse("https://a?b").unwrap().target(), "/?b");
        let six = Url::parse("http://[::1]:9/").unwrap();
        assert_eq!((six.host(), six.authority().as_str()), ("::1", "[::1]:9"));
        for (text, error) in [
            ("ftp://a/", UrlError::Scheme),
            ("file:///etc/passwd", UrlError::Scheme),
            ("http:/a", UrlError::Scheme),
            ("http:///a", UrlError::Host),
            ("http://:80/", UrlError::Host),
            ("http://a:b@c/", UrlError::UserInfo),
            ("http://a/#b", UrlError::Fragment),
            ("http://a:0/", UrlError::Port),
            ("http://a:+8/", UrlError::Port),
            ("http://a:65536/", UrlError::Port),
            ("http://[::1/", UrlError::Host),
            ("http://[a]/", UrlError::Host),
            ("http://a/\r\nb", UrlError::Character(9)),
            ("http://a/ b", UrlError::Character(9)),
            ("http://ä/", UrlError::Character(7)),
        ] {
            assert_eq!(Url::parse(text), Err(error), "{text}");
        }
        let long = format!("http://a/{}", "b".repeat(MAX_URL_BYTES));
        assert_eq!(Url::parse(&long), Err(UrlError::TooLong(long.len())));
    }

    #[test]
    fn loopback_is_this_machine_and_no_name_that_looks_like_it() {
        for (text, is) in [
            ("http://127.0.0.1/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]/", true),
            ("http://localhost/", true),
            ("http://localhost.example/", false),
            ("http://127.0.0.1.example/", false),
            ("http://2130706433/", false),
            ("http://0.0.0.0/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(Url::parse(text).unwrap().is_loopback(), is, "{text}");
        }
    }

    #[test]
    fn a_redirect_is_whole_or_from_the_root() {
        let url = Url::parse("http://a:8/b/c").unwrap();
        assert_eq!(url.join("/d").unwrap().to_string(), "http://a:8/d");
        assert_eq!(url.join("https://e/").unwrap().to_string(), "https://e/");
        assert!(url.join("//e/").is_err() && url.join("d").is_err() && url.join("").is_err());
    }
}
