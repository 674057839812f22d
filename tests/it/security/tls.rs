//! Certificates: our own towards clients, the appliances' towards us.

use appliance_sim::{SimulatorOptions, Tls, Vendor};
use reqwest::{Certificate, Client};

use crate::support::{SiteBuilder, read_certificate_of};

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_speaks_tls_with_the_configured_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let signed = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = folder.path().join("certificate.pem");
    let key = folder.path().join("key.pem");
    std::fs::write(&certificate, signed.cert.pem()).unwrap();
    std::fs::write(&key, signed.signing_key.serialize_pem()).unwrap();
    let site = SiteBuilder::default().tls(&certificate, &key).start().await;
    let url = site.running().scim_url();
    assert!(url.starts_with("https://"), "{url}");
    let port = url.rsplit(':').next().unwrap();

    let trusting = Client::builder()
        .tls_certs_only([Certificate::from_pem(signed.cert.pem().as_bytes()).unwrap()])
        .build()
        .unwrap();
    let reply = trusting
        .get(format!("https://localhost:{port}/ServiceProviderConfig"))
        .send()
        .await
        .unwrap();
    assert_eq!(reply.status(), 200);
    let plain = Client::new()
        .get(format!("http://localhost:{port}/ServiceProviderConfig"))
        .send()
        .await;
    assert!(plain.is_err(), "plain HTTP is not spoken on this port");
}

async fn secure_simulator() -> appliance_sim::RunningSimulator {
    appliance_sim::start(SimulatorOptions {
        tls: Tls::SelfSigned,
        ..SimulatorOptions::new(Vendor::Nimble)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pinned_certificate_is_accepted_and_another_one_is_not() {
    let simulator = secure_simulator().await;
    let right = read_certificate_of(&simulator);
    let wrong = "0".repeat(64);
    for (pin, state, class) in [
        (right, "in_sync", None),
        (wrong, "pending", Some("unavailable")),
    ] {
        let site = SiteBuilder::default()
            .existing(
                "array",
                &simulator,
                &format!("certificate_sha256 = \"{pin}\""),
            )
            .start()
            .await;
        let id = site.scim.create_user("ann@corp.example").await;
        match class {
            None => site.settled(&[]).await,
            Some(_) => {
                site.until(|| async { site.link("array", &id).await.link.error.is_some() })
                    .await;
            }
        }
        let link = site.link("array", &id).await.link;
        assert!(
            link.state.as_str() == state || link.state.as_str() == "in_flight",
            "{:?}",
            link.state
        );
        assert_eq!(link.error.map(|error| error.class).as_deref(), class);
    }
    simulator.stop().await;
}
