//! Who may do what to whom.

use super::appliance::Foreman;
use super::reply::Refusal;
use super::state::{MANAGER_ROLE, State, User, VIEWER_ROLE};

/// The permissions that accounts and groups ask for.
const PERMISSIONS: [&str; 13] = [
    "view_users",
    "create_users",
    "edit_users",
    "destroy_users",
    "view_usergroups",
    "create_usergroups",
    "edit_usergroups",
    "destroy_usergroups",
    "view_roles",
    "view_authenticators",
    "assign_organizations",
    "assign_locations",
    "escalate_roles",
];

/// Some of the permissions, a bit for each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Permissions(u32);

impl Permissions {
    /// None if a name is no permission's.
    pub(super) fn named(names: &[&str]) -> Option<Self> {
        let bits = names.iter().map(|name| {
            let place = PERMISSIONS.iter().position(|known| known == name)?;
            Some(1_u32 << place)
        });
        bits.into_iter()
            .try_fold(0, |all, bit| bit.map(|bit| all | bit))
            .map(Self)
    }

    pub(super) fn names(self) -> Vec<&'static str> {
        let names = PERMISSIONS.into_iter();
        names.filter(|name| self.has(name)).collect()
    }

    fn has(self, name: &str) -> bool {
        let place = PERMISSIONS.iter().position(|known| *known == name);
        place.is_some_and(|place| self.0 & (1 << place) != 0)
    }
}

/// The caller's row id, and the rights that go with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    pub(super) id: i64,
    pub(super) admin: bool,
    manager: bool,
    viewer: bool,
    withheld: Permissions,
}

impl Caller {
    pub(super) fn of(foreman: &Foreman, id: i64) -> Self {
        let state = &foreman.state;
        let user = state.user(id);
        let has = |role: i64| {
            user.is_some_and(|user| user.role_ids.contains(&role))
                || state
                    .all_usergroups(id)
                    .iter()
                    .any(|group| group.role_ids.contains(&role))
        };
        Self {
            id,
            admin: user.is_some_and(|user| state.is_effective_admin(user)),
            manager: has(MANAGER_ROLE),
            viewer: has(VIEWER_ROLE),
            withheld: foreman.settings.withheld,
        }
    }

    pub(super) fn may(&self, permission: &str) -> bool {
        self.admin
            || (self.manager && !self.withheld.has(permission))
            || (self.viewer && permission.starts_with("view_"))
    }

    pub(super) fn require(&self, permission: &'static str) -> Result<(), Refusal> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Refusal::missing_permission(permission))
        }
    }

    /// Everybody sees himself; others only with the permission, and only who shares the caller's
    /// organizations and locations.
    pub(super) fn sees(&self, state: &State, user: &User) -> bool {
        if self.admin || user.id == self.id {
            return true;
        }
        let Some(own) = state.user(self.id).filter(|_| self.may("view_users")) else {
            return false;
        };
        let shared = |own: &std::collections::BTreeSet<i64>, other| {
            if own.is_empty() {
                std::collections::BTreeSet::is_empty(other)
            } else {
                !own.is_disjoint(other)
            }
        };
        shared(&own.organization_ids, &user.organization_ids)
            && shared(&own.location_ids, &user.location_ids)
    }

    /// Whether the caller may hand out these roles.
    pub(super) fn may_give(&self, state: &State, roles: &std::collections::BTreeSet<i64>) -> bool {
        self.may("escalate_roles")
            || state
                .user(self.id)
                .is_some_and(|own| roles.is_subset(&own.role_ids))
    }
}
