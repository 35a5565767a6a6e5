//! Base 64 (RFC 4648): the URL alphabet without padding that JOSE uses (§5, RFC 7515 §2), and the standard
//! alphabet with padding that PEM and `x5c` use (§4).
//!
//! | file | what stands there |
//! |---|---|
//! | `groups` | the standard: alphabets, groups of 24 bits, and what is refused (§3, §4) |
//! | `x86_vbmi` | the machine: 48 octets and 64 letters at once by AVX-512 VBMI |
//! | `x86_avx2` | the machine: 24 octets and 32 letters at once by AVX2 |
//! | `backend` | the choice between the portable way and the machine's ways |
//!
//! Decoding is strict: every byte string has one spelling, and only that one is taken.
//!
//! ```
//! use jotlab::base64::{self, Reason};
//!
//! assert_eq!(base64::encode_url(br#"{"alg""#), "eyJhbGci");
//! assert_eq!(base64::decode_url("A-z_4ME").unwrap(), [3, 236, 255, 224, 193]);
//!
//! let error = base64::decode_url("AB=").unwrap_err();
//! assert_eq!((error.offset, error.reason), (2, Reason::NotInAlphabet(b'=')));
//! // B is 000001: four of its bits would be lost
//! assert_eq!(base64::decode_url("AB").unwrap_err().reason, Reason::SpareBits(b'B'));
//! ```

pub mod backend;
mod groups;
#[cfg(target_arch = "x86_64")]
mod x86_avx2;
#[cfg(target_arch = "x86_64")]
mod x86_vbmi;

use backend::Backend;
pub use groups::{Group, groups};

use core::fmt;

/// Which letters stand for 62 and 63.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// `-` and `_` (RFC 4648 §5).
    Url,
    /// `+` and `/` (RFC 4648 §4).
    Standard,
}

impl Alphabet {
    const fn last_two(self) -> [u8; 2] {
        match self {
            Alphabet::Url => *b"-_",
            Alphabet::Standard => *b"+/",
        }
    }
}

/// Encodes with the URL alphabet, without padding.
pub fn encode_url(bytes: &[u8]) -> String {
    Backend::fastest().encode_url(bytes)
}

/// Decodes the URL alphabet without padding.
///
/// # Errors
///
/// On any other byte (padding and white space too), on a length of 4k + 1 letters, and on a last letter
/// whose spare bits are not zero. The offset counts bytes from the start of `text`.
#[inline(always)]
pub fn decode_url(text: impl AsRef<[u8]>) -> Result<Vec<u8>, Error> {
    Backend::fastest().decode_url(text.as_ref())
}

/// Encodes with the standard alphabet, padded with `=` to whole groups of four, in one line.
pub fn encode_standard(bytes: &[u8]) -> String {
    let mut text = encode(Backend::fastest(), Alphabet::Standard, bytes);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

/// Decodes the standard alphabet with padding, without white space.
///
/// # Errors
///
/// As [`decode_url`]; padding must be there and be right.
pub fn decode_standard(text: impl AsRef<[u8]>) -> Result<Vec<u8>, Error> {
    let text = text.as_ref();
    let padding = text.iter().rev().take(2).take_while(|&&byte| byte == b'=').count();
    let letters = &text[..text.len() - padding];
    let bytes = decode(Backend::fastest(), Alphabet::Standard, letters)?;
    if !text.len().is_multiple_of(4) {
        return Err(Error { offset: text.len(), reason: Reason::Padding });
    }
    Ok(bytes)
}

/// Encodes with the URL alphabet, without padding, to the beginning of `text`: how many letters were
/// written, ⌈4 · bytes / 3⌉ of them; nothing if there is no room for them.
///
/// ```
/// let mut text = [0; 8];
/// let length = jotlab::base64::encode_url_to(b"\x03\xec", &mut text).unwrap();
/// assert_eq!(&text[..length], b"A-w");
/// ```
#[inline]
pub fn encode_url_to(bytes: &[u8], text: &mut [u8]) -> Option<usize> {
    let text = text.get_mut(..letters_for(bytes.len()))?;
    Backend::fastest().encode(Alphabet::Url, bytes, text);
    Some(text.len())
}

/// Decodes the URL alphabet without padding to the beginning of `bytes`: how many were written, ⌊3 · letters
/// / 4⌋ of them.
///
/// # Errors
///
/// As [`decode_url`], and [`Reason::NoRoom`] if there is no room for them.
#[inline]
pub fn decode_url_to(text: impl AsRef<[u8]>, bytes: &mut [u8]) -> Result<usize, Error> {
    let text = text.as_ref();
    let needed = octets_for(text.len());
    let no_room = Error { offset: text.len(), reason: Reason::NoRoom };
    let bytes = bytes.get_mut(..needed).ok_or(no_room)?;
    Backend::fastest().decode(Alphabet::Url, text, bytes)?;
    Ok(needed)
}

/// Letters that so many octets become: ⌈4 · octets / 3⌉, so written that no length of a slice overflows.
#[inline]
#[expect(
    clippy::manual_div_ceil,
    reason = "div_ceil's steps for lengths that no slice has are seen in a short text's time"
)]
fn letters_for(octets: usize) -> usize {
    octets + (octets + 2) / 3
}

/// Octets that so many letters become: ⌊3 · letters / 4⌋.
#[inline]
fn octets_for(letters: usize) -> usize {
    letters - letters.div_ceil(4)
}

fn encode(backend: &Backend, alphabet: Alphabet, bytes: &[u8]) -> String {
    let mut text = zeros(letters_for(bytes.len()));
    backend.encode(alphabet, bytes, &mut text);
    // the test for UTF-8 asks each letter for its top bit: here it is seen to be zero, whatever the letter
    text.iter_mut().for_each(|letter| *letter &= 0x7f);
    String::from_utf8(text).unwrap_or_default()
}

#[inline(always)]
fn decode(backend: &Backend, alphabet: Alphabet, text: &[u8]) -> Result<Vec<u8>, Error> {
    let mut bytes = zeros(octets_for(text.len()));
    backend.decode(alphabet, text, &mut bytes)?;
    Ok(bytes)
}

/// So many zeros. Of the system's allocators some keep short pieces at hand, but none that they have to clear.
#[expect(clippy::slow_vector_initialization, reason = "it is the faster one for a token's parts")]
fn zeros(count: usize) -> Vec<u8> {
    let mut zeros = Vec::with_capacity(count);
    zeros.resize(count, 0);
    zeros
}

/// Why a text is not the base 64 of anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    /// Bytes from the start of the text to the one that is wrong.
    pub offset: usize,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a byte of base 64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The byte is not a letter of the alphabet (RFC 4648 §3.3).
    NotInAlphabet(u8),
    /// One letter is left over: six bits are no octet.
    LoneLetter(u8),
    /// The last letter has bits that no octet takes and that are not zero (RFC 4648 §3.5).
    SpareBits(u8),
    /// The octets do not fit in where they are to be written.
    NoRoom,
    /// The text is not padded with `=` to groups of four (RFC 4648 §3.2).
    Padding,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "base64 at offset {}: {}", self.offset, self.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NotInAlphabet(b'=') => write!(f, "padding '=' has no place here"),
            Reason::NotInAlphabet(byte) if byte.is_ascii_graphic() => {
                write!(f, "'{}' is not in the alphabet", char::from(*byte))
            }
            Reason::NotInAlphabet(byte) => write!(f, "byte 0x{byte:02x} is not in the alphabet"),
            Reason::LoneLetter(byte) => {
                write!(f, "'{}' is left over, a length of 4k + 1 letters", char::from(*byte))
            }
            Reason::SpareBits(byte) => {
                write!(
                    f,
                    "the last letter '{}' has spare bits that are not zero",
                    char::from(*byte)
                )
            }
            Reason::NoRoom => write!(f, "there is no room for the octets"),
            Reason::Padding => write!(f, "the length is not a multiple of 4"),
        }
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::groups::NO_LETTER;
    use super::*;
    use proptest::prelude::*;

    const TABLE: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    #[test]
    fn lengths_are_those_of_whole_numbers_without_end() {
        let most = isize::MAX as usize;
        for n in (0..100).chain(most - 10..=most) {
            assert_eq!(letters_for(n) as u128, (4 * n as u128).div_ceil(3));
            assert_eq!(octets_for(n) as u128, 3 * n as u128 / 4);
        }
    }

    #[test]
    fn letters_are_the_table_of_the_rfc() {
        for (sextet, &letter) in (0..).zip(TABLE) {
            assert_eq!(Alphabet::Url.letter(sextet), letter);
            assert_eq!(Alphabet::Url.value(letter), sextet);
        }
        for byte in 0..=255 {
            let expected = TABLE.iter().position(|&l| l == byte).map_or(NO_LETTER, |i| i as u8);
            assert_eq!(Alphabet::Url.value(byte), expected, "{byte}");
        }
        assert_eq!(Alphabet::Standard.letter(62), b'+');
        assert_eq!(Alphabet::Standard.value(b'/'), 63);
    }

    /// A naive judge: bit by bit.
    fn naive_decode(text: &[u8]) -> Option<Vec<u8>> {
        let mut bits = vec![];
        for byte in text {
            let value = TABLE.iter().position(|l| l == byte)?;
            bits.extend((0..6).rev().map(|i| value >> i & 1));
        }
        let (bytes, spare) = bits.as_chunks::<8>();
        let lone = spare.len() >= 6;
        (!lone && spare.iter().all(|&bit| bit == 0))
            .then(|| bytes.iter().map(|b| b.iter().fold(0, |x, bit| x << 1 | *bit as u8)).collect())
    }

    proptest! {
        #[test]
        fn encoding_is_undone_by_decoding(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(decode_url(encode_url(&bytes)).unwrap(), bytes.clone());
            prop_assert_eq!(decode_standard(encode_standard(&bytes)).unwrap(), bytes);
        }

        #[test]
        fn what_decodes_is_the_one_spelling(text in "[A-Za-z0-9_=+ -]{0,9}") {
            let decoded = decode_url(&text).ok();
            prop_assert_eq!(&decoded, &naive_decode(text.as_bytes()));
            if let Some(bytes) = decoded {
                prop_assert_eq!(encode_url(&bytes), text);
            }
        }
    }

    #[test]
    fn each_way_to_be_wrong_is_named_with_its_place() {
        let error = |text: &str| decode_url(text).unwrap_err();
        assert_eq!(error("AAAAA").reason, Reason::LoneLetter(b'A'));
        assert_eq!(error("AAAAA").offset, 4);
        assert_eq!(error("AAAAAB").reason, Reason::SpareBits(b'B'));
        assert_eq!(error("AAAAA\n").offset, 5);
        assert_eq!(error("AAA/").reason, Reason::NotInAlphabet(b'/'));
        assert_eq!(error("é").reason, Reason::NotInAlphabet(0xc3));
        let padded = |text: &str| decode_standard(text).unwrap_err();
        assert_eq!(padded("AA").reason, Reason::Padding);
        assert_eq!(padded("AA=").reason, Reason::Padding);
        assert_eq!(padded("AB==").reason, Reason::SpareBits(b'B'));
        assert_eq!(padded("A===").offset, 1);
        assert_eq!(padded("====").offset, 0);
        assert_eq!(decode_standard("AA==").unwrap(), [0]);
        assert!(decode_standard("").unwrap().is_empty());
    }
}
