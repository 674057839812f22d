//! The two schemas, and the same as the definition of an element, which filters are evaluated by.

use std::sync::{Arc, LazyLock};

use super::AssignableKind;
use crate::scim::schema::{
    Attribute, AttributeType, Mutability, Returned, Schema, SchemaSet, parse,
};

/// How a kind is defined.
pub(super) struct Definition {
    /// As `/Schemas` shows it.
    pub(super) schema: Schema,
    /// A complex attribute with the same parts, and `id`, which no schema lists (RFC 7643 §3.1).
    pub(super) element: Attribute,
}

/// The definition of a kind; parsed once.
pub(super) fn of(kind: AssignableKind) -> &'static Definition {
    static ROLE: LazyLock<Definition> =
        LazyLock::new(|| Definition::new(include_str!("../schema/definitions/role.json")));
    static ENTITLEMENT: LazyLock<Definition> =
        LazyLock::new(|| Definition::new(include_str!("../schema/definitions/entitlement.json")));
    match kind {
        AssignableKind::Role => &ROLE,
        AssignableKind::Entitlement => &ENTITLEMENT,
    }
}

impl Definition {
    fn new(text: &str) -> Self {
        let schema: Schema = parse(text);
        let core = SchemaSet::core();
        let common = core.common_attributes().iter();
        let id = common.filter(|attribute| attribute.name == "id");
        let parts = id.chain(&schema.attributes).map(Arc::clone).collect();
        Self {
            element: Attribute {
                name: schema.name.clone(),
                kind: AttributeType::Complex,
                multi_valued: true,
                description: schema.description.clone(),
                required: false,
                canonical_values: Vec::new(),
                case_exact: None,
                mutability: Mutability::ReadOnly,
                returned: Returned::Default,
                uniqueness: None,
                reference_types: Vec::new(),
                sub_attributes: parts,
            },
            schema,
        }
    }
}
