//! Reads `[user.fields]` and `[[user.rule]]`.

use std::sync::Arc;

use scim_filter_parser::{Filter, parse_filter};
use serde_json::Value;

use super::super::pointer::Pointer;
use super::super::profile::{SOURCES, Section};
use super::super::reference::Reference;
use super::super::suggest::closest;
use super::choose::{Chooser, Pick};
use super::items::{ItemRow, Origin};
use super::row::{Compare, Constraints, OnInvalid, Row, Source, ValueKind};
use super::rule::{FieldCondition, Rule};
use super::secret::secret;
use super::source::SourcePath;
use super::template::Templates;
use super::{Marker, Table, items, transform};
use crate::scim::ResourceKind;
use crate::scim::filter::unknown_attributes;
use crate::scim::schema::SchemaSet;

const KINDS: [(&str, ValueKind); 5] = [
    ("string", ValueKind::Text),
    ("integer", ValueKind::Integer),
    ("boolean", ValueKind::Boolean),
    ("list", ValueKind::List),
    ("object", ValueKind::Object),
];

const COMPARES: [(&str, Compare); 5] = [
    ("exact", Compare::Exact),
    ("ci", Compare::CaseInsensitive),
    ("instant", Compare::Instant),
    ("set", Compare::Set),
    ("never", Compare::Never),
];

/// What the object around the table says about it.
pub(crate) struct TableContext {
    pub(crate) kind: ResourceKind,
    pub(crate) key: String,
    pub(crate) marker: Option<Marker>,
    /// What the paths of the table can name.
    pub(crate) schemas: Arc<SchemaSet>,
}

struct RowCompiler<'a> {
    kind: ResourceKind,
    /// The row that is the object's key.
    key: &'a str,
    schemas: &'a SchemaSet,
    templates: &'a mut Templates,
}

/// Reads `fields` and `rule` of an object.
pub(crate) fn compile_table(object: &Section<'_>, context: TableContext) -> Table {
    let schemas = Arc::clone(&context.schemas);
    let mut templates = Templates::new(context.kind);
    let mut rows = Vec::new();
    if let Some(fields) = object.required_section("fields") {
        let mut compiler = RowCompiler {
            kind: context.kind,
            key: &context.key,
            schemas: &schemas,
            templates: &mut templates,
        };
        for (name, section) in fields.entry_sections() {
            rows.push(compiler.row(&name, &section));
        }
    }
    let names: Vec<String> = rows.iter().map(|row: &Row| row.name.clone()).collect();
    let rules = object
        .sections("rule")
        .iter()
        .filter_map(|section| Rule::compile(section, &names))
        .collect();
    check_names(object, &context, &rows, &names);
    Table {
        kind: context.kind,
        key: context.key,
        reads_groups: rows.iter().any(Row::reads_groups),
        rows,
        items: Vec::new(),
        rules,
        needed: Vec::new(),
        templates,
        schemas,
        marker: context.marker,
    }
}

impl Table {
    /// Reads where the items of a collection come from; gives their fields.
    pub(crate) fn add_items(&mut self, name: &str, section: &Section<'_>) -> Option<Vec<String>> {
        let mut compiler = RowCompiler {
            kind: self.kind,
            key: &self.key,
            schemas: &self.schemas,
            templates: &mut self.templates,
        };
        let origin = Origin {
            source: compiler.source(section, Pick::All),
            apply: transform::compile(section),
            when: compiler.when(section),
        };
        let row = ItemRow::compile(name, section, origin)?;
        let fields = row.fields();
        self.reads_groups |= row.reads_groups();
        self.items.push(row);
        Some(fields)
    }
}

fn check_names(object: &Section<'_>, context: &TableContext, rows: &[Row], names: &[String]) {
    let key = rows.iter().find(|row| row.name == context.key);
    if !key.is_some_and(|row| row.has_source() && row.secret.is_none() && row.on_create) {
        object.problem(
            "key",
            format!(
                "the table has no row with a value for the key \"{}\"",
                context.key
            ),
            "give the key a row with from or template, sent on create",
        );
    }
    if let Some(marker) = &context.marker
        && !names.contains(&marker.field)
    {
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        object.problem_below(
            &["marker", "field"],
            format!(
                "\"{}\" is no field of the table{}",
                marker.field,
                closest(&marker.field, &known)
            ),
            "name a field of the table, or give it a row",
        );
    }
    for row in rows {
        let omitted = row.secret.iter().flat_map(|secret| &secret.omit_when);
        for name in omitted.flat_map(FieldCondition::names) {
            if !names.contains(name) {
                object.problem_below(
                    &["fields", &row.name, "omit_when"],
                    format!(
                        "{} is omitted by \"{name}\", which is no field of the table",
                        row.name
                    ),
                    "name fields of the table in omit_when",
                );
            }
        }
        for companion in row.with.iter().filter(|name| !names.contains(name)) {
            object.problem_below(
                &["fields", &row.name, "with"],
                format!(
                    "{} travels with \"{companion}\", which is no field of the table",
                    row.name
                ),
                "name fields of the table in with",
            );
        }
    }
}

impl RowCompiler<'_> {
    fn row(&mut self, name: &str, section: &Section<'_>) -> Row {
        let is_key = name == self.key;
        let required = section.flag("required").unwrap_or(false) || is_key;
        let on_invalid = section.choice(
            "on_invalid",
            &[("drop", OnInvalid::Drop), ("refuse", OnInvalid::Refuse)],
        );
        let constraints = constraints(section);
        let (on_create, on_change) = occasions(section);
        let row = Row {
            name: name.to_owned(),
            source: self.source(section, Pick::First),
            apply: transform::compile(section),
            on_create,
            on_change,
            when: self.when(section),
            with: section.texts("with").unwrap_or_default(),
            empty: match section.json("empty") {
                // TOML has no null, and no vendor means the word.
                Some(Value::String(word)) if word == "null" => Value::Null,
                Some(given) => given,
                None => empty_of(constraints.kind),
            },
            required,
            on_invalid: match on_invalid {
                Some(chosen) => chosen,
                None if required => OnInvalid::Refuse,
                None => OnInvalid::Drop,
            },
            secret: secret(section, &constraints),
            masked: section.flag("masked").unwrap_or(false),
            constraints,
            read: section
                .pointers("read")
                .unwrap_or_else(|| Pointer::parse(&format!("/{name}")).into_iter().collect()),
            compare: section
                .choice("compare", &COMPARES)
                .unwrap_or(Compare::Exact),
            ignore: section.json_list("ignore"),
            leave_when: section.json_list("leave_when"),
            reference: section
                .section("reference")
                .and_then(|inner| Reference::compile(&inner)),
        };
        check_pick(section, &row);
        check_fixed_values(section, &row);
        if required && row.on_invalid == OnInvalid::Drop {
            section.problem(
                "on_invalid",
                "the row is required, so that its value cannot be left out",
                "remove on_invalid, or required",
            );
        }
        row
    }

    fn source(&mut self, section: &Section<'_>, pick: Pick) -> Source {
        let from = section.texts("from");
        let template = section.text("template");
        let value = section.json("value");
        let chooser = Chooser::compile(section, pick);
        let given: Vec<&str> = SOURCES.into_iter().filter(|key| section.has(key)).collect();
        if let [_, second, ..] = given.as_slice() {
            section.problem_below(
                &[second],
                format!("the row has more than one source: {}", given.join(", ")),
                "keep one of them",
            );
        }
        if let Some(paths) = from {
            let paths: Vec<SourcePath> = paths
                .iter()
                .filter_map(|text| self.source_path(section, text))
                .collect();
            return if paths.is_empty() {
                Source::Nothing
            } else {
                Source::From(paths)
            };
        }
        if let Some(text) = template {
            if let Err(problem) = self.templates.add(&text) {
                section.problem_in("template", (&text, 0), problem, "correct the template");
            }
            return Source::Template(text);
        }
        if let Some(value) = value {
            return Source::Constant(value);
        }
        if section.has("choose") || chooser.default.is_some() {
            return Source::Choose(chooser);
        }
        Source::Nothing
    }

    fn source_path(&self, section: &Section<'_>, text: &str) -> Option<SourcePath> {
        SourcePath::parse(text, self.kind, self.schemas)
            .map_err(|problem| {
                let remedy =
                    "write the path of an attribute as in a SCIM filter, like name.givenName";
                section.problem_in("from", (text, SourcePath::fault(text)), problem, remedy);
            })
            .ok()
    }

    fn when(&self, section: &Section<'_>) -> Option<Filter> {
        let text = section.text("when")?;
        let filter = match parse_filter(&text) {
            Ok(filter) => filter,
            Err(error) => {
                section.problem_in(
                    "when",
                    (&text, error.offset),
                    format!("\"{text}\": {error}"),
                    "write a SCIM filter, like active eq true",
                );
                return None;
            }
        };
        let unknown = unknown_attributes(&filter, self.kind, self.schemas);
        if let Some(name) = unknown.first() {
            section.problem_in(
                "when",
                (&text, text.find(name.as_str()).unwrap_or_default()),
                format!("\"{name}\" names no attribute of a {}", self.kind),
                "correct the name",
            );
        }
        Some(filter)
    }
}

/// Values that the profile itself gives have to fit; nobody should learn that from a user.
fn check_fixed_values(section: &Section<'_>, row: &Row) {
    if !row.apply.is_empty() {
        return;
    }
    for (key, value) in row.source.fixed_values() {
        let ids = items::elements(value)
            .iter()
            .filter(|element| !element.is_string());
        if row.reference.is_some() && ids.count() > 0 {
            section.problem(
                key,
                format!("{value} is an id, and {} takes names", row.name),
                "write the name; the id is looked up",
            );
        }
        if let Err(reason) = row.constraints.fit(value.clone()) {
            section.problem(
                key,
                format!("{value} {reason}"),
                "give a value that the row takes",
            );
        }
    }
}

fn check_pick(section: &Section<'_>, row: &Row) {
    let Source::Choose(chooser) = &row.source else {
        return;
    };
    match chooser.pick {
        Pick::Least if row.constraints.one_of.is_empty() => section.problem(
            "pick",
            "nothing says which value is the least",
            "add one_of, from the greatest privilege to the least",
        ),
        Pick::All if row.constraints.kind != Some(ValueKind::List) => section.problem(
            "pick",
            "all values together are a list",
            "add type = \"list\", or pick the first or the least",
        ),
        _ => {}
    }
}

fn occasions(section: &Section<'_>) -> (bool, bool) {
    let Some(occasions) = section.texts("on") else {
        return (true, true);
    };
    const CREATE: (bool, bool) = (true, false);
    const CHANGE: (bool, bool) = (false, true);
    occasions
        .iter()
        .filter_map(|name| section.chosen("on", name, &[("create", CREATE), ("change", CHANGE)]))
        .fold(
            (false, false),
            |(create, change), (also_create, also_change)| {
                (create || also_create, change || also_change)
            },
        )
}

fn constraints(section: &Section<'_>) -> Constraints {
    Constraints {
        kind: section.choice("type", &KINDS),
        max_length: section.size("max_length"),
        truncate: section
            .choice("too_long", &[("truncate", true), ("refuse", false)])
            .unwrap_or(false),
        pattern: section.regex("pattern"),
        not_pattern: section.regex("not_pattern"),
        min: section.number("min"),
        max: section.number("max"),
        one_of: section.json_list("one_of"),
    }
}

fn empty_of(kind: Option<ValueKind>) -> Value {
    match kind {
        Some(ValueKind::Integer | ValueKind::Object) => Value::Null,
        Some(ValueKind::Boolean) => Value::Bool(false),
        Some(ValueKind::List) => Value::Array(Vec::new()),
        Some(ValueKind::Text) | None => Value::from(""),
    }
}
