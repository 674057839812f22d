//! An HTTP/1.1 server of canned answers, in the clear or behind TLS.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{CertificateParams, IsCa, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ALL_VERSIONS, ServerConfig, SupportedProtocolVersion};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use url::Url;

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Seen {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(header, _)| header.eq_ignore_ascii_case(name))?;
        Some(&found.1)
    }

    pub(super) fn is(&self, method: &str, target: &str) -> bool {
        self.method == method && self.target == target
    }
}

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(super) enum Reply {
    /// Answers.
    With {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    },
    /// Announces more than it sends, then hangs up.
    Half(&'static str),
    /// Hangs up without a word.
    HangUp,
    /// Never answers.
    Silence,
    /// Answers after a while, so that calls overlap.
    Slow(Duration, Box<Reply>),
    /// A body without an end.
    Endless,
}

pub(super) fn json(status: u16, body: &str) -> Reply {
    Reply::With {
        status,
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: body.to_owned(),
    }
}

pub(super) fn html(status: u16, body: &str) -> Reply {
    Reply::With {
        status,
        headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
        body: body.to_owned(),
    }
}

impl Reply {
    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        if let Self::With { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// Stops when it is dropped.
pub(super) struct Server {
    pub(super) url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
    _tasks: JoinSet<()>,
}

type Handler = dyn Fn(&Seen) -> Reply + Send + Sync;

impl Server {
    pub(super) async fn start(handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::listen(None, Arc::new(handler)).await
    }

    pub(super) async fn start_tls(
        identity: &Identity,
        handler: impl Fn(&Seen) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::listen(Some(identity.acceptor()), Arc::new(handler)).await
    }

    async fn listen(tls: Option<TlsAcceptor>, handler: Arc<Handler>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = Url::parse(&format!("{scheme}://127.0.0.1:{port}")).unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let journal = Arc::clone(&seen);
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, handler, journal) =
                    (tls.clone(), Arc::clone(&handler), Arc::clone(&journal));
                connections.spawn(async move {
                    match tls {
                        None => serve(stream, &*handler, &journal).await,
                        Some(tls) => {
                            // A client that refuses the certificate ends it here.
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, &*handler, &journal).await;
                            }
                        }
                    }
                });
            }
        });
        Self {
            url,
            seen,
            _tasks: tasks,
        }
    }

    /// Every request so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// How many requests had this method and target.
    pub(super) fn count(&self, method: &str, target: &str) -> usize {
        let seen = self.seen();
        seen.iter().filter(|seen| seen.is(method, target)).count()
    }
}

async fn serve<S>(mut stream: S, handler: &Handler, journal: &Mutex<Vec<Seen>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(seen) = read_request(&mut stream).await {
        let mut reply = handler(&seen);
        journal.lock().unwrap().push(seen);
        if let Reply::Slow(pause, then) = reply {
            tokio::time::sleep(pause).await;
            reply = *then;
        }
        let written = match reply {
            Reply::With {
                status,
                headers,
                body,
            } => {
                stream
                    .write_all(render(status, &headers, &body).as_bytes())
                    .await
            }
            Reply::Half(body) => {
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n{body}");
                stream.write_all(head.as_bytes()).await.ok();
                stream.shutdown().await.ok();
                return;
            }
            Reply::Endless => {
                let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                stream.write_all(head.as_bytes()).await.ok();
                while stream
                    .write_all(b"10\r\n[1,1,1,1,1,1,1,1\r\n")
                    .await
                    .is_ok()
                {}
                return;
            }
            Reply::HangUp => return,
            Reply::Silence => std::future::pending().await,
            Reply::Slow(..) => return,
        };
        if written.is_err() {
            return;
        }
    }
}

fn render(status: u16, headers: &[(String, String)], body: &str) -> String {
    let mut head = format!(
        "HTTP/1.1 {status} Canned\r\nContent-Length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    format!("{head}\r\n{body}")
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.parse().unwrap());
    while bytes.len() < end + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    let body = String::from_utf8(bytes[end..].to_vec()).ok()?;
    Some(Seen {
        method,
        target,
        headers,
        body,
    })
}

static TLS12_ONLY: &[&SupportedProtocolVersion] = &[&rustls::version::TLS12];

/// A certificate and its key.
pub(super) struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: Vec<u8>,
    /// The issuer's certificate, for a CA file.
    pub(super) authority_pem: String,
    versions: &'static [&'static SupportedProtocolVersion],
}

impl Identity {
    /// Self-signed for `name`; `authority` makes it `CA:TRUE`, like plain `openssl req -x509`.
    pub(super) fn self_signed(name: &str, authority: bool) -> Self {
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if authority {
            params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self {
            chain: vec![certificate.der().clone()],
            key: key.serialize_der(),
            authority_pem: certificate.pem(),
            versions: ALL_VERSIONS,
        }
    }

    /// Signed for `name` by an authority of its own.
    pub(super) fn signed(name: &str) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let authority =
            rcgen::CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec![name.to_owned()])
            .unwrap()
            .signed_by(&key, &authority)
            .unwrap();
        Self {
            chain: vec![certificate.der().clone()],
            key: key.serialize_der(),
            authority_pem: authority.pem(),
            versions: ALL_VERSIONS,
        }
    }

    /// The same certificate in front of another's key: a thief of certificates, not of keys.
    pub(super) fn impersonated(&self) -> Self {
        Self {
            chain: self.chain.clone(),
            key: KeyPair::generate().unwrap().serialize_der(),
            authority_pem: self.authority_pem.clone(),
            versions: self.versions,
        }
    }

    /// Behind a server that knows TLS 1.2 only, as most appliances do.
    pub(super) fn of_old(mut self) -> Self {
        self.versions = TLS12_ONLY;
        self
    }

    pub(super) fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.chain[0].as_ref()).into()
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.clone()));
        let provider = Arc::new(aws_lc_rs::default_provider());
        let key = provider.key_provider.load_private_key(key).unwrap();
        // Built by hand, so that a certificate may stand before a key that is not its own.
        let identity = rustls::sign::CertifiedKey::new(self.chain.clone(), key);
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(self.versions)
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(Fixed(Arc::new(identity))));
        TlsAcceptor::from(Arc::new(config))
    }
}

#[derive(Debug)]
struct Fixed(Arc<rustls::sign::CertifiedKey>);

impl rustls::server::ResolvesServerCert for Fixed {
    fn resolve(
        &self,
        _hello: rustls::server::ClientHello<'_>,
    ) -> Option<Arc<rustls::sign::CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}
