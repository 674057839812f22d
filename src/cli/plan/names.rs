//! Names that somebody else has, as far as the bridge's database knows: which one the person gets.

use std::collections::BTreeSet;
use std::path::Path;

use super::draft::{Draft, Outcome};
use super::subject::PlannedResource;
use crate::delivery::naming::{Candidate, candidates, own_suffix};
use crate::delivery::{CollisionPolicy, Target};
use crate::store::sqlite::SqliteStore;
use crate::store::{ClaimHolder, Store as _};
use crate::vendor::ObjectProfile;

/// The claims of the database, if there is one yet.
pub(super) struct Names {
    store: Option<SqliteStore>,
}

impl Names {
    /// Opens the database beside a running daemon, or without one.
    pub(super) fn read(database: &Path) -> Self {
        Self {
            store: SqliteStore::open_read_only(database).ok(),
        }
    }

    /// Gives the draft the name that the person would get. `taken` are names that turned out to be
    /// somebody else's on the appliance itself.
    pub(super) async fn settle(
        &self,
        target: &Target,
        resource: &PlannedResource,
        draft: &mut Draft,
        taken: &BTreeSet<String>,
    ) {
        let spoken = target.connection.profile();
        let Some(object) = spoken.object(resource.kind) else {
            return;
        };
        let Some(base) = draft.base.clone() else {
            return;
        };
        let own = self.own_suffix(target, object, resource, &base).await;
        let suffixes = target.policy.on_collision == CollisionPolicy::Suffix;
        let mut reason = None;
        for candidate in candidates(object, &base, own, suffixes) {
            if taken.contains(&candidate.key) {
                reason.get_or_insert_with(|| {
                    format!("{:?} is somebody else's account there", candidate.key)
                });
                continue;
            }
            if object.is_protected_key(&candidate.key) && suffixes {
                reason.get_or_insert_with(|| format!("{:?} is a protected account", candidate.key));
                continue;
            }
            let holder = match draft.outcome {
                Outcome::Create => self.holder(target, object, resource, &candidate).await,
                // The person has an account, or gets none: nobody else's name is in the way.
                _ => None,
            };
            if let Some(holder) = holder {
                let whose = format!(
                    "{:?} is the account of resource {}",
                    candidate.key, holder.resource_id
                );
                if !suffixes {
                    draft.end(
                        Outcome::Held,
                        format!(
                            "{whose} and waits until that one lets go of it; on_collision = \
                             \"suffix\" would number it"
                        ),
                    );
                    return;
                }
                reason.get_or_insert(whose);
                continue;
            }
            draft.call_it(object, &candidate, reason);
            return;
        }
    }

    async fn own_suffix(
        &self,
        target: &Target,
        object: &ObjectProfile,
        resource: &PlannedResource,
        base: &str,
    ) -> Option<u32> {
        let store = self.store.as_ref()?;
        let id = resource.known_id()?;
        let claims = store.resource_claims(target.name(), id).await.ok()?;
        own_suffix(object, &claims, base)
    }

    /// Who has the name, unless it is the person.
    async fn holder(
        &self,
        target: &Target,
        object: &ObjectProfile,
        resource: &PlannedResource,
        candidate: &Candidate,
    ) -> Option<ClaimHolder> {
        let store = self.store.as_ref()?;
        let key = object.fold_key(&candidate.key);
        store
            .key_holder(target.name(), object.namespace(), &key)
            .await
            .ok()?
            .filter(|holder| resource.known_id() != Some(holder.resource_id.as_str()))
    }
}
