//! A resource becomes a vendor's fields.

use std::borrow::Cow;

use serde_json::{Map, Value, json};

use minijinja::value::Value as TemplateValue;

use super::super::translated::{SecretField, Subject, Translated, Violation};
use super::items::{Item, ItemRow, elements};
use super::row::{OnInvalid, Row, Source, ValueKind};
use super::template::Rendered;
use super::transform::{Transform, scalar_text};
use super::{Table, holds};

/// The longest piece of a value that a message repeats, in characters.
const QUOTED_LIMIT: usize = 80;

/// A subject, prepared once for all rows.
struct Reading<'a> {
    subject: &'a Subject<'a>,
    /// The document with `groups`, where a row asks for them.
    document: Cow<'a, Map<String, Value>>,
    context: Option<TemplateValue>,
}

/// What a row gave.
enum Outcome {
    Value(Value),
    Absent,
    /// The value, where it came from, and why the vendor would not take it.
    Invalid {
        value: Value,
        origin: String,
        reason: String,
    },
    Failed(String),
}

impl Table {
    /// The desired state of the subject's object, in the vendor's fields.
    pub(crate) fn translate(&self, subject: &Subject<'_>) -> Translated {
        let reading = self.read(subject);
        let mut translated = Translated {
            active: subject
                .document
                .get("active")
                .and_then(Value::as_bool)
                .unwrap_or(true),
            ..Translated::default()
        };
        for row in &self.rows {
            match &row.secret {
                Some(_) => translated.secrets.extend(row.secret_field()),
                None => self.translate_row(row, &reading, &mut translated),
            }
        }
        translated.secrets.retain(|secret| {
            let row = self.row(&secret.name).and_then(|row| row.secret.as_ref());
            let omit = row.and_then(|row| row.omit_when.as_ref());
            !omit.is_some_and(|condition| condition.holds(&translated.fields))
        });
        for row in &self.items {
            self.translate_items(row, &reading, &mut translated);
        }
        self.mark(subject, &mut translated);
        self.keep_off_without_needed(&mut translated);
        let secrets: Vec<String> = translated
            .secrets
            .iter()
            .filter(|secret| secret.generate.is_some())
            .map(|secret| secret.name.clone())
            .collect();
        self.check_rules(&mut translated, &secrets);
        translated.key = translated.fields.get(&self.key).and_then(scalar_text);
        translated
    }

    /// Adds what breaks a rule across fields, once.
    fn check_rules(&self, translated: &mut Translated, secrets: &[String]) {
        for rule in &self.rules {
            let broken = rule.check(&translated.fields, secrets);
            let new = broken.filter(|violation| !translated.violations.contains(violation));
            translated.violations.extend(new);
        }
    }

    /// The same without a password: its fields are left out, and those are given in its place.
    pub(crate) fn replace_secrets(&self, translated: &mut Translated, by: &Map<String, Value>) {
        translated.secrets.clear();
        translated.fields.extend(by.clone());
        self.check_rules(translated, &[]);
    }

    fn read<'a>(&self, subject: &'a Subject<'a>) -> Reading<'a> {
        let mut document = Cow::Borrowed(subject.document);
        if self.reads_groups() {
            let groups: Vec<Value> = subject
                .groups
                .iter()
                .map(|group| json!({"value": group.id, "display": group.display}))
                .collect();
            document
                .to_mut()
                .insert("groups".to_owned(), Value::Array(groups));
        }
        let templated = self
            .rows
            .iter()
            .map(|row| &row.source)
            .chain(self.items.iter().map(|row| &row.source))
            .any(|source| matches!(source, Source::Template(_)));
        Reading {
            subject,
            document,
            context: templated.then(|| self.templates.context(subject)),
        }
    }

    fn translate_row(&self, row: &Row, reading: &Reading<'_>, translated: &mut Translated) {
        if let Some(condition) = &row.when
            && !holds(condition, &reading.document, self.kind, &self.schemas)
        {
            return;
        }
        match self.outcome(row, reading, &mut translated.notes) {
            Outcome::Value(value) => {
                translated.fields.insert(row.name.clone(), value);
            }
            Outcome::Absent if row.required => translated.violations.push(Violation {
                field: row.name.clone(),
                message: format!(
                    "{} has no value, and the appliance requires {}; give it one in the directory, or override the row {}.",
                    row.origin(),
                    row.name,
                    row.name
                ),
            }),
            Outcome::Absent => {}
            Outcome::Invalid {
                value,
                origin,
                reason,
            } => {
                let value = quoted(&value);
                match row.on_invalid {
                    OnInvalid::Drop => translated.notes.push(format!(
                        "{origin}: {value} {reason}, so {} is left out.",
                        row.name
                    )),
                    OnInvalid::Refuse => translated.violations.push(Violation {
                        field: row.name.clone(),
                        message: format!(
                            "{origin}: {value} {reason}, as the appliance requires of {}; change it in the directory, or override the row {}.",
                            row.name, row.name
                        ),
                    }),
                }
            }
            Outcome::Failed(problem) => translated.violations.push(Violation {
                field: row.name.clone(),
                message: format!(
                    "The template of {} {problem}; correct it in the vendor profile or its override.",
                    row.name
                ),
            }),
        }
    }

    fn outcome(&self, row: &Row, reading: &Reading<'_>, notes: &mut Vec<String>) -> Outcome {
        let (value, origin) = match self.source_value(&row.wanted(), reading) {
            Ok(Some(found)) => found,
            Ok(None) => return Outcome::Absent,
            Err(problem) => return Outcome::Failed(problem),
        };
        let invalid = |value: &Value, reason: String| Outcome::Invalid {
            value: value.clone(),
            origin: origin.clone(),
            reason,
        };
        let mut current = value.clone();
        for step in &row.apply {
            current = match step.apply(current) {
                Ok(next) => next,
                Err(reason) => return invalid(&value, reason),
            };
        }
        if matches!(&current, Value::String(text) if text.is_empty()) {
            // Nothing is left of it: to the vendor this is no value, to the operator it is news.
            return invalid(&value, "has nothing in it that can be used".to_owned());
        }
        match row.constraints.fit(current.clone()) {
            Ok(fitted) => {
                if fitted.shortened {
                    notes.push(format!(
                        "{origin}: {} is shortened for {}.",
                        quoted(&value),
                        row.name
                    ));
                }
                Outcome::Value(fitted.value)
            }
            Err(reason) if current == value => invalid(&value, reason),
            Err(reason) => invalid(
                &value,
                format!("becomes {}, which {reason}", quoted(&current)),
            ),
        }
    }

    /// The value before any transform, and where it came from.
    fn source_value(
        &self,
        wanted: &Wanted<'_>,
        reading: &Reading<'_>,
    ) -> Result<Option<(Value, String)>, String> {
        Ok(match wanted.source {
            Source::Nothing => None,
            Source::Constant(value) => Some((value.clone(), wanted.name.to_owned())),
            Source::Choose(chooser) => chooser
                .value(wanted.ranks, &reading.document, reading.subject.groups)
                .map(|value| (value, "groups".to_owned())),
            Source::Template(text) => {
                let Some(context) = &reading.context else {
                    return Ok(None);
                };
                match self.templates.render(text, context) {
                    Rendered::Text(text) => {
                        let text = text.trim();
                        (!text.is_empty()).then(|| (Value::from(text), wanted.name.to_owned()))
                    }
                    Rendered::Absent => None,
                    Rendered::Failed(problem) => return Err(problem),
                }
            }
            Source::From(paths) => paths.iter().find_map(|path| {
                let value = if wanted.all {
                    path.all(&reading.document, &self.schemas)
                } else {
                    path.first(&reading.document, &self.schemas)
                };
                value.map(|value| (value, path.text.clone()))
            }),
        })
    }

    /// The items of a collection. A value that makes none is left out with a note, or refused.
    fn translate_items(&self, row: &ItemRow, reading: &Reading<'_>, translated: &mut Translated) {
        if matches!(row.source, Source::Nothing) {
            return;
        }
        let mut items: Vec<Item> = Vec::new();
        let holds = row
            .when
            .as_ref()
            .is_none_or(|condition| holds(condition, &reading.document, self.kind, &self.schemas));
        let found = if holds {
            self.source_value(&row.wanted(), reading)
        } else {
            Ok(None)
        };
        match found {
            Ok(Some((value, origin))) => {
                // A multi-valued attribute of a declared schema is a list by itself.
                for element in elements(&value).iter().flat_map(elements) {
                    match row.item(element) {
                        Ok(item) if items.contains(&item) => {}
                        Ok(item) => items.push(item),
                        Err(reason) => {
                            row.report(&origin, element, &reason, translated);
                        }
                    }
                }
            }
            Ok(None) => {}
            Err(problem) => translated.violations.push(Violation {
                field: row.name.clone(),
                message: format!(
                    "The template of {} {problem}; correct it in the vendor profile or its override.",
                    row.name
                ),
            }),
        }
        translated.collections.insert(row.name.clone(), items);
    }

    /// An account that lacks what the vendor's rights hang on is kept off.
    fn keep_off_without_needed(&self, translated: &mut Translated) {
        let missing = self
            .needed
            .iter()
            .find(|name| !translated.fields.contains_key(*name));
        if let (Some(missing), true) = (missing, translated.active) {
            translated.active = false;
            translated.notes.push(format!(
                "no group or role gives {missing} a value, so the account is kept off"
            ));
        }
    }

    /// Puts the ownership marker into its field, unless the table gives the field a value.
    fn mark(&self, subject: &Subject<'_>, translated: &mut Translated) {
        let Some(marker) = &self.marker else {
            return;
        };
        translated
            .fields
            .entry(marker.field.clone())
            .or_insert_with(|| Value::from(format!("{}{}", marker.prefix, subject.id)));
    }
}

/// What a source is asked for.
struct Wanted<'a> {
    source: &'a Source,
    /// The row, for messages.
    name: &'a str,
    /// Whether all values go in together, not only the first.
    all: bool,
    /// Values from the greatest privilege to the least.
    ranks: &'a [Value],
}

impl ItemRow {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            source: &self.source,
            name: &self.name,
            all: true,
            ranks: &[],
        }
    }

    fn report(&self, origin: &str, value: &Value, reason: &str, translated: &mut Translated) {
        let value = quoted(value);
        match self.on_invalid {
            OnInvalid::Drop => translated.notes.push(format!(
                "{origin}: {value} {reason}, so it gives nothing to {}.",
                self.name
            )),
            OnInvalid::Refuse => translated.violations.push(Violation {
                field: self.name.clone(),
                message: format!(
                    "{origin}: {value} {reason}, as {} requires; change it in the directory, or override {}.",
                    self.name, self.name
                ),
            }),
        }
    }
}

impl Row {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            source: &self.source,
            name: &self.name,
            all: self.takes_list(),
            ranks: &self.constraints.one_of,
        }
    }

    /// Whether all values go in together, not only the first.
    fn takes_list(&self) -> bool {
        self.constraints.kind == Some(ValueKind::List)
            || matches!(self.apply.first(), Some(Transform::Join(_)))
    }

    /// Where the value should have come from, for messages.
    fn origin(&self) -> String {
        match &self.source {
            Source::From(paths) if !paths.is_empty() => paths
                .iter()
                .map(|path| path.text.as_str())
                .collect::<Vec<_>>()
                .join(" or "),
            Source::Choose { .. } => "No group or role decides: the row".to_owned(),
            _ => format!("The row {}", self.name),
        }
    }

    pub(crate) fn secret_field(&self) -> Option<SecretField> {
        let secret = self.secret.as_ref()?;
        Some(SecretField {
            name: self.name.clone(),
            generate: secret.generate.clone(),
            max_length: self.constraints.max_length,
            forbidden: secret.forbidden.clone(),
            changeable: self.on_change,
        })
    }
}

/// A value in a message, cut to a readable length.
fn quoted(value: &Value) -> String {
    let text = scalar_text(value).unwrap_or_else(|| value.to_string());
    let short: String = text.chars().take(QUOTED_LIMIT).collect();
    if short.len() < text.len() {
        format!("\"{short}...\"")
    } else {
        format!("\"{short}\"")
    }
}
