//! The dialects: what the guides of 2014 to 2021 describe, and what release 8.0 does.

use crate::{error::UnknownRelease, vendor::Vendor};

/// How this appliance speaks, the oldest dialect first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dialect {
    /// Classic with the 19 fields of the guide's examples of 2014.
    Classic2014,
    /// As the guide's current pages have it.
    Classic,
    /// As 8.0 does it: no trailing slashes, 207 for a create.
    V8,
}

/// The fields of a local user in the order of a reply, each with the dialect that it came with.
const USER_FIELDS: &[(&str, Dialect)] = &[
    ("active", Dialect::Classic),
    ("address", Dialect::Classic2014),
    ("change_password", Dialect::Classic),
    ("city", Dialect::Classic2014),
    ("company", Dialect::Classic),
    ("country", Dialect::Classic2014),
    ("custom1", Dialect::Classic2014),
    ("custom2", Dialect::Classic2014),
    ("custom3", Dialect::Classic2014),
    ("department", Dialect::Classic),
    ("email", Dialect::Classic2014),
    ("expires_at", Dialect::Classic),
    ("fido", Dialect::Classic),
    ("first_name", Dialect::Classic2014),
    ("ftk_only", Dialect::Classic),
    ("ftm_act_method", Dialect::Classic),
    ("id", Dialect::Classic2014),
    ("last_name", Dialect::Classic2014),
    ("mail_host", Dialect::V8),
    ("mail_routing_address", Dialect::V8),
    ("mobile_number", Dialect::Classic2014),
    ("phone_number", Dialect::Classic2014),
    ("reason", Dialect::Classic),
    ("recovery_by_question", Dialect::Classic),
    ("recovery_question", Dialect::Classic),
    ("resource_uri", Dialect::Classic2014),
    ("state", Dialect::Classic2014),
    ("token_auth", Dialect::Classic2014),
    ("token_fas", Dialect::Classic),
    ("token_serial", Dialect::Classic2014),
    ("token_type", Dialect::Classic2014),
    ("user_groups", Dialect::Classic2014),
    ("username", Dialect::Classic2014),
];

/// What a query with `abridged=1` shows.
pub(super) const FIELDS_ABRIDGED: &[&str] = &[
    "active",
    "address",
    "city",
    "country",
    "custom1",
    "custom2",
    "custom3",
    "email",
    "first_name",
    "id",
    "last_name",
    "mobile_number",
    "phone_number",
    "recovery_by_question",
    "resource_uri",
    "state",
    "token_auth",
    "token_type",
    "user_groups",
    "username",
];

impl Dialect {
    /// The dialect of that name.
    pub(super) fn parse(release: &str) -> Result<Self, UnknownRelease> {
        match release {
            "classic" => Ok(Self::Classic),
            "classic-2014" => Ok(Self::Classic2014),
            "8.0" | "v8" => Ok(Self::V8),
            _ => Err(UnknownRelease::new(Vendor::FortiAuthenticator, release)),
        }
    }

    /// The fields of a local user that can be read, in the order of a reply.
    pub(super) fn user_fields(self) -> Vec<&'static str> {
        let fields = USER_FIELDS.iter().filter(|(_, since)| *since <= self);
        fields.map(|(field, _)| *field).collect()
    }

    /// Whether a local user has this field; if it is a writable one, it can be written.
    pub(super) fn has_user_field(self, name: &str) -> bool {
        let mut fields = USER_FIELDS.iter();
        fields.any(|(field, since)| *field == name && *since <= self)
    }

    /// Whether a path must end in a slash.
    pub(super) fn needs_slash(self) -> bool {
        self != Self::V8
    }

    /// The path of a collection.
    pub(super) fn collection(self, path: &str) -> String {
        let slash = if self.needs_slash() { "/" } else { "" };
        format!("/api/v1/{path}{slash}")
    }

    /// The path of an object, as `resource_uri` has it.
    pub(super) fn uri(self, collection: &str, id: u64) -> String {
        self.collection(&format!("{collection}/{id}"))
    }
}

/// The id in an object's path, with or without the slash, or none if it is another collection's.
pub(super) fn id_of(uri: &str, collection: &str) -> Option<u64> {
    let path = match uri.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map(|(_, path)| path)?,
        None => uri.strip_prefix('/')?,
    };
    let rest = path.strip_prefix("api/v1/")?.strip_prefix(collection)?;
    rest.strip_prefix('/')?.trim_end_matches('/').parse().ok()
}
