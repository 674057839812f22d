//! The syntax tree that every parser of this crate produces.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// An attribute as a client names it: `userName`, `name.givenName`,
/// `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value` (RFC 7644 §3.10).
///
/// Names keep the spelling of the input; compare them without regard to case (RFC 7643 §2.1).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AttributePath {
    /// The schema URN before the last colon, without that colon.
    pub urn: Option<String>,
    /// The attribute's name. Where a path is nothing but a schema URN
    /// (`urn:...:2.0:User`), this is its last segment and [`AttributePath::urn`] the rest;
    /// [`AttributePath::full`] puts them together again.
    pub name: String,
    /// The sub-attribute after the dot.
    pub sub_attribute: Option<String>,
}

/// A comparison operator of RFC 7644 §3.4.2.2, except `pr`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `eq`: equal.
    Equal,
    /// `ne`: not equal.
    NotEqual,
    /// `co`: contains.
    Contains,
    /// `sw`: starts with.
    StartsWith,
    /// `ew`: ends with.
    EndsWith,
    /// `gt`: greater than.
    GreaterThan,
    /// `ge`: greater than or equal to.
    GreaterOrEqual,
    /// `lt`: less than.
    LessThan,
    /// `le`: less than or equal to.
    LessOrEqual,
}

/// A literal on the right of a comparison: what JSON calls a scalar.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `null`
    Null,
    /// `true` or `false`, in any case
    Boolean(bool),
    /// A JSON number
    Number(serde_json::Number),
    /// A JSON string, unescaped; dates are strings too (RFC 7643 §2.3.5)
    String(String),
}

/// A filter expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// `attribute operator literal`
    Compare {
        /// Left side.
        path: AttributePath,
        /// Operator.
        comparison: Comparison,
        /// Right side.
        value: Literal,
    },
    /// `attribute pr`
    Present(AttributePath),
    /// `attribute[filter]`: some element of the attribute satisfies the inner filter, whose
    /// names are relative to the element. With [`ValuePath::sub_attribute`] it is the left side
    /// of a comparison, as some clients write it: `emails[type eq "work"].value eq "a@b"`.
    Element {
        /// The elements that are meant.
        elements: ValuePath,
        /// What must hold of the sub-attribute of one of them; `None` without a sub-attribute.
        condition: Option<ElementCondition>,
    },
    /// All of them; never fewer than two, never an `And` directly inside.
    And(Vec<Filter>),
    /// Any of them; never fewer than two, never an `Or` directly inside.
    Or(Vec<Filter>),
    /// `not (filter)`
    Not(Box<Filter>),
}

/// What is asked of `attribute[filter].sub`.
#[derive(Debug, Clone, PartialEq)]
pub enum ElementCondition {
    /// `pr`
    Present,
    /// `operator literal`
    Compare(Comparison, Literal),
}

/// `attribute[filter]` or `attribute[filter].sub`.
#[derive(Debug, Clone, PartialEq)]
pub struct ValuePath {
    /// The multi-valued (or complex) attribute; it has no sub-attribute itself.
    pub attribute: AttributePath,
    /// Which elements.
    pub filter: Box<Filter>,
    /// The sub-attribute after the closing bracket.
    pub sub_attribute: Option<String>,
}

/// A path of RFC 7644 §3.5.2, as PATCH, translation tables and `attributes` use it.
#[derive(Debug, Clone, PartialEq)]
pub enum Path {
    /// `attribute` or `attribute.sub`
    Attribute(AttributePath),
    /// `attribute[filter]` or `attribute[filter].sub`
    Value(ValuePath),
}

impl AttributePath {
    /// The attribute without its sub-attribute, with its URN: `urn:...:User` for a path that is
    /// nothing but a schema URN.
    pub fn full(&self) -> String {
        match &self.urn {
            Some(urn) => format!("{urn}:{}", self.name),
            None => self.name.clone(),
        }
    }
}

impl Comparison {
    /// The operator as RFC 7644 writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equal => "eq",
            Self::NotEqual => "ne",
            Self::Contains => "co",
            Self::StartsWith => "sw",
            Self::EndsWith => "ew",
            Self::GreaterThan => "gt",
            Self::GreaterOrEqual => "ge",
            Self::LessThan => "lt",
            Self::LessOrEqual => "le",
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
