//! `status`, `check`, `token`, `healthcheck` and `serve`'s refusals.

use appliance_sim::{Fault, FaultKind, Vendor};
use serde_json::{Value, json};

use super::binary::{program, run, stderr, stdout};
use crate::support::{Site, SiteBuilder};

async fn in_background(arguments: Vec<String>) -> std::process::Output {
    tokio::task::spawn_blocking(move || program().args(arguments).output().unwrap())
        .await
        .unwrap()
}

async fn with_config(site: &Site, arguments: &[&str]) -> std::process::Output {
    let mut all: Vec<String> = arguments
        .iter()
        .map(|argument| (*argument).to_owned())
        .collect();
    all.extend([
        "--config".to_owned(),
        site.config_file().display().to_string(),
    ]);
    in_background(all).await
}

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_who_is_where_and_why_not() {
    let site = SiteBuilder::default()
        .appliance("nas", Vendor::TrueNas, "")
        .appliance("array", Vendor::Nimble, "")
        .start()
        .await;
    site.scim.create_user("1234@corp.example").await;
    site.scim.create_user("ann@corp.example").await;
    site.settled(&[]).await;

    let text = stdout(&with_config(&site, &["status"]).await);
    assert!(
        text.contains("ann@corp.example") && text.contains("in_sync"),
        "{text}"
    );
    assert!(
        text.contains("1234@corp.example") && text.contains("refused"),
        "{text}"
    );

    let output = with_config(&site, &["status", "--state", "refused", "--output", "json"]).await;
    let status: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = status.to_string();
    assert!(
        text.contains("1234@corp.example") && !text.contains("ann@corp.example"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_tries_each_appliance_and_fails_with_a_remedy() {
    let site = SiteBuilder::default()
        .appliance("nas", Vendor::TrueNas, "")
        .appliance("array", Vendor::Nimble, "")
        .start()
        .await;
    let good = with_config(&site, &["check", "--live"]).await;
    let text = stdout(&good);
    assert!(good.status.success(), "{text}");
    assert!(
        text.contains("calls \"rest\"") && text.contains("version TrueNAS-SCALE-24.10"),
        "{text}"
    );

    site.control("array")
        .inject(Fault::new(FaultKind::HtmlPage));
    let bad = with_config(&site, &["check", "--live"]).await;
    assert_eq!(bad.status.code(), Some(1));
    let text = stdout(&bad);
    let (_, array) = text.split_once("array (nimble").unwrap();
    assert!(array.contains("failed"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_serve_on_the_same_database_refuses() {
    let site = SiteBuilder::default().start().await;
    let output = with_config(&site, &["serve"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("in use by another scim-bridge"),
        "{}",
        stderr(&output)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn healthcheck_exits_by_readiness() {
    let site = SiteBuilder::default().start().await;
    let ready = format!("{}/readyz", site.ops_url());
    let up = in_background(vec!["healthcheck".into(), ready.clone()]).await;
    assert!(up.status.success());
    let mut site = site;
    site.stop_bridge().await;
    let down = in_background(vec!["healthcheck".into(), ready]).await;
    assert_eq!(down.status.code(), Some(1));
}

#[test]
fn a_wrong_configuration_is_refused_with_all_its_errors() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("broken.toml");
    std::fs::write(
        &file,
        "[scim]\nlisten = \"0.0.0.0:80\"\nmax_bodi_bytes = 5\n[[appliance]]\nname = \"a\"\n\
         vendor = \"trunas\"\nurl = \"ftp://nowhere\"\nusers = 'userName eq'\n",
    )
    .unwrap();
    let output = run(&["serve", "--config", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    for part in [
        "max_body_bytes",
        "behind_proxy",
        "truenas",
        "url",
        "users",
        "token new",
        "broken.toml:3",
    ] {
        assert!(text.contains(part), "{part} is missing in:\n{text}");
    }
}

#[test]
fn a_new_token_is_printed_once_with_its_digest() {
    let output = run(&["token", "new", "--name", "okta", "--output", "json"]);
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    let token = made["token"].as_str().unwrap();
    assert!(token.starts_with("scimb_") && token.len() >= 40, "{token}");
    assert_eq!(
        made["sha256"],
        json!(scim_bridge::cli::token::digest_hex(token))
    );
    let another = run(&["token", "new", "--output", "json"]);
    assert_ne!(stdout(&output), stdout(&another));
}
