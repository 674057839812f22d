//! Where a key was written: the line of the file, or the environment variable.

use std::collections::BTreeMap;
use std::fmt;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A key of the configuration; members of lists by their index.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeyPath(Vec<Segment>);

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Key(String),
    Index(usize),
}

impl KeyPath {
    /// A top-level key, or a dotted path of bare keys.
    pub(super) fn new(dotted: &str) -> Self {
        Self(
            dotted
                .split('.')
                .map(|key| Segment::Key(key.to_owned()))
                .collect(),
        )
    }

    /// A key within this section.
    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Segment::Key(key.to_owned()))
    }

    /// A member of this list.
    pub(super) fn item(&self, index: usize) -> Self {
        self.with(Segment::Index(index))
    }

    fn with(&self, segment: Segment) -> Self {
        let mut segments = self.0.clone();
        segments.push(segment);
        Self(segments)
    }

    fn parent(&self) -> Option<Self> {
        let (_, rest) = self.0.split_last()?;
        (!rest.is_empty()).then(|| Self(rest.to_vec()))
    }
}

/// In the notation of the `config` crate: `appliance[0].url`.
impl fmt::Display for KeyPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Key(key) if position == 0 => formatter.write_str(key)?,
                Segment::Key(key) => write!(formatter, ".{key}")?,
                Segment::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Where something was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In a file.
    File {
        /// Its name, as it was given.
        name: String,
        /// The line, counted from 1, if there is one to name.
        line: Option<usize>,
    },
    /// In an environment variable of this name.
    Environment(String),
    /// Nowhere: there is no configuration file.
    Defaults,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File {
                name,
                line: Some(line),
            } => write!(formatter, "{name}:{line}"),
            Self::File { name, line: None } => formatter.write_str(name),
            Self::Environment(variable) => write!(formatter, "environment variable {variable}"),
            Self::Defaults => formatter.write_str("no configuration file"),
        }
    }
}

/// Where every key was written.
#[derive(Debug, Default)]
pub(super) struct Places {
    file: Option<String>,
    lines: BTreeMap<KeyPath, usize>,
    variables: BTreeMap<KeyPath, String>,
    names: BTreeMap<KeyPath, String>,
}

impl Places {
    /// Notes the file's name.
    pub(super) fn file(&mut self, name: &str) {
        self.file = Some(name.to_owned());
    }

    /// Notes the line of every key of the file, and the names of list members.
    pub(super) fn keys(&mut self, text: &str, table: &DeTable<'_>) {
        self.section(text, table, &KeyPath::default());
    }

    /// Notes that a variable sets a key.
    pub(super) fn variable(&mut self, path: KeyPath, variable: &str) {
        self.variables.insert(path, variable.to_owned());
    }

    /// Where a key was written; for a missing one, where the nearest section around it begins.
    pub(super) fn locate(&self, path: &KeyPath) -> Place {
        let mut around = Some(path.clone());
        while let Some(path) = around {
            if let Some(variable) = self.variables.get(&path) {
                return Place::Environment(variable.clone());
            }
            if let Some(line) = self.lines.get(&path) {
                return self.in_file(Some(*line));
            }
            around = path.parent();
        }
        self.in_file(None)
    }

    /// A line of the file.
    pub(super) fn in_file(&self, line: Option<usize>) -> Place {
        match &self.file {
            Some(name) => Place::File {
                name: name.clone(),
                line,
            },
            None => Place::Defaults,
        }
    }

    /// The key for people: members of lists by their name, or counted from 1.
    pub(super) fn label(&self, path: &KeyPath) -> String {
        let mut label = String::new();
        let mut walked = KeyPath::default();
        for segment in &path.0 {
            walked = walked.with(segment.clone());
            let text = match segment {
                Segment::Key(key) => key.clone(),
                Segment::Index(index) => match self.names.get(&walked) {
                    Some(name) => name.clone(),
                    None => format!("#{}", index + 1),
                },
            };
            if !label.is_empty() {
                label.push('.');
            }
            label.push_str(&text);
        }
        label
    }

    fn section(&mut self, text: &str, table: &DeTable<'_>, path: &KeyPath) {
        for (key, value) in table {
            let path = path.key(key.get_ref());
            self.lines
                .insert(path.clone(), line_at(text, key.span().start));
            self.value(text, value, &path);
        }
    }

    fn value(&mut self, text: &str, value: &Spanned<DeValue<'_>>, path: &KeyPath) {
        match value.get_ref() {
            DeValue::Table(table) => self.section(text, table, path),
            DeValue::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let path = path.item(index);
                    self.lines
                        .insert(path.clone(), line_at(text, item.span().start));
                    if let Some(name) = item
                        .get_ref()
                        .get("name")
                        .and_then(|name| name.as_ref().as_str())
                    {
                        self.names.insert(path.clone(), name.to_owned());
                    }
                    self.value(text, item, &path);
                }
            }
            _ => {}
        }
    }
}

/// The line, counted from 1, that a byte of the text stands in.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    1 + text
        .bytes()
        .take(offset)
        .filter(|byte| *byte == b'\n')
        .count()
}
