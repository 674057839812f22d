//! The tables behind the API.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

/// The role that everybody has and nobody sees.
pub(super) const DEFAULT_ROLE: i64 = 1;
/// The role that may do nearly everything.
pub(super) const MANAGER_ROLE: i64 = 2;
/// The role that may see everything.
pub(super) const VIEWER_ROLE: i64 = 8;

/// The authentication source whose passwords Foreman keeps itself.
pub(super) const INTERNAL: i64 = 1;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    pub(super) id: i64,
    pub(super) login: String,
    pub(super) firstname: Option<String>,
    pub(super) lastname: Option<String>,
    pub(super) mail: Option<String>,
    pub(super) mail_enabled: bool,
    pub(super) description: Option<String>,
    pub(super) admin: bool,
    pub(super) disabled: bool,
    pub(super) auth_source_id: Option<i64>,
    pub(super) password: Option<Password>,
    pub(super) timezone: Option<String>,
    pub(super) locale: Option<String>,
    /// Without the default role.
    pub(super) role_ids: BTreeSet<i64>,
    pub(super) location_ids: BTreeSet<i64>,
    pub(super) organization_ids: BTreeSet<i64>,
    pub(super) default_location_id: Option<i64>,
    pub(super) default_organization_id: Option<i64>,
    pub(super) last_login_on: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    /// The accounts of the system itself, which no caller sees.
    pub(super) hidden: bool,
    pub(super) ssh_keys: Vec<SshKey>,
    pub(super) tokens: Vec<Token>,
}

/// A password in the clear, since a simulator has no secrets, and the hash to show for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Password {
    pub(super) clear: String,
    pub(super) hash: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SshKey {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) key: String,
    pub(super) created_at: Timestamp,
}

/// A personal access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) revoked: bool,
    pub(super) last_used_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

impl Token {
    pub(super) fn is_active(&self, now: Timestamp) -> bool {
        !self.revoked && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Usergroup {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) admin: bool,
    pub(super) user_ids: BTreeSet<i64>,
    pub(super) usergroup_ids: BTreeSet<i64>,
    pub(super) role_ids: BTreeSet<i64>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

#[derive(Debug, Clone)]
pub(super) struct Role {
    pub(super) id: i64,
    pub(super) name: &'static str,
    pub(super) description: &'static str,
}

#[derive(Debug, Clone)]
pub(super) struct AuthSource {
    pub(super) id: i64,
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    pub(super) hidden: bool,
}

/// A host, of which only the owner matters here.
#[derive(Debug, Clone)]
pub(super) struct Host {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) owner_id: Option<i64>,
}

/// Organizations and locations are one table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TaxonomyKind {
    Organization,
    Location,
}

#[derive(Debug, Clone)]
pub(super) struct Taxonomy {
    pub(super) id: i64,
    pub(super) kind: TaxonomyKind,
    pub(super) name: &'static str,
}

#[derive(Debug)]
pub(super) struct State {
    users: BTreeMap<i64, User>,
    users_by_folded_login: HashMap<String, i64>,
    hidden_users: usize,
    pub(super) usergroups: BTreeMap<i64, Usergroup>,
    pub(super) hosts: BTreeMap<i64, Host>,
    pub(super) roles: Vec<Role>,
    pub(super) auth_sources: Vec<AuthSource>,
    pub(super) taxonomies: Vec<Taxonomy>,
    pub(super) installed_at: Timestamp,
    last_user_id: i64,
    last_usergroup_id: i64,
    last_ssh_key_id: i64,
    last_token_id: i64,
    last_host_id: i64,
}

impl State {
    pub(super) fn new(
        roles: Vec<Role>,
        auth_sources: Vec<AuthSource>,
        taxonomies: Vec<Taxonomy>,
        installed_at: Timestamp,
    ) -> Self {
        Self {
            users: BTreeMap::new(),
            users_by_folded_login: HashMap::new(),
            hidden_users: 0,
            usergroups: BTreeMap::new(),
            hosts: BTreeMap::new(),
            roles,
            auth_sources,
            taxonomies,
            installed_at,
            last_user_id: 0,
            last_usergroup_id: 0,
            last_ssh_key_id: 0,
            last_token_id: 0,
            last_host_id: 0,
        }
    }

    pub(super) fn user(&self, id: i64) -> Option<&User> {
        self.users.get(&id)
    }

    /// For changes of what is not the login.
    pub(super) fn user_mut(&mut self, id: i64) -> Option<&mut User> {
        self.users.get_mut(&id)
    }

    /// Everybody but the system's own accounts.
    pub(super) fn visible_users(&self) -> impl Iterator<Item = &User> {
        self.users.values().filter(|user| !user.hidden)
    }

    /// How many they are, without looking at each.
    pub(super) fn visible_count(&self) -> usize {
        self.users.len() - self.hidden_users
    }

    /// Logins are unique whatever their letter case.
    pub(super) fn user_by_login(&self, login: &str) -> Option<&User> {
        self.users_by_folded_login
            .get(&login.to_lowercase())
            .and_then(|id| self.users.get(id))
    }

    pub(super) fn put_user(&mut self, user: User) {
        if let Some(before) = self.users.get(&user.id) {
            self.users_by_folded_login
                .remove(&before.login.to_lowercase());
            self.hidden_users -= usize::from(before.hidden);
        }
        self.hidden_users += usize::from(user.hidden);
        self.users_by_folded_login
            .insert(user.login.to_lowercase(), user.id);
        self.users.insert(user.id, user);
    }

    pub(super) fn remove_user(&mut self, id: i64) {
        if let Some(user) = self.users.remove(&id) {
            self.users_by_folded_login
                .remove(&user.login.to_lowercase());
            self.hidden_users -= usize::from(user.hidden);
        }
        for group in self.usergroups.values_mut() {
            group.user_ids.remove(&id);
        }
    }

    /// Removes a group, also from the groups that contain it.
    pub(super) fn remove_usergroup(&mut self, id: i64) {
        self.usergroups.remove(&id);
        for group in self.usergroups.values_mut() {
            group.usergroup_ids.remove(&id);
        }
    }

    pub(super) fn usergroup_named(&self, name: &str) -> Option<&Usergroup> {
        self.usergroups.values().find(|group| group.name == name)
    }

    pub(super) fn role(&self, id: i64) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    pub(super) fn auth_source(&self, id: i64) -> Option<&AuthSource> {
        self.auth_sources.iter().find(|source| source.id == id)
    }

    pub(super) fn taxonomies_of(&self, kind: TaxonomyKind) -> impl Iterator<Item = &Taxonomy> {
        self.taxonomies
            .iter()
            .filter(move |taxonomy| taxonomy.kind == kind)
    }

    /// The groups that list the user, by name.
    pub(super) fn direct_usergroups(&self, user: i64) -> Vec<&Usergroup> {
        let mut groups: Vec<_> = self
            .usergroups
            .values()
            .filter(|group| group.user_ids.contains(&user))
            .collect();
        groups.sort_by(|left, right| left.name.cmp(&right.name));
        groups
    }

    /// The groups that list the user, and those that contain them, by name.
    pub(super) fn all_usergroups(&self, user: i64) -> Vec<&Usergroup> {
        let mut found: BTreeSet<i64> = self
            .direct_usergroups(user)
            .iter()
            .map(|group| group.id)
            .collect();
        if found.is_empty() {
            return Vec::new();
        }
        loop {
            let parents: Vec<i64> = self
                .usergroups
                .values()
                .filter(|group| !found.contains(&group.id))
                .filter(|group| group.usergroup_ids.iter().any(|id| found.contains(id)))
                .map(|group| group.id)
                .collect();
            if parents.is_empty() {
                break;
            }
            found.extend(parents);
        }
        let mut groups: Vec<_> = found
            .iter()
            .filter_map(|id| self.usergroups.get(id))
            .collect();
        groups.sort_by(|left, right| left.name.cmp(&right.name));
        groups
    }

    /// Whether the group `inner` is `outer` or somewhere inside it.
    pub(super) fn contains(&self, outer: i64, inner: i64) -> bool {
        let mut open = vec![outer];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if id == inner {
                return true;
            }
            if seen.insert(id)
                && let Some(group) = self.usergroups.get(&id)
            {
                open.extend(&group.usergroup_ids);
            }
        }
        false
    }

    /// The user's own flag, or one inherited from a group.
    pub(super) fn is_effective_admin(&self, user: &User) -> bool {
        user.admin || self.all_usergroups(user.id).iter().any(|group| group.admin)
    }

    /// Whether there is an administrator; disabled ones count.
    pub(super) fn has_admin(&self) -> bool {
        self.visible_users()
            .any(|user| self.is_effective_admin(user))
    }

    pub(super) fn next_user_id(&mut self) -> i64 {
        self.last_user_id += 1;
        self.last_user_id
    }

    pub(super) fn next_usergroup_id(&mut self) -> i64 {
        self.last_usergroup_id += 1;
        self.last_usergroup_id
    }

    pub(super) fn next_ssh_key_id(&mut self) -> i64 {
        self.last_ssh_key_id += 1;
        self.last_ssh_key_id
    }

    pub(super) fn next_token_id(&mut self) -> i64 {
        self.last_token_id += 1;
        self.last_token_id
    }

    pub(super) fn next_host_id(&mut self) -> i64 {
        self.last_host_id += 1;
        self.last_host_id
    }
}
