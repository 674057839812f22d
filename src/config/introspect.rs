//! Which keys there are, read off the structs of [`super::file`] themselves.
//!
//! A deserializer that has no input: it answers every question of `serde` with an empty value and
//! remembers the question. So the list of known keys can never differ from what is deserialized.

use std::slice::Iter;

use serde::de::value::Error;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer as _, MapAccess, SeqAccess,
    Visitor,
};

/// What may stand in a place of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// A section with these keys.
    Section(Vec<(&'static str, Shape)>),
    /// A section whose keys the operator names.
    Named(Box<Shape>),
    /// An array.
    List(Box<Shape>),
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A whole number from 0 up to this one.
    Number(u64),
    /// A number from 0 up, with decimals if need be.
    Decimal,
    /// A string.
    Text,
    /// Whatever TOML has.
    Anything,
}

impl Shape {
    /// What `T` reads.
    pub(super) fn of<T: DeserializeOwned>() -> Result<Self, Error> {
        let mut shape = Self::Anything;
        T::deserialize(Introspector { shape: &mut shape })?;
        Ok(shape)
    }

    /// The shape of a key of a section.
    pub(super) fn key(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Section(keys) => keys
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, shape)| shape),
            Self::Named(shape) => Some(shape),
            _ => None,
        }
    }
}

struct Introspector<'a> {
    shape: &'a mut Shape,
}

macro_rules! scalars {
    ($($method:ident => $shape:expr, $visit:ident($value:expr);)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            *self.shape = $shape;
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Introspector<'_> {
    type Error = Error;

    scalars! {
        deserialize_any => Shape::Anything, visit_bool(false);
        deserialize_bool => Shape::Flag, visit_bool(false);
        deserialize_u8 => Shape::Number(u8::MAX.into()), visit_u8(0);
        deserialize_u16 => Shape::Number(u16::MAX.into()), visit_u16(0);
        deserialize_u32 => Shape::Number(u32::MAX.into()), visit_u32(0);
        deserialize_u64 => Shape::Number(u64::MAX), visit_u64(0);
        deserialize_f64 => Shape::Decimal, visit_f64(0.0);
        deserialize_str => Shape::Text, visit_str("");
        deserialize_string => Shape::Text, visit_str("");
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut item = Shape::Anything;
        let value = visitor.visit_seq(OneItem(Some(&mut item)))?;
        *self.shape = Shape::List(Box::new(item));
        Ok(value)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let mut item = Shape::Anything;
        let value = visitor.visit_map(OneEntry(Some(&mut item)))?;
        *self.shape = Shape::Named(Box::new(item));
        Ok(value)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let mut keys = Vec::with_capacity(fields.len());
        let value = visitor.visit_map(Fields {
            names: fields.iter(),
            current: "",
            found: &mut keys,
        })?;
        *self.shape = Shape::Section(keys);
        Ok(value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        *self.shape = Shape::Choice(variants);
        let first = variants.first().copied().unwrap_or_default();
        visitor.visit_enum(first.into_deserializer())
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i64 i128 u128 f32 char bytes byte_buf unit unit_struct newtype_struct
        tuple tuple_struct identifier ignored_any
    }
}

/// The fields of a struct, one after the other.
struct Fields<'a> {
    names: Iter<'static, &'static str>,
    current: &'static str,
    found: &'a mut Vec<(&'static str, Shape)>,
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(name) = self.names.next() else {
            return Ok(None);
        };
        self.current = name;
        seed.deserialize((*name).into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let mut shape = Shape::Anything;
        let value = seed.deserialize(Introspector { shape: &mut shape })?;
        self.found.push((self.current, shape));
        Ok(value)
    }
}

/// A list with one element.
struct OneItem<'a>(Option<&'a mut Shape>);

impl<'de> SeqAccess<'de> for OneItem<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        match self.0.take() {
            Some(shape) => seed.deserialize(Introspector { shape }).map(Some),
            None => Ok(None),
        }
    }
}

/// A map with one entry.
struct OneEntry<'a>(Option<&'a mut Shape>);

impl<'de> MapAccess<'de> for OneEntry<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        match self.0 {
            Some(_) => seed.deserialize("name".into_deserializer()).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let mut unused = Shape::Anything;
        let shape = self.0.take().unwrap_or(&mut unused);
        seed.deserialize(Introspector { shape })
    }
}

#[cfg(test)]
mod tests {
    use super::Shape;
    use crate::config::file::ConfigurationFile;

    #[test]
    fn every_kind_of_key_is_recognised() {
        let shape = Shape::of::<ConfigurationFile>().unwrap();
        let scim = shape.key("scim").unwrap();
        assert_eq!(scim.key("listen"), Some(&Shape::Text));
        assert_eq!(scim.key("behind_proxy"), Some(&Shape::Flag));
        assert_eq!(scim.key("workers"), Some(&Shape::Number(65_535)));
        assert_eq!(scim.key("listne"), None);
        let store = shape.key("store").unwrap();
        assert_eq!(
            store.key("synchronous"),
            Some(&Shape::Choice(&["full", "normal"]))
        );
        let Some(Shape::List(appliance)) = shape.key("appliance") else {
            panic!("appliances are a list");
        };
        assert_eq!(appliance.key("password"), Some(&Shape::Text));
        let row = appliance.key("user").unwrap().key("fields").unwrap();
        assert_eq!(
            row,
            &Shape::Named(Box::new(Shape::Named(Box::new(Shape::Anything))))
        );
    }
}
