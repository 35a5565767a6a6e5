//! jotlab
pub mod ct;
pub mod hmac;
pub mod random;
pub mod sha2;
