//! The suites that are part of the library: those of `vectors/`, described in `vectors/README.md`.

use super::case::Suite;
use super::formats::{self, Contents, Known, ReadError};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(EmbeddedFile {
            name: $name,
            bytes: include_bytes!(concat!("../../vectors/", $name)),
        }),*]
    };
}

/// A file that comes with the library.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedFile {
    /// Its name within `vectors/`.
    pub name: &'static str,
    /// Its contents.
    pub bytes: &'static [u8],
}

/// What is known of published suites.
const ERRATA: &[u8] = include_bytes!("../../vectors/errata.json");

/// All of them, in the order of reports.
pub const FILES: &[EmbeddedFile] = files![
    "rfc/fips180-4.json",
    "rfc/rfc4231.json",
    "rfc/rfc4648.json",
    "rfc/rfc7914.json",
    "rfc/rfc8017.json",
    "rfc/rfc7515.json",
    "rfc/rfc7517.json",
    "rfc/rfc7519.json",
    "rfc/rfc7520.json",
    "rfc/rfc7638.json",
    "rfc/rfc7797.json",
    "rfc/rfc8037.json",
    "cavp/SHA224LongMsg.rsp",
    "cavp/SHA224Monte.rsp",
    "cavp/SHA224ShortMsg.rsp",
    "cavp/SHA256LongMsg.rsp",
    "cavp/SHA256Monte.rsp",
    "cavp/SHA256ShortMsg.rsp",
    "cavp/SHA384LongMsg.rsp",
    "cavp/SHA384Monte.rsp",
    "cavp/SHA384ShortMsg.rsp",
    "cavp/SHA512LongMsg.rsp",
    "cavp/SHA512Monte.rsp",
    "cavp/SHA512ShortMsg.rsp",
    "cavp/SHA512_224LongMsg.rsp",
    "cavp/SHA512_224Monte.rsp",
    "cavp/SHA512_224ShortMsg.rsp",
    "cavp/SHA512_256LongMsg.rsp",
    "cavp/SHA512_256Monte.rsp",
    "cavp/SHA512_256ShortMsg.rsp",
    "cavp/SigGen15_186-2.rsp",
    "cavp/SigGen15_186-2.txt",
    "cavp/SigGen15_186-3.rsp",
    "cavp/SigVer15EMTest.txt",
    "cavp/SigVer15_186-3.rsp",
    "wycheproof/hmac_sha224_test.json",
    "wycheproof/hmac_sha256_test.json",
    "wycheproof/hmac_sha384_test.json",
    "wycheproof/hmac_sha512_224_test.json",
    "wycheproof/hmac_sha512_256_test.json",
    "wycheproof/hmac_sha512_test.json",
    "wycheproof/pbkdf2_hmacsha224_test.json",
    "wycheproof/pbkdf2_hmacsha256_test.json",
    "wycheproof/pbkdf2_hmacsha384_test.json",
    "wycheproof/pbkdf2_hmacsha512_test.json",
    "wycheproof/primality_test.json",
    "wycheproof/rsa_signature_2048_sha224_test.json",
    "wycheproof/rsa_signature_2048_sha256_test.json",
    "wycheproof/rsa_signature_2048_sha384_test.json",
    "wycheproof/rsa_signature_2048_sha512_224_test.json",
    "wycheproof/rsa_signature_2048_sha512_256_test.json",
    "wycheproof/rsa_signature_2048_sha512_test.json",
    "wycheproof/rsa_signature_3072_sha256_test.json",
    "wycheproof/rsa_signature_3072_sha384_test.json",
    "wycheproof/rsa_signature_3072_sha512_256_test.json",
    "wycheproof/rsa_signature_3072_sha512_test.json",
    "wycheproof/rsa_signature_4096_sha256_test.json",
    "wycheproof/rsa_signature_4096_sha384_test.json",
    "wycheproof/rsa_signature_4096_sha512_256_test.json",
    "wycheproof/rsa_signature_4096_sha512_test.json",
    "wycheproof/rsa_signature_8192_sha256_test.json",
    "wycheproof/rsa_signature_8192_sha384_test.json",
    "wycheproof/rsa_signature_8192_sha512_test.json",
    "jotlab/sha2-updates.json",
    "jotlab/sha2-messages.json",
    "jotlab/hmac.json",
    "jotlab/pbkdf2.json",
    "jotlab/base64url.json",
    "jotlab/rsa-blocks.json",
    "jotlab/rsa-keys.json",
    "jotlab/jws-form.json",
    "jotlab/jws-header.json",
    "jotlab/jws-choice.json",
    "jotlab/jws-strength.json",
    "jotlab/jws-signature.json",
    "jotlab/jwt-claims.json",
];

impl EmbeddedFile {
    /// Reads it.
    ///
    /// # Errors
    ///
    /// When it was changed so that it cannot be read.
    pub fn read(&self) -> Result<Suite, ReadError> {
        match formats::read(self.name, self.bytes, &|_| None)? {
            Contents::Suite(suite) => Ok(suite),
            Contents::OutOfScope(what) | Contents::Unknown(what) => {
                Err(ReadError { file: self.name.to_owned(), at: String::new(), what })
            }
        }
    }
}

/// The file of that name, such as `cavp/SHA256ShortMsg.rsp`.
pub fn embedded_file(name: &str) -> Option<&'static EmbeddedFile> {
    FILES.iter().find(|file| file.name == name)
}

/// Reads all embedded suites.
///
/// # Errors
///
/// When one was changed so that it cannot be read.
pub fn embedded() -> Result<Vec<Suite>, ReadError> {
    FILES.iter().map(EmbeddedFile::read).collect()
}

/// The errata and policies that come with the library.
///
/// # Errors
///
/// When the file was changed so that it cannot be read.
pub fn known() -> Result<Known, formats::KnownError> {
    Known::read(ERRATA)
}
