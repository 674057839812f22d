//! `demo --no-traffic --output json`: the contract for scripts.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use super::binary::program;
use crate::support::Scim;

#[tokio::test(flavor = "multi_thread")]
async fn one_line_of_json_says_all_that_a_script_needs() {
    let folder = tempfile::tempdir().unwrap();
    let mut demo = program()
        .args([
            "demo",
            "--no-traffic",
            "--output",
            "json",
            "--listen",
            "127.0.0.1:0",
            "--data-dir",
        ])
        .arg(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(demo.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let text = |pointer: &str| {
        ready
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap()
            .to_owned()
    };

    let scim = Scim::new(text("/scim/base_url"), Some(text("/scim/token")));
    scim.create_user("ann.other@corp.example").await;
    let health = reqwest::get(format!("{}/readyz", text("/ops_url")))
        .await
        .unwrap();
    assert_eq!(health.status(), 200);

    let vendors: Vec<&Value> = ready["appliances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|appliance| &appliance["vendor"])
        .collect();
    assert_eq!(
        vendors,
        ["truenas", "fortiauthenticator", "nimble", "foreman"]
    );
    // The credentials open the appliance's own API, where the account turns up.
    let nas = &ready["appliances"][0];
    let url = format!("{}/api/v2.0/user", nas["url"].as_str().unwrap());
    let client = reqwest::Client::new();
    loop {
        let users: Value = client
            .get(&url)
            .basic_auth(
                nas["credentials"]["username"].as_str().unwrap(),
                nas["credentials"]["password"].as_str(),
            )
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let found = users
            .as_array()
            .unwrap()
            .iter()
            .any(|user| user["username"] == json!("ann.other"));
        if found {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    demo.kill().unwrap();
    demo.wait().unwrap();
}
