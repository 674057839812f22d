//! Where a key stands in a profile's text.

use std::fmt;

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// The way to a key, through tables and lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct KeyPath(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

impl KeyPath {
    /// The way to a key below this one.
    pub(crate) fn key(&self, name: &str) -> Self {
        let mut path = self.clone();
        path.0.push(Step::Key(name.to_owned()));
        path
    }

    /// The way to a key below this one, that is written as from the root.
    pub(super) fn join(&self, below: &Self) -> Self {
        Self(self.0.iter().chain(&below.0).cloned().collect())
    }

    /// The way to what this is a key or an element of.
    pub(super) fn parent(&self) -> Option<Self> {
        let (_, above) = self.0.split_last()?;
        (!above.is_empty()).then(|| Self(above.to_vec()))
    }

    /// The way to an element of the list here.
    pub(crate) fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.0.push(Step::Index(index));
        path
    }
}

impl KeyPath {
    /// The keys on the way, without the positions in lists.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            Step::Key(name) => Some(name.as_str()),
            Step::Index(_) => None,
        })
    }

    /// Whether the table has this very key. Lists are taken as a whole.
    pub(super) fn stands_in(&self, table: &toml::Table) -> bool {
        let mut here = Some(table);
        for step in &self.0 {
            let (Step::Key(name), Some(table)) = (step, here) else {
                return true;
            };
            match table.get(name) {
                None => return false,
                Some(value) => here = value.as_table(),
            }
        }
        true
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(name) if position == 0 => formatter.write_str(name)?,
                Step::Key(name) => write!(formatter, ".{name}")?,
                // People count from one.
                Step::Index(index) => write!(formatter, "[{}]", index + 1)?,
            }
        }
        Ok(())
    }
}

/// What exactly a problem is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Spot {
    /// The key itself.
    Key,
    /// Its value.
    #[default]
    Value,
    /// A text in its value, at any depth, from this byte on.
    Text {
        /// The whole text.
        text: String,
        /// Where in it.
        offset: usize,
    },
}

/// A place in a text, both counted from one, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Position {
    /// The place of a byte.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = text
            .get(..text.floor_char_boundary(offset))
            .unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.chars().count() - before[..line_start].chars().count() + 1,
        }
    }
}

/// Where a problem with a key stands; that of the nearest table around a key that is missing.
pub(super) fn locate(
    document: &DeTable<'_>,
    text: &str,
    key: &KeyPath,
    spot: &Spot,
) -> Option<Position> {
    // What is missing at the top is missing at the beginning.
    let mut offset = Some(0);
    let mut table = Some(document);
    let mut list = None;
    let mut found = None;
    for step in &key.0 {
        let (start, value) = match step {
            Step::Key(name) => {
                let entry = table.and_then(|table| {
                    table
                        .iter()
                        .find(|(key, _)| key.get_ref().as_ref() == name.as_str())
                });
                let Some((key, value)) = entry else {
                    return offset.map(|offset| Position::of(text, offset));
                };
                (key.span().start, value)
            }
            Step::Index(index) => {
                let Some(value) = list.and_then(|list: &DeArray<'_>| list.get(*index)) else {
                    return offset.map(|offset| Position::of(text, offset));
                };
                (value.span().start, value)
            }
        };
        offset = Some(start);
        found = Some(value);
        table = value.get_ref().as_table();
        list = value.get_ref().as_array();
    }
    let start = offset?;
    let inside = match spot {
        Spot::Key => None,
        // The value of [a.header] begins before its last key.
        Spot::Value => found
            .map(|value| value.span().start)
            .filter(|value| *value > start),
        Spot::Text {
            text: about,
            offset,
        } => found.and_then(|value| text_in(value, text, about, *offset)),
    };
    Some(Position::of(text, inside.unwrap_or(start)))
}

/// Where a text stands in a value, at any depth.
fn text_in(
    value: &Spanned<DeValue<'_>>,
    document: &str,
    about: &str,
    offset: usize,
) -> Option<usize> {
    match value.get_ref() {
        DeValue::String(text) if text.as_ref() == about => {
            let span = value.span();
            // An offset means something only where the text is written as it is, in quotes.
            let plain = document.get(span.start + 1..span.end.saturating_sub(1)) == Some(about);
            Some(span.start + if plain { 1 + offset } else { 0 })
        }
        DeValue::Array(list) => list
            .iter()
            .find_map(|inner| text_in(inner, document, about, offset)),
        DeValue::Table(table) => table
            .iter()
            .find_map(|(_, inner)| text_in(inner, document, about, offset)),
        _ => None,
    }
}
