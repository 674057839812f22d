//! `scim-bridge vendor` and `config`: what authors of profiles and of configurations see.

mod schema;

use std::path::Path;

use serde_json::{Value, json};

use super::binary::{program, run, stderr, stdout};

const CONFIG: &str = "config/examples/four-appliances.toml";
const BROKEN: &str = "tests/data/broken-profiles";

fn json_of(arguments: &[&str]) -> Value {
    serde_json::from_str(&stdout(&run(arguments))).unwrap()
}

/// The names of the broken profiles.
fn broken_profiles() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(BROKEN)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "toml")
        })
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn every_broken_profile_is_refused_with_place_key_and_remedy() {
    let names = broken_profiles();
    assert!(names.len() >= 25);
    for name in names {
        let file = format!("{BROKEN}/{name}.toml");
        let output = run(&["vendor", "check", &file]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        insta::with_settings!({
            snapshot_path => "../../data/broken-profiles/expected",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name.as_str(), stdout(&output));
        });
    }
}

#[test]
fn scripts_get_the_same_errors() {
    let report = json_of(&["vendor", "check", BROKEN, "--format", "json"]);
    assert_eq!(report["ok"], false);
    let profiles = report["profiles"].as_array().unwrap();
    assert_eq!(profiles.len(), broken_profiles().len());
    for profile in profiles {
        let source = &profile["source"];
        assert_eq!(profile["ok"], false, "{source}");
        let errors = profile["errors"].as_array().unwrap();
        assert_eq!(errors.len(), 1, "one fault, one error: {profile:#}");
        for error in errors {
            assert_eq!(error["file"], *source);
            assert!(error["line"].as_u64().unwrap() > 0, "{error:#}");
            assert!(error["column"].as_u64().unwrap() > 0, "{error:#}");
            for text in ["problem", "remedy"] {
                assert!(!error[text].as_str().unwrap().is_empty(), "{error:#}");
            }
            let syntax = error["problem"].as_str().unwrap().contains("not TOML");
            assert_eq!(error["key"] == "", syntax, "{error:#}");
        }
    }
}

#[test]
fn the_built_in_profiles_are_right_and_their_tests_hold() {
    let output = run(&["vendor", "check"]);
    let text = stdout(&output);
    assert!(output.status.success(), "{text}");
    for vendor in ["truenas", "fortiauthenticator", "nimble", "foreman"] {
        assert!(
            text.contains(&format!("ok      built-in profile {vendor}: ")),
            "{text}"
        );
    }
    assert!(text.ends_with("4 profiles: all right\n"), "{text}");

    let folder = run(&["vendor", "check", "config/vendors"]);
    assert!(folder.status.success(), "{}", stdout(&folder));
    let report = json_of(&[
        "vendor",
        "check",
        "config/vendors/nimble",
        "--output",
        "json",
    ]);
    let nimble = &report["profiles"][0];
    assert_eq!(nimble["vendor"], "nimble");
    assert_eq!(nimble["capabilities"]["groups"], Value::Null);
    assert_eq!(nimble["capabilities"]["users"]["rename"], true);
    assert_eq!(nimble["errors"], json!([]));
}

#[test]
fn what_is_no_profile_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().to_str().unwrap();
    let output = run(&["vendor", "check", empty]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("there is no profile in"),
        "{}",
        stderr(&output)
    );
    let output = run(&["vendor", "check", "no/such/profile.toml"]);
    assert!(
        stderr(&output).contains("no/such/profile.toml cannot be read"),
        "{}",
        stderr(&output)
    );
}

fn new_vendor(folder: &Path, name: &str) -> std::process::Output {
    program()
        .args(["vendor", "new", name, "--dir"])
        .arg(folder)
        .output()
        .unwrap()
}

#[test]
fn a_new_profile_passes_the_check_as_it_stands() {
    let folder = tempfile::tempdir().unwrap();
    let vendors = folder.path().join("vendors");
    let made = new_vendor(&vendors, "widget-os");
    assert!(made.status.success(), "{}", stderr(&made));

    let widget = vendors.join("widget-os");
    let check = run(&["vendor", "check", widget.to_str().unwrap()]);
    let text = stdout(&check);
    assert!(check.status.success(), "{text}");
    assert!(text.contains("tests passed"), "{text}");
    for file in ["README.md", "profile.toml", "samples/user.json"] {
        let text = std::fs::read_to_string(widget.join(file)).unwrap();
        assert!(!text.contains("acme"), "{file} calls the vendor acme");
    }
    let schema = std::fs::read_to_string(widget.join("profile.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    assert_eq!(schema, json_of(&["vendor", "schema"]));
}

#[test]
fn nothing_is_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    new_vendor(folder.path(), "acme");
    let profile = folder.path().join("acme/profile.toml");
    std::fs::write(&profile, "mine").unwrap();
    let again = new_vendor(folder.path(), "acme");
    assert_eq!(again.status.code(), Some(1));
    assert!(
        stderr(&again).contains("exists already, and nothing is overwritten"),
        "{}",
        stderr(&again)
    );
    assert_eq!(std::fs::read_to_string(&profile).unwrap(), "mine");
    let outside = new_vendor(folder.path(), "../acme");
    assert_eq!(outside.status.code(), Some(2), "{}", stderr(&outside));
}

#[test]
fn a_sample_that_is_no_json_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    new_vendor(folder.path(), "acme");
    let acme = folder.path().join("acme");
    std::fs::write(acme.join("samples/user.json"), "{\n  \"id\": 7,\n}\n").unwrap();
    let check = run(&["vendor", "check", acme.to_str().unwrap()]);
    let text = stdout(&check);
    assert_eq!(check.status.code(), Some(1));
    assert!(text.contains("samples/user.json:3:1"), "{text}");
    assert!(text.contains("this is not JSON"), "{text}");
}

/// A configuration with a new profile `acme`, and no appliance.
fn with_acme(folder: &Path) -> String {
    new_vendor(&folder.join("vendors"), "acme");
    let file = folder.join("scim-bridge.toml");
    let example = std::fs::read_to_string(CONFIG).unwrap();
    let (head, _) = example.split_once("[[appliance]]").unwrap();
    let (_, head) = head.split_once("\n").unwrap();
    std::fs::write(&file, format!("profiles_dir = \"vendors\"\n{head}")).unwrap();
    file.to_str().unwrap().to_owned()
}

#[test]
fn the_list_has_built_in_and_configured_profiles() {
    let builtin = stdout(&run(&["vendor", "list"]));
    let row = |name: &str| {
        let line = builtin.lines().find(|line| line.contains(name)).unwrap();
        line.split(['│', '┆'])
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        row("passwords")[3..7],
        ["rename", "disable", "delete", "groups"]
    );
    assert_eq!(row("FortiAuth")[3..7], ["-", "yes", "yes", "one by one"]);
    assert_eq!(row("Nimble")[3..7], ["yes", "yes", "yes", "-"]);
    assert_eq!(row("TrueNAS")[2], "jsonrpc-websocket, rest");
    assert_eq!(row("TrueNAS")[10], "jsonrpc, core, scale-22.02, rest");
    let foreman = row("Foreman")[9];
    assert!(foreman.contains("revoke"), "{foreman}");
    assert!(foreman.contains("references by name"), "{foreman}");

    let folder = tempfile::tempdir().unwrap();
    let config = with_acme(folder.path());
    let broken = folder.path().join("vendors/broken");
    std::fs::create_dir(&broken).unwrap();
    std::fs::write(broken.join("profile.toml"), "vendor = 1").unwrap();
    let config = config.as_str();
    let list = json_of(&["vendor", "list", "--config", config, "--output", "json"]);
    let entry = |name: &str| {
        let entries = list.as_array().unwrap();
        entries.iter().find(|entry| entry["name"] == name).unwrap()
    };
    assert_eq!(list.as_array().unwrap().len(), 6);
    assert_eq!(entry("acme")["capabilities"]["users"]["marker"], "comment");
    assert!(
        entry("acme")["source"]
            .as_str()
            .unwrap()
            .ends_with("acme/profile.toml")
    );
    let error = entry("broken")["error"].as_str().unwrap();
    assert!(error.contains("run scim-bridge vendor check"), "{error}");
}

#[test]
fn a_profile_is_shown_with_its_calls_and_its_table() {
    let folder = tempfile::tempdir().unwrap();
    let config = with_acme(folder.path());
    let shown = stdout(&run(&["vendor", "show", "acme", "--config", &config]));
    let shown = shown.replace(folder.path().to_str().unwrap(), "DIR");
    insta::assert_snapshot!("a_profile_as_it_is_shown", shown);
}

#[test]
fn the_assumed_variant_is_shown_or_the_one_that_is_named() {
    let assumed = stdout(&run(&["vendor", "show", "truenas"]));
    for line in [
        "variant         rest, assumed until an appliance has been asked; by --variant: jsonrpc, core, scale-22.02",
        "transport       rest, below /api/v2.0",
        "  create   POST /user",
    ] {
        assert!(
            assumed.contains(&format!("{line}\n")),
            "{line}\nnot in\n{assumed}"
        );
    }
    let newest = stdout(&run(&["vendor", "show", "truenas", "--variant", "jsonrpc"]));
    for line in [
        "variant         jsonrpc; by --variant: core, scale-22.02, rest",
        "transport       jsonrpc-websocket, at /api/current",
        "authentication  login by token, login by password",
        "own account     asked for, and never touched",
    ] {
        assert!(
            newest.contains(&format!("{line}\n")),
            "{line}\nnot in\n{newest}"
        );
    }
    assert!(
        newest.contains("call user.create  [\"{{ fields }}\"]"),
        "{newest}"
    );
    assert!(!newest.contains("POST /user"), "{newest}");
    let core = json_of(&[
        "vendor",
        "show",
        "truenas",
        "--variant",
        "core",
        "--format",
        "json",
    ]);
    assert_eq!(core["variant"], "core");
    assert_eq!(
        core["variants"],
        json!(["jsonrpc", "core", "scale-22.02", "rest"])
    );
    let fields = core["user"]["fields"].as_array().unwrap();
    let name = fields
        .iter()
        .find(|field| field["field"] == "username")
        .unwrap();
    assert_eq!(name["row"]["max_length"], 16);

    for (vendor, told) in [
        (
            "truenas",
            "has no variant \"scale\"; there are jsonrpc, core, scale-22.02, rest",
        ),
        ("nimble", "has no variants; leave --variant out"),
    ] {
        let output = run(&["vendor", "show", vendor, "--variant", "scale"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(told), "{}", stderr(&output));
    }
}

#[test]
fn rows_that_an_appliance_has_of_its_own_are_marked() {
    let arguments = [
        "vendor",
        "show",
        "--config",
        CONFIG,
        "--appliance",
        "array-1",
    ];
    let text = stdout(&run(&arguments));
    let role = text.lines().find(|line| line.contains("role *")).unwrap();
    assert!(
        role.contains("group \"storage-admins\": \"administrator\" *"),
        "{role}"
    );
    assert!(!text.contains("full_name *"), "{text}");

    let json = json_of(&[&arguments[..], &["--format", "json"]].concat());
    assert_eq!(json["appliance"], "array-1");
    let fields = json["user"]["fields"].as_array().unwrap();
    let field = |name: &str| fields.iter().find(|field| field["field"] == name).unwrap();
    assert_eq!(field("role")["overridden"], json!(["choose", "default"]));
    assert_eq!(field("role")["row"]["choose"][0]["value"], "administrator");
    assert_eq!(field("name")["overridden"], json!([]));
}

#[test]
fn unknown_names_are_answered_with_the_known_ones() {
    let vendor = run(&["vendor", "show", "netapp"]);
    assert!(
        stderr(&vendor).contains("there are foreman, fortiauthenticator, nimble, truenas"),
        "{}",
        stderr(&vendor)
    );
    let appliance = run(&["vendor", "show", "--config", CONFIG, "--appliance", "nas-9"]);
    assert!(
        stderr(&appliance).contains("there are nas-1, vpn-1, array-1, foreman-1"),
        "{}",
        stderr(&appliance)
    );
    assert_eq!(appliance.status.code(), Some(1));
}
