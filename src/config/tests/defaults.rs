//! The reference file and the code agree.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use toml::{Table, Value};

use super::{APPLIANCE, Folder, TOKEN, config};
use crate::appliance::Trust;
use crate::config::check::check_table;
use crate::config::errors::Findings;
use crate::config::file::ConfigurationFile;
use crate::config::introspect::Shape;
use crate::config::places::KeyPath;
use crate::config::reference;
use crate::delivery::{CollisionPolicy, PasswordPolicy, Removal, RenamePolicy, Scope};
use crate::scim::Tolerances;
use crate::telemetry::LogFormat;

#[test]
fn a_small_file_gets_the_documented_defaults() {
    let folder = Folder::with(&format!("{TOKEN}{APPLIANCE}"));
    let config = folder.load().unwrap();
    assert!(config.warnings.is_empty(), "{:?}", config.warnings);
    assert_eq!(
        config.scim.listen,
        "127.0.0.1:8080".parse::<SocketAddr>().unwrap()
    );
    assert_eq!(
        config.ops.listen,
        "127.0.0.1:9090".parse::<SocketAddr>().unwrap()
    );
    assert!(config.scim.tls.is_none());
    assert!(!config.scim.behind_proxy);
    assert_eq!(config.scim.max_body_bytes, 1024 * 1024);
    assert_eq!(config.scim.bulk_max_operations, 1_000);
    assert_eq!(config.scim.bulk_max_payload_bytes, 1024 * 1024);
    assert_eq!(config.store.path, folder.path().join("scim-bridge.db"));
    assert!(config.store.synchronous_full);
    assert_eq!(config.scan.max_concurrent, 2);
    assert_eq!(config.scan.max_wait, Duration::from_secs(2));
    assert_eq!(config.scan.max_duration, Duration::from_secs(10));
    assert_eq!(
        config.sealing_key_file,
        folder.path().join("scim-bridge.db.sealing-key")
    );
    assert_eq!(config.log.filter, "info");
    assert_eq!(config.log.format, LogFormat::Automatic);
    assert_eq!(
        config.delivery.retry_delays,
        [1, 5, 30, 120, 600, 1800].map(Duration::from_secs)
    );
    assert_eq!(config.delivery.password_ttl, Duration::from_secs(72 * 3600));
    let directory = &config.directories[0];
    assert_eq!(directory.name, "default");
    assert!(directory.unique_group_names);
    assert!(!directory.patch_no_content);
    assert!(directory.accept_unknown_members);
    assert_eq!(directory.tolerances, Tolerances::all());
    assert_eq!(directory.schemas.declared().count(), 0);
    assert_eq!(directory.tokens[0].name, "okta");
    assert_eq!(directory.tokens[0].sha256[..2], [0x9f, 0x86]);
}

#[test]
fn an_appliance_is_careful_by_default() {
    let config = config(&format!("{TOKEN}{APPLIANCE}"));
    let appliance = &config.appliances[0];
    assert_eq!(appliance.profile.vendor, "truenas");
    assert_eq!(appliance.settings.trust, Trust::System);
    assert_eq!(appliance.settings.request_timeout, Duration::from_secs(30));
    assert_eq!(appliance.settings.concurrency, 4);
    let policy = &appliance.policy;
    assert!(matches!(policy.users, Some(Scope::All)));
    assert!(policy.groups.is_none());
    assert_eq!(policy.on_deactivate, Removal::Disable);
    assert_eq!(policy.on_leave_scope, Removal::Disable);
    assert_eq!(policy.on_delete, Removal::Delete);
    assert_eq!(policy.purge_after, None);
    assert!(!policy.create_inactive);
    assert_eq!(policy.on_collision, CollisionPolicy::Refuse);
    assert_eq!(policy.on_rename, RenamePolicy::Refuse);
    assert_eq!(policy.password, PasswordPolicy::Generate);
    assert!(!policy.authoritative_members);
    assert_eq!(policy.guard.window, Duration::from_secs(3600));
    assert_eq!(policy.guard.max_deletes, 25);
    assert_eq!(policy.guard.max_deletes_percent, 10);
}

#[test]
fn defaults_for_all_appliances_can_be_changed_in_one_place() {
    let second = APPLIANCE.replace("nas-1", "nas-2");
    let config = config(&format!(
        "{TOKEN}[appliance_defaults]\nconcurrency = 2\non_delete = \"disable\"\n\
         ca_file = \"none.pem\"\nguard.max_deletes = 3\n\
         {APPLIANCE}certificate_sha256 = \"{pin}\"\n\
         {second}concurrency = 8\nguard.max_disables = 1\ninsecure_tls = true\n",
        pin = "ab".repeat(32)
    ));
    let [first, second] = &config.appliances[..] else {
        panic!("two appliances");
    };
    assert_eq!(first.settings.concurrency, 2);
    assert_eq!(first.policy.on_delete, Removal::Disable);
    assert_eq!(first.policy.guard.max_deletes, 3);
    assert_eq!(first.policy.guard.max_disables, 25);
    assert_eq!(first.settings.trust, Trust::Pin([0xab; 32]));
    assert_eq!(second.settings.concurrency, 8);
    assert_eq!(second.policy.guard.max_deletes, 3);
    assert_eq!(second.policy.guard.max_disables, 1);
    assert_eq!(second.settings.trust, Trust::Insecure);
}

#[test]
fn every_key_of_the_reference_is_known() {
    for text in [reference().to_owned(), uncommented()] {
        let mut table: Table = text.parse().unwrap();
        let mut findings = Findings::default();
        let shape = Shape::of::<ConfigurationFile>().unwrap();
        check_table(&shape, &mut table, &KeyPath::default(), &mut findings);
        findings.into_result().unwrap();
    }
}

#[test]
fn every_known_key_is_in_the_reference() {
    let mut known = BTreeSet::new();
    keys_of(&Shape::of::<ConfigurationFile>().unwrap(), "", &mut known);
    let mut written = BTreeSet::new();
    let table: Table = uncommented().parse().unwrap();
    keys_in(&Value::Table(table), "", &mut written);
    let missing: Vec<_> = known.difference(&written).collect();
    assert!(missing.is_empty(), "not in the reference: {missing:?}");
}

#[test]
fn the_reference_alone_misses_nothing_but_a_token() {
    let errors = crate::config::load(None, std::iter::empty()).unwrap_err();
    assert_eq!(errors.errors.len(), 1, "{errors}");
    assert_eq!(errors.errors[0].key, "directory.default.token");
    assert!(errors.errors[0].remedy.contains("scim-bridge token new"));
}

#[test]
fn a_path_is_relative_to_the_configuration_file() {
    let folder = Folder::with(&format!(
        "store.path = \"data/bridge.db\"\n{TOKEN}{APPLIANCE}"
    ));
    let config = folder.load().unwrap();
    assert_eq!(config.store.path, folder.path().join("data/bridge.db"));
    let absolute = Folder::with(&format!(
        "store.path = \"/data/bridge.db\"\n{TOKEN}{APPLIANCE}"
    ));
    let config = absolute.load().unwrap();
    assert_eq!(config.store.path, Path::new("/data/bridge.db"));
}

/// The reference with its unset keys set.
fn uncommented() -> String {
    reference()
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(key) if !key.is_empty() && !key.starts_with([' ', ':']) => key,
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

/// An appliance's keys may stand in the defaults for all or in its own section.
fn one_section(key: &str) -> String {
    key.replace("appliance_defaults", "appliance")
}

fn keys_of(shape: &Shape, path: &str, keys: &mut BTreeSet<String>) {
    match shape {
        Shape::Section(fields) => {
            for (name, shape) in fields {
                keys_of(shape, &format!("{path}.{name}"), keys);
            }
        }
        Shape::List(item) if matches!(**item, Shape::Section(_)) => keys_of(item, path, keys),
        Shape::Named(item) if matches!(**item, Shape::Section(_)) => {
            keys_of(item, &format!("{path}.default"), keys);
        }
        _ => {
            keys.insert(one_section(path));
        }
    }
}

fn keys_in(value: &Value, path: &str, keys: &mut BTreeSet<String>) {
    keys.insert(one_section(path));
    match value {
        Value::Table(table) => {
            for (name, value) in table {
                keys_in(value, &format!("{path}.{name}"), keys);
            }
        }
        Value::Array(items) => {
            for item in items {
                keys_in(item, path, keys);
            }
        }
        _ => {}
    }
}
