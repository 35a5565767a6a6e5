//! EMSA-PKCS1-v1_5: from a digest to the encoded message (RFC 8017 §9.2).
//!
//! EM = 00 ‖ 01 ‖ PS ‖ 00 ‖ T, where PS is at least eight bytes ff and T the DER of DigestInfo: which hash,
//! and the digest. It is built, never parsed: a verifier compares it whole.

use crate::encoding::der::Tag;
use crate::sha2::{Algorithm, Digest};
use core::fmt;

/// How the AlgorithmIdentifier of DigestInfo ends (RFC 8017 §9.2 note 1, §A.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parameters {
    /// NULL: what must be written, and the only form that is taken without asking for more.
    Null,
    /// Nothing: an old mistake of some signers, which the relaxation `missing-null` takes.
    Absent,
}

/// EM of `k` bytes for a digest.
///
/// # Errors
///
/// When `k` leaves fewer than eight bytes for PS (RFC 8017 §9.2 step 3).
pub fn encode(digest: &Digest, parameters: Parameters, k: usize) -> Result<Vec<u8>, TooShort> {
    // steps 1 and 2
    let t = digest_info(digest, parameters);
    // step 3: emLen ≥ tLen + 11
    let ps = k.checked_sub(t.len() + 3).filter(|&ps| ps >= 8);
    let ps = ps.ok_or(TooShort { bytes: k, needed: t.len() + 11 })?;
    // steps 4 and 5
    let mut em = Vec::with_capacity(k);
    em.extend([0x00, 0x01]);
    em.resize(2 + ps, 0xff);
    em.push(0x00);
    em.extend(t);
    Ok(em)
}

/// T: the DER of DigestInfo ::= SEQUENCE { digestAlgorithm AlgorithmIdentifier, digest OCTET STRING }.
pub fn digest_info(digest: &Digest, parameters: Parameters) -> Vec<u8> {
    let null: &[u8] = match parameters {
        Parameters::Null => &[Tag::NULL.0, 0],
        Parameters::Absent => &[],
    };
    let (oid, digest) = (oid(digest.algorithm()), digest.as_bytes());
    // every length is below 128: a byte (X.690 §8.1.3.4)
    let algorithm = 2 + oid.len() + null.len();
    let all = 2 + algorithm + 2 + digest.len();
    let [all, algorithm, oid_bytes, digest_bytes] =
        [all, algorithm, oid.len(), digest.len()].map(|length| length as u8);
    [
        &[Tag::SEQUENCE.0, all],
        &[Tag::SEQUENCE.0, algorithm],
        &[Tag::OID.0, oid_bytes],
        &oid[..],
        null,
        &[Tag::OCTET_STRING.0, digest_bytes],
        digest,
    ]
    .concat()
}

/// id-sha… { joint-iso-itu-t(2) country(16) us(840) organization(1) gov(101) csor(3) nistAlgorithm(4)
/// hashalgs(2) x }, its content octets (RFC 8017 §B.1).
pub fn oid(algorithm: Algorithm) -> [u8; 9] {
    let x = match algorithm {
        Algorithm::Sha256 => 1,
        Algorithm::Sha384 => 2,
        Algorithm::Sha512 => 3,
        Algorithm::Sha224 => 4,
        Algorithm::Sha512_224 => 5,
        Algorithm::Sha512_256 => 6,
    };
    [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, x]
}

/// The modulus is too short for the hash ("intended encoded message length too short").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooShort {
    /// Bytes in the modulus.
    pub bytes: usize,
    /// Bytes that the hash needs.
    pub needed: usize,
}

impl fmt::Display for TooShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TooShort { bytes, needed } = self;
        write!(f, "the modulus has {bytes} bytes, this hash needs {needed} (RFC 8017 §9.2 step 3)")
    }
}

impl core::error::Error for TooShort {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_of_padding_are_enough_and_seven_are_not() {
        for algorithm in Algorithm::ALL {
            let digest = algorithm.digest(b"");
            let needed = 19 + algorithm.digest_bytes() + 11;
            let em = encode(&digest, Parameters::Null, needed).unwrap();
            assert_eq!(em[..11], [0, 1, 255, 255, 255, 255, 255, 255, 255, 255, 0]);
            let bytes = needed - 1;
            assert_eq!(encode(&digest, Parameters::Null, bytes), Err(TooShort { bytes, needed }));
            for tiny in 0..14 {
                assert!(encode(&digest, Parameters::Absent, tiny).is_err());
            }
        }
    }
}
