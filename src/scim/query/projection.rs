//! Which attributes an answer holds (RFC 7644 §3.9, RFC 7643 §7 `returned`).

use scim_filter_parser::{AttributePath, Path, parse_path};
use serde_json::{Map, Value};

use crate::scim::error::quoted;
use crate::scim::schema::{Attribute, Located, Returned, SchemaSet};
use crate::scim::{ResourceKind, ScimError, Tolerance, Tolerated};

/// The client's `attributes` and `excludedAttributes`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Projection {
    /// Only these, and those that are always returned; the default set when `None`.
    include: Option<Vec<AttributePath>>,
    exclude: Vec<AttributePath>,
    tolerated: Tolerated,
}

impl Projection {
    /// The default set of attributes.
    pub fn everything() -> Self {
        Self::default()
    }

    /// What is always returned, and nothing else.
    pub fn only_id() -> Self {
        Self {
            include: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// Reads `attributes` and `excludedAttributes` from the parameters of a query string: lists
    /// separated by commas, names in any case. Both together exclude from what is included.
    ///
    /// # Errors
    /// `invalidValue` for an entry that is not the name of an attribute. A filter in an entry is
    /// tolerated and ignored: Microsoft's collection asks for `emails[type eq "work"]`.
    pub fn from_parameters(parameters: &[(String, String)]) -> Result<Self, ScimError> {
        let mut projection = Self::default();
        for (name, value) in parameters {
            if name.eq_ignore_ascii_case("attributes") {
                let names = read_names(name, value, &mut projection.tolerated)?;
                if !names.is_empty() {
                    projection.include.get_or_insert_default().extend(names);
                }
            } else if name.eq_ignore_ascii_case("excludedAttributes") {
                let names = read_names(name, value, &mut projection.tolerated)?;
                projection.exclude.extend(names);
            }
        }
        Ok(projection)
    }

    /// What was understood although RFC 7644 §3.9 does not have it.
    pub fn tolerated(&self) -> &Tolerated {
        &self.tolerated
    }

    /// Whether it is the default set of attributes.
    pub fn is_everything(&self) -> bool {
        self.include.is_none() && self.exclude.is_empty()
    }

    /// Whether an answer may hold this core attribute, or a part of it: where not, the caller
    /// need not look up `members` or `groups`.
    pub fn wants(&self, attribute: &str) -> bool {
        let excluded = self.exclude.iter().any(|path| {
            path.sub_attribute.is_none()
                && path.name.eq_ignore_ascii_case(attribute)
                && !is_extension_of(path)
        });
        let included = self.include.as_ref().is_none_or(|include| {
            include.iter().any(|path| {
                (path.name.eq_ignore_ascii_case(attribute) && !is_extension_of(path))
                    || is_core_schema(path)
            })
        });
        included && !excluded
    }

    /// Takes out of a canonical resource what the client shall not get.
    pub fn apply(
        &self,
        resource: &mut Map<String, Value>,
        kind: ResourceKind,
        schemas: &SchemaSet,
    ) {
        if let Some(include) = &self.include {
            *resource = keep_included(resource, include, kind, schemas);
        } else {
            for attribute in attributes(kind, schemas) {
                if attribute.returned == Returned::Request {
                    resource.shift_remove(&attribute.name);
                }
            }
            conceal(resource, kind, schemas, Returned::Request);
        }
        for path in &self.exclude {
            if let Some(located) = schemas.locate(kind, path) {
                exclude(resource, located);
            }
        }
        for attribute in attributes(kind, schemas) {
            if attribute.returned == Returned::Never {
                resource.shift_remove(&attribute.name);
            }
        }
        conceal(resource, kind, schemas, Returned::Never);
    }
}

/// Takes out the attributes of extensions that are returned in this way.
fn conceal(
    resource: &mut Map<String, Value>,
    kind: ResourceKind,
    schemas: &SchemaSet,
    returned: Returned,
) {
    if !schemas.conceals(kind) {
        return;
    }
    for schema in schemas.extensions(kind) {
        let Some(Value::Object(fields)) = resource.get_mut(&schema.id) else {
            continue;
        };
        for attribute in &schema.attributes {
            if attribute.returned == returned {
                fields.shift_remove(&attribute.name);
            }
        }
        if fields.is_empty() {
            resource.shift_remove(&schema.id);
        }
    }
}

/// The common and core attributes of a kind.
fn attributes(kind: ResourceKind, schemas: &SchemaSet) -> impl Iterator<Item = &Attribute> {
    let core = schemas.core_schema(kind).into_iter();
    schemas
        .common_attributes()
        .iter()
        .chain(core.flat_map(|schema| &schema.attributes))
        .map(AsRef::as_ref)
}

fn read_names(
    parameter: &str,
    value: &str,
    tolerated: &mut Tolerated,
) -> Result<Vec<AttributePath>, ScimError> {
    entries(value)
        .into_iter()
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| match parse_path(name) {
            Ok(Path::Attribute(path)) => Ok(path),
            Ok(Path::Value(path)) => {
                tolerated.note(Tolerance::FilteredProjection, parameter);
                Ok(AttributePath {
                    sub_attribute: path.sub_attribute.or(path.attribute.sub_attribute),
                    ..path.attribute
                })
            }
            Err(error) => Err(ScimError::invalid_value(format!(
                "{parameter} has {}, which is not the name of an attribute: {error}",
                quoted(name)
            ))),
        })
        .collect()
}

/// The entries of a list: between commas that stand neither in brackets nor in quotes.
fn entries(list: &str) -> Vec<&str> {
    let (mut depth, mut in_quotes, mut escaped) = (0_u32, false, false);
    list.split(|character| {
        let plain = !escaped;
        escaped = in_quotes && plain && character == '\\';
        match character {
            '"' if plain => in_quotes = !in_quotes && depth > 0,
            '[' if !in_quotes => depth = depth.saturating_add(1),
            ']' if !in_quotes => depth = depth.saturating_sub(1),
            ',' => return depth == 0,
            _ => {}
        }
        false
    })
    .collect()
}

fn is_core_schema(path: &AttributePath) -> bool {
    let full = path.full();
    path.sub_attribute.is_none()
        && [ResourceKind::User, ResourceKind::Group]
            .iter()
            .any(|kind| full.eq_ignore_ascii_case(kind.schema_urn()))
}

/// Whether a path is qualified by another schema than a core one.
fn is_extension_of(path: &AttributePath) -> bool {
    path.urn.as_ref().is_some_and(|urn| {
        ![ResourceKind::User, ResourceKind::Group]
            .iter()
            .any(|kind| urn.eq_ignore_ascii_case(kind.schema_urn()))
    })
}

/// A copy with what is always returned and what the client names.
fn keep_included(
    resource: &Map<String, Value>,
    include: &[AttributePath],
    kind: ResourceKind,
    schemas: &SchemaSet,
) -> Map<String, Value> {
    let mut kept = Map::new();
    for attribute in attributes(kind, schemas) {
        if attribute.returned == Returned::Always {
            copy(resource, &mut kept, &attribute.name);
        }
    }
    keep_always(resource, &mut kept, kind, schemas);
    for path in include {
        match schemas.locate(kind, path) {
            Some(Located::Schema(schema)) if schema.id == kind.schema_urn() => {
                for attribute in &schema.attributes {
                    copy(resource, &mut kept, &attribute.name);
                }
            }
            Some(Located::Schema(schema)) => copy(resource, &mut kept, &schema.id),
            Some(Located::Attribute {
                extension: Some(extension),
                attribute,
                sub_attribute,
            }) => {
                let Some(Value::Object(from)) = resource.get(&extension.id) else {
                    continue;
                };
                let mut to = match kept.get_mut(&extension.id) {
                    Some(Value::Object(to)) => std::mem::take(to),
                    _ => Map::new(),
                };
                include_one(from, &mut to, attribute, sub_attribute.map(AsRef::as_ref));
                if !to.is_empty() {
                    kept.insert(extension.id.clone(), Value::Object(to));
                }
            }
            Some(Located::Attribute {
                extension: None,
                attribute,
                sub_attribute,
            }) => include_one(
                resource,
                &mut kept,
                attribute,
                sub_attribute.map(AsRef::as_ref),
            ),
            // What a kind does not have cannot be in the answer.
            None => {}
        }
    }
    kept
}

/// Copies what extensions always return.
fn keep_always(
    resource: &Map<String, Value>,
    kept: &mut Map<String, Value>,
    kind: ResourceKind,
    schemas: &SchemaSet,
) {
    for schema in schemas.extensions(kind) {
        let Some(Value::Object(fields)) = resource.get(&schema.id) else {
            continue;
        };
        let mut always = Map::new();
        for attribute in &schema.attributes {
            if attribute.returned == Returned::Always {
                copy(fields, &mut always, &attribute.name);
            }
        }
        if !always.is_empty() {
            kept.insert(schema.id.clone(), Value::Object(always));
        }
    }
}

fn copy(from: &Map<String, Value>, to: &mut Map<String, Value>, name: &str) {
    if let Some(value) = from.get(name) {
        to.insert(name.to_owned(), value.clone());
    }
}

fn include_one(
    from: &Map<String, Value>,
    to: &mut Map<String, Value>,
    attribute: &Attribute,
    sub_attribute: Option<&Attribute>,
) {
    let Some(sub_attribute) = sub_attribute else {
        return copy(from, to, &attribute.name);
    };
    match (from.get(&attribute.name), to.get_mut(&attribute.name)) {
        (Some(Value::Array(elements)), Some(Value::Array(kept))) => {
            for (element, kept) in elements.iter().zip(kept) {
                if let (Value::Object(element), Value::Object(kept)) = (element, kept) {
                    copy(element, kept, &sub_attribute.name);
                }
            }
        }
        (Some(Value::Array(elements)), None) => {
            let kept = elements
                .iter()
                .map(|element| part_of(element, sub_attribute));
            to.insert(attribute.name.clone(), kept.collect());
        }
        (Some(Value::Object(fields)), Some(Value::Object(kept))) => {
            copy(fields, kept, &sub_attribute.name);
        }
        (Some(value @ Value::Object(_)), None) => {
            to.insert(attribute.name.clone(), part_of(value, sub_attribute));
        }
        _ => {}
    }
}

fn part_of(element: &Value, sub_attribute: &Attribute) -> Value {
    let mut part = Map::new();
    if let Value::Object(fields) = element {
        copy(fields, &mut part, &sub_attribute.name);
    }
    Value::Object(part)
}

fn exclude(resource: &mut Map<String, Value>, located: Located<'_>) {
    let (extension, attribute, sub_attribute) = match located {
        Located::Schema(schema) => {
            resource.shift_remove(&schema.id);
            return;
        }
        Located::Attribute {
            extension,
            attribute,
            sub_attribute,
        } => (extension, attribute, sub_attribute),
    };
    // §3.9: what is always returned cannot be excluded.
    if attribute.returned == Returned::Always {
        return;
    }
    let container = match extension {
        Some(extension) => resource
            .get_mut(&extension.id)
            .and_then(Value::as_object_mut),
        None => Some(resource),
    };
    let Some(container) = container else { return };
    let Some(sub_attribute) = sub_attribute else {
        container.shift_remove(&attribute.name);
        return;
    };
    match container.get_mut(&attribute.name) {
        Some(Value::Array(elements)) => {
            for fields in elements.iter_mut().filter_map(Value::as_object_mut) {
                fields.shift_remove(&sub_attribute.name);
            }
        }
        Some(Value::Object(fields)) => {
            fields.shift_remove(&sub_attribute.name);
        }
        _ => {}
    }
}
