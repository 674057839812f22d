//! The classes of failures. What happens next follows from the class alone.

use std::fmt;

/// How a call to an appliance failed; decided once, at the appliance's edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FailureClass {
    /// The key (or another unique value) is taken.
    Conflict,
    /// The object is not there.
    NotFound,
    /// The appliance does not accept a value; sending it again will not help.
    Invalid,
    /// The object's state forbids it: it owns hosts, is the last administrator, the licence is full.
    Refused,
    /// Our credentials lack a right.
    Denied,
    /// Our credentials are not accepted; the appliance is paused after one new login.
    Unauthenticated,
    /// Too many calls; wait.
    Throttled,
    /// The appliance cannot be reached, or is broken for now; nothing happened.
    Unavailable,
    /// A write may or may not have happened: observe before writing again.
    Uncertain,
    /// A list is not complete, so that absence from it proves nothing.
    Incomplete,
    /// The answer is not what the profile says it would be: HTML, half a JSON, a redirect.
    Protocol,
}

impl FailureClass {
    /// Every class.
    pub const ALL: [Self; 11] = [
        Self::Conflict,
        Self::NotFound,
        Self::Invalid,
        Self::Refused,
        Self::Denied,
        Self::Unauthenticated,
        Self::Throttled,
        Self::Unavailable,
        Self::Uncertain,
        Self::Incomplete,
        Self::Protocol,
    ];

    /// The word for profiles, logs, metrics and `status`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Conflict => "conflict",
            Self::NotFound => "not_found",
            Self::Invalid => "invalid",
            Self::Refused => "refused",
            Self::Denied => "denied",
            Self::Unauthenticated => "unauthenticated",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Uncertain => "uncertain",
            Self::Incomplete => "incomplete",
            Self::Protocol => "protocol",
        }
    }

    /// The class of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Throttled
                | Self::Unavailable
                | Self::Uncertain
                | Self::Incomplete
                | Self::Protocol
        )
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
