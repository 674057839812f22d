//! The server around the simulators: journal, faults, TLS, over real connections.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{sync::Arc, time::Duration};

use appliance_sim::{Fault, FaultKind, RunningSimulator, SimulatorOptions, Tls, Vendor, start};
use reqwest::{Client, StatusCode, redirect};
use serde_json::{Value, json};

async fn nimble() -> RunningSimulator {
    start(SimulatorOptions::new(Vendor::Nimble)).await.unwrap()
}

fn client() -> Client {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    // Another test of this binary may have been first, which is as good.
    rustls::crypto::CryptoProvider::install_default((*provider).clone()).ok();
    Client::builder()
        .redirect(redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .no_proxy()
        .build()
        .unwrap()
}

async fn log_in(client: &Client, simulator: &RunningSimulator) -> reqwest::Result<(u16, String)> {
    let options = simulator.options();
    let body = json!({"data": {"username": options.username, "password": options.password}});
    let response = client
        .post(format!("{}/v1/tokens", simulator.url()))
        .json(&body)
        .send()
        .await?;
    Ok((response.status().as_u16(), response.text().await?))
}

#[tokio::test]
async fn the_journal_tells_what_came_and_what_was_answered() {
    let (simulator, client) = (nimble().await, client());
    assert_eq!(log_in(&client, &simulator).await.unwrap().0, 201);
    let url = format!("{}/v1/users?name=ann", simulator.url());
    assert_eq!(client.get(&url).send().await.unwrap().status(), 401);
    let calls = simulator.control().journal();
    assert_eq!(calls.len(), 2);
    assert_eq!((calls[0].sequence, calls[0].method.as_str()), (1, "POST"));
    assert_eq!(calls[0].body["data"]["username"], "admin");
    assert_eq!(
        (calls[1].path.as_str(), calls[1].query.as_str()),
        ("/v1/users", "name=ann")
    );
    assert_eq!((calls[1].status, &calls[1].body), (401, &Value::Null));

    let journal = format!("{}/_sim/journal", simulator.url());
    let since = client
        .get(format!("{journal}?since=1"))
        .send()
        .await
        .unwrap();
    let since: Value = since.json().await.unwrap();
    assert_eq!(since["calls"].as_array().unwrap().len(), 1);
    assert_eq!(since["calls"][0]["sequence"], 2);
    assert_eq!(client.delete(&journal).send().await.unwrap().status(), 204);
    assert!(simulator.control().journal().is_empty());
    simulator.stop().await;
}

#[tokio::test]
async fn a_lost_reply_happened_and_a_dropped_request_did_not() {
    let (simulator, client) = (nimble().await, client());
    let control = simulator.control();
    let sessions = || {
        let reply = control.ask("GET", "/_sim/settings", &Value::Null);
        assert_eq!(reply.status, 200);
        control.journal().iter().filter(|call| call.handled).count()
    };
    control.inject(Fault::new(FaultKind::DropBeforeHandling).times(1));
    log_in(&client, &simulator).await.unwrap_err();
    assert_eq!(sessions(), 0);
    control.inject(Fault::new(FaultKind::DropAfterHandling).times(1));
    log_in(&client, &simulator).await.unwrap_err();
    assert_eq!(sessions(), 1);
    let calls = control.journal();
    assert_eq!(
        (calls[0].status, calls[0].fault),
        (0, Some("drop_before_handling"))
    );
    assert_eq!(
        (calls[1].status, calls[1].fault),
        (201, Some("drop_after_handling"))
    );
    assert_eq!(log_in(&client, &simulator).await.unwrap().0, 201);
}

#[tokio::test]
async fn answers_are_cut_replaced_and_delayed_as_asked() {
    let (simulator, client) = (nimble().await, client());
    let control = simulator.control();
    let whole = log_in(&client, &simulator).await.unwrap().1.len();

    control.inject(Fault::new(FaultKind::TruncateBody).times(1));
    let error = log_in(&client, &simulator).await.unwrap_err();
    assert!(
        error.is_body() || error.is_decode(),
        "the head arrived: {error:?}"
    );

    control.inject(Fault::new(FaultKind::HalfBody).times(1));
    let (status, half) = log_in(&client, &simulator).await.unwrap();
    assert_eq!((status, half.len()), (201, whole / 2));
    serde_json::from_str::<Value>(&half).unwrap_err();

    control.inject(Fault::new(FaultKind::HtmlPage).times(1));
    let (status, page) = log_in(&client, &simulator).await.unwrap();
    assert_eq!(status, 200);
    assert!(page.contains("<html>"), "{page}");

    control.inject(
        Fault::new(FaultKind::Redirect {
            location: "https://elsewhere.example/login".into(),
        })
        .times(1),
    );
    assert_eq!(log_in(&client, &simulator).await.unwrap().0, 302);

    control.inject(Fault::new(FaultKind::Latency { milliseconds: 80 }).times(1));
    assert_eq!(log_in(&client, &simulator).await.unwrap().0, 201);
    let calls = control.journal();
    assert!(calls.last().unwrap().duration >= Duration::from_millis(80));
    let handled: Vec<bool> = calls.iter().map(|call| call.handled).collect();
    assert_eq!(handled, [true, true, true, false, false, true]);
}

#[tokio::test]
async fn faults_come_and_go_over_http() {
    let (simulator, client) = (nimble().await, client());
    let faults = format!("{}/_sim/faults", simulator.url());
    let throttle = json!({
        "kind": "throttle", "retry_after_seconds": 7, "method": "POST", "path": "^/v1/tokens$",
        "times": 1,
    });
    let broken =
        json!({"kind": "status", "status": 503, "body": "busy", "content_type": "text/plain"});
    for fault in [throttle, broken] {
        let response = client.post(&faults).json(&fault).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
    }
    let listed: Value = client
        .get(&faults)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(listed["faults"][0]["path"], "^/v1/tokens$");
    assert_eq!(listed["faults"][1]["kind"], "status");

    let url = format!("{}/v1/tokens", simulator.url());
    let throttled = client.post(&url).send().await.unwrap();
    assert_eq!(throttled.status(), 429);
    assert_eq!(throttled.headers()["retry-after"], "7");
    let busy = client.post(&url).send().await.unwrap();
    assert_eq!(busy.status(), 503);
    assert_eq!(busy.text().await.unwrap(), "busy");
    assert_eq!(client.delete(&faults).send().await.unwrap().status(), 204);
    assert_eq!(log_in(&client, &simulator).await.unwrap().0, 201);

    for wrong in [
        json!({"kind": "rain"}),
        json!({"kind": "html_page", "path": "("}),
    ] {
        let response = client.post(&faults).json(&wrong).send().await.unwrap();
        assert_eq!(response.status(), 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_simulator_that_is_down_closes_connections_and_journals_nothing() {
    let (simulator, client) = (nimble().await, client());
    let control = simulator.control();
    log_in(&client, &simulator).await.unwrap();
    control.set_down(true);
    log_in(&client, &simulator).await.unwrap_err();
    assert_eq!(control.journal().len(), 1);
    let down = format!("{}/_sim/down", simulator.url());
    assert_eq!(client.delete(&down).send().await.unwrap().status(), 200);
    assert_eq!(log_in(&client, &simulator).await.unwrap().0, 201);
}

#[tokio::test]
async fn a_certificate_of_its_own_is_trusted_by_its_pem_and_no_ca() {
    let mut options = SimulatorOptions::new(Vendor::Nimble);
    options.tls = Tls::SelfSigned;
    let simulator = start(options).await.unwrap();
    assert!(simulator.url().starts_with("https://127.0.0.1:"));
    log_in(&client(), &simulator).await.unwrap_err();
    let pem = simulator.certificate_pem().unwrap();
    let trusting = Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(pem.as_bytes()).unwrap()])
        .no_proxy()
        .build()
        .unwrap();
    assert_eq!(log_in(&trusting, &simulator).await.unwrap().0, 201);
    let fingerprint = simulator.certificate_sha256().unwrap();
    assert_eq!(fingerprint.len(), 64);
    assert!(
        fingerprint
            .bytes()
            .all(|digit| b"0123456789abcdef".contains(&digit))
    );
}

#[tokio::test]
async fn certificate_and_key_may_come_from_files() {
    let folder = std::env::temp_dir().join(format!("appliance-sim-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let key = rcgen::KeyPair::generate().unwrap();
    let parameters = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = parameters.self_signed(&key).unwrap();
    let files = [folder.join("certificate.pem"), folder.join("key.pem")];
    std::fs::write(&files[0], certificate.pem()).unwrap();
    std::fs::write(&files[1], key.serialize_pem()).unwrap();
    let mut options = SimulatorOptions::new(Vendor::Nimble);
    let [certificate_file, key_file] = files;
    options.tls = Tls::Files {
        certificate: certificate_file,
        key: key_file.clone(),
    };
    let simulator = start(options.clone()).await.unwrap();
    assert_eq!(simulator.certificate_pem().unwrap(), certificate.pem());
    options.tls = Tls::Files {
        certificate: key_file,
        key: folder.join("missing.pem"),
    };
    let error = start(options).await.err().unwrap().to_string();
    assert!(
        error.contains("key.pem") && error.contains("certificate"),
        "{error}"
    );
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn an_address_in_use_is_an_error_and_stopping_frees_it() {
    let simulator = nimble().await;
    let mut options = simulator.options().clone();
    options.listen = simulator
        .url()
        .trim_start_matches("http://")
        .parse()
        .unwrap();
    let error = start(options.clone()).await.err().unwrap().to_string();
    assert!(error.contains(&options.listen.to_string()), "{error}");
    simulator.stop().await;
    start(options).await.unwrap();
}
