//! Many messages at once: each takes a lane of the machine's way, and the next message in order takes the
//! lane that falls free. Lanes are compressed in step, as far as the shortest of them goes.
//!
//! A last message much longer than the others runs alone at its end: no way shares one chain of blocks.

use super::compress::State;
use super::midstate::Value;
use super::padding::{LastBits, Padding};
use super::ways::{MAX_LANES, Ways};

/// The hash values of messages that all go on from one; in the order of the messages.
pub(super) fn finish_each<'m, W: Ways>(
    begun: &Value<W>,
    messages: impl ExactSizeIterator<Item = &'m [u8]>,
) -> Vec<State<W>> {
    let mut finished = vec![begun.h; messages.len()];
    // lane by lane: what flows into it, and its hash value
    let mut feeds = vec![Feed::nothing(); W::lanes(begun.way).min(messages.len())];
    let mut h = [begun.h; MAX_LANES];
    let mut waiting = messages.enumerate();
    for (feed, (place, message)) in feeds.iter_mut().zip(&mut waiting) {
        feed.set(place, begun.bytes, message);
    }
    while !feeds.is_empty() {
        let running = &mut h[..feeds.len()];
        step(begun.way, running, &mut feeds);
        for i in (0..feeds.len()).rev() {
            if !feeds[i].run().is_empty() {
                continue;
            }
            finished[feeds[i].place] = h[i];
            h[i] = begun.h;
            if let Some((place, message)) = waiting.next() {
                feeds[i].set(place, begun.bytes, message);
            } else {
                h.swap(i, feeds.len() - 1);
                feeds.swap_remove(i);
            }
        }
    }
    finished
}

/// Compresses as many blocks as all feeds have.
fn step<W: Ways>(way: W::Way, h: &mut [State<W>], feeds: &mut [Feed<W>]) {
    let count = feeds.iter().map(|feed| feed.run().len()).min().unwrap_or(0);
    let mut blocks: [&[W::Block]; MAX_LANES] = [&[]; MAX_LANES];
    for (feed, blocks) in feeds.iter().zip(&mut blocks) {
        *blocks = &feed.run()[..count];
    }
    W::compress_each(way, h, &blocks[..feeds.len()]);
    feeds.iter_mut().for_each(|feed| feed.advance(count));
}

/// What is left of one message: at first nothing.
#[derive(Clone)]
struct Feed<'m, W: Ways> {
    /// Which of the messages.
    place: usize,
    /// Its whole blocks.
    whole: &'m [W::Block],
    /// What follows.
    padding: Padding<W>,
    /// How many blocks of that are behind.
    padded: usize,
}

impl<'m, W: Ways> Feed<'m, W> {
    fn nothing() -> Self {
        Feed { place: 0, whole: &[], padding: Padding::default(), padded: 0 }
    }

    /// A message begins.
    #[inline]
    fn set(&mut self, place: usize, bytes_before: u128, message: &'m [u8]) {
        let (whole, tail) = W::blocks(message);
        self.padding.set(tail, bytes_before + message.len() as u128, LastBits::NONE);
        (self.place, self.whole, self.padded) = (place, whole, 0);
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

#[cfg(test)]
mod tests {
    use crate::sha2::backend::Backend;
    use crate::sha2::{Algorithm, Digest, Hasher, Midstate};
    use proptest::prelude::*;

    /// One after the other.
    fn alone(begun: &Midstate, message: &[u8]) -> Digest {
        let mut hasher = Hasher::behind(begun);
        hasher.update(message);
        hasher.finish()
    }

    proptest! {
        /// Lengths from nothing to many blocks, in any order, behind any beginning.
        #[test]
        fn many_give_what_each_gives_alone(
            lengths in prop::collection::vec(prop_oneof![0_usize..300, 0_usize..3000], 0..40),
            begin in prop_oneof![Just(0_usize), Just(128)],
            first in any::<u8>(),
        ) {
            let bytes: Vec<u8> = (0..=255).map(|i| first.wrapping_mul(i).wrapping_add(i)).collect();
            let messages: Vec<Vec<u8>> =
                lengths.iter().map(|&n| bytes.iter().copied().cycle().take(n).collect()).collect();
            for backend in Backend::all() {
                for algorithm in Algorithm::ALL {
                    let begun = Midstate::with_backend(algorithm, backend);
                    let begun = begun.after(&bytes[..begin]).unwrap();
                    let each: Vec<Digest> = messages.iter().map(|m| alone(&begun, m)).collect();
                    prop_assert_eq!(begun.finish_each(&messages), each, "{}", backend.name);
                }
            }
        }
    }
}
