//! In which ways a filter deviates and is understood all the same.

use scim_filter_parser::{AttributePath, ElementCondition, Filter, Literal};

use super::unknown_attributes;
use crate::scim::schema::{Attribute, AttributeType, Located, SchemaSet};
use crate::scim::{ErrorKind, ResourceKind, Tolerance, Tolerated};

/// Notes what the filter of a query needs: unknown attributes, which have no value, and literals
/// of another type than their attribute.
pub fn note_dialect(
    filter: &Filter,
    kind: ResourceKind,
    schemas: &SchemaSet,
    tolerated: &mut Tolerated,
) {
    for name in unknown_attributes(filter, kind, schemas) {
        tolerated.note(Tolerance::UnknownFilterAttribute, name);
    }
    let mut definition = |path: &AttributePath, tolerated: &mut Tolerated| {
        let located = schemas.locate(kind, path)?;
        let Located::Attribute {
            extension,
            attribute,
            sub_attribute,
        } = located
        else {
            return None;
        };
        if let Some(extension) = extension
            && !is_urn(path, &extension.id)
        {
            tolerated.note_as(
                ErrorKind::InvalidFilter,
                Tolerance::UnqualifiedExtension,
                &attribute.name,
            );
        }
        Some(sub_attribute.unwrap_or(attribute).as_ref())
    };
    walk(filter, &mut definition, tolerated);
}

fn is_urn(path: &AttributePath, urn: &str) -> bool {
    path.urn
        .as_ref()
        .is_some_and(|named| named.eq_ignore_ascii_case(urn))
}

/// Notes what the filter in the brackets of a path needs.
pub(crate) fn note_selector(filter: &Filter, attribute: &Attribute, tolerated: &mut Tolerated) {
    walk(filter, &mut |path, _| part(attribute, path), tolerated);
}

/// Looks at every literal; `definition` knows the attributes that the filter names, and notes how
/// they are named.
fn walk<'a>(
    filter: &Filter,
    definition: &mut dyn FnMut(&AttributePath, &mut Tolerated) -> Option<&'a Attribute>,
    tolerated: &mut Tolerated,
) {
    match filter {
        Filter::And(inner) | Filter::Or(inner) => {
            for filter in inner {
                walk(filter, definition, tolerated);
            }
        }
        Filter::Not(inner) => walk(inner, definition, tolerated),
        Filter::Present(path) => {
            definition(path, tolerated);
        }
        Filter::Compare { path, value, .. } => {
            if let Some(attribute) = definition(path, tolerated) {
                note_literal(attribute, value, tolerated);
            }
        }
        Filter::Element {
            elements,
            condition,
        } => {
            let Some(attribute) = definition(&elements.attribute, tolerated) else {
                return;
            };
            walk(
                &elements.filter,
                &mut |path, _| part(attribute, path),
                tolerated,
            );
            let named = match &elements.sub_attribute {
                Some(name) => attribute.sub_attribute(name).map(AsRef::as_ref),
                None => Some(attribute),
            };
            if let (Some(named), Some(ElementCondition::Compare(_, literal))) = (named, condition) {
                note_literal(named, literal, tolerated);
            }
        }
    }
}

fn part<'a>(attribute: &'a Attribute, path: &AttributePath) -> Option<&'a Attribute> {
    if attribute.is_complex() {
        attribute.sub_attribute(&path.name).map(AsRef::as_ref)
    } else {
        Some(attribute)
    }
}

fn note_literal(attribute: &Attribute, literal: &Literal, tolerated: &mut Tolerated) {
    let attribute = attribute.comparable().unwrap_or(attribute);
    match (attribute.kind, literal) {
        (AttributeType::Boolean, Literal::String(_)) => tolerated.note_as(
            ErrorKind::InvalidFilter,
            Tolerance::StringBoolean,
            &attribute.name,
        ),
        (
            AttributeType::String | AttributeType::Reference | AttributeType::Binary,
            Literal::Number(_) | Literal::Boolean(_),
        ) => tolerated.note(Tolerance::UnquotedText, &attribute.name),
        _ => {}
    }
}
