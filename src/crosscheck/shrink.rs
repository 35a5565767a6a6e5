//! The smallest input that still disagrees: lengths ascending, then bytes towards 00, then the key.
//!
//! An input whose parts belong together (a token and its signature) is left as it is.

mod part;

use crate::vectors::Request;
use part::Part;

/// Lengths up to this are all tried, from the smallest.
const EVERY_LENGTH: usize = 16_384;
/// Requests that are asked at once: many where many are needed, few at first, for most faults show at once.
const AT_ONCE: usize = 512;

/// Whether each of many requests disagrees.
type Disagree<'d> = &'d mut dyn FnMut(&[Request]) -> Vec<bool>;

/// A request that disagrees and is as small as this finds one.
pub fn shrink(request: &Request, disagree: &mut dyn FnMut(&[Request]) -> Vec<bool>) -> Request {
    let mut smallest = request.clone();
    for part in [Part::Message, Part::Key] {
        if let Some(bytes) = part.of(&smallest) {
            let mut effort = Effort { request: smallest.clone(), part, disagree };
            let bytes = effort.smallest(bytes);
            smallest = part.with(&smallest, bytes);
        }
    }
    smallest
}

/// One part of a request that is made smaller.
struct Effort<'r> {
    request: Request,
    part: Part,
    disagree: Disagree<'r>,
}

impl Effort<'_> {
    fn smallest(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        // what depends on the length alone needs no other content
        let plain = vec![self.filler(); bytes.len()];
        if self.first(core::slice::from_ref(&plain)).is_some() {
            bytes = plain;
        }
        bytes = self.beginning(bytes);
        bytes = self.end(bytes);
        bytes = self.plainer(bytes);
        bytes = self.without_pieces(bytes);
        self.lower(bytes)
    }

    fn filler(&self) -> u8 {
        if matches!(self.request, Request::Base64UrlDecode { .. }) { b'A' } else { 0 }
    }

    fn is_plain(&self, bytes: &[u8]) -> bool {
        bytes.iter().all(|&byte| byte == self.filler())
    }

    /// The first of some that disagrees.
    fn first(&mut self, tries: &[Vec<u8>]) -> Option<usize> {
        let requests: Vec<Request> =
            tries.iter().map(|bytes| self.part.with(&self.request, bytes.clone())).collect();
        (self.disagree)(&requests).iter().position(|&disagrees| disagrees)
    }

    /// The first of many that disagrees: a few are asked at first, then more at once.
    fn first_of_many(
        &mut self,
        lengths: &[usize],
        cut: &dyn Fn(usize) -> Vec<u8>,
    ) -> Option<Vec<u8>> {
        let (mut rest, mut at_once) = (lengths, 8);
        while !rest.is_empty() {
            let (some, others) = rest.split_at(rest.len().min(at_once));
            let mut tries: Vec<Vec<u8>> = some.iter().map(|&length| cut(length)).collect();
            if let Some(at) = self.first(&tries) {
                return Some(tries.swap_remove(at));
            }
            (rest, at_once) = (others, (at_once * 2).min(AT_ONCE));
        }
        None
    }

    /// The shortest beginning that disagrees.
    fn beginning(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        let cut = |length: usize| bytes[..length].to_vec();
        self.first_of_many(&lengths(bytes.len()), &cut).unwrap_or(bytes)
    }

    /// The shortest end that disagrees.
    fn end(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        if self.is_plain(&bytes) {
            return bytes;
        }
        let cut = |length: usize| bytes[bytes.len() - length..].to_vec();
        self.first_of_many(&lengths(bytes.len()), &cut).unwrap_or(bytes)
    }

    /// As many zeros as the disagreement bears: in halves, quarters, and so on to single bytes.
    fn plainer(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        let mut piece = bytes.len().next_power_of_two();
        while piece > 0 {
            for start in (0..bytes.len()).step_by(piece) {
                let end = bytes.len().min(start + piece);
                if self.is_plain(&bytes[start..end]) {
                    continue;
                }
                let mut plain = bytes.clone();
                plain[start..end].fill(self.filler());
                if self.first(core::slice::from_ref(&plain)).is_some() {
                    bytes = plain;
                }
            }
            piece /= 2;
        }
        bytes
    }

    /// Pieces are taken out of the middle, the large ones first.
    fn without_pieces(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        let mut piece = bytes.len() / 2;
        while piece > 0 && !self.is_plain(&bytes) {
            let mut start = 0;
            while start + piece <= bytes.len() {
                let shorter = [&bytes[..start], &bytes[start + piece..]].concat();
                if self.first(core::slice::from_ref(&shorter)).is_some() {
                    bytes = shorter;
                } else {
                    start += piece;
                }
            }
            piece /= 2;
        }
        bytes
    }

    /// What remains goes down to its smallest value.
    fn lower(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        for at in 0..bytes.len() {
            if bytes[at] == self.filler() {
                continue;
            }
            let mut smaller: Vec<Vec<u8>> = vec![bytes.clone(); usize::from(bytes[at])];
            smaller.iter_mut().zip(0..).for_each(|(bytes, value)| bytes[at] = value);
            if let Some(found) = self.first(&smaller) {
                bytes = smaller.swap_remove(found);
            }
        }
        bytes
    }
}

/// Lengths below one that disagrees, ascending.
fn lengths(length: usize) -> Vec<usize> {
    if length <= EVERY_LENGTH {
        return (0..length).collect();
    }
    // all short ones, and those that are the same to a block as the failing one
    let same = |other: &usize| other % 128 == length % 128 || other.is_power_of_two();
    (0..EVERY_LENGTH).chain((EVERY_LENGTH..length).filter(same)).collect()
}
