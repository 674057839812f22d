#![doc = include_str!("../README.md")]
//!
//! # The grammar, production by production
//!
//! What is accepted, in the notation of RFC 5234, with the RFC's own names where it has one.
//! Keywords are written in lower case and read in any case. `BLANKS` is any run of spaces, tabs and
//! line ends, where the RFC's ABNF has exactly one space: between two tokens that need no separation it
//! may be empty.
//!
//! | production | is | read by |
//! | --- | --- | --- |
//! | `filter` | `BLANKS disjunction BLANKS` | [`parse_filter`] |
//! | `path` | `BLANKS ( attrPath / valuePath [ "." name ] ) BLANKS` | [`parse_path`] |
//! | `disjunction` | `conjunction *( "or" conjunction )` | `filter.rs` |
//! | `conjunction` | `term *( "and" term )` | `filter.rs` |
//! | `term` | `group / "not" group / attrExp` | `filter.rs` |
//! | `group` | `"(" disjunction ")"` | `filter.rs` |
//! | `attrExp` | `attrPath condition / valuePath [ "." name condition ]` | `filter.rs` |
//! | `condition` | `"pr" / compareOp compValue` | `operator.rs` |
//! | `compareOp` | `"eq" / "ne" / "co" / "sw" / "ew" / "gt" / "ge" / "lt" / "le"` | `operator.rs` |
//! | `valuePath` | `[ urn ":" ] name "[" valFilter "]"` | `filter.rs` |
//! | `valFilter` | a `disjunction` without brackets inside | `filter.rs` |
//! | `attrPath` | `[ urn ":" ] name [ "." name ] / urn` | `attribute.rs` |
//! | `urn` | a letter, then letters, digits and `- _ . ~ % + / @ $ :`, up to the last colon | `attribute.rs` |
//! | `name` | `[ "$" ] ALPHA *( ALPHA / DIGIT / "-" / "_" )` | `attribute.rs` |
//! | `compValue` | `"null" / "true" / "false"` / a JSON number / a JSON string / a bare word | `literal.rs` |
//!
//! `not` binds closer than `and`, `and` closer than `or` (RFC 7644 §3.4.2.2). The grammar can be
//! read from left to right without ever going back, so the work is linear in the input.

#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod ast;
mod attribute;
mod display;
mod error;
mod filter;
mod hint;
mod kind;
mod lexer;
mod literal;
mod operator;
mod options;
mod path;
#[cfg(test)]
mod tests;

use core::cell::Cell;

use nom::Parser;
use nom::combinator::eof;
use nom::sequence::delimited;

pub use ast::{AttributePath, Comparison, ElementCondition, Filter, Literal, Path, ValuePath};
pub use error::{ErrorKind, Expected, ParseError};
pub use options::Options;

use error::Failure;
use lexer::{Parsed, blanks, required};
use options::Scope;

/// Reads a filter of RFC 7644 §3.4.2.2 with the default [`Options`].
///
/// # Errors
///
/// A [`ParseError`] that says where the input leaves the grammar, or which limit it exceeds.
pub fn parse_filter(input: &str) -> Result<Filter, ParseError> {
    parse_filter_with(input, &Options::default())
}

/// Reads a path of RFC 7644 §3.5.2 with the default [`Options`].
///
/// # Errors
///
/// A [`ParseError`] that says where the input leaves the grammar, or which limit it exceeds.
pub fn parse_path(input: &str) -> Result<Path, ParseError> {
    parse_path_with(input, &Options::default())
}

/// Reads a filter of RFC 7644 §3.4.2.2.
///
/// # Errors
///
/// A [`ParseError`] that says where the input leaves the grammar, or which limit of `options` it
/// exceeds.
pub fn parse_filter_with(input: &str, options: &Options) -> Result<Filter, ParseError> {
    parse_whole(input, options, Expected::EndOfFilter, filter::disjunction)
}

/// Reads a path of RFC 7644 §3.5.2.
///
/// # Errors
///
/// A [`ParseError`] that says where the input leaves the grammar, or which limit of `options` it
/// exceeds.
pub fn parse_path_with(input: &str, options: &Options) -> Result<Path, ParseError> {
    parse_whole(input, options, Expected::EndOfPath, path::path)
}

/// Runs `parser` over all of `input`, but for the blanks around it.
fn parse_whole<T>(
    input: &str,
    options: &Options,
    end: Expected,
    parser: impl for<'a> Fn(Scope<'_>, &'a str) -> Parsed<'a, T>,
) -> Result<T, ParseError> {
    if input.len() > options.max_bytes {
        return Err(ParseError::too_long(input, options.max_bytes));
    }
    let terms = Cell::new(0);
    let scope = Scope::new(options, &terms);
    delimited(
        blanks,
        |rest| parser(scope, rest),
        (blanks, required(eof, end)),
    )
    .parse(input)
    .map(|(_, tree)| tree)
    .map_err(|error| match error {
        nom::Err::Error(failure) | nom::Err::Failure(failure) => failure.into_error(input),
        // The parsers are nom's complete ones; should one ever ask for more, the end is where
        // the input falls short.
        nom::Err::Incomplete(_) => Failure::expected("", end).into_error(input),
    })
}
