//! PATCH (RFC 7644 §3.5.2) in the dialects that identity providers speak.
//!
//! [`parse_patch`] judges all that can be judged without the resource, so that a wrong request is
//! refused before anyone looks the resource up; [`PatchRequest::apply`] is pure, so that it can be
//! repeated when the resource has changed in the meantime.

mod apply;
mod members;
mod parse;
mod path;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

use scim_filter_parser::Filter;
use secrecy::SecretString;
use serde_json::{Map, Value};

pub use parse::{parse_patch, parse_patch_with};

use super::document::{Target, Verb};
use super::resource::Member;
use super::{ResourceKind, Tolerated};

/// A PATCH that has been understood.
#[derive(Debug)]
pub struct PatchRequest {
    kind: ResourceKind,
    operations: Vec<Operation>,
    tolerated: Tolerated,
}

/// What a PATCH made of a resource.
#[derive(Debug)]
pub struct Patched {
    /// The document, canonical.
    pub document: Map<String, Value>,
    /// Whether the document is another one than before; members and password count apart.
    pub changed: bool,
    /// What to do with the members of a group, in this order.
    pub members: Vec<MemberChange>,
    /// The new password, where one was sent.
    pub password: Option<SecretString>,
    /// What had to be tolerated.
    pub tolerated: Tolerated,
}

/// A change of a group's members. Adding who is in and removing who is not are no errors.
#[derive(Debug, Clone, PartialEq)]
pub enum MemberChange {
    /// These join, or give a new display name to who is in.
    Add(Vec<Member>),
    /// These ids leave.
    Remove(Vec<String>),
    /// Whoever the filter matches leaves; its names are those of members' sub-attributes.
    RemoveMatching(Filter),
    /// These are all.
    Replace(Vec<Member>),
}

/// One step, with its value normalised.
#[derive(Debug)]
enum Operation {
    /// Write a value, or clear the target with `None`.
    Write {
        target: Target,
        verb: Verb,
        value: Option<Value>,
    },
    /// Remove a target, or only these values of a list.
    Remove {
        target: Target,
        values: Option<Vec<Value>>,
    },
    /// Remove all attributes of the extension with this URN.
    RemoveExtension(String),
    Members(MemberChange),
    Password(SecretString),
}

impl PatchRequest {
    /// Whether members of a group may change.
    pub fn touches_members(&self) -> bool {
        self.operations
            .iter()
            .any(|operation| matches!(operation, Operation::Members(_)))
    }

    /// Whether it changes nothing, whatever the resource.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty()
    }

    /// What had to be tolerated to understand it.
    pub fn tolerated(&self) -> &Tolerated {
        &self.tolerated
    }
}
