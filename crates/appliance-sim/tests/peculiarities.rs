//! The README's tables of peculiarities name tests, scripts and recordings that exist.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use regex::Regex;

/// All Rust files below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The names of all tests of the crate.
fn tests() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    sources(&root.join("tests"), &mut files);
    let test = Regex::new(r"#\[(?:tokio::)?test\]\s+(?:async )?fn (\w+)").unwrap();
    files
        .iter()
        .flat_map(|file| {
            let text = fs::read_to_string(file).unwrap();
            let names = test.captures_iter(&text);
            names.map(|name| name[1].to_owned()).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn every_peculiarity_names_tests_that_exist() {
    let readme = include_str!("../README.md");
    let (_, tables) = readme.split_once("## How they are checked").unwrap();
    let rows = tables.lines().filter(|line| line.starts_with("| "));
    let rows: Vec<&str> = rows.filter(|line| !line.starts_with("| p")).collect();
    let clients = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/clients");
    let recordings = include_str!("data/recorded/requests/foreman.json");
    let faults = ["redirect", "latency", "status"];
    let (tests, name) = (tests(), Regex::new("`([^`]+)`").unwrap());
    let mut missing = Vec::new();
    for row in &rows {
        let (_, cell) = row.trim_end_matches(" |").rsplit_once(" | ").unwrap();
        for name in name.captures_iter(cell) {
            let name = &name[1];
            let exists = tests.iter().any(|test| test == name)
                || faults.contains(&name)
                || recordings.contains(&format!("\"label\": \"{name}\""))
                || (name.ends_with(".py") && clients.join(name).is_file());
            if !exists {
                missing.push(name.to_owned());
            }
        }
    }
    assert!(rows.len() > 80, "the tables are there: {}", rows.len());
    assert!(missing.is_empty(), "{missing:?}");
}
