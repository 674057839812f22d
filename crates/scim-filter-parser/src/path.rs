//! `path` (RFC 7644 §3.5.2).

use crate::ast::Path;
use crate::attribute::attribute_path;
use crate::error::Expected;
use crate::filter::value_path;
use crate::lexer::Parsed;
use crate::options::Scope;

/// A path: an attribute, or some of its elements.
pub(crate) fn path<'a>(scope: Scope<'_>, input: &'a str) -> Parsed<'a, Path> {
    let (rest, attribute) = attribute_path(Expected::Attribute, input)?;
    if rest.starts_with('[') {
        value_path(scope, attribute, rest).map(|(rest, elements)| (rest, Path::Value(elements)))
    } else {
        Ok((rest, Path::Attribute(attribute)))
    }
}
