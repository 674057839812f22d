//! What differs between the releases of NimbleOS.

use crate::{error::UnknownRelease, vendor::Vendor};

/// A family of releases with the same API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Release {
    V4,
    V5,
    V6,
}

/// The fields of a user in every release, in the order of a reply.
const FIELDS_4: &[&str] = &[
    "id",
    "name",
    "search_name",
    "description",
    "role_id",
    "role",
    "inactivity_timeout",
    "creation_time",
    "last_modified",
    "full_name",
    "email_addr",
    "disabled",
    "last_login",
    "last_logout",
    "logged_in",
];

const FIELDS_5: &[&str] = &[
    "id",
    "name",
    "search_name",
    "description",
    "role_id",
    "role",
    "inactivity_timeout",
    "creation_time",
    "last_modified",
    "full_name",
    "email_addr",
    "disabled",
    "auth_lock",
    "last_login",
    "last_logout",
    "logged_in",
];

const FIELDS_6: &[&str] = &[
    "id",
    "name",
    "search_name",
    "description",
    "role_id",
    "role",
    "inactivity_timeout",
    "creation_time",
    "last_modified",
    "full_name",
    "email_addr",
    "disabled",
    "auth_lock",
    "otp_type",
    "tenant_id",
    "tenant_key",
    "last_login",
    "last_logout",
    "logged_in",
];

impl Release {
    /// The family that a release number belongs to.
    pub(super) fn parse(number: &str) -> Result<Self, UnknownRelease> {
        let family = |prefix: &str| {
            number == prefix
                || number
                    .strip_prefix(prefix)
                    .is_some_and(|rest| rest.starts_with('.'))
        };
        if family("4.4") {
            Ok(Self::V4)
        } else if family("5.1") || family("5.2") || family("5.3") {
            Ok(Self::V5)
        } else if family("6") {
            Ok(Self::V6)
        } else {
            Err(UnknownRelease {
                vendor: Vendor::Nimble,
                release: number.to_owned(),
                known: "4.4, 5.1, 5.2, 5.3 and 6.0",
            })
        }
    }

    /// The fields of a user that this release shows.
    pub(super) fn user_fields(self) -> &'static [&'static str] {
        match self {
            Self::V4 => FIELDS_4,
            Self::V5 => FIELDS_5,
            Self::V6 => FIELDS_6,
        }
    }

    /// Whether users lock themselves out and can be unlocked.
    pub(super) fn has_unlock(self) -> bool {
        self >= Self::V5
    }

    /// Whether a password change may be authorised by the caller's own password.
    pub(super) fn has_auth_password(self) -> bool {
        self >= Self::V5
    }

    /// Whether there is a password policy to be read and set.
    pub(super) fn has_policies(self) -> bool {
        self >= Self::V5
    }
}
