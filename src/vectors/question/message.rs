//! Messages of a hash, and how they are fed.

/// A message, as the ways in which it can be fed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Whole bytes.
    Bytes(Vec<u8>),
    /// So many bits: the last byte counts from its top, as far as it counts.
    Bits(Vec<u8>, u64),
    /// A piece again and again, `bytes` bytes in all: fed as a stream, it needs no memory.
    Repeated {
        /// The piece.
        piece: Vec<u8>,
        /// Bytes of the whole message.
        bytes: u64,
    },
    /// Pieces in this order, each by one call.
    Chunks(Vec<Vec<u8>>),
}

/// How a Monte Carlo step makes its message from the last three digests A, B, C (SHAVS §6.4, ACVP §6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    /// A ‖ B ‖ C.
    Standard,
    /// A ‖ B ‖ C, cut or filled with zeros to the length of the first seed.
    Alternate,
}

impl Message {
    /// Feeds it, call by call.
    pub fn feed(&self, mut update: impl FnMut(&[u8])) {
        match self {
            Message::Bytes(bytes) => update(bytes),
            // the last part of a byte is not fed: it goes with the end
            Message::Bits(bytes, bits) => update(&bytes[..(bits / 8) as usize]),
            Message::Chunks(chunks) => chunks.iter().for_each(|chunk| update(chunk)),
            Message::Repeated { piece, bytes } if !piece.is_empty() => {
                // whole pieces up to about 64 KiB, so that one of a byte is not slow
                let piece = piece.repeat(65_536_usize.div_ceil(piece.len()));
                let mut left = *bytes;
                while left > 0 {
                    let length = left.min(piece.len() as u64);
                    update(&piece[..length as usize]);
                    left -= length;
                }
            }
            Message::Repeated { .. } => {}
        }
    }
}

impl Chain {
    /// The word of ACVP's `mctVersion`.
    pub fn name(self) -> &'static str {
        match self {
            Chain::Standard => "standard",
            Chain::Alternate => "alternate",
        }
    }
}
