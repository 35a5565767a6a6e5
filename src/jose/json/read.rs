//! An object's members handed to a type of serde, as they were found. Strings without an escape and numbers of
//! digits alone are taken from the text; every other value is serde_json's to read. A type that takes no members one
//! by one, such as an enum, refuses them here, and is made from the whole text.

use super::members::{Kind, Member};
use super::{Members, Raw};
use core::slice;
use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Error;

/// The members as a `T`.
pub(super) fn read<T: DeserializeOwned>(members: &Members<'_>) -> Result<T, Error> {
    let Members { text, members } = members;
    T::deserialize(Walk { text, rest: members.iter(), last: None })
}

/// A walk over the members.
struct Walk<'m> {
    text: &'m str,
    rest: slice::Iter<'m, Member>,
    /// The member whose name was told.
    last: Option<&'m Member>,
}

impl<'de> Deserializer<'de> for Walk<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de> MapAccess<'de> for Walk<'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        self.last = self.rest.next();
        let name = self.last.map(|member| member.name.of(self.text));
        name.map(|name| seed.deserialize(BorrowedStrDeserializer::new(name))).transpose()
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let Some(member) = self.last else { return Err(Error::custom("a value without a name")) };
        seed.deserialize(Raw { whole: self.text, member })
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

impl<'de> Deserializer<'de> for Raw<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::PlainString => visitor.visit_borrowed_str(self.stands()),
            Kind::Digits(says) => visitor.visit_u64(says),
            _ => serde_json::Deserializer::from_str(self.stands()).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.kind() {
            Kind::PlainString => BorrowedStrDeserializer::new(self.stands())
                .deserialize_enum(name, variants, visitor),
            _ => serde_json::Deserializer::from_str(self.stands())
                .deserialize_enum(name, variants, visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
