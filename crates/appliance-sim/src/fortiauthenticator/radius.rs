//! RADIUS attributes of local users.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::filter::{ANY, EXACT, FilterRules, Filterable};

/// The writable field is `attr_val`, its filter is spelled `attr_value`.
pub(super) const FILTERS: FilterRules = FilterRules {
    known: &["attr_val", "attribute", "id", "owner", "vendor"],
    allowed: &[("vendor", EXACT), ("attribute", EXACT), ("attr_value", ANY)],
};

/// One attribute of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RadiusAttribute {
    pub(super) id: u64,
    pub(super) owner: u64,
    pub(super) vendor: String,
    pub(super) attribute: String,
    pub(super) value: String,
}

/// Every attribute of every user.
#[derive(Debug, Default)]
pub(super) struct RadiusAttributes {
    by_id: BTreeMap<u64, RadiusAttribute>,
    last_id: u64,
}

impl RadiusAttribute {
    pub(super) fn new(owner: u64) -> Self {
        Self {
            id: 0,
            owner,
            vendor: "Default".to_owned(),
            attribute: String::new(),
            value: String::new(),
        }
    }

    /// Takes the fields of a body; gives the errors by field.
    pub(super) fn change(&mut self, body: &Map<String, Value>) -> Result<(), Value> {
        let mut errors = Map::new();
        let fields = [
            ("vendor", 40, &mut self.vendor),
            ("attribute", 255, &mut self.attribute),
            ("attr_val", 255, &mut self.value),
        ];
        for (name, length, field) in fields {
            match body.get(name) {
                None | Some(Value::Null) => {}
                Some(Value::String(text)) => *field = text.clone(),
                Some(other) => *field = other.to_string(),
            }
            let has = field.chars().count();
            if has == 0 {
                errors.insert(name.into(), json!(["This field is required."]));
            } else if has > length {
                let text =
                    format!("Ensure this value has at most {length} characters (it has {has}).");
                errors.insert(name.into(), json!([text]));
            }
        }
        match errors.is_empty() {
            true => Ok(()),
            false => Err(Value::Object(errors)),
        }
    }
}

impl RadiusAttributes {
    pub(super) fn of(&self, owner: u64) -> Vec<&RadiusAttribute> {
        let own = self.by_id.values().filter(|one| one.owner == owner);
        own.collect()
    }

    /// The attribute of that id, if it is this user's.
    pub(super) fn get(&self, owner: u64, id: u64) -> Option<&RadiusAttribute> {
        self.by_id.get(&id).filter(|one| one.owner == owner)
    }

    /// Adds an attribute under a new id.
    pub(super) fn add(&mut self, mut attribute: RadiusAttribute) -> u64 {
        self.last_id += 1;
        attribute.id = self.last_id;
        self.by_id.insert(attribute.id, attribute);
        self.last_id
    }

    pub(super) fn put(&mut self, attribute: RadiusAttribute) {
        self.by_id.insert(attribute.id, attribute);
    }

    pub(super) fn remove(&mut self, id: u64) {
        self.by_id.remove(&id);
    }

    pub(super) fn remove_owner(&mut self, owner: u64) {
        self.by_id.retain(|_, one| one.owner != owner);
    }
}

impl Filterable for &RadiusAttribute {
    fn comparable(&self, field: &str) -> Option<Value> {
        Some(match field {
            "id" => json!(self.id),
            "vendor" => json!(self.vendor),
            "attribute" => json!(self.attribute),
            "attr_value" => json!(self.value),
            _ => return None,
        })
    }
}
