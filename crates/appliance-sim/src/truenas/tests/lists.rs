use serde_json::{Value, json};

use super::{CORE, FANGTOOTH, SCALE, call, create, get, install, person, refused};
use crate::truenas::TrueNas;

fn names(rows: &Value) -> Vec<&str> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row["username"].as_str().unwrap())
        .collect()
}

fn with_people(release: &str) -> TrueNas {
    let mut nas = install(release);
    for name in ["alice", "bob", "carol", "n12"] {
        create(&mut nas, &person(name, &json!({})));
    }
    nas
}

#[test]
fn query_strings_filter_and_page() {
    let mut nas = with_people(SCALE);
    assert_eq!(names(&get(&mut nas, "/user?username=bob")), ["bob"]);
    assert_eq!(names(&get(&mut nas, "/user?username__C%3D=BOB")), ["bob"]);
    assert_eq!(
        names(&get(&mut nas, "/user?limit=2&offset=1")),
        ["daemon", "bin"]
    );
    assert_eq!(
        names(&get(&mut nas, "/user?username__in=root,bob")),
        ["root", "bob"]
    );
    assert_eq!(get(&mut nas, "/user?nosuch=1"), json!([]));
    assert_eq!(get(&mut nas, "/user?order_by=username"), json!([]));
    let count = get(&mut nas, "/user?count=true");
    assert_eq!(
        count,
        json!(get(&mut nas, "/user").as_array().unwrap().len())
    );
}

#[test]
fn a_name_of_digits_is_never_found_by_query_string() {
    let mut nas = install(SCALE);
    create(&mut nas, &person("12345", &json!({})));
    assert_eq!(get(&mut nas, "/user?username=12345"), json!([]));
    let filters = json!({"query-filters": [["username", "=", "12345"]]});
    let (status, rows) = call(&mut nas, "GET", "/user", &filters);
    assert_eq!((status, names(&rows)), (200, vec!["12345"]));
}

#[test]
fn some_query_strings_raise() {
    let mut nas = install(SCALE);
    let (status, body) = call(&mut nas, "GET", "/user?id__in=1,2", &Value::Null);
    assert_eq!(status, 500);
    assert!(body["traceback"].as_str().unwrap().contains("TypeError"));
    assert_eq!(
        call(&mut nas, "GET", "/user?username__zz=1", &Value::Null).0,
        500
    );
    let keys = refused(call(&mut nas, "GET", "/user?sort=username", &Value::Null));
    assert_eq!(keys[0].0, "options.sort");

    let reply = call(
        &mut install(FANGTOOTH),
        "GET",
        "/user?username__zz=1",
        &Value::Null,
    );
    assert_eq!(refused(reply)[0].0, "filters");
    let reply = call(
        &mut install(CORE),
        "GET",
        "/user?sort=username",
        &Value::Null,
    );
    assert_eq!(refused(reply)[0].0, "sort");
}

#[test]
fn a_body_pages_by_id() {
    let mut nas = with_people(SCALE);
    let mut last = 0;
    let mut seen = Vec::new();
    loop {
        let body = json!({
            "query-filters": [["id", ">", last]],
            "query-options": {"select": ["id", "username"], "order_by": ["id"], "limit": 3},
        });
        let (status, rows) = call(&mut nas, "GET", "/user", &body);
        assert_eq!(status, 200);
        let rows = rows.as_array().unwrap();
        let Some(row) = rows.last() else { break };
        assert!(rows.iter().all(|row| row.as_object().unwrap().len() == 2));
        last = row["id"].as_i64().unwrap();
        seen.extend(rows.iter().map(|row| row["id"].as_i64().unwrap()));
    }
    let all = get(&mut nas, "/user");
    let all: Vec<i64> = all
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].as_i64().unwrap())
        .collect();
    assert_eq!(seen, all);
}

#[test]
fn filters_of_a_body_combine() {
    let mut nas = with_people(SCALE);
    let mut found = |filters: Value| {
        let (status, rows) = call(&mut nas, "GET", "/user", &json!({"query-filters": filters}));
        assert_eq!(status, 200, "{rows}");
        names(&rows).join(" ")
    };
    assert_eq!(
        found(json!([["username", "in", ["bob", "carol"]]])),
        "bob carol"
    );
    assert_eq!(
        found(json!([["username", "^", "ca"], ["builtin", "=", false]])),
        "carol"
    );
    assert_eq!(
        found(json!([[
            "OR",
            [
                ["username", "=", "bob"],
                [["username", "=", "alice"], ["locked", "=", false]]
            ]
        ]])),
        "alice bob"
    );
    assert_eq!(found(json!([["group.bsdgrp_group", "=", "bob"]])), "bob");
    assert_eq!(found(json!([["username", "~", "a.i"]])), "alice");
}

#[test]
fn core_applies_an_offset_twice() {
    let mut nas = with_people(CORE);
    let all = get(&mut nas, "/user");
    let page = get(&mut nas, "/user?limit=2&offset=2");
    assert_eq!(page.as_array().unwrap()[..], all.as_array().unwrap()[4..6]);
}

#[test]
fn lists_of_25_end_with_an_account_of_no_table() {
    let mut nas = with_people(FANGTOOTH);
    let all = get(&mut nas, "/user");
    let last = all.as_array().unwrap().last().unwrap();
    assert_eq!(last["username"], "truenas_container_unpriv_root");
    assert_eq!(last["id"], json!(2_247_000_001_i64));
    assert_eq!(
        (&last["builtin"], &last["locked"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        get(&mut nas, "/user?count=true"),
        json!(all.as_array().unwrap().len())
    );
    let keys = |row: &Value| row.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(last), keys(&all[0]));
}
