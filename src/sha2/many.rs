//! Many messages at once: each takes a lane of the machine's way, and the next message in order takes the
//! lane that falls free. Lanes are compressed in step, as far as the shortest of them goes.
//!
//! A last message much longer than the others runs alone at its end: no way shares one chain of blocks.

use super::backend::{MAX_LANES, Ways};
use super::compress::State;
use super::padding::{Padding, padding};

/// The hash values of messages that all go on from `initial`, which `bytes` bytes (whole blocks) led to; in
/// the order of the messages.
pub(super) fn finish_each<'m, W: Ways>(
    way: W::Way,
    initial: State<W>,
    bytes: u128,
    messages: impl ExactSizeIterator<Item = &'m [u8]>,
) -> Vec<State<W>> {
    let mut finished = vec![initial; messages.len()];
    let mut waiting =
        messages.enumerate().map(|(i, message)| Lane::<W>::new(i, initial, bytes, message));
    let mut lanes: Vec<Lane<W>> = waiting.by_ref().take(W::lanes(way)).collect();
    while !lanes.is_empty() {
        step(way, &mut lanes);
        let mut i = 0;
        while i < lanes.len() {
            if !lanes[i].run().is_empty() {
                i += 1;
                continue;
            }
            finished[lanes[i].place] = lanes[i].h;
            match waiting.next() {
                Some(next) => lanes[i] = next,
                None => drop(lanes.swap_remove(i)),
            }
        }
    }
    finished
}

/// One message on its way through.
struct Lane<'m, W: Ways> {
    /// Which of the messages.
    place: usize,
    h: State<W>,
    /// What is left of the message's whole blocks.
    whole: &'m [W::Block],
    /// What follows.
    padding: Padding<W>,
    /// How many of its blocks are behind.
    padded: usize,
}

impl<'m, W: Ways> Lane<'m, W> {
    #[inline]
    fn new(place: usize, h: State<W>, bytes_before: u128, message: &'m [u8]) -> Self {
        let (whole, tail) = W::blocks(message);
        let padding = padding::<W>(tail, bytes_before + message.len() as u128);
        Lane { place, h, whole, padding, padded: 0 }
    }

    /// The blocks that stand one behind the other here: the message's, then the padding's. None at the end.
    #[inline]
    fn run(&self) -> &[W::Block] {
        if self.whole.is_empty() { &self.padding.blocks()[self.padded..] } else { self.whole }
    }

    /// Leaves `count` blocks of the run behind.
    #[inline]
    fn advance(&mut self, count: usize) {
        if self.whole.is_empty() {
            self.padded += count;
        } else {
            self.whole = &self.whole[count..];
        }
    }
}

/// Compresses as many blocks as all lanes have.
fn step<W: Ways>(way: W::Way, lanes: &mut [Lane<W>]) {
    let count = lanes.iter().map(|lane| lane.run().len()).min().unwrap_or(0);
    let mut h = [[W::default(); 8]; MAX_LANES];
    let mut blocks: [&[W::Block]; MAX_LANES] = [&[]; MAX_LANES];
    for ((lane, h), blocks) in lanes.iter().zip(&mut h).zip(&mut blocks) {
        *h = lane.h;
        *blocks = &lane.run()[..count];
    }
    W::compress_each(way, &mut h[..lanes.len()], &blocks[..lanes.len()]);
    for (lane, h) in lanes.iter_mut().zip(h) {
        lane.h = h;
        lane.advance(count);
    }
}

#[cfg(test)]
mod tests {
    use crate::sha2::backend::Backend;
    use crate::sha2::{Algorithm, Digest, Hasher};
    use proptest::prelude::*;

    /// One after the other.
    fn alone(begun: &Hasher, message: &[u8]) -> Digest {
        let mut hasher = begun.clone();
        hasher.update(message);
        hasher.finish()
    }

    proptest! {
        /// Lengths from nothing to many blocks, in any order, behind any beginning.
        #[test]
        fn many_give_what_each_gives_alone(
            lengths in prop::collection::vec(prop_oneof![0_usize..300, 0_usize..3000], 0..40),
            begin in prop_oneof![Just(0_usize), Just(64), Just(128), 0_usize..200],
            first in any::<u8>(),
        ) {
            let bytes: Vec<u8> = (0..=255).map(|i| first.wrapping_mul(i).wrapping_add(i)).collect();
            let messages: Vec<Vec<u8>> =
                lengths.iter().map(|&n| bytes.iter().copied().cycle().take(n).collect()).collect();
            for backend in Backend::all() {
                for algorithm in Algorithm::ALL {
                    let mut begun = Hasher::with_backend(algorithm, backend);
                    begun.update(&bytes[..begin]);
                    let each: Vec<Digest> = messages.iter().map(|m| alone(&begun, m)).collect();
                    prop_assert_eq!(begun.finish_each(&messages), each, "{}", backend.name);
                }
            }
        }
    }
}
