//! The members of an object while it is walked: found by name, few or many.

use super::Raw;
use std::borrow::Cow;
use std::collections::HashSet;

/// A member of an object.
#[derive(Clone, Debug)]
pub(super) struct Member<'t> {
    pub(super) name: Name<'t>,
    pub(super) value: Raw<'t>,
}

/// A name, its escapes resolved.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Name<'t> {
    /// Tells most other names apart at once.
    hint: u32,
    pub(super) text: Cow<'t, str>,
}

impl<'t> Name<'t> {
    #[inline]
    pub(super) fn new(text: Cow<'t, str>) -> Name<'t> {
        Name { hint: hint(&text), text }
    }

    #[inline]
    pub(super) fn is(&self, name: &str) -> bool {
        self.hint == hint(name) && self.text == name
    }

    /// One of 64 bits, by the hint.
    #[inline]
    fn bit(&self) -> u64 {
        // the top of a product takes from every bit (Knuth, The Art of Computer Programming, volume 3, §6.4)
        1 << (self.hint.wrapping_mul(0x9e37_79b1) >> (u32::BITS - 6))
    }
}

/// The length of a name modulo 256, its first byte and its last.
#[inline]
fn hint(name: &str) -> u32 {
    let (first, last) = match name.as_bytes() {
        [] => (0, 0),
        [only] => (*only, *only),
        [first, .., last] => (*first, *last),
    };
    u32::from_le_bytes([name.len() as u8, first, last, 0])
}

/// The members of an object so far.
pub(super) struct Seen<'t> {
    pub(super) list: Vec<Member<'t>>,
    /// The bits of their names: where one is missing, so is the name.
    bits: u64,
    /// Their names again, once they are many.
    index: Option<HashSet<Name<'t>>>,
}

/// So many names are looked through one by one.
const FEW: usize = 16;

impl<'t> Seen<'t> {
    pub(super) fn new() -> Seen<'t> {
        Seen { list: Vec::with_capacity(FEW), bits: 0, index: None }
    }

    #[inline]
    pub(super) fn contains(&self, name: &Name<'t>) -> bool {
        self.bits & name.bit() != 0 && self.finds(name)
    }

    #[cold]
    fn finds(&self, name: &Name<'t>) -> bool {
        match &self.index {
            None => self.list.iter().any(|there| there.name == *name),
            Some(index) => index.contains(name),
        }
    }

    #[inline]
    pub(super) fn push(&mut self, name: Name<'t>, value: Raw<'t>) {
        self.bits |= name.bit();
        if self.list.len() >= FEW {
            self.index(&name);
        }
        self.list.push(Member { name, value });
    }

    #[cold]
    fn index(&mut self, name: &Name<'t>) {
        let names = || self.list.iter().map(|member| member.name.clone()).collect();
        self.index.get_or_insert_with(names).insert(name.clone());
    }
}
