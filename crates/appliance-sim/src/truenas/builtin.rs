//! The accounts that a fresh installation has.

use jiff::Timestamp;

use super::passwords;
use super::release::Family;
use super::state::{ADMINISTRATORS_GID, Group, State, User};
use crate::options::SimulatorOptions;

/// Groups as (name, gid); root's comes first, the administrators' third and SMB users' fourth.
const CORE_GROUPS: &[(&str, i64)] = &[
    ("wheel", 0),
    ("daemon", 1),
    ("builtin_administrators", 544),
    ("builtin_users", 545),
    ("operator", 5),
    ("mail", 6),
    ("man", 9),
    ("ftp", 14),
    ("staff", 20),
    ("sshd", 22),
    ("www", 80),
    ("nogroup", 65533),
    ("nobody", 65534),
    ("webdav", 666),
];
const SCALE_GROUPS: &[(&str, i64)] = &[
    ("wheel", 0),
    ("daemon", 1),
    ("builtin_administrators", 544),
    ("builtin_users", 545),
    ("truenas_readonly_administrators", 951),
    ("truenas_sharing_administrators", 952),
    ("nogroup", 65534),
    ("bin", 2),
    ("sys", 3),
    ("man", 12),
    ("mail", 8),
    ("www-data", 33),
    ("backup", 34),
    ("apps", 568),
    ("webdav", 666),
    ("sshd", 106),
];

/// Users as (name, uid, name of the primary group); root comes first.
const CORE_USERS: &[(&str, i64, &str)] = &[
    ("root", 0, "wheel"),
    ("daemon", 1, "daemon"),
    ("operator", 2, "operator"),
    ("mailnull", 26, "mail"),
    ("man", 9, "man"),
    ("ftp", 14, "ftp"),
    ("sshd", 22, "sshd"),
    ("www", 80, "www"),
    ("webdav", 666, "webdav"),
    ("nobody", 65534, "nobody"),
];
const SCALE_USERS: &[(&str, i64, &str)] = &[
    ("root", 0, "wheel"),
    ("daemon", 1, "daemon"),
    ("bin", 2, "bin"),
    ("sys", 3, "sys"),
    ("man", 6, "man"),
    ("mail", 8, "mail"),
    ("www-data", 33, "www-data"),
    ("backup", 34, "backup"),
    ("sshd", 106, "sshd"),
    ("apps", 568, "apps"),
    ("webdav", 666, "webdav"),
    ("nobody", 65534, "nogroup"),
];

/// The uid of the administrator that an installer makes beside root.
const INSTALLED_ADMINISTRATOR_UID: i64 = 950;

/// The tables of a fresh installation whose administrator is the one in the options.
pub(super) fn install(family: Family, options: &SimulatorOptions) -> State {
    let (groups, users) = if family.is_core() {
        (CORE_GROUPS, CORE_USERS)
    } else {
        (SCALE_GROUPS, SCALE_USERS)
    };
    let mut state = State::empty(family);
    for (name, gid) in groups {
        add_group(&mut state, name, *gid);
    }
    for (name, uid, group) in users {
        let group = state.group_named(group).map_or(1, |group| group.id);
        add_user(&mut state, family, name, *uid, group);
    }
    add_administrator(&mut state, family, options);
    state
}

fn add_group(state: &mut State, name: &str, gid: i64) {
    let id = state.next_group_id();
    state.put_group(Group {
        id,
        name: name.to_owned(),
        builtin: true,
        smb: matches!(gid, 544 | 545),
        ..Group::new(gid)
    });
}

fn add_user(state: &mut State, family: Family, name: &str, uid: i64, group: i64) {
    let id = state.next_user_id();
    let root = uid == 0;
    state.put_user(User {
        id,
        uid,
        username: name.to_owned(),
        full_name: name.to_owned(),
        home: if root { "/root" } else { family.no_home() }.to_owned(),
        shell: if root {
            family.default_shell()
        } else {
            "/usr/sbin/nologin"
        }
        .to_owned(),
        group,
        builtin: true,
        immutable: root,
        smb: false,
        ..User::new(family)
    });
}

/// Gives the administrator of the options a password and full rights.
fn add_administrator(state: &mut State, family: Family, options: &SimulatorOptions) {
    let administrators = state.group_by_gid(ADMINISTRATORS_GID).map(|group| group.id);
    if state.user_named(&options.username).is_none() {
        let group = state.group_named("wheel").map_or(1, |group| group.id);
        let uid = INSTALLED_ADMINISTRATOR_UID;
        add_user(state, family, &options.username, uid, group);
        if let Some(mut user) = state.user_named(&options.username).cloned() {
            user.builtin = false;
            user.immutable = true;
            user.shell = family.default_shell().to_owned();
            state.put_user(user);
        }
    }
    for name in ["root", options.username.as_str()] {
        let Some(mut user) = state.user_named(name).cloned() else {
            continue;
        };
        if user.username == options.username {
            passwords::set(&mut user, &options.password, Timestamp::UNIX_EPOCH);
        } else {
            user.password_disabled = true;
        }
        if let Some(id) = administrators
            && !user.groups.contains(&id)
        {
            user.groups.push(id);
        }
        state.put_user(user);
    }
}
