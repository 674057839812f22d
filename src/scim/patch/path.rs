//! What the `path` of an operation names, and how it deviates.

use scim_filter_parser::{Options, ParseError, Path, parse_path, parse_path_with};

use crate::scim::document::{Resolved, is_qualified, resolve};
use crate::scim::error::{Shown, quoted};
use crate::scim::filter::note_selector;
use crate::scim::schema::SchemaSet;
use crate::scim::{ErrorKind, ResourceKind, ScimError, Tolerance, Tolerated};

/// Parses a path and looks it up. RFC 7644 §3.12, table 9: a path that names nothing is an
/// `invalidPath`, where that is not tolerated.
pub(super) fn resolve_path<'s>(
    kind: ResourceKind,
    text: &str,
    schemas: &'s SchemaSet,
    tolerated: &mut Tolerated,
) -> Result<Resolved<'s>, ScimError> {
    let path = parse(text, tolerated)?;
    let resolved = resolve(kind, &path, schemas);
    let deviation = match &resolved {
        Resolved::Unknown => Some(Tolerance::UnknownAttribute),
        Resolved::Target(target) if is_qualified(&path, target.extension.as_deref()) => None,
        Resolved::Schema(schema) if text.eq_ignore_ascii_case(&schema.id) => None,
        Resolved::Target(_) | Resolved::Schema(_) => Some(Tolerance::UnqualifiedExtension),
    };
    if let Some(deviation) = deviation {
        tolerated.note_as(ErrorKind::InvalidPath, deviation, Shown(text));
    }
    if let Resolved::Target(target) = &resolved
        && let Some(selector) = &target.selector
    {
        note_selector(selector, &target.attribute, tolerated);
    }
    Ok(resolved)
}

fn parse(text: &str, tolerated: &mut Tolerated) -> Result<Path, ScimError> {
    let by_the_letter = Options {
        bare_words: false,
        ..Options::default()
    };
    parse_path_with(text, &by_the_letter)
        .or_else(|_| {
            let path = parse_path(text)?;
            tolerated.note(Tolerance::BareWord, Shown(text));
            Ok(path)
        })
        .map_err(|error: ParseError| {
            ScimError::invalid_path(format!("the path {} does not parse: {error}", quoted(text)))
        })
}
