//! `plan`: what the README shows is what is printed.

use appliance_sim::Vendor;
use serde_json::Value;

use super::binary::{program, run, stdout};
use crate::support::{Site, SiteBuilder};

const CONFIG: &str = "config/examples/four-appliances.toml";
const PERSON: &str = "config/examples/person.json";

/// The example that follows a comment which begins with `<!-- plan:`, or with `mark`.
fn example_of(document: &str, mark: &str) -> String {
    let (_, after) = document.split_once(&format!("<!-- {mark}:")).unwrap();
    let (_, after) = after.split_once("```text\n").unwrap();
    let (example, _) = after.split_once("```\n").unwrap();
    example.to_owned()
}

fn readme_example() -> String {
    example_of(include_str!("../../../README.md"), "plan")
}

/// Runs `plan` on a person of this name beside a running site.
async fn plan_for(site: &Site, user_name: &str, live: bool) -> String {
    let person = site.config_file().with_file_name("person.json");
    let body = serde_json::json!({"userName": user_name, "displayName": "Jane"});
    std::fs::write(&person, body.to_string()).unwrap();
    let mut command = program();
    command.args(["plan", "--config"]).arg(site.config_file());
    command.arg(person);
    if live {
        command.arg("--live");
    }
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    stdout(&output)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_name_is_shown_with_whose_it_is() {
    let site = SiteBuilder::default()
        .appliance("nas", Vendor::TrueNas, "on_collision = \"suffix\"")
        .appliance("other", Vendor::TrueNas, "")
        .start()
        .await;
    let first = site.scim.create_user("jane.doe@corp.example").await;
    site.settled(&[]).await;
    for live in [false, true] {
        let text = plan_for(&site, "jane.doe@corp.test", live).await;
        assert!(
            text.contains("nas (truenas): create \"jane.doe2\""),
            "{text}"
        );
        assert!(text.contains("\"username\":\"jane.doe2\""), "{text}");
        assert!(
            text.contains(&format!("\"jane.doe\" is the account of resource {first}")),
            "{text}"
        );
        assert!(
            text.contains("other (truenas): held; \"jane.doe\""),
            "{text}"
        );
        // Who has the name already is in nobody's way.
        let text = plan_for(&site, "jane.doe@corp.example", live).await;
        assert!(
            !text.contains("jane.doe2") && !text.contains("held"),
            "{text}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_somebody_else_is_stepped_around_when_it_is_seen() {
    let site = SiteBuilder::default()
        .appliance("nas", Vendor::TrueNas, "on_collision = \"suffix\"")
        .start()
        .await;
    // The simulator has the vendor's own root account, and the bridge one of its own.
    let own = site.simulator("nas").options().username.clone();
    let text = plan_for(&site, &own, true).await;
    assert!(text.contains(&format!("create \"{own}2\"")), "{text}");
}

#[test]
fn the_hard_names_are_planned_as_the_document_says() {
    let document = include_str!("../../../docs/hard-names.md");
    for (mark, config) in [
        ("plan", CONFIG),
        ("plan with a row", "tests/data/hard-names-usernames.toml"),
    ] {
        let output = run(&["plan", "--config", config, "tests/data/hard-names.json"]);
        assert!(output.status.success(), "{output:?}");
        assert_eq!(stdout(&output), example_of(document, mark), "{mark}");
    }
}

#[test]
fn the_readme_shows_what_plan_prints() {
    let output = run(&["plan", "--config", CONFIG, PERSON]);
    assert!(output.status.success());
    assert_eq!(stdout(&output), readme_example());
}

#[test]
fn secrets_are_masked_and_scripts_get_json() {
    let output = run(&["plan", "--config", CONFIG, PERSON, "--output", "json"]);
    assert!(output.status.success());
    let text = stdout(&output);
    let plan: Value = serde_json::from_str(&text).unwrap();
    for appliance in ["nas-1", "vpn-1", "array-1", "foreman-1"] {
        assert!(text.contains(appliance), "{plan:#}");
    }
    let passwords: Vec<&str> = text
        .match_indices("\"password\":")
        .map(|(at, _)| {
            let value = text[at + 11..].trim_start();
            &value[..value.len().min(10)]
        })
        .collect();
    assert_eq!(passwords.len(), 4, "{plan:#}");
    assert!(
        passwords
            .iter()
            .all(|value| value.starts_with("\"********")),
        "{passwords:?}"
    );
}

#[test]
fn a_person_whom_a_vendor_cannot_represent_is_told_the_rule() {
    let folder = tempfile::tempdir().unwrap();
    let person = folder.path().join("person.json");
    std::fs::write(
        &person,
        r#"{"userName": "管理@corp.example", "displayName": "管理"}"#,
    )
    .unwrap();
    let output = run(&["plan", "--config", CONFIG, person.to_str().unwrap()]);
    let text = stdout(&output);
    let (_, vpn) = text.split_once("vpn-1 (fortiauthenticator)").unwrap();
    let (vpn, _) = vpn.split_once("\n\n").unwrap();
    assert!(vpn.contains("username"), "{vpn}");
    assert!(!vpn.contains("POST"), "nothing would be sent: {vpn}");
}
