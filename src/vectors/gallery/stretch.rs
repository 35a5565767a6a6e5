//! PBKDF2 with one bug: in the count, the number of the block, the sum, the cut, or in what it is given.

use super::Row;
use crate::hmac::Hmac;
use crate::sha2::Algorithm;
use crate::vectors::question::{Answer, Request};

pub(super) const OPERATIONS: &[&str] = &["pbkdf2"];

/// A bug of PBKDF2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    #[cfg(test)]
    None,
    OneMore,
    OneLess,
    CountOf16Bits,
    LastOnly,
    FirstLeftOut,
    SumByOr,
    SaltEachTime,
    NumberFromZero,
    NumberBackwards,
    NumberOfOneByte,
    NumberBeforeSalt,
    SameBlockAgain,
    CutInFront,
    LastBlockMissing,
    PasswordCut,
    PasswordStopsAtNul,
    PasswordTrimmed,
    PasswordFolded,
    EmptyPasswordRefused,
    SaltStopsAtNul,
    SaltCut,
    OtherWayRound,
}

const RULE: &str = "RFC 8018 §5.2";

pub(super) const FLAWS: [Row<Flaw>; 22] = [
    (Flaw::OneMore, "one-iteration-more", "the count is one too high", RULE),
    (Flaw::OneLess, "one-iteration-less", "the count is one too low", RULE),
    (Flaw::CountOf16Bits, "count-of-16-bits", "the count is taken modulo 2¹⁶", RULE),
    (Flaw::LastOnly, "last-code-only", "U_c for the sum of all", RULE),
    (Flaw::FirstLeftOut, "first-code-left-out", "the sum begins with U_2", RULE),
    (Flaw::SumByOr, "sum-by-or", "the codes are or-ed", RULE),
    (Flaw::SaltEachTime, "salt-each-time", "the salt goes into every code", RULE),
    (Flaw::NumberFromZero, "number-from-zero", "the first block has the number 0", RULE),
    (Flaw::NumberBackwards, "number-backwards", "INT (i) least byte first", RULE),
    (Flaw::NumberOfOneByte, "number-of-one-byte", "INT (i) modulo 256", RULE),
    (Flaw::NumberBeforeSalt, "number-before-salt", "INT (i) ‖ S", RULE),
    (Flaw::SameBlockAgain, "same-block-again", "every block is the first", RULE),
    (Flaw::CutInFront, "block-cut-in-front", "of the last block the last bytes are kept", RULE),
    (Flaw::LastBlockMissing, "last-block-missing", "a last block that is cut is all zeros", RULE),
    (Flaw::PasswordCut, "password-cut", "a password above a block is cut to it", "RFC 2104 §2"),
    (Flaw::PasswordStopsAtNul, "password-stops-at-nul", "it ends at a zero byte", "strings of C"),
    (Flaw::PasswordTrimmed, "password-trimmed", "spaces around it are taken off", "a form's habit"),
    (Flaw::PasswordFolded, "password-folded", "its case does not count", "LAN Manager"),
    (Flaw::EmptyPasswordRefused, "empty-password-no-key", "an empty password gives zeros", RULE),
    (Flaw::SaltStopsAtNul, "salt-stops-at-nul", "the salt ends at a zero byte", "strings of C"),
    (Flaw::SaltCut, "salt-cut-at-64", "of a salt the first 64 bytes count", "a fixed buffer"),
    (Flaw::OtherWayRound, "password-as-message", "the salt is the key, the password hashed", RULE),
];

pub(super) fn answer(request: &Request, flaw: Flaw) -> Option<Answer> {
    let Request::Pbkdf2 { hash, password, salt, count, key_bytes } = request else { return None };
    let (mut password, mut salt) = (given(password, *hash, flaw), given_salt(salt, flaw));
    if flaw == Flaw::EmptyPasswordRefused && password.is_empty() {
        return Some(Answer::Output(vec![0; *key_bytes]));
    }
    if flaw == Flaw::OtherWayRound {
        (password, salt) = (salt, password);
    }
    let count = match flaw {
        Flaw::OneMore => count.saturating_add(1),
        Flaw::OneLess => count.saturating_sub(1).max(1),
        Flaw::CountOf16Bits => (count & 0xffff).max(1),
        _ => *count,
    };
    let prf = Hmac::new(*hash, &password);
    let length = hash.digest_bytes();
    let mut key = vec![];
    for number in 1..=key_bytes.div_ceil(length) as u32 {
        let number = if flaw == Flaw::SameBlockAgain { 1 } else { number };
        let mut block = block(&prf, &salt, number, count, flaw);
        let left = (key_bytes - key.len()).min(length);
        match flaw {
            Flaw::CutInFront => drop(block.drain(..length - left)),
            Flaw::LastBlockMissing if left < length => block = vec![0; left],
            _ => block.truncate(left),
        }
        key.extend(block);
    }
    Some(Answer::Output(key))
}

/// F of the standard.
fn block(prf: &Hmac, salt: &[u8], number: u32, count: u32, flaw: Flaw) -> Vec<u8> {
    let number = match flaw {
        Flaw::NumberFromZero => (number - 1).to_be_bytes(),
        Flaw::NumberBackwards => number.to_le_bytes(),
        Flaw::NumberOfOneByte => (number & 0xff).to_be_bytes(),
        _ => number.to_be_bytes(),
    };
    let mut u = match flaw {
        Flaw::NumberBeforeSalt => prf.mac(&[&number[..], salt].concat()),
        _ => prf.mac(&[salt, &number].concat()),
    };
    let mut sum = u.to_vec();
    for c in 2..=count {
        u = match flaw {
            Flaw::SaltEachTime => prf.mac(&[&u[..], salt].concat()),
            _ => prf.mac(&u),
        };
        match flaw {
            Flaw::LastOnly => sum.copy_from_slice(&u),
            Flaw::FirstLeftOut if c == 2 => sum.copy_from_slice(&u),
            Flaw::SumByOr => sum.iter_mut().zip(&*u).for_each(|(t, u)| *t |= u),
            _ => sum.iter_mut().zip(&*u).for_each(|(t, u)| *t ^= u),
        }
    }
    sum
}

/// What a flawed program takes for the password.
fn given(password: &[u8], hash: Algorithm, flaw: Flaw) -> Vec<u8> {
    let seen = match flaw {
        Flaw::PasswordCut => &password[..password.len().min(hash.block_bytes())],
        Flaw::PasswordStopsAtNul => until_nul(password),
        Flaw::PasswordTrimmed => password.trim_ascii(),
        Flaw::PasswordFolded => return password.to_ascii_uppercase(),
        _ => password,
    };
    seen.to_vec()
}

/// What it takes for the salt.
fn given_salt(salt: &[u8], flaw: Flaw) -> Vec<u8> {
    let seen = match flaw {
        Flaw::SaltStopsAtNul => until_nul(salt),
        Flaw::SaltCut => &salt[..salt.len().min(64)],
        _ => salt,
    };
    seen.to_vec()
}

fn until_nul(text: &[u8]) -> &[u8] {
    text.split(|&byte| byte == 0).next().unwrap_or_default()
}
