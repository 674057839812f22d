//! docs/vendor-traps.md names tests; each of them exists, and each trap test is named.

use std::collections::BTreeSet;
use std::path::Path;

/// The words that stand behind `fn ` in the sources of a folder.
fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let after = text.split("fn ").skip(1);
            found.extend(after.map(|rest| {
                let word = rest.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
                word.into_iter().next().unwrap_or_default().to_owned()
            }));
        }
    }
}

/// The names in code spans of the last column.
fn named_tests(table: &str) -> BTreeSet<String> {
    let rows = table.lines().filter(|line| line.starts_with("| "));
    rows.filter_map(|row| row.trim_end_matches('|').rsplit('|').next())
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .map(|name| name.rsplit("::").next().unwrap_or(name).to_owned())
        .collect()
}

#[test]
fn every_test_of_the_table_exists_and_every_trap_is_in_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("docs/vendor-traps.md")).unwrap();
    let named = named_tests(&table);
    assert!(named.len() > 80, "the table is read: {}", named.len());

    let mut all = BTreeSet::new();
    for folder in ["tests", "src", "crates"] {
        functions(&root.join(folder), &mut all);
    }
    let missing: Vec<&String> = named.difference(&all).collect();
    assert!(
        missing.is_empty(),
        "the table names what is not there: {missing:#?}"
    );

    let mut traps = BTreeSet::new();
    functions(&root.join("tests/it/traps"), &mut traps);
    let traps: BTreeSet<String> = traps
        .into_iter()
        .filter(|name| name.starts_with("trap_"))
        .collect();
    let unnamed: Vec<&String> = traps.difference(&named).collect();
    assert!(unnamed.is_empty(), "the table does not name {unnamed:#?}");
}
