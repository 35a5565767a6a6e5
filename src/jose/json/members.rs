//! The members of an object while it is walked: found by name, few or many.

use super::Raw;
use std::borrow::Cow;
use std::collections::HashSet;

/// A member of an object.
#[derive(Clone, Debug)]
pub(super) struct Member<'t> {
    /// Its escapes resolved.
    name: Cow<'t, str>,
    /// Tells most other names apart at once.
    hint: [u8; 3],
    pub(super) value: Raw<'t>,
}

impl<'t> Member<'t> {
    fn new(name: Cow<'t, str>, value: Raw<'t>) -> Member<'t> {
        Member { hint: hint(&name), name, value }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    #[inline]
    pub(super) fn is(&self, name: &str) -> bool {
        self.hint == hint(name) && self.name == name
    }
}

/// The length of a name modulo 256, its first byte and its last.
#[inline]
fn hint(name: &str) -> [u8; 3] {
    let bytes = name.as_bytes();
    let at_ends = |byte: Option<&u8>| byte.copied().unwrap_or(0);
    [bytes.len() as u8, at_ends(bytes.first()), at_ends(bytes.last())]
}

/// The members of an object so far.
pub(super) struct Members<'t> {
    pub(super) list: Vec<Member<'t>>,
    /// Their names again, once they are many.
    index: Option<HashSet<Cow<'t, str>>>,
}

/// So many names are looked through one by one.
const FEW: usize = 16;

impl<'t> Members<'t> {
    pub(super) fn new() -> Members<'t> {
        Members { list: Vec::with_capacity(FEW), index: None }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        match &self.index {
            None => self.list.iter().any(|there| there.is(name)),
            Some(index) => index.contains(name),
        }
    }

    pub(super) fn push(&mut self, name: Cow<'t, str>, value: Raw<'t>) {
        if let Some(index) = &mut self.index {
            index.insert(name.clone());
        } else if self.list.len() == FEW {
            let names = self.list.iter().map(|member| &member.name).chain([&name]);
            self.index = Some(names.cloned().collect());
        }
        self.list.push(Member::new(name, value));
    }
}
