//! The site: configuration as a user would write it, everything in process.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use appliance_sim::{Call, Control, RunningSimulator, SimulatorOptions, Vendor};
use scim_bridge::cli::assemble::{self, Running};
use scim_bridge::store::{LinkError, LinkFilter, LinkReport, LinkState, Store};
use serde_json::Value;

use super::client::Scim;
use super::operator::Operator;

/// The token of every test site.
const TOKEN: &str = "scimb_it-only-0123456789abcdefghijklmnopqrstuvwxyzABCD";

/// The token of the directory that [`SiteBuilder::partners`] adds.
pub const PARTNERS_TOKEN: &str = "scimb_it-only-partners-0123456789abcdefghijklmnopqr";

/// How long anything may take before a test gives up; only ever reached by a failing test.
const PATIENCE: Duration = Duration::from_secs(300);

/// What a test wants.
#[derive(Clone, Default)]
pub struct SiteBuilder {
    appliances: Vec<(String, Vendor, String)>,
    /// What simulators are started with, where that is not the vendor's default.
    options: BTreeMap<String, SimulatorOptions>,
    /// Tables of appliances that run already.
    existing: String,
    /// Lines for the `[scim]` table.
    scim: String,
    /// Keys that stand before every table.
    top: String,
    /// Further tables.
    settings: String,
    /// Lines for the `[directory.default]` table, and tables within it.
    directory: String,
    /// Lines for the `[delivery]` table.
    delivery: String,
    /// Releases of simulators, by appliance; the vendor's default unless it is here.
    releases: BTreeMap<String, String>,
    /// User name and password of the bridge, by appliance; the administrator's unless they are here.
    logins: BTreeMap<String, (String, String)>,
}

/// What a test gets.
pub struct Site {
    running: Option<Running>,
    pub scim: Scim,
    simulators: BTreeMap<String, RunningSimulator>,
    builder: SiteBuilder,
    folder: tempfile::TempDir,
}

impl SiteBuilder {
    /// Adds an appliance; `more` is TOML for its table. Groups are pushed to all but Nimble.
    pub fn appliance(mut self, name: &str, vendor: Vendor, more: &str) -> Self {
        self.appliances
            .push((name.to_owned(), vendor, more.to_owned()));
        self
    }

    /// Adds an appliance that is simulated with these options.
    pub fn simulated(mut self, name: &str, options: SimulatorOptions, more: &str) -> Self {
        let vendor = options.vendor;
        self.options.insert(name.to_owned(), options);
        self.appliance(name, vendor, more)
    }

    /// Chooses the release that an appliance's simulator imitates.
    pub fn release(mut self, name: &str, release: &str) -> Self {
        self.releases.insert(name.to_owned(), release.to_owned());
        self
    }

    /// Lets the bridge log in to an appliance as somebody else than its administrator.
    pub fn login(mut self, name: &str, username: &str, password: &str) -> Self {
        let login = (username.to_owned(), password.to_owned());
        self.logins.insert(name.to_owned(), login);
        self
    }

    /// Adds lines to the `[delivery]` table.
    pub fn delivery(mut self, lines: &str) -> Self {
        writeln!(self.delivery, "{lines}").unwrap();
        self
    }

    /// Takes an appliance out, to be put back by [`SiteBuilder::with`].
    pub fn without(mut self, name: &str) -> (Self, (String, Vendor, String)) {
        let position = self
            .appliances
            .iter()
            .position(|(appliance, _, _)| appliance == name)
            .unwrap();
        let taken = self.appliances.remove(position);
        (self, taken)
    }

    /// Puts an appliance back that [`SiteBuilder::without`] took out.
    pub fn with(mut self, appliance: (String, Vendor, String)) -> Self {
        self.appliances.push(appliance);
        self
    }

    /// Adds an appliance that runs already and outlives the site.
    pub fn existing(mut self, name: &str, simulator: &RunningSimulator, more: &str) -> Self {
        self.existing.push_str(&table(name, simulator, None, more));
        self
    }

    /// Adds lines to the `[scim]` table.
    pub fn scim(mut self, lines: &str) -> Self {
        self.scim.push_str(lines);
        self
    }

    /// Adds TOML tables.
    pub fn settings(mut self, toml: &str) -> Self {
        self.settings.push_str(toml);
        self.settings.push('\n');
        self
    }

    /// Adds keys that stand before every table.
    pub fn top(mut self, lines: &str) -> Self {
        writeln!(self.top, "{lines}").unwrap();
        self
    }

    /// Lets the endpoint speak TLS.
    pub fn tls(mut self, certificate: &Path, key: &Path) -> Self {
        writeln!(
            self.scim,
            "certificate_file = {:?}\nkey_file = {:?}",
            certificate, key
        )
        .unwrap();
        self
    }

    /// Settings of the directory, as TOML for its table.
    pub fn directory(mut self, more: &str) -> Self {
        writeln!(self.directory, "{more}").unwrap();
        self
    }

    /// Adds the directory `partners`, with settings as TOML for its table.
    pub fn partners(self, more: &str) -> Self {
        let digest = scim_bridge::cli::token::digest_hex(PARTNERS_TOKEN);
        self.settings(&format!(
            "[directory.partners]\n{more}\n[[directory.partners.token]]\nname = \"partners\"\n\
             sha256 = \"{digest}\""
        ))
    }

    /// One appliance of each vendor: `nas`, `vpn`, `array`, `foreman`.
    pub fn all_vendors(self) -> Self {
        self.appliance("nas", Vendor::TrueNas, "groups = \"all\"")
            .appliance("vpn", Vendor::FortiAuthenticator, "groups = \"all\"")
            .appliance("array", Vendor::Nimble, "")
            .appliance("foreman", Vendor::Foreman, "groups = \"all\"")
    }

    pub async fn start(self) -> Site {
        let mut simulators = BTreeMap::new();
        for (name, vendor, _) in &self.appliances {
            let options = self.options.get(name).cloned();
            let mut options = options.unwrap_or_else(|| SimulatorOptions::new(*vendor));
            if let Some(release) = self.releases.get(name) {
                options.release = Some(release.clone());
            }
            let simulator = appliance_sim::start(options).await.unwrap();
            simulators.insert(name.clone(), simulator);
        }
        let folder = tempfile::tempdir().unwrap();
        let mut site = Site {
            running: None,
            scim: Scim::new(String::new(), None),
            simulators,
            builder: self,
            folder,
        };
        site.start_bridge().await;
        // A new appliance is swept, which would make due once more what a test is about to push.
        site.settled(&[]).await;
        site
    }
}

impl Site {
    /// A site with one appliance of each vendor.
    pub async fn with_all_vendors() -> Self {
        SiteBuilder::default().all_vendors().start().await
    }

    /// The configuration as it stands.
    pub fn config_file(&self) -> PathBuf {
        self.folder.path().join("scim-bridge.toml")
    }

    /// Leaves an appliance out of the configuration, or brings it back, at the next start.
    pub fn reconfigure(&mut self, change: impl FnOnce(SiteBuilder) -> SiteBuilder) {
        let builder = std::mem::take(&mut self.builder);
        self.builder = change(builder);
    }

    /// Starts a simulator that a later configuration names.
    pub async fn add_simulator(&mut self, name: &str, vendor: Vendor) {
        let simulator = appliance_sim::start(SimulatorOptions::new(vendor))
            .await
            .unwrap();
        self.simulators.insert(name.to_owned(), simulator);
    }

    /// Puts another simulator in an appliance's place, as an upgrade does: it keeps the address and
    /// the credentials.
    pub async fn replace_simulator(&mut self, name: &str, release: &str) {
        let old = self.simulators.remove(name).unwrap();
        let options = SimulatorOptions {
            release: Some(release.to_owned()),
            listen: old.url().trim_start_matches("http://").parse().unwrap(),
            ..old.options().clone()
        };
        old.stop().await;
        let new = appliance_sim::start(options).await.unwrap();
        self.simulators.insert(name.to_owned(), new);
    }

    pub async fn start_bridge(&mut self) {
        write_private(&self.config_file(), &self.configuration());
        let config =
            scim_bridge::config::load(Some(&self.config_file()), std::iter::empty()).unwrap();
        let running = assemble::start(config).await.unwrap();
        self.scim = Scim::new(running.scim_url(), Some(TOKEN.to_owned()));
        self.running = Some(running);
    }

    pub async fn stop_bridge(&mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    fn configuration(&self) -> String {
        let digest = scim_bridge::cli::token::digest_hex(TOKEN);
        let mut text = format!(
            "{}[scim]\nlisten = \"127.0.0.1:0\"\n{}[ops]\nlisten = \"127.0.0.1:0\"\n\
             [store]\npath = \"scim-bridge.db\"\n[log]\nfilter = \"error\"\n\
             [directory.default]\n{}[[directory.default.token]]\nname = \"it\"\nsha256 = \"{digest}\"\n\
             [delivery]\n{}breaker_pause_seconds = 0.1\n",
            self.builder.top, self.builder.scim, self.builder.directory, self.builder.delivery
        );
        if !self.builder.delivery.contains("retry_delays_seconds") {
            text.push_str("retry_delays_seconds = [0.05, 0.1, 0.2]\n");
        }
        for (name, _, more) in &self.builder.appliances {
            let login = self.builder.logins.get(name).cloned();
            text.push_str(&table(name, &self.simulators[name], login, more));
        }
        text.push_str(&self.builder.existing);
        text.push_str(&self.builder.settings);
        text
    }

    /// A client of this site's directory at another address.
    pub fn client_of(&self, scim_url: &str) -> Scim {
        Scim::new(scim_url.to_owned(), Some(TOKEN.to_owned()))
    }

    /// A client of the directory `partners`.
    pub fn partners(&self) -> Scim {
        let url = self.running().directory_url("partners");
        Scim::new(url, Some(PARTNERS_TOKEN.to_owned()))
    }

    pub fn running(&self) -> &Running {
        self.running.as_ref().unwrap()
    }

    pub fn ops_url(&self) -> String {
        self.running().ops_url()
    }

    pub fn store(&self) -> Arc<dyn Store> {
        self.running().store()
    }

    pub fn simulator(&self, name: &str) -> &RunningSimulator {
        &self.simulators[name]
    }

    pub fn control(&self, name: &str) -> Control {
        self.simulators[name].control()
    }

    /// An administrator of an appliance, who works beside the bridge.
    pub fn operator(&self, name: &str) -> Operator<'_> {
        Operator::of(&self.simulators[name])
    }

    /// Turns a knob of a simulator, below `/_sim/`.
    pub fn turn(&self, name: &str, method: &str, knob: &str, value: &Value) {
        let answer = self
            .control(name)
            .ask(method, &format!("/_sim/{knob}"), value);
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert_eq!(answer.status, 200, "{knob} {value}: {text}");
    }

    /// Changes settings of a simulator.
    pub fn set(&self, name: &str, settings: &Value) {
        self.turn(name, "POST", "settings", settings);
    }

    /// The calls to an appliance that change something, logins and logouts apart.
    pub fn writes(&self, name: &str) -> Vec<Call> {
        let changes = |call: &Call| match call.method.as_str() {
            "GET" => false,
            "RPC" => !call.path.starts_with("auth.") && !call.path.ends_with("query"),
            _ => !call.path.contains("/tokens"),
        };
        let mut calls = self.control(name).journal();
        calls.retain(changes);
        calls
    }

    /// The links of a user or group by name.
    pub async fn links(&self) -> Vec<LinkReport> {
        self.store()
            .link_report(LinkFilter::default())
            .await
            .unwrap()
    }

    /// The link of a resource on an appliance.
    pub async fn link(&self, appliance: &str, resource_id: &str) -> LinkReport {
        self.links()
            .await
            .into_iter()
            .find(|link| link.link.appliance == appliance && link.link.resource_id == resource_id)
            .unwrap_or_else(|| panic!("no link of {resource_id} on {appliance}"))
    }

    /// Waits until the link of a resource on an appliance carries an error, and gives it. What the
    /// appliance refuses is tried again for ever, so that it never settles.
    pub async fn failure(&self, appliance: &str, resource_id: &str) -> LinkError {
        let failed = || async { self.link(appliance, resource_id).await.link.error.is_some() };
        self.until(failed).await;
        self.link(appliance, resource_id).await.link.error.unwrap()
    }

    /// Waits until nothing is left to be done on these appliances (all, if none is named).
    pub async fn settled(&self, appliances: &[&str]) {
        let concerns = |name: &str| appliances.is_empty() || appliances.contains(&name);
        self.until(|| async {
            let sweeps = self.store().appliance_report().await.unwrap();
            let swept = sweeps
                .iter()
                .filter(|report| concerns(&report.name) && !report.detached)
                .all(|report| report.sweeps == 0);
            let counts = self.store().link_counts().await.unwrap();
            swept
                && counts
                    .iter()
                    .filter(|count| concerns(&count.appliance))
                    .all(|count| !is_moving(count.state) || count.count == 0)
        })
        .await;
    }

    /// Waits until a condition holds.
    pub async fn until<F, R>(&self, condition: F)
    where
        F: Fn() -> R,
        R: Future<Output = bool>,
    {
        let started = Instant::now();
        while !condition().await {
            if started.elapsed() > PATIENCE {
                let links = self.links().await;
                panic!("not settled after {PATIENCE:?}: {links:#?}");
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

fn is_moving(state: LinkState) -> bool {
    matches!(
        state,
        LinkState::Pending | LinkState::InFlight | LinkState::Waiting
    )
}

/// An appliance's table in the configuration.
fn table(
    name: &str,
    simulator: &RunningSimulator,
    login: Option<(String, String)>,
    more: &str,
) -> String {
    let options = simulator.options();
    let (username, password) =
        login.unwrap_or_else(|| (options.username.clone(), options.password.clone()));
    let credentials = match &options.token {
        Some(token) => format!("token = \"{token}\""),
        None => format!("username = \"{username}\"\npassword = \"{password}\""),
    };
    format!(
        "[[appliance]]\nname = \"{name}\"\nvendor = \"{}\"\nurl = \"{}\"\n\
         {credentials}\n{more}\n",
        options.vendor,
        simulator.url(),
    )
}

/// The fingerprint of a simulator's certificate.
pub fn read_certificate_of(simulator: &RunningSimulator) -> String {
    simulator.certificate_sha256().unwrap()
}

/// Configurations hold passwords; the bridge warns of files that others can read.
fn write_private(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}
