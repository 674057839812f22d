//! What a request names one object by.

use super::super::request::Variables;

/// What tells one object of an appliance from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address<'a> {
    /// The vendor's id, which stays.
    pub id: &'a str,
    /// The key that it has at present.
    pub key: &'a str,
}

impl Address<'_> {
    /// `{{ id }}` and `{{ key }}`.
    pub(super) fn variables(self) -> Variables {
        Variables::new().with("id", self.id).with("key", self.key)
    }
}
