//! Real sockets: TLS, slow clients, the graceful end.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, ProtocolVersion, RootCertStore, StreamOwned};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio_util::sync::CancellationToken;

use crate::directory::testing::settings as directory_settings;
use crate::http::testing::{Endpoint, TOKEN, settings};
use crate::http::{ScimSettings, ServeError, TlsFiles, bind, serve_scim};

const REQUEST: &[u8] =
    b"GET /scim/v2/ServiceProviderConfig HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

struct Running {
    address: SocketAddr,
    shutdown: CancellationToken,
    server: JoinHandle<Result<(), ServeError>>,
    /// Keeps the store's folder.
    _endpoint: Endpoint,
}

fn start(settings: ScimSettings) -> Running {
    let endpoint = Endpoint::with(settings, directory_settings("default", TOKEN));
    let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let state = endpoint.state.clone().into_inner();
    let server = tokio::spawn(serve_scim(listener, state, shutdown.clone()));
    Running {
        address,
        shutdown,
        server,
        _endpoint: endpoint,
    }
}

impl Running {
    async fn stop(self) {
        self.shutdown.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(20), self.server).await;
        ended.unwrap().unwrap().unwrap();
    }
}

fn answer_to(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_spoken_with_the_configured_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let pair = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let files = TlsFiles {
        certificate: folder.path().join("tls.crt"),
        key: folder.path().join("tls.key"),
    };
    std::fs::write(&files.certificate, pair.cert.pem()).unwrap();
    std::fs::write(&files.key, pair.signing_key.serialize_pem()).unwrap();
    let running = start(ScimSettings {
        tls: Some(files),
        ..settings()
    });
    let (address, certificate) = (running.address, pair.cert.der().clone());
    let (answer, version) = spawn_blocking(move || answer_over_tls(address, certificate))
        .await
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
    assert!(
        answer.contains(r#""location":"https://localhost/scim/v2/"#),
        "{answer}"
    );
    assert_eq!(version, Some(ProtocolVersion::TLSv1_3));
    running.stop().await;
}

fn answer_over_tls(
    address: SocketAddr,
    certificate: CertificateDer<'static>,
) -> (String, Option<ProtocolVersion>) {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address).unwrap());
    stream.write_all(REQUEST).unwrap();
    let mut answer = Vec::new();
    // The server may close without TLS's own farewell; what came before counts.
    let _closed = stream.read_to_end(&mut answer);
    let version = stream.conn.protocol_version();
    (String::from_utf8(answer).unwrap(), version)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_stops_in_the_middle_of_its_body_is_told_so() {
    // The same time bounds the head, which is answered without a body of ours: long enough for a busy
    // machine to have read that.
    let running = start(ScimSettings {
        client_timeout: Duration::from_secs(2),
        ..settings()
    });
    let request = format!(
        "POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: {TOKEN}\r\nConnection: close\r\n\
         Content-Length: 100\r\n\r\n{{"
    );
    let address = running.address;
    let answer = spawn_blocking(move || answer_to(address, request.as_bytes()))
        .await
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains(r#""status":"408""#), "{answer}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_does_not_delay_the_end() {
    let running = start(settings());
    let address = running.address;
    let idle = spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .write_all(b"GET /scim/v2/Schemas HTTP/1.1\r\nHost: x\r\n\r\n")
            .unwrap();
        let mut some = [0; 12];
        stream.read_exact(&mut some).unwrap();
        stream
    });
    let idle = idle.await.unwrap();
    running.stop().await;
    drop(idle);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_certificate_stops_the_start() {
    let files = TlsFiles {
        certificate: "/nonexistent/tls.crt".into(),
        key: "/nonexistent/tls.key".into(),
    };
    let running = start(ScimSettings {
        tls: Some(files),
        ..settings()
    });
    let error = running.server.await.unwrap().unwrap_err();
    assert!(
        error.to_string().contains("/nonexistent/tls.crt"),
        "{error}"
    );
}
