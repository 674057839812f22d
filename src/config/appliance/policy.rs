//! What an appliance gets and what may be done to it.

use std::time::Duration;

use super::scope::scope;
use crate::config::delivery::days;
use crate::config::errors::Findings;
use crate::config::file;
use crate::config::listeners::at_least_one;
use crate::config::places::KeyPath;
use crate::delivery::{
    AppliancePolicy, CollisionPolicy, GuardSettings, PasswordPolicy, Removal, RenamePolicy,
};
use crate::directory::DirectorySettings;
use crate::scim::ResourceKind;
use crate::scim::schema::SchemaSet;

/// The policies of an appliance.
pub(super) fn policy(
    appliance: &file::Appliance,
    served: &[&DirectorySettings],
    schemas: &SchemaSet,
    path: &KeyPath,
    findings: &mut Findings,
) -> AppliancePolicy {
    AppliancePolicy {
        directories: served.iter().map(|one| one.name.clone()).collect(),
        users: scope(
            &appliance.users,
            ResourceKind::User,
            schemas,
            &path.key("users"),
            findings,
        ),
        groups: scope(
            &appliance.groups,
            ResourceKind::Group,
            schemas,
            &path.key("groups"),
            findings,
        ),
        on_deactivate: removal(appliance.on_deactivate),
        on_leave_scope: removal(appliance.on_leave_scope),
        on_delete: removal(appliance.on_delete),
        purge_after: purge_after(appliance, path, findings),
        create_inactive: appliance.create_inactive,
        on_collision: match appliance.on_collision {
            file::OnCollision::Refuse => CollisionPolicy::Refuse,
            file::OnCollision::Suffix => CollisionPolicy::Suffix,
        },
        on_rename: on_rename(appliance, path, findings),
        password: match appliance.account_password {
            file::AccountPassword::Generate => PasswordPolicy::Generate,
            file::AccountPassword::Sync => PasswordPolicy::Sync,
            file::AccountPassword::None => PasswordPolicy::None,
        },
        authoritative_members: appliance.members == file::Members::Authoritative,
        bind_groups: appliance.bind_groups.clone(),
        guard: guard(appliance.guard, &path.key("guard"), findings),
    }
}

/// An account that is made anew must not leave one behind that its person can still use.
fn on_rename(appliance: &file::Appliance, path: &KeyPath, findings: &mut Findings) -> RenamePolicy {
    match appliance.on_rename {
        file::OnRename::Refuse => RenamePolicy::Refuse,
        file::OnRename::Recreate => {
            if appliance.on_delete == file::Removal::Keep {
                findings.error(
                    &path.key("on_rename"),
                    "with on_delete = \"keep\" the account under the former name would stay in use",
                    "set on_delete = \"delete\" or \"disable\", or on_rename = \"refuse\"",
                );
            }
            RenamePolicy::Recreate
        }
    }
}

fn removal(removal: file::Removal) -> Removal {
    match removal {
        file::Removal::Disable => Removal::Disable,
        file::Removal::Delete => Removal::Delete,
        file::Removal::Keep => Removal::Keep,
    }
}

fn purge_after(
    appliance: &file::Appliance,
    path: &KeyPath,
    findings: &mut Findings,
) -> Option<Duration> {
    let after = appliance.purge_after_days?;
    let key = path.key("purge_after_days");
    if appliance.on_delete != file::Removal::Disable {
        findings.error(
            &key,
            "only disabled accounts wait to be purged",
            "set on_delete = \"disable\", or take purge_after_days out",
        );
    }
    at_least_one(after, &key, findings);
    Some(days(after))
}

fn guard(guard: file::Guard, path: &KeyPath, findings: &mut Findings) -> GuardSettings {
    at_least_one(guard.window_minutes, &path.key("window_minutes"), findings);
    for (key, percent) in [
        ("max_deletes_percent", guard.max_deletes_percent),
        ("max_disables_percent", guard.max_disables_percent),
    ] {
        if percent > 100 {
            findings.error(
                &path.key(key),
                format!("{percent} is more than all accounts"),
                "write a share in per cent, from 0 to 100",
            );
        }
    }
    GuardSettings {
        window: Duration::from_secs(u64::from(guard.window_minutes) * 60),
        max_deletes: guard.max_deletes,
        max_deletes_percent: guard.max_deletes_percent,
        max_disables: guard.max_disables,
        max_disables_percent: guard.max_disables_percent,
    }
}
