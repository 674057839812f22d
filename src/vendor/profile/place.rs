//! Where a key stands in a profile's text.

use std::fmt;

use toml::de::{DeTable, DeValue};

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

    /// The way to an element of the list here.
    pub(crate) fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.0.push(Step::Index(index));
        path
    }
}

impl KeyPath {
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

/// The line of a key; of the nearest table around it if it is missing itself.
pub(super) fn line_of(document: &DeTable<'_>, text: &str, key: &KeyPath) -> Option<usize> {
    let mut offset = None;
    let mut table = Some(document);
    let mut list = None;
    for step in &key.0 {
        let value = match step {
            Step::Key(name) => {
                let Some((spanned, value)) = table.and_then(|table| {
                    table
                        .iter()
                        .find(|(key, _)| key.get_ref().as_ref() == name.as_str())
                }) else {
                    break;
                };
                offset = Some(spanned.span().start);
                value
            }
            Step::Index(index) => {
                let Some(value) = list.and_then(|list: &toml::de::DeArray<'_>| list.get(*index))
                else {
                    break;
                };
                offset = Some(value.span().start);
                value
            }
        };
        table = None;
        list = None;
        match value.get_ref() {
            DeValue::Table(inner) => table = Some(inner),
            DeValue::Array(inner) => list = Some(inner),
            _ => {}
        }
    }
    text.get(..offset?)
        .map(|before| before.matches('\n').count() + 1)
}
