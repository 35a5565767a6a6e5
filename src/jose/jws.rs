//! A JWS as it was received (RFC 7515 §7): parsed, and nothing believed yet.
//!
//! Stages: [`Jws`] → [`Bound`](super::Bound) to a key and an algorithm → [`Verified`](super::Verified) →
//! accepted claims. Each is reachable only through the one before.

use super::header::{Header, PayloadForm};
use super::malformed::{Malformed, Part, Reason};
use super::relaxation::{Relaxation, Relaxations};
use crate::base64;
use memchr::memchr_iter;
use std::borrow::Cow;

/// The most bytes of a token in any serialization.
pub const MAX_TOKEN_BYTES: usize = 1 << 20;
/// The most signatures in a general serialization.
pub const MAX_SIGNATURES: usize = 64;

/// A parsed JWS: a payload and one signature or more. Texts of a compact token stay where they are.
#[derive(Clone, Debug)]
pub struct Jws<'t> {
    pub(super) payload: Payload<'t>,
    pub(super) signatures: Vec<Signature<'t>>,
    /// What was signed, where the token has it in one piece.
    pub(super) signed: Option<&'t [u8]>,
    pub(super) relaxed: Relaxations,
}

/// The payload in the form in which it was signed.
#[derive(Clone, Debug)]
pub(super) enum Payload<'t> {
    /// Its base64url text as received, and what that says.
    Encoded { text: Cow<'t, str>, bytes: Vec<u8> },
    /// Its bytes (RFC 7797).
    Raw(Cow<'t, [u8]>),
    /// It travels apart (RFC 7515 appendix F).
    Detached(PayloadForm),
}

/// One signature with its headers.
#[derive(Clone, Debug)]
pub struct Signature<'t> {
    pub(super) header: Header,
    /// The base64url text of the protected header as received: these bytes were signed.
    pub(super) protected: Cow<'t, str>,
    pub(super) bytes: Vec<u8>,
}

impl Signature<'_> {
    /// Its joined header. Not verified: what it says may be anybody's words.
    pub fn unverified_header(&self) -> &Header {
        &self.header
    }
}

impl<'t> Jws<'t> {
    /// Parses the compact serialization (RFC 7515 §7.1): three base64url parts with points between, the
    /// middle one empty for detached content.
    ///
    /// # Errors
    ///
    /// On anything else, with the offset in `token`.
    pub fn compact(token: &'t str) -> Result<Jws<'t>, Malformed> {
        Self::compact_with(token, Relaxations::none())
    }

    /// The same, letting `base64-padding` pass if it is allowed.
    ///
    /// # Errors
    ///
    /// As [`compact`](Jws::compact).
    pub fn compact_with(token: &'t str, relaxations: Relaxations) -> Result<Jws<'t>, Malformed> {
        let [protected, payload, signature] = Self::split(token)?;
        let mut reader = PartReader::new(relaxations);
        let header = reader.decode(Part::Header, 0, protected)?;
        // matched, not mapped: a result that was just written is not moved once more (docs/performance.md)
        let header = match Header::parse(header) {
            Ok(header) => header,
            Err(error) => return Err(Malformed::header(error)),
        };
        let payload_at = protected.len() + 1;
        let payload = reader.payload(payload_at, payload, header.payload_form())?;
        let signature_at = token.len() - signature.len();
        let bytes = reader.decode(Part::Signature, signature_at, signature)?;
        let signature = Signature { header, protected: protected.into(), bytes };
        // RFC 7515 §5.1 step 5: everything before the last point
        let signed = Some(&token.as_bytes()[..signature_at - 1]);
        Ok(Jws { payload, signatures: vec![signature], signed, relaxed: reader.relaxed })
    }

    /// The texts of the three parts of a compact token: header, payload, signature (RFC 7515 §7.1).
    ///
    /// # Errors
    ///
    /// When there are not three, or the token is longer than [`MAX_TOKEN_BYTES`].
    pub fn split(token: &str) -> Result<[&str; 3], Malformed> {
        check_length(token)?;
        split(token)
    }

    /// Parses the JSON serialization, flattened or general (RFC 7515 §7.2).
    ///
    /// # Errors
    ///
    /// When it is not strict JSON of that form. Offsets count from the start of the part that is wrong.
    pub fn json(token: &str) -> Result<Jws<'static>, Malformed> {
        Self::json_with(token, Relaxations::none())
    }

    /// The same, letting what is allowed by name pass.
    ///
    /// # Errors
    ///
    /// As [`json`](Jws::json).
    pub fn json_with(token: &str, relaxations: Relaxations) -> Result<Jws<'static>, Malformed> {
        check_length(token)?;
        super::json_serialization::parse(token, relaxations)
    }

    /// Parses whichever serialization it is: JSON if it begins with `{`.
    ///
    /// # Errors
    ///
    /// As [`compact`](Jws::compact) and [`json`](Jws::json).
    pub fn parse(token: &'t str, relaxations: Relaxations) -> Result<Jws<'t>, Malformed> {
        if token.trim_start().starts_with('{') {
            Self::json_with(token, relaxations)
        } else {
            Self::compact_with(token, relaxations)
        }
    }

    /// The signatures in their order.
    pub fn signatures(&self) -> &[Signature<'t>] {
        &self.signatures
    }

    /// Whether the payload may travel apart: there is none, or an empty one, which the compact form cannot
    /// tell from none.
    pub fn is_detached(&self) -> bool {
        match &self.payload {
            Payload::Detached(_) => true,
            Payload::Encoded { bytes, .. } => bytes.is_empty(),
            Payload::Raw(bytes) => bytes.is_empty(),
        }
    }

    /// Puts the payload back that travelled apart.
    ///
    /// # Errors
    ///
    /// When the token has a payload of its own.
    pub fn with_payload(mut self, bytes: Vec<u8>) -> Result<Jws<'t>, Malformed> {
        if !self.is_detached() {
            let reason = Reason::Structure("the token has a payload of its own");
            return Err(Malformed { part: Part::Payload, offset: 0, reason });
        }
        self.signed = None;
        self.payload = match self.payload {
            Payload::Detached(PayloadForm::Raw) | Payload::Raw(_) => Payload::Raw(bytes.into()),
            Payload::Detached(PayloadForm::Encoded) | Payload::Encoded { .. } => {
                Payload::Encoded { text: base64::encode_url(&bytes).into(), bytes }
            }
        };
        Ok(self)
    }

    /// The same with texts of its own, to outlive the token.
    pub fn into_owned(self) -> Jws<'static> {
        let payload = match self.payload {
            Payload::Encoded { text, bytes } => {
                Payload::Encoded { text: text.into_owned().into(), bytes }
            }
            Payload::Raw(bytes) => Payload::Raw(bytes.into_owned().into()),
            Payload::Detached(form) => Payload::Detached(form),
        };
        let owned = |Signature { header, protected, bytes }: Signature<'_>| Signature {
            header,
            protected: protected.into_owned().into(),
            bytes,
        };
        let signatures = self.signatures.into_iter().map(owned).collect();
        Jws { payload, signatures, signed: None, relaxed: self.relaxed }
    }
}

/// Decodes parts of a token and keeps what had to be let pass.
#[derive(Debug)]
pub struct PartReader {
    pub(super) relaxations: Relaxations,
    pub(super) relaxed: Relaxations,
}

impl PartReader {
    /// A reader that lets these pass.
    pub fn new(relaxations: Relaxations) -> Self {
        PartReader { relaxations, relaxed: Relaxations::none() }
    }

    /// The relaxations that were needed so far.
    pub fn relaxed(&self) -> Relaxations {
        self.relaxed
    }

    /// The bytes of a part (RFC 7515 §2) that begins at this offset of the token.
    ///
    /// # Errors
    ///
    /// When it is not base64url, with the offset in the token.
    #[inline(always)]
    pub fn decode(&mut self, part: Part, at: usize, text: &str) -> Result<Vec<u8>, Malformed> {
        let letters = self.letters(text);
        // matched, not mapped, as in compact_with
        match base64::decode_url(letters) {
            Ok(bytes) => Ok(bytes),
            Err(error) => Err(Malformed::base64(part, at, error)),
        }
    }

    /// The letters of a part, without padding if that may pass.
    fn letters<'p>(&mut self, text: &'p str) -> &'p str {
        let mut letters = text;
        if self.relaxations.allows(Relaxation::Base64Padding) && text.len().is_multiple_of(4) {
            letters = text.strip_suffix("==").or(text.strip_suffix('=')).unwrap_or(text);
            if letters != text {
                self.relaxed.allow(Relaxation::Base64Padding);
            }
        }
        letters
    }

    #[inline(always)]
    pub(super) fn payload<'p>(
        &mut self,
        at: usize,
        text: &'p str,
        form: PayloadForm,
    ) -> Result<Payload<'p>, Malformed> {
        match form {
            PayloadForm::Encoded => {
                let bytes = self.decode(Part::Payload, at, text)?;
                Ok(Payload::Encoded { text: text.into(), bytes })
            }
            PayloadForm::Raw => Ok(Payload::Raw(text.as_bytes().into())),
        }
    }
}

fn check_length(token: &str) -> Result<(), Malformed> {
    if token.len() <= MAX_TOKEN_BYTES {
        return Ok(());
    }
    Err(Malformed {
        part: Part::Token,
        offset: MAX_TOKEN_BYTES,
        reason: Reason::TooLong(token.len()),
    })
}

/// Three parts (RFC 7515 §7.1), or what the token looks like instead.
fn split(token: &str) -> Result<[&str; 3], Malformed> {
    let token_error = |offset, reason| {
        Err(Malformed { part: Part::Token, offset, reason: Reason::Structure(reason) })
    };
    if token.is_empty() {
        return token_error(0, "it is empty");
    }
    if token.trim_start().starts_with('{') {
        return token_error(
            0,
            "it looks like a JSON serialization where the compact one is expected",
        );
    }
    let mut points = memchr_iter(b'.', token.as_bytes());
    let (Some(first), Some(second)) = (points.next(), points.next()) else {
        return token_error(token.len(), "it has fewer than three parts");
    };
    match points.next() {
        None => Ok([&token[..first], &token[first + 1..second], &token[second + 1..]]),
        Some(third) if points.count() == 1 => {
            token_error(third, "it has five parts: it looks like a JWE, which is encrypted")
        }
        Some(third) => token_error(third, "it has more than three parts"),
    }
}
