//! What an appliance would be asked for, as if the account were absent.

use serde_json::{Map, Value};

use super::subject::PlannedResource;
use crate::delivery::Target;
use crate::scim::{ResourceKind, fold};
use crate::vendor::{ObjectProfile, RenderError, RenderedRequest, Translated, Violation};

/// Stands for a secret that is made when the call is.
const SECRET: &str = "********";

/// What would happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The vendor has no such objects, or the scope leaves the resource out.
    OutOfScope,
    /// In scope, but nothing is made for it.
    NoAccount,
    /// An account or group is created.
    Create,
    /// What exists is changed.
    Change,
    /// What exists is as it should be.
    InSync,
    /// Something exists that is not ours.
    Held,
    /// The resource cannot be represented, or must not be touched.
    Refused,
    /// The appliance could not be looked at.
    Failed,
}

impl Outcome {
    /// The word for scripts.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::OutOfScope => "out_of_scope",
            Self::NoAccount => "no_account",
            Self::Create => "create",
            Self::Change => "change",
            Self::InSync => "in_sync",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// The plan for one appliance.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) appliance: String,
    pub(super) vendor: String,
    pub(super) outcome: Outcome,
    /// Why, where the outcome alone does not say it.
    pub(super) reason: Option<String>,
    /// The account key, or the group's.
    pub(super) key: Option<String>,
    pub(super) calls: Vec<RenderedRequest>,
    pub(super) notes: Vec<String>,
    pub(super) violations: Vec<Violation>,
    /// What is desired, for those that look first.
    pub(super) desired: Translated,
}

impl Draft {
    /// Drafts the calls without contacting the appliance.
    pub(super) fn of(target: &Target, resource: &PlannedResource) -> Self {
        let mut draft = Self {
            appliance: target.name().to_owned(),
            vendor: target.profile.vendor.clone(),
            outcome: Outcome::OutOfScope,
            reason: None,
            key: None,
            calls: Vec::new(),
            notes: Vec::new(),
            violations: Vec::new(),
            desired: Translated::default(),
        };
        match target.profile.object(resource.kind) {
            Some(object) => {
                if let Err(error) = draft.fill(target, object, resource) {
                    draft.end(Outcome::Refused, error.to_string());
                }
            }
            None => draft.end(
                Outcome::OutOfScope,
                format!(
                    "{} has no {}s that could be managed",
                    target.profile.title,
                    word(resource.kind)
                ),
            ),
        }
        draft
    }

    /// Ends with this outcome and no calls.
    pub(super) fn end(&mut self, outcome: Outcome, reason: impl Into<String>) {
        self.outcome = outcome;
        self.reason = Some(reason.into());
        self.calls.clear();
    }

    fn fill(
        &mut self,
        target: &Target,
        object: &ObjectProfile,
        resource: &PlannedResource,
    ) -> Result<(), RenderError> {
        if !target.in_scope(resource.kind, &resource.document, &resource.groups) {
            let reason = scope_reason(target, resource.kind);
            self.end(Outcome::OutOfScope, reason);
            return Ok(());
        }
        if let Some(bound) = bound_group(target, resource) {
            return self.bind(object, bound);
        }
        self.desired = target.translate(object, &resource.id, &resource.document, &resource.groups);
        self.notes.clone_from(&self.desired.notes);
        self.violations.clone_from(&self.desired.violations);
        self.key.clone_from(&self.desired.key);
        let Some(key) = self.key.clone().filter(|_| self.violations.is_empty()) else {
            self.end(
                Outcome::Refused,
                format!(
                    "{} cannot represent this {}",
                    target.profile.title,
                    word(resource.kind)
                ),
            );
            return Ok(());
        };
        if object.is_protected_key(&key) {
            self.end(
                Outcome::Refused,
                format!("{key:?} is a protected account there; the bridge never touches it"),
            );
            return Ok(());
        }
        let needs_none = resource.kind == ResourceKind::User
            && !self.desired.active
            && !target.policy.create_inactive;
        if needs_none {
            self.end(
                Outcome::NoAccount,
                "the user is inactive, and create_inactive is false",
            );
            return Ok(());
        }
        self.outcome = Outcome::Create;
        self.calls.push(object.find_request(&key)?);
        self.calls.push(object.create_request(
            &self.desired.fields,
            self.desired.active,
            &secrets(&self.desired),
        )?);
        self.note_what_follows(object);
        if resource.kind == ResourceKind::Group {
            self.notes
                .push("its members are written next, those that have an account there".to_owned());
        }
        Ok(())
    }

    /// What the calls do not show, because the appliance has to be asked first.
    fn note_what_follows(&mut self, object: &ObjectProfile) {
        let mut fields: Vec<&str> = object
            .references(&self.desired.fields)
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        fields.dedup();
        for field in fields {
            self.notes.push(format!(
                "the names in {field} are replaced by the ids that the appliance has for them"
            ));
        }
        for (name, items) in &self.desired.collections {
            if !items.is_empty() {
                self.notes.push(format!(
                    "{name} gets {} next, those of them that are not there yet",
                    items.len()
                ));
            }
        }
    }

    /// A bound group exists at the vendor: only its memberships are managed.
    fn bind(&mut self, object: &ObjectProfile, bound: &str) -> Result<(), RenderError> {
        self.outcome = Outcome::Change;
        self.key = Some(bound.to_owned());
        self.reason = Some(format!(
            "it is bound to the existing group {bound:?}; only members are managed"
        ));
        self.calls.push(object.find_request(bound)?);
        Ok(())
    }
}

/// Placeholders for the secrets that an account is created with.
fn secrets(desired: &Translated) -> Map<String, Value> {
    desired
        .secrets
        .iter()
        .map(|secret| (secret.name.clone(), Value::from(SECRET)))
        .collect()
}

/// The vendor's existing group that the configuration binds to this one.
pub(super) fn bound_group<'a>(target: &'a Target, resource: &PlannedResource) -> Option<&'a str> {
    if resource.kind != ResourceKind::Group {
        return None;
    }
    let display = fold(resource.document.get("displayName")?.as_str()?);
    target
        .policy
        .bind_groups
        .iter()
        .find(|(name, _)| fold(name) == display)
        .map(|(_, bound)| bound.as_str())
}

fn scope_reason(target: &Target, kind: ResourceKind) -> String {
    let (key, scope) = match kind {
        ResourceKind::User => ("users", &target.policy.users),
        ResourceKind::Group => ("groups", &target.policy.groups),
    };
    match scope {
        None => format!("`{key}` is \"none\" for this appliance"),
        Some(_) => format!("the filter in `{key}` leaves it out"),
    }
}

fn word(kind: ResourceKind) -> &'static str {
    match kind {
        ResourceKind::User => "user",
        ResourceKind::Group => "group",
    }
}
