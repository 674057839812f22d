//! Environment variables win over the file.

use std::time::Duration;

use secrecy::ExposeSecret as _;

use super::{APPLIANCE, Folder, TOKEN};
use crate::appliance::Credentials;
use crate::config::Config;

fn in_environment(variables: &[(&str, &str)]) -> Result<Config, String> {
    Folder::with(&format!("{TOKEN}{APPLIANCE}")).load_in(variables)
}

#[test]
fn values_are_read_as_the_type_of_their_key() {
    let config = in_environment(&[
        ("SCIM_BRIDGE_SCIM__LISTEN", "127.0.0.1:1234"),
        ("SCIM_BRIDGE_SCIM__MAX_RESULTS", "50"),
        ("SCIM_BRIDGE_STORE__PATH", "42"),
        ("SCIM_BRIDGE_DELIVERY__RETRY_DELAYS_SECONDS", "0.5, 2"),
        (
            "SCIM_BRIDGE_DIRECTORY__DEFAULT__MATCH_PARKED_BY_USER_NAME",
            "true",
        ),
        ("SCIM_BRIDGE_DIRECTORY__DEFAULT__PATCH_ANSWER", "no_content"),
        ("SCIM_BRIDGE_APPLIANCE_DEFAULTS__CONCURRENCY", "9"),
    ])
    .unwrap();
    assert_eq!(config.scim.listen.port(), 1234);
    assert_eq!(config.scim.max_results, 50);
    assert!(config.store.path.ends_with("42"));
    assert_eq!(
        config.delivery.retry_delays,
        [Duration::from_millis(500), Duration::from_secs(2)]
    );
    assert!(config.directories[0].match_parked_by_user_name);
    assert!(config.directories[0].patch_no_content);
    assert_eq!(config.appliances[0].settings.concurrency, 9);
}

#[test]
fn members_of_lists_are_addressed_by_name() {
    let config = in_environment(&[
        (
            "SCIM_BRIDGE_APPLIANCE__NAS_1__PASSWORD",
            "from the environment",
        ),
        (
            "SCIM_BRIDGE_DIRECTORY__DEFAULT__TOKEN__OKTA__SHA256",
            &"0c".repeat(32),
        ),
    ])
    .unwrap();
    let Credentials::Password { password, username } = &config.appliances[0].settings.credentials
    else {
        panic!("a password was configured");
    };
    assert_eq!(password.expose_secret(), "from the environment");
    assert_eq!(username, "bridge");
    assert_eq!(config.directories[0].tokens[0].sha256, [0x0c; 32]);
}

#[test]
fn errors_name_the_variable() {
    let errors = in_environment(&[
        ("SCIM_BRIDGE_SCIM_LISTEN", "127.0.0.1:1234"),
        ("SCIM_BRIDGE_SCIM__MAX_RESULTS", "many"),
        ("SCIM_BRIDGE_SCIM__WORKERS", "70000"),
        ("SCIM_BRIDGE_OPS__LISTEN", "localhost"),
        ("SCIM_BRIDGE_APPLIANCE__NAS_2__PASSWORD", "hunter2"),
        ("SCIM_BRIDGE_LOG", "info"),
    ])
    .unwrap_err();
    insta::assert_snapshot!(errors);
    assert!(!errors.contains("hunter2"));
}

#[test]
fn variables_of_others_are_left_alone() {
    let config = in_environment(&[
        ("SCIM_BRIDGE_CONFIG", "/etc/scim-bridge.toml"),
        // What Kubernetes sets for services called `scim-bridge` and `scim-bridge-ops`.
        ("SCIM_BRIDGE_SERVICE_HOST", "10.0.0.1"),
        ("SCIM_BRIDGE_SERVICE_PORT_HTTP", "8080"),
        ("SCIM_BRIDGE_PORT", "tcp://10.0.0.1:8080"),
        ("SCIM_BRIDGE_PORT_8080_TCP_ADDR", "10.0.0.1"),
        ("SCIM_BRIDGE_OPS_SERVICE_HOST", "10.0.0.1"),
        ("SCIM_BRIDGE_OPS_PORT_9090_TCP", "tcp://10.0.0.1:9090"),
        ("HOME", "/root"),
    ]);
    assert!(config.is_ok(), "{config:?}");
}
