//! Any JSON as a whole resource: what is taken is canonical.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use scim_bridge::scim::resource::read_resource;
use scim_bridge::scim::schema::SchemaSet;
use scim_bridge_fuzz::{KINDS, assert_canonical};
use serde_json::Value;

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(body) = serde_json::from_slice::<Value>(input) else {
        return Corpus::Reject;
    };
    let schemas = SchemaSet::core();
    for kind in KINDS {
        if let Ok(incoming) = read_resource(kind, body.clone(), &schemas) {
            assert_canonical(kind, incoming.document, &schemas);
        }
    }
    Corpus::Keep
});
