//! What the tests of this module share.

use std::sync::Arc;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::HeaderMap;
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::web;
use serde_json::Value;

use super::server::application;
use super::settings::ScimSettings;
use super::state::ScimState;
use crate::directory::testing::{World, settings as directory_settings};
use crate::directory::{DirectorySettings, UuidSource};
use crate::telemetry::Metrics;

/// The token of the directory `default`.
pub(super) const TOKEN: &str = "correct-horse-battery-staple";
/// The token of the directory `other`.
pub(super) const OTHER_TOKEN: &str = "incorrect-pony-charger-paperclip";

/// Settings of a listener on a free loopback port.
pub(super) fn settings() -> ScimSettings {
    ScimSettings {
        listen: "127.0.0.1:0".parse().unwrap(),
        tls: None,
        behind_proxy: false,
        public_url: None,
        max_body_bytes: 64 << 10,
        bulk_max_operations: 20,
        bulk_max_payload_bytes: 64 << 10,
        max_results: 200,
        client_timeout: Duration::from_secs(5),
        shutdown_timeout: Duration::from_secs(5),
        workers: 1,
    }
}

/// The endpoint on a store in a temporary folder, with two directories.
pub(super) struct Endpoint {
    pub state: web::Data<ScimState>,
    pub metrics: Arc<Metrics>,
    /// The store with its folder, and the places for scans.
    pub world: World,
}

impl Endpoint {
    pub(super) fn new() -> Self {
        Self::with(settings(), directory_settings("default", TOKEN))
    }

    pub(super) fn with(settings: ScimSettings, default: DirectorySettings) -> Self {
        let world = World::new();
        let other = directory_settings("other", OTHER_TOKEN);
        let directories =
            [default, other].map(|settings| Arc::new(world.directory(settings, false)));
        let metrics = Arc::new(Metrics::new());
        let ids = Arc::new(UuidSource);
        let state = ScimState::new(settings, &directories, Arc::clone(&metrics), ids);
        Self {
            state: web::Data::new(state),
            metrics,
            world,
        }
    }

    /// Sends a request as it is.
    pub(super) async fn send(&self, request: TestRequest) -> Reply {
        let service = init_service(application(self.state.clone())).await;
        let response = call_service(&service, request.to_request()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = read_body(response).await;
        let body = if bytes.is_empty() {
            Value::Null
        } else {
            serde_json::from_slice(&bytes).unwrap()
        };
        Reply {
            status,
            headers,
            body,
        }
    }

    /// Sends a request with the token of the directory `default`.
    pub(super) async fn ask(&self, request: TestRequest) -> Reply {
        let header = ("Authorization", format!("Bearer {TOKEN}"));
        self.send(request.insert_header(header)).await
    }
}

/// An answer.
pub(super) struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Reply {
    /// A header as text; empty if it is not there.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}
