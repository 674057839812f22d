//! `scim-bridge check --as`: every client against the bridge, and one against a broken server.

mod broken_server;

use std::process::{Command, Output};

use serde_json::Value;

use crate::support::{Scim, Site, SiteBuilder};
use broken_server::BrokenServer;

const CLIENTS: [&str; 7] = [
    "authentik",
    "entra",
    "google",
    "jumpcloud",
    "okta",
    "onelogin",
    "ping",
];

const TOKEN: &str = "scimb_check-as-only-0123456789abcdefghijklmnopqrstuv";

/// Runs the command and waits for its end, aside from the tasks of the test.
async fn check(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scim-bridge"));
    command.arg("check").args(arguments);
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no report: {output:?}"))
}

/// A bridge that knows the token, and no appliance.
async fn site() -> Site {
    let digest = scim_bridge::cli::token::digest_hex(TOKEN);
    let token = format!("[[directory.default.token]]\nname = \"check\"\nsha256 = \"{digest}\"");
    SiteBuilder::default().settings(&token).start().await
}

/// How many users and groups there are.
async fn population(scim: &Scim) -> (u64, u64) {
    let count = async |path: &str| scim.get(path).await.body["totalResults"].as_u64().unwrap();
    (
        count("/Users?count=0").await,
        count("/Groups?count=0").await,
    )
}

/// The steps of a report with this result.
fn steps<'a>(report: &'a Value, result: &str) -> Vec<&'a Value> {
    let parts = report["parts"].as_array().unwrap();
    parts
        .iter()
        .flat_map(|part| part["steps"].as_array().unwrap())
        .filter(|step| step["result"] == result)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_client_can_work_with_the_bridge() {
    let mut site = site().await;
    site.scim.create_user("jane.doe@corp.example").await;
    let url = site.running().scim_url();
    for client in CLIENTS {
        let output = check(&[
            "--as", client, "--url", &url, "--token", TOKEN, "--output", "json",
        ])
        .await;
        let report = report(&output);
        assert_eq!(
            report["failed"],
            0,
            "{client}: {:#?}",
            steps(&report, "failed")
        );
        assert_eq!(
            report["warnings"],
            0,
            "{client}: {:#?}",
            steps(&report, "warning")
        );
        assert_eq!(
            report["not_played"],
            0,
            "{client}: {:#?}",
            steps(&report, "not_played")
        );
        assert!(report["passed"].as_u64().unwrap() > 10, "{client}");
        assert_eq!(report["left_behind"], serde_json::json!([]), "{client}");
        assert!(output.status.success(), "{client}");
        assert_eq!(population(&site.scim).await, (1, 0), "{client} cleans up");
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.contains(TOKEN), "{client} shows the token");
        assert!(!text.contains("jane"), "{client} shows somebody else");
    }
    site.stop_bridge().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_configuration_says_where_the_bridge_is() {
    let mut site = site().await;
    let url = site.running().scim_url();
    let address = url
        .trim_start_matches("http://")
        .trim_end_matches("/scim/v2");
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let digest = scim_bridge::cli::token::digest_hex(TOKEN);
    let config = file(
        "scim-bridge.toml",
        &format!(
            "[scim]\nlisten = \"{address}\"\n[[directory.default.token]]\nname = \"check\"\n\
             sha256 = \"{digest}\"\n"
        ),
    );
    let token = file("token", &format!("{TOKEN}\n"));
    let output = check(&[
        "--as",
        "google",
        "--config",
        &config,
        "--token-file",
        &token,
    ])
    .await;
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}");
    assert!(
        text.contains(&format!("Google Workspace against {url}")),
        "{text}"
    );
    assert!(
        text.contains("0 failed, 0 warnings, 0 not played: google can work"),
        "{text}"
    );
    site.stop_bridge().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_answers_are_found_and_named() {
    let server = BrokenServer::start().await;
    let arguments = ["--as", "entra", "--url", server.url(), "--token", TOKEN];
    let output = check(&[&arguments[..], &["--output", "json"]].concat()).await;
    let report = report(&output);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(report["ok"], false);

    let failed = steps(&report, "failed");
    for (step, problem) in [
        (
            "without a token there is a SCIM error",
            "the status is 200, expected 401",
        ),
        (
            "a user is created, with enterprise attributes and an empty list of roles",
            "the status is 200, expected 201",
        ),
        (
            "it is deactivated, as a JSON boolean",
            "at /active there is \"False\", expected false",
        ),
        (
            "the same name again is a conflict with scimType uniqueness",
            "the status is 500, expected 409",
        ),
        ("only that member went", "at /members there is a list of 0"),
    ] {
        let found = failed.iter().find(|failed| failed["step"] == step);
        let found = found.unwrap_or_else(|| panic!("{step} is not among {failed:#?}"));
        let problems = found["problems"].to_string();
        assert!(
            problems.replace("\\\"", "\"").contains(problem),
            "{step}: {problems}"
        );
        assert!(found["request"]["method"].is_string(), "{found:#}");
        assert!(found["answer"]["status"].is_u64(), "{found:#}");
        assert!(!found["hint"].as_str().unwrap().is_empty(), "{found:#}");
    }
    let warnings = steps(&report, "warning");
    assert!(
        warnings
            .iter()
            .any(|warning| warning["step"] == "the answer says that it is SCIM"),
        "{warnings:#?}"
    );
    let held = steps(&report, "ok");
    assert!(
        held.iter()
            .any(|step| step["step"] == "the user is matched by name")
    );

    assert_eq!(server.names(), ["jane.doe@corp.example"], "it cleans up");
    assert!(!server.jane_was_written_to());
    let text = check(&arguments).await;
    for output in [&output, &text] {
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(!text.contains(TOKEN) && !text.contains("jane"), "{text}");
    }
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("entra cannot work with this server"),
        "{text}"
    );
    assert!(
        text.contains("why it matters: people who left keep their access"),
        "{text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn misuse_is_explained_before_anything_is_sent() {
    let far = [
        "--as",
        "okta",
        "--url",
        "http://scim.corp.example/scim/v2",
        "--token",
        TOKEN,
    ];
    let near = ["--as", "okta", "--url", "http://127.0.0.1:9/scim/v2"];
    let unknown = [
        "--as",
        "okto",
        "--url",
        "http://127.0.0.1:9",
        "--token",
        TOKEN,
    ];
    for (arguments, words) in [
        (&far[..], "--allow-plain-http"),
        (&near, "--token-file"),
        (
            &unknown,
            "there are authentik, entra, google, jumpcloud, okta, onelogin, ping",
        ),
    ] {
        let output = check(arguments).await;
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(words), "{error}");
        assert!(!error.contains(TOKEN), "{error}");
        assert_eq!(output.status.code(), Some(1));
    }
}
