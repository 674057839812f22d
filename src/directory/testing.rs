//! What tests of this floor and of the one above share: a directory on a real store, appliances
//! that only note what they are asked, a clock that stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::{
    Caller, Directory, DirectorySettings, PasswordSealer, Ports, ScanSettings, Scans, SealError,
    TargetPlanner, TokenSettings, UuidSource,
};
use crate::scim::schema::SchemaSet;
use crate::scim::{ResourceKind, Tolerances};
use crate::store::sqlite::{SqliteOptions, SqliteStore};
use crate::store::{GroupReference, Store};
use crate::telemetry::Clock;

/// The name of the one appliance.
pub(crate) const APPLIANCE: &str = "nas-1";

/// The caller of all tests.
pub(crate) const CALLER: Caller<'static> = Caller {
    actor: "okta",
    request_id: "request-1",
    base_url: "https://bridge.example/scim/v2",
};

/// Settings of a directory that one token opens.
pub(crate) fn settings(name: &str, token: &str) -> DirectorySettings {
    DirectorySettings {
        name: name.to_owned(),
        tokens: vec![TokenSettings {
            name: format!("{name}-token"),
            sha256: Sha256::digest(token.as_bytes()).into(),
        }],
        unique_group_names: true,
        patch_no_content: false,
        match_parked_by_user_name: false,
        accept_unknown_members: true,
        tolerances: Tolerances::all(),
        schemas: SchemaSet::core(),
        assignables: Vec::new(),
    }
}

/// One appliance that may hold everything, and takes passwords.
#[derive(Default)]
pub(crate) struct OneAppliance {
    wakes: AtomicU64,
}

impl OneAppliance {
    /// How often the delivery was woken.
    pub(crate) fn wakes(&self) -> u64 {
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
        vec![APPLIANCE.to_owned()]
    }

    fn reads_groups(&self, _: &str) -> Vec<String> {
        vec![APPLIANCE.to_owned()]
    }

    fn password_targets(&self, _: &str) -> Vec<String> {
        vec![APPLIANCE.to_owned()]
    }

    fn wake(&self) {
        self.wakes.fetch_add(1, Ordering::SeqCst);
    }
}

/// Seals by reversing: enough to see that it was called.
struct ReversingSealer;

impl PasswordSealer for ReversingSealer {
    fn seal(&self, _: &str, password: &SecretString) -> Result<Vec<u8>, SealError> {
        Ok(password.expose_secret().bytes().rev().collect())
    }
}

/// A clock that moves when told.
#[derive(Default)]
pub(crate) struct HandClock {
    now_ms: AtomicI64,
    step_ms: AtomicI64,
}

impl HandClock {
    pub(crate) fn advance(&self, milliseconds: i64) {
        self.now_ms.fetch_add(milliseconds, Ordering::SeqCst);
    }

    /// From now on it moves by so much whenever somebody looks at it.
    pub(crate) fn run(&self, milliseconds: i64) {
        self.step_ms.store(milliseconds, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now_ms(&self) -> i64 {
        let step_ms = self.step_ms.load(Ordering::SeqCst);
        self.now_ms.fetch_add(step_ms, Ordering::SeqCst)
    }
}

/// A store in a temporary folder, and all that a directory on it needs.
pub(crate) struct World {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) appliances: Arc<OneAppliance>,
    pub(crate) clock: Arc<HandClock>,
    /// One place, for which nobody waits.
    pub(crate) scans: Arc<Scans>,
    /// Removed at the end of the test.
    _folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bridge.db");
        let store = SqliteStore::open(&path, SqliteOptions::default()).unwrap();
        let scans = ScanSettings {
            max_concurrent: 1,
            max_wait: Duration::ZERO,
            max_duration: Duration::from_secs(1),
        };
        Self {
            store: Arc::new(store),
            appliances: Arc::default(),
            clock: Arc::default(),
            scans: Arc::new(Scans::new(scans, Arc::default())),
            _folder: folder,
        }
    }

    /// A directory; `keeps_passwords` gives it a sealer.
    pub(crate) fn directory(
        &self,
        settings: DirectorySettings,
        keeps_passwords: bool,
    ) -> Directory {
        let sealer = keeps_passwords.then(|| Arc::new(ReversingSealer) as Arc<dyn PasswordSealer>);
        let ports = Ports {
            targets: Arc::clone(&self.appliances) as Arc<dyn TargetPlanner>,
            sealer,
            clock: Arc::clone(&self.clock) as Arc<dyn Clock>,
            ids: Arc::new(UuidSource),
            scans: Arc::clone(&self.scans),
        };
        Directory::new(settings, Arc::clone(&self.store), ports)
    }
}
