//! `plan`: what the README shows is what is printed.

use serde_json::Value;

use super::binary::{run, stdout};

const CONFIG: &str = "config/examples/four-appliances.toml";
const PERSON: &str = "config/examples/person.json";

fn readme_example() -> String {
    let readme = include_str!("../../../README.md");
    let (_, after) = readme.split_once("<!-- plan:").unwrap();
    let (_, after) = after.split_once("```text\n").unwrap();
    let (example, _) = after.split_once("```\n").unwrap();
    example.to_owned()
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
