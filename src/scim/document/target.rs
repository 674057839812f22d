//! What a path of a write names, looked up once.

use std::fmt;
use std::sync::Arc;

use scim_filter_parser::{AttributePath, Filter, Path};

use crate::scim::filter::unknown_in_element;
use crate::scim::schema::{Attribute, Located, Mutability, Schema, SchemaSet};
use crate::scim::{ResourceKind, ScimError};

/// What to do with values that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Add,
    Replace,
}

/// A place in a document.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    /// The URN of the extension whose object holds the attribute; `None` for the resource itself.
    pub(crate) extension: Option<String>,
    pub(crate) attribute: Arc<Attribute>,
    /// Which elements of the attribute; all of them when `None`.
    pub(crate) selector: Option<Filter>,
    pub(crate) sub_attribute: Option<Arc<Attribute>>,
}

/// What a path names.
#[derive(Debug)]
pub(crate) enum Resolved<'a> {
    /// A core schema or an extension as a whole.
    Schema(&'a Schema),
    Target(Target),
    /// Nothing that this kind of resources has.
    Unknown,
}

impl Target {
    /// The definition of what is written.
    pub(crate) fn definition(&self) -> &Attribute {
        self.sub_attribute.as_ref().unwrap_or(&self.attribute)
    }

    /// Whether it is the attribute as a whole.
    pub(crate) fn is_whole(&self) -> bool {
        self.selector.is_none() && self.sub_attribute.is_none()
    }

    pub(crate) fn is_read_only(&self) -> bool {
        self.attribute.is_read_only() || self.definition().is_read_only()
    }

    pub(crate) fn is_write_only(&self) -> bool {
        self.attribute.mutability == Mutability::WriteOnly
    }

    /// Whether it is the list of a group's members, which never stays in a document.
    pub(crate) fn is_members(&self, kind: ResourceKind) -> bool {
        kind == ResourceKind::Group && self.extension.is_none() && self.attribute.name == "members"
    }

    /// The refusal of a filter that chooses nothing (RFC 7644 §3.5.2.3).
    pub(super) fn no_match(&self) -> ScimError {
        ScimError::no_target(format!(
            "the filter in the path {self} matches no value of the resource"
        ))
    }

    /// The same attribute's part.
    pub(crate) fn part(&self, sub_attribute: &Arc<Attribute>) -> Self {
        Self {
            sub_attribute: Some(Arc::clone(sub_attribute)),
            ..self.clone()
        }
    }
}

/// Whether a path names an attribute of an extension as RFC 7644 §3.10 has it: the URN, a colon,
/// the name. Clients leave the URN out, shorten it, or join it by a dot. Attributes of the core
/// schema need none.
pub(crate) fn is_qualified(path: &Path, extension: Option<&str>) -> bool {
    let urn = match path {
        Path::Attribute(attribute) => &attribute.urn,
        Path::Value(value) => &value.attribute.urn,
    };
    extension.is_none_or(|extension| {
        urn.as_ref()
            .is_some_and(|urn| urn.eq_ignore_ascii_case(extension))
    })
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(extension) = &self.extension {
            write!(formatter, "{extension}:")?;
        }
        formatter.write_str(&self.attribute.name)?;
        if self.selector.is_some() {
            formatter.write_str("[...]")?;
        }
        match &self.sub_attribute {
            Some(sub_attribute) => write!(formatter, ".{}", sub_attribute.name),
            None => Ok(()),
        }
    }
}

/// Looks a path up.
pub(crate) fn resolve<'s>(kind: ResourceKind, path: &Path, schemas: &'s SchemaSet) -> Resolved<'s> {
    match path {
        Path::Attribute(path) => resolve_attribute(kind, path, schemas),
        Path::Value(path) => {
            let mut target = match resolve_attribute(kind, &path.attribute, schemas) {
                Resolved::Target(target) if target.sub_attribute.is_none() => target,
                _ => return Resolved::Unknown,
            };
            if !unknown_in_element(&path.filter, &target.attribute).is_empty() {
                return Resolved::Unknown;
            }
            if let Some(name) = &path.sub_attribute {
                match target.attribute.sub_attribute(name) {
                    Some(sub_attribute) => target.sub_attribute = Some(Arc::clone(sub_attribute)),
                    None => return Resolved::Unknown,
                }
            }
            target.selector = Some((*path.filter).clone());
            Resolved::Target(target)
        }
    }
}

fn resolve_attribute<'s>(
    kind: ResourceKind,
    path: &AttributePath,
    schemas: &'s SchemaSet,
) -> Resolved<'s> {
    match schemas.locate(kind, path) {
        Some(Located::Schema(schema)) => Resolved::Schema(schema),
        Some(Located::Attribute {
            extension,
            attribute,
            sub_attribute,
        }) => Resolved::Target(Target {
            extension: extension.map(|extension| extension.id.clone()),
            attribute: Arc::clone(attribute),
            selector: None,
            sub_attribute: sub_attribute.cloned(),
        }),
        None => Resolved::Unknown,
    }
}
