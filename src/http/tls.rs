//! Certificate and key of the SCIM listener.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::settings::TlsFiles;

/// Why the certificate or the key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The certificate file cannot be read.
    #[error("the certificate file {} cannot be read: {reason}; it must hold the chain as PEM, the server's own certificate first", path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The key file cannot be read.
    #[error("the key file {} cannot be read: {reason}; it must hold one unencrypted key as PEM", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The key is not the certificate's.
    #[error("the certificate in {} and the key in {} cannot be used together: {reason}", certificate.display(), key.display())]
    Pair {
        /// The certificate file.
        certificate: PathBuf,
        /// The key file.
        key: PathBuf,
        /// Why.
        reason: String,
    },
}

/// TLS 1.2 and 1.3 with the certificate and key from the files.
///
/// # Errors
/// When a file cannot be read or the two do not belong together.
pub fn server_config(files: &TlsFiles) -> Result<ServerConfig, TlsError> {
    let chain = certificates(files)?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| TlsError::Key {
        path: files.key.clone(),
        reason: error.to_string(),
    })?;
    let pair = |error: rustls::Error| TlsError::Pair {
        certificate: files.certificate.clone(),
        key: files.key.clone(),
        reason: error.to_string(),
    };
    // The provider is named, not taken from the process: another library may have set another.
    ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(pair)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(pair)
}

fn certificates(files: &TlsFiles) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let unreadable = |reason: String| TlsError::Certificate {
        path: files.certificate.clone(),
        reason,
    };
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| unreadable(error.to_string()))?;
    if chain.is_empty() {
        return Err(unreadable("there is no certificate in it".to_owned()));
    }
    Ok(chain)
}

#[cfg(test)]
mod tests {
    use super::server_config;
    use crate::http::TlsFiles;

    #[test]
    fn a_key_of_another_certificate_is_refused_with_both_files_named() {
        let folder = tempfile::tempdir().unwrap();
        let one = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let files = TlsFiles {
            certificate: folder.path().join("tls.crt"),
            key: folder.path().join("tls.key"),
        };
        assert!(
            server_config(&files)
                .unwrap_err()
                .to_string()
                .contains("tls.crt")
        );
        std::fs::write(&files.certificate, one.cert.pem()).unwrap();
        assert!(
            server_config(&files)
                .unwrap_err()
                .to_string()
                .contains("tls.key")
        );
        std::fs::write(&files.key, other.signing_key.serialize_pem()).unwrap();
        let error = server_config(&files).unwrap_err().to_string();
        assert!(
            error.contains("tls.crt") && error.contains("tls.key"),
            "{error}"
        );
        std::fs::write(&files.key, one.signing_key.serialize_pem()).unwrap();
        assert!(server_config(&files).is_ok());
    }
}
