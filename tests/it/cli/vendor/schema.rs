//! The JSON Schemas: what is committed is what is printed, and it fits what it describes.

use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use serde_json::Value;

use super::super::binary::{run, stdout};

const PROFILE_SCHEMA: &str = "config/schema/profile.schema.json";
const CONFIG_SCHEMA: &str = "config/schema/scim-bridge.schema.json";

/// A schema, ready to judge.
struct Judge {
    schemas: Schemas,
    schema: SchemaIndex,
}

impl Judge {
    fn of(schema: &Value) -> Self {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        compiler
            .add_resource("test:schema", schema.clone())
            .unwrap();
        let schema = compiler.compile("test:schema", &mut schemas).unwrap();
        Self { schemas, schema }
    }

    /// What is wrong with a TOML text.
    fn faults(&self, text: &str) -> Option<String> {
        let table: toml::Table = text.parse().unwrap();
        let value = serde_json::to_value(table).unwrap();
        self.schemas
            .validate(&value, self.schema)
            .err()
            .map(|error| format!("{error:#}"))
    }
}

fn printed(command: [&str; 2]) -> Value {
    serde_json::from_str(&stdout(&run(&command))).unwrap()
}

fn profiles() -> Judge {
    Judge::of(&printed(["vendor", "schema"]))
}

fn configurations() -> Judge {
    Judge::of(&printed(["config", "schema"]))
}

/// Every `profile.toml` of the repository that is right.
fn profile_files() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir("config/vendors")
        .unwrap()
        .map(|entry| entry.unwrap().path().join("profile.toml"))
        .filter(|file| file.is_file())
        .collect();
    files.push("src/cli/vendor/skeleton/profile.toml".into());
    files
}

fn text(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

/// The reference with what it leaves unset set.
fn reference_uncommented() -> String {
    text(Path::new("config/scim-bridge.toml"))
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(key) if !key.is_empty() && !key.starts_with([' ', ':']) => key,
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn the_committed_schemas_are_those_that_are_printed() {
    for (file, command) in [
        (PROFILE_SCHEMA, ["vendor", "schema"]),
        (CONFIG_SCHEMA, ["config", "schema"]),
    ] {
        assert!(
            text(Path::new(file)) == stdout(&run(&command)),
            "{file} is out of date: scim-bridge {} > {file}",
            command.join(" ")
        );
    }
}

#[test]
fn every_profile_fits_its_schema() {
    let judge = profiles();
    assert!(profile_files().len() >= 5);
    for file in profile_files() {
        let faults = judge.faults(&text(&file));
        assert_eq!(faults, None, "{}", file.display());
    }
}

#[test]
fn every_configuration_fits_its_schema() {
    let judge = configurations();
    let files = [
        "config/scim-bridge.toml",
        "config/examples/four-appliances.toml",
    ];
    for file in files {
        assert_eq!(judge.faults(&text(Path::new(file))), None, "{file}");
    }
    let whole = reference_uncommented();
    assert!(whole.contains("\n[[appliance]]"));
    assert_eq!(judge.faults(&whole), None);
}

#[test]
fn an_editor_marks_what_is_wrong() {
    let judge = profiles();
    let nimble = text(Path::new("config/vendors/nimble/profile.toml"));
    for (from, to) in [
        ("kind      = \"rest\"", "kind = \"rset\""),
        ("key_compare ", "key_comparison "),
        ("base_path = \"/v1\"", "base_path = 1"),
        ("items   = \"/data\"", "items = \"data\""),
        ("method = \"GET\"", "method = \"FETCH\""),
        ("title  = \"HPE Nimble Storage\"", ""),
        ("\"local_part\"", "\"localpart\""),
        ("schemes = [\"session\"]", "schemes = [\"cookie\"]"),
        ("status = 206", "status = 20"),
    ] {
        let broken = nimble.replace(from, to);
        assert_ne!(broken, nimble, "{from}");
        assert!(judge.faults(&broken).is_some(), "{to} is accepted");
    }

    let judge = configurations();
    let example = text(Path::new("config/examples/four-appliances.toml"));
    for (from, to) in [
        ("listen = ", "listne = "),
        ("groups = \"all\"", "groups = true"),
        (
            "[appliance.user.fields.role]\nchoose",
            "[appliance.user.fields.role]\nchose",
        ),
        ("vendor = \"truenas\"", "on_delete = \"purge\""),
    ] {
        let broken = example.replace(from, to);
        assert_ne!(broken, example, "{from}");
        assert!(judge.faults(&broken).is_some(), "{to} is accepted");
    }
}

#[test]
fn profiles_and_configurations_name_their_schema() {
    let files = profile_files().into_iter().chain(
        [
            "config/scim-bridge.toml",
            "config/examples/four-appliances.toml",
        ]
        .map(Into::into),
    );
    for file in files {
        let text = text(&file);
        let named = text
            .strip_prefix("#:schema ")
            .and_then(|rest| rest.lines().next());
        let named = named.unwrap_or_else(|| panic!("{} names no schema", file.display()));
        // The skeleton's lies beside it once it is written.
        let written = file.starts_with("src/cli/vendor/skeleton");
        let folder = file.parent().unwrap();
        assert!(
            written || folder.join(named).is_file(),
            "{}: {named}",
            file.display()
        );
    }
}
