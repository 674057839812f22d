use serde_json::{Value, json};

use super::{
    MIDDLE, NEW, OLD, basic, call, call_as, content, create, get, header, install, json_type, put,
    refused, send, try_create,
};
use crate::foreman::Foreman;
use crate::options::SimulatorOptions;
use crate::vendor::Vendor;

#[test]
fn an_unknown_release_names_the_known_ones() {
    let options = SimulatorOptions {
        release: Some("4.0".into()),
        ..SimulatorOptions::new(Vendor::Foreman)
    };
    let message = Foreman::install(&options).unwrap_err().to_string();
    for known in ["3.12.0", "2.5", "1.24"] {
        assert!(message.contains(known), "{message}");
    }
}

#[test]
fn a_refused_login_names_the_login_and_has_neither_cookie_nor_challenge() {
    let mut foreman = install(NEW);
    for (headers, name) in [
        (vec![], ""),
        (vec![basic("admin", "wrong")], "admin"),
        (vec![basic("nobody9", "x")], "nobody9"),
        (vec![("authorization".into(), "Bearer zzz".into())], ""),
        (vec![("authorization".into(), "Basic YWJj".into())], "abc"),
    ] {
        let reply = send(&mut foreman, headers, "GET", "/api/users", b"", 0);
        let message = format!("Unable to authenticate user {name}");
        assert_eq!(
            (reply.status, content(&reply)),
            (401, json!({"error": {"message": message}}))
        );
        let sent: Vec<&str> = reply
            .headers
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        for absent in ["set-cookie", "www-authenticate", "foreman_version"] {
            assert!(!sent.contains(&absent), "{absent}");
        }
    }
}

#[test]
fn thirty_failures_lock_an_address_for_five_minutes() {
    let mut foreman = install(NEW);
    let mut at = |password: &str, second| {
        let reply = send(
            &mut foreman,
            vec![basic("admin", password)],
            "GET",
            "/api/status",
            b"",
            second,
        );
        (
            reply.status,
            content(&reply)["error"]["message"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        )
    };
    for second in 0..30 {
        assert_eq!(at("wrong", second).0, 401);
    }
    let (status, message) = at("changeme", 30);
    assert_eq!(status, 401);
    assert!(message.starts_with("Too many tries"), "{message}");
    assert_eq!(at("changeme", 331).0, 200);
}

#[test]
fn ping_needs_no_login_and_status_does() {
    let mut foreman = install(NEW);
    assert_eq!(
        send(&mut foreman, vec![], "GET", "/api/ping", b"", 0).status,
        200
    );
    assert_eq!(
        send(&mut foreman, vec![], "GET", "/api/status", b"", 0).status,
        401
    );
    let status = get(&mut foreman, "/status");
    assert_eq!(
        status,
        json!({"result": "ok", "status": 200, "version": "3.12.0", "api_version": 2})
    );
    assert_eq!(get(&mut foreman, "/v2/status"), status);
}

#[test]
fn the_api_describes_itself_to_everybody_under_a_checksum() {
    let mut checksums = std::collections::BTreeSet::new();
    for release in [OLD, MIDDLE, NEW] {
        let mut foreman = install(release);
        let reply = send(&mut foreman, Vec::new(), "GET", "/apidoc/v2.json", b"", 0);
        assert_eq!(reply.status, 200);
        let document = content(&reply);
        let users = &document["docs"]["resources"]["users"]["methods"];
        let create = users.as_array().unwrap().iter();
        let create = create
            .clone()
            .find(|method| method["name"] == "create")
            .unwrap();
        assert_eq!(create["apis"][0]["api_url"], "/api/users");
        let fields = create["params"].as_array().unwrap().last().unwrap()["params"].clone();
        let names: Vec<&Value> = fields
            .as_array()
            .unwrap()
            .iter()
            .map(|field| &field["name"])
            .collect();
        assert_eq!(
            names.contains(&&json!("disabled")),
            release != OLD,
            "{release}"
        );
        let checksum = header(&reply, "apipie-checksum").to_owned();
        let ping = send(&mut foreman, Vec::new(), "GET", "/api/ping", b"", 0);
        assert_eq!(header(&ping, "apipie-checksum"), checksum);
        checksums.insert(checksum);
    }
    assert_eq!(checksums.len(), 2, "only 1.24 describes another API");
}

#[test]
fn a_cookie_beats_the_authorization_header() {
    let mut foreman = install(NEW);
    create(&mut foreman, "bob", &json!({}));
    let reply = send(
        &mut foreman,
        vec![basic("admin", "changeme")],
        "GET",
        "/api/status",
        b"",
        0,
    );
    let cookie = reply
        .headers
        .iter()
        .find(|(name, _)| name == "set-cookie")
        .unwrap()
        .1
        .clone();
    let session = cookie.split(';').next().unwrap().to_owned();
    for other in [basic("admin", "wrong"), basic("bob", "x")] {
        let headers = vec![other, ("cookie".into(), session.clone())];
        let reply = send(&mut foreman, headers, "GET", "/api/current_user", b"", 0);
        assert_eq!(content(&reply)["login"], "admin");
    }
    let unknown = vec![
        basic("bob", "x"),
        ("cookie".into(), "_session_id=zzz".into()),
    ];
    let reply = send(&mut foreman, unknown, "GET", "/api/current_user", b"", 0);
    assert_eq!(content(&reply)["login"], "bob");
}

#[test]
fn logins_open_whatever_their_case_and_disabled_ones_do_not() {
    let mut foreman = install(NEW);
    let bob = create(&mut foreman, "Bob", &json!({}));
    assert_eq!(
        call_as(
            &mut foreman,
            ("bOB", "x"),
            "GET",
            "/current_user",
            &Value::Null
        )
        .0,
        200
    );
    put(&mut foreman, &bob["id"], json!({"disabled": true}));
    let (status, body) = call_as(&mut foreman, ("bob", "x"), "GET", "/users", &Value::Null);
    assert_eq!(status, 401);
    assert!(
        body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("disabled")
    );
}

#[test]
fn a_personal_access_token_is_a_password_until_it_is_revoked() {
    let mut foreman = install(NEW);
    let bob = create(&mut foreman, "bob", &json!({}));
    let path = format!("/users/{}/personal_access_tokens", bob["id"]);
    let body = json!({"personal_access_token": {"name": "k"}});
    let (status, token) = call(&mut foreman, "POST", &path, &body);
    assert_eq!(status, 201);
    let value = token["token_value"].as_str().unwrap().to_owned();
    assert!(
        get(&mut foreman, &path)["results"][0]
            .get("token_value")
            .is_none()
    );
    assert_eq!(
        call_as(
            &mut foreman,
            ("bob", &value),
            "GET",
            "/current_user",
            &Value::Null
        )
        .0,
        200
    );
    let (status, revoked) = call(
        &mut foreman,
        "DELETE",
        &format!("{path}/{}", token["id"]),
        &Value::Null,
    );
    assert_eq!((status, &revoked["revoked"]), (200, &json!(true)));
    assert_eq!(
        call_as(
            &mut foreman,
            ("bob", &value),
            "GET",
            "/current_user",
            &Value::Null
        )
        .0,
        401
    );
}

#[test]
fn content_types_are_judged_before_their_content() {
    let mut foreman = install(NEW);
    for (content_type, status) in [
        ("application/json; charset=utf-8", 422),
        ("application/scim+json", 415),
        ("text/plain", 500),
        ("application/x-www-form-urlencoded", 500),
        ("", 406),
    ] {
        let headers = vec![
            basic("admin", "changeme"),
            ("content-type".into(), content_type.into()),
        ];
        let reply = send(&mut foreman, headers, "POST", "/api/users", b"{}", 0);
        assert_eq!(reply.status, status, "{content_type}");
    }
    let headers = vec![basic("admin", "changeme"), json_type()];
    let reply = send(&mut foreman, headers, "POST", "/api/users", b"{\"a\":", 0);
    assert_eq!(
        (reply.status, &content(&reply)["status"]),
        (400, &json!(400))
    );
    assert!(content(&reply)["error"].is_string());
}

#[test]
fn unknown_paths_and_verbs_are_not_found() {
    let mut foreman = install(NEW);
    let not_found = (404, json!({"status": 404, "error": "Not Found"}));
    assert_eq!(
        call(&mut foreman, "GET", "/nosuch", &Value::Null),
        not_found
    );
    assert_eq!(
        call(&mut foreman, "POST", "/users/4", &json!({})),
        not_found
    );
    assert_eq!(
        call(&mut foreman, "DELETE", "/users", &Value::Null),
        not_found
    );
    assert_eq!(
        call(&mut foreman, "GET", "/v1/users", &Value::Null),
        not_found
    );
    assert_eq!(
        call(&mut install(OLD), "GET", "/current_user", &Value::Null),
        not_found
    );
}

#[test]
fn without_permissions_one_sees_and_edits_oneself() {
    let mut foreman = install(NEW);
    let alice = create(&mut foreman, "alice", &json!({}));
    let bob = create(&mut foreman, "bob", &json!({}));
    let who = ("alice", "x");
    let (_, list) = call_as(&mut foreman, who, "GET", "/users", &Value::Null);
    assert_eq!(
        (&list["total"], &list["results"][0]["login"]),
        (&json!(1), &json!("alice"))
    );
    let (status, body) = call_as(
        &mut foreman,
        who,
        "POST",
        "/users",
        &json!({"user": {"login": "q"}}),
    );
    assert_eq!(
        (status, &body["error"]["missing_permissions"]),
        (403, &json!(["create_users"]))
    );
    let other = format!("/users/{}", bob["id"]);
    assert_eq!(
        call_as(&mut foreman, who, "DELETE", &other, &Value::Null).0,
        403
    );
    let own = format!("/users/{}", alice["id"]);
    let body = json!({"user": {"firstname": "Self", "admin": true, "role_ids": [2]}});
    let (status, reply) = call_as(&mut foreman, who, "PUT", &own, &body);
    assert_eq!(status, 200);
    assert_eq!(
        (&reply["firstname"], &reply["admin"], &reply["roles"]),
        (&json!("Self"), &json!(false), &json!([]))
    );
}

#[test]
fn a_password_can_be_tried_without_a_trace() {
    let mut foreman = install(NEW);
    let bob = create(&mut foreman, "bob", &json!({}));
    let before = get(&mut foreman, &format!("/users/{}", bob["id"]));
    let mut matches = |password: &str| {
        let body = json!({"username": "bob", "password": password}).to_string();
        let reply = send(
            &mut foreman,
            vec![],
            "POST",
            "/_sim/password",
            body.as_bytes(),
            0,
        );
        content(&reply)["matches"].clone()
    };
    for _ in 0..40 {
        assert_eq!(matches("wrong"), false);
    }
    assert_eq!(matches("x"), true);
    assert_eq!(get(&mut foreman, &format!("/users/{}", bob["id"])), before);
}

/// A Manager who is no administrator, made by the administrator.
fn with_manager(foreman: &mut Foreman) {
    let roles = get(foreman, "/roles?search=name=Manager");
    let role = roles["results"][0]["id"].clone();
    create(foreman, "bridge", &json!({"role_ids": [role]}));
}

fn create_as_manager(foreman: &mut Foreman, login: &str, more: &Value) -> (u16, Value) {
    let mut user = json!({"login": login, "auth_source_id": 1, "password": "x"});
    for (key, value) in more.as_object().into_iter().flatten() {
        user[key] = value.clone();
    }
    let body = json!({ "user": user });
    call_as(foreman, ("bridge", "x"), "POST", "/users", &body)
}

fn settings(foreman: &mut Foreman, settings: &Value) {
    let body = settings.to_string();
    let reply = send(
        foreman,
        Vec::new(),
        "POST",
        "/_sim/settings",
        body.as_bytes(),
        0,
    );
    assert_eq!(reply.status, 200);
}

#[test]
fn a_manager_without_some_permissions_hears_which_fields_they_concern() {
    let mut foreman = install(NEW);
    with_manager(&mut foreman);
    assert_eq!(create_as_manager(&mut foreman, "a", &json!({})).0, 201);
    let withheld = json!({"withheld_permissions": ["assign_organizations", "assign_locations"]});
    settings(&mut foreman, &withheld);
    let reply = create_as_manager(&mut foreman, "b", &json!({}));
    assert_eq!(refused(reply), ["organization_ids", "location_ids"]);
    settings(
        &mut foreman,
        &json!({"withheld_permissions": ["escalate_roles"]}),
    );
    let reply = create_as_manager(&mut foreman, "b", &json!({"role_ids": [8]}));
    assert_eq!(refused(reply), ["role_ids"]);
    settings(
        &mut foreman,
        &json!({"withheld_permissions": ["create_users"]}),
    );
    let (status, reply) = create_as_manager(&mut foreman, "b", &json!({}));
    assert_eq!(
        (status, &reply["error"]["missing_permissions"]),
        (403, &json!(["create_users"]))
    );
}

#[test]
fn a_caller_outside_every_organization_sees_and_makes_little() {
    let mut foreman = install(NEW);
    with_manager(&mut foreman);
    let inside = create(&mut foreman, "inside", &json!({}))["id"].clone();
    let who = ("bridge", "x");
    let path = format!("/users/{inside}");
    assert_eq!(
        call_as(&mut foreman, who, "GET", &path, &Value::Null).0,
        200
    );
    let bridge = get(&mut foreman, "/users/bridge")["id"].clone();
    let outside = json!({"organization_ids": [], "location_ids": []});
    assert_eq!(put(&mut foreman, &bridge, outside).0, 200);
    assert_eq!(
        call_as(&mut foreman, who, "GET", &path, &Value::Null).0,
        404
    );
    let (_, list) = call_as(&mut foreman, who, "GET", "/users", &Value::Null);
    assert_eq!(list["total"], 1, "only itself: {list}");
    assert_eq!(
        refused(create_as_manager(&mut foreman, "b", &json!({}))),
        ["base"]
    );
}

#[test]
fn of_creates_that_race_all_but_the_first_fail_in_the_database() {
    let mut foreman = install(NEW);
    settings(&mut foreman, &json!({"duplicates_race": true}));
    create(&mut foreman, "ann", &json!({}));
    let (status, reply) = try_create(&mut foreman, "ANN", &json!({}));
    assert_eq!(status, 500);
    assert!(
        reply["error"]["message"]
            .as_str()
            .unwrap()
            .contains("UniqueViolation")
    );
}
