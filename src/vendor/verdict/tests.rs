use serde_json::{Value, json};

use super::super::class::FailureClass;
use super::super::exchange::{Answer, Operation};
use super::super::profile::{Problems, Section};
use super::super::transport::TransportKind;
use super::Verdicts;

fn verdicts(text: &str) -> Verdicts {
    let table: toml::Table = text.parse().unwrap();
    let problems = Problems::default();
    let verdicts = Verdicts::compile(
        &Section::root(&table, &problems),
        vec!["password".to_owned()],
        TransportKind::Rest,
    );
    assert_eq!(problems.into_errors("test", text), []);
    verdicts
}

fn answer(status: u16, body: Value) -> Answer {
    Answer {
        status,
        code: None,
        headers: vec![("x-reason".to_owned(), "licence full".to_owned())],
        body: (!body.is_null()).then_some(body),
        unreadable: false,
        size: 2,
    }
}

fn html(status: u16) -> Answer {
    Answer {
        unreadable: true,
        ..answer(status, Value::Null)
    }
}

fn class(verdicts: &Verdicts, operation: Operation, answer: &Answer) -> Option<FailureClass> {
    verdicts
        .classify(operation, answer)
        .map(|classified| classified.class)
}

#[test]
fn the_status_decides_where_no_row_does() {
    let none = verdicts("");
    for (status, reading, writing) in [
        (200, None, None),
        (204, None, None),
        (
            206,
            Some(FailureClass::Incomplete),
            Some(FailureClass::Incomplete),
        ),
        (
            302,
            Some(FailureClass::Protocol),
            Some(FailureClass::Uncertain),
        ),
        (
            400,
            Some(FailureClass::Invalid),
            Some(FailureClass::Invalid),
        ),
        (
            401,
            Some(FailureClass::Unauthenticated),
            Some(FailureClass::Unauthenticated),
        ),
        (403, Some(FailureClass::Denied), Some(FailureClass::Denied)),
        (
            404,
            Some(FailureClass::NotFound),
            Some(FailureClass::NotFound),
        ),
        (
            409,
            Some(FailureClass::Conflict),
            Some(FailureClass::Conflict),
        ),
        (
            422,
            Some(FailureClass::Invalid),
            Some(FailureClass::Invalid),
        ),
        (
            429,
            Some(FailureClass::Throttled),
            Some(FailureClass::Throttled),
        ),
        (
            500,
            Some(FailureClass::Unavailable),
            Some(FailureClass::Uncertain),
        ),
        (
            503,
            Some(FailureClass::Unavailable),
            Some(FailureClass::Uncertain),
        ),
    ] {
        let answer = answer(status, Value::Null);
        assert_eq!(class(&none, Operation::Read, &answer), reading, "{status}");
        assert_eq!(
            class(&none, Operation::Update, &answer),
            writing,
            "{status}"
        );
    }
}

#[test]
fn what_is_no_json_proves_nothing() {
    let none = verdicts("");
    assert_eq!(
        class(&none, Operation::Find, &html(200)),
        Some(FailureClass::Protocol)
    );
    assert_eq!(
        class(&none, Operation::Create, &html(200)),
        Some(FailureClass::Uncertain)
    );
    assert_eq!(
        class(&none, Operation::Delete, &html(404)),
        Some(FailureClass::Protocol)
    );
}

#[test]
fn a_collection_that_is_not_there_is_no_missing_object() {
    let none = verdicts("");
    let missing = answer(404, json!({"message": ""}));
    assert_eq!(
        class(&none, Operation::Find, &missing),
        Some(FailureClass::Protocol)
    );
    assert_eq!(
        class(&none, Operation::Create, &missing),
        Some(FailureClass::Protocol)
    );
}

#[test]
fn the_first_row_that_matches_wins() {
    let rows = verdicts(
        r#"
            [[verdict]]
            status = [200, 422]
            at = "/*/*/errno"
            is = 17
            class = "conflict"

            [[verdict]]
            status = 422
            operations = ["delete"]
            class = "refused"

            [[verdict]]
            status = 422
            at = "/*"
            key = "^/user"
            class = "denied"

            [[verdict]]
            header = { name = "X-Reason", pattern = "licence" }
            status = 409
            class = "refused"
        "#,
    );
    let taken = json!({"user.name": [{"errno": 22}, {"errno": 17}]});
    for status in [200, 422] {
        assert_eq!(
            class(&rows, Operation::Create, &answer(status, taken.clone())),
            Some(FailureClass::Conflict)
        );
    }
    let other = json!({"user.name": [{"errno": 22}]});
    assert_eq!(
        class(&rows, Operation::Delete, &answer(422, other.clone())),
        Some(FailureClass::Refused)
    );
    assert_eq!(
        class(&rows, Operation::Create, &answer(422, other)),
        Some(FailureClass::Denied)
    );
    assert_eq!(
        class(
            &rows,
            Operation::Create,
            &answer(422, json!({"group.name": []}))
        ),
        Some(FailureClass::Invalid)
    );
    assert_eq!(
        class(&rows, Operation::Create, &answer(409, Value::Null)),
        Some(FailureClass::Refused)
    );
}

#[test]
fn only_showable_values_are_shown_and_secrets_never() {
    let rows = verdicts("showable = ['/errors/*/*', '/code']");
    let body = json!({
        "errors": {
            "name": ["is\ntaken"],
            "password": ["hunter2 is too short"],
        },
        "code": 17,
        "trace": "internal",
    });
    let shown = rows
        .classify(Operation::Create, &answer(422, body))
        .unwrap()
        .shown
        .unwrap();
    assert_eq!(
        shown,
        "errors/name/0: is taken; errors/password/0: (not shown); code: 17"
    );

    let long = json!({"code": "x".repeat(1000)});
    let shown = rows
        .classify(Operation::Create, &answer(422, long))
        .unwrap()
        .shown
        .unwrap();
    assert_eq!(shown.chars().count(), 300);

    let silent = verdicts("").classify(Operation::Create, &answer(422, json!({"code": 1})));
    assert_eq!(silent.unwrap().shown, None);
}
