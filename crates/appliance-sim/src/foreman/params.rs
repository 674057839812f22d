//! The keys of a request body, as Rails reads them: what is not permitted is dropped in silence,
//! and types are bent until they fit.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::release::Release;
use super::reply::Refusal;
use super::state::State;

/// The keys of one object of the request.
#[derive(Debug, Clone, Default)]
pub(super) struct Params {
    given: Map<String, Value>,
}

impl Params {
    /// What is under the resource's name, or the whole body where nothing is.
    pub(super) fn of(body: &Value, resource: &str) -> Result<Self, Refusal> {
        match body.get(resource) {
            Some(Value::Object(given)) => Ok(Self {
                given: given.clone(),
            }),
            Some(Value::String(_)) => Err(Refusal::Message(500, "string not matched".to_owned())),
            Some(_) => Ok(Self::default()),
            None => Ok(Self {
                given: body.as_object().cloned().unwrap_or_default(),
            }),
        }
    }

    pub(super) fn gives(&self, key: &str) -> bool {
        self.given.contains_key(key)
    }

    /// Everything scalar is a text; `None` if the key is absent.
    pub(super) fn text(&self, key: &str) -> Option<Option<String>> {
        match self.given.get(key)? {
            Value::String(text) => Some(Some(text.clone())),
            Value::Number(number) => Some(Some(number.to_string())),
            // As the database keeps a boolean in a text column.
            Value::Bool(flag) => Some(Some(if *flag { "t" } else { "f" }.to_owned())),
            Value::Null => Some(None),
            // Structures are not permitted for a scalar and are dropped.
            Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// A text that is neither empty nor null.
    pub(super) fn present(&self, key: &str) -> Option<String> {
        self.text(key).flatten().filter(|text| !text.is_empty())
    }

    /// Nearly everything is true.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        const FALSE: &[&str] = &["0", "f", "F", "false", "FALSE", "off", "OFF"];
        match self.given.get(key)? {
            Value::Bool(flag) => Some(*flag),
            Value::Number(number) => Some(number.as_i64() != Some(0)),
            Value::String(text) => Some(!text.is_empty() && !FALSE.contains(&text.as_str())),
            Value::Null => Some(false),
            Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// An id, or a text of digits; null clears.
    pub(super) fn id(&self, key: &str) -> Option<Option<i64>> {
        self.given.get(key).map(number)
    }

    /// A set of ids; null is as good as absent.
    fn ids(&self, key: &str) -> Option<BTreeSet<i64>> {
        let list = self.given.get(key)?.as_array()?;
        Some(list.iter().filter_map(number).collect())
    }

    fn names(&self, key: &str) -> Option<Vec<String>> {
        let list = self.given.get(key)?.as_array()?;
        Some(
            list.iter()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
        )
    }

    /// The ids out of `things: [{"id": 1}]`.
    fn objects(&self, key: &str) -> Option<BTreeSet<i64>> {
        let list = self.given.get(key)?.as_array()?;
        Some(
            list.iter()
                .filter_map(|object| number(object.get("id")?))
                .collect(),
        )
    }

    /// An association that can be given as `x_ids`, `x_names` or `xs: [{"id": 1}]`.
    ///
    /// `id_named` finds an id by name; names that there are not come back as an error.
    pub(super) fn association(
        &self,
        name: &str,
        id_named: impl Fn(&str) -> Option<i64>,
    ) -> Result<Option<BTreeSet<i64>>, String> {
        if let Some(ids) = self.ids(&format!("{name}_ids")) {
            return Ok(Some(ids));
        }
        if let Some(names) = self.names(&format!("{name}_names")) {
            let ids = names
                .iter()
                .map(|name| id_named(name).ok_or_else(|| name.clone()));
            return ids.collect::<Result<_, _>>().map(Some);
        }
        Ok(self.objects(&format!("{name}s")))
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// The roles of a user or group, every one of which exists.
pub(super) fn role_ids(
    release: Release,
    state: &State,
    params: &Params,
) -> Result<Option<BTreeSet<i64>>, Refusal> {
    let status = release.unknown_association_status();
    let unknown = |by: &str, value: &str| {
        Refusal::Message(status, format!("Couldn't find Role with '{by}'={value}"))
    };
    let id_named = |name: &str| {
        state
            .roles
            .iter()
            .find(|role| role.name == name)
            .map(|role| role.id)
    };
    let ids = params
        .association("role", id_named)
        .map_err(|name| unknown("name", &name))?;
    let missing = ids.iter().flatten().find(|id| state.role(**id).is_none());
    match missing {
        Some(id) => Err(unknown("id", &id.to_string())),
        None => Ok(ids),
    }
}
