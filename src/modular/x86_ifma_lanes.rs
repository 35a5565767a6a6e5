//! Exponentiation on IFMA, a number in each lane: eight numbers, each by its own modulus, at once. The products
//! are those of `x86_ifma_columns`.
//!
//! An exponent that is public is one for all. Secret ones are one for each, of one length: all lanes do the same
//! products, and what a lane multiplies by is picked out of its powers by masks, all of which are read.

use super::digits::Prepared;
use super::number::Number;
use super::power::WINDOW;
use super::x86_ifma::Exponent;
use super::x86_ifma_columns::{Columns, LANES, Lanes};
use crate::cpu::Ifma;
use crate::cpu::x86_lanes::{Words, load_words, store_words};
use crate::ct;
use core::arch::x86_64::{_mm512_cmpeq_epu64_mask, _mm512_mask_mov_epi64, _mm512_set1_epi64};
use core::array;
use num_bigint::BigUint;

/// x^e mod n, below 2n, of eight numbers x < n in digits, by moduli of one shape.
pub(super) fn power(
    moduli: [&Prepared; LANES],
    x: [&Number; LANES],
    exponent: Exponent<'_, LANES>,
) -> [Number; LANES] {
    let digits = moduli[0].shape.digits;
    // in one piece: aligned memory has its price
    let mut memory = vec![Lanes::default(); 8 * digits];
    let (t, rest) = memory.split_at_mut(2 * digits);
    let mut parts = rest.chunks_exact_mut(digits);
    let mut part = || parts.next().unwrap_or_default();
    let [n, rr, x] =
        [moduli.map(|modulus| &modulus.n), moduli.map(|modulus| &modulus.rr), x].map(|numbers| {
            let columns = part();
            for (i, column) in columns.iter_mut().enumerate() {
                *column = Words(numbers.map(|number| number.words()[i]));
            }
            columns
        });
    let n0 = Words(moduli.map(|modulus| modulus.n0));
    let room = Room { t, base: part(), factor: part(), value: part() };
    let power = Columns { n, n0 }.call(moduli[0].proof, x, rr, exponent, room);
    let powers = array::from_fn(|lane| {
        let mut number = Number::zero(digits);
        number.words_mut().iter_mut().zip(power).for_each(|(to, column)| *to = column.0[lane]);
        number
    });
    if let Exponent::Secret(_) = exponent {
        ct::wipe(&mut memory);
    }
    powers
}

/// Where an exponentiation keeps what it makes.
struct Room<'m> {
    /// A product, twice as long as the others.
    t: &'m mut [Lanes],
    base: &'m mut [Lanes],
    factor: &'m mut [Lanes],
    value: &'m mut [Lanes],
}

impl Columns<'_> {
    #[expect(unsafe_code, reason = "the features are there: the proof says so")]
    fn call<'m>(
        &self,
        _: Ifma,
        x: &[Lanes],
        rr: &[Lanes],
        exponent: Exponent<'_, LANES>,
        room: Room<'m>,
    ) -> &'m [Lanes] {
        // SAFETY: a cpu::Ifma is made only where the machine has these features
        unsafe { self.power(x, rr, exponent, room) }
    }

    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power<'m>(
        &self,
        x: &[Lanes],
        rr: &[Lanes],
        exponent: Exponent<'_, LANES>,
        room: Room<'m>,
    ) -> &'m [Lanes] {
        match exponent {
            Exponent::Public(e) => self.power_vartime(x, rr, e, room),
            Exponent::Secret(e) => self.power_secret(x, rr, e, room),
        }
    }

    /// Left to right, as [`Modulus::ladder`](super::Modulus::ladder); an odd e ends with x as it came, which
    /// takes the number out of Montgomery form.
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power_vartime<'m>(
        &self,
        x: &[Lanes],
        rr: &[Lanes],
        e: &BigUint,
        room: Room<'m>,
    ) -> &'m [Lanes] {
        let Room { t, base, factor, value } = room;
        self.product(t, x, rr, base);
        value.copy_from_slice(base);
        for bit in (0..e.bits() - 1).rev() {
            self.square(t, value);
            if e.bit(bit) {
                factor.copy_from_slice(value);
                self.product(t, factor, if bit == 0 { x } else { base }, value);
            }
        }
        if !e.bit(0) {
            set_to_one(base);
            factor.copy_from_slice(value);
            self.product(t, factor, base, value);
        }
        value
    }

    /// By windows, as [`Modulus::windows`](super::Modulus::windows).
    #[target_feature(enable = "avx512f,avx512ifma")]
    fn power_secret<'m>(
        &self,
        x: &[Lanes],
        rr: &[Lanes],
        e: [&Number; LANES],
        room: Room<'m>,
    ) -> &'m [Lanes] {
        let Room { t, base, factor, value } = room;
        let mut table = vec![Lanes::default(); x.len() << WINDOW];
        self.product(t, x, rr, base);
        set_to_one(factor);
        self.product(t, rr, factor, value);
        for (i, power) in table.chunks_exact_mut(x.len()).enumerate() {
            if i > 0 {
                factor.copy_from_slice(value);
                self.product(t, factor, base, value);
            }
            power.copy_from_slice(value);
        }
        value.copy_from_slice(&table[..x.len()]);
        let windows = (e[0].words().len() * 64).div_ceil(WINDOW);
        for window in (0..windows).rev() {
            for _ in 0..WINDOW {
                self.square(t, value);
            }
            select(&table, &Words(e.map(|e| e.bits(window * WINDOW, WINDOW))), factor);
            base.copy_from_slice(value);
            self.product(t, base, factor, value);
        }
        ct::wipe(&mut table);
        set_to_one(factor);
        base.copy_from_slice(value);
        self.product(t, base, factor, value);
        value
    }
}

fn set_to_one(number: &mut [Lanes]) {
    number.fill(Lanes::default());
    number[0] = Words([1; LANES]);
}

/// The table's entries at secret indices, one for each lane: every entry is read, its lanes are kept or not.
#[target_feature(enable = "avx512f")]
fn select(table: &[Lanes], index: &Lanes, selected: &mut [Lanes]) {
    let index = load_words(index);
    for (i, entry) in (0..).zip(table.chunks_exact(selected.len())) {
        let wanted = _mm512_cmpeq_epu64_mask(index, _mm512_set1_epi64(i));
        for (kept, digits) in selected.iter_mut().zip(entry) {
            let digits = _mm512_mask_mov_epi64(load_words(kept), wanted, load_words(digits));
            store_words(kept, digits);
        }
    }
}
