//! `[scim]`, `[scan]`, `[ops]`, `[store]` and `[log]`.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tracing_subscriber::EnvFilter;
use url::Url;

use super::errors::Findings;
use super::file;
use super::places::KeyPath;
use super::secrets::Files;
use super::settings::{LogSettings, StoreSettings};
use crate::directory::ScanSettings;
use crate::http::{OpsSettings, ScimSettings, TlsFiles};
use crate::telemetry::LogFormat;

/// The listener of the SCIM endpoint.
pub(super) fn scim(scim: &file::Scim, files: &Files, findings: &mut Findings) -> ScimSettings {
    let section = KeyPath::new("scim");
    let listen = address(&scim.listen, &section.key("listen"), findings);
    let tls = tls(scim, files, findings);
    if tls.is_none() && !listen.ip().is_loopback() && !scim.behind_proxy {
        findings.error(
            &section.key("listen"),
            format!("{listen} would speak plain HTTP to the network, and tokens could be read"),
            "set certificate_file and key_file; or behind_proxy = true if a proxy ends TLS; \
             or listen on 127.0.0.1",
        );
    }
    for (key, value) in [
        ("max_body_bytes", scim.max_body_bytes),
        ("bulk_max_operations", scim.bulk_max_operations),
        ("bulk_max_payload_bytes", scim.bulk_max_payload_bytes),
        ("max_results", scim.max_results),
    ] {
        at_least_one(value, &section.key(key), findings);
    }
    more_than_nothing(
        scim.client_timeout_seconds,
        &section.key("client_timeout_seconds"),
        findings,
    );
    ScimSettings {
        listen,
        tls,
        behind_proxy: scim.behind_proxy,
        public_url: public_url(scim, &section.key("public_url"), findings),
        max_body_bytes: usize::try_from(scim.max_body_bytes).unwrap_or(usize::MAX),
        bulk_max_operations: usize::try_from(scim.bulk_max_operations).unwrap_or(usize::MAX),
        bulk_max_payload_bytes: usize::try_from(scim.bulk_max_payload_bytes).unwrap_or(usize::MAX),
        max_results: scim.max_results,
        client_timeout: seconds(scim.client_timeout_seconds),
        shutdown_timeout: seconds(scim.shutdown_timeout_seconds),
        workers: scim.workers.into(),
    }
}

/// The share of the server for lists that no index answers.
pub(super) fn scan(
    scan: &file::Scan,
    store: &StoreSettings,
    findings: &mut Findings,
) -> ScanSettings {
    let section = KeyPath::new("scan");
    let max_concurrent = section.key("max_concurrent");
    at_least_one(scan.max_concurrent.into(), &max_concurrent, findings);
    more_than_nothing(scan.max_seconds, &section.key("max_seconds"), findings);
    if usize::from(scan.max_concurrent) >= store.readers {
        findings.warning(
            &max_concurrent,
            format!(
                "as many scans as `store.readers` ({}) leave no connection for pages and reports; \
                 allow fewer scans, or more readers",
                store.readers
            ),
        );
    }
    ScanSettings {
        max_concurrent: scan.max_concurrent.into(),
        max_wait: seconds(scan.max_wait_seconds),
        max_duration: seconds(scan.max_seconds),
    }
}

/// The listener for operators.
pub(super) fn ops(ops: &file::Ops, scim: &ScimSettings, findings: &mut Findings) -> OpsSettings {
    let key = KeyPath::new("ops.listen");
    let listen = address(&ops.listen, &key, findings);
    if listen == scim.listen && listen.port() != 0 {
        findings.error(
            &key,
            format!("{listen} is the address of `scim.listen` too"),
            "choose another port",
        );
    }
    if !listen.ip().is_loopback() {
        findings.warning(
            &key,
            format!(
                "{listen} can be reached from the network, and health and metrics are open to \
                 whoever reaches it; keep it behind a firewall"
            ),
        );
    }
    OpsSettings { listen }
}

/// The store.
pub(super) fn store(store: &file::Store, files: &Files, findings: &mut Findings) -> StoreSettings {
    let section = KeyPath::new("store");
    at_least_one(store.readers.into(), &section.key("readers"), findings);
    if store.path.trim().is_empty() {
        findings.error(
            &section.key("path"),
            "the path is empty",
            "name the database file",
        );
    }
    StoreSettings {
        path: files.path(&store.path),
        readers: store.readers.into(),
        synchronous_full: store.synchronous == file::Synchronous::Full,
    }
}

/// The logs.
pub(super) fn log(log: &file::Log, findings: &mut Findings) -> LogSettings {
    if let Err(error) = EnvFilter::builder().parse(&log.filter) {
        findings.error(
            &KeyPath::new("log.filter"),
            format!("{:?} does not parse ({error})", log.filter),
            "write a level or levels by module, for example \"info,scim_bridge::delivery=debug\"",
        );
    }
    LogSettings {
        filter: log.filter.clone(),
        format: match log.format {
            file::Format::Auto => LogFormat::Automatic,
            file::Format::Text => LogFormat::Text,
            file::Format::Json => LogFormat::Json,
        },
    }
}

/// So many seconds; what they may be was checked when the file was read.
pub(super) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// Refuses a duration of nothing.
pub(super) fn more_than_nothing(seconds: f64, key: &KeyPath, findings: &mut Findings) {
    if seconds <= 0.0 {
        findings.error(
            key,
            "0 seconds are too short",
            "write a number greater than 0",
        );
    }
}

/// Refuses zero.
pub(super) fn at_least_one(value: u32, key: &KeyPath, findings: &mut Findings) {
    if value == 0 {
        findings.error(key, "0 is too small", "write 1 or more");
    }
}

fn address(text: &str, key: &KeyPath, findings: &mut Findings) -> SocketAddr {
    text.parse().unwrap_or_else(|_| {
        findings.error(
            key,
            format!("{text:?} is no address to listen on"),
            "write an IP address and a port, for example \"127.0.0.1:8080\" or \"[::]:8443\"",
        );
        // Loopback, so that no rule finds fault with what was not written.
        SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
    })
}

fn tls(scim: &file::Scim, files: &Files, findings: &mut Findings) -> Option<TlsFiles> {
    let section = KeyPath::new("scim");
    match (&scim.certificate_file, &scim.key_file) {
        (None, None) => None,
        (Some(certificate), Some(key)) => {
            files.text(certificate, &section.key("certificate_file"), findings);
            files.secret(key, &section.key("key_file"), findings);
            Some(TlsFiles {
                certificate: files.path(certificate),
                key: files.path(key),
            })
        }
        (certificate, _) => {
            let (given, missing) = match certificate {
                Some(_) => ("certificate_file", "key_file"),
                None => ("key_file", "certificate_file"),
            };
            findings.error(
                &section.key(given),
                format!("`{given}` is set and `{missing}` is not"),
                "TLS needs both",
            );
            // TLS is meant: the rule about plain HTTP has nothing to add.
            Some(TlsFiles {
                certificate: files.path(""),
                key: files.path(""),
            })
        }
    }
}

fn public_url(scim: &file::Scim, key: &KeyPath, findings: &mut Findings) -> Option<Url> {
    let text = scim.public_url.as_ref()?;
    match Url::parse(text) {
        Ok(url)
            if matches!(url.scheme(), "http" | "https")
                && url.query().is_none()
                && url.fragment().is_none() =>
        {
            Some(url)
        }
        _ => {
            findings.error(
                key,
                format!("{text:?} is no URL that clients could use"),
                "write it without /scim/v2, for example \"https://scim.example.com\"",
            );
            None
        }
    }
}
