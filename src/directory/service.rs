//! The directory: what every operation needs, and the operations that read one resource.

use std::sync::Arc;

use super::additions::{EntityTag, Location};
use super::error::DirectoryError;
use super::ports::Ports;
use super::render::{self, Rendering};
use super::settings::DirectorySettings;
use crate::scim::query::Projection;
use crate::scim::schema::SchemaSet;
use crate::scim::{ErrorKind, Preconditions, ResourceKind, ScimError, Tolerated};
use crate::store::{Store, StoredResource, WriteContext};

/// How often a change is computed again because another one came first.
pub(super) const ATTEMPTS: u32 = 5;

/// Who asks, and how the answer is to be addressed.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    /// The name of the credential, for the audit trail.
    pub actor: &'a str,
    /// The id of the request.
    pub request_id: &'a str,
    /// The URL of the endpoint as the client sees it, such as `https://host/scim/v2`.
    pub base_url: &'a str,
}

/// A resource, ready to be sent.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The resource as JSON text, projected as asked for. `None` after a GET if the client has this
    /// version already. `None` after a PATCH where the settings
    /// say so, or where the members of a large group would be all that is in it (RFC 7644 §3.5.2
    /// lets the server choose).
    pub body: Option<String>,
    /// Its id.
    pub id: String,
    /// Its URL; the same as `meta.location`.
    pub location: String,
    /// Its weak entity tag; the same as `meta.version`.
    pub entity_tag: String,
    /// What was understood although the RFCs do not ask for it.
    pub tolerated: Tolerated,
}

/// One identity provider's name space of users and groups.
pub struct Directory {
    pub(super) settings: DirectorySettings,
    pub(super) store: Arc<dyn Store>,
    pub(super) ports: Ports,
    pub(super) schemas: Arc<SchemaSet>,
}

impl Directory {
    /// A directory on a store.
    pub fn new(settings: DirectorySettings, store: Arc<dyn Store>, ports: Ports) -> Self {
        Self {
            schemas: Arc::clone(&settings.schemas),
            settings,
            store,
            ports,
        }
    }

    /// What the configuration says of it.
    pub fn settings(&self) -> &DirectorySettings {
        &self.settings
    }

    /// Whether a password that a client sends reaches an appliance.
    pub fn keeps_passwords(&self) -> bool {
        let targets = self.ports.targets.password_targets(&self.settings.name);
        self.ports.sealer.is_some() && !targets.is_empty()
    }

    /// Reads a resource (RFC 7644 §3.4.1).
    ///
    /// # Errors
    /// `NotFound`, `PreconditionFailed`, or a failure of the store.
    pub async fn get(
        &self,
        kind: ResourceKind,
        id: &str,
        projection: &Projection,
        preconditions: &Preconditions,
        caller: Caller<'_>,
    ) -> Result<Answer, DirectoryError> {
        // Who asks under a condition mostly has the version already: thousands of members can wait.
        // A user's groups are few, and part of the question.
        let expand = render::wants_relations(kind, projection);
        let at_once = expand && (kind == ResourceKind::User || preconditions.is_empty());
        let mut resource = self.required(kind, id, at_once).await?;
        preconditions.judge_read(resource.version)?;
        if preconditions.is_known(EntityTag::of(&resource).0) {
            return Ok(self.answer_without_body(&resource, caller, Tolerated::default()));
        }
        if expand && !at_once {
            resource = self.required(kind, id, true).await?;
        }
        self.answer(&resource, projection, caller, false, Tolerated::default())
    }

    /// The resource, or `NotFound`.
    pub(super) async fn required(
        &self,
        kind: ResourceKind,
        id: &str,
        expand: bool,
    ) -> Result<StoredResource, DirectoryError> {
        self.store
            .resource(&self.settings.name, kind, id, expand)
            .await?
            .ok_or_else(|| not_found(kind, id))
    }

    pub(super) fn answer(
        &self,
        resource: &StoredResource,
        projection: &Projection,
        caller: Caller<'_>,
        empty_members: bool,
        tolerated: Tolerated,
    ) -> Result<Answer, DirectoryError> {
        let body = render::render(
            resource,
            Rendering {
                base: caller.base_url,
                projection,
                schemas: &self.schemas,
                empty_members,
            },
        )?;
        Ok(Answer {
            body: Some(body),
            ..self.answer_without_body(resource, caller, tolerated)
        })
    }

    pub(super) fn answer_without_body(
        &self,
        resource: &StoredResource,
        caller: Caller<'_>,
        tolerated: Tolerated,
    ) -> Answer {
        Answer {
            body: None,
            id: resource.id.clone(),
            location: Location::of(resource, caller.base_url).to_string(),
            entity_tag: EntityTag::of(resource).0.to_string(),
            tolerated,
        }
    }

    pub(super) fn context(&self, caller: Caller<'_>) -> WriteContext {
        WriteContext {
            request_id: caller.request_id.to_owned(),
            actor: caller.actor.to_owned(),
            now_ms: self.ports.clock.now_ms(),
        }
    }
}

pub(super) fn contended(kind: ResourceKind, id: &str) -> DirectoryError {
    DirectoryError::Contended {
        kind: kind.as_str(),
        id: id.to_owned(),
    }
}

pub(super) fn not_found(kind: ResourceKind, id: &str) -> DirectoryError {
    // An id is the client's text: long ones are cut, so that an answer stays readable.
    let shown: String = id.chars().take(100).collect();
    ScimError::new(
        ErrorKind::NotFound,
        format!("there is no {kind} with id {shown:?}; it may have been deleted"),
    )
    .into()
}
