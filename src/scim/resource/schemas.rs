//! The `schemas` of a body (RFC 7643 §3): checked where a client sends them, inferred from the
//! endpoint where it does not.

use serde_json::{Map, Value};

use crate::scim::error::Shown;
use crate::scim::schema::SchemaSet;
use crate::scim::{ResourceKind, ScimError, Tolerance, Tolerated};

/// What templates made for SCIM 1.1 still send to 2.0 endpoints.
const LEGACY_CORE: &str = "urn:scim:schemas:core:1.0";

/// Takes `schemas` out of a body and returns the URNs that it lists.
///
/// URNs that we do not know, such as Microsoft's for groups of Active Directory, may stand beside
/// the core schema, but not in its place.
pub(super) fn take_declared(
    kind: ResourceKind,
    body: &mut Map<String, Value>,
    schemas: &SchemaSet,
    tolerated: &mut Tolerated,
) -> Result<Vec<String>, ScimError> {
    let key = body.keys().find(|key| key.eq_ignore_ascii_case("schemas"));
    let declared = match key.cloned().and_then(|key| body.shift_remove(&key)) {
        Some(Value::Array(declared)) => declared,
        Some(Value::Null) | None => Vec::new(),
        Some(single) => {
            tolerated.note(Tolerance::UnwrappedList, "schemas");
            vec![single]
        }
    };
    let mut urns = Vec::with_capacity(declared.len());
    for urn in declared {
        match urn {
            Value::String(urn) => urns.push(urn),
            _ => {
                return Err(ScimError::invalid_syntax(
                    "schemas must be a list of schema URNs",
                ));
            }
        }
    }
    check(kind, &urns, schemas, tolerated)?;
    Ok(urns)
}

fn check(
    kind: ResourceKind,
    urns: &[String],
    schemas: &SchemaSet,
    tolerated: &mut Tolerated,
) -> Result<(), ScimError> {
    let mut core = false;
    let mut inferable = urns.is_empty();
    for urn in urns {
        if urn.eq_ignore_ascii_case(kind.schema_urn()) {
            core = true;
        } else if urn.eq_ignore_ascii_case(LEGACY_CORE)
            || schemas
                .extensions(kind)
                .any(|extension| extension.id.eq_ignore_ascii_case(urn))
        {
            inferable = true;
        } else {
            tolerated.note(Tolerance::UnknownSchema, Shown(urn));
        }
    }
    if core {
        return Ok(());
    }
    if inferable {
        tolerated.note(Tolerance::InferredSchemas, "schemas");
        return Ok(());
    }
    Err(ScimError::invalid_syntax(format!(
        "schemas must contain {}",
        kind.schema_urn()
    )))
}

/// Counts extensions that have data but are not declared.
pub(super) fn note_undeclared(
    kind: ResourceKind,
    declared: &[String],
    document: &Map<String, Value>,
    tolerated: &mut Tolerated,
) {
    if declared.is_empty() {
        return;
    }
    let effective = document.get("schemas").and_then(Value::as_array);
    for urn in effective.into_iter().flatten().filter_map(Value::as_str) {
        let is_declared = declared.iter().any(|known| known.eq_ignore_ascii_case(urn));
        // The core schema is `InferredSchemas` where it is missing.
        if !is_declared && urn != kind.schema_urn() {
            tolerated.note(Tolerance::UndeclaredExtension, urn);
        }
    }
}
