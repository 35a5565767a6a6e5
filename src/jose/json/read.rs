//! An object's members handed to a type of serde, as they were found. Strings without an escape and numbers of
//! digits alone are taken from the text; every other value is serde_json's to read. A type that takes no members one
//! by one, such as an enum, refuses them here, and is made from the whole text.

use super::members::Member;
use super::{Kind, Raw};
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Error;

/// The members as a `T`.
pub(super) fn read<T: DeserializeOwned>(members: &[Member<'_>]) -> Result<T, Error> {
    T::deserialize(MapDeserializer::new(
        members.iter().map(|member| (&*member.name.text, member.value)),
    ))
}

impl<'de> IntoDeserializer<'de, Error> for Raw<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Raw<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let digits = if self.kind == Kind::Number { self.text.parse().ok() } else { None };
        match (self.kind, digits) {
            (Kind::PlainString, _) => visitor.visit_borrowed_str(self.inside()),
            (_, Some(digits)) => visitor.visit_u64(digits),
            _ => serde_json::Deserializer::from_str(self.text).deserialize_any(visitor),
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
        serde_json::Deserializer::from_str(self.text).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}
