//! Reading, ordering and resolving bulk requests.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{Action, BulkRequest, Step, order, postpone, references, resolve};
use crate::scim::{ErrorKind, ResourceKind};

fn read(operations: Value) -> BulkRequest {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],
        "Operations": operations,
    });
    BulkRequest::read(body, 100).unwrap()
}

fn post(name: &str, refers_to: &[&str]) -> Value {
    let members: Vec<Value> = refers_to
        .iter()
        .map(|name| json!({"value": format!("bulkId:{name}")}))
        .collect();
    json!({
        "method": "POST", "path": "/Groups", "bulkId": name,
        "data": {"displayName": name, "members": members},
    })
}

/// The steps as text: `a`, `b-c` for b without c, `+b` for its completion.
fn steps(operations: Value) -> String {
    let request = read(operations);
    let name = |position: usize| {
        let operation = &request.operations[position];
        operation
            .bulk_id
            .clone()
            .unwrap_or(operation.method.clone())
    };
    let shown: Vec<String> = order(&request.operations)
        .into_iter()
        .map(|step| match step {
            Step::Run { operation, without } if without.is_empty() => name(operation),
            Step::Run { operation, without } => {
                format!("{}-{}", name(operation), without.join("-"))
            }
            Step::Complete { operation } => format!("+{}", name(operation)),
        })
        .collect();
    shown.join(" ")
}

#[test]
fn the_frame_is_checked() {
    for (body, max, kind) in [
        (json!([]), 9, ErrorKind::InvalidSyntax),
        (json!({}), 9, ErrorKind::InvalidSyntax),
        (json!({"Operations": {}}), 9, ErrorKind::InvalidSyntax),
        (
            json!({"schemas": ["urn:x"], "Operations": []}),
            9,
            ErrorKind::InvalidSyntax,
        ),
        (
            json!({"failOnErrors": 0, "Operations": []}),
            9,
            ErrorKind::InvalidValue,
        ),
        (
            json!({"failOnErrors": "1", "Operations": []}),
            9,
            ErrorKind::InvalidValue,
        ),
        (
            json!({"Operations": [{}, {}]}),
            1,
            ErrorKind::PayloadTooLarge,
        ),
    ] {
        let error = BulkRequest::read(body.clone(), max).unwrap_err();
        assert_eq!(error.kind, kind, "{body}");
    }
    let request = json!({"operations": [], "failonerrors": null});
    assert_eq!(BulkRequest::read(request, 0).unwrap().fail_on_errors, None);
}

#[test]
fn what_is_wrong_with_one_operation_is_its_own_result() {
    let data = json!({"userName": "x"});
    let request = read(json!([
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": data},
        {"method": "POST", "path": "/Users", "bulkId": "a", "data": data},
        {"method": "POST", "path": "/Users/1", "data": data},
        {"method": "post", "path": "users/?attributes=id", "data": data},
        {"method": "PUT", "path": "/Users", "data": data},
        {"method": "PATCH", "path": "/Groups/1"},
        {"method": "GET", "path": "/Users/1"},
        {"method": "DELETE", "path": "/Robots/1"},
        {"method": "DELETE", "path": "/Users/1/name"},
        {"method": "DELETE"},
        "DELETE",
        {"method": "DELETE", "path": "/Groups/1", "version": "W/\"3\""},
    ]));
    let kinds: Vec<Option<ErrorKind>> = request
        .operations
        .iter()
        .map(|operation| operation.action.as_ref().err().map(|error| error.kind))
        .collect();
    let syntax = Some(ErrorKind::InvalidSyntax);
    let nothing_there = Some(ErrorKind::NotFound);
    assert_eq!(
        kinds,
        [
            None,
            Some(ErrorKind::InvalidValue),
            syntax,
            None,
            syntax,
            syntax,
            syntax,
            nothing_there,
            nothing_there,
            syntax,
            syntax,
            None,
        ]
    );
    let Some(Ok(Action::Delete { target })) =
        request.operations.last().map(|operation| &operation.action)
    else {
        panic!("no DELETE");
    };
    assert_eq!(
        (target.kind, target.id.as_str()),
        (ResourceKind::Group, "1")
    );
    assert!(target.preconditions.judge_write(3).is_ok());
    assert!(target.preconditions.judge_write(4).is_err());
}

#[test]
fn operations_run_in_their_order_after_what_they_refer_to() {
    let plain = json!([post("a", &[]), post("b", &["a"]), post("c", &[])]);
    assert_eq!(steps(plain), "a b c");
    let backwards = json!([post("a", &["b", "c"]), post("b", &["c"]), post("c", &[])]);
    assert_eq!(steps(backwards), "c b a");
    let unknown = json!([post("a", &["nobody"])]);
    assert_eq!(steps(unknown), "a");
    let later = json!([
        {"method": "PATCH", "path": "/Groups/bulkId:a", "data": {"x": "bulkId:b"}},
        {"method": "DELETE", "path": "/Groups/1"},
        post("a", &[]),
        post("b", &[]),
    ]);
    assert_eq!(steps(later), "a b PATCH DELETE");
}

#[test]
fn circles_are_closed_afterwards() {
    let pair = json!([post("a", &["b"]), post("b", &["a"])]);
    assert_eq!(steps(pair), "b-a a +b");
    let itself = json!([post("a", &["a"])]);
    assert_eq!(steps(itself), "a-a +a");
    let knot = json!([
        post("a", &["b", "c"]),
        post("b", &["c", "a"]),
        post("c", &["a", "b"]),
    ]);
    assert_eq!(steps(knot), "c-a-b b-a a +c +b");
}

#[test]
fn a_long_chain_needs_no_deep_stack() {
    let chain: Vec<Value> = (0..50_000)
        .map(|number| post(&number.to_string(), &[&(number + 1).to_string()]))
        .collect();
    let request = BulkRequest::read(json!({"Operations": chain}), 50_000).unwrap();
    let steps = order(&request.operations);
    assert_eq!(
        steps.first(),
        Some(&Step::Run {
            operation: 49_999,
            without: Vec::new()
        })
    );
    assert_eq!(steps.len(), 50_000);
}

#[test]
fn references_are_found_and_resolved_wherever_they_stand() {
    let mut request = read(json!([
        {"method": "PATCH", "path": "/Groups/bulkId:g", "data": {"Operations": [
            {"op": "add", "path": "members", "value": [{"value": "bulkId:u"}, {"value": "bulkId:u"}]},
            {"op": "replace", "path": "displayName", "value": "not a bulkId:x"},
        ]}},
    ]));
    let action = request.operations[0].action.as_mut().unwrap();
    assert_eq!(references(action), ["g", "u"]);
    let ids = [("g", "id-g"), ("u", "id-u")]
        .map(|(name, id)| (name.to_owned(), id.to_owned()))
        .into();
    resolve(action, &ids);
    let Action::Patch { target, data } = action else {
        panic!("no PATCH");
    };
    assert_eq!(target.id, "id-g");
    assert_eq!(data["Operations"][0]["value"][1]["value"], "id-u");
}

#[test]
fn references_stand_in_the_paths_of_a_patch_too() {
    let removal = |path: &str| {
        let mut request = read(json!([{
            "method": "PATCH", "path": "/Groups/1",
            "data": {"operations": [{"op": "remove", "Path": path}]},
        }]));
        request.operations.remove(0).action.unwrap()
    };
    let ids = HashMap::from([("u", "id-u"), ("v w", "id-v")].map(|(a, b)| (a.into(), b.into())));
    for (path, names, resolved) in [
        (
            "members[value eq \"bulkId:u\"]",
            vec!["u"],
            "members[value eq \"id-u\"]",
        ),
        (
            "members[value eq \"bulkId:v w\" or value eq \"bulkId:u\" or value eq \"bulkId:x\"]",
            vec!["v w", "u", "x"],
            "members[value eq \"id-v\" or value eq \"id-u\" or value eq \"bulkId:x\"]",
        ),
        (
            "members[display eq \"a \\\"bulkId:u\\\" b\" and value eq \"bulkId:u\"]",
            vec!["u"],
            "members[display eq \"a \\\"bulkId:u\\\" b\" and value eq \"id-u\"]",
        ),
        (
            "members[display eq \"not bulkId:u\"]",
            vec![],
            "members[display eq \"not bulkId:u\"]",
        ),
        ("x[\"bulkId:u", vec![], "x[\"bulkId:u"),
    ] {
        let mut action = removal(path);
        assert_eq!(references(&action), names, "{path}");
        resolve(&mut action, &ids);
        let Action::Patch { data, .. } = action else {
            panic!("no PATCH");
        };
        assert_eq!(data["operations"][0]["Path"], resolved);
    }
    let later = json!([
        {"method": "PATCH", "path": "/Groups/1",
         "data": {"Operations": [{"op": "remove", "path": "members[value eq \"bulkId:a\"]"}]}},
        post("a", &[]),
    ]);
    assert_eq!(steps(later), "a PATCH");
}

#[test]
fn what_cannot_be_there_yet_is_taken_out_and_nothing_else() {
    let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let mut data = json!({
        "userName": "a",
        "members": [{"value": "bulkId:b"}, {"value": "bulkId:c"}, {"value": "1"}],
        urn: {"department": "X", "manager": {"value": "bulkId:b"}},
    });
    let mut postponed = postpone(&mut data, &["b".to_owned()]);
    assert_eq!(
        data,
        json!({
            "userName": "a",
            "members": [{"value": "bulkId:c"}, {"value": "1"}],
            urn: {"department": "X"},
        })
    );
    let ids = HashMap::from([("b".to_owned(), "id-b".to_owned())]);
    for part in &mut postponed {
        assert_eq!(part.references(), ["b"]);
        part.resolve(&ids);
    }
    let shown: Vec<Value> = postponed
        .iter()
        .map(|part| json!([part.path, part.value]))
        .collect();
    assert_eq!(
        shown,
        [
            json!([format!("{urn}:manager"), {"value": "id-b"}]),
            json!(["members", [{"value": "id-b"}]]),
        ]
    );
}
