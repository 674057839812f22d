//! Collections: the values of a resource become the items of an account's sub-objects.

use regex::Regex;
use scim_filter_parser::Filter;
use serde_json::{Map, Value};

use super::super::profile::Section;
use super::row::{OnInvalid, Source, names_groups};
use super::transform::{Transform, scalar_text};

/// One item: the vendor's fields of a sub-object.
pub(crate) type Item = Map<String, Value>;

/// Where the items of a collection come from.
#[derive(Debug, Clone)]
pub(crate) struct ItemRow {
    /// The collection.
    pub(super) name: String,
    pub(super) source: Source,
    pub(super) apply: Vec<Transform>,
    pub(super) when: Option<Filter>,
    pub(super) on_invalid: OnInvalid,
    shape: Shape,
}

/// `item = { pattern = "...(?<field>...)...", default = { field = "..." } }`
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Its named groups are the fields.
    pattern: Regex,
    default: Item,
}

/// What the row takes from the section, read by those who know how.
pub(super) struct Origin {
    pub(super) source: Source,
    pub(super) apply: Vec<Transform>,
    pub(super) when: Option<Filter>,
}

impl ItemRow {
    /// Reads `item` and `on_invalid`; the rest has been read.
    pub(super) fn compile(name: &str, section: &Section<'_>, origin: Origin) -> Option<Self> {
        let on_invalid = section.choice(
            "on_invalid",
            &[("drop", OnInvalid::Drop), ("refuse", OnInvalid::Refuse)],
        );
        let shape = section
            .required_section("item")
            .and_then(|inner| Shape::compile(&inner))?;
        let row = Self {
            name: name.to_owned(),
            source: origin.source,
            apply: origin.apply,
            when: origin.when,
            on_invalid: on_invalid.unwrap_or(OnInvalid::Drop),
            shape,
        };
        row.check_fixed_values(section);
        Some(row)
    }

    /// The fields of an item, in the order of the pattern.
    pub(crate) fn fields(&self) -> Vec<String> {
        let names = self.shape.pattern.capture_names().flatten();
        let mut fields: Vec<String> = names.map(str::to_owned).collect();
        for name in self.shape.default.keys() {
            if !fields.contains(name) {
                fields.push(name.clone());
            }
        }
        fields
    }

    pub(super) fn reads_groups(&self) -> bool {
        names_groups(self.when.as_ref()) || self.source.reads_groups()
    }

    /// The item that a value stands for.
    ///
    /// # Errors
    ///
    /// The end of a sentence that begins with the value: `"does not match ..."`.
    pub(super) fn item(&self, value: &Value) -> Result<Item, String> {
        let mut current = value.clone();
        for step in &self.apply {
            current = step.apply(current)?;
        }
        match &current {
            Value::Object(given) => self.given_item(given),
            single => {
                let text = scalar_text(single).ok_or("is no text")?;
                self.shape.read(&text)
            }
        }
    }

    /// An item that the profile or its override writes out.
    fn given_item(&self, given: &Item) -> Result<Item, String> {
        let fields = self.fields();
        if let Some(unknown) = given.keys().find(|name| !fields.contains(name)) {
            return Err(format!(
                "names \"{unknown}\", and an item has {}",
                fields.join(", ")
            ));
        }
        let mut item = self.shape.default.clone();
        item.extend(given.clone());
        match fields.iter().find(|name| !item.contains_key(*name)) {
            Some(missing) => Err(format!("has no {missing}")),
            None => Ok(item),
        }
    }

    /// Values that the profile itself gives have to fit; nobody should learn that from a user.
    fn check_fixed_values(&self, section: &Section<'_>) {
        for (key, value) in self.source.fixed_values() {
            for element in elements(value) {
                if let Err(reason) = self.item(element) {
                    section.problem(
                        key,
                        format!("{element} {reason}"),
                        "give a value that makes an item",
                    );
                }
            }
        }
    }
}

impl Shape {
    fn compile(section: &Section<'_>) -> Option<Self> {
        let pattern = section.required_text("pattern");
        let default = match section.json("default") {
            Some(Value::Object(default)) => default,
            _ => Item::new(),
        };
        let pattern = section.as_regex("pattern", &pattern?)?;
        if pattern.capture_names().flatten().next().is_none() {
            section.problem(
                "pattern",
                "the pattern has no named group, so an item has no field",
                "name the groups after the vendor's fields, like (?<key>.+)",
            );
            return None;
        }
        Some(Self { pattern, default })
    }

    fn read(&self, text: &str) -> Result<Item, String> {
        let found = self
            .pattern
            .captures(text)
            .ok_or_else(|| format!("does not match {}", self.pattern))?;
        let mut item = self.default.clone();
        for name in self.pattern.capture_names().flatten() {
            if let Some(part) = found.name(name) {
                item.insert(name.to_owned(), Value::from(part.as_str()));
            }
        }
        Ok(item)
    }
}

/// A list's elements, or the one value.
pub(super) fn elements(value: &Value) -> &[Value] {
    match value {
        Value::Array(list) => list,
        single => std::slice::from_ref(single),
    }
}
