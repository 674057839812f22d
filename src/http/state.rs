//! What the handlers of the SCIM endpoint share.

use std::sync::Arc;

use super::auth::TokenTable;
use super::endpoint::DirectoryEndpoint;
use super::settings::ScimSettings;
use crate::directory::{Directory, IdSource};
use crate::telemetry::Metrics;

/// The SCIM endpoint: its directories, each at its own path and opened by its own tokens.
pub struct ScimState {
    pub(super) settings: ScimSettings,
    pub(super) tokens: TokenTable,
    pub(super) endpoints: Vec<Arc<DirectoryEndpoint>>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) ids: Arc<dyn IdSource>,
}

impl ScimState {
    /// An endpoint for these directories. `ids` gives ids to requests that bring none.
    pub fn new(
        settings: ScimSettings,
        directories: &[Arc<Directory>],
        metrics: Arc<Metrics>,
        ids: Arc<dyn IdSource>,
    ) -> Self {
        Self {
            tokens: TokenTable::new(directories),
            endpoints: directories
                .iter()
                .map(|directory| Arc::new(DirectoryEndpoint::new(directory, &settings)))
                .collect(),
            metrics,
            ids,
            settings,
        }
    }

    /// The paths at which directories are served.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.endpoints.iter().map(|endpoint| endpoint.path.as_str())
    }
}
