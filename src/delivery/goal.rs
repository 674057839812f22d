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
