//! What the handlers of the SCIM endpoint share.

use std::sync::Arc;

use super::auth::TokenTable;
use super::settings::ScimSettings;
use crate::directory::{Directory, IdSource};
use crate::scim::schema::SchemaSet;
use crate::telemetry::Metrics;

/// The SCIM endpoint: its directories, each opened by its own tokens.
pub struct ScimState {
    pub(super) settings: ScimSettings,
    pub(super) tokens: TokenTable,
    pub(super) schemas: Arc<SchemaSet>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) ids: Arc<dyn IdSource>,
    /// Whether passwords that clients send reach an appliance, for `/ServiceProviderConfig`.
    pub(super) change_password: bool,
    /// Whether it keeps to the interoperability profile, for `/ServiceProviderConfig`.
    pub(super) interop_profile: bool,
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
            schemas: directories
                .first()
                .map_or_else(SchemaSet::core, |directory| directory.advertised_schemas()),
            interop_profile: profile_holds(&settings, directories),
            metrics,
            ids,
            change_password: directories
                .iter()
                .any(|directory| directory.keeps_passwords()),
            settings,
        }
    }
}

/// The interoperability profile wants everything refused that a directory could tolerate, and
/// pages of 100 resources.
fn profile_holds(settings: &ScimSettings, directories: &[Arc<Directory>]) -> bool {
    const LEAST_RESULTS: u32 = 100;
    settings.max_results >= LEAST_RESULTS
        && !directories.is_empty()
        && directories
            .iter()
            .all(|directory| directory.settings().tolerances.are_none())
}
