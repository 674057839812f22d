//! A vendor profile: one file of data, loaded, checked and compiled.

mod builtin;
mod capabilities;
mod check;
mod compile;
mod errors;
mod merge;
mod pin;
mod place;
mod release;
mod request_kinds;
mod schema;
mod section;
mod self_test;
mod variant;
mod vocabulary;
mod wording;

pub use capabilities::{Capabilities, ObjectCapabilities, Passwords};
pub use check::ProfileCheck;
pub use errors::{ProfileError, ProfileErrors};
pub use pin::PinError;
pub use release::ReleaseNumber;
pub(crate) use schema::override_schemas;
pub use schema::profile_schema;
pub use self_test::{Difference, TestFailure};
pub use variant::{Variant, VariantProbe};

pub(crate) use errors::Problems;
pub(crate) use merge::SOURCES;
pub(crate) use section::{Section, to_json};
pub(crate) use wording::regex_reason;

use std::sync::Arc;

use super::exchange::{Answer, Operation};
use super::object::{ObjectProfile, compile_object};
use super::transport::{Auth, Transport, TransportKind};
use super::verdict::{Classified, Verdicts};
use crate::scim::ResourceKind;
use crate::scim::assignable::AssignableKind;
use crate::scim::schema::SchemaSet;

use self_test::TestCase;

/// A compiled profile: nothing is parsed or looked up by name per request.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The vendor's short name, as configurations name it.
    pub vendor: String,
    /// The product, for people.
    pub title: String,
    /// How it is reached.
    pub transport: Transport,
    /// How the bridge authenticates.
    pub auth: Auth,
    user: ObjectProfile,
    group: Option<ObjectProfile>,
    verdicts: Verdicts,
    tests: Vec<TestCase>,
    /// Its own name, if it is one variant of several.
    variant: Option<String>,
    /// All of them, if the product speaks several APIs. What the profile itself says is what the
    /// last one does.
    variants: Vec<Variant>,
    digest: String,
    schemas: Arc<SchemaSet>,
    /// What it was read from, for tests that lay something over it.
    table: Arc<toml::Table>,
}

impl Profile {
    /// The profile with more laid over it.
    fn laid_over(&self, overrides: &toml::Table) -> Result<Self, String> {
        let mut table = toml::Table::clone(&self.table);
        table.remove("test");
        merge::overlay(&mut table, overrides);
        let problems = Problems::default();
        let profile = Self::read(
            &Section::root(&table, &problems),
            String::new(),
            &self.schemas,
        );
        let errors = problems.into_errors_of("the test's overrides", "", overrides);
        match (profile, errors.first()) {
            (Some(profile), None) => Ok(profile),
            (_, error) => Err(error.map(ToString::to_string).unwrap_or_default()),
        }
    }

    fn read(root: &Section<'_>, digest: String, schemas: &Arc<SchemaSet>) -> Option<Self> {
        let vendor = root.required_text("vendor");
        let title = root.required_text("title");
        let transport = root
            .required_section("transport")
            .map(|section| Transport::compile(&section));
        let kind = transport
            .as_ref()
            .map_or(TransportKind::Rest, |transport| transport.kind);
        let auth = root
            .required_section("auth")
            .map(|section| Auth::compile(&section, kind));
        let base_path = transport
            .as_ref()
            .map(|transport| transport.base_path.clone())
            .unwrap_or_default();
        let user = root
            .required_section("user")
            .and_then(|section| compile_object(&section, ResourceKind::User, &base_path, schemas));
        let group = root
            .section("group")
            .and_then(|section| compile_object(&section, ResourceKind::Group, &base_path, schemas));
        let secret_fields = [&user, &group]
            .into_iter()
            .flatten()
            .flat_map(ObjectProfile::secret_fields)
            .collect();
        let verdicts = Verdicts::compile(root, secret_fields, kind);
        let tests = TestCase::compile_all(root);
        // Has been taken out by now, and is known nevertheless.
        root.value("variant");
        Some(Self {
            vendor: vendor?,
            title: title?,
            transport: transport?,
            auth: auth?,
            user: user?,
            group,
            verdicts,
            tests,
            variant: None,
            variants: Vec::new(),
            digest,
            schemas: Arc::clone(schemas),
            table: Arc::default(),
        })
    }

    /// SHA-256 of what the profile says with its overrides; changes when, and only when, the
    /// meaning may have changed.
    pub fn digest(&self) -> String {
        self.digest.clone()
    }

    /// The schemas of the resources that it translates.
    pub fn schemas(&self) -> &SchemaSet {
        &self.schemas
    }

    /// How the vendor has this kind of resource; `None` if it does not.
    pub fn object(&self, kind: ResourceKind) -> Option<&ObjectProfile> {
        match kind {
            ResourceKind::User => Some(&self.user),
            ResourceKind::Group => self.group.as_ref(),
        }
    }

    /// Whether the fields of an account depend on the groups that the user is in, in any variant.
    pub fn reads_groups(&self) -> bool {
        self.user.table.reads_groups()
            || self
                .variants
                .iter()
                .any(|variant| variant.profile.reads_groups())
    }

    /// Its own name, if it is one of several that the product speaks.
    pub fn variant(&self) -> Option<&str> {
        self.variant.as_deref()
    }

    /// What the product speaks by turns, in the order in which they are tried; empty if it is always
    /// the same. Until an appliance has been asked, the last one is assumed.
    pub fn variants(&self) -> &[Variant] {
        &self.variants
    }

    /// Whether the fields of an account may depend on a role or entitlement of this value.
    pub fn reads(&self, kind: AssignableKind, value: &str) -> bool {
        self.user.table.reads(kind, value)
            || self
                .variants
                .iter()
                .any(|variant| variant.profile.reads(kind, value))
    }

    /// What an answer means; `None` if the call succeeded.
    pub fn classify(&self, operation: Operation, answer: &Answer) -> Option<Classified> {
        self.verdicts.classify(operation, answer)
    }
}

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
