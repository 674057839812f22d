//! What a caller may choose, and the limits as they stand at one place of the input.

use core::cell::Cell;

use crate::error::{ErrorKind, Failure};
use crate::lexer::Parsed;

/// The deepest nesting that any [`Options`] can allow: the parser itself needs no more of the stack
/// for it, but whoever walks, prints, clones or drops the tree does.
const DEEPEST: usize = 128;

/// How much a parser puts up with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many parentheses and brackets may be open at once. Default 64; above 128 counts as 128.
    pub max_depth: usize,
    /// How many attribute expressions (`a eq 1`, `a pr`, `a[...]`) an input may hold, those within
    /// brackets included. Default 1000.
    pub max_terms: usize,
    /// How long the input may be, in bytes. Default 64 KiB.
    pub max_bytes: usize,
    /// Whether an unquoted word where a value must stand is a string, as in `userName eq bob`.
    /// The ABNF of RFC 7644 §3.4.2.2 has no such form, yet its text has (`meta.resourceType eq
    /// User`), and clients and published test collections send it. Default true.
    pub bare_words: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_depth: 64,
            max_terms: 1000,
            max_bytes: 64 * 1024,
            bare_words: true,
        }
    }
}

/// The limits, seen from inside some number of parentheses and brackets. The count of terms is
/// shared by all scopes of one run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'o> {
    options: &'o Options,
    terms: &'o Cell<usize>,
    depth: usize,
    /// Whether a `[` is open.
    pub(crate) in_brackets: bool,
}

impl<'o> Scope<'o> {
    pub(crate) fn new(options: &'o Options, terms: &'o Cell<usize>) -> Self {
        Self {
            options,
            terms,
            depth: 0,
            in_brackets: false,
        }
    }

    pub(crate) fn bare_words(&self) -> bool {
        self.options.bare_words
    }

    /// The scope behind the `(`, `not (` or `[` with which `input` begins. It is asked for before
    /// anything behind it is read, so that a refusal costs nothing.
    pub(crate) fn nested(self, input: &str) -> Result<Self, nom::Err<Failure>> {
        let limit = self.options.max_depth.min(DEEPEST);
        if self.depth >= limit {
            return Err(Failure::new(input, ErrorKind::TooDeep { limit }).fatal());
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }

    /// As [`Scope::nested`], for a `[`.
    pub(crate) fn bracketed(self, input: &str) -> Result<Self, nom::Err<Failure>> {
        Ok(Self {
            in_brackets: true,
            ..self.nested(input)?
        })
    }

    /// Counts the term with which `input` begins.
    pub(crate) fn count_term<'a>(&self, input: &'a str) -> Parsed<'a, ()> {
        let limit = self.options.max_terms;
        if self.terms.get() >= limit {
            return Err(Failure::new(input, ErrorKind::TooManyTerms { limit }).fatal());
        }
        self.terms.set(self.terms.get() + 1);
        Ok((input, ()))
    }
}
