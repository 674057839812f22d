//! Any JSON as a bulk request: read, put in order, cut where references go in circles, resolved.

#![no_main]

use std::collections::{HashMap, HashSet};

use libfuzzer_sys::{Corpus, fuzz_target};
use scim_bridge::scim::bulk::{
    Action, BulkRequest, Operation, Step, order, postpone, references, resolve,
};
use serde_json::Value;

/// More than a test case of a few kilobytes has.
const MAX_OPERATIONS: usize = 500;

fuzz_target!(|input: &[u8]| -> Corpus {
    let Ok(body) = serde_json::from_slice::<Value>(input) else {
        return Corpus::Reject;
    };
    let Ok(request) = BulkRequest::read(body, MAX_OPERATIONS) else {
        return Corpus::Keep;
    };
    assert!(request.operations.len() <= MAX_OPERATIONS);
    assert_ne!(request.fail_on_errors, Some(0));
    let creators = creators(&request.operations);
    let cut = assert_in_order(&request.operations, &creators);
    for (position, operation) in request.operations.into_iter().enumerate() {
        if let Ok(action) = operation.action {
            assert_resolved(action, &cut[position]);
        }
    }
    Corpus::Keep
});

/// Which operation creates the resource of each name; a name that is there twice is the first's.
fn creators(operations: &[Operation]) -> HashMap<String, usize> {
    let mut creators = HashMap::new();
    for (position, operation) in operations.iter().enumerate() {
        if let (Ok(Action::Create { .. }), Some(name)) = (&operation.action, &operation.bulk_id) {
            assert_eq!(creators.insert(name.clone(), position), None, "{name}");
        }
    }
    creators
}

/// Every operation is done once, after all that it refers to and is not cut off; what was cut off is
/// added once, when it can be. What is cut off of each operation.
fn assert_in_order(
    operations: &[Operation],
    creators: &HashMap<String, usize>,
) -> Vec<Vec<String>> {
    let mut done = HashSet::new();
    let mut completed = HashSet::new();
    let mut cut = vec![Vec::new(); operations.len()];
    for step in order(operations) {
        match step {
            Step::Run { operation, without } => {
                if let Ok(action) = &operations[operation].action {
                    assert!(without.is_empty() || matches!(action, Action::Create { .. }));
                    for name in references(action) {
                        let waits = creators.get(name).is_some_and(|it| !done.contains(it));
                        assert_eq!(waits, without.iter().any(|cut| cut == name), "{name}");
                    }
                }
                assert!(done.insert(operation), "twice");
                cut[operation] = without;
            }
            Step::Complete { operation } => {
                assert!(done.contains(&operation) && completed.insert(operation));
                assert!(!cut[operation].is_empty());
                for name in &cut[operation] {
                    assert!(done.contains(&creators[name]), "{name}");
                }
            }
        }
    }
    assert_eq!(done.len(), operations.len());
    let cut_off = cut.iter().filter(|names| !names.is_empty()).count();
    assert_eq!(completed.len(), cut_off);
    cut
}

/// What is cut off holds all references to these names; with an id for every name none is left.
fn assert_resolved(mut action: Action, cut: &[String]) {
    let names: HashMap<String, String> = references(&action)
        .into_iter()
        .map(|name| (name.to_owned(), "2819c223".to_owned()))
        .collect();
    let mut later = Vec::new();
    if let Action::Create { data, .. } = &mut action
        && !cut.is_empty()
    {
        later = postpone(data, cut);
        assert!(!later.is_empty());
    }
    for name in references(&action) {
        assert!(!cut.iter().any(|cut| cut == name), "{name} is left");
    }
    resolve(&mut action, &names);
    assert!(references(&action).is_empty(), "{action:?}");
    for mut part in later {
        assert!(!part.references().is_empty());
        part.resolve(&names);
        assert!(part.references().is_empty(), "{part:?}");
    }
}
