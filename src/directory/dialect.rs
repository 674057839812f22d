//! How this directory reads what clients send: with its own schemas, as tolerant or strict as its
//! settings say.

use std::sync::Arc;

use serde_json::Value;

use super::error::DirectoryError;
use super::service::Directory;
use crate::scim::assignable::AssignableKind;
use crate::scim::filter::note_dialect;
use crate::scim::patch::{PatchRequest, parse_patch_with};
use crate::scim::query::ListQuery;
use crate::scim::resource::{Incoming, read_resource_with};
use crate::scim::schema::SchemaSet;
use crate::scim::{ErrorKind, ResourceKind, ScimError, Tolerance, Tolerated};
use crate::store::NewMember;

impl Directory {
    /// The schemas as `/Schemas` shows them: without what the directory refuses, with those of the
    /// roles and entitlements that it lists.
    pub fn advertised_schemas(&self) -> Arc<SchemaSet> {
        let schemas = if self.settings.tolerances.permit(Tolerance::Password) {
            Arc::clone(&self.schemas)
        } else {
            self.schemas.without(ResourceKind::User, "password")
        };
        let mut offered = AssignableKind::ALL
            .into_iter()
            .filter(|kind| self.offers(*kind))
            .peekable();
        match offered.peek() {
            None => schemas,
            Some(_) => schemas.and_showing(offered.map(|kind| kind.schema().clone())),
        }
    }

    /// What the query of a list needs to be understood.
    ///
    /// # Errors
    /// The refusal of the first deviation that the directory does not tolerate.
    pub fn judge_query(
        &self,
        kind: ResourceKind,
        query: &ListQuery,
    ) -> Result<Tolerated, DirectoryError> {
        let mut tolerated = self.note_query(query);
        if let Some(filter) = &query.filter {
            note_dialect(filter, kind, &self.schemas, &mut tolerated);
        }
        tolerated.verdict()?;
        Ok(tolerated)
    }

    /// What a query's own text deviates in, whatever it asks of.
    pub(super) fn note_query(&self, query: &ListQuery) -> Tolerated {
        let mut tolerated = Tolerated::within(self.settings.tolerances);
        if query.has_bare_words {
            tolerated.note(Tolerance::BareWord, "filter");
        }
        Self::note_projection(query, &mut tolerated);
        tolerated
    }

    fn note_projection(query: &ListQuery, tolerated: &mut Tolerated) {
        for _ in 0..query
            .projection
            .tolerated()
            .count(Tolerance::FilteredProjection)
        {
            tolerated.note(Tolerance::FilteredProjection, "attributes");
        }
    }

    pub(super) fn read(&self, kind: ResourceKind, body: Value) -> Result<Incoming, ScimError> {
        read_resource_with(kind, body, &self.schemas, self.settings.tolerances)
    }

    pub(super) fn read_patch(
        &self,
        kind: ResourceKind,
        body: &Value,
    ) -> Result<PatchRequest, ScimError> {
        parse_patch_with(kind, body, &self.schemas, self.settings.tolerances)
    }

    /// Refuses members of a new group that nobody answers to, where the settings want that: 404,
    /// as the test suites have it that ask for a refusal.
    pub(super) async fn check_members(&self, members: &[NewMember]) -> Result<(), DirectoryError> {
        if self.settings.accept_unknown_members {
            return Ok(());
        }
        for member in members {
            let mut known = false;
            for kind in [ResourceKind::User, ResourceKind::Group] {
                let directory = &self.settings.name;
                let found = self.store.resource(directory, kind, &member.value, false);
                known = known || found.await?.is_some();
            }
            if !known {
                let shown: String = member.value.chars().take(100).collect();
                return Err(ScimError::new(
                    ErrorKind::NotFound,
                    format!(
                        "members: there is no User or Group with id {shown:?}; create it first"
                    ),
                )
                .into());
            }
        }
        Ok(())
    }
}
