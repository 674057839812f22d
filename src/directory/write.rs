//! Creating and deleting resources, and what all writes have in common.

use secrecy::SecretString;
use serde_json::{Map, Value};

use super::error::DirectoryError;
use super::keys::{index_keys, text, unique_attribute};
use super::members::new_members;
use super::render;
use super::service::{ATTEMPTS, Answer, Caller, Directory, contended, not_found};
use crate::scim::query::Projection;
use crate::scim::{ErrorKind, Preconditions, ResourceKind, ScimError};
use crate::store::{
    CreateOutcome, CreateResource, DeleteOutcome, DeleteResource, GroupReference, Targets,
};

/// A sealed password and the appliances that are to get it.
pub(super) type SealedFor = (Vec<u8>, Vec<String>);

impl Directory {
    /// Creates a resource (RFC 7644 §3.3). Members that the directory does not know are parked
    /// until it does.
    ///
    /// # Errors
    /// A refusal that names the attribute, `Uniqueness`, or a failure of the store.
    pub async fn create(
        &self,
        kind: ResourceKind,
        body: Value,
        projection: &Projection,
        caller: Caller<'_>,
    ) -> Result<Answer, DirectoryError> {
        let incoming = self.read(kind, body)?;
        let id = self.ports.ids.next_id();
        let document = with_id(incoming.document, &id);
        let members = new_members(incoming.members.unwrap_or_default());
        self.check_members(&members).await?;
        let has_members = !members.is_empty();
        let password = self.seal(&id, incoming.password.as_ref())?;
        let outcome = self
            .store
            .create_resource(CreateResource {
                context: self.context(caller),
                directory: self.settings.name.clone(),
                kind,
                keys: index_keys(kind, &document, self.settings.unique_group_names),
                targets: self.targets(kind, &document, &[]),
                document: render::text_of(&id, &document)?,
                members,
                password,
                match_parked_by_name: self.settings.match_parked_by_user_name,
                id: id.clone(),
            })
            .await?;
        let created = match outcome {
            CreateOutcome::Created(created) => created,
            CreateOutcome::NameTaken(holder) => return Err(name_taken(kind, &document, &holder)),
        };
        self.ports.targets.wake();
        // A new user is in a group only if one had parked it, which the next GET shows: reading
        // again would cost every creation for that one.
        let resource = if has_members && render::wants_relations(kind, projection) {
            self.required(kind, &id, true).await?
        } else {
            *created
        };
        self.answer(&resource, projection, caller, false, incoming.tolerated)
    }

    /// Deletes a resource (RFC 7644 §3.6): its name is free at once, and it leaves its groups.
    ///
    /// # Errors
    /// `NotFound`, `PreconditionFailed`, or a failure of the store.
    pub async fn delete(
        &self,
        kind: ResourceKind,
        id: &str,
        preconditions: &Preconditions,
        caller: Caller<'_>,
    ) -> Result<(), DirectoryError> {
        for _ in 0..ATTEMPTS {
            let mut expected_version = None;
            if !preconditions.is_empty() {
                let version = self.required(kind, id, false).await?.version;
                preconditions.judge_write(version)?;
                expected_version = Some(version);
            }
            match self
                .delete_version(kind, id, expected_version, caller)
                .await?
            {
                DeleteOutcome::Deleted => return Ok(()),
                DeleteOutcome::NotFound => return Err(not_found(kind, id)),
                // Judged again: `*` still holds of another version, a version named does not.
                DeleteOutcome::VersionMismatch => {}
            }
        }
        Err(contended(kind, id))
    }

    async fn delete_version(
        &self,
        kind: ResourceKind,
        id: &str,
        expected_version: Option<i64>,
        caller: Caller<'_>,
    ) -> Result<DeleteOutcome, DirectoryError> {
        let members = match kind {
            ResourceKind::User => Vec::new(),
            ResourceKind::Group => self.ports.targets.reads_groups(&self.settings.name),
        };
        let outcome = self
            .store
            .delete_resource(DeleteResource {
                context: self.context(caller),
                directory: self.settings.name.clone(),
                kind,
                id: id.to_owned(),
                expected_version,
                targets: Targets {
                    ensure: Vec::new(),
                    members,
                },
            })
            .await?;
        if outcome == DeleteOutcome::Deleted {
            self.ports.targets.wake();
        }
        Ok(outcome)
    }

    /// Which appliances a write concerns.
    pub(super) fn targets(
        &self,
        kind: ResourceKind,
        document: &Map<String, Value>,
        groups: &[GroupReference],
    ) -> Targets {
        let directory = &self.settings.name;
        Targets {
            ensure: self.ports.targets.ensure(directory, kind, document, groups),
            // For users too: a new name may answer a parked member, and then the user joins.
            members: self.ports.targets.reads_groups(directory),
        }
    }

    /// The groups of a user, if any appliance cares for them.
    pub(super) async fn groups_for_targets(
        &self,
        kind: ResourceKind,
        id: &str,
    ) -> Result<Vec<GroupReference>, DirectoryError> {
        let directory = &self.settings.name;
        if kind == ResourceKind::Group || self.ports.targets.reads_groups(directory).is_empty() {
            return Ok(Vec::new());
        }
        Ok(self.store.effective_groups(directory, id).await?)
    }

    /// Seals a password for the appliances that want it; where none does it is discarded.
    pub(super) fn seal(
        &self,
        id: &str,
        password: Option<&SecretString>,
    ) -> Result<Option<SealedFor>, DirectoryError> {
        let (Some(password), Some(sealer)) = (password, &self.ports.sealer) else {
            return Ok(None);
        };
        let wanting = self.ports.targets.password_targets(&self.settings.name);
        if wanting.is_empty() {
            return Ok(None);
        }
        Ok(Some((sealer.seal(id, password)?, wanting)))
    }
}

/// The document as it is stored: `schemas` and `id` first, as people expect to read them.
pub(super) fn with_id(mut document: Map<String, Value>, id: &str) -> Map<String, Value> {
    document.shift_remove("id");
    let schemas = document.shift_remove("schemas");
    document.shift_insert(0, "id".to_owned(), Value::String(id.to_owned()));
    if let Some(schemas) = schemas {
        document.shift_insert(0, "schemas".to_owned(), schemas);
    }
    document
}

/// RFC 7644 §3.3: 409 with `uniqueness`. Identity providers then look the resource up and adopt
/// it; its id is for the administrator who reads the message.
pub(super) fn name_taken(
    kind: ResourceKind,
    document: &Map<String, Value>,
    holder: &str,
) -> DirectoryError {
    let attribute = unique_attribute(kind);
    let value = text(document, attribute).unwrap_or_default();
    ScimError::new(
        ErrorKind::Uniqueness,
        format!("{attribute} {value:?} is taken by the {kind} with id {holder:?}; change that one, or delete it first"),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::with_id;

    #[test]
    fn schemas_and_id_come_first_and_a_client_cannot_choose_the_id() {
        let sent = json!({"userName": "x", "id": "mine", "schemas": ["urn:a"]});
        let stored = with_id(sent.as_object().cloned().unwrap(), "ours");
        assert_eq!(
            Value::Object(stored).to_string(),
            r#"{"schemas":["urn:a"],"id":"ours","userName":"x"}"#
        );
    }
}
