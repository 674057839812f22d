//! The tables behind the API: users, groups, and who is in what.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::number_pool::NumberPool;
use super::release::Family;

/// The gid of the group whose members have full rights.
pub(super) const ADMINISTRATORS_GID: i64 = 544;
/// The gid of the group that every SMB user joins.
pub(super) const SMB_USERS_GID: i64 = 545;
/// The gid of the group whose members may read everything.
pub(super) const READONLY_GID: i64 = 951;
/// The gid of the group whose members manage shares.
pub(super) const SHARING_GID: i64 = 952;

/// A row of the user table.
#[derive(Debug, Clone)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) uid: i64,
    pub(super) username: String,
    pub(super) full_name: String,
    pub(super) email: Option<String>,
    pub(super) home: String,
    pub(super) shell: String,
    pub(super) sshpubkey: Option<String>,
    /// The primary group's row id.
    pub(super) group: i64,
    /// Row ids of the auxiliary groups, as they were set.
    pub(super) groups: Vec<i64>,
    pub(super) builtin: bool,
    pub(super) immutable: bool,
    pub(super) smb: bool,
    pub(super) locked: bool,
    pub(super) password_disabled: bool,
    pub(super) ssh_password_enabled: bool,
    pub(super) microsoft_account: bool,
    pub(super) sudo: Sudo,
    pub(super) attributes: Value,
    pub(super) userns_idmap: Value,
    pub(super) webshare: bool,
    pub(super) credential: Option<Credential>,
}

impl User {
    /// A row as it is before anything was given.
    pub(super) fn new(family: Family) -> Self {
        Self {
            id: 0,
            uid: 0,
            username: String::new(),
            full_name: String::new(),
            email: None,
            home: family.no_home().to_owned(),
            shell: family.default_shell().to_owned(),
            sshpubkey: None,
            group: 0,
            groups: Vec::new(),
            builtin: false,
            immutable: false,
            smb: true,
            locked: false,
            password_disabled: false,
            ssh_password_enabled: false,
            microsoft_account: false,
            sudo: Sudo::default(),
            attributes: json!({}),
            userns_idmap: Value::Null,
            webshare: false,
            credential: None,
        }
    }
}

/// What a password leaves behind.
#[derive(Debug, Clone)]
pub(super) struct Credential {
    /// In the clear: a simulator has to check log-ins, and has no secrets.
    pub(super) password: String,
    pub(super) unixhash: String,
    /// The account's name when the password was set, which the SMB hash carries for ever.
    pub(super) name: String,
    pub(super) changed: Timestamp,
}

/// Who may run what as root, for users and groups alike.
#[derive(Debug, Clone, Default)]
pub(super) struct Sudo {
    pub(super) all: bool,
    pub(super) all_nopasswd: bool,
    pub(super) commands: Vec<String>,
    pub(super) commands_nopasswd: Vec<String>,
}

/// A row of the group table.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) id: i64,
    pub(super) gid: i64,
    pub(super) name: String,
    pub(super) builtin: bool,
    pub(super) smb: bool,
    pub(super) sudo: Sudo,
    pub(super) userns_idmap: Value,
    /// Users with a membership row.
    pub(super) members: BTreeSet<i64>,
    /// Users who have this as their primary group.
    pub(super) primary_of: BTreeSet<i64>,
}

impl Group {
    /// A row as it is before anything but its number was given.
    pub(super) fn new(gid: i64) -> Self {
        Self {
            id: 0,
            gid,
            name: String::new(),
            builtin: false,
            smb: true,
            sudo: Sudo::default(),
            userns_idmap: Value::Null,
            members: BTreeSet::new(),
            primary_of: BTreeSet::new(),
        }
    }
}

/// All tables.
#[derive(Debug)]
pub(super) struct State {
    users: BTreeMap<i64, User>,
    groups: BTreeMap<i64, Group>,
    users_by_folded_name: HashMap<String, BTreeSet<i64>>,
    groups_by_folded_name: HashMap<String, BTreeSet<i64>>,
    groups_by_gid: BTreeMap<i64, i64>,
    last_user_id: i64,
    last_group_id: i64,
    pub(super) uids: NumberPool,
    pub(super) gids: NumberPool,
}

impl State {
    pub(super) fn empty(family: Family) -> Self {
        let first = family.first_free_number();
        Self {
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            users_by_folded_name: HashMap::new(),
            groups_by_folded_name: HashMap::new(),
            groups_by_gid: BTreeMap::new(),
            last_user_id: 0,
            last_group_id: 0,
            uids: NumberPool::starting_at(first),
            gids: NumberPool::starting_at(first),
        }
    }

    pub(super) fn user(&self, id: i64) -> Option<&User> {
        self.users.get(&id)
    }

    pub(super) fn group(&self, id: i64) -> Option<&Group> {
        self.groups.get(&id)
    }

    pub(super) fn users(&self) -> impl Iterator<Item = &User> {
        self.users.values()
    }

    pub(super) fn users_after(&self, id: i64) -> impl Iterator<Item = &User> {
        self.users
            .range(id.saturating_add(1)..)
            .map(|(_, user)| user)
    }

    pub(super) fn groups_after(&self, id: i64) -> impl Iterator<Item = &Group> {
        self.groups
            .range(id.saturating_add(1)..)
            .map(|(_, group)| group)
    }

    /// All users whose name differs at most in letter case.
    pub(super) fn users_like(&self, name: &str) -> impl Iterator<Item = &User> {
        self.users_by_folded_name
            .get(&name.to_lowercase())
            .into_iter()
            .flatten()
            .filter_map(|id| self.users.get(id))
    }

    /// All groups whose name differs at most in letter case.
    pub(super) fn groups_like(&self, name: &str) -> impl Iterator<Item = &Group> {
        self.groups_by_folded_name
            .get(&name.to_lowercase())
            .into_iter()
            .flatten()
            .filter_map(|id| self.groups.get(id))
    }

    pub(super) fn user_named(&self, name: &str) -> Option<&User> {
        self.users_like(name).find(|user| user.username == name)
    }

    pub(super) fn group_named(&self, name: &str) -> Option<&Group> {
        self.groups_like(name).find(|group| group.name == name)
    }

    pub(super) fn group_by_gid(&self, gid: i64) -> Option<&Group> {
        self.groups_by_gid
            .get(&gid)
            .and_then(|id| self.groups.get(id))
    }

    /// Whether the user is in that group, by membership or as the primary one.
    pub(super) fn is_in(&self, user: &User, gid: i64) -> bool {
        self.group_by_gid(gid)
            .is_some_and(|group| user.group == group.id || user.groups.contains(&group.id))
    }

    pub(super) fn next_user_id(&mut self) -> i64 {
        self.last_user_id += 1;
        self.last_user_id
    }

    pub(super) fn next_group_id(&mut self) -> i64 {
        self.last_group_id += 1;
        self.last_group_id
    }

    /// Writes a user, new or changed, and all that points to it.
    pub(super) fn put_user(&mut self, user: User) {
        self.unlink_user(user.id);
        self.users_by_folded_name
            .entry(user.username.to_lowercase())
            .or_default()
            .insert(user.id);
        self.uids.take(user.uid);
        if let Some(group) = self.groups.get_mut(&user.group) {
            group.primary_of.insert(user.id);
        }
        for id in &user.groups {
            if let Some(group) = self.groups.get_mut(id) {
                group.members.insert(user.id);
            }
        }
        self.users.insert(user.id, user);
    }

    pub(super) fn remove_user(&mut self, id: i64) {
        self.unlink_user(id);
        self.users.remove(&id);
    }

    /// Writes a group, new or changed; its members are the users' affair.
    pub(super) fn put_group(&mut self, group: Group) {
        self.unlink_group(group.id);
        self.groups_by_folded_name
            .entry(group.name.to_lowercase())
            .or_default()
            .insert(group.id);
        self.groups_by_gid.entry(group.gid).or_insert(group.id);
        self.gids.take(group.gid);
        self.groups.insert(group.id, group);
    }

    /// Removes a group and its memberships; who had it as the primary one goes to `fallback`.
    pub(super) fn remove_group(&mut self, id: i64, fallback: Option<i64>) {
        let Some(group) = self.groups.get(&id).cloned() else {
            return;
        };
        for member in group.members.union(&group.primary_of) {
            let Some(mut user) = self.users.get(member).cloned() else {
                continue;
            };
            user.groups.retain(|other| *other != id);
            if user.group == id {
                user.group = fallback.unwrap_or(user.group);
            }
            self.put_user(user);
        }
        self.unlink_group(id);
        self.groups.remove(&id);
    }

    /// Replaces the explicit members of a group.
    pub(super) fn set_members(&mut self, group: i64, wanted: &BTreeSet<i64>) {
        let current = self
            .groups
            .get(&group)
            .map(|row| row.members.clone())
            .unwrap_or_default();
        for id in current.symmetric_difference(wanted) {
            let Some(mut user) = self.users.get(id).cloned() else {
                continue;
            };
            if wanted.contains(id) {
                user.groups.push(group);
            } else {
                user.groups.retain(|other| *other != group);
            }
            self.put_user(user);
        }
    }

    fn unlink_user(&mut self, id: i64) {
        let Some(user) = self.users.get(&id) else {
            return;
        };
        forget_name(&mut self.users_by_folded_name, &user.username, id);
        self.uids.release(user.uid);
        for group in user.groups.iter().chain([&user.group]) {
            if let Some(group) = self.groups.get_mut(group) {
                group.members.remove(&id);
                group.primary_of.remove(&id);
            }
        }
    }

    fn unlink_group(&mut self, id: i64) {
        let Some(group) = self.groups.get(&id) else {
            return;
        };
        forget_name(&mut self.groups_by_folded_name, &group.name, id);
        self.gids.release(group.gid);
        if self.groups_by_gid.get(&group.gid) == Some(&id) {
            self.groups_by_gid.remove(&group.gid);
        }
    }
}

fn forget_name(index: &mut HashMap<String, BTreeSet<i64>>, name: &str, id: i64) {
    let folded = name.to_lowercase();
    if let Some(ids) = index.get_mut(&folded) {
        ids.remove(&id);
        if ids.is_empty() {
            index.remove(&folded);
        }
    }
}
