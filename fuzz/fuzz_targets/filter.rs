//! Any text as a filter: read, printed, read again, checked against the schemas, evaluated.

#![no_main]

use libfuzzer_sys::fuzz_target;
use scim_bridge::scim::filter::{matches, unknown_attributes, validate};
use scim_bridge::scim::schema::SchemaSet;
use scim_bridge_fuzz::{KINDS, assert_well_told, document};
use scim_filter_parser::{Filter, Options, parse_filter, parse_filter_with};

fuzz_target!(|input: &str| {
    let strict = Options {
        bare_words: false,
        ..Options::default()
    };
    let tree = match parse_filter(input) {
        Ok(tree) => tree,
        Err(error) => {
            assert_well_told(input, &error);
            assert!(parse_filter_with(input, &strict).is_err());
            return;
        }
    };
    if let Ok(same) = parse_filter_with(input, &strict) {
        assert_eq!(same, tree);
    }
    // Printing adds quotes, so that it may need more room.
    let roomy = Options {
        max_bytes: usize::MAX,
        bare_words: false,
        ..Options::default()
    };
    assert_eq!(
        parse_filter_with(&tree.to_string(), &roomy).as_ref(),
        Ok(&tree)
    );
    evaluate(tree);
});

fn evaluate(tree: Filter) {
    let schemas = SchemaSet::core();
    let opposite = Filter::Not(Box::new(tree.clone()));
    for kind in KINDS {
        let resource = document(kind);
        let unknown = unknown_attributes(&tree, kind, &schemas);
        assert_eq!(unknown_attributes(&opposite, kind, &schemas), unknown);
        assert_eq!(
            validate(&opposite, kind, &schemas).is_ok(),
            validate(&tree, kind, &schemas).is_ok()
        );
        let holds = matches(&tree, &resource, kind, &schemas);
        assert_ne!(matches(&opposite, &resource, kind, &schemas), holds);
    }
}
