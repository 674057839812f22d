use serde_json::{Value, json};

use super::{MIDDLE, NEW, OLD, call, create, get, install};
use crate::foreman::Foreman;

fn logins(list: &Value) -> Vec<&str> {
    let results = list["results"].as_array().unwrap();
    results
        .iter()
        .map(|user| user["login"].as_str().unwrap())
        .collect()
}

fn with_people() -> Foreman {
    let mut foreman = install(NEW);
    for (login, firstname) in [
        ("carol", json!("Zoe")),
        ("Alice", json!(null)),
        ("bob", json!("Bob")),
    ] {
        create(&mut foreman, login, &json!({"firstname": firstname}));
    }
    foreman
}

#[test]
fn the_envelope_counts_all_and_found() {
    let mut foreman = with_people();
    let list = get(&mut foreman, "/users?search=login+%3D+%22bob%22");
    let keys: Vec<&String> = list.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "total", "subtotal", "page", "per_page", "search", "sort", "results"
        ]
    );
    assert_eq!((&list["total"], &list["subtotal"]), (&json!(4), &json!(1)));
    assert_eq!(list["search"], "login = \"bob\"");
    assert_eq!(list["sort"], json!({"by": null, "order": null}));
    assert_eq!(logins(&list), ["bob"]);
}

#[test]
fn the_default_order_is_by_first_name_with_the_nameless_last() {
    let mut foreman = with_people();
    assert_eq!(
        logins(&get(&mut foreman, "/users")),
        ["admin", "bob", "carol", "Alice"]
    );
    assert_eq!(
        logins(&get(&mut foreman, "/users?order=login+DESC")),
        ["carol", "bob", "Alice", "admin"]
    );
    let list = get(&mut foreman, "/users?order=id;drop");
    assert_eq!(list["sort"], json!({"by": "id", "order": "ASC"}));
    assert_eq!(logins(&list), ["admin", "carol", "Alice", "bob"]);
    assert_eq!(
        call(&mut foreman, "GET", "/users?order=zzz", &Value::Null).0,
        400
    );
}

#[test]
fn search_is_exact_by_equality_and_answers_unknown_fields() {
    let mut foreman = with_people();
    assert_eq!(
        logins(&get(&mut foreman, "/users?search=login%3Dalice")),
        Vec::<&str>::new()
    );
    assert_eq!(
        logins(&get(&mut foreman, "/users?search=login~ALI")),
        ["Alice"]
    );
    assert_eq!(
        logins(&get(
            &mut foreman,
            "/users?search=login+^+(bob,carol)&order=id"
        )),
        ["carol", "bob"]
    );
    assert_eq!(
        logins(&get(&mut foreman, "/users?search=admin%3Dtrue")),
        ["admin"]
    );
    let (status, body) = call(&mut foreman, "GET", "/users?search=zzz%3D1", &Value::Null);
    assert_eq!(status, 400);
    assert_eq!(body["error"]["class"], "ScopedSearch::QueryNotSupported");
    assert_eq!(
        call(&mut foreman, "GET", "/users?search=id%3Dabc", &Value::Null).0,
        400
    );
}

#[test]
fn pages_run_over_and_numbers_break() {
    let mut foreman = with_people();
    let page = get(&mut foreman, "/users?order=id&per_page=3&page=2");
    assert_eq!((logins(&page), &page["per_page"]), (vec!["bob"], &json!(3)));
    assert_eq!(get(&mut foreman, "/users?per_page=all")["per_page"], 4);
    assert_eq!(
        logins(&get(&mut foreman, "/users?per_page=4294967296")).len(),
        4
    );
    assert_eq!(logins(&get(&mut foreman, "/users?per_page=0")).len(), 0);
    assert_eq!(logins(&get(&mut foreman, "/users?page=99")).len(), 0);
    for broken in ["per_page=-1", "page=0", "page=abc"] {
        assert_eq!(
            call(
                &mut foreman,
                "GET",
                &format!("/users?{broken}"),
                &Value::Null
            )
            .0,
            500,
            "{broken}"
        );
    }
}

#[test]
fn an_unknown_organization_is_not_found_and_not_wrapped() {
    let mut foreman = with_people();
    let reply = call(
        &mut foreman,
        "GET",
        "/users?organization_id=999",
        &Value::Null,
    );
    assert_eq!(
        reply,
        (
            404,
            json!({"message": "Organization with id 999 not found"})
        )
    );
    assert_eq!(get(&mut foreman, "/users?organization_id=1")["total"], 4);
}

#[test]
fn entries_have_the_fields_of_their_release_and_no_roles() {
    for (release, disabled, mail_enabled) in [
        (NEW, true, true),
        (MIDDLE, true, false),
        (OLD, false, false),
    ] {
        let entry = get(&mut install(release), "/users")["results"][0].clone();
        assert_eq!(entry.get("disabled").is_some(), disabled, "{release}");
        assert_eq!(
            entry.get("mail_enabled").is_some(),
            mail_enabled,
            "{release}"
        );
        assert!(entry.get("roles").is_none());
        assert_eq!(
            entry["locations"][0],
            json!({"id": 2, "name": "Default Location"})
        );
    }
}

#[test]
fn sources_roles_and_taxonomies_are_found_by_name() {
    let mut foreman = install(NEW);
    let sources = get(&mut foreman, "/auth_sources?search=name%3D%22Internal%22");
    assert_eq!(
        (&sources["total"], &sources["subtotal"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(
        (&sources["results"][0]["id"], &sources["results"][0]["type"]),
        (&json!(1), &json!("AuthSourceInternal"))
    );
    let roles = get(&mut foreman, "/roles?search=name%3D%22Viewer%22");
    assert_eq!(roles["results"][0]["id"], 8);
    let organizations = get(
        &mut foreman,
        "/organizations?search=title%3D%22Default+Organization%22",
    );
    assert_eq!(organizations["results"][0]["id"], 1);
    assert_eq!(get(&mut foreman, "/locations")["results"][0]["id"], 2);
}
