//! jotlab beside other people's programs, both ways: OpenSSL, perl's Digest::SHA, PyJWT, Node and its `jose`.
//!
//! A tool that this machine does not have is named on stderr and passed over. `JOTLAB_REQUIRE` (names with
//! commas between: openssl, perl, pyjwt, node, jose) makes its absence a failure. `JOTLAB_PYTHON` is the
//! Python to use, `JOTLAB_NODE_PATH` a `node_modules` directory.

#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod node;
mod openssl_keys;
mod openssl_sums;
mod perl;
mod pyjwt;
mod tokens;
mod tools;
