//! Which keys the methods take, of what type, since and until when.

use super::release::Family;
use super::release::Family::{
    Core12, Scale26, Scale2202, Scale2212, Scale2310, Scale2410, Scale2504,
};

/// The type of a key's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Flag,
    Text,
    Number,
    Texts,
    Numbers,
    Object,
    /// `null`, `"DIRECT"` or a number.
    IdMap,
}

/// One key of a method's argument.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether a create must have it.
    pub(super) required: bool,
    /// From which family on `null` is a value of it.
    pub(super) nullable_since: Option<Family>,
    pub(super) since: Family,
    pub(super) until: Family,
    /// Until which family an update takes it; `None` if it never does.
    pub(super) update_until: Option<Family>,
}

impl Field {
    const fn of(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            required: false,
            nullable_since: None,
            since: Core12,
            until: Scale26,
            update_until: Some(Scale26),
        }
    }

    const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    const fn nullable(mut self, since: Family) -> Self {
        self.nullable_since = Some(since);
        self
    }

    const fn since(mut self, family: Family) -> Self {
        self.since = family;
        self
    }

    const fn until(mut self, family: Family) -> Self {
        self.until = family;
        self
    }

    const fn update(mut self, until: Option<Family>) -> Self {
        self.update_until = until;
        self
    }

    /// Whether the method takes this key in that family.
    pub(super) fn is_taken(&self, family: Family, create: bool) -> bool {
        (self.since..=self.until).contains(&family)
            && (create || self.update_until.is_some_and(|until| family <= until))
    }
}

pub(super) const USER: &[Field] = &[
    Field::of("username", Kind::Text).required(),
    Field::of("full_name", Kind::Text).required(),
    Field::of("uid", Kind::Number)
        .nullable(Scale2410)
        .update(Some(Scale2410)),
    Field::of("group", Kind::Number).nullable(Scale2410),
    Field::of("group_create", Kind::Flag).update(None),
    Field::of("groups", Kind::Numbers),
    Field::of("home", Kind::Text),
    Field::of("home_create", Kind::Flag).since(Scale2212),
    Field::of("home_mode", Kind::Text),
    Field::of("shell", Kind::Text),
    Field::of("email", Kind::Text).nullable(Core12),
    Field::of("password", Kind::Text).nullable(Scale2410),
    Field::of("random_password", Kind::Flag).since(Scale2504),
    Field::of("password_disabled", Kind::Flag),
    Field::of("ssh_password_enabled", Kind::Flag).since(Scale2310),
    Field::of("locked", Kind::Flag),
    Field::of("smb", Kind::Flag),
    Field::of("microsoft_account", Kind::Flag).until(Scale2202),
    Field::of("sudo", Kind::Flag).until(Scale2202),
    Field::of("sudo_nopasswd", Kind::Flag).until(Scale2202),
    Field::of("sudo_commands", Kind::Texts),
    Field::of("sudo_commands_nopasswd", Kind::Texts).since(Scale2212),
    Field::of("sshpubkey", Kind::Text).nullable(Core12),
    Field::of("attributes", Kind::Object).until(Scale2212),
    Field::of("userns_idmap", Kind::IdMap).since(Scale2504),
    Field::of("webshare", Kind::Flag).since(Scale26),
];

pub(super) const GROUP: &[Field] = &[
    Field::of("name", Kind::Text).required(),
    Field::of("gid", Kind::Number)
        .nullable(Scale2410)
        .update(Some(Scale2410)),
    Field::of("allow_duplicate_gid", Kind::Flag).until(Scale2410),
    Field::of("smb", Kind::Flag),
    Field::of("sudo", Kind::Flag).until(Scale2202),
    Field::of("sudo_nopasswd", Kind::Flag).until(Scale2202),
    Field::of("sudo_commands", Kind::Texts),
    Field::of("sudo_commands_nopasswd", Kind::Texts).since(Scale2212),
    Field::of("users", Kind::Numbers),
    Field::of("userns_idmap", Kind::IdMap).since(Scale2504),
];

pub(super) const USER_DELETE: &[Field] = &[Field::of("delete_group", Kind::Flag)];
pub(super) const GROUP_DELETE: &[Field] = &[Field::of("delete_users", Kind::Flag)];

pub(super) const SET_PASSWORD: &[Field] = &[
    Field::of("username", Kind::Text).required(),
    Field::of("old_password", Kind::Text).nullable(Scale2410),
    Field::of("new_password", Kind::Text).required(),
];
