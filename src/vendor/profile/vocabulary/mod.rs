//! Every key that a profile may have, with its type and its meaning: one line a key.
//!
//! The JSON Schema for editors and the remedies for missing keys are made of these tables. What a
//! key does is decided where it is read; a test compares the tables with the keys that are asked
//! for there, and names those that are missing here.

mod calls;
mod object;
mod profile;
mod row;
mod tests_of_profiles;
mod variant;

pub(super) use object::COLLECTION;
pub(super) use profile::PROFILE;
pub(super) use row::ROW;

use serde_json::Value;

use super::place::KeyPath;

/// A table of a profile.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// Its name among the definitions of the schema.
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    /// A table whose keys it has too.
    base: Option<&'static Vocabulary>,
    /// Sets of keys of which one has to be there; empty where nothing is left to choose.
    alternatives: &'static [&'static [&'static str]],
    own: &'static [Key],
}

/// A key of a table.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) required: bool,
    pub(super) kind: Kind,
    pub(super) meaning: &'static str,
}

/// What may stand behind a key.
#[derive(Debug)]
pub(super) enum Kind {
    /// A text.
    Text,
    /// A text, or a list of texts.
    Texts,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer,
    /// A whole number from 0 on.
    Size,
    /// Any value.
    Any,
    /// A list of any values, or one of them.
    Anys,
    /// A table of any content.
    Object,
    /// A JSON pointer, with `*` for any one step.
    Pointer,
    /// A JSON pointer, or a list of them.
    Pointers,
    /// A regular expression.
    Regex,
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or a list of them.
    Words(&'static [&'static str]),
    /// A table whose keys are data, with texts, numbers and booleans.
    Scalars,
    /// A table.
    Table(&'static Vocabulary),
    /// A list of tables.
    Tables(&'static Vocabulary),
    /// A table whose keys are names, each with such a table.
    Named(&'static Vocabulary),
    /// Some keys of a table, laid over what is said elsewhere: nothing has to be there.
    Part(&'static Vocabulary),
    /// Something that no other kind says.
    Schema(fn() -> Value),
}

/// Writes a [`Vocabulary`] down.
macro_rules! vocabulary {
    ($name:ident = $definition:literal $(with $base:ident)? $(either $alternatives:expr)?, $about:literal {
        $($key:literal $(($required:ident))?: $kind:expr, $meaning:literal;)*
    }) => {
        pub(in super::super) static $name: $crate::vendor::profile::vocabulary::Vocabulary =
            $crate::vendor::profile::vocabulary::Vocabulary {
                name: $definition,
                meaning: $about,
                base: vocabulary!(@base $($base)?),
                alternatives: vocabulary!(@alternatives $($alternatives)?),
                own: &[$($crate::vendor::profile::vocabulary::Key {
                    name: $key,
                    required: vocabulary!(@required $($required)?),
                    kind: $kind,
                    meaning: $meaning,
                }),*],
            };
    };
    (@required required) => { true };
    (@required) => { false };
    (@base $base:ident) => { Some(&$base) };
    (@base) => { None };
    (@alternatives $alternatives:expr) => { $alternatives };
    (@alternatives) => { &[] };
}
use vocabulary;

impl Vocabulary {
    /// Every key.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'static Key> + use<> {
        let inherited = self.base.map_or(&[][..], |base| base.own);
        inherited.iter().chain(self.own)
    }

    /// Sets of keys of which one has to be there.
    pub(super) fn alternatives(&self) -> &'static [&'static [&'static str]] {
        match self.base {
            Some(base) if self.alternatives.is_empty() => base.alternatives,
            _ => self.alternatives,
        }
    }

    /// The key of that name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys().find(|key| key.name == name)
    }
}

/// What a key of a profile means.
pub(super) fn meaning(path: &KeyPath) -> Option<&'static str> {
    let names: Vec<&str> = path.names().collect();
    let (last, way) = names.split_last()?;
    Some(table_at(way)?.key(last)?.meaning)
}

/// The table that this way leads to.
pub(super) fn table_at(way: &[&str]) -> Option<&'static Vocabulary> {
    let mut table = &PROFILE;
    let mut names = way.iter();
    while let Some(name) = names.next() {
        table = match table.key(name)?.kind {
            Kind::Table(inner) | Kind::Tables(inner) | Kind::Part(inner) => inner,
            Kind::Named(inner) => {
                names.next()?;
                inner
            }
            _ => return None,
        };
    }
    Some(table)
}

#[cfg(test)]
mod tests;
