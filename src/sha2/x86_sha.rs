//! SHA-256 by the SHA extensions of x86, for one message or several side by side (FIPS 180-4 §6.2.2).
//!
//! Method: Intel, "Intel SHA Extensions" (Gulley et al., 2013). The processor keeps the eight working
//! variables in two registers, and two instructions do what `compress` spells out:
//!
//! | register | lanes, highest first | |
//! |---|---|---|
//! | `abef` | a b e f | what a round makes anew, and what follows it |
//! | `cdgh` | c d g h | the same two rounds ago: after two rounds the old abef *is* the new cdgh |
//! | `w[i]` | W[t+3] W[t+2] W[t+1] W[t] | four words of the schedule; four registers hold the last 16 |
//!
//! `sha256rnds2` makes two rounds of the two lowest lanes of W + K. `sha256msg1` adds σ0 of the word
//! behind to each of four words, `sha256msg2` adds σ1, two of whose inputs are words that it has just made.
//!
//! **The limit.** A block is a chain of 32 `sha256rnds2`, each of which waits for the one before: four
//! cycles each, so 128 a block or two a byte, whatever stands beside it. A second message has a chain of its
//! own that fills the gaps. [`compress`] takes a block of each of N messages in turn; two or three reach what
//! the unit can do, a `sha256rnds2` every two cycles. Four need more registers than there are.
//!
//! There is no second table of K, and no bound to keep: additions are modulo 2³².

use super::compress::State;
use super::constants::K32;
use super::word::W32;
use crate::cpu::ShaNi;
use crate::cpu::x86_lanes::{load, store};
use core::arch::x86_64::{
    __m128i, _mm_add_epi32, _mm_alignr_epi8, _mm_blend_epi16, _mm_set_epi64x, _mm_setzero_si128,
    _mm_sha256msg1_epu32, _mm_sha256msg2_epu32, _mm_sha256rnds2_epu32, _mm_shuffle_epi8,
    _mm_shuffle_epi32,
};

/// The most messages side by side: a fourth would cost the streams their registers and gain nothing
/// (docs/performance.md).
pub(super) const MAX_STREAMS: usize = 3;

/// Takes the blocks of any number of messages into their hash values, as many side by side as there is room
/// for; all of them have the same number of blocks.
#[inline]
pub(super) fn compress_each(proof: ShaNi, h: &mut [State<W32>], blocks: &[&[[u8; 64]]]) {
    let ((threes, h), (of_threes, blocks)) =
        (h.as_chunks_mut::<MAX_STREAMS>(), blocks.as_chunks::<MAX_STREAMS>());
    let ((twos, ones), (of_twos, of_ones)) = (h.as_chunks_mut::<2>(), blocks.as_chunks::<2>());
    for (h, blocks) in threes.iter_mut().zip(of_threes) {
        compress(proof, h.each_mut(), [*blocks], None);
    }
    twos.iter_mut().zip(of_twos).for_each(|(h, b)| compress(proof, h.each_mut(), [*b], None));
    ones.iter_mut().zip(of_ones).for_each(|(h, b)| compress(proof, [h], [[b]], None));
}

/// Replaces each of any number of hash values by that of the message which it is itself.
#[inline]
pub(super) fn nest_each(proof: ShaNi, h: &mut [State<W32>], outer: Outer<'_>) {
    let (threes, h) = h.as_chunks_mut::<MAX_STREAMS>();
    let (twos, ones) = h.as_chunks_mut::<2>();
    threes.iter_mut().for_each(|h| compress(proof, h.each_mut(), [], Some(outer)));
    twos.iter_mut().for_each(|h| compress(proof, h.each_mut(), [], Some(outer)));
    ones.iter_mut().for_each(|h| compress(proof, [h], [], Some(outer)));
}

/// A hash whose message is the hash value of another, as it is the outer one of HMAC: then the words need not
/// become bytes, to be read as words again.
#[derive(Clone, Copy)]
pub(super) struct Outer<'a> {
    /// Its hash value before that.
    pub(super) h: &'a State<W32>,
    /// Bits of its message, with the 256 of the hash value.
    pub(super) bits: u64,
}

/// Takes the blocks of N messages into their N hash values, side by side: as many of each as the shortest
/// has; then those of the next run; at last what each has become into a hash value of its own of [`Outer`].
#[inline]
#[expect(unsafe_code, reason = "the one call into instructions that not every machine has")]
pub(super) fn compress<const N: usize, const RUNS: usize>(
    _proof: ShaNi,
    h: [&mut State<W32>; N],
    runs: [[&[[u8; 64]]; N]; RUNS],
    outer: Option<Outer<'_>>,
) {
    // SAFETY: ShaNi is made only where the processor has both features of `side_by_side`
    unsafe { side_by_side(h, runs, outer) }
}

#[target_feature(enable = "sha,avx")]
fn side_by_side<const N: usize, const RUNS: usize>(
    h: [&mut State<W32>; N],
    runs: [[&[[u8; 64]]; N]; RUNS],
    outer: Option<Outer<'_>>,
) {
    let mut streams = [Stream::empty(); N];
    for (stream, h) in streams.iter_mut().zip(&h) {
        stream.take_h(h);
    }
    for run in runs {
        let count = run.iter().map(|blocks| blocks.len()).min().unwrap_or(0);
        for i in 0..count {
            for (stream, blocks) in streams.iter_mut().zip(run) {
                stream.take_block(&blocks[i]);
            }
            compress_words(&mut streams);
        }
    }
    if let Some(outer) = outer {
        streams.iter_mut().for_each(|stream| stream.nest(outer));
        compress_words(&mut streams);
    }
    for (stream, h) in streams.iter().zip(h) {
        stream.give_h(h);
    }
}

/// Takes into each hash value the block whose words are there (FIPS 180-4 §6.2.2).
#[inline]
#[target_feature(enable = "sha,avx")]
fn compress_words<const N: usize>(streams: &mut [Stream; N]) {
    let (k, _) = K32.as_chunks::<4>();
    let before = *streams;
    // rounds 0 to 47 also make the schedule of 16 to 63; the last 16 have nothing left to make
    for quarter in k[..12].as_chunks::<4>().0 {
        for (i, k) in quarter.iter().enumerate() {
            let k = load(k);
            for stream in &mut *streams {
                stream.rounds(i, k);
                stream.extend(i);
            }
        }
    }
    for (i, k) in k[12..].iter().enumerate() {
        let k = load(k);
        streams.iter_mut().for_each(|stream| stream.rounds(i, k));
    }
    for (stream, before) in streams.iter_mut().zip(before) {
        stream.feed_forward(&before);
    }
}

/// One message in registers.
#[derive(Clone, Copy)]
struct Stream {
    abef: __m128i,
    cdgh: __m128i,
    /// The last 16 words of the schedule.
    w: [__m128i; 4],
}

impl Stream {
    #[inline]
    #[target_feature(enable = "sse2")]
    fn empty() -> Stream {
        let zero = _mm_setzero_si128();
        Stream { abef: zero, cdgh: zero, w: [zero; 4] }
    }

    #[inline]
    #[target_feature(enable = "sha,avx")]
    fn take_h(&mut self, h: &State<W32>) {
        let (halves, _) = h.as_chunks::<4>();
        let badc = _mm_shuffle_epi32::<0b10_11_00_01>(load(&halves[0]));
        let efgh = _mm_shuffle_epi32::<0b00_01_10_11>(load(&halves[1]));
        self.abef = _mm_alignr_epi8::<8>(badc, efgh);
        self.cdgh = _mm_blend_epi16::<0b1111_0000>(efgh, badc);
    }

    #[inline]
    #[target_feature(enable = "sha,avx")]
    fn give_h(&self, h: &mut State<W32>) {
        let (halves, _) = h.as_chunks_mut::<4>();
        let [first, second] = self.h();
        store(&mut halves[0], first);
        store(&mut halves[1], second);
    }

    /// The hash value: a b c d, lowest lane first, and e f g h.
    #[inline]
    #[target_feature(enable = "sha,avx")]
    fn h(&self) -> [__m128i; 2] {
        let feba = _mm_shuffle_epi32::<0b00_01_10_11>(self.abef);
        let dchg = _mm_shuffle_epi32::<0b10_11_00_01>(self.cdgh);
        [_mm_blend_epi16::<0b1111_0000>(feba, dchg), _mm_alignr_epi8::<8>(dchg, feba)]
    }

    /// The block that the hash value is as a message, with its padding (FIPS 180-4 §5.1.1).
    #[inline]
    #[target_feature(enable = "sha,avx")]
    fn nest(&mut self, outer: Outer<'_>) {
        let [first, second] = self.h();
        let one_bit = _mm_set_epi64x(0, 0x8000_0000);
        let length = _mm_set_epi64x(outer.bits.rotate_left(32).cast_signed(), 0);
        self.take_h(outer.h);
        self.w = [first, second, one_bit, length];
    }

    /// The first 16 words of the schedule: the block's own, most significant byte first.
    #[inline]
    #[target_feature(enable = "sha,avx")]
    fn take_block(&mut self, block: &[u8; 64]) {
        let big_endian = _mm_set_epi64x(0x0c0d0e0f_08090a0b, 0x04050607_00010203);
        for (w, words) in self.w.iter_mut().zip(block.as_chunks().0) {
            *w = _mm_shuffle_epi8(load(words), big_endian);
        }
    }

    /// Four rounds with the four words of `w[i]` (FIPS 180-4 §6.2.2 step 3).
    #[inline]
    #[target_feature(enable = "sha,avx")]
    fn rounds(&mut self, i: usize, k: __m128i) {
        let wk = _mm_add_epi32(self.w[i], k);
        // two rounds later the names have changed places; two more, and they are right again
        self.cdgh = _mm_sha256rnds2_epu32(self.cdgh, self.abef, wk);
        let wk = _mm_shuffle_epi32::<0b00_00_11_10>(wk);
        self.abef = _mm_sha256rnds2_epu32(self.abef, self.cdgh, wk);
    }

    /// Replaces the oldest four words, `w[i]`, by the next four (FIPS 180-4 §6.2.2 step 1):
    /// W[t] = σ1(W[t-2]) + W[t-7] + σ0(W[t-15]) + W[t-16].
    #[inline]
    #[target_feature(enable = "sha,avx")]
    fn extend(&mut self, i: usize) {
        let w = |behind: usize| self.w[(i + behind) % 4];
        let w16_w15 = _mm_sha256msg1_epu32(w(0), w(1));
        let w7 = _mm_alignr_epi8::<4>(w(3), w(2));
        self.w[i] = _mm_sha256msg2_epu32(_mm_add_epi32(w16_w15, w7), w(3));
    }

    /// FIPS 180-4 §6.2.2 step 4.
    #[inline]
    #[target_feature(enable = "sha,avx")]
    fn feed_forward(&mut self, before: &Stream) {
        self.abef = _mm_add_epi32(self.abef, before.abef);
        self.cdgh = _mm_add_epi32(self.cdgh, before.cdgh);
    }
}
