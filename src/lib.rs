#![doc = include_str!("../README.md")]

pub mod base64;
#[cfg(feature = "tower")]
pub mod bearer;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "client")]
pub mod client;
pub mod cpu;
#[cfg(all(feature = "cli", unix))]
pub mod crosscheck;
pub mod ct;
pub mod encoding;
pub mod explain;
pub mod hmac;
#[cfg(all(feature = "serve", unix))]
pub mod issuer;
pub mod jose;
pub mod modular;
pub mod pbkdf2;
pub mod random;
pub mod rsa;
#[cfg(feature = "service")]
pub mod service;
pub mod sha2;
#[cfg(feature = "study")]
pub mod study;
#[cfg(all(feature = "serve", feature = "service", unix))]
pub mod tour;
pub mod vectors;
