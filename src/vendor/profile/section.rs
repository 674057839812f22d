//! Reads one table of a profile: typed, and remembering which keys were asked for, so that every
//! other key is refused as unknown.

use std::cell::RefCell;

use serde_json::Value;

use super::super::pointer::Pointer;
use super::super::suggest::closest;
use super::errors::Problems;
use super::place::{KeyPath, Spot};
use super::vocabulary::meaning;
use super::wording::{as_clause, listed, regex_reason};

/// A table while it is read. Keys that nobody asked for are reported when it is dropped.
#[derive(Debug)]
pub(crate) struct Section<'a> {
    table: &'a toml::Table,
    path: KeyPath,
    problems: &'a Problems,
    asked: RefCell<Vec<&'static str>>,
    /// Whether its keys are data, not vocabulary.
    open: RefCell<bool>,
}

/// A key that was asked for.
#[cfg(test)]
#[derive(Debug)]
pub(super) struct Asked {
    /// The table that was asked.
    pub(super) section: KeyPath,
    pub(super) key: &'static str,
    /// The closed set that its value is of; empty if there is none.
    pub(super) words: Vec<&'static str>,
}

impl<'a> Section<'a> {
    /// The whole document.
    pub(crate) fn root(table: &'a toml::Table, problems: &'a Problems) -> Self {
        Self::at(table, KeyPath::default(), problems)
    }

    fn at(table: &'a toml::Table, path: KeyPath, problems: &'a Problems) -> Self {
        Self {
            table,
            path,
            problems,
            asked: RefCell::default(),
            open: RefCell::new(false),
        }
    }

    /// Reports a problem with the value of a key of this table.
    pub(crate) fn problem(&self, key: &str, problem: impl Into<String>, remedy: &str) {
        self.problems
            .report(self.path.key(key), Spot::Value, problem, remedy);
    }

    /// Reports a problem with a text in the value of a key, from byte `offset` of it on.
    pub(crate) fn problem_in(
        &self,
        key: &str,
        (text, offset): (&str, usize),
        problem: impl Into<String>,
        remedy: &str,
    ) {
        let text = text.to_owned();
        self.problems.report(
            self.path.key(key),
            Spot::Text { text, offset },
            problem,
            remedy,
        );
    }

    /// Reports a problem with a key of a table below this one.
    pub(crate) fn problem_below(&self, keys: &[&str], problem: impl Into<String>, remedy: &str) {
        let path = keys
            .iter()
            .fold(self.path.clone(), |path, key| path.key(key));
        self.problems.report(path, Spot::Key, problem, remedy);
    }

    /// Keys that nobody asked for are not reported: what they mean depends on one that is wrong.
    pub(crate) fn leave_rest(&self) {
        self.open.replace(true);
    }

    /// The way to this table.
    pub(crate) fn path(&self) -> &KeyPath {
        &self.path
    }

    /// Whether the table has the key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// The raw value.
    pub(crate) fn value(&self, key: &'static str) -> Option<&'a toml::Value> {
        self.asked.borrow_mut().push(key);
        #[cfg(test)]
        self.note(key, Vec::new());
        self.table.get(key)
    }

    /// Every entry: the keys of this table are data.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&'a String, &'a toml::Value)> + use<'a> {
        self.open.replace(true);
        self.table.iter()
    }

    /// Every entry that is a table itself; others are reported.
    pub(crate) fn entry_sections(&self) -> Vec<(String, Section<'a>)> {
        let mut sections = Vec::new();
        for (name, value) in self.entries() {
            match value {
                toml::Value::Table(table) => sections.push((
                    name.clone(),
                    Self::at(table, self.path.key(name), self.problems),
                )),
                other => self.mistyped(name, "a table", other),
            }
        }
        sections
    }

    /// A text.
    pub(crate) fn text(&self, key: &'static str) -> Option<String> {
        match self.value(key)? {
            toml::Value::String(text) => Some(text.clone()),
            other => {
                self.mistyped(key, "a text", other);
                None
            }
        }
    }

    /// A text that must be there.
    pub(crate) fn required_text(&self, key: &'static str) -> Option<String> {
        self.required(key);
        self.text(key)
    }

    /// A list of texts; one alone may stand without brackets.
    pub(crate) fn texts(&self, key: &'static str) -> Option<Vec<String>> {
        match self.value(key)? {
            toml::Value::String(text) => Some(vec![text.clone()]),
            toml::Value::Array(list) => {
                let texts: Vec<String> = list
                    .iter()
                    .filter_map(|item| item.as_str().map(str::to_owned))
                    .collect();
                if texts.len() < list.len() {
                    self.problem(key, "not all of these are texts", "put them in quotes");
                }
                Some(texts)
            }
            other => {
                self.mistyped(key, "a text or a list of texts", other);
                None
            }
        }
    }

    /// A boolean.
    pub(crate) fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.value(key)?;
        if value.as_bool().is_none() {
            self.mistyped(key, "true or false", value);
        }
        value.as_bool()
    }

    /// A whole number.
    pub(crate) fn number(&self, key: &'static str) -> Option<i64> {
        let value = self.value(key)?;
        if value.as_integer().is_none() {
            self.mistyped(key, "a whole number", value);
        }
        value.as_integer()
    }

    /// A whole number that is not negative.
    pub(crate) fn size(&self, key: &'static str) -> Option<usize> {
        let number = self.number(key)?;
        let size = usize::try_from(number).ok();
        if size.is_none() {
            self.problem(key, format!("{number} is negative"), "give a size");
        }
        size
    }

    /// Any value, as JSON.
    pub(crate) fn json(&self, key: &'static str) -> Option<Value> {
        self.value(key).map(to_json)
    }

    /// A list of any values, as JSON; one alone may stand without brackets.
    pub(crate) fn json_list(&self, key: &'static str) -> Vec<Value> {
        match self.json(key) {
            None => Vec::new(),
            Some(Value::Array(list)) => list,
            Some(single) => vec![single],
        }
    }

    /// A table.
    pub(crate) fn section(&self, key: &'static str) -> Option<Section<'a>> {
        match self.value(key)? {
            toml::Value::Table(table) => Some(Self::at(table, self.path.key(key), self.problems)),
            other => {
                self.mistyped(key, "a table", other);
                None
            }
        }
    }

    /// A table that must be there.
    pub(crate) fn required_section(&self, key: &'static str) -> Option<Section<'a>> {
        self.required(key);
        self.section(key)
    }

    /// A list of tables.
    pub(crate) fn sections(&self, key: &'static str) -> Vec<Section<'a>> {
        let list = match self.value(key) {
            None => return Vec::new(),
            Some(toml::Value::Array(list)) => list,
            Some(other) => {
                self.mistyped(key, "a list of tables", other);
                return Vec::new();
            }
        };
        let here = self.path.key(key);
        let mut sections = Vec::new();
        for (index, item) in list.iter().enumerate() {
            match item {
                toml::Value::Table(table) => {
                    sections.push(Self::at(table, here.index(index), self.problems));
                }
                other => self.mistyped(key, "a list of tables", other),
            }
        }
        sections
    }

    /// One of a closed set of words.
    pub(crate) fn choice<T: Copy>(
        &self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        #[cfg(test)]
        self.note(key, choices.iter().map(|(word, _)| *word).collect());
        let given = self.text(key)?;
        self.chosen(key, &given, choices)
    }

    /// One of a closed set of words, which must be there.
    pub(crate) fn required_choice<T: Copy>(
        &self,
        key: &'static str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        self.required(key);
        self.choice(key, choices)
    }

    /// The meaning of a word out of a closed set.
    pub(crate) fn chosen<T: Copy>(
        &self,
        key: &str,
        given: &str,
        choices: &[(&'static str, T)],
    ) -> Option<T> {
        let found = choices.iter().find(|(word, _)| *word == given);
        if found.is_none() {
            let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
            self.problem_in(
                key,
                (given, 0),
                format!("\"{given}\" is not known here{}", closest(given, &words)),
                &format!("use one of: {}", words.join(", ")),
            );
        }
        found.map(|(_, meaning)| *meaning)
    }

    /// A JSON pointer.
    pub(crate) fn pointer(&self, key: &'static str) -> Option<Pointer> {
        self.text(key).and_then(|text| self.as_pointer(key, &text))
    }

    /// A list of JSON pointers; one alone may stand without brackets.
    pub(crate) fn pointers(&self, key: &'static str) -> Option<Vec<Pointer>> {
        let texts = self.texts(key)?;
        Some(
            texts
                .iter()
                .filter_map(|text| self.as_pointer(key, text))
                .collect(),
        )
    }

    /// A text, read as a JSON pointer.
    pub(crate) fn as_pointer(&self, key: &str, text: &str) -> Option<Pointer> {
        Pointer::parse(text)
            .map_err(|problem| self.problem_in(key, (text, 0), problem, "write it like /data/id"))
            .ok()
    }

    /// A regular expression.
    pub(crate) fn regex(&self, key: &'static str) -> Option<regex::Regex> {
        let text = self.text(key)?;
        self.as_regex(key, &text)
    }

    /// A text, read as a regular expression.
    pub(crate) fn as_regex(&self, key: &str, text: &str) -> Option<regex::Regex> {
        regex::Regex::new(text)
            .map_err(|error| {
                self.problem_in(
                    key,
                    (text, 0),
                    format!(
                        "\"{text}\" is no regular expression ({})",
                        regex_reason(&error)
                    ),
                    "correct it; the syntax is that of Rust's crate regex",
                );
            })
            .ok()
    }

    /// Remembers that a key was asked for, with the words that it takes.
    #[cfg(test)]
    fn note(&self, key: &'static str, words: Vec<&'static str>) {
        self.problems.asked.borrow_mut().push(Asked {
            section: self.path.clone(),
            key,
            words,
        });
    }

    fn required(&self, key: &'static str) {
        if !self.has(key) {
            let remedy = match meaning(&self.path.key(key)) {
                Some(meaning) => format!("add it: {}", as_clause(meaning)),
                None => "add it".to_owned(),
            };
            self.problem(key, "the key is missing", &remedy);
        }
    }

    fn mistyped(&self, key: &str, expected: &str, given: &toml::Value) {
        self.problem(
            key,
            format!("this is of type {}", given.type_str()),
            &format!("give {expected}"),
        );
    }
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        if *self.open.borrow() {
            return;
        }
        let asked = self.asked.borrow();
        for key in self.table.keys() {
            if !asked.contains(&key.as_str()) {
                let meant = closest(key, &asked);
                let remedy = if meant.is_empty() {
                    format!("remove it; known here are: {}", listed(&asked))
                } else {
                    "correct or remove it".to_owned()
                };
                let problem = format!("the key is unknown{meant}");
                self.problems
                    .report(self.path.key(key), Spot::Key, problem, remedy);
            }
        }
    }
}

/// A TOML value as JSON; dates become text.
pub(crate) fn to_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text.clone()),
        toml::Value::Integer(number) => Value::from(*number),
        toml::Value::Float(number) => Value::from(*number),
        toml::Value::Boolean(boolean) => Value::Bool(*boolean),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(list) => Value::Array(list.iter().map(to_json).collect()),
        toml::Value::Table(table) => Value::Object(
            table
                .iter()
                .map(|(name, inner)| (name.clone(), to_json(inner)))
                .collect(),
        ),
    }
}
