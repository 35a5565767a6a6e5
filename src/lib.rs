//! jotlab
pub mod ct;
pub mod hmac;
pub mod modular;
pub mod random;
pub mod sha2;
