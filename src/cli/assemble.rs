//! The composition root: from a configuration to a running bridge. `serve`, `demo` and the
//! integration tests all start here.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use secrecy::SecretString;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::targets::targets;
use crate::appliance::CallObserver;
use crate::config::Config;
use crate::delivery::{
    Context, Delivery, DeliveryHealth, DeliveryObserver, Sealer, SystemRandomness,
};
use crate::directory::{Directory, PasswordSealer, Ports, Scans, SealError, UuidSource};
use crate::http::{
    HealthSource, OpsState, ScimState, ServeError, bind, serve_ops, serve_scim, server_config,
};
use crate::store::Store;
use crate::store::sqlite::{SqliteOptions, SqliteStore};
use crate::telemetry::{Clock, LogError, Metrics, SystemClock, start_logs};
use crate::vendor::{FailureClass, Operation};

/// A bridge at work.
pub struct Running {
    scim: Listener,
    ops: Listener,
    delivery: Delivery,
    store: Arc<SqliteStore>,
    tls: bool,
}

struct Listener {
    address: SocketAddr,
    stop: CancellationToken,
    task: JoinHandle<Result<(), ServeError>>,
    /// The task's result has been taken; asking for it again would panic.
    ended: bool,
}

/// Starts everything that the configuration names.
///
/// # Errors
/// A sentence that says what could not be started, and why.
pub async fn start(config: Config) -> Result<Running> {
    install_tls_provider();
    begin_logging(&config)?;
    for warning in &config.warnings {
        warn!("{warning}");
    }
    // What can be refused is tried before anything is changed.
    if let Some(files) = &config.scim.tls {
        server_config(files)?;
    }
    let metrics = Arc::new(Metrics::new());
    let calls: Arc<dyn CallObserver> = Arc::new(CallMetrics(Arc::clone(&metrics)));
    let targets = targets(&config.appliances, &calls)?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Arc::new(open_store(&config)?);
    let sealer = sealer(&config)?;
    let mut delivery = Delivery::new(
        Context {
            store: Arc::clone(&store) as Arc<dyn Store>,
            clock: Arc::clone(&clock),
            random: Arc::new(SystemRandomness),
            sealer: sealer.clone(),
            settings: config.delivery.clone(),
            observer: Arc::new(DeliveryMetrics(Arc::clone(&metrics))),
            owner: format!("{}-{}", std::process::id(), uuid::Uuid::now_v7()),
        },
        targets,
    );
    let ports = Ports {
        targets: delivery.planner(),
        sealer: sealer.map(|sealer| Arc::new(SealingPort(sealer)) as Arc<dyn PasswordSealer>),
        clock: Arc::clone(&clock),
        ids: Arc::new(UuidSource),
        scans: Arc::new(Scans::new(config.scan, Arc::clone(&metrics))),
    };
    let directories: Vec<Arc<Directory>> = config
        .directories
        .iter()
        .map(|settings| {
            let store = Arc::clone(&store) as Arc<dyn Store>;
            Arc::new(Directory::new(settings.clone(), store, ports.clone()))
        })
        .collect();
    // Both ports are taken before anything is delivered, so that a second start that cannot listen
    // leaves the appliances alone.
    let scim_listener = bind(config.scim.listen)?;
    let ops_listener = bind(config.ops.listen)?;
    delivery
        .start()
        .await
        .context("the delivery cannot start")?;
    let ops_state = Arc::new(OpsState {
        store: Arc::clone(&store) as Arc<dyn Store>,
        sources: vec![Arc::new(DeliveryReadiness(delivery.health()))],
        metrics: Arc::clone(&metrics),
        clock,
    });
    let tls = config.scim.tls.is_some();
    let scim_state = Arc::new(ScimState::new(
        config.scim,
        &directories,
        metrics,
        Arc::new(UuidSource),
    ));
    let paths = scim_state.paths().collect::<Vec<_>>().join(" ");
    let scim = Listener::start(scim_listener, |listener, stop| {
        tokio::spawn(serve_scim(listener, scim_state, stop))
    })?;
    let ops = Listener::start(ops_listener, |listener, stop| {
        tokio::spawn(serve_ops(listener, ops_state, stop))
    })?;
    info!(scim = %scim.address, ops = %ops.address, paths, "scim-bridge is up");
    Ok(Running {
        scim,
        ops,
        delivery,
        store,
        tls,
    })
}

impl Listener {
    fn start(
        listener: TcpListener,
        serve: impl FnOnce(TcpListener, CancellationToken) -> JoinHandle<Result<(), ServeError>>,
    ) -> Result<Self> {
        let address = listener
            .local_addr()
            .context("the listener has no address")?;
        let stop = CancellationToken::new();
        let task = serve(listener, stop.clone());
        Ok(Self {
            address,
            stop,
            task,
            ended: false,
        })
    }

    async fn stop(self, name: &str) {
        self.stop.cancel();
        if self.ended {
            return;
        }
        match self.task.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(%error, "the {name} listener ended with an error"),
            Err(error) => warn!(%error, "the {name} listener ended abnormally"),
        }
    }
}

impl Running {
    /// The base URL for SCIM clients on this machine.
    pub fn scim_url(&self) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}/scim/v2", self.scim.address)
    }

    /// The base URL of a directory besides `default`.
    pub fn directory_url(&self, directory: &str) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{}/scim/{directory}/v2", self.scim.address)
    }

    /// The URL of health and metrics.
    pub fn ops_url(&self) -> String {
        format!("http://{}", self.ops.address)
    }

    /// The store, for reports.
    pub fn store(&self) -> Arc<dyn Store> {
        Arc::clone(&self.store) as Arc<dyn Store>
    }

    /// Resolves when a listener has ended although nobody asked it to; returns why.
    pub async fn failed(&mut self) -> anyhow::Error {
        let (name, joined) = tokio::select! {
            joined = &mut self.scim.task, if !self.scim.ended => {
                self.scim.ended = true;
                ("SCIM", joined)
            }
            joined = &mut self.ops.task, if !self.ops.ended => {
                self.ops.ended = true;
                ("operators'", joined)
            }
            else => return anyhow::anyhow!("both listeners have ended"),
        };
        match joined {
            Ok(Ok(())) => anyhow::anyhow!("the {name} listener has ended"),
            Ok(Err(error)) => anyhow::anyhow!("the {name} listener has ended: {error}"),
            Err(error) => anyhow::anyhow!("the {name} listener has ended abnormally: {error}"),
        }
    }

    /// Ends in order: no more requests, then what is in flight to the appliances, then the store.
    pub async fn stop(self) {
        self.scim.stop("SCIM").await;
        self.delivery.stop().await;
        self.ops.stop("operators'").await;
        self.store.close().await;
        info!("scim-bridge has stopped");
    }
}

/// Resolves on SIGINT or SIGTERM.
pub async fn stop_signal() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    interrupted.await;
}

fn open_store(config: &Config) -> Result<SqliteStore> {
    let settings = &config.store;
    SqliteStore::open(
        &settings.path,
        SqliteOptions {
            readers: settings.readers,
            synchronous_full: settings.synchronous_full,
        },
    )
    .with_context(|| format!("the database {} cannot be opened", settings.path.display()))
}

/// A sealer, if some appliance is to get the identity provider's passwords.
fn sealer(config: &Config) -> Result<Option<Arc<Sealer>>> {
    let wanted = config
        .appliances
        .iter()
        .any(|appliance| appliance.policy.password == crate::delivery::PasswordPolicy::Sync);
    if !wanted {
        return Ok(None);
    }
    let sealer = Sealer::from_file(&config.sealing_key_file, &SystemRandomness)?;
    Ok(Some(Arc::new(sealer)))
}

fn begin_logging(config: &Config) -> Result<()> {
    match start_logs(&config.log.filter, config.log.format) {
        // Several bridges in one process, as tests have them, share the first one's log.
        Ok(()) | Err(LogError::AlreadyStarted(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Makes aws-lc-rs the process's provider; that it is so already is as good.
pub fn install_tls_provider() {
    if rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .is_err()
    {
        tracing::debug!("a TLS provider is installed already");
    }
}

struct SealingPort(Arc<Sealer>);

impl PasswordSealer for SealingPort {
    fn seal(&self, resource_id: &str, password: &SecretString) -> Result<Vec<u8>, SealError> {
        self.0
            .seal(resource_id, password)
            .map_err(|error| SealError(error.to_string()))
    }
}

struct DeliveryReadiness(Arc<DeliveryHealth>);

impl HealthSource for DeliveryReadiness {
    fn name(&self) -> &'static str {
        "delivery"
    }

    fn ready(&self) -> Result<(), String> {
        self.0.check()
    }
}

struct DeliveryMetrics(Arc<Metrics>);

impl DeliveryObserver for DeliveryMetrics {
    fn attempted(&self, appliance: &str, outcome: &str, class: &str, _elapsed: Duration) {
        self.0.delivery(appliance, outcome, class);
    }

    fn breaker(&self, appliance: &str, state: &str) {
        self.0.set_breaker(appliance, state);
    }
}

struct CallMetrics(Arc<Metrics>);

impl CallObserver for CallMetrics {
    fn called(
        &self,
        appliance: &str,
        operation: Operation,
        outcome: Result<(), FailureClass>,
        _status: Option<u16>,
        elapsed: Duration,
    ) {
        let word = outcome.map_or_else(FailureClass::as_str, |()| "ok");
        self.0
            .vendor_call(appliance, operation.as_str(), word, elapsed);
    }
}
