//! jotlab
pub mod base64;
pub mod ct;
pub mod encoding;
pub mod hmac;
pub mod jose;
pub mod modular;
pub mod random;
pub mod rsa;
pub mod sha2;
pub mod vectors;
