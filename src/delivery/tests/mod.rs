//! A whole delivery, against a store and a simulated array.

mod keys;
mod members;
mod removals;
mod restarts;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use appliance_sim::{Control, RunningSimulator, SimulatorOptions, Vendor};
use serde_json::{Value, json};

use super::{
    AppliancePolicy, CollisionPolicy, Context, Delivery, DeliveryObserver, DeliverySettings,
    GuardSettings, PasswordPolicy, Removal, RenamePolicy, Scope, SystemRandomness, Target,
};
use crate::appliance::{ApplianceSettings, Connection, Credentials, Trust, Unobserved};
use crate::scim::{ResourceKind, fold};
use crate::store::sqlite::{SqliteOptions, SqliteStore};
use crate::store::{
    CreateResource, DeleteResource, IndexKeys, Link, LinkFilter, LinkState, Store, Targets,
    UpdateResource, WriteContext,
};
use crate::telemetry::{Clock, SystemClock};
use crate::vendor::Profile;

const ARRAY: &str = "array";

struct Silent;

impl DeliveryObserver for Silent {
    fn attempted(&self, _: &str, _: &str, _: &str, _: Duration) {}
    fn breaker(&self, _: &str, _: &str) {}
}

/// The machine's clock, which a test may put forward.
#[derive(Default)]
struct ShiftedClock {
    ahead_ms: AtomicI64,
}

impl Clock for ShiftedClock {
    fn now_ms(&self) -> i64 {
        SystemClock.now_ms() + self.ahead_ms.load(Ordering::Relaxed)
    }
}

/// A store, an appliance (an array, unless a test says otherwise), and the delivery between them.
struct Site {
    store: Arc<dyn Store>,
    simulator: RunningSimulator,
    profile: Arc<Profile>,
    clock: Arc<ShiftedClock>,
    delivery: Delivery,
    _folder: tempfile::TempDir,
}

/// Everything is pushed, and everything has its default, but for a guard that is never in the way.
pub(super) fn policy() -> AppliancePolicy {
    AppliancePolicy {
        directories: ["default".to_owned()].into(),
        users: Some(Scope::All),
        groups: None,
        on_deactivate: Removal::Disable,
        on_leave_scope: Removal::Disable,
        on_delete: Removal::Delete,
        purge_after: None,
        create_inactive: false,
        on_collision: CollisionPolicy::Refuse,
        on_rename: RenamePolicy::Refuse,
        password: PasswordPolicy::Generate,
        authoritative_members: false,
        bind_groups: BTreeMap::new(),
        guard: GuardSettings {
            window: Duration::from_secs(3600),
            max_deletes: 100,
            max_deletes_percent: 100,
            max_disables: 100,
            max_disables_percent: 100,
        },
    }
}

fn settings() -> DeliverySettings {
    let day = Duration::from_secs(86_400);
    DeliverySettings {
        lease: Duration::from_secs(30),
        retry_delays: vec![Duration::from_millis(20), Duration::from_millis(50)],
        max_retry_after: Duration::from_secs(1),
        refused_retry: Duration::from_secs(60),
        breaker_failures: 3,
        breaker_pause: Duration::from_millis(50),
        sweep_batch: 100,
        shutdown_grace: Duration::from_secs(5),
        password_ttl: day,
        parked_ttl: day,
        attempts_ttl: day,
        audit_ttl: day,
    }
}

fn target(
    simulator: &RunningSimulator,
    profile: &Arc<Profile>,
    policy: AppliancePolicy,
    password: &str,
) -> Target {
    let options = simulator.options();
    let profile = Arc::clone(profile);
    let settings = ApplianceSettings {
        name: ARRAY.to_owned(),
        url: simulator.url().parse().unwrap(),
        credentials: Credentials::Password {
            username: options.username.clone(),
            password: password.into(),
        },
        trust: Trust::System,
        connect_timeout: Duration::from_secs(5),
        request_timeout: Duration::from_secs(5),
        max_response_bytes: 1 << 20,
        concurrency: 4,
    };
    Target {
        connection: Connection::new(settings, Arc::clone(&profile), Arc::new(Unobserved)).unwrap(),
        profile,
        policy,
    }
}

fn delivery(
    store: &Arc<dyn Store>,
    clock: &Arc<ShiftedClock>,
    settings: DeliverySettings,
    target: Target,
) -> Delivery {
    let context = Context {
        store: Arc::clone(store),
        clock: Arc::<ShiftedClock>::clone(clock),
        random: Arc::new(SystemRandomness),
        sealer: None,
        settings,
        observer: Arc::new(Silent),
        owner: "test".to_owned(),
    };
    Delivery::new(context, vec![target])
}

impl Site {
    async fn start(policy: AppliancePolicy) -> Self {
        let text = Profile::builtin(Vendor::Nimble.name()).unwrap();
        Self::start_with(Vendor::Nimble, text, policy, settings()).await
    }

    async fn start_with(
        vendor: Vendor,
        profile: &str,
        policy: AppliancePolicy,
        settings: DeliverySettings,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bridge.db");
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open(&path, SqliteOptions::default()).unwrap());
        let simulator = appliance_sim::start(SimulatorOptions::new(vendor))
            .await
            .unwrap();
        let compiled = Profile::compile(vendor.name(), profile, &toml::Table::new()).unwrap();
        let profile = Arc::new(compiled);
        let clock = Arc::new(ShiftedClock::default());
        let password = &simulator.options().password;
        let target = target(&simulator, &profile, policy, password);
        let mut delivery = delivery(&store, &clock, settings, target);
        delivery.start().await.unwrap();
        Self {
            store,
            simulator,
            profile,
            clock,
            delivery,
            _folder: folder,
        }
    }

    /// Ends the delivery and starts another one.
    async fn restart(
        self,
        policy: AppliancePolicy,
        settings: DeliverySettings,
        password: &str,
    ) -> Self {
        self.delivery.stop().await;
        let target = target(&self.simulator, &self.profile, policy, password);
        let mut delivery = delivery(&self.store, &self.clock, settings, target);
        delivery.start().await.unwrap();
        Self { delivery, ..self }
    }

    /// Lets time pass.
    fn put_forward(&self, by: Duration) {
        let by_ms = i64::try_from(by.as_millis()).unwrap();
        self.clock.ahead_ms.fetch_add(by_ms, Ordering::Relaxed);
    }

    fn control(&self) -> Control {
        self.simulator.control()
    }

    async fn create(&self, id: &str, name: &str, external_id: &str) {
        self.store
            .create_resource(CreateResource {
                context: self.by_request(),
                directory: "default".to_owned(),
                kind: ResourceKind::User,
                id: id.to_owned(),
                document: document(name, external_id),
                keys: keys(name, external_id),
                members: Vec::new(),
                password: None,
                targets: on_the_array(),
                match_parked_by_name: false,
            })
            .await
            .unwrap();
        self.delivery.planner().wake();
    }

    async fn rename(&self, id: &str, name: &str) {
        let document = document(name, id);
        self.change(id, name, document, false).await;
    }

    /// Gives a person called `name` another document.
    async fn change(&self, id: &str, name: &str, document: String, activated: bool) {
        self.store
            .update_resource(UpdateResource {
                context: self.by_request(),
                directory: "default".to_owned(),
                kind: ResourceKind::User,
                id: id.to_owned(),
                expected_version: None,
                document: Some((document, keys(name, id))),
                members: Vec::new(),
                activated,
                password: None,
                targets: on_the_array(),
                match_parked_by_name: false,
            })
            .await
            .unwrap();
        self.delivery.planner().wake();
    }

    async fn delete(&self, id: &str) {
        self.store
            .delete_resource(DeleteResource {
                context: self.by_request(),
                directory: "default".to_owned(),
                kind: ResourceKind::User,
                id: id.to_owned(),
                expected_version: None,
                targets: Targets::default(),
            })
            .await
            .unwrap();
        self.delivery.planner().wake();
    }

    fn by_request(&self) -> WriteContext {
        WriteContext {
            request_id: "r".to_owned(),
            actor: "okta".to_owned(),
            now_ms: self.clock.now_ms(),
        }
    }

    async fn links(&self) -> Vec<Link> {
        let reports = self.store.link_report(LinkFilter::default()).await.unwrap();
        reports.into_iter().map(|report| report.link).collect()
    }

    /// Waits until the links satisfy a condition.
    async fn until(&self, what: &str, holds: impl Fn(&[Link]) -> bool) -> Vec<Link> {
        let started = Instant::now();
        loop {
            let links = self.links().await;
            if holds(&links) {
                return links;
            }
            assert!(
                started.elapsed() < Duration::from_secs(20),
                "never {what}: {links:#?}"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Requests that the array got to make accounts.
    fn creations(&self) -> usize {
        let journal = self.control().journal();
        journal
            .iter()
            .filter(|call| call.method == "POST" && call.path.ends_with("/users"))
            .count()
    }
}

fn on_the_array() -> Targets {
    Targets {
        ensure: vec![ARRAY.to_owned()],
        members: Vec::new(),
    }
}

fn document(name: &str, external_id: &str) -> String {
    let user: Value =
        json!({"userName": name, "displayName": name, "externalId": external_id, "active": true});
    user.to_string()
}

fn keys(name: &str, external_id: &str) -> IndexKeys {
    IndexKeys {
        name: Some(fold(name)),
        external_id: Some(external_id.to_owned()),
        ..IndexKeys::default()
    }
}

fn all_in_sync(links: &[Link]) -> bool {
    !links.is_empty() && links.iter().all(|link| link.state == LinkState::InSync)
}
