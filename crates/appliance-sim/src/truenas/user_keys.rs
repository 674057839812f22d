//! Which keys a user has in a reply, family by family, in the order of the real replies.

use super::release::Family;
use super::release::Family::{
    Core12, Scale26, Scale2202, Scale2212, Scale2310, Scale2404, Scale2410, Scale2504,
};

/// A key, and the first and the last family that has it.
type Key = (&'static str, Family, Family);

/// Up to 24.10.
const UNTIL_2410: &[Key] = &[
    ("id", Core12, Scale2410),
    ("uid", Core12, Scale2410),
    ("username", Core12, Scale2410),
    ("unixhash", Core12, Scale2410),
    ("smbhash", Core12, Scale2410),
    ("home", Core12, Scale2410),
    ("shell", Core12, Scale2410),
    ("full_name", Core12, Scale2410),
    ("builtin", Core12, Scale2410),
    ("smb", Core12, Scale2410),
    ("password_disabled", Core12, Scale2410),
    ("ssh_password_enabled", Scale2310, Scale2410),
    ("locked", Core12, Scale2410),
    ("sudo", Core12, Scale2202),
    ("sudo_nopasswd", Core12, Scale2202),
    ("sudo_commands", Core12, Scale2410),
    ("sudo_commands_nopasswd", Scale2212, Scale2410),
    ("microsoft_account", Core12, Scale2202),
    ("attributes", Core12, Scale2212),
    ("email", Core12, Scale2410),
    ("group", Core12, Scale2410),
    ("groups", Core12, Scale2410),
    ("sshpubkey", Core12, Scale2410),
    ("immutable", Scale2212, Scale2410),
    ("twofactor_auth_configured", Scale2310, Scale2410),
    ("local", Core12, Scale2410),
    ("id_type_both", Core12, Scale2410),
    ("nt_name", Scale2202, Scale2404),
    ("sid", Scale2202, Scale2410),
    ("roles", Scale2404, Scale2410),
];

/// From 25.04 on.
const SINCE_2504: &[Key] = &[
    ("id", Scale2504, Scale26),
    ("uid", Scale2504, Scale26),
    ("username", Scale2504, Scale26),
    ("unixhash", Scale2504, Scale26),
    ("smbhash", Scale2504, Scale26),
    ("home", Scale2504, Scale26),
    ("shell", Scale2504, Scale26),
    ("full_name", Scale2504, Scale26),
    ("builtin", Scale2504, Scale26),
    ("smb", Scale2504, Scale26),
    ("userns_idmap", Scale2504, Scale26),
    ("group", Scale2504, Scale26),
    ("groups", Scale2504, Scale26),
    ("password_disabled", Scale2504, Scale26),
    ("ssh_password_enabled", Scale2504, Scale26),
    ("sshpubkey", Scale2504, Scale26),
    ("locked", Scale2504, Scale26),
    ("sudo_commands", Scale2504, Scale26),
    ("sudo_commands_nopasswd", Scale2504, Scale26),
    ("email", Scale2504, Scale26),
    ("id_type_both", Scale2504, Scale2504),
    ("local", Scale2504, Scale26),
    ("immutable", Scale2504, Scale26),
    ("twofactor_auth_configured", Scale2504, Scale26),
    ("sid", Scale2504, Scale26),
    ("last_password_change", Scale2504, Scale26),
    ("password_age", Scale2504, Scale26),
    ("password_history", Scale2504, Scale26),
    ("password_change_required", Scale2504, Scale26),
    ("roles", Scale2504, Scale26),
    ("api_keys", Scale2504, Scale26),
    ("webshare", Scale26, Scale26),
];

pub(super) fn keys(family: Family) -> impl Iterator<Item = &'static str> {
    UNTIL_2410
        .iter()
        .chain(SINCE_2504)
        .filter(move |(_, since, until)| (*since..=*until).contains(&family))
        .map(|(key, _, _)| *key)
}
