//! A typo in one round constant: all of them are tried, bit by bit. And the initial values of another hash.

use crate::sha2::compress::{
    State, big_sigma0, big_sigma1, ch, compress, feed_forward, maj, schedule,
};
use crate::sha2::padding::padding;
use crate::sha2::word::{W32, W64, Word};
use crate::sha2::{Algorithm, Initial};

/// The most blocks of a message that this is tried for: each costs some thousand compressions.
const MOST_BLOCKS: usize = 4;

/// Which K has which bit wrong, if that gives the digest.
pub(super) fn typo(hash: Algorithm, message: &[u8], theirs: &[u8]) -> Option<String> {
    match hash.initial() {
        Initial::Narrow(h) => find::<W32>(*h, message, theirs),
        Initial::Wide(h) => find::<W64>(*h, message, theirs),
    }
}

/// Whose initial values give the digest.
pub(super) fn initial(hash: Algorithm, message: &[u8], theirs: &[u8]) -> Option<String> {
    let is_same = |other: &Algorithm| match other.initial() {
        _ if *other == hash || other.block_bytes() != hash.block_bytes() => false,
        Initial::Narrow(h) => starts::<W32>(*h, message, theirs),
        Initial::Wide(h) => starts::<W64>(*h, message, theirs),
    };
    let other = Algorithm::ALL.into_iter().find(is_same)?;
    Some(format!("as if it began with the initial value of {other} (FIPS 180-4 §5.3)"))
}

fn starts<W: Word>(mut h: State<W>, message: &[u8], theirs: &[u8]) -> bool {
    let (blocks, tail) = W::blocks(message);
    compress::<W>(&mut h, blocks);
    compress::<W>(&mut h, padding::<W>(tail, message.len() as u128).blocks());
    bytes_of(h).starts_with(theirs)
}

fn bytes_of<W: Word>(h: State<W>) -> Vec<u8> {
    let mut digest = vec![0; 8 * size_of::<W>()];
    digest.chunks_exact_mut(size_of::<W>()).zip(h).for_each(|(chunk, word)| word.put(chunk));
    digest
}

fn find<W: Word>(initial: State<W>, message: &[u8], theirs: &[u8]) -> Option<String> {
    let (whole, tail) = W::blocks(message);
    let last = padding::<W>(tail, message.len() as u128);
    let blocks: Vec<W::Block> = whole.iter().chain(last.blocks()).copied().collect();
    if blocks.len() > MOST_BLOCKS {
        return None;
    }
    let schedules: Vec<W::Schedule> = blocks.iter().map(schedule::<W>).collect();
    let bits = 8 * size_of::<W>();
    let one = !W::default() >> (bits - 1);
    for t in 0..W::K.as_ref().len() {
        for bit in 0..bits {
            // the bit of that place: 1 turned round
            let wrong = one.rotr((bits - bit) as u32 % bits as u32);
            let mut h = initial;
            for w in &schedules {
                let working = rounds::<W>(h, w, t, wrong);
                feed_forward(&mut h, working);
            }
            if bytes_of(h).starts_with(theirs) {
                return Some(format!(
                    "as if bit {bit} of K[{t}] was wrong (typo-in-k, FIPS 180-4 §4.2)"
                ));
            }
        }
    }
    None
}

/// The rounds with one constant changed.
fn rounds<W: Word>(state: State<W>, w: &W::Schedule, at: usize, wrong: W) -> State<W> {
    let mut state = state;
    for (t, (&k_t, &w_t)) in W::K.as_ref().iter().zip(w.as_ref()).enumerate() {
        let [a, b, c, d, e, f, g, h] = state;
        let k_t = if t == at { k_t ^ wrong } else { k_t };
        let t1 = h + big_sigma1(e) + ch(e, f, g) + k_t + w_t;
        let t2 = big_sigma0(a) + maj(a, b, c);
        state = [t1 + t2, a, b, c, d + t1, e, f, g];
    }
    state
}
