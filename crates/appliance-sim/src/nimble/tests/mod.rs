//! The contract of the array, call by call, as the documents have it.

use std::net::{IpAddr, Ipv4Addr};

use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};

use crate::{
    exchange::{Request, Simulator},
    options::SimulatorOptions,
    vendor::Vendor,
};

use super::Nimble;

mod jobs;

const ADMIN: &str = "1000000000000004d3000000000000000000000001";

struct Array {
    nimble: Nimble,
    now: Timestamp,
    token: String,
}

fn options(release: &str) -> SimulatorOptions {
    SimulatorOptions {
        release: Some(release.into()),
        password: "password-91".into(),
        ..SimulatorOptions::new(Vendor::Nimble)
    }
}

impl Array {
    fn of(release: &str) -> Self {
        let mut array = Self {
            nimble: Nimble::install(&options(release)).unwrap(),
            now: Timestamp::from_second(1_700_000_000).unwrap(),
            token: String::new(),
        };
        array.log_in_as("admin", "password-91");
        array
    }

    fn call(&mut self, method: &str, target: &str, body: Value) -> (u16, Value) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let body = match body {
            Value::Null => Vec::new(),
            body => body.to_string().into_bytes(),
        };
        let response = self.nimble.handle(&Request {
            method: method.into(),
            path: path.into(),
            query: query.into(),
            headers: vec![("x-auth-token".into(), self.token.clone())],
            body,
            now: self.now,
            peer: IpAddr::V4(Ipv4Addr::LOCALHOST),
            secure: true,
        });
        let body = serde_json::from_slice(&response.body).unwrap();
        (response.status, body)
    }

    fn log_in(&mut self, username: &str, password: &str) -> (u16, Value) {
        let data = json!({"data": {"username": username, "password": password, "app_name": "t"}});
        self.call("POST", "/v1/tokens", data)
    }

    fn log_in_as(&mut self, username: &str, password: &str) -> String {
        let (status, reply) = self.log_in(username, password);
        assert_eq!(status, 201, "{reply}");
        self.token = reply["data"]["session_token"].as_str().unwrap().into();
        reply["data"]["id"].as_str().unwrap().into()
    }

    fn create(&mut self, data: Value) -> String {
        let (status, reply) = self.call("POST", "/v1/users", json!({"data": data}));
        assert_eq!(status, 201, "{reply}");
        reply["data"]["id"].as_str().unwrap().into()
    }

    fn refusal(&mut self, method: &str, target: &str, body: Value) -> (u16, String) {
        let (status, reply) = self.call(method, target, body);
        let messages = reply["messages"]
            .as_array()
            .unwrap_or_else(|| panic!("{reply}"));
        assert_eq!(messages.len(), 2, "{reply}");
        assert!(reply.get("data").is_none(), "{reply}");
        let generic = messages[0]["code"].as_str().unwrap();
        assert!(generic.starts_with("SM_http_"), "{generic}");
        (status, messages[1]["code"].as_str().unwrap().into())
    }

    fn set(&mut self, settings: Value) {
        let (status, reply) = self.call("POST", "/_sim/settings", settings);
        assert_eq!(status, 200, "{reply}");
    }
}

fn ann() -> Value {
    json!({"name": "ann", "password": "password-91"})
}

fn refused(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[test]
fn a_created_user_is_complete_and_without_its_password() {
    let mut array = Array::of("4.4");
    let (status, reply) = array.call(
        "POST",
        "/v1/users",
        json!({"data": {"name": "user1", "password": "aaaaaaaa", "full_name": "User One"}}),
    );
    assert_eq!(status, 201);
    assert_eq!(
        reply["data"],
        json!({
            "id": "1000000000000004d3000000000000000000000007",
            "name": "user1",
            "search_name": "user1 (User One)",
            "description": "",
            "role_id": "1500000000000004d3000000000000000000000004",
            "role": "guest",
            "inactivity_timeout": 0,
            "creation_time": 1_700_000_000,
            "last_modified": 1_700_000_000,
            "full_name": "User One",
            "email_addr": "",
            "disabled": false,
            "last_login": 0,
            "last_logout": 0,
            "logged_in": false,
        })
    );
}

#[test]
fn the_releases_show_their_own_fields_and_only_newer_ones_unlock() {
    for (release, auth_lock, tenant, unlock) in [
        ("4.4", false, false, 404),
        ("5.2.1", true, false, 200),
        ("6.0", true, true, 200),
    ] {
        let mut array = Array::of(release);
        let id = array.create(ann());
        let (_, reply) = array.call("GET", &format!("/v1/users/{id}"), Value::Null);
        assert_eq!(
            reply["data"].get("auth_lock").is_some(),
            auth_lock,
            "{release}"
        );
        assert_eq!(
            reply["data"].get("tenant_id").is_some(),
            tenant,
            "{release}"
        );
        let target = format!("/v1/users/{id}/actions/unlock");
        let (status, _) = array.call("POST", &target, json!({"data": {"id": id}}));
        assert_eq!(status, unlock, "{release}");
    }
    let error = Nimble::install(&options("4.45")).err().unwrap().to_string();
    assert!(error.contains("4.45") && error.contains("5.2"), "{error}");
}

#[test]
fn each_field_is_held_to_its_type() {
    let mut array = Array::of("5.2");
    let long = |length: usize| "a".repeat(length);
    for (field, good, bad) in [
        (
            "name",
            vec![json!("Ann1"), json!(long(32))],
            vec![
                json!(long(33)),
                json!("1ann"),
                json!("ann.lee"),
                json!("ann-lee"),
                json!(""),
                json!("änn"),
                json!(7),
                json!(null),
            ],
        ),
        (
            "password",
            vec![json!("pass word"), json!(long(8)), json!(long(255))],
            vec![
                json!("1234567"),
                json!(long(256)),
                json!("password&"),
                json!("password;"),
                json!("password["),
                json!("password]"),
                json!("password`"),
                json!("pässwort"),
            ],
        ),
        (
            "description",
            vec![json!(""), json!("99.9999% availability"), json!(long(255))],
            vec![
                json!(long(256)),
                json!("naïve"),
                json!("two\nlines"),
                json!(null),
            ],
        ),
        (
            "role",
            vec![
                json!("administrator"),
                json!("poweruser"),
                json!("operator"),
            ],
            vec![json!("Guest"), json!("root"), json!(4)],
        ),
        (
            "inactivity_timeout",
            vec![json!(0), json!(1234)],
            vec![json!(-1), json!("60"), json!(1.5), json!(1801)],
        ),
        (
            "full_name",
            vec![json!(""), json!("User-13 O'Peterson")],
            vec![
                json!("Dr. Ann"),
                json!("1 Ann"),
                json!(long(65)),
                json!("Änn"),
            ],
        ),
        (
            "email_addr",
            vec![json!(""), json!("bob@wikipedia.com")],
            vec![json!("bob"), json!("bob@"), json!("b ob@wikipedia.com")],
        ),
        (
            "disabled",
            vec![json!(true)],
            vec![json!("true"), json!(1), json!(null)],
        ),
    ] {
        for value in bad {
            let mut data = ann();
            data[field] = value.clone();
            let (status, reply) = array.call("POST", "/v1/users", json!({"data": data}));
            assert_eq!(status, 400, "{field} {value} {reply}");
            assert_eq!(
                reply["messages"][1]["code"], "SM_invalid_arg_value",
                "{field} {value}"
            );
            assert_eq!(reply["messages"][1]["arguments"]["arg"], field);
        }
        for value in good {
            let mut data = ann();
            data[field] = value;
            let id = array.create(data);
            let (status, _) = array.call("DELETE", &format!("/v1/users/{id}"), Value::Null);
            assert_eq!(status, 200);
        }
    }
}

#[test]
fn a_create_names_what_is_missing_unexpected_reserved_or_taken() {
    let mut array = Array::of("5.2");
    let mut create = |data: Value| array.refusal("POST", "/v1/users", json!({"data": data}));
    assert_eq!(
        create(json!({"password": "password-91"})),
        refused(400, "SM_missing_arg")
    );
    assert_eq!(
        create(json!({"name": "ann"})),
        refused(400, "SM_missing_arg")
    );
    for key in [
        "foo",
        "id",
        "role_id",
        "search_name",
        "creation_time",
        "auth_password",
    ] {
        let mut data = ann();
        data[key] = json!("x");
        assert_eq!(create(data), refused(400, "SM_unexpected_arg"), "{key}");
    }
    for name in ["admin", "root", "nsupport"] {
        let data = json!({"name": name, "password": "password-91"});
        assert_eq!(create(data), refused(400, "SM_reserved_username"), "{name}");
    }
    array.create(ann());
    let (status, reply) = array.call("POST", "/v1/users", json!({"data": ann()}));
    assert_eq!(status, 409);
    assert_eq!(reply["messages"][0]["code"], "SM_http_conflict");
    assert_eq!(reply["messages"][1]["code"], "SM_eexist");
    let text = reply["messages"][1]["text"].as_str().unwrap();
    assert!(text.contains("Object exists"), "{text}");
    let data = json!({"name": "Ann", "password": "password-91"});
    array.create(data);
}

#[test]
fn an_update_is_partial_and_a_rename_keeps_the_id() {
    let mut array = Array::of("5.2");
    let id = array.create(json!({
        "name": "ann", "password": "password-91", "full_name": "Ann", "role": "operator",
    }));
    let other = array.create(json!({"name": "bob", "password": "password-91"}));
    array.now += 10.seconds();
    let target = format!("/v1/users/{id}");
    let (status, reply) = array.call("PUT", &target, json!({"data": {"name": "anna"}}));
    assert_eq!(status, 200);
    assert_eq!(reply["data"]["id"], id);
    assert_eq!(reply["data"]["name"], "anna");
    assert_eq!(reply["data"]["full_name"], "Ann");
    assert_eq!(reply["data"]["role"], "operator");
    assert_eq!(reply["data"]["last_modified"], 1_700_000_010);
    assert_eq!(reply["data"]["creation_time"], 1_700_000_000);
    array.create(ann());
    let taken = format!("/v1/users/{other}");
    let clash = array.refusal("PUT", &taken, json!({"data": {"name": "anna"}}));
    assert_eq!(clash, refused(409, "SM_eexist"));
    let unknown = array.refusal("PUT", &target, json!({"data": {"role_id": "x"}}));
    assert_eq!(unknown, refused(400, "SM_unexpected_arg"));
    // Nothing of a refused change is kept.
    let mixed = json!({"data": {"full_name": "Changed", "inactivity_timeout": 99_999}});
    assert_eq!(
        array.refusal("PUT", &target, mixed),
        refused(400, "SM_invalid_arg_value")
    );
    let (_, reply) = array.call("GET", &target, Value::Null);
    assert_eq!(reply["data"]["full_name"], "Ann");
}

#[test]
fn deleting_answers_an_empty_object_and_then_404() {
    let mut array = Array::of("5.2");
    let id = array.create(ann());
    let target = format!("/v1/users/{id}");
    assert_eq!(array.call("DELETE", &target, Value::Null), (200, json!({})));
    for method in ["GET", "DELETE", "PUT"] {
        let gone = array.refusal(method, &target, json!({"data": {}}));
        assert_eq!(gone, refused(404, "SM_enoent"), "{method}");
    }
    let malformed = array.refusal("DELETE", "/v1/users/7", Value::Null);
    assert_eq!(malformed, refused(400, "SM_invalid_path_variable"));
    let again = array.create(ann());
    assert_ne!(again, id, "an id is never used again");
}

#[test]
fn the_built_in_administrator_and_oneself_are_protected() {
    let mut array = Array::of("5.2");

    let target = format!("/v1/users/{ADMIN}");
    let other = json!({"name": "boss", "password": "password-91", "role": "administrator"});
    let boss = array.create(other);
    array.log_in_as("boss", "password-91");
    for data in [json!({"disabled": true}), json!({"role": "guest"})] {
        let denied = array.refusal("PUT", &target, json!({"data": data}));
        assert_eq!(denied, refused(409, "SM_eperm"));
    }
    let denied = array.refusal("DELETE", &target, Value::Null);
    assert_eq!(denied, refused(409, "SM_eperm"));
    let own = array.refusal("DELETE", &format!("/v1/users/{boss}"), Value::Null);
    assert_eq!(own, refused(409, "SM_eperm"));
}

#[test]
fn a_plain_list_leaves_out_all_but_the_names() {
    let mut array = Array::of("5.2");
    let id = array.create(ann());
    let (status, reply) = array.call("GET", "/v1/users?name=ann", Value::Null);
    assert_eq!(status, 200);
    assert_eq!(
        reply,
        json!({"data": [{"id": id, "name": "ann"}], "startRow": 0, "endRow": 1, "totalRows": 1})
    );
    let (_, reply) = array.call("GET", "/v1/users/detail?name=ann", Value::Null);
    assert_eq!(reply["data"][0]["disabled"], false);
    let (_, reply) = array.call("GET", "/v1/users?name=ann&fields=name,role", Value::Null);
    assert_eq!(reply["data"], json!([{"name": "ann", "role": "guest"}]));
    let (_, reply) = array.call("GET", "/v1/users/detail?name=nobody", Value::Null);
    assert_eq!(
        reply,
        json!({"data": [], "startRow": 0, "endRow": 0, "totalRows": 0})
    );
}

#[test]
fn filters_are_equality_on_any_field() {
    let mut array = Array::of("5.2");
    array.create(json!({
        "name": "ann", "password": "password-91", "role": "operator", "disabled": true,
        "email_addr": "Ann@Example.com",
    }));
    array.create(json!({"name": "bob", "password": "password-91"}));
    for (query, names) in [
        ("role=operator", vec!["ann"]),
        ("disabled=true", vec!["ann"]),
        ("disabled=false&role=guest", vec!["bob"]),
        ("email_addr=ann@example.com", vec!["ann"]),
        ("name=ANN", vec![]),
        (
            "inactivity_timeout=0&sortBy=-name",
            vec!["bob", "ann", "admin"],
        ),
        (
            "id%3E1000000000000004d3000000000000000000000001",
            vec!["ann", "bob"],
        ),
    ] {
        let (status, reply) = array.call("GET", &format!("/v1/users?{query}"), Value::Null);
        assert_eq!(status, 200, "{query}");
        let rows = reply["data"].as_array().unwrap();
        let found: Vec<_> = rows
            .iter()
            .map(|row| row["name"].as_str().unwrap())
            .collect();
        assert_eq!(found, names, "{query}");
    }
    for (query, code) in [
        ("nickname=ann", "SM_unexpected_query_param"),
        ("password=x", "SM_unexpected_query_param"),
        ("fields=nickname", "SM_invalid_query_param"),
        ("sortBy=nickname", "SM_invalid_query_param"),
        ("startRow=x", "SM_invalid_query_param"),
        ("name%3Eann", "SM_unsupported_query_operator"),
    ] {
        let refusal = array.refusal("GET", &format!("/v1/users?{query}"), Value::Null);
        assert_eq!(refusal, refused(400, code), "{query}");
    }
}

#[test]
fn pages_end_before_their_end_row_and_never_begin_beyond_the_total() {
    let mut array = Array::of("5.2");
    for number in 0..4 {
        array.create(json!({"name": format!("user{number}"), "password": "password-91"}));
    }
    let rows = |reply: &Value| {
        let (start, end) = (&reply["startRow"], &reply["endRow"]);
        (
            start.as_u64().unwrap(),
            end.as_u64().unwrap(),
            reply["data"].as_array().unwrap().len(),
        )
    };
    for (query, expected) in [
        ("", (0, 5, 5)),
        ("?pageSize=2", (0, 2, 2)),
        ("?pageSize=2&startRow=4", (4, 5, 1)),
        ("?startRow=1&endRow=3", (1, 3, 2)),
    ] {
        let (status, reply) = array.call("GET", &format!("/v1/users{query}"), Value::Null);
        assert_eq!(status, 200, "{query}");
        assert_eq!(rows(&reply), expected, "{query}");
        assert_eq!(reply["totalRows"], 5);
    }
    for (query, code) in [
        ("startRow=5", "SM_start_row_beyond_total_rows"),
        ("endRow=6", "SM_end_row_beyond_total_rows"),
        ("startRow=3&endRow=3", "SM_start_row_beyond_end_row"),
        ("pageSize=1001", "SM_too_large_page_size"),
    ] {
        let refusal = array.refusal("GET", &format!("/v1/users?{query}"), Value::Null);
        assert_eq!(refusal, refused(400, code), "{query}");
    }
}

#[test]
fn a_fetch_is_a_query_although_it_is_a_post() {
    let mut array = Array::of("5.2");
    array.create(ann());
    let criteria = |operator: &str, value: Value| {
        json!({
            "data": {
                "_constructor": "AdvancedCriteria", "operator": "and",
                "criteria": [{"fieldName": "name", "operator": operator, "value": value}],
            },
            "operationType": "fetch",
        })
    };
    for (operator, value, count) in [
        ("equals", "ann", 1),
        ("equals", "ANN", 0),
        ("iEquals", "ANN", 1),
        ("notEqual", "ann", 1),
        ("contains", "n", 2),
        ("iContains", "ANN", 1),
        ("regexp", "^an", 1),
        ("greaterThan", "admin", 1),
    ] {
        let body = criteria(operator, json!(value));
        let (status, reply) = array.call("POST", "/v1/users/detail", body);
        assert_eq!(
            (status, &reply["totalRows"]),
            (200, &json!(count)),
            "{operator} {value}"
        );
    }
    let (status, reply) = array.call("POST", "/v1/users", criteria("equals", json!("zoe")));
    assert_eq!(
        (status, &reply["totalRows"]),
        (200, &json!(0)),
        "nobody was created"
    );
    let sets = json!({
        "data": {"fieldName": "name", "operator": "inSet", "values": ["ann", "zoe"]},
        "operationType": "fetch", "startRow": 0, "endRow": 1,
    });
    let (_, reply) = array.call("POST", "/v1/users/detail", sets);
    assert_eq!(reply["data"][0]["name"], "ann");
    let refusal = array.refusal("POST", "/v1/users", criteria("sounds", json!("ann")));
    assert_eq!(refusal, refused(400, "SM_unsupported_query_operator"));
}

#[test]
fn a_session_lives_while_it_is_used_and_ends_by_its_id() {
    let mut array = Array::of("5.2");
    array.now += 1799.seconds();
    assert_eq!(array.call("GET", "/v1/users", Value::Null).0, 200);
    array.now += 1799.seconds();
    assert_eq!(array.call("GET", "/v1/users", Value::Null).0, 200);
    array.now += 1801.seconds();
    assert_eq!(
        array.refusal("GET", "/v1/users", Value::Null),
        refused(401, "SM_auth")
    );
    let session = array.log_in_as("admin", "password-91");
    let by_token = format!("/v1/tokens/{}", array.token);
    let refusal = array.refusal("DELETE", &by_token, Value::Null);
    assert_eq!(refusal, refused(400, "SM_invalid_path_variable"));
    let by_id = format!("/v1/tokens/{session}");
    assert_eq!(array.call("GET", &by_id, Value::Null).0, 200);
    assert_eq!(array.call("DELETE", &by_id, Value::Null), (200, json!({})));
    assert_eq!(
        array.refusal("GET", &by_id, Value::Null),
        refused(401, "SM_auth")
    );
    array.log_in_as("admin", "password-91");
    array.call("DELETE", "/_sim/sessions", Value::Null);
    assert_eq!(
        array.refusal("GET", "/v1/users", Value::Null),
        refused(401, "SM_auth")
    );
}

#[test]
fn a_low_role_is_told_unauthorized_but_may_change_its_own_details() {
    let mut array = Array::of("5.2");
    let ann_id = array.create(ann());
    let bob = array.create(json!({"name": "bob", "password": "password-91"}));
    array.log_in_as("ann", "password-91");
    let refusal = array.refusal("POST", "/v1/users", json!({"data": ann()}));
    assert_eq!(refusal, refused(401, "SM_eaccess"));
    let (own, other) = (format!("/v1/users/{ann_id}"), format!("/v1/users/{bob}"));
    let details = json!({"data": {"full_name": "Ann Lee", "password": "password-92"}});
    assert_eq!(array.call("PUT", &own, details.clone()).0, 200);
    assert_eq!(
        array.refusal("PUT", &other, details),
        refused(401, "SM_eaccess")
    );
    let promotion = json!({"data": {"role": "administrator"}});
    assert_eq!(
        array.refusal("PUT", &own, promotion),
        refused(401, "SM_eaccess")
    );
    assert_eq!(
        array.refusal("DELETE", &other, Value::Null),
        refused(401, "SM_eaccess")
    );
    array.log_in_as("ann", "password-92");
}

#[test]
fn failed_logins_lock_a_user_without_disabling_it() {
    let mut array = Array::of("5.2");
    let id = array.create(ann());
    let admin = array.token.clone();
    for _ in 0..10 {
        let (status, reply) = array.log_in("ann", "wrong-password");
        assert_eq!(status, 401);
        assert_eq!(reply["messages"][0]["code"], "SM_http_unauthorized");
    }
    assert_eq!(array.log_in("ann", "password-91").0, 401);
    array.token = admin;
    let target = format!("/v1/users/{id}");
    let (_, reply) = array.call("GET", &target, Value::Null);
    assert_eq!(reply["data"]["auth_lock"], true);
    assert_eq!(reply["data"]["disabled"], false);
    let body = json!({"data": {"id": id}});
    let (status, reply) = array.call("POST", &format!("{target}/actions/unlock"), body);
    assert_eq!(
        (status, reply),
        (200, json!({"data": {"id": id, "auth_lock": false}}))
    );
    assert_eq!(array.log_in("ann", "password-91").0, 201);
    array.call("PUT", &target, json!({"data": {"disabled": true}}));
    assert_eq!(array.log_in("ann", "password-91").0, 401);
    assert_eq!(
        array.refusal(
            "POST",
            &format!("{target}/actions/lock"),
            json!({"data": {}})
        ),
        refused(404, "SM_no_path_found")
    );
}

#[test]
fn sessions_and_users_are_capped() {
    let mut array = Array::of("5.2");
    array.set(json!({"max_sessions": 2, "max_users": 2}));
    let admin = array.token.clone();
    assert_eq!(array.log_in("admin", "password-91").0, 201);
    let (status, reply) = array.log_in("admin", "password-91");
    assert_eq!(status, 409);
    assert_eq!(reply["messages"][1]["code"], "SM_err_max_sessions_reached");
    array.token = admin;
    array.create(ann());
    let data = json!({"data": {"name": "bob", "password": "password-91"}});
    assert_eq!(
        array.refusal("POST", "/v1/users", data),
        refused(409, "SM_too_many")
    );
}

#[test]
fn the_password_policy_holds_for_create_and_change() {
    let mut array = Array::of("5.2");
    let (status, reply) = array.call("GET", "/v1/user_policies", Value::Null);
    assert_eq!(status, 200);
    let id = reply["data"][0]["id"].as_str().unwrap().to_owned();
    let policy = json!({"data": {"min_length": 12, "digit": 2, "no_reuse": 3}});
    let (status, reply) = array.call("PUT", &format!("/v1/user_policies/{id}"), policy);
    assert_eq!((status, &reply["data"]["min_length"]), (200, &json!(12)));
    let short = array.refusal("POST", "/v1/users", json!({"data": ann()}));
    assert_eq!(short, refused(400, "SM_invalid_arg_value"));
    let user = array.create(json!({"name": "ann", "password": "long-password-01"}));
    let target = format!("/v1/users/{user}");
    let mut change = |password: &str| {
        let (status, reply) = array.call("PUT", &target, json!({"data": {"password": password}}));
        (
            status,
            reply["messages"][1]["code"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    assert_eq!(
        change("long-password-01"),
        refused(400, "SM_passwd_same_as_current")
    );
    assert_eq!(change("long-password-02"), refused(200, ""));
    assert_eq!(
        change("long-password-01"),
        refused(400, "SM_invalid_arg_value")
    );
    assert_eq!(change("long-password-03"), refused(200, ""));
    assert_eq!(change("long-password-04"), refused(200, ""));
    assert_eq!(change("long-password-01"), refused(200, ""));
}

#[test]
fn a_password_change_may_be_authorised_on_newer_releases_only() {
    for (release, wrong, right) in [
        ("4.4", refused(400, "SM_unexpected_arg"), 400),
        ("5.2", refused(403, "SM_eperm"), 200),
    ] {
        let mut array = Array::of(release);
        let target = format!("/v1/users/{}", array.create(ann()));
        let body = |own: &str| json!({"data": {"password": "password-92", "auth_password": own}});
        assert_eq!(array.refusal("PUT", &target, body("wrong-one")), wrong);
        assert_eq!(array.call("PUT", &target, body("password-91")).0, right);
    }
    let mut array = Array::of("5.2");
    array.set(json!({"require_auth_password": true}));
    let target = format!("/v1/users/{}", array.create(ann()));
    let body = json!({"data": {"password": "password-92"}});
    assert_eq!(
        array.refusal("PUT", &target, body),
        refused(400, "SM_missing_arg")
    );
}

#[test]
fn wrong_paths_verbs_and_envelopes_are_named() {
    let mut array = Array::of("5.2");
    for (method, target, body, expected) in [
        (
            "GET",
            "/v2/users",
            Value::Null,
            refused(400, "SM_version_name"),
        ),
        (
            "GET",
            "/users",
            Value::Null,
            refused(400, "SM_malformed_url"),
        ),
        (
            "GET",
            "/v1/people",
            Value::Null,
            refused(404, "SM_no_path_found"),
        ),
        (
            "PATCH",
            "/v1/users",
            Value::Null,
            refused(404, "SM_no_method_for_URL_pattern"),
        ),
        ("POST", "/v1/users", ann(), refused(400, "SM_missing_arg")),
        (
            "POST",
            "/v1/users",
            json!([]),
            refused(400, "SM_missing_arg"),
        ),
        (
            "POST",
            "/v1/users",
            json!({"data": "x"}),
            refused(400, "SM_invalid_arg_value"),
        ),
        (
            "POST",
            "/v1/users",
            json!({"data": ann(), "x": 1}),
            refused(400, "SM_unexpected_arg"),
        ),
    ] {
        assert_eq!(
            array.refusal(method, target, body),
            expected,
            "{method} {target}"
        );
    }
}

#[test]
fn an_old_build_says_less_and_a_read_may_be_partial() {
    let mut array = Array::of("5.2");
    array.create(ann());
    array.set(json!({"messages": "generic"}));
    let (status, reply) = array.call("POST", "/v1/users", json!({"data": ann()}));
    assert_eq!(status, 409);
    assert_eq!(reply["messages"].as_array().unwrap().len(), 1);
    assert_eq!(reply["messages"][0]["code"], "SM_http_conflict");
    array.set(json!({"partial_reads": true}));
    let (status, reply) = array.call("GET", "/v1/users/detail", Value::Null);
    assert_eq!(status, 206);
    assert_eq!(reply["totalRows"], 2);
    assert_eq!(reply["data"].as_array().unwrap().len(), 1);
    assert!(reply["messages"].is_array());
    let (status, _) = array.call("POST", "/_sim/settings", json!({"max_userz": 1}));
    assert_eq!(status, 400);
}
