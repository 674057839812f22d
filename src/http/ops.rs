//! The listener for operators: is the process there, is it ready, how is it doing.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde_json::{Map, Value, json};

use super::metrics_page::metrics;
use crate::store::Store;
use crate::telemetry::{Clock, Metrics};

/// How long the store may take to answer; a load balancer waits little longer.
const PING_TIMEOUT: Duration = Duration::from_secs(2);

/// Something that readiness depends on.
pub trait HealthSource: Send + Sync {
    /// Its name in the answer of `/readyz`.
    fn name(&self) -> &'static str;

    /// Whether it is ready.
    ///
    /// # Errors
    /// A sentence for the operator that says what is missing.
    fn ready(&self) -> Result<(), String>;
}

/// What the handlers of the listener share.
pub struct OpsState {
    /// Asked whether it can be written, and for the state of links. It opens only after its
    /// migrations, so that a store that answers has them.
    pub store: Arc<dyn Store>,
    /// What else has to be ready.
    pub sources: Vec<Arc<dyn HealthSource>>,
    /// What `/metrics` shows.
    pub metrics: Arc<Metrics>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Puts health and metrics into an application.
pub fn ops_app(state: web::Data<OpsState>) -> impl FnOnce(&mut web::ServiceConfig) {
    move |services| {
        services
            .app_data(state)
            .route("/healthz", web::get().to(healthz))
            // Some load balancers probe with HEAD.
            .route("/healthz", web::head().to(healthz))
            .route("/readyz", web::get().to(readyz))
            .route("/metrics", web::get().to(metrics));
    }
}

/// 200 as long as the process answers; says nothing of what it depends on, so that an
/// orchestrator does not restart it for a database that is away.
async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "ok" }))
}

async fn readyz(state: web::Data<OpsState>) -> HttpResponse {
    let mut checks = vec![("store", store_ready(&state).await)];
    checks.extend(
        state
            .sources
            .iter()
            .map(|source| (source.name(), source.ready())),
    );
    let ready = checks.iter().all(|(_, check)| check.is_ok());
    let shown: Map<String, Value> = checks
        .into_iter()
        .map(|(name, check)| {
            let text = check.err().unwrap_or_else(|| "ok".to_owned());
            (name.to_owned(), Value::String(text))
        })
        .collect();
    let status = if ready { "ready" } else { "not ready" };
    let body = json!({ "status": status, "checks": shown });
    if ready {
        HttpResponse::Ok().json(body)
    } else {
        HttpResponse::ServiceUnavailable().json(body)
    }
}

async fn store_ready(state: &OpsState) -> Result<(), String> {
    match tokio::time::timeout(PING_TIMEOUT, state.store.ping()).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_elapsed) => Err(format!(
            "the store did not answer within {} s",
            PING_TIMEOUT.as_secs()
        )),
    }
}
