//! Object ids: 42 hexadecimal digits, of which the first two name the kind.

use std::fmt;

use super::failure::Failure;

/// Kinds of objects, by the first two digits of their ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User = 0x10,
    Role = 0x15,
    Token = 0x19,
    Policy = 0x1c,
    Job = 0x2d,
    Group = 0x00,
}

/// The array group that the ids belong to.
const GROUP: u64 = 0x4d3;

/// The digits of an id.
const LENGTH: usize = 42;

/// An object's id, lower-case hexadecimal. Ids of one kind sort by age.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Identifier(String);

impl Identifier {
    pub(super) fn new(kind: Kind, number: u64) -> Self {
        Self(format!("{:02x}{GROUP:016x}{number:024x}", kind as u8))
    }

    /// An id out of a path or a body; none if it is not 42 hexadecimal digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let well_formed =
            text.len() == LENGTH && text.bytes().all(|digit| digit.is_ascii_hexdigit());
        well_formed.then(|| Self(text.to_ascii_lowercase()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The object id in a path.
pub(super) fn path_identifier(text: &str) -> Result<Identifier, Failure> {
    Identifier::parse(text)
        .ok_or_else(|| Failure::bad_request("SM_invalid_path_variable", "This is no object id."))
}
