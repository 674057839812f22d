//! What the tests of this module share: a directory on a real store, appliances that only note
//! what they are asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::web;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::settings::ScimSettings;
use super::state::ScimState;
use crate::directory::{
    Directory, DirectorySettings, Ports, TargetPlanner, TokenSettings, UuidSource,
};
use crate::scim::ResourceKind;
use crate::store::sqlite::{SqliteOptions, SqliteStore};
use crate::store::{GroupReference, Store};
use crate::telemetry::{Metrics, SystemClock};

/// The token that the test directory knows.
pub(super) const TOKEN: &str = "correct-horse-battery-staple";

/// Settings of a listener on a free loopback port.
pub(super) fn settings() -> ScimSettings {
    ScimSettings {
        listen: "127.0.0.1:0".parse().unwrap(),
        tls: None,
        behind_proxy: false,
        public_url: None,
        max_body_bytes: 1 << 20,
        max_results: 200,
        client_timeout: Duration::from_secs(5),
        shutdown_timeout: Duration::from_secs(5),
        workers: 1,
    }
}

/// Settings of a directory with one token.
pub(super) fn directory_settings() -> DirectorySettings {
    DirectorySettings {
        name: "default".to_owned(),
        tokens: vec![TokenSettings {
            name: "okta".to_owned(),
            sha256: Sha256::digest(TOKEN.as_bytes()).into(),
        }],
        unique_group_names: true,
        patch_no_content: false,
        match_parked_by_user_name: false,
    }
}

/// One appliance that may hold everything.
#[derive(Default)]
pub(super) struct OneAppliance {
    wakes: AtomicU64,
}

impl OneAppliance {
    /// How often the delivery was woken.
    pub(super) fn wakes(&self) -> u64 {
        self.wakes.load(Ordering::SeqCst)
    }
}

impl TargetPlanner for OneAppliance {
    fn ensure(
        &self,
        _: &str,
        _: ResourceKind,
        _: &Map<String, Value>,
        _: &[GroupReference],
    ) -> Vec<String> {
        vec!["nas-1".to_owned()]
    }

    fn reads_groups(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn password_targets(&self, _: &str) -> Vec<String> {
        Vec::new()
    }

    fn wake(&self) {
        self.wakes.fetch_add(1, Ordering::SeqCst);
    }
}

/// The endpoint on a store in a temporary folder.
pub(super) struct Endpoint {
    pub state: web::Data<ScimState>,
    pub store: Arc<dyn Store>,
    pub metrics: Arc<Metrics>,
    pub appliances: Arc<OneAppliance>,
    /// Removed at the end of the test.
    _folder: TempDir,
}

impl Endpoint {
    /// With the given settings.
    pub(super) fn with(settings: ScimSettings, directory: DirectorySettings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = SqliteOptions::default();
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open(&folder.path().join("bridge.db"), options).unwrap());
        let appliances = Arc::new(OneAppliance::default());
        let ports = Ports {
            targets: Arc::clone(&appliances) as Arc<dyn TargetPlanner>,
            sealer: None,
            clock: Arc::new(SystemClock),
            ids: Arc::new(UuidSource),
        };
        let directory = Arc::new(Directory::new(directory, Arc::clone(&store), ports));
        let metrics = Arc::new(Metrics::new());
        let state = ScimState::new(
            settings,
            &[directory],
            Arc::clone(&metrics),
            Arc::new(UuidSource),
        );
        Self {
            state: web::Data::new(state),
            store,
            metrics,
            appliances,
            _folder: folder,
        }
    }

    /// With ordinary settings.
    pub(super) fn new() -> Self {
        Self::with(settings(), directory_settings())
    }
}
