//! What changed from release to release.

use serde_json::{Value, json};

use super::{basic, call, complaint, content, create, get, install, person, refused, send};
use crate::truenas::TrueNas;
use crate::vendor::Vendor;

const BLUEFIN: &str = "22.12.4.2";
const COBIA: &str = "23.10.2";

/// All that have a REST API, the oldest first.
const REST: [&str; 9] = [
    "12.0-U8.1",
    "13.0-U6.8",
    "22.02.4",
    BLUEFIN,
    COBIA,
    "24.04.2.5",
    "24.10.2.4",
    "25.04.2.6",
    "25.10.6",
];

/// Whether a release is among those from `since` to `until`.
fn within(release: &str, since: &str, until: &str) -> bool {
    let at = |release: &str| REST.iter().position(|other| *other == release).unwrap();
    (at(since)..=at(until)).contains(&at(release))
}

fn from(release: &str, since: &str) -> bool {
    within(release, since, "25.10.6")
}

fn status(nas: &mut TrueNas, body: &Value) -> u16 {
    call(nas, "POST", "/user", body).0
}

#[test]
fn every_release_can_be_had() {
    for release in Vendor::TrueNas.releases() {
        install(release);
    }
    for release in REST {
        assert!(Vendor::TrueNas.releases().contains(&release));
    }
}

#[test]
fn keys_come_and_go() {
    for release in REST {
        let mut nas = install(release);
        let id = create(&mut nas, &person("ann", &json!({})));
        let user = get(&mut nas, &format!("/user/id/{id}"));
        let group = get(&mut nas, "/group?limit=1")[0].clone();
        for (key, since, until) in [
            ("sudo", "12.0-U8.1", "22.02.4"),
            ("microsoft_account", "12.0-U8.1", "22.02.4"),
            ("attributes", "12.0-U8.1", BLUEFIN),
            ("nt_name", "22.02.4", "24.04.2.5"),
            ("sid", "22.02.4", "25.10.6"),
            ("immutable", BLUEFIN, "25.10.6"),
            ("sudo_commands_nopasswd", BLUEFIN, "25.10.6"),
            ("ssh_password_enabled", COBIA, "25.10.6"),
            ("twofactor_auth_configured", COBIA, "25.10.6"),
            ("roles", "24.04.2.5", "25.10.6"),
            ("id_type_both", "12.0-U8.1", "25.04.2.6"),
            ("api_keys", "25.04.2.6", "25.10.6"),
        ] {
            let there = user.get(key).is_some();
            assert_eq!(there, within(release, since, until), "{key} in {release}");
        }
        let flags = user["group"].get("bsdgrp_sudo").is_some();
        assert_eq!(flags, !from(release, BLUEFIN), "{release}");
        assert_eq!(
            group.get("name").is_some(),
            from(release, "22.02.4"),
            "{release}"
        );
        assert_eq!(group.get("immutable").is_some(), release == "25.10.6");
        let (home, uid) = (&user["home"], user["uid"].as_i64().unwrap());
        let empty = if from(release, "24.04.2.5") {
            "/var/empty"
        } else {
            "/nonexistent"
        };
        assert_eq!(home, empty, "{release}");
        assert_eq!(
            uid,
            if from(release, BLUEFIN) { 3000 } else { 1000 },
            "{release}"
        );
    }
}

#[test]
fn only_12_0_sends_json_as_text() {
    for release in REST {
        let root = basic("root", "abcd1234");
        let reply = send(&mut install(release), Some(&root), "GET", "/user/id/1", b"");
        let text = reply.headers[0].1.starts_with("text/plain");
        assert_eq!(text, release == "12.0-U8.1", "{release}");
        assert!(content(&reply).is_object());
    }
}

#[test]
fn who_may_log_in_and_what_they_hear() {
    for release in REST {
        let mut nas = install(release);
        let wrong = send(&mut nas, Some(&basic("root", "no")), "GET", "/user", b"");
        let text = match from(release, "24.04.2.5") {
            true => "Bad username or password",
            false => "401: Unauthorized",
        };
        assert_eq!(
            (wrong.status, content(&wrong)),
            (401, json!(text)),
            "{release}"
        );

        let admins = get(&mut nas, "/group?gid=544")[0]["id"].clone();
        create(&mut nas, &person("ann", &json!({"groups": [admins]})));
        let reply = send(&mut nas, Some(&basic("ann", "x")), "GET", "/core/ping", b"");
        assert_eq!(reply.status == 200, from(release, BLUEFIN), "{release}");
    }
}

#[test]
fn complaints_change_their_keys() {
    for release in REST {
        let mut nas = install(release);
        let wrong = person("ann", &json!({"locked": "yes", "nope": 1, "shell": null}));
        let (_, body) = call(&mut nas, "POST", "/user", &wrong);
        let keys: Vec<&str> = body
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let expected: &[&str] = match release {
            "12.0-U8.1" | "13.0-U6.8" => &["nope"],
            "22.02.4" | BLUEFIN | COBIA | "24.04.2.5" => &["user_create.nope"],
            _ => &[
                "user_create.shell",
                "user_create.locked",
                "user_create.nope",
            ],
        };
        assert_eq!(keys, expected, "{release}");

        let reply = call(&mut nas, "POST", "/user", &person("a b", &json!({})));
        let key = refused(reply)[0].0.clone();
        let expected = match release {
            BLUEFIN | COBIA | "24.04.2.5" => "username",
            "24.10.2.4" => {
                "user_create.username.function-after[validate_local_username(), constrained-str]"
            }
            _ => "user_create.username",
        };
        assert_eq!(key, expected, "{release}");
    }
}

#[test]
fn names_grow() {
    for release in REST {
        let mut nas = install(release);
        let mut taken = |name: &str| status(&mut nas, &person(name, &json!({}))) == 200;
        assert_eq!(taken(&"a".repeat(17)), from(release, BLUEFIN), "{release}");
        assert_eq!(taken(&"b".repeat(33)), release == "24.10.2.4", "{release}");
        assert_eq!(
            taken("1abc"),
            !within(release, BLUEFIN, "24.04.2.5") && !from(release, "25.04.2.6")
        );
        assert_eq!(taken("ab$"), !from(release, "25.04.2.6"), "{release}");
        assert!(!taken("a@b"), "{release}");
    }
}

#[test]
fn types_become_strict() {
    for release in REST {
        let mut nas = install(release);
        let text = person("ann", &json!({"uid": "5000"}));
        assert_eq!(
            status(&mut nas, &text) == 200,
            !from(release, "24.10.2.4"),
            "{release}"
        );
        let twice = person("bob", &json!({"uid": 0}));
        let reply = call(&mut nas, "POST", "/user", &twice);
        match from(release, "22.02.4") {
            true => assert_eq!(
                refused(reply),
                complaint("user_create.uid", 17),
                "{release}"
            ),
            false => assert_eq!(reply.0, 200, "{release}"),
        }
        let huge = person("cid", &json!({"uid": 4_294_967_296_i64}));
        assert_eq!(
            status(&mut nas, &huge) == 200,
            !from(release, COBIA),
            "{release}"
        );
        let nameless = person("dan", &json!({"full_name": ""}));
        assert_eq!(
            status(&mut nas, &nameless) == 200,
            !from(release, "24.10.2.4"),
            "{release}"
        );
        let local = person("eve", &json!({"email": "eve@corp.local"}));
        assert_eq!(
            status(&mut nas, &local) == 200,
            !from(release, "24.10.2.4"),
            "{release}"
        );
        let id = create(&mut nas, &person("fay", &json!({})));
        let wiped = call(
            &mut nas,
            "PUT",
            &format!("/user/id/{id}"),
            &json!({"password": null}),
        );
        assert_eq!(wiped.0 == 200, from(release, "24.10.2.4"), "{release}");
    }
}

#[test]
fn smb_asks_for_a_password_from_23_10_on() {
    for release in REST {
        let body = json!({
            "username": "ann", "full_name": "N", "group_create": true, "password_disabled": true,
        });
        let taken = status(&mut install(release), &body) == 200;
        assert_eq!(taken, !from(release, COBIA), "{release}");
    }
}

#[test]
fn an_orphan_group_is_left_behind_up_to_24_04() {
    for release in REST {
        let mut nas = install(release);
        let body = person("ann", &json!({"groups": [9999]}));
        assert_eq!(status(&mut nas, &body), 422, "{release}");
        let left = get(&mut nas, "/group?group=ann").as_array().unwrap().len();
        assert_eq!(left == 1, !from(release, "24.10.2.4"), "{release}");
    }
}

#[test]
fn a_wrong_operation_and_an_unknown_option_are_told_in_several_ways() {
    for release in REST {
        let mut nas = install(release);
        let (status, body) = call(&mut nas, "GET", "/user?username__zz=1", &Value::Null);
        let key = body.as_object().unwrap().keys().next().unwrap().clone();
        let expected = match release {
            "12.0-U8.1" | "13.0-U6.8" | "24.10.2.4" => (500, "message"),
            "25.04.2.6" | "25.10.6" => (422, "filters"),
            _ => (422, "query-filters"),
        };
        assert_eq!((status, key.as_str()), expected, "{release}");
        let sort = refused(call(&mut nas, "GET", "/user?sort=username", &Value::Null));
        let expected = match release {
            "12.0-U8.1" | "13.0-U6.8" => "sort",
            _ if from(release, "24.10.2.4") => "options.sort",
            _ => "query-options.sort",
        };
        assert_eq!(sort[0].0, expected, "{release}");
    }
}

#[test]
fn core_looks_for_the_uid_of_a_home_before_it_has_one() {
    for release in REST {
        let body = person("ann", &json!({"home": "/mnt/tank/ann"}));
        let (status, reply) = call(&mut install(release), "POST", "/user", &body);
        let core = !from(release, "22.02.4");
        assert_eq!(status, if core { 500 } else { 200 }, "{release}: {reply}");
        let body = person("ann", &json!({"home": "/mnt/tank/ann", "uid": 1234}));
        assert_eq!(
            call(&mut install(release), "POST", "/user", &body).0,
            200,
            "{release}"
        );
    }
}

#[test]
fn passwords_are_set_by_name_from_24_04_on() {
    for release in REST {
        let mut nas = install(release);
        create(&mut nas, &person("ann", &json!({})));
        let body = json!({"username": "ann", "old_password": "x", "new_password": "y"});
        let (status, _) = call(&mut nas, "POST", "/user/set_password", &body);
        assert_eq!(
            status,
            if from(release, "24.04.2.5") { 200 } else { 404 },
            "{release}"
        );
        assert_eq!(
            call(&mut nas, "GET", "/privilege", &Value::Null).0 == 200,
            from(release, BLUEFIN)
        );
    }
}

#[test]
fn deleting_oneself_is_refused_from_25_04_on() {
    for release in [BLUEFIN, "24.10.2.4", "25.04.2.6", "25.10.6"] {
        let mut nas = install(release);
        let admins = get(&mut nas, "/group?gid=544")[0]["id"].clone();
        let id = create(&mut nas, &person("ann", &json!({"groups": [admins]})));
        let path = format!("/user/id/{id}");
        let reply = send(&mut nas, Some(&basic("ann", "x")), "DELETE", &path, b"");
        assert_eq!(
            reply.status == 200,
            !from(release, "25.04.2.6"),
            "{release}"
        );
    }
}
