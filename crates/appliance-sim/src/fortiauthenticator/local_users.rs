//! The local users, and the administrators who share their names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::local_user::LocalUser;

/// An administrator besides the API user; no list shows either.
const SECOND_ADMINISTRATOR: &str = "maintenance";

/// Disabled because the account expired.
const REASON_EXPIRED: u64 = 3;

/// Everybody who holds a user name.
pub(super) struct LocalUsers {
    by_id: BTreeMap<u64, LocalUser>,
    /// Ids by user name in lower case; names that differ in case stand together.
    by_folded_name: HashMap<String, BTreeSet<u64>>,
    administrators: BTreeMap<u64, String>,
    /// Users whose state changes by itself.
    timed: BTreeSet<u64>,
    last_id: u64,
    last_position: u64,
}

impl LocalUsers {
    pub(super) fn new(api_user: &str) -> Self {
        let mut names = vec![api_user.to_owned()];
        if api_user != SECOND_ADMINISTRATOR {
            names.push(SECOND_ADMINISTRATOR.to_owned());
        }
        let administrators: BTreeMap<u64, String> = (1..).zip(names).collect();
        Self {
            by_id: BTreeMap::new(),
            by_folded_name: HashMap::new(),
            last_id: administrators.len() as u64,
            administrators,
            timed: BTreeSet::new(),
            last_position: 0,
        }
    }

    pub(super) fn get(&self, id: u64) -> Option<&LocalUser> {
        self.by_id.get(&id)
    }

    pub(super) fn count(&self) -> usize {
        self.by_id.len()
    }

    pub(super) fn ids(&self) -> Vec<u64> {
        self.by_id.keys().copied().collect()
    }

    /// The name behind an id, an administrator's too.
    pub(super) fn name_of(&self, id: u64) -> Option<&str> {
        let user = self.by_id.get(&id).map(|user| user.username.as_str());
        user.or_else(|| self.administrators.get(&id).map(String::as_str))
    }

    /// The users of that name in whatever case.
    pub(super) fn folded(&self, username: &str) -> Vec<&LocalUser> {
        let ids = self.by_folded_name.get(&username.to_lowercase());
        let ids = ids.into_iter().flatten();
        ids.filter_map(|id| self.by_id.get(id)).collect()
    }

    /// Every local user in the order of a list, which is that of their last change.
    pub(super) fn all(&self) -> Vec<&LocalUser> {
        let mut users: Vec<_> = self.by_id.values().collect();
        users.sort_by_key(|user| user.position);
        users
    }

    /// Whether somebody has the name, hidden administrators included.
    pub(super) fn is_taken(&self, username: &str, ignore_case: bool) -> bool {
        let same = |name: &str| match ignore_case {
            true => name.to_lowercase() == username.to_lowercase(),
            false => name == username,
        };
        self.administrators.values().any(|name| same(name))
            || self
                .folded(username)
                .iter()
                .any(|user| same(&user.username))
    }

    /// Adds a user under a new id.
    pub(super) fn add(&mut self, mut user: LocalUser) -> u64 {
        self.last_id += 1;
        user.id = self.last_id;
        let id = user.id;
        let name = user.username.to_lowercase();
        self.by_folded_name.entry(name).or_default().insert(id);
        self.put(user);
        id
    }

    /// Writes a user back, which takes it to the end of the list.
    pub(super) fn put(&mut self, mut user: LocalUser) {
        self.last_position += 1;
        user.position = self.last_position;
        match user.expires_at.or(user.locked_until) {
            Some(_) => self.timed.insert(user.id),
            None => self.timed.remove(&user.id),
        };
        self.by_id.insert(user.id, user);
    }

    pub(super) fn remove(&mut self, id: u64) -> Option<LocalUser> {
        let user = self.by_id.remove(&id)?;
        let name = user.username.to_lowercase();
        if let Some(ids) = self.by_folded_name.get_mut(&name) {
            ids.remove(&id);
        }
        self.timed.remove(&id);
        Some(user)
    }

    /// Lets accounts expire and lock-outs end.
    pub(super) fn pass_time(&mut self, now: Timestamp) {
        for id in self.timed.clone() {
            let Some(user) = self.by_id.get_mut(&id) else {
                continue;
            };
            if user.locked_until.is_some_and(|until| until <= now) {
                user.set_flag("active", true);
                user.reason = 0;
                user.locked_until = None;
            }
            if user.flag("active") && user.expires_at.is_some_and(|end| end <= now) {
                user.deactivate(REASON_EXPIRED, None);
            }
        }
    }
}
