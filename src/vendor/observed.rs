//! An object as an appliance shows it.

use serde_json::{Map, Value};

/// An account or a group, read from a vendor's answer by the profile's pointers.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// The vendor's id, as text.
    pub id: String,
    /// The account key, as the appliance spells it.
    pub key: String,
    /// Whether the account can be used; `None` if the answer does not say.
    pub active: Option<bool>,
    /// Why the vendor itself keeps the account off, if it does (`leave_when` matched): such an
    /// account is left alone.
    pub left_alone: bool,
    /// The readable fields of the table that the answer holds. A field that is missing here is
    /// unknown, not empty.
    pub fields: Map<String, Value>,
    /// The profile or the vendor protects it (built-in, immutable, on the list).
    pub protected: bool,
    /// Of a group with a list of members: the vendor's ids of all of them; `None` if the answer
    /// does not say.
    pub members: Option<Vec<String>>,
    /// The ownership marker that the account carries, where the profile names a field for one.
    pub marker: Option<String>,
}
