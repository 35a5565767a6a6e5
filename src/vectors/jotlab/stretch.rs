//! PBKDF2 as a suite asks for it: what would take a day is not begun.

use crate::hmac::Hmac;
use crate::pbkdf2;
use crate::vectors::question::Answer;

/// The most iterations of all blocks together: a minute or so.
const MOST_STEPS: u64 = 1 << 28;
/// The most bytes of a key.
const MOST_BYTES: usize = 64 << 20;

pub(super) fn pbkdf2(prf: &Hmac, salt: &[u8], count: u32, bytes: usize) -> Answer {
    let refused = |error: pbkdf2::Error| Answer::Refused { stage: None, why: error.to_string() };
    let blocks = match pbkdf2::blocks(prf.algorithm(), bytes as u64) {
        Ok(blocks) => blocks,
        Err(error) => return refused(error),
    };
    let steps = u64::from(blocks) * u64::from(count);
    if steps > MOST_STEPS || bytes > MOST_BYTES {
        return Answer::Unsupported(format!("{steps} iterations for {bytes} bytes"));
    }
    let mut key = vec![0; bytes];
    match pbkdf2::derive_with(prf, salt, count, &mut key) {
        Ok(()) => Answer::Output(key),
        Err(error) => refused(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sha2::Algorithm;

    #[test]
    fn a_century_is_not_begun_and_nonsense_is_refused() {
        let prf = Hmac::new(Algorithm::Sha256, b"password");
        for (count, bytes) in [(u32::MAX, 32), (1 << 20, 32 << 10), (1, 1 << 36)] {
            let answer = pbkdf2(&prf, b"salt", count, bytes);
            assert!(matches!(answer, Answer::Unsupported(_)), "{answer}");
        }
        for (count, bytes) in [(0, 32), (1, 0), (1, usize::MAX)] {
            let answer = pbkdf2(&prf, b"salt", count, bytes);
            assert!(matches!(answer, Answer::Refused { .. }), "{answer}");
        }
    }
}
