//! What an attempt works towards: decided from the resource, the scope and the policies alone.

use super::settings::{AppliancePolicy, Removal};
use crate::scim::ResourceKind;
use crate::store::{AccountState, LinkState, LinkWork};

/// What is to be true of the account when the attempt is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Goal {
    /// It exists, with the translated fields; `follow_state` says whether `active` is followed too.
    Present {
        /// Whether the account's active or disabled state follows the resource.
        follow_state: bool,
    },
    /// No account is needed, and none is made; the link stays.
    Absent,
    /// The account is disabled; its fields stay as they are.
    Disabled(Afterwards),
    /// The account is deleted.
    Deleted(Afterwards),
    /// Nothing is written any more; the link stays if the resource does.
    LeftAlone(Afterwards),
}

impl Goal {
    /// Whether reaching the goal takes an account away or disables it; `active` says whether the
    /// resource is.
    pub(super) fn destroys(self, active: bool) -> bool {
        match self {
            Self::Present { follow_state } => follow_state && !active,
            Self::Disabled(_) | Self::Deleted(_) => true,
            Self::Absent | Self::LeftAlone(_) => false,
        }
    }
}

/// What becomes of the link when a removal has succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Afterwards {
    /// The link ends: the resource is gone or out of scope.
    EndLink,
    /// The link stays, in sync.
    KeepLink,
    /// The link of a deleted resource stays until its account is purged.
    Purge,
}

/// Decides the goal of an attempt.
///
/// `in_scope` and `active` are ignored for deleted resources.
pub(super) fn decide(
    work: &LinkWork,
    policy: &AppliancePolicy,
    in_scope: bool,
    active: bool,
) -> Goal {
    let progress = &work.link.progress;
    let nothing_there =
        progress.remote_id.is_none() && progress.intent.is_none() && !progress.uncertain;
    if work.resource.is_none() {
        return deleted(work, policy, nothing_there);
    }
    if !in_scope {
        if nothing_there {
            return Goal::LeftAlone(Afterwards::EndLink);
        }
        return match policy.on_leave_scope {
            Removal::Disable => Goal::Disabled(Afterwards::KeepLink),
            Removal::Delete => Goal::Deleted(Afterwards::EndLink),
            Removal::Keep => Goal::LeftAlone(Afterwards::KeepLink),
        };
    }
    if work.link.kind == ResourceKind::Group || active {
        return Goal::Present { follow_state: true };
    }
    if nothing_there && !policy.create_inactive {
        return Goal::Absent;
    }
    match policy.on_deactivate {
        Removal::Disable => Goal::Present { follow_state: true },
        Removal::Delete => Goal::Deleted(Afterwards::KeepLink),
        Removal::Keep => Goal::Present {
            follow_state: false,
        },
    }
}

fn deleted(work: &LinkWork, policy: &AppliancePolicy, nothing_there: bool) -> Goal {
    if nothing_there {
        return Goal::LeftAlone(Afterwards::EndLink);
    }
    let purge_is_due = work.link.progress.account_state == AccountState::Disabled
        && work.link.applied_generation == work.link.desired_generation
        && policy.purge_after.is_some();
    match policy.on_delete {
        Removal::Delete => Goal::Deleted(Afterwards::EndLink),
        Removal::Disable if purge_is_due && was_purge_waiting(work) => {
            Goal::Deleted(Afterwards::EndLink)
        }
        Removal::Disable if policy.purge_after.is_some() => Goal::Disabled(Afterwards::Purge),
        Removal::Disable => Goal::Disabled(Afterwards::KeepLink),
        Removal::Keep => Goal::LeftAlone(Afterwards::EndLink),
    }
}

/// A link that was purge-waiting is only taken when its time has come; taking it marks it in
/// flight, so what is left of that state is that it has reached its generation.
fn was_purge_waiting(work: &LinkWork) -> bool {
    matches!(
        work.link.state,
        LinkState::PurgeWaiting | LinkState::InFlight
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Afterwards, Goal, decide};
    use crate::delivery::settings::{AppliancePolicy, Removal};
    use crate::delivery::tests::policy;
    use crate::scim::ResourceKind;
    use crate::store::{
        AccountState, Link, LinkProgress, LinkState, LinkWork, Relations, StoredResource, Tombstone,
    };

    fn purging() -> AppliancePolicy {
        AppliancePolicy {
            on_delete: Removal::Disable,
            purge_after: Some(Duration::from_secs(86_400)),
            ..policy()
        }
    }

    /// A user with an account; taken, as every link is that a goal is decided for.
    fn user(state: AccountState) -> LinkWork {
        LinkWork {
            link: Link {
                id: 1,
                appliance: "nas".to_owned(),
                directory: "default".to_owned(),
                kind: ResourceKind::User,
                resource_id: "u1".to_owned(),
                desired_generation: 5,
                applied_generation: 4,
                state: LinkState::InFlight,
                priority: 0,
                attempts: 0,
                next_attempt_ms: 0,
                since_ms: 0,
                progress: LinkProgress {
                    remote_id: Some("7".to_owned()),
                    account_state: state,
                    ..LinkProgress::default()
                },
                error: None,
                request_ids: Vec::new(),
            },
            resource: Some(StoredResource {
                sequence: 1,
                directory: "default".to_owned(),
                kind: ResourceKind::User,
                id: "u1".to_owned(),
                version: 1,
                created_ms: 0,
                modified_ms: 0,
                activations: 0,
                document: "{}".to_owned(),
                relations: Relations::default(),
            }),
            tombstone: None,
            groups: Vec::new(),
            members: Vec::new(),
            password: None,
            claims: Vec::new(),
        }
    }

    fn deleted(state: AccountState) -> LinkWork {
        LinkWork {
            resource: None,
            tombstone: Some(Tombstone {
                document: "{}".to_owned(),
                external_id: None,
                deleted_ms: 0,
            }),
            ..user(state)
        }
    }

    #[test]
    fn a_leaver_who_was_disabled_long_ago_is_purged_after_the_delay_all_the_same() {
        let mut work = deleted(AccountState::Disabled);
        assert_eq!(
            decide(&work, &purging(), false, false),
            Goal::Disabled(Afterwards::Purge),
            "the delay begins with the deletion"
        );
        work.link.applied_generation = work.link.desired_generation;
        assert_eq!(
            decide(&work, &purging(), false, false),
            Goal::Deleted(Afterwards::EndLink),
            "its time has come"
        );
    }

    #[test]
    fn without_a_delay_nothing_is_ever_purged() {
        let mut work = deleted(AccountState::Disabled);
        work.link.applied_generation = work.link.desired_generation;
        let keeping = AppliancePolicy {
            purge_after: None,
            ..purging()
        };
        assert_eq!(
            decide(&work, &keeping, false, false),
            Goal::Disabled(Afterwards::KeepLink)
        );
    }

    #[test]
    fn who_never_had_an_account_leaves_no_link() {
        for mut work in [user(AccountState::Absent), deleted(AccountState::Absent)] {
            work.link.progress.remote_id = None;
            let goal = decide(&work, &policy(), false, true);
            assert_eq!(goal, Goal::LeftAlone(Afterwards::EndLink));
            // One that may exist is looked for first.
            work.link.progress.uncertain = true;
            let goal = decide(&work, &policy(), false, true);
            assert_ne!(goal, Goal::LeftAlone(Afterwards::EndLink));
        }
    }

    #[test]
    fn an_inactive_user_gets_no_account_and_keeps_one() {
        let mut work = user(AccountState::Active);
        assert_eq!(
            decide(&work, &policy(), true, false),
            Goal::Present { follow_state: true }
        );
        work.link.progress.remote_id = None;
        assert_eq!(decide(&work, &policy(), true, false), Goal::Absent);
    }
}
