//! The members of an object while it is walked: where they stand, found by name, few or many.

use std::borrow::Cow;
use std::collections::HashSet;

/// A member of an object. What stands in the text is cut out of it when somebody asks, not before: each cut looks
/// whether it goes through a character.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) name: Name,
    pub(super) value: Place,
    pub(super) kind: Kind,
}

/// What kind of value a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string that says what stands between its quotation marks.
    PlainString,
    /// A string with escapes.
    EscapedString,
    /// A number of few digits and nothing else: what they say.
    Digits(u64),
    /// Any other number.
    Number,
    Other,
}

/// A piece of the text: bytes from its start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Place {
    /// What stands there; both ends lie at ASCII, and so between characters.
    #[inline]
    pub(super) fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A name.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// Its first eight bytes: all of it, for most names.
    word: u64,
    says: Says,
}

#[derive(Clone, Debug)]
enum Says {
    /// What stands in the text.
    Plain(Place),
    /// What its escapes resolve to.
    Resolved(Box<str>),
}

impl Name {
    /// A name without escapes.
    #[inline(always)]
    pub(super) fn plain(place: Place, text: &[u8]) -> Name {
        let bytes = place.end - place.start;
        let word = match text[place.start..].first_chunk() {
            Some(eight) => u64::from_le_bytes(*eight) & low_bytes(bytes),
            None => word(&text[place.start..place.end]),
        };
        Name { word, says: Says::Plain(place) }
    }

    /// A name with escapes.
    pub(super) fn resolved(name: String) -> Name {
        Name { word: word(name.as_bytes()), says: Says::Resolved(name.into()) }
    }

    #[inline]
    pub(super) fn of<'a>(&'a self, text: &'a str) -> &'a str {
        match &self.says {
            Says::Plain(place) => place.of(text),
            Says::Resolved(name) => name,
        }
    }

    #[inline(always)]
    pub(super) fn is(&self, name: &str, text: &str) -> bool {
        self.word == word(name.as_bytes())
            && self.bytes() == name.len()
            && (name.len() <= WORD || self.of(text) == name)
    }

    #[inline(always)]
    fn bytes(&self) -> usize {
        match &self.says {
            Says::Plain(place) => place.end - place.start,
            Says::Resolved(name) => name.len(),
        }
    }

    fn to_cow<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.says {
            Says::Plain(place) => Cow::Borrowed(place.of(text)),
            Says::Resolved(name) => Cow::Owned(name.clone().into()),
        }
    }

    /// One of 64 bits.
    #[inline]
    fn bit(&self) -> u64 {
        // the top of a product takes from every bit (Knuth, The Art of Computer Programming, volume 3, §6.4)
        1 << (self.word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - 6))
    }
}

/// Bytes of a word.
const WORD: usize = size_of::<u64>();

/// The first bytes of a name, the first lowest, zeros behind a shorter one.
#[inline(always)]
fn word(name: &[u8]) -> u64 {
    match name.first_chunk() {
        Some(eight) => u64::from_le_bytes(*eight),
        None => name.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

/// A word whose lowest bytes are all ones, so many of them.
#[inline(always)]
fn low_bytes(count: usize) -> u64 {
    if count < WORD { (1 << (8 * count)) - 1 } else { u64::MAX }
}

/// The members of an object so far.
pub(super) struct Seen<'t> {
    text: &'t str,
    pub(super) list: Vec<Member>,
    /// The bits of their names: where one is missing, so is the name.
    bits: u64,
    /// Their names again, once they are many.
    index: Option<HashSet<Cow<'t, str>>>,
}

/// So many names are looked through one by one.
const FEW: usize = 16;

impl<'t> Seen<'t> {
    pub(super) fn new(text: &'t str) -> Seen<'t> {
        Seen { text, list: Vec::with_capacity(FEW), bits: 0, index: None }
    }

    #[inline]
    pub(super) fn contains(&self, name: &Name) -> bool {
        self.bits & name.bit() != 0 && self.finds(name)
    }

    #[cold]
    fn finds(&self, name: &Name) -> bool {
        let is = |there: &Member| {
            there.name.word == name.word && there.name.of(self.text) == name.of(self.text)
        };
        match &self.index {
            None => self.list.iter().any(is),
            Some(index) => index.contains(name.of(self.text)),
        }
    }

    #[inline]
    pub(super) fn push(&mut self, member: Member) {
        self.bits |= member.name.bit();
        self.list.push(member);
        if self.list.len() > FEW {
            self.index();
        }
    }

    /// The newest name into the index, with all before it if there was none.
    #[cold]
    fn index(&mut self) {
        let mut names = self.list.iter().map(|member| member.name.to_cow(self.text));
        match &mut self.index {
            Some(index) => index.extend(names.next_back()),
            None => self.index = Some(names.collect()),
        }
    }
}
