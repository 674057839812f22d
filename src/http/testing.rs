//! What the tests of this module share.

use std::time::Duration;

use super::settings::ScimSettings;

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
        workers: 2,
    }
}
