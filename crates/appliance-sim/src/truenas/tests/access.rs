use serde_json::{Value, json};

use super::{
    CORE, FANGTOOTH, GOLDEYE, KEY, SCALE, basic, call, content, create, get, install, person, send,
};
use crate::options::SimulatorOptions;
use crate::truenas::TrueNas;
use crate::vendor::Vendor;

#[test]
fn an_unknown_release_names_the_known_ones() {
    let options = SimulatorOptions {
        release: Some("11.3".into()),
        ..SimulatorOptions::new(Vendor::TrueNas)
    };
    let message = TrueNas::install(&options).unwrap_err().to_string();
    for known in Vendor::TrueNas.releases() {
        assert!(message.contains(known), "{message}");
    }
}

#[test]
fn refusals_are_plain_text_without_a_challenge() {
    let mut nas = install(SCALE);
    for (authorization, status, text) in [
        (None, 401, "401: Unauthorized"),
        (Some("Digest zzz".to_owned()), 401, "401: Unauthorized"),
        (
            Some(basic("root", "wrong")),
            401,
            "Bad username or password",
        ),
        (Some("Bearer 1-zzz".to_owned()), 401, "Invalid API key"),
        (
            Some("Basic YWJj".to_owned()),
            500,
            "500 Internal Server Error\n\nServer got itself in trouble",
        ),
    ] {
        let reply = send(&mut nas, authorization.as_deref(), "GET", "/user", b"");
        assert_eq!((reply.status, content(&reply)), (status, json!(text)));
        assert_eq!(
            reply.headers,
            [("content-type".into(), "text/plain; charset=utf-8".into())]
        );
    }
}

#[test]
fn a_key_opens_what_its_owner_may() {
    for release in [CORE, SCALE, FANGTOOTH, GOLDEYE] {
        let mut nas = install(release);
        let reply = send(
            &mut nas,
            Some(&format!("Bearer {KEY}")),
            "GET",
            "/core/ping",
            b"",
        );
        assert_eq!(
            (reply.status, content(&reply)),
            (200, json!("pong")),
            "{release}"
        );
    }
    let mut nas = install(GOLDEYE);
    let root = get(&mut nas, "/user/id/1");
    assert_eq!(root["api_keys"], json!([1]));
    let unknown = send(&mut nas, Some("Bearer 9-zzz"), "GET", "/core/ping", b"");
    assert_eq!(unknown.status, 500, "an unknown key raises from 25.04 on");
}

#[test]
fn only_privileged_groups_let_in_and_readers_may_not_write() {
    let mut nas = install(SCALE);
    create(&mut nas, &person("alice", &json!({})));
    let alice = basic("alice", "x");
    assert_eq!(
        send(&mut nas, Some(&alice), "GET", "/user", b"").status,
        401
    );

    let readers = get(&mut nas, "/group?name=truenas_readonly_administrators")[0]["id"].clone();
    let id = get(&mut nas, "/user?username=alice")[0]["id"].clone();
    call(
        &mut nas,
        "PUT",
        &format!("/user/id/{id}"),
        &json!({"groups": [readers]}),
    );
    assert_eq!(
        send(&mut nas, Some(&alice), "GET", "/user", b"").status,
        200
    );
    let denied = send(&mut nas, Some(&alice), "POST", "/user", b"{}");
    assert_eq!(denied.status, 403);

    call(
        &mut nas,
        "PUT",
        &format!("/user/id/{id}"),
        &json!({"locked": true}),
    );
    assert_eq!(
        send(&mut nas, Some(&alice), "GET", "/user", b"").status,
        401
    );
}

#[test]
fn core_lets_only_root_in() {
    let mut nas = install(CORE);
    let id = create(&mut nas, &person("alice", &json!({})));
    let wheel = get(&mut nas, "/group?group=builtin_administrators")[0]["id"].clone();
    call(
        &mut nas,
        "PUT",
        &format!("/user/id/{id}"),
        &json!({"groups": [wheel]}),
    );
    assert_eq!(
        send(&mut nas, Some(&basic("alice", "x")), "GET", "/user", b"").status,
        401
    );
}

#[test]
fn wrong_methods_and_paths_are_text_too() {
    let mut nas = install(SCALE);
    assert_eq!(
        call(&mut nas, "POST", "/user/id/1", &json!({})),
        (405, json!("405: Method Not Allowed"))
    );
    assert_eq!(call(&mut nas, "PATCH", "/user/id/1", &json!({})).0, 405);
    assert_eq!(
        call(&mut nas, "GET", "/nosuch", &Value::Null),
        (404, json!("404: Not Found"))
    );
    assert_eq!(
        call(&mut nas, "GET", "/user/shell_choices", &Value::Null).0,
        405
    );
    assert_eq!(
        call(&mut nas, "GET", "/user/id/999", &Value::Null),
        (404, json!({"message": ""}))
    );
    assert_eq!(
        call(&mut nas, "GET", "/user/id/abc", &Value::Null),
        (404, json!({"message": ""}))
    );
}

#[test]
fn a_body_that_is_no_json_breaks_scale_and_not_core() {
    let root = basic("root", "abcd1234");
    let reply = send(
        &mut install(SCALE),
        Some(&root),
        "POST",
        "/user",
        b"{\"a\":",
    );
    assert_eq!(reply.status, 500);
    assert!(content(&reply).is_string());
    let reply = send(&mut install(CORE), Some(&root), "POST", "/user", b"{\"a\":");
    assert_eq!(reply.status, 400);
    assert!(content(&reply)["message"].is_string());
}

#[test]
fn the_system_tells_its_version() {
    for (release, version) in [
        (CORE, "TrueNAS-13.0-U6.8"),
        (SCALE, "TrueNAS-SCALE-24.10.2.4"),
        (GOLDEYE, "TrueNAS-25.10.6"),
    ] {
        let mut nas = install(release);
        assert_eq!(get(&mut nas, "/system/version"), json!(version));
        assert_eq!(get(&mut nas, "/system/info")["version"], json!(version));
    }
}
