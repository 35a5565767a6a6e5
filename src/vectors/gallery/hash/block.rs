//! Schedule and rounds of one block, bent where the flaw is.

use super::Flaw;
use crate::sha2::compress::{
    State, big_sigma0, big_sigma1, ch, feed_forward, maj, rounds, schedule, small_sigma0,
    small_sigma1,
};
use crate::sha2::word::Word;

impl Flaw {
    pub(super) fn is_in_rounds(self) -> bool {
        matches!(
            self,
            Flaw::LittleEndianWords
                | Flaw::TypoInK
                | Flaw::LastKWrong
                | Flaw::RoundMissing
                | Flaw::NoFeedForward
                | Flaw::FeedForwardByXor
                | Flaw::ChByOr
                | Flaw::MajByOrOfTwo
                | Flaw::SigmaRotation
                | Flaw::ShiftAsRotation
                | Flaw::ScheduleOffByOne
        )
    }
}

pub(super) fn flawed_block<W: Word>(h: &mut State<W>, block: &W::Block, flaw: Flaw) {
    let w = flawed_schedule::<W>(block, flaw);
    let last = match flaw {
        Flaw::LittleEndianWords | Flaw::ShiftAsRotation | Flaw::ScheduleOffByOne => {
            rounds(*h, &w).last().unwrap_or(*h)
        }
        Flaw::NoFeedForward | Flaw::FeedForwardByXor => rounds(*h, &w).last().unwrap_or(*h),
        _ => flawed_rounds::<W>(*h, &w, flaw),
    };
    match flaw {
        Flaw::NoFeedForward => *h = last,
        Flaw::FeedForwardByXor => h.iter_mut().zip(last).for_each(|(h_i, v)| *h_i = *h_i ^ v),
        _ => feed_forward(h, last),
    }
}

fn flawed_schedule<W: Word>(block: &W::Block, flaw: Flaw) -> W::Schedule {
    let mut bytes = block.as_ref().to_vec();
    if flaw == Flaw::LittleEndianWords {
        bytes.chunks_exact_mut(size_of::<W>()).for_each(<[u8]>::reverse);
    }
    if !matches!(flaw, Flaw::ShiftAsRotation | Flaw::ScheduleOffByOne) {
        let (blocks, _) = W::blocks(&bytes);
        return schedule::<W>(&blocks[0]);
    }
    let mut schedule = W::ZERO_SCHEDULE;
    let w = schedule.as_mut();
    w.iter_mut().zip(W::words(&bytes)).for_each(|(w_t, m_t)| *w_t = m_t);
    let back = if flaw == Flaw::ScheduleOffByOne { 8 } else { 7 };
    let sigma0 = |x: W| match flaw {
        Flaw::ShiftAsRotation => {
            let (i, j, k) = W::SMALL_SIGMA_0;
            x.rotr(i) ^ x.rotr(j) ^ x.rotr(k as u32)
        }
        _ => small_sigma0(x),
    };
    for t in 16..w.len() {
        w[t] = small_sigma1(w[t - 2]) + w[t - back] + sigma0(w[t - 15]) + w[t - 16];
    }
    schedule
}

fn flawed_rounds<W: Word>(state: State<W>, w: &W::Schedule, flaw: Flaw) -> State<W> {
    let count = w.as_ref().len();
    // the least bit of a word: 1 = !0 ^ !1, and !0 shifted by all bits but one
    let one = !W::default() >> (8 * size_of::<W>() - 1);
    let mut state = state;
    for (t, (&k_t, &w_t)) in W::K.as_ref().iter().zip(w.as_ref()).enumerate() {
        let [a, b, c, d, e, f, g, h] = state;
        let k_t = match flaw {
            Flaw::TypoInK if t == 17 => k_t ^ one,
            Flaw::LastKWrong if t == count - 1 => k_t ^ one,
            _ => k_t,
        };
        if flaw == Flaw::RoundMissing && t == count - 1 {
            return state;
        }
        let choice = if flaw == Flaw::ChByOr { !(!(e & f) & !(!e & g)) } else { ch(e, f, g) };
        let majority = if flaw == Flaw::MajByOrOfTwo { (a & b) ^ (a & c) } else { maj(a, b, c) };
        let sigma = match flaw {
            Flaw::SigmaRotation => {
                let [i, j, k] = W::BIG_SIGMA_0;
                a.rotr(i) ^ a.rotr(j + 1) ^ a.rotr(k)
            }
            _ => big_sigma0(a),
        };
        let t1 = h + big_sigma1(e) + choice + k_t + w_t;
        let t2 = sigma + majority;
        state = [t1 + t2, a, b, c, d + t1, e, f, g];
    }
    state
}
