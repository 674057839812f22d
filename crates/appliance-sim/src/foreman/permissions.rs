//! Who may do what to whom.

use super::appliance::Foreman;
use super::reply::Refusal;
use super::state::{MANAGER_ROLE, State, User, VIEWER_ROLE};

/// The caller's row id, and the rights that go with it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Caller {
    pub(super) id: i64,
    pub(super) admin: bool,
    manager: bool,
    viewer: bool,
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
        }
    }

    pub(super) fn may(&self, permission: &str) -> bool {
        self.admin || self.manager || (self.viewer && permission.starts_with("view_"))
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
