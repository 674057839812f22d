//! Which certificate of an appliance is accepted.

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::appliance::Trust;
use crate::config::errors::Findings;
use crate::config::file;
use crate::config::places::KeyPath;
use crate::config::secrets::{Files, sha256};

/// Reads `ca_file`, `certificate_sha256` or `insecure_tls`; without any of them the operating
/// system's roots decide.
pub(super) fn trust(
    appliance: &file::Appliance,
    path: &KeyPath,
    files: &Files,
    findings: &mut Findings,
) -> Option<Trust> {
    let insecure = appliance.insecure_tls.unwrap_or(false);
    match (&appliance.ca_file, &appliance.certificate_sha256, insecure) {
        (None, None, false) => Some(Trust::System),
        (Some(file), None, false) => authority(file, &path.key("ca_file"), files, findings),
        (None, Some(text), false) => pin(text, &path.key("certificate_sha256"), findings),
        (None, None, true) => {
            findings.warning(
                &path.key("insecure_tls"),
                "any certificate is accepted, so that whoever stands between can read the \
                 credentials; pin the certificate with `certificate_sha256`",
            );
            Some(Trust::Insecure)
        }
        _ => {
            findings.error(
                path,
                "more than one of ca_file, certificate_sha256 and insecure_tls is set",
                "keep one of them",
            );
            None
        }
    }
}

fn authority(file: &str, key: &KeyPath, files: &Files, findings: &mut Findings) -> Option<Trust> {
    let text = files.text(file, key, findings)?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    if certificates.is_ok_and(|certificates| !certificates.is_empty()) {
        return Some(Trust::Authority(text));
    }
    findings.error(
        key,
        format!(
            "{} holds no certificate in PEM form",
            files.path(file).display()
        ),
        "it must contain -----BEGIN CERTIFICATE-----; \
         convert DER with `openssl x509 -inform der`",
    );
    None
}

fn pin(text: &str, key: &KeyPath, findings: &mut Findings) -> Option<Trust> {
    let digest = sha256(text);
    if digest.is_none() {
        findings.error(
            key,
            "this is no SHA-256 in hexadecimal digits",
            "copy the 64 digits that `scim-bridge check --live` prints, \
             and compare them with the appliance's own display",
        );
    }
    digest.map(Trust::Pin)
}
