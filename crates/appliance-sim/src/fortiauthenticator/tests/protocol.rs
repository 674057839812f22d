//! The dialects, authentication, and the framework's own answers.

use serde_json::{Value, json};

use super::{Appliance, HTML, USERS, header};

#[test]
fn classic_answers_writes_with_a_place_or_with_nothing() {
    let mut appliance = Appliance::of("classic");
    let body = json!({"username": "test_user3", "password": "testpassword",
        "email": "test_user3@example.com", "mobile_number": "+44-1234567890"});
    let created = appliance.send("POST", USERS, &body);
    assert_eq!(
        (created.status, created.body.as_slice()),
        (201, b"".as_slice())
    );
    assert_eq!(header(&created, "content-type"), Some(HTML));
    let location = header(&created, "location").unwrap().to_owned();
    assert_eq!(location, "https://fac.example/api/v1/localusers/3/");
    let target = location.strip_prefix("https://fac.example").unwrap();
    let changed = appliance.send("PATCH", target, &json!({"custom1": "x", "country": "GB"}));
    assert_eq!(
        (changed.status, changed.body.as_slice()),
        (202, b"".as_slice())
    );
    let user = appliance.get(target);
    assert_eq!(
        (&user["custom1"], &user["country"]),
        (&json!("x"), &json!("GB"))
    );
    assert_eq!(user["mobile_number"], "+44-1234567890");
    assert_eq!(user["resource_uri"], target);
    assert!(user.get("password").is_none() && user.get("recovery_answer").is_none());
    let deleted = appliance.send("DELETE", target, &Value::Null);
    assert_eq!(
        (deleted.status, deleted.body.as_slice()),
        (204, b"".as_slice())
    );
    for method in ["GET", "PATCH", "DELETE"] {
        let gone = appliance.send(method, target, &json!({}));
        assert_eq!(
            (gone.status, gone.body.as_slice()),
            (404, b"".as_slice()),
            "{method}"
        );
        assert_eq!(header(&gone, "content-type"), Some(HTML));
    }
}

#[test]
fn the_oldest_examples_have_nineteen_fields_with_empty_strings() {
    let mut appliance = Appliance::of("classic-2014");
    let target = appliance.user("test_user");
    assert_eq!(
        appliance.get(&target),
        json!({
            "address": "", "city": "", "country": "", "custom1": "", "custom2": "",
            "custom3": "", "email": "", "first_name": "", "id": 3, "last_name": "",
            "mobile_number": "", "phone_number": "", "resource_uri": "/api/v1/localusers/3/",
            "state": "", "token_auth": false, "token_serial": "", "token_type": null,
            "user_groups": [], "username": "test_user",
        })
    );
    let mut appliance = Appliance::of("classic");
    let target = appliance.user("test_user");
    let user = appliance.get(&target);
    assert_eq!(
        (&user["active"], &user["reason"]),
        (&json!(true), &json!(0))
    );
    assert_eq!(
        (&user["company"], &user["expires_at"]),
        (&json!(""), &Value::Null)
    );
}

#[test]
fn a_classic_path_without_its_slash_is_redirected_for_every_verb() {
    let mut appliance = Appliance::of("classic");
    for method in ["GET", "POST", "DELETE"] {
        let response = appliance.send(method, "/api/v1/localusers?limit=1", &json!({}));
        assert_eq!(
            (response.status, response.body.as_slice()),
            (301, b"".as_slice())
        );
        assert_eq!(
            header(&response, "location"),
            Some("/api/v1/localusers/?limit=1")
        );
    }
    let unknown = appliance.send("GET", "/api/v1/people/", &Value::Null);
    assert_eq!(
        (unknown.status, header(&unknown, "content-type")),
        (404, Some(HTML))
    );
    assert!(unknown.body.starts_with(b"<!doctype html>"));
}

#[test]
fn release_8_creates_with_a_multi_status_list_and_uris_without_slash() {
    let mut appliance = Appliance::of("v8");
    let ann = json!({"username": "ann", "password": "secret-1"});
    let response = appliance.send("POST", "/api/v1/localusers", &ann);
    assert_eq!(
        (response.status, header(&response, "location")),
        (207, None)
    );
    let list: Value = serde_json::from_slice(&response.body).unwrap();
    assert_eq!(list[0]["statue"], 201);
    assert_eq!(list[0]["resource_uri"], "/api/v1/localusers/3");
    let (status, list) = appliance.call("POST", "/api/v1/localusers/", ann);
    assert_eq!((status, &list[0]["statue"]), (207, &json!(400)));
    assert!(list[0]["error"]["username"].is_array(), "{list}");
    let (status, user) = appliance.call("PATCH", "/api/v1/localusers/3", json!({"city": "Bern"}));
    assert_eq!((status, &user["city"]), (202, &json!("Bern")));
    for (shape, uri) in [("object", true), ("without_uri", false)] {
        appliance.set(json!({"create_reply": shape}));
        let body = json!({"username": shape, "password": "secret-1"});
        let (_, reply) = appliance.call("POST", "/api/v1/localusers", body);
        let item = if reply.is_array() { &reply[0] } else { &reply };
        assert_eq!(reply.is_object(), shape == "object");
        assert_eq!(item.get("resource_uri").is_some(), uri);
    }
    let (status, _) = appliance.call("DELETE", "/api/v1/localusers", Value::Null);
    assert_eq!(status, 204);
    assert_eq!(
        appliance.get("/api/v1/localusers")["meta"]["total_count"],
        0
    );
}

#[test]
fn only_the_api_key_opens_and_the_directory_is_open_to_all() {
    let mut appliance = Appliance::of("classic");
    appliance.key = "login-password";
    let denied = appliance.send("GET", USERS, &Value::Null);
    assert_eq!(
        (denied.status, denied.body.as_slice()),
        (401, b"".as_slice())
    );
    assert_eq!(
        header(&denied, "www-authenticate"),
        Some("Basic Realm=\"django-tastypie\"")
    );
    let directory = appliance.get("/api/v1/");
    assert_eq!(directory["localusers"]["list_endpoint"], USERS);
    assert_eq!(
        directory["localusers"]["schema"],
        "/api/v1/localusers/schema/"
    );
    appliance.key = "key";
    appliance.set(json!({"permission": "read_only"}));
    appliance.get(USERS);
    assert_eq!(appliance.call("POST", USERS, json!({})).0, 403);
    appliance.set(json!({"permission": "nothing"}));
    assert_eq!(appliance.call("GET", USERS, Value::Null).0, 403);
}

#[test]
fn the_licence_ends_and_system_information_tells() {
    let mut appliance = Appliance::of("classic");
    appliance.set(json!({"max_users": 1, "max_groups": 1}));
    appliance.user("ann");
    let usage = appliance.get("/api/v1/systeminfo/");
    assert_eq!(usage["users_usage_detail"], json!({"max": 1, "used": 1}));
    let (status, reply) =
        appliance.call("POST", USERS, json!({"username": "bob", "password": "p"}));
    assert_eq!(status, 400);
    assert!(reply["error"].is_string(), "{reply}");
    appliance.create("usergroups", json!({"name": "vpn"}));
    assert_eq!(
        appliance
            .call("POST", "/api/v1/usergroups/", json!({"name": "b"}))
            .0,
        400
    );
    let policy = appliance.get("/api/v1/userlockoutpolicy/");
    assert_eq!(
        policy,
        json!({"max_attempts": 3, "permanent": false, "period": 60})
    );
    assert_eq!(
        appliance
            .call("GET", "/api/v1/systeminfo/schema/", Value::Null)
            .0,
        500
    );
    assert_eq!(
        appliance.get("/api/v1/localusers/schema/")["fields"]["username"]["unique"],
        true
    );
}

#[test]
fn the_framework_refuses_in_its_own_words() {
    let mut appliance = Appliance::of("classic");
    let target = appliance.user("ann");
    let put = appliance.send("PUT", &target, &json!({}));
    assert_eq!(
        (put.status, header(&put, "allow")),
        (405, Some("GET,PATCH,DELETE"))
    );
    assert_eq!(put.body, b"GET,PATCH,DELETE");
    assert_eq!(appliance.send("DELETE", USERS, &Value::Null).status, 405);
    let (status, reply) = appliance.call("GET", "/api/v1/localusers/ann/", Value::Null);
    assert_eq!(status, 404);
    assert!(reply["error_message"].is_string(), "{reply}");
    appliance.content_type = "application/x-www-form-urlencoded";
    let (status, reply) = appliance.call("PATCH", &target, json!({}));
    assert_eq!((status, reply["error_message"].is_string()), (415, true));
    appliance.content_type = "application/json; charset=utf-8";
    let text = json!({"error": "Request is not valid JSON."});
    assert_eq!(appliance.call("PATCH", &target, Value::Null), (400, text));
    assert_eq!(
        appliance
            .call("POST", "/api/v1/csv/localusers/", json!({}))
            .0,
        403
    );
}

#[test]
fn a_new_key_ends_the_one_before() {
    let mut appliance = Appliance::of("classic");
    appliance.get(USERS);
    let (status, _) = appliance.call("POST", "/_sim/key", json!({"key": "another"}));
    assert_eq!(status, 200);
    let reply = appliance.send("GET", USERS, &Value::Null);
    assert_eq!((reply.status, reply.body.as_slice()), (401, &b""[..]));
}
