//! An appliance as the delivery sees it.

use std::sync::Arc;

use scim_filter_parser::Filter;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::settings::{AppliancePolicy, PasswordPolicy, Scope};
use crate::appliance::Connection;
use crate::scim::filter::matches;
use crate::scim::{ResourceKind, fold};
use crate::store::{GroupReference, RegisterAppliance};
use crate::vendor::{ObjectProfile, Profile, Subject, SubjectGroup, Translated};

/// One configured appliance: how to reach it, how to speak to it, what it gets.
#[derive(Clone)]
pub struct Target {
    /// The way to it.
    pub connection: Connection,
    /// Its vendor's profile, with the appliance's own rows and all variants. What the appliance is
    /// found to speak is the connection's to say.
    pub profile: Arc<Profile>,
    /// What it gets and what may be done to it.
    pub policy: AppliancePolicy,
}

impl Target {
    /// The appliance's name.
    pub fn name(&self) -> &str {
        self.connection.name()
    }

    /// Whether a resource of that kind can have a link here at all.
    pub fn takes(&self, kind: ResourceKind) -> bool {
        self.profile.object(kind).is_some() && self.scope(kind).is_some()
    }

    /// Whether a resource is in the appliance's scope.
    pub fn in_scope(
        &self,
        kind: ResourceKind,
        document: &Map<String, Value>,
        groups: &[GroupReference],
    ) -> bool {
        if self.profile.object(kind).is_none() {
            return false;
        }
        match self.scope(kind) {
            None => false,
            Some(Scope::All) => true,
            Some(Scope::Matching(filter)) => {
                let with_groups = with_groups(document, groups);
                matches(filter, &with_groups, kind, self.profile.schemas())
            }
        }
    }

    /// The desired state of a resource here, in the vendor's fields.
    pub fn translate(
        &self,
        object: &ObjectProfile,
        id: &str,
        document: &Map<String, Value>,
        groups: &[GroupReference],
    ) -> Translated {
        let groups: Vec<SubjectGroup> = groups
            .iter()
            .map(|group| SubjectGroup {
                id: group.id.clone(),
                display: group.display.clone(),
                external_id: group.external_id.clone(),
            })
            .collect();
        let mut desired = object.translate(&Subject {
            id,
            document,
            groups: &groups,
            appliance: self.name(),
        });
        if self.policy.password == PasswordPolicy::None {
            object.take_password_away(&mut desired);
        }
        desired
    }

    /// The vendor's existing group that the configuration binds to a group of this document.
    pub fn bound_group(&self, document: &Map<String, Value>) -> Option<&str> {
        let display = fold(document.get("displayName")?.as_str()?);
        self.policy
            .bind_groups
            .iter()
            .find(|(name, _)| fold(name) == display)
            .map(|(_, bound)| bound.as_str())
    }

    /// Whether the desired state of a user here depends on the groups it is in.
    pub fn reads_groups(&self) -> bool {
        let by_scope = match &self.policy.users {
            Some(Scope::Matching(filter)) => reads_attribute(filter, "groups"),
            _ => false,
        };
        by_scope || (self.policy.users.is_some() && self.profile.reads_groups())
    }

    /// Whether the identity provider's passwords are to be delivered here.
    pub fn wants_passwords(&self) -> bool {
        self.policy.users.is_some() && self.policy.password == PasswordPolicy::Sync
    }

    /// What the store is told about the appliance: its digest changes whenever the desired state of
    /// any account may have changed with the configuration.
    pub fn registration(&self) -> RegisterAppliance {
        let mut hasher = Sha256::new();
        hasher.update(self.profile.digest().as_bytes());
        hasher.update(format!("{:?}", self.policy).as_bytes());
        let digest = hasher.finalize();
        RegisterAppliance {
            name: self.name().to_owned(),
            directories: self.policy.directories.clone(),
            kinds: [ResourceKind::User, ResourceKind::Group]
                .into_iter()
                .filter(|kind| self.takes(*kind))
                .collect(),
            digest: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    fn scope(&self, kind: ResourceKind) -> Option<&Scope> {
        match kind {
            ResourceKind::User => self.policy.users.as_ref(),
            ResourceKind::Group => self.policy.groups.as_ref(),
        }
    }
}

/// A user's document with its effective groups, as scope filters see it.
fn with_groups(document: &Map<String, Value>, groups: &[GroupReference]) -> Map<String, Value> {
    let mut whole = document.clone();
    if !groups.is_empty() {
        let list = groups
            .iter()
            .map(|group| {
                let kind = if group.direct { "direct" } else { "indirect" };
                serde_json::json!({"value": group.id, "display": group.display, "type": kind})
            })
            .collect();
        whole.insert("groups".into(), Value::Array(list));
    }
    whole
}

/// Whether a filter names an attribute anywhere.
fn reads_attribute(filter: &Filter, name: &str) -> bool {
    match filter {
        Filter::Compare { path, .. } | Filter::Present(path) => {
            path.name.eq_ignore_ascii_case(name)
        }
        Filter::Element { elements, .. } => elements.attribute.name.eq_ignore_ascii_case(name),
        Filter::And(filters) | Filter::Or(filters) => {
            filters.iter().any(|inner| reads_attribute(inner, name))
        }
        Filter::Not(inner) => reads_attribute(inner, name),
    }
}

#[cfg(test)]
mod tests {
    use super::reads_attribute;

    #[test]
    fn a_scope_that_names_groups_is_seen() {
        for (filter, reads) in [
            ("groups.display eq \"Storage admins\"", true),
            ("active eq true and groups[display eq \"x\"]", true),
            ("not (Groups.value eq \"1\")", true),
            ("active eq true", false),
        ] {
            let parsed = scim_filter_parser::parse_filter(filter).unwrap();
            assert_eq!(reads_attribute(&parsed, "groups"), reads, "{filter}");
        }
    }
}
