//! Any text as a path: read, printed, read again, looked up in resources.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scim_bridge::scim::path::select;
use scim_bridge::scim::schema::SchemaSet;
use scim_bridge_fuzz::{KINDS, assert_well_told, document};
use scim_filter_parser::{Options, Path, parse_filter, parse_path, parse_path_with};

fuzz_target!(|input: &str| {
    let path = match parse_path(input) {
        Ok(path) => path,
        Err(error) => return assert_well_told(input, &error),
    };
    let roomy = Options {
        max_bytes: usize::MAX,
        bare_words: false,
        ..Options::default()
    };
    assert_eq!(
        parse_path_with(&path.to_string(), &roomy).as_ref(),
        Ok(&path)
    );
    // A path with a selection and no sub-attribute is also a filter (RFC 7644 §3.4.2.2).
    if let Path::Value(elements) = &path {
        assert_eq!(
            parse_filter(input).is_ok(),
            elements.sub_attribute.is_none()
        );
    }
    let schemas = SchemaSet::core();
    for kind in KINDS {
        let resource = document(kind);
        let found = select(&resource, &path, &schemas).len();
        assert!(found <= resource.len().max(8), "{found} values at {path}");
    }
});
