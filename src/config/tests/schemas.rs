//! Declared extension schemas.

use super::{APPLIANCE, TOKEN, config, errors};
use crate::scim::ResourceKind;
use crate::scim::schema::{AttributeType, Mutability, Returned};

const WORKWEAR: &str = r#"
[[directory.default.schema]]
id = "urn:example:params:scim:schemas:workwear:2.0:User"
name = "Workwear"
resource = "User"
[[directory.default.schema.attribute]]
name = "shoeSize"
type = "integer"
returned = "request"
[[directory.default.schema.attribute]]
name = "jackets"
type = "complex"
multi_valued = true
mutability = "immutable"
sub_attributes = [
  { name = "value", required = true, case_exact = true },
  { name = "type", canonical_values = ["summer", "winter"] },
]
"#;

#[test]
fn a_declaration_becomes_a_schema() {
    let config = config(&format!("{TOKEN}{APPLIANCE}{WORKWEAR}"));
    let schemas = &config.directories[0].schemas;
    let schema = schemas.declared().next().unwrap();
    assert_eq!(schema.name, "Workwear");
    assert!(
        schemas
            .extensions(ResourceKind::User)
            .any(|known| known.id == schema.id)
    );
    assert!(schemas.extensions(ResourceKind::Group).next().is_none());
    let [size, jackets] = schema.attributes.as_slice() else {
        panic!("{schema:?}");
    };
    assert_eq!(
        (size.kind, size.returned),
        (AttributeType::Integer, Returned::Request)
    );
    assert!(jackets.multi_valued && jackets.mutability == Mutability::Immutable);
    assert!(jackets.sub_attributes[0].case_exact() && jackets.sub_attributes[0].required);
    assert_eq!(
        jackets.sub_attributes[1].canonical_values,
        ["summer", "winter"]
    );
}

#[test]
fn scopes_and_tables_read_declared_attributes() {
    const SIZE: &str = "urn:example:params:scim:schemas:workwear:2.0:User:shoeSize";
    let own =
        format!("users = '{SIZE} gt 40'\n[appliance.user.fields.full_name]\nfrom = [\"{SIZE}\"]\n");
    let loaded = config(&format!("{TOKEN}{APPLIANCE}{own}{WORKWEAR}"));
    assert_eq!(loaded.appliances.len(), 1);
    let undeclared = errors(&format!("{TOKEN}{APPLIANCE}{own}"));
    assert_eq!(undeclared.len(), 2, "{undeclared:#?}");
}

#[test]
fn every_mistake_is_told_with_key_and_remedy() {
    let errors = errors(&format!(
        r#"{TOKEN}{APPLIANCE}
[[directory.default.schema]]
id = "workwear"
name = "No URN"
resource = "User"
attribute = [{{ name = "a" }}]
[[directory.default.schema]]
id = "urn:ietf:params:scim:schemas:core:2.0:User"
name = "Taken"
resource = "User"
attribute = [{{ name = "a" }}]
[[directory.default.schema]]
[[directory.default.schema]]
id = "urn:example:one:User"
name = "One"
resource = "User"
attribute = [
  {{ name = "1st" }},
  {{ name = "twice" }},
  {{ name = "TWICE" }},
  {{ name = "flag", type = "boolean", case_exact = true }},
  {{ name = "number", type = "integer", canonical_values = ["1"] }},
  {{ name = "hollow", type = "complex" }},
  {{ name = "simple", sub_attributes = [{{ name = "x" }}] }},
  {{ name = "nested", type = "complex", sub_attributes = [{{ name = "x", type = "complex" }}] }},
  {{ name = "filled", mutability = "readOnly" }},
  {{ name = "secret", mutability = "writeOnly" }},
  {{ name = "badge", uniqueness = "server" }},
  {{ name = "link", reference_types = ["external"] }},
  {{ name = "preferred", type = "complex", sub_attributes = [{{ name = "primary" }}] }},
  {{ type = "string" }},
]
[[directory.default.schema]]
id = "urn:example:one:User:more"
name = "Continues"
resource = "User"
attribute = [{{ name = "a" }}]
"#
    ));
    let expected = [
        "No URN.id: \"workwear\" is no URN",
        "Taken.id: \"urn:ietf:params:scim:schemas:core:2.0:User\" is taken",
        "#3.id: the schema has no id",
        "#3.name: the schema has no name",
        "#3.resource: it is not said which resources",
        "#3.attribute: the schema has no attributes",
        "1st.name: \"1st\" cannot be the name",
        "TWICE.name: another attribute here is called",
        "flag.case_exact: a value of type boolean",
        "number.canonical_values: canonical values are texts",
        "hollow.sub_attributes: the attribute is complex and has no parts",
        "simple.sub_attributes: the attribute is of type string",
        "x.type: a sub-attribute cannot be complex",
        "filled.mutability: nothing would ever fill",
        "secret.mutability: this release keeps no secrets",
        "badge.uniqueness: this release does not enforce",
        "link.reference_types: only references have them",
        "primary.type: primary says which value is preferred",
        "#14.name: the attribute has no name",
        "Continues.id: \"urn:example:one:User:more\" is taken",
    ];
    for expected in expected {
        assert!(
            errors.iter().any(|error| error.contains(expected)),
            "{expected} is missing in {errors:#?}"
        );
    }
    assert_eq!(errors.len(), expected.len(), "{errors:#?}");
    assert!(
        errors.iter().all(|error| error.contains("; ")),
        "{errors:#?}"
    );
}
