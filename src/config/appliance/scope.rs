//! Which resources an appliance gets: everything, nothing, or what a SCIM filter says.

use scim_filter_parser::parse_filter;

use crate::config::errors::Findings;
use crate::config::places::KeyPath;
use crate::delivery::Scope;
use crate::scim::ResourceKind;
use crate::scim::filter::{unknown_attributes, validate};
use crate::scim::schema::SchemaSet;

/// Reads a scope; `None` is the scope of nothing.
pub(super) fn scope(
    text: &str,
    kind: ResourceKind,
    schemas: &SchemaSet,
    key: &KeyPath,
    findings: &mut Findings,
) -> Option<Scope> {
    match text.trim() {
        "all" => return Some(Scope::All),
        "none" => return None,
        _ => {}
    }
    let filter = match parse_filter(text) {
        Ok(filter) => filter,
        Err(error) => {
            findings.error(
                key,
                format!("the filter does not parse: {error}"),
                "write \"all\", \"none\" or a SCIM filter, \
                 for example 'groups.display eq \"Storage admins\"'",
            );
            return None;
        }
    };
    for name in unknown_attributes(&filter, kind, schemas) {
        findings.error(
            key,
            format!("a {kind} has no attribute `{name}`, so that the filter would never match"),
            "attributes are spelled as in RFC 7643, for example userName, active, groups.display",
        );
    }
    if let Err(error) = validate(&filter, kind, schemas) {
        findings.error(
            key,
            format!("the filter makes no sense: {error}"),
            "compare each attribute with a value of its own type",
        );
    }
    Some(Scope::Matching(Box::new(filter)))
}
