//! The filter and path grammar of SCIM 2.0 (RFC 7644).

mod ast;

pub use ast::{AttributePath, Comparison, ElementCondition, Filter, Literal, Path, ValuePath};
