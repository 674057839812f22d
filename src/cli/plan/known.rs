//! The accounts that the bridge has for a resource, as its database remembers them.

use std::collections::BTreeMap;
use std::path::Path;

use super::subject::PlannedResource;
use crate::store::sqlite::SqliteStore;
use crate::store::{Link, LinkFilter, Ownership, Store as _};

/// The links of a resource that have an account, by appliance.
#[derive(Debug, Default)]
pub(super) struct KnownAccounts {
    links: BTreeMap<String, Link>,
}

impl KnownAccounts {
    /// Reads them; none where there is no database yet. A resource from a file that does not tell
    /// its id is recognised by its name.
    pub(super) async fn read(database: &Path, resource: &PlannedResource) -> Self {
        let Ok(store) = SqliteStore::open_read_only(database) else {
            return Self::default();
        };
        let name = resource.known_id().unwrap_or_else(|| resource.name());
        let filter = LinkFilter {
            name: Some(name.to_owned()),
            directory: Some(resource.directory.clone()),
            kind: Some(resource.kind),
            ..LinkFilter::default()
        };
        let links = store.link_report(filter).await.unwrap_or_default();
        Self {
            links: links
                .into_iter()
                .filter(|report| !report.deleted)
                .map(|report| report.link)
                .filter(|link| link.progress.remote_id.is_some())
                .filter(|link| link.progress.ownership != Ownership::None)
                .map(|link| (link.appliance.clone(), link))
                .collect(),
        }
    }

    /// The SCIM id of the resource.
    pub(super) fn resource_id(&self) -> Option<&str> {
        self.links
            .values()
            .next()
            .map(|link| link.resource_id.as_str())
    }

    /// The link to an appliance, if there is an account.
    pub(super) fn on(&self, appliance: &str) -> Option<&Link> {
        self.links.get(appliance)
    }
}
