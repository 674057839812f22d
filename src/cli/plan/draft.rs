//! What an appliance would be asked for, as if the account were absent.

use serde_json::{Map, Value};

use super::subject::PlannedResource;
use crate::delivery::naming::Candidate;
use crate::delivery::{CollisionPolicy, Target};
use crate::scim::ResourceKind;
use crate::vendor::{ObjectProfile, RenderError, RenderedRequest, Translated, Violation};

/// Stands for a secret that is made when the call is.
const SECRET: &str = "********";

/// How a note on a number behind a name begins.
const NUMBERED: &str = "the name is";

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
    /// The key that the attributes give; `None` where that is not what decides.
    pub(super) base: Option<String>,
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
            base: None,
            calls: Vec::new(),
            notes: Vec::new(),
            violations: Vec::new(),
            desired: Translated::default(),
        };
        let profile = target.connection.profile();
        if target.connection.is_assumed()
            && let Some(variant) = profile.variant()
        {
            draft.notes.push(format!(
                "the appliance has not been asked which API it speaks; {variant:?} is assumed"
            ));
        }
        match profile.object(resource.kind) {
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

    /// Whether the appliance turned out to have the name for somebody else.
    pub(super) fn name_is_taken(&self) -> bool {
        self.base.is_some() && matches!(self.outcome, Outcome::Held | Outcome::Refused)
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
        if !target.policy.serves(&resource.directory) {
            let reason = format!("it does not serve the directory {:?}", resource.directory);
            self.end(Outcome::OutOfScope, reason);
            return Ok(());
        }
        if !target.in_scope(resource.kind, &resource.document, &resource.groups) {
            let reason = scope_reason(target, resource.kind);
            self.end(Outcome::OutOfScope, reason);
            return Ok(());
        }
        if let Some(bound) = bound_group(target, resource) {
            return self.bind(object, bound);
        }
        self.desired = target.translate(object, &resource.id, &resource.document, &resource.groups);
        self.notes.extend(self.desired.notes.iter().cloned());
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
        self.base = Some(key.clone());
        let numbered = target.policy.on_collision == CollisionPolicy::Suffix;
        if object.is_protected_key(&key) && !numbered {
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
        self.call_for_creation(object, &key)?;
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

    fn call_for_creation(&mut self, object: &ObjectProfile, key: &str) -> Result<(), RenderError> {
        self.calls = vec![object.find_request(key)?, creation(object, &self.desired)?];
        Ok(())
    }

    /// The person gets this name; `taken` says why it is not the one that the attributes give.
    pub(super) fn call_it(
        &mut self,
        object: &ObjectProfile,
        candidate: &Candidate,
        taken: Option<String>,
    ) {
        if let Some(suffix) = &candidate.suffix {
            let why = taken.unwrap_or_else(|| {
                format!("{:?} was somebody else's when it was chosen", suffix.base)
            });
            self.notes.retain(|note| !note.starts_with(NUMBERED));
            self.notes.push(format!(
                "{NUMBERED} {:?}: {why}, and on_collision is \"suffix\"; the number stays with the \
                 person",
                candidate.key
            ));
        }
        if self.key.as_deref() == Some(candidate.key.as_str()) {
            return;
        }
        self.key = Some(candidate.key.clone());
        self.desired = object.rekeyed(&self.desired, &candidate.key);
        if self.outcome == Outcome::Create
            && let Err(error) = self.call_for_creation(object, &candidate.key)
        {
            self.end(Outcome::Refused, error.to_string());
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

/// The call that makes an account; its secrets are not made for it.
pub(super) fn creation(
    object: &ObjectProfile,
    desired: &Translated,
) -> Result<RenderedRequest, RenderError> {
    object.create_request(&desired.fields, desired.active, &secrets(desired))
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
    target.bound_group(&resource.document)
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
