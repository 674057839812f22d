//! Replays a probe over HTTP.

use appliance_sim::RunningSimulator;
use reqwest::{Client, Method, redirect};
use serde_json::Value;

use crate::compare::{self, Difference};
use crate::recording::Exchange;
use crate::requests::{Known, Probe, Request};

/// An answer of the simulator.
struct Answer {
    status: u16,
    content_type: String,
    body: String,
}

pub(crate) async fn compare(
    simulator: &RunningSimulator,
    probe: &Probe,
    recorded: &[Exchange],
) -> Vec<Difference> {
    let client = client();
    let (mut known, mut found) = (Known::default(), Vec::new());
    let mut recorded = recorded.iter();
    for request in &probe.requests {
        let answer = send(&client, &simulator.url(), probe, request, &known).await;
        if let Some(name) = &request.save {
            let answer: Value = serde_json::from_str(&answer.body).unwrap();
            known.keep(name, &answer);
        }
        let Some(label) = &request.label else {
            continue;
        };
        let exchange = recorded.next().unwrap();
        assert!(
            exchange.label.starts_with(label.as_str()),
            "the recording goes on with {:?}, the requests with {label:?}",
            exchange.label
        );
        found.extend(differences(label, exchange, &answer));
    }
    assert!(recorded.next().is_none(), "requests are missing");
    found
}

fn client() -> Client {
    // Another test of this binary may have been first, which is as good.
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .ok();
    Client::builder()
        .redirect(redirect::Policy::none())
        .no_proxy()
        .build()
        .unwrap()
}

async fn send(
    client: &Client,
    url: &str,
    probe: &Probe,
    request: &Request,
    known: &Known,
) -> Answer {
    let url = format!("{url}{}{}", probe.base, known.fill(&request.path));
    let method = Method::from_bytes(request.method.as_bytes()).unwrap();
    let mut built = client.request(method, url);
    if let Some((name, password)) = request.login.clone().unwrap_or(Some(probe.login.clone())) {
        built = built.basic_auth(name, Some(known.fill(&password)));
    }
    if !request.bare {
        for (name, value) in &probe.headers {
            built = built.header(name, value);
        }
    }
    for (name, value) in &request.headers {
        built = built.header(name, value);
    }
    if let Some(body) = &request.body {
        built = built
            .header("content-type", "application/json")
            .body(known.fill_value(body).to_string());
    }
    if let Some(raw) = &request.raw {
        built = built.body(raw.clone());
    }
    let response = built.send().await.unwrap();
    let content_type = response.headers().get("content-type");
    Answer {
        status: response.status().as_u16(),
        content_type: content_type
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default(),
        body: response.text().await.unwrap(),
    }
}

fn differences(label: &str, recorded: &Exchange, simulated: &Answer) -> Option<Difference> {
    let difference = |aspect, what| {
        Some(Difference {
            label: label.to_owned(),
            aspect,
            what,
        })
    };
    if recorded.status != simulated.status {
        let what = format!(
            "recorded {}, simulated {}: {}",
            recorded.status, simulated.status, simulated.body
        );
        return difference("status", what);
    }
    if recorded.content_type != simulated.content_type {
        let what = format!("{} and {}", recorded.content_type, simulated.content_type);
        return difference("type", what);
    }
    let is_error = recorded.status >= 400;
    let what = compare::body(&recorded.body, &simulated.body, is_error)?;
    difference("body", what)
}
