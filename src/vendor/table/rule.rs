//! Rules across fields: `[[user.rule]]`.

use serde_json::{Map, Value};

use super::super::profile::Section;
use super::super::suggest::closest;
use super::super::translated::Violation;

/// `{ field = value, other = [one, two] }`: every field has one of its values.
#[derive(Debug, Clone, Default)]
pub(super) struct FieldCondition(Vec<(String, Vec<Value>)>);

impl FieldCondition {
    /// Reads a table of fields and values.
    pub(super) fn compile(section: &Section<'_>, key: &'static str) -> Option<Self> {
        let inner = section.section(key)?;
        let fields = inner.entries().map(|(name, value)| {
            let values = match super::super::profile::to_json(value) {
                Value::Array(list) => list,
                single => vec![single],
            };
            (name.clone(), values)
        });
        Some(Self(fields.collect()))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    pub(super) fn holds(&self, fields: &Map<String, Value>) -> bool {
        self.0
            .iter()
            .all(|(name, values)| fields.get(name).is_some_and(|value| values.contains(value)))
    }
}

/// Where every condition holds, the required fields have a value and the forbidden ones none.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    when: FieldCondition,
    /// Fields that have no value.
    without: Vec<String>,
    require: Vec<String>,
    forbid: Vec<String>,
    message: String,
}

impl Rule {
    /// Reads a rule. `fields` are the table's.
    pub(super) fn compile(section: &Section<'_>, fields: &[String]) -> Option<Self> {
        let when = FieldCondition::compile(section, "when");
        let without = section.texts("without").unwrap_or_default();
        if when.is_none() && without.is_empty() {
            section.problem(
                "when",
                "nothing says where the rule holds",
                "add when, without or both",
            );
        }
        let require = section.texts("require").unwrap_or_default();
        let forbid = section.texts("forbid").unwrap_or_default();
        let message = section.required_text("message");
        let rule = Self {
            when: when.unwrap_or_default(),
            without,
            require,
            forbid,
            message: message?,
        };
        let known: Vec<&str> = fields.iter().map(String::as_str).collect();
        for (key, name) in rule.names() {
            if !fields.contains(name) {
                let problem = format!(
                    "\"{name}\" is no field of the table{}",
                    closest(name, &known)
                );
                let remedy = "name fields of the table in when, without, require and forbid";
                match key {
                    "when" => section.problem_below(&[key, name], problem, remedy),
                    _ => section.problem_in(key, (name, 0), problem, remedy),
                }
            }
        }
        Some(rule)
    }

    /// The fields that it names, with the key that does.
    fn names(&self) -> impl Iterator<Item = (&'static str, &String)> {
        let when = self.when.names().map(|name| ("when", name));
        let without = self.without.iter().map(|name| ("without", name));
        let require = self.require.iter().map(|name| ("require", name));
        let forbid = self.forbid.iter().map(|name| ("forbid", name));
        when.chain(without).chain(require).chain(forbid)
    }

    /// What breaks the rule. A secret counts as given: it is always sent at creation.
    pub(super) fn check(
        &self,
        fields: &Map<String, Value>,
        secrets: &[String],
    ) -> Option<Violation> {
        let given = |name: &&String| fields.contains_key(*name) || secrets.contains(name);
        if !self.when.holds(fields) || self.without.iter().any(|name| given(&name)) {
            return None;
        }
        let missing = self.require.iter().find(|name| !given(name));
        let surplus = self.forbid.iter().find(given);
        missing.or(surplus).map(|field| Violation {
            field: field.clone(),
            message: self.message.clone(),
        })
    }
}
