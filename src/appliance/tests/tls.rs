//! Which certificates are accepted.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use super::harness::{Observed, basic, by_password, connect_with, find, settings};
use super::server::{Identity, Server, json};
use crate::appliance::{
    CertificateError, ConnectError, Connection, Failure, Trust, fetch_certificate_sha256,
};
use crate::vendor::FailureClass;
use url::Url;

const NAME: &str = "127.0.0.1";

async fn call(server: &Server, trust: Trust) -> Result<(), Failure> {
    let mut settings = settings(&server.url, by_password());
    settings.trust = trust;
    let connection = connect_with(settings, &basic());
    connection.call(&find()).await.map(|_| ())
}

async fn behind(identity: &Identity) -> Server {
    Server::start_tls(identity, |_| json(200, "{}")).await
}

fn assert_refused(outcome: Result<(), Failure>, part: &str) {
    let failure = outcome.unwrap_err();
    assert_eq!(failure.class, FailureClass::Unavailable);
    assert!(
        failure.message.contains("certificate is refused"),
        "{failure}"
    );
    assert!(failure.message.contains(part), "{failure}");
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

#[tokio::test]
async fn a_stranger_is_refused_before_anything_is_sent() {
    let server = behind(&Identity::signed(NAME)).await;
    assert_refused(call(&server, Trust::System).await, "check --live");
    let other = Identity::signed(NAME).authority_pem;
    assert_refused(call(&server, Trust::Authority(other)).await, "check --live");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_trusted_authority_vouches_for_its_names_only() {
    let identity = Identity::signed(NAME);
    let server = behind(&identity).await;
    call(&server, Trust::Authority(identity.authority_pem.clone()))
        .await
        .unwrap();
    let elsewhere = Identity::signed("nas.example");
    let server = behind(&elsewhere).await;
    assert_refused(
        call(&server, Trust::Authority(elsewhere.authority_pem.clone())).await,
        "nas.example",
    );
}

#[tokio::test]
async fn a_pinned_certificate_is_accepted_whatever_its_names() {
    for identity in [
        Identity::self_signed("localhost.localdomain", false),
        Identity::self_signed("localhost.localdomain", true),
        Identity::self_signed("localhost.localdomain", true).of_old(),
        Identity::signed("nas.example"),
    ] {
        let server = behind(&identity).await;
        call(&server, Trust::Pin(identity.fingerprint()))
            .await
            .unwrap();
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_self_signed_authority_needs_the_pin_and_the_message_says_so() {
    let identity = Identity::self_signed(NAME, true);
    let server = behind(&identity).await;
    assert_refused(
        call(&server, Trust::Authority(identity.authority_pem.clone())).await,
        "pin the certificate",
    );
}

#[tokio::test]
async fn another_certificate_than_the_pinned_is_refused_and_named() {
    let identity = Identity::self_signed(NAME, true);
    let server = behind(&identity).await;
    let pinned = Identity::self_signed(NAME, true);
    assert_refused(
        call(&server, Trust::Pin(pinned.fingerprint())).await,
        &hexadecimal(&identity.fingerprint()),
    );
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_pinned_certificate_without_its_key_is_refused() {
    for identity in [
        Identity::self_signed(NAME, true),
        Identity::self_signed(NAME, true).of_old(),
    ] {
        let server = behind(&identity.impersonated()).await;
        let outcome = call(&server, Trust::Pin(identity.fingerprint())).await;
        assert_eq!(outcome.unwrap_err().class, FailureClass::Unavailable);
        assert!(server.seen().is_empty());
    }
}

#[tokio::test]
async fn insecure_takes_any_certificate() {
    let server = behind(&Identity::self_signed("nobody", true)).await;
    call(&server, Trust::Insecure).await.unwrap();
}

#[tokio::test]
async fn the_fingerprint_is_told_and_nothing_is_sent() {
    let identity = Identity::self_signed("nobody", true);
    let server = behind(&identity).await;
    let time = Duration::from_secs(10);
    let told = fetch_certificate_sha256(&server.url, time).await.unwrap();
    assert_eq!(told, hexadecimal(&identity.fingerprint()));
    assert!(server.seen().is_empty());

    let plain = Server::start(|_| json(200, "{}")).await;
    let error = fetch_certificate_sha256(&plain.url, time)
        .await
        .unwrap_err();
    assert!(matches!(error, CertificateError::NotTls { .. }));
    // It waits for the end of what it takes for a request; the timeout ends it.
    let url = Url::parse(&plain.url.as_str().replacen("http", "https", 1)).unwrap();
    let time = Duration::from_millis(200);
    let error = fetch_certificate_sha256(&url, time).await.unwrap_err();
    assert!(
        matches!(error, CertificateError::NotPresented { .. }),
        "{error}"
    );
}

#[test]
fn a_ca_file_without_certificates_is_refused() {
    for pem in [
        "",
        "hello",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    ] {
        let mut settings = settings(&Url::parse("https://nas").unwrap(), by_password());
        settings.trust = Trust::Authority(pem.to_owned());
        let outcome = Connection::new(settings, basic(), Arc::new(Observed::default()));
        let error = outcome.unwrap_err();
        assert!(matches!(error, ConnectError::Authority { .. }), "{error}");
    }
}
