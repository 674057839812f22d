//! Changing resources: PUT and PATCH.
//!
//! A new document is computed from the version that was read and written only if that version
//! still stands; otherwise it is computed again. Member changes are deltas, which commute, so a
//! change of members alone needs no version.

use serde_json::{Map, Value};

use super::error::DirectoryError;
use super::keys::{index_keys, is_active};
use super::members::{deltas, may_empty, needs_present_members, new_members};
use super::render::{self, parse_document};
use super::service::{ATTEMPTS, Answer, Caller, Directory, contended, not_found};
use super::write::{SealedFor, name_taken, with_id};
use crate::scim::patch::Patched;
use crate::scim::query::Projection;
use crate::scim::resource::{Incoming, check_change, keep_immutable};
use crate::scim::{Preconditions, ResourceKind};
use crate::store::{MemberDelta, StoredResource, UpdateOutcome, UpdateResource};

/// A group with more members than this is not sent back after each PATCH.
const LARGE_GROUP: u32 = 100;

/// A change, computed from one version of a resource.
struct Change {
    /// The document as it will be.
    document: Map<String, Value>,
    /// Whether it differs from the one that was read.
    document_changed: bool,
    /// Member changes.
    members: Vec<MemberDelta>,
    /// Whether the change holds of the version that was read only, although it changes nothing but
    /// members: they were looked at, or the client named the version (RFC 7644 §3.14).
    version_matters: bool,
    /// Whether `active` goes from false to true.
    activated: bool,
    /// A sealed password and who gets it.
    password: Option<SealedFor>,
}

/// What became of a change.
enum Written {
    /// The store has it; `true` if anything differed.
    Done(Box<StoredResource>, bool),
    /// Another change came first.
    Overtaken,
}

impl Directory {
    /// Replaces a resource (RFC 7644 §3.5.1): what is left out is cleared, a group's members too.
    /// A user whose `active` is left out stays as it is: leaving it out is no wish to switch
    /// somebody off.
    ///
    /// # Errors
    /// A refusal that names the attribute, `NotFound`, `PreconditionFailed`, `Uniqueness`, or a
    /// failure of the store.
    pub async fn replace(
        &self,
        kind: ResourceKind,
        id: &str,
        body: Value,
        projection: &Projection,
        preconditions: &Preconditions,
        caller: Caller<'_>,
    ) -> Result<Answer, DirectoryError> {
        let incoming = self.read(kind, body)?;
        for _ in 0..ATTEMPTS {
            let current = self.required(kind, id, false).await?;
            preconditions.judge_write(current.version)?;
            let mut change = self.replacement(&current, &incoming)?;
            change.version_matters = !preconditions.is_empty();
            let emptied = may_empty(&change.members);
            if let Written::Done(resource, changed) = self.write(&current, change, caller).await? {
                let resource = self.with_relations(resource, projection).await?;
                return self.answer(
                    &resource,
                    projection,
                    caller,
                    emptied && changed,
                    incoming.tolerated,
                );
            }
        }
        Err(contended(kind, id))
    }

    /// Patches a resource (RFC 7644 §3.5.2), all or nothing. The request itself is judged before
    /// the resource is looked up.
    ///
    /// # Errors
    /// A refusal that names the operation, `NotFound`, `PreconditionFailed`, `Uniqueness`, or a
    /// failure of the store.
    pub async fn patch(
        &self,
        kind: ResourceKind,
        id: &str,
        body: &Value,
        projection: &Projection,
        preconditions: &Preconditions,
        caller: Caller<'_>,
    ) -> Result<Answer, DirectoryError> {
        let request = self.read_patch(kind, body)?;
        let mut with_members = false;
        for _ in 0..ATTEMPTS {
            let current = self.required(kind, id, with_members).await?;
            preconditions.judge_write(current.version)?;
            let before = parse_document(&current)?;
            let patched = request.apply(&before)?;
            check_change(kind, &before, &patched.document, &self.schemas)?;
            if !with_members && needs_present_members(&patched.members) {
                with_members = true;
                continue;
            }
            let tolerated = patched.tolerated.clone();
            let mut change = self.patched(&current, &before, patched, caller)?;
            change.version_matters |= !preconditions.is_empty();
            let emptied = may_empty(&change.members);
            if let Written::Done(resource, changed) = self.write(&current, change, caller).await? {
                if self.leaves_body_out(kind, id, projection).await? {
                    return Ok(self.answer_without_body(&resource, caller, tolerated));
                }
                let resource = self.with_relations(resource, projection).await?;
                return self.answer(&resource, projection, caller, emptied && changed, tolerated);
            }
        }
        Err(contended(kind, id))
    }

    /// Whether a PATCH is answered without the resource. One that adds a member to a group of
    /// thousands would otherwise spend nearly all of its time on listing the others.
    async fn leaves_body_out(
        &self,
        kind: ResourceKind,
        id: &str,
        projection: &Projection,
    ) -> Result<bool, DirectoryError> {
        // RFC 7644 §3.5.2: who names attributes gets a body.
        if !projection.is_everything() {
            return Ok(false);
        }
        if self.settings.patch_no_content || kind == ResourceKind::User {
            return Ok(self.settings.patch_no_content);
        }
        Ok(self
            .store
            .has_more_members_than(&self.settings.name, id, LARGE_GROUP)
            .await?)
    }

    fn replacement(
        &self,
        current: &StoredResource,
        incoming: &Incoming,
    ) -> Result<Change, DirectoryError> {
        let before = parse_document(current)?;
        let mut document = with_id(incoming.document.clone(), &current.id);
        if !incoming.active_given
            && let Some(active) = before.get("active")
        {
            document.insert("active".to_owned(), active.clone());
        }
        keep_immutable(current.kind, &before, &mut document, &self.schemas);
        check_change(current.kind, &before, &document, &self.schemas)?;
        let members = match current.kind {
            ResourceKind::User => Vec::new(),
            ResourceKind::Group => {
                let wanted = incoming.members.clone().unwrap_or_default();
                vec![MemberDelta::Replace(new_members(wanted))]
            }
        };
        Ok(Change {
            document_changed: document != before,
            activated: is_activation(current.kind, &before, &document),
            password: self.seal(&current.id, incoming.password.as_ref())?,
            document,
            members,
            version_matters: false,
        })
    }

    fn patched(
        &self,
        current: &StoredResource,
        before: &Map<String, Value>,
        patched: Patched,
        caller: Caller<'_>,
    ) -> Result<Change, DirectoryError> {
        let version_matters = needs_present_members(&patched.members);
        let document = with_id(patched.document, &current.id);
        Ok(Change {
            document_changed: patched.changed,
            activated: is_activation(current.kind, before, &document),
            password: self.seal(&current.id, patched.password.as_ref())?,
            members: deltas(
                patched.members,
                &current.relations.members,
                &self.schemas,
                caller.base_url,
            ),
            document,
            version_matters,
        })
    }

    /// Hands a change to the store, unless there is nothing to be written.
    async fn write(
        &self,
        current: &StoredResource,
        change: Change,
        caller: Caller<'_>,
    ) -> Result<Written, DirectoryError> {
        if !change.document_changed && change.members.is_empty() && change.password.is_none() {
            return Ok(Written::Done(Box::new(current.clone()), false));
        }
        let (kind, id) = (current.kind, &current.id);
        let groups = self.groups_for_targets(kind, id).await?;
        let computed = change.document_changed || change.version_matters;
        let keys = index_keys(kind, &change.document, self.settings.unique_group_names);
        let document = match change.document_changed {
            true => Some((render::text_of(id, &change.document)?, keys)),
            false => None,
        };
        let command = UpdateResource {
            context: self.context(caller),
            directory: self.settings.name.clone(),
            kind,
            id: id.clone(),
            expected_version: computed.then_some(current.version),
            targets: self.targets(kind, &change.document, &groups),
            document,
            members: change.members,
            activated: change.activated,
            password: change.password,
            match_parked_by_name: self.settings.match_parked_by_user_name,
        };
        match self.store.update_resource(command).await? {
            UpdateOutcome::Updated { changed, resource } => {
                self.ports.targets.wake();
                Ok(Written::Done(resource, changed))
            }
            UpdateOutcome::VersionMismatch => Ok(Written::Overtaken),
            UpdateOutcome::NameTaken(holder) => Err(name_taken(kind, &change.document, &holder)),
            UpdateOutcome::NotFound => Err(not_found(kind, id)),
        }
    }

    /// The resource with its groups or members, if the answer shows them.
    async fn with_relations(
        &self,
        resource: Box<StoredResource>,
        projection: &Projection,
    ) -> Result<StoredResource, DirectoryError> {
        if render::wants_relations(resource.kind, projection) {
            self.required(resource.kind, &resource.id, true).await
        } else {
            Ok(*resource)
        }
    }
}

fn is_activation(
    kind: ResourceKind,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
) -> bool {
    kind == ResourceKind::User && !is_active(before) && is_active(after)
}
