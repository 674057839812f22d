//! A vendor profile: one file of data, loaded, checked and compiled.

mod builtin;
mod capabilities;
mod check;
mod errors;
mod merge;
mod place;
mod schema;
mod section;
mod self_test;
mod vocabulary;
mod wording;

pub use capabilities::{Capabilities, ObjectCapabilities, Passwords};
pub use check::ProfileCheck;
pub use errors::{ProfileError, ProfileErrors};
pub(crate) use schema::override_schemas;
pub use schema::profile_schema;
pub use self_test::{Difference, TestFailure};

pub(crate) use errors::Problems;
pub(crate) use merge::SOURCES;
pub(crate) use section::{Section, to_json};
pub(crate) use wording::regex_reason;

use std::sync::Arc;

use super::exchange::{Answer, Operation};
use super::object::{ObjectProfile, compile_object};
use super::transport::{Auth, Transport};
use super::verdict::{Classified, Verdicts};
use crate::scim::ResourceKind;
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
    digest: String,
    schemas: Arc<SchemaSet>,
    /// What it was read from, for tests that lay something over it.
    table: Arc<toml::Table>,
}

impl Profile {
    /// Compiles a profile with an appliance's overrides laid over it.
    ///
    /// `source` names the text in messages. Overrides have the shape of the profile; a row that
    /// gets another source loses the profile's own.
    ///
    /// # Errors
    ///
    /// Everything that is wrong, at once.
    pub fn compile(
        source: &str,
        text: &str,
        overrides: &toml::Table,
    ) -> Result<Self, ProfileErrors> {
        Self::compile_for(source, text, overrides, &SchemaSet::core())
    }

    /// Compiles a profile for a directory with these schemas: its tables can read what they
    /// declare.
    ///
    /// # Errors
    ///
    /// As [`Profile::compile`].
    pub fn compile_for(
        source: &str,
        text: &str,
        overrides: &toml::Table,
        schemas: &Arc<SchemaSet>,
    ) -> Result<Self, ProfileErrors> {
        let table = Self::effective(source, text, overrides)?;
        let problems = Problems::default();
        let profile = Self::read(
            &Section::root(&table, &problems),
            merge::digest(&table, schemas),
            schemas,
        );
        let errors = problems.into_errors_of(source, text, overrides);
        match profile {
            Some(profile) if errors.is_empty() => Ok(Self {
                table: Arc::new(table),
                ..profile
            }),
            _ => Err(ProfileErrors(errors)),
        }
    }

    /// What a profile says with an appliance's overrides, as it is written; nothing but the syntax
    /// is checked.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the syntax.
    pub fn effective(
        source: &str,
        text: &str,
        overrides: &toml::Table,
    ) -> Result<toml::Table, ProfileErrors> {
        let mut table: toml::Table = text
            .parse()
            .map_err(|error| errors::syntax_errors(source, text, &error))?;
        merge::overlay(&mut table, overrides);
        Ok(table)
    }

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
        let auth = root
            .required_section("auth")
            .map(|section| Auth::compile(&section));
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
        let verdicts = Verdicts::compile(root, secret_fields);
        let tests = TestCase::compile_all(root);
        Some(Self {
            vendor: vendor?,
            title: title?,
            transport: transport?,
            auth: auth?,
            user: user?,
            group,
            verdicts,
            tests,
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

    /// Whether the fields of an account depend on the groups that the user is in.
    pub fn reads_groups(&self) -> bool {
        self.user.table.reads_groups()
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
