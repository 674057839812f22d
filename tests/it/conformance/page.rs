//! `docs/conformance.md` names a test for each feature; every one of them exists.

use std::path::Path;

use regex::Regex;

#[test]
fn every_test_that_the_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/conformance.md")).unwrap();
    let named = Regex::new(r"`([\w/.-]+\.rs)::(\w+)`").unwrap();
    let mut count = 0;
    for found in named.captures_iter(&page) {
        let (file, name) = (&found[1], &found[2]);
        let source = std::fs::read_to_string(root.join(file)).unwrap_or_default();
        assert!(
            source.contains(&format!("fn {name}(")),
            "docs/conformance.md names {file}::{name}, which does not exist"
        );
        count += 1;
    }
    assert!(count > 40, "the page is read: {count} tests");
}
