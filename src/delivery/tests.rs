//! A whole delivery, against a store and a simulated array.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use appliance_sim::{Control, Fault, FaultKind, RunningSimulator, SimulatorOptions, Vendor};
use serde_json::{Value, json};

use super::{
    AppliancePolicy, Context, Delivery, DeliveryObserver, DeliverySettings, GuardSettings,
    PasswordPolicy, Removal, Scope, SystemRandomness, Target,
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

/// A store, an array, and the delivery between them.
struct Site {
    store: Arc<dyn Store>,
    simulator: RunningSimulator,
    delivery: Delivery,
    _folder: tempfile::TempDir,
}

fn policy() -> AppliancePolicy {
    AppliancePolicy {
        directory: "default".to_owned(),
        users: Some(Scope::All),
        groups: None,
        on_deactivate: Removal::Disable,
        on_leave_scope: Removal::Disable,
        on_delete: Removal::Delete,
        purge_after: None,
        create_inactive: false,
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

fn target(simulator: &RunningSimulator, policy: AppliancePolicy) -> Target {
    let options = simulator.options();
    let text = Profile::builtin(Vendor::Nimble.name()).unwrap();
    let profile = Arc::new(Profile::compile("nimble", text, &toml::Table::new()).unwrap());
    let settings = ApplianceSettings {
        name: ARRAY.to_owned(),
        url: simulator.url().parse().unwrap(),
        credentials: Credentials::Password {
            username: options.username.clone(),
            password: options.password.clone().into(),
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

impl Site {
    async fn start(policy: AppliancePolicy) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bridge.db");
        let store: Arc<dyn Store> =
            Arc::new(SqliteStore::open(&path, SqliteOptions::default()).unwrap());
        let simulator = appliance_sim::start(SimulatorOptions::new(Vendor::Nimble))
            .await
            .unwrap();
        let context = Context {
            store: Arc::clone(&store),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandomness),
            sealer: None,
            settings: settings(),
            observer: Arc::new(Silent),
            owner: "test".to_owned(),
        };
        let mut delivery = Delivery::new(context, vec![target(&simulator, policy)]);
        delivery.start().await.unwrap();
        Self {
            store,
            simulator,
            delivery,
            _folder: folder,
        }
    }

    fn control(&self) -> Control {
        self.simulator.control()
    }

    async fn create(&self, id: &str, name: &str, external_id: &str) {
        self.store
            .create_resource(CreateResource {
                context: by_request(),
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
        self.store
            .update_resource(UpdateResource {
                context: by_request(),
                directory: "default".to_owned(),
                kind: ResourceKind::User,
                id: id.to_owned(),
                expected_version: None,
                document: Some((document(name, id), keys(name, id))),
                members: Vec::new(),
                activated: false,
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
                context: by_request(),
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

fn by_request() -> WriteContext {
    WriteContext {
        request_id: "r".to_owned(),
        actor: "okta".to_owned(),
        now_ms: SystemClock.now_ms(),
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_returns_gets_the_same_account_back() {
    let site = Site::start(AppliancePolicy {
        on_delete: Removal::Disable,
        purge_after: Some(Duration::from_secs(86_400)),
        ..policy()
    })
    .await;
    site.create("first", "jane", "hr-1").await;
    let before = site.until("created", all_in_sync).await;
    site.delete("first").await;
    site.until("disabled", |links| {
        links[0].state == LinkState::PurgeWaiting
    })
    .await;
    site.create("second", "jane", "hr-1").await;
    let after = site
        .until("taken over", |links| {
            links.len() == 1 && links[0].resource_id == "second" && all_in_sync(links)
        })
        .await;
    assert_eq!(after[0].progress.remote_id, before[0].progress.remote_id);
    assert_eq!(after[0].progress.account_state.as_str(), "active");
    assert_eq!(site.creations(), 1);
    site.delivery.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_name_is_free_again_when_its_account_is_deleted() {
    let site = Site::start(policy()).await;
    site.create("first", "jane", "hr-1").await;
    site.until("created", all_in_sync).await;
    site.control().set_down(true);
    site.delete("first").await;
    site.create("second", "jane", "hr-2").await;
    site.until("waiting", |links| {
        links.len() == 2 && links[1].state == LinkState::Waiting
    })
    .await;
    site.control().set_down(false);
    site.until("made anew", |links| links.len() == 1 && all_in_sync(links))
        .await;
    assert_eq!(site.creations(), 2);
    site.delivery.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_people_swap_names() {
    let site = Site::start(policy()).await;
    site.create("first", "jane", "first").await;
    site.create("second", "john", "second").await;
    site.until("created", all_in_sync).await;
    site.control().set_down(true);
    // On their way through the directory, one name has to be free for a moment.
    site.rename("first", "between").await;
    site.rename("second", "jane").await;
    site.rename("first", "john").await;
    site.control().set_down(false);
    let swapped = |links: &[Link]| {
        let key = |at: usize| links[at].progress.account_key.as_deref();
        all_in_sync(links) && key(0) == Some("john") && key(1) == Some("jane")
    };
    site.until("swapped", swapped).await;
    assert_eq!(site.creations(), 2);
    site.delivery.stop().await;
}

/// Accounts of the array besides the administrator's own.
fn accounts(site: &Site) -> usize {
    let answered = |status: u16| (200..300).contains(&status);
    let journal = site.control().journal();
    let count = |method: &str, wanted: &dyn Fn(&str) -> bool| {
        journal
            .iter()
            .filter(|call| call.method == method && wanted(&call.path) && answered(call.status))
            .count()
    };
    count("POST", &|path| path.ends_with("/users"))
        - count("DELETE", &|path| path.contains("/users/"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_whose_creation_was_not_answered_goes_with_its_person() {
    let site = Site::start(policy()).await;
    let lost = Fault::new(FaultKind::DropAfterHandling)
        .on_method("POST")
        .on_path("/users$".parse().unwrap())
        .times(1);
    site.control().inject(lost);
    site.create("first", "jane", "hr-1").await;
    site.until("tried", |_| site.creations() == 1).await;
    site.delete("first").await;
    site.until("gone", <[Link]>::is_empty).await;
    assert_eq!(accounts(&site), 0);
    site.delivery.stop().await;
}
