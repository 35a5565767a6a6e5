//! Base 64 by its groups: 24 bits are three octets or four sextets (RFC 4648 §4).

use super::{Alphabet, Error, Reason};
use crate::ct;

/// Up to three octets and the letters they become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// The octets; those beyond [`Group::octet_count`] are zero.
    pub octets: [u8; 3],
    /// How many octets count: 3, or 1 or 2 in the last group.
    pub octet_count: usize,
}

impl Group {
    /// The 24 bits in four sextets, most significant first.
    pub fn sextets(self) -> [u8; 4] {
        let [a, b, c] = self.octets;
        [a >> 2, (a & 0x03) << 4 | b >> 4, (b & 0x0f) << 2 | c >> 6, c & 0x3f]
    }

    /// How many letters count: one more than the octets. The last has 2 or 4 spare bits, which are zero,
    /// where there are fewer than three octets.
    pub fn letter_count(self) -> usize {
        self.octet_count + 1
    }
}

/// The groups of a byte string, in order.
pub fn groups(bytes: &[u8]) -> impl Iterator<Item = Group> {
    let (whole, tail) = bytes.as_chunks::<3>();
    let last = (!tail.is_empty()).then(|| {
        let mut octets = [0; 3];
        octets[..tail.len()].copy_from_slice(tail);
        Group { octets, octet_count: tail.len() }
    });
    whole.iter().map(|&octets| Group { octets, octet_count: 3 }).chain(last)
}

/// The portable way: group by group.
pub(super) fn encode_groups(alphabet: Alphabet, bytes: &[u8], text: &mut [u8]) {
    for (group, text) in groups(bytes).zip(text.chunks_mut(4)) {
        let letters = group.sextets().map(|sextet| alphabet.letter(sextet));
        text.copy_from_slice(&letters[..group.letter_count()]);
    }
}

/// The portable way: group by group, each as strict as the whole.
pub(super) fn decode_groups(
    alphabet: Alphabet,
    text: &[u8],
    bytes: &mut [u8],
) -> Result<(), Error> {
    let (whole, tail) = text.as_chunks::<4>();
    let (to_whole, to_tail) = bytes.split_at_mut(3 * whole.len());
    for (i, (letters, to)) in whole.iter().zip(to_whole.as_chunks_mut().0).enumerate() {
        let sextets = letters.map(|letter| alphabet.value(letter));
        check_letters(letters, &sextets, 4 * i)?;
        *to = octets(sextets);
    }
    if tail.is_empty() {
        return Ok(());
    }
    let mut sextets = [0; 4];
    sextets.iter_mut().zip(tail).for_each(|(sextet, &letter)| *sextet = alphabet.value(letter));
    check_letters(tail, &sextets, 4 * whole.len())?;
    check_end(alphabet, text)?;
    to_tail.copy_from_slice(&octets(sextets)[..tail.len() - 1]);
    Ok(())
}

/// The last letters of a text of letters: none is left over, and no bit of them is lost.
fn check_end(alphabet: Alphabet, text: &[u8]) -> Result<(), Error> {
    let error = |reason: fn(u8) -> Reason| {
        let offset = text.len() - 1;
        Err(Error { offset, reason: reason(text[offset]) })
    };
    let spare = match (text.len() % 4, text) {
        (1, _) => return error(Reason::LoneLetter),
        (2, [.., x]) => alphabet.value(*x) & 0x0f,
        (3, [.., y]) => alphabet.value(*y) & 0x03,
        _ => 0,
    };
    // RFC 4648 §3.5: bits that no octet takes must be zero. Whether a text is refused, and where, is public;
    // what it says is not
    if ct::public(spare) == 0 { Ok(()) } else { error(Reason::SpareBits) }
}

/// RFC 4648 §3.3: a byte outside the alphabet is refused.
fn check_letters(letters: &[u8], sextets: &[u8], at: usize) -> Result<(), Error> {
    let outside = sextets.iter().fold(0, |bits, sextet| bits | sextet) & NO_LETTER;
    // whether a text is refused is public
    if ct::public(outside) == 0 {
        return Ok(());
    }
    let within = sextets.iter().take_while(|&&sextet| sextet != NO_LETTER).count();
    Err(Error { offset: at + within, reason: Reason::NotInAlphabet(letters[within]) })
}

/// Three octets from the four sextets that carry them.
fn octets([w, x, y, z]: [u8; 4]) -> [u8; 3] {
    [w << 2 | x >> 4, x << 4 | y >> 2, y << 6 | z]
}

/// What [`Alphabet::value`] gives for a byte that is no letter: no sextet has this bit.
pub(super) const NO_LETTER: u8 = 0x80;

impl Alphabet {
    /// The letter of a sextet (RFC 4648 tables 1 and 2), without a table or a branch: keys pass here.
    pub const fn letter(self, sextet: u8) -> u8 {
        let last_two = self.last_two();
        let upper = within(sextet, 0, 25) & b'A'.wrapping_add(sextet);
        let lower = within(sextet, 26, 51) & b'a'.wrapping_add(sextet.wrapping_sub(26));
        let digit = within(sextet, 52, 61) & b'0'.wrapping_add(sextet.wrapping_sub(52));
        let special62 = within(sextet, 62, 62) & last_two[0];
        let special63 = within(sextet, 63, 63) & last_two[1];
        upper | lower | digit | special62 | special63
    }

    /// The sextet of a letter, or [`NO_LETTER`], without a table or a branch.
    pub(super) const fn value(self, letter: u8) -> u8 {
        let last_two = self.last_two();
        let upper = within(letter, b'A', b'Z');
        let lower = within(letter, b'a', b'z');
        let digit = within(letter, b'0', b'9');
        let special62 = within(letter, last_two[0], last_two[0]);
        let special63 = within(letter, last_two[1], last_two[1]);
        (upper & letter.wrapping_sub(b'A'))
            | (lower & letter.wrapping_sub(b'a').wrapping_add(26))
            | (digit & letter.wrapping_sub(b'0').wrapping_add(52))
            | (special62 & 0x3e)
            | (special63 & 0x3f)
            | (!(upper | lower | digit | special62 | special63) & NO_LETTER)
    }
}

/// All ones if first ≤ x ≤ last, else zero.
const fn within(x: u8, first: u8, last: u8) -> u8 {
    // both differences as 16 bits: a negative one has its upper byte set
    let outside = (x as u16).wrapping_sub(first as u16) | (last as u16).wrapping_sub(x as u16);
    !((outside >> 8) as u8)
}

/// The alphabets as tables, for lanes that look up in registers: the letter of each sextet.
#[cfg(target_arch = "x86_64")]
pub(super) const LETTERS: [[u8; 64]; 2] = {
    let mut letters = [[0; 64]; 2];
    let mut sextet = 0;
    while sextet < 64 {
        letters[Alphabet::Url as usize][sextet] = Alphabet::Url.letter(sextet as u8);
        letters[Alphabet::Standard as usize][sextet] = Alphabet::Standard.letter(sextet as u8);
        sextet += 1;
    }
    letters
};

/// The sextet, or [`NO_LETTER`], of each of the first 128 bytes.
#[cfg(target_arch = "x86_64")]
pub(super) const VALUES: [[u8; 128]; 2] = {
    let mut values = [[0; 128]; 2];
    let mut letter = 0;
    while letter < 128 {
        values[Alphabet::Url as usize][letter] = Alphabet::Url.value(letter as u8);
        values[Alphabet::Standard as usize][letter] = Alphabet::Standard.value(letter as u8);
        letter += 1;
    }
    values
};
