//! Any JSON as the body of a PATCH: understood, applied to a small resource, applied again.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use scim_bridge::scim::ResourceKind;
use scim_bridge::scim::patch::{PatchRequest, parse_patch};
use scim_bridge::scim::schema::SchemaSet;
use scim_bridge_fuzz::{KINDS, assert_canonical, document};
use serde_json::Value;

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(body) = serde_json::from_slice::<Value>(input) else {
        return Corpus::Reject;
    };
    let schemas = SchemaSet::core();
    for kind in KINDS {
        if let Ok(request) = parse_patch(kind, &body, &schemas) {
            apply(kind, &request, &schemas);
        }
    }
    Corpus::Keep
});

fn apply(kind: ResourceKind, request: &PatchRequest, schemas: &SchemaSet) {
    let before = document(kind);
    let Ok(patched) = request.apply(&before) else {
        return;
    };
    assert_eq!(patched.changed, patched.document != before);
    if request.is_empty() {
        assert!(!patched.changed && patched.members.is_empty());
    }
    assert_eq!(request.touches_members(), !patched.members.is_empty());
    assert_canonical(kind, patched.document, schemas);
}
