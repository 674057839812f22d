//! The protocol, pure: schemas, resources, paths, filters, PATCH, queries, discovery, errors
//! (RFC 7643, RFC 7644). No I/O, and nothing here knows a database or a vendor.

mod kind;

pub use kind::ResourceKind;

/// The form in which case-insensitive values are compared and indexed (RFC 7643 §2.2,
/// `caseExact`): folded in one place, so that the database and the evaluator agree.
pub fn fold(value: &str) -> String {
    value.to_lowercase()
}
