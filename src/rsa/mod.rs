//! RSA signatures by PKCS #1 v1.5 (RFC 8017).
//!
//! | file | what stands there |
//! |---|---|
//! | `key` | keys that are valid by construction (§3) |
//! | `primitive` | the public and the private operation on integers (§5.2) |
//! | `blinding` | what hides the private operation's input |
//! | `emsa` | from a digest to the encoded message (§9.2) |
//! | `pkcs1v15` | signing and verifying (§8.2) |
//! | `keygen`, `prime` | new keys (FIPS 186-5 §A.1.3, §B.3) |
//! | `encoding` | PKCS #1, PKCS #8, SPKI and certificates in DER and PEM |
//! | `weak` | the fingerprint of the ROCA keys |
//!
//! This room does what its standard says: 1024-bit keys and e = 3 are taken, test suites need them. The
//! limits of RFC 7518 §3.3 are enforced where JOSE is.
//!
//! ```
//! use jotlab::{rsa::{PrivateKey, pkcs1v15}, sha2::Algorithm};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let key = PrivateKey::generate(1024)?; // 2048 or more for use; this is quicker
//! let signature = pkcs1v15::sign(&key, &Algorithm::Sha256.digest(b"message"))?;
//! assert!(pkcs1v15::verify(key.public(), &Algorithm::Sha256.digest(b"message"), &signature).is_ok());
//! assert!(pkcs1v15::verify(key.public(), &Algorithm::Sha256.digest(b"other"), &signature).is_err());
//! # Ok(()) }
//! ```

mod blinding;
pub mod emsa;
pub mod encoding;
mod key;
pub mod keygen;
pub mod pkcs1v15;
pub mod prime;
mod primitive;
pub mod weak;

pub(crate) use key::lambda;
pub use key::{Components, KeyError, MAX_MODULUS_BITS, PrivateKey, PublicKey};
