//! The JSON Schema of profiles, for editors, made of the vocabulary.

use serde_json::{Map, Value, json};

use super::vocabulary::{COLLECTION, Key, Kind, PROFILE, ROW, Vocabulary};

/// The dialect that editors for TOML understand.
const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// The JSON Schema of a `profile.toml`.
pub fn profile_schema() -> Value {
    let mut definitions = Map::new();
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), Value::from(DIALECT));
    schema.insert(
        "title".to_owned(),
        Value::from("scim-bridge vendor profile"),
    );
    schema.append(&mut table(&PROFILE, false, &mut definitions));
    schema.insert("definitions".to_owned(), Value::Object(definitions));
    Value::Object(schema)
}

/// What an appliance can say otherwise: the definition `row` of a translation table's row, and
/// `collection_override` of a collection of which it says only a part; with those that they refer to.
pub(crate) fn override_schemas() -> Map<String, Value> {
    let mut definitions = Map::new();
    reference(&ROW, false, &mut definitions);
    let collection = table(&COLLECTION, true, &mut definitions);
    definitions.insert("collection_override".to_owned(), Value::Object(collection));
    definitions
}

/// A table. Of a part nothing has to be there: it is laid over what is said elsewhere.
fn table(
    vocabulary: &Vocabulary,
    part: bool,
    definitions: &mut Map<String, Value>,
) -> Map<String, Value> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for key in vocabulary.keys() {
        properties.insert(key.name.to_owned(), value(key, part, definitions));
        if key.required {
            required.push(key.name);
        }
    }
    let mut schema = Map::new();
    schema.insert("description".to_owned(), Value::from(vocabulary.meaning));
    schema.insert("type".to_owned(), Value::from("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !part && !required.is_empty() {
        schema.insert("required".to_owned(), Value::from(required));
    }
    if !part && !vocabulary.alternatives().is_empty() {
        let sets = vocabulary.alternatives().iter();
        let sets: Vec<Value> = sets.map(|keys| json!({ "required": keys })).collect();
        schema.insert("anyOf".to_owned(), Value::from(sets));
    }
    schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    schema
}

fn reference(vocabulary: &Vocabulary, part: bool, definitions: &mut Map<String, Value>) -> Value {
    let name = if part {
        format!("part_of_{}", vocabulary.name)
    } else {
        vocabulary.name.to_owned()
    };
    if !definitions.contains_key(&name) {
        // Its place is taken first, so that a table that contains itself comes to an end.
        definitions.insert(name.clone(), Value::Null);
        let schema = table(vocabulary, part, definitions);
        definitions.insert(name.clone(), Value::Object(schema));
    }
    json!({ "$ref": format!("#/definitions/{name}") })
}

fn value(key: &Key, part: bool, definitions: &mut Map<String, Value>) -> Value {
    let text = json!({ "type": "string" });
    let pointer = json!({ "type": "string", "pattern": "^($|/)" });
    let schema = match &key.kind {
        Kind::Any => json!({}),
        Kind::Anys => json!({}),
        Kind::Text => text,
        Kind::Texts => one_or_more(&text),
        Kind::Flag => json!({ "type": "boolean" }),
        Kind::Integer => json!({ "type": "integer" }),
        Kind::Size => json!({ "type": "integer", "minimum": 0 }),
        Kind::Object => json!({ "type": "object" }),
        Kind::Pointer => pointer,
        Kind::Pointers => one_or_more(&pointer),
        // Not of the format "regex", which is that of another language.
        Kind::Regex => text,
        Kind::Word(words) => json!({ "enum": words }),
        Kind::Words(words) => one_or_more(&json!({ "enum": words })),
        Kind::Scalars => json!({
            "type": "object",
            "additionalProperties": { "type": ["string", "integer", "boolean"] },
        }),
        Kind::Table(inner) => json!({ "allOf": [reference(inner, part, definitions)] }),
        Kind::Part(inner) => json!({ "allOf": [reference(inner, true, definitions)] }),
        // A list is replaced as a whole.
        Kind::Tables(inner) => {
            json!({ "type": "array", "items": reference(inner, false, definitions) })
        }
        Kind::Named(inner) => json!({
            "type": "object",
            "additionalProperties": reference(inner, part, definitions),
        }),
        Kind::Schema(make) => make(),
    };
    described(schema, key.meaning)
}

fn one_or_more(item: &Value) -> Value {
    json!({ "anyOf": [item, { "type": "array", "items": item }] })
}

fn described(schema: Value, meaning: &str) -> Value {
    let mut described = Map::new();
    described.insert("description".to_owned(), Value::from(meaning));
    if let Value::Object(schema) = schema {
        described.extend(schema);
    }
    Value::Object(described)
}
