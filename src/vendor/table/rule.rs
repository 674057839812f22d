//! Rules across fields: `[[user.rule]]`.

use serde_json::{Map, Value};

use super::super::profile::Section;
use super::super::suggest::closest;
use super::super::translated::Violation;

/// Where every condition holds, the required fields have a value and the forbidden ones none.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    when: Vec<(String, Vec<Value>)>,
    require: Vec<String>,
    forbid: Vec<String>,
    message: String,
}

impl Rule {
    /// Reads a rule. `fields` are the table's.
    pub(super) fn compile(section: &Section<'_>, fields: &[String]) -> Option<Self> {
        let when = section.required_section("when").map(|inner| {
            inner
                .entries()
                .map(|(name, value)| {
                    let values = match super::super::profile::to_json(value) {
                        Value::Array(list) => list,
                        single => vec![single],
                    };
                    (name.clone(), values)
                })
                .collect::<Vec<_>>()
        });
        let require = section.texts("require").unwrap_or_default();
        let forbid = section.texts("forbid").unwrap_or_default();
        let message = section.required_text("message");
        let rule = Self {
            when: when?,
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
                let remedy = "name fields of the table in when, require and forbid";
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
        let when = self.when.iter().map(|(name, _)| ("when", name));
        let require = self.require.iter().map(|name| ("require", name));
        let forbid = self.forbid.iter().map(|name| ("forbid", name));
        when.chain(require).chain(forbid)
    }

    /// What breaks the rule. A secret counts as given: it is always sent at creation.
    pub(super) fn check(
        &self,
        fields: &Map<String, Value>,
        secrets: &[String],
    ) -> Option<Violation> {
        let applies = self
            .when
            .iter()
            .all(|(name, values)| fields.get(name).is_some_and(|value| values.contains(value)));
        if !applies {
            return None;
        }
        let given = |name: &&String| fields.contains_key(*name) || secrets.contains(name);
        let missing = self.require.iter().find(|name| !given(name));
        let surplus = self.forbid.iter().find(given);
        missing.or(surplus).map(|field| Violation {
            field: field.clone(),
            message: self.message.clone(),
        })
    }
}
