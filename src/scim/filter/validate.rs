//! Judging a filter without a resource.

use scim_filter_parser::{AttributePath, Comparison, ElementCondition, Filter, Literal};

use super::operand::{Incomparable, Operand, check_operator};
use crate::scim::schema::{Attribute, Located, SchemaSet};
use crate::scim::{ResourceKind, ScimError};

/// Refuses comparisons that make no sense for the type of their attribute, such as
/// `active gt true`.
///
/// # Errors
/// [`ErrorKind::InvalidFilter`](crate::scim::ErrorKind::InvalidFilter).
pub fn validate(filter: &Filter, kind: ResourceKind, schemas: &SchemaSet) -> Result<(), ScimError> {
    let mut walk = Walk::new(kind, schemas);
    walk.judge(filter)
}

/// Refuses comparisons that make no sense for the parts of an element.
pub(crate) fn validate_within(filter: &Filter, element: &Attribute) -> Result<(), ScimError> {
    let schemas = SchemaSet::core();
    // Within an element, neither kind nor schemas are asked for.
    let mut walk = Walk::new(ResourceKind::User, &schemas);
    walk.within = Some(element);
    walk.judge(filter)
}

/// The paths of a filter that name nothing which resources of this kind have. A client's filter
/// may name them; in a configuration they are typing errors.
pub fn unknown_attributes(filter: &Filter, kind: ResourceKind, schemas: &SchemaSet) -> Vec<String> {
    let mut walk = Walk::new(kind, schemas);
    // What else is wrong with the filter is `validate`'s to say; the walk goes on regardless.
    walk.keep_going = true;
    match walk.filter(filter) {
        Ok(()) | Err(_) => walk.unknown,
    }
}

/// The names in the brackets of a path that no element of the attribute has.
pub(crate) fn unknown_in_element(filter: &Filter, attribute: &Attribute) -> Vec<String> {
    let mut unknown = Vec::new();
    collect_unknown(filter, attribute, &mut unknown);
    unknown
}

fn collect_unknown(filter: &Filter, attribute: &Attribute, unknown: &mut Vec<String>) {
    match filter {
        Filter::And(inner) | Filter::Or(inner) => {
            for filter in inner {
                collect_unknown(filter, attribute, unknown);
            }
        }
        Filter::Not(inner) => collect_unknown(inner, attribute, unknown),
        Filter::Present(path) | Filter::Compare { path, .. } => {
            let implied = !attribute.is_complex() && path.name.eq_ignore_ascii_case("value");
            if attribute.sub_attribute(&path.name).is_none() && !implied {
                unknown.push(path.full());
            }
        }
        // Sub-attributes have no parts (RFC 7643 §2.3.8).
        Filter::Element { elements, .. } => unknown.push(elements.attribute.full()),
    }
}

struct Walk<'a> {
    kind: ResourceKind,
    schemas: &'a SchemaSet,
    /// The attribute whose brackets the walk is in.
    within: Option<&'a Attribute>,
    unknown: Vec<String>,
    keep_going: bool,
}

impl<'a> Walk<'a> {
    fn new(kind: ResourceKind, schemas: &'a SchemaSet) -> Self {
        Self {
            kind,
            schemas,
            within: None,
            unknown: Vec::new(),
            keep_going: false,
        }
    }

    fn judge(&mut self, filter: &Filter) -> Result<(), ScimError> {
        self.filter(filter).map_err(|why| {
            ScimError::invalid_filter(format!("the filter cannot be evaluated: {why}"))
        })
    }

    fn filter(&mut self, filter: &Filter) -> Result<(), Incomparable> {
        match filter {
            Filter::And(inner) | Filter::Or(inner) => {
                inner.iter().try_for_each(|filter| self.filter(filter))
            }
            Filter::Not(inner) => self.filter(inner),
            Filter::Present(path) => {
                self.definition(path);
                Ok(())
            }
            Filter::Compare {
                path,
                comparison,
                value,
            } => match self.definition(path) {
                Some(attribute) => self.check(attribute, *comparison, value),
                None => Ok(()),
            },
            Filter::Element {
                elements,
                condition,
            } => {
                let Some(attribute) = self.definition(&elements.attribute) else {
                    return Ok(());
                };
                let before = self.within.replace(attribute);
                let inner = self.filter(&elements.filter);
                self.within = before;
                inner?;
                let definition = match &elements.sub_attribute {
                    Some(name) => attribute.sub_attribute(name).map(AsRef::as_ref),
                    None => Some(attribute),
                };
                match (definition, condition) {
                    (Some(definition), Some(ElementCondition::Compare(comparison, value))) => {
                        self.check(definition, *comparison, value)
                    }
                    (None, _) => {
                        self.note(&elements.attribute, elements.sub_attribute.as_deref());
                        Ok(())
                    }
                    (Some(_), _) => Ok(()),
                }
            }
        }
    }

    fn definition(&mut self, path: &AttributePath) -> Option<&'a Attribute> {
        if let Some(attribute) = self.within {
            let sub_attribute = attribute.sub_attribute(&path.name).map(AsRef::as_ref);
            if sub_attribute.is_none() {
                self.note(path, None);
            }
            return sub_attribute;
        }
        match self.schemas.locate(self.kind, path) {
            Some(Located::Attribute {
                attribute,
                sub_attribute,
                ..
            }) => Some(sub_attribute.unwrap_or(attribute)),
            Some(Located::Schema(_)) => None,
            None => {
                self.note(path, None);
                None
            }
        }
    }

    fn check(
        &self,
        attribute: &Attribute,
        comparison: Comparison,
        literal: &Literal,
    ) -> Result<(), Incomparable> {
        if self.keep_going {
            return Ok(());
        }
        let definition = attribute.comparable().unwrap_or(attribute);
        if *literal != Literal::Null {
            return Operand::read(definition, comparison, literal).map(|_| ());
        }
        match comparison {
            // `name eq null` asks for absence, which every type can have.
            Comparison::Equal | Comparison::NotEqual => Ok(()),
            _ => check_operator(definition, comparison).and(Err(Incomparable::Literal {
                attribute: definition.name.clone(),
                kind: definition.kind,
                literal: "null".to_owned(),
            })),
        }
    }

    fn note(&mut self, path: &AttributePath, sub_attribute: Option<&str>) {
        let mut name = path.full();
        if let Some(sub_attribute) = path.sub_attribute.as_deref().or(sub_attribute) {
            name.push('.');
            name.push_str(sub_attribute);
        }
        self.unknown.push(name);
    }
}
