//! What a resource holds at a path; translation tables read resources by it.

use scim_filter_parser::{AttributePath, Path};
use serde_json::{Map, Value};

use super::ResourceKind;
use super::filter::matches_element;
use super::schema::{Located, SchemaSet};

/// The values at a path, lists taken apart: `emails.value` gives the value of every e-mail,
/// `emails[type eq "work"].value` those of the matching ones, `emails` the elements themselves.
///
/// `document` is canonical. Attributes of the enterprise extension may be written with their
/// URN, or shorter, `enterprise.department`.
pub fn select<'a>(
    document: &'a Map<String, Value>,
    path: &Path,
    schemas: &SchemaSet,
) -> Vec<&'a Value> {
    match path {
        Path::Attribute(attribute_path) => locate(attribute_path, schemas)
            .map(|located| located.values(document))
            .unwrap_or_default(),
        Path::Value(value_path) => {
            let Some(located) = locate(&value_path.attribute, schemas) else {
                return Vec::new();
            };
            let Located::Attribute { attribute, .. } = located else {
                return Vec::new();
            };
            let elements = located
                .values(document)
                .into_iter()
                .filter(|element| matches_element(&value_path.filter, attribute, element));
            match &value_path.sub_attribute {
                None => elements.collect(),
                Some(name) => match attribute.sub_attribute(name) {
                    Some(sub_attribute) => elements
                        .filter_map(|element| element.get(&sub_attribute.name))
                        .collect(),
                    None => Vec::new(),
                },
            }
        }
    }
}

/// The definition for a document whose kind is not told: names that both kinds have mean the
/// same in both.
fn locate<'s>(path: &AttributePath, schemas: &'s SchemaSet) -> Option<Located<'s>> {
    [ResourceKind::User, ResourceKind::Group]
        .into_iter()
        .find_map(|kind| schemas.locate(kind, path))
}

#[cfg(test)]
mod tests {
    use scim_filter_parser::parse_path;
    use serde_json::{Value, json};

    use super::select;
    use crate::scim::schema::SchemaSet;

    #[test]
    fn paths_of_translation_tables() {
        let document = json!({
            "userName": "jane",
            "name": {"givenName": "Jane"},
            "emails": [
                {"value": "j@home.example", "type": "home"},
                {"value": "j@corp.example", "type": "work", "primary": true},
            ],
            "groups": [{"value": "7", "display": "Admins"}],
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
                "department": "Grid", "manager": {"value": "42"},
            },
        });
        let cases = [
            ("username", json!(["jane"])),
            ("name.givenName", json!(["Jane"])),
            ("name.familyName", json!([])),
            ("emails.value", json!(["j@home.example", "j@corp.example"])),
            ("emails[type eq \"work\"].value", json!(["j@corp.example"])),
            ("emails[primary eq true].value", json!(["j@corp.example"])),
            ("emails[primary eq \"True\"].type", json!(["work"])),
            ("emails[type eq \"other\"].value", json!([])),
            ("emails[value ew \"HOME.example\"].type", json!(["home"])),
            ("groups[value eq \"7\"].display", json!(["Admins"])),
            ("enterprise.department", json!(["Grid"])),
            (
                "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value",
                json!(["42"]),
            ),
            ("manager.value", json!(["42"])),
            ("shoeSize", json!([])),
        ];
        let schemas = SchemaSet::core();
        let document = document.as_object().unwrap();
        for (path, expected) in cases {
            let path = parse_path(path).unwrap();
            let found: Vec<Value> = select(document, &path, &schemas)
                .into_iter()
                .cloned()
                .collect();
            assert_eq!(Value::Array(found), expected, "{path:?}");
        }
    }
}
