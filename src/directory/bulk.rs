//! Bulk requests (RFC 7644 §3.7).
//!
//! Each operation is a change of its own, durable when its result is known; there is no taking
//! back. What went before an operation that fails stands.

use std::collections::HashMap;

use futures_util::stream::{self, StreamExt as _};
use serde_json::{Value, json};

use super::additions::Location;
use super::error::DirectoryError;
use super::service::{Answer, Caller, Directory};
use crate::scim::bulk::{
    Action, BulkRequest, Operation, Postponed, Step, Target, order, postpone, references, resolve,
};
use crate::scim::query::Projection;
use crate::scim::{ErrorKind, Preconditions, ScimError, Tolerated};

/// How many resources are created beside each other.
const WAVE: usize = 64;

/// What became of a bulk request.
#[derive(Debug)]
pub struct BulkAnswer {
    /// What became of the operations that were tried, in the order of the request.
    pub results: Vec<BulkResult>,
    /// What was understood although the RFCs do not ask for it.
    pub tolerated: Tolerated,
}

/// What became of one operation.
#[derive(Debug)]
pub struct BulkResult {
    /// Its method in capitals.
    pub method: String,
    /// Its `bulkId`.
    pub bulk_id: Option<String>,
    /// The URL of the resource; `None` where an operation failed to create one.
    pub location: Option<String>,
    /// What was done, or why it was not.
    pub outcome: Result<BulkDone, DirectoryError>,
}

/// A successful operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BulkDone {
    /// There is a new resource.
    Created {
        /// Its entity tag.
        version: String,
    },
    /// A resource is as asked for.
    Changed {
        /// Its entity tag.
        version: String,
    },
    /// A resource is gone.
    Deleted,
}

/// A bulk request at work.
struct Bulk<'a> {
    directory: &'a Directory,
    caller: Caller<'a>,
    /// Resources are not sent back, so nothing but their ids is read.
    projection: Projection,
    operations: Vec<Option<Operation>>,
    results: Vec<Option<BulkResult>>,
    /// The ids of the resources that were created, by `bulkId`.
    ids: HashMap<String, String>,
    /// What is left to be added, by operation, with the resource that it belongs to.
    postponed: HashMap<usize, (Target, Vec<Postponed>)>,
    tolerated: Tolerated,
    errors_left: Option<u64>,
}

impl Directory {
    /// Does the operations of a bulk request, each after those that it refers to, until
    /// `failOnErrors` of them have failed.
    pub async fn bulk(&self, request: BulkRequest, caller: Caller<'_>) -> BulkAnswer {
        let steps = order(&request.operations);
        let mut bulk = Bulk {
            directory: self,
            caller,
            projection: Projection::only_id(),
            results: request.operations.iter().map(|_| None).collect(),
            operations: request.operations.into_iter().map(Some).collect(),
            ids: HashMap::new(),
            postponed: HashMap::new(),
            tolerated: Tolerated::default(),
            errors_left: request.fail_on_errors,
        };
        let mut wave = Vec::new();
        for step in steps {
            if wave.len() >= WAVE || !bulk.can_join(&step) {
                bulk.create_all(std::mem::take(&mut wave)).await;
            }
            match step {
                // Asked again: what it refers to may have been in the wave.
                Step::Run { operation, .. } if bulk.can_join(&step) => wave.push(operation),
                Step::Run { operation, without } => bulk.run(operation, &without).await,
                Step::Complete { operation } => bulk.complete(operation).await,
            }
        }
        bulk.create_all(wave).await;
        BulkAnswer {
            results: bulk.results.into_iter().flatten().collect(),
            tolerated: bulk.tolerated,
        }
    }
}

impl Bulk<'_> {
    /// Whether an operation creates a resource and depends on nothing that is still to be done. A
    /// limit of errors wants one operation after the other.
    fn can_join(&self, step: &Step) -> bool {
        let Step::Run { operation, without } = step else {
            return false;
        };
        let operation = self.operations.get(*operation).and_then(Option::as_ref);
        let Some(Ok(action)) = operation.map(|operation| &operation.action) else {
            return false;
        };
        self.errors_left.is_none()
            && without.is_empty()
            && matches!(action, Action::Create { .. })
            && references(action)
                .iter()
                .all(|name| self.ids.contains_key(*name))
    }

    /// Creates resources beside each other, so that they share commits. They reach the store in the
    /// order of the request: of two with one name the first gets it.
    async fn create_all(&mut self, positions: Vec<usize>) {
        let mut creations = Vec::with_capacity(positions.len());
        for position in positions {
            let taken = self.operations.get_mut(position).and_then(Option::take);
            let Some(Operation {
                method,
                bulk_id,
                action: Ok(mut action),
            }) = taken
            else {
                continue;
            };
            resolve(&mut action, &self.ids);
            if let Action::Create { kind, data } = action {
                creations.push((position, method, bulk_id, kind, data));
            }
        }
        let (directory, projection, caller) = (self.directory, &self.projection, self.caller);
        let creating =
            stream::iter(creations).map(|(position, method, bulk_id, kind, data)| async move {
                let outcome = directory.create(kind, data, projection, caller).await;
                (position, method, bulk_id, outcome)
            });
        let created: Vec<_> = creating.buffered(WAVE).collect().await;
        for (position, method, bulk_id, outcome) in created {
            let mut location = None;
            let outcome = outcome.map(|answer| {
                self.tolerated += &answer.tolerated;
                if let Some(name) = &bulk_id {
                    self.ids.insert(name.clone(), answer.id);
                }
                location = Some(answer.location);
                BulkDone::Created {
                    version: answer.entity_tag,
                }
            });
            self.settle(
                position,
                BulkResult {
                    method,
                    bulk_id,
                    location,
                    outcome,
                },
            );
        }
    }

    /// Does an operation, unless enough have failed already.
    async fn run(&mut self, position: usize, without: &[String]) {
        if self.errors_left == Some(0) {
            return;
        }
        let Some(operation) = self.operations.get_mut(position).and_then(Option::take) else {
            return;
        };
        let Operation {
            method,
            bulk_id,
            action,
        } = operation;
        let mut location = None;
        let outcome = match action.map_err(DirectoryError::from) {
            Ok(action) => {
                let act = self.act(position, bulk_id.as_deref(), action, without, &mut location);
                act.await
            }
            Err(error) => Err(error),
        };
        self.settle(
            position,
            BulkResult {
                method,
                bulk_id,
                location,
                outcome,
            },
        );
    }

    async fn act(
        &mut self,
        position: usize,
        bulk_id: Option<&str>,
        mut action: Action,
        without: &[String],
        location: &mut Option<String>,
    ) -> Result<BulkDone, DirectoryError> {
        let later = match &mut action {
            Action::Create { data, .. } if !without.is_empty() => postpone(data, without),
            _ => Vec::new(),
        };
        resolve(&mut action, &self.ids);
        if let Some(target) = target_of(&action) {
            *location = Some(self.location(target));
        }
        if let Some(name) = references(&action).first() {
            return Err(unresolved(name));
        }
        let (directory, caller) = (self.directory, self.caller);
        match action {
            Action::Create { kind, data } => {
                let created = directory.create(kind, data, &self.projection, caller).await;
                let answer = self.count(created?);
                if let Some(name) = bulk_id {
                    self.ids.insert(name.to_owned(), answer.id.clone());
                }
                if !later.is_empty() {
                    let target = Target {
                        kind,
                        id: answer.id,
                        preconditions: Preconditions::NONE,
                    };
                    self.postponed.insert(position, (target, later));
                }
                *location = Some(answer.location);
                Ok(BulkDone::Created {
                    version: answer.entity_tag,
                })
            }
            Action::Replace { target, data } => {
                let Target {
                    kind,
                    id,
                    preconditions,
                } = target;
                let replacing =
                    directory.replace(kind, &id, data, &self.projection, &preconditions, caller);
                let version = self.count(replacing.await?).entity_tag;
                Ok(BulkDone::Changed { version })
            }
            Action::Patch { target, data } => {
                let version = self.patch(&target, &data).await?;
                Ok(BulkDone::Changed { version })
            }
            Action::Delete { target } => {
                let Target {
                    kind,
                    id,
                    preconditions,
                } = target;
                directory.delete(kind, &id, &preconditions, caller).await?;
                Ok(BulkDone::Deleted)
            }
        }
    }

    /// Adds what had to be left out of a resource when it was created. Happens also after enough
    /// operations have failed: what this one asks for is half done.
    async fn complete(&mut self, position: usize) {
        let Some((target, mut later)) = self.postponed.remove(&position) else {
            return;
        };
        later.iter_mut().for_each(|part| part.resolve(&self.ids));
        let (whole, dangling): (Vec<_>, Vec<_>) = later
            .into_iter()
            .partition(|part| part.references().is_empty());
        let mut outcome = Ok(None);
        if !whole.is_empty() {
            outcome = self.patch(&target, &addition(whole)).await.map(Some);
        }
        if let Some(name) = dangling.iter().flat_map(Postponed::references).next() {
            outcome = Err(unresolved(name));
        }
        let Some(mut result) = self.results.get_mut(position).and_then(Option::take) else {
            return;
        };
        match outcome {
            Ok(Some(version)) => result.outcome = Ok(BulkDone::Created { version }),
            Ok(None) => {}
            Err(error) => result.outcome = Err(error),
        }
        self.settle(position, result);
    }

    async fn patch(&mut self, target: &Target, data: &Value) -> Result<String, DirectoryError> {
        let patching = self.directory.patch(
            target.kind,
            &target.id,
            data,
            &self.projection,
            &target.preconditions,
            self.caller,
        );
        let answer = patching.await?;
        Ok(self.count(answer).entity_tag)
    }

    fn count(&mut self, answer: Answer) -> Answer {
        self.tolerated += &answer.tolerated;
        answer
    }

    fn settle(&mut self, position: usize, result: BulkResult) {
        if result.outcome.is_err()
            && let Some(left) = &mut self.errors_left
        {
            *left = left.saturating_sub(1);
        }
        if let Some(slot) = self.results.get_mut(position) {
            *slot = Some(result);
        }
    }

    fn location(&self, target: &Target) -> String {
        Location::new(self.caller.base_url, target.kind, &target.id).to_string()
    }
}

fn target_of(action: &Action) -> Option<&Target> {
    match action {
        Action::Create { .. } => None,
        Action::Replace { target, .. }
        | Action::Patch { target, .. }
        | Action::Delete { target } => Some(target),
    }
}

/// A PATCH that adds these parts, each by its path (RFC 7644 §3.5.2.1).
fn addition(parts: Vec<Postponed>) -> Value {
    let operations: Vec<Value> = parts
        .into_iter()
        .map(|part| json!({"op": "add", "path": part.path, "value": part.value}))
        .collect();
    json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": operations,
    })
}

/// RFC 7644 §3.7.1 has 409 for a reference that cannot be resolved.
fn unresolved(name: &str) -> DirectoryError {
    let shown: String = name.chars().take(100).collect();
    ScimError::new(
        ErrorKind::Conflict,
        format!(
            "bulkId:{shown} stands for no resource: no POST of this request has that bulkId, or it \
             failed"
        ),
    )
    .into()
}
