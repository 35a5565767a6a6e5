//! The compression function of SHA-2, one text for both word sizes (FIPS 180-4 §4.1.2–3, §6.2.2, §6.4.2).
//!
//! Read it beside the standard: the letters are the standard's. A computation here is the sequence of
//! its states ([`schedule`], [`rounds`]); [`compress`] takes the last one, an explanation takes all.

use super::word::Word;

/// The working variables `a, b, c, d, e, f, g, h`, or the eight words of a hash value `H`.
pub type State<W> = [W; 8];

/// Takes `blocks` into the hash value `h`, in order (FIPS 180-4 §6.2.2, §6.4.2).
#[inline]
pub fn compress<W: Word>(h: &mut State<W>, blocks: &[W::Block]) {
    for block in blocks {
        let w = schedule::<W>(block);
        // step 3: `rounds` starts from h and yields 64 or 80 states
        let last = rounds(*h, &w).last().unwrap_or(*h);
        feed_forward(h, last);
    }
}

/// The message schedule of a block: a word for each round (FIPS 180-4 §6.2.2 step 1, §6.4.2 step 1).
#[inline]
pub fn schedule<W: Word>(block: &W::Block) -> W::Schedule {
    let mut schedule = W::ZERO_SCHEDULE;
    let w = schedule.as_mut();
    for (w_t, m_t) in w.iter_mut().zip(W::words(block.as_ref())) {
        *w_t = m_t;
    }
    for t in 16..w.len() {
        w[t] = small_sigma1(w[t - 2]) + w[t - 7] + small_sigma0(w[t - 15]) + w[t - 16];
    }
    schedule
}

/// The working variables after each round, starting from the hash value `h`
/// (FIPS 180-4 §6.2.2 steps 2 and 3, §6.4.2 steps 2 and 3).
#[inline]
pub fn rounds<W: Word>(
    h: State<W>,
    w: &W::Schedule,
) -> impl Iterator<Item = State<W>> + use<'_, W> {
    W::K.as_ref().iter().copied().zip(w.as_ref()).scan(h, |state, (k_t, &w_t)| {
        *state = round(*state, k_t, w_t);
        Some(*state)
    })
}

/// One round with its constant `K_t` and schedule word `W_t` (FIPS 180-4 §6.2.2 step 3).
#[inline]
pub(super) fn round<W: Word>(state: State<W>, k_t: W, w_t: W) -> State<W> {
    let [t1, t2] = temporaries(state, k_t, w_t);
    let [a, b, c, d, e, f, g, _] = state;
    [t1 + t2, a, b, c, d + t1, e, f, g]
}

/// T1 and T2 of a round (FIPS 180-4 §6.2.2 step 3, §6.4.2 step 3).
#[inline]
pub fn temporaries<W: Word>([a, b, c, _, e, f, g, h]: State<W>, k_t: W, w_t: W) -> [W; 2] {
    let t1 = h + big_sigma1(e) + ch(e, f, g) + k_t + w_t;
    let t2 = big_sigma0(a) + maj(a, b, c);
    [t1, t2]
}

/// Adds the working variables to the hash value (FIPS 180-4 §6.2.2 step 4, §6.4.2 step 4).
#[inline]
pub fn feed_forward<W: Word>(h: &mut State<W>, working: State<W>) {
    for (h_i, v) in h.iter_mut().zip(working) {
        *h_i += v;
    }
}

// FIPS 180-4 §4.1.2, §4.1.3. Ch chooses by the bits of x between y and z, Maj takes the majority:
// as the standard writes them, (x∧y)⊕(¬x∧z) and (x∧y)⊕(x∧z)⊕(y∧z).

/// Ch(x, y, z).
#[inline]
pub fn ch<W: Word>(x: W, y: W, z: W) -> W {
    (x & y) ^ (!x & z)
}

/// Maj(x, y, z).
#[inline]
pub fn maj<W: Word>(x: W, y: W, z: W) -> W {
    (x & y) ^ (x & z) ^ (y & z)
}

/// Σ0(x).
#[inline]
pub fn big_sigma0<W: Word>(x: W) -> W {
    let [i, j, k] = W::BIG_SIGMA_0;
    x.rotr(i) ^ x.rotr(j) ^ x.rotr(k)
}

/// Σ1(x).
#[inline]
pub fn big_sigma1<W: Word>(x: W) -> W {
    let [i, j, k] = W::BIG_SIGMA_1;
    x.rotr(i) ^ x.rotr(j) ^ x.rotr(k)
}

/// σ0(x).
#[inline]
pub fn small_sigma0<W: Word>(x: W) -> W {
    let (i, j, k) = W::SMALL_SIGMA_0;
    x.rotr(i) ^ x.rotr(j) ^ (x >> k)
}

/// σ1(x).
#[inline]
pub fn small_sigma1<W: Word>(x: W) -> W {
    let (i, j, k) = W::SMALL_SIGMA_1;
    x.rotr(i) ^ x.rotr(j) ^ (x >> k)
}
