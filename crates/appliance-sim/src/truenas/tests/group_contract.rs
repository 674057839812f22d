use serde_json::{Value, json};

use super::{CORE, GOLDEYE, SCALE, call, complaint, create, get, install, person, refused};

fn create_group(nas: &mut crate::truenas::TrueNas, body: &Value) -> i64 {
    let (status, reply) = call(nas, "POST", "/group", body);
    assert_eq!(status, 200, "{reply}");
    reply
        .as_i64()
        .expect("a group's create answers with its id in every release")
}

#[test]
fn a_group_is_named_by_one_key_on_core_and_by_two_elsewhere() {
    for (release, has_name) in [(CORE, false), (SCALE, true), (GOLDEYE, true)] {
        let mut nas = install(release);
        let id = create_group(&mut nas, &json!({"name": "team", "smb": false}));
        let group = get(&mut nas, &format!("/group/id/{id}"));
        assert_eq!(group["group"], "team");
        assert_eq!(group.get("name").is_some(), has_name);
        assert_eq!(group["users"], json!([]));
    }
}

#[test]
fn names_are_unique_and_clean() {
    let mut nas = install(SCALE);
    create_group(&mut nas, &json!({"name": "team", "smb": false}));
    let again = call(
        &mut nas,
        "POST",
        "/group",
        &json!({"name": "team", "smb": false}),
    );
    assert_eq!(refused(again), complaint("group_create.name", 17));
    create_group(&mut nas, &json!({"name": "TEAM"}));
    for name in ["a b", "x@y"] {
        let reply = call(
            &mut nas,
            "POST",
            "/group",
            &json!({"name": name, "smb": false}),
        );
        assert_eq!(refused(reply), complaint("group_create.name", 22));
    }
}

#[test]
fn a_list_of_users_replaces_the_members_on_both_sides() {
    let mut nas = install(SCALE);
    let alice = create(&mut nas, &person("alice", &json!({})));
    let bob = create(&mut nas, &person("bob", &json!({})));
    let team = create_group(&mut nas, &json!({"name": "team", "smb": false}));
    let path = format!("/group/id/{team}");
    let put = |nas: &mut _, users: Value| call(nas, "PUT", &path, &json!({"users": users}));

    assert_eq!(put(&mut nas, json!([alice, bob])), (200, json!(team)));
    assert_eq!(get(&mut nas, &path)["users"], json!([alice, bob]));
    assert_eq!(
        get(&mut nas, &format!("/user/id/{bob}"))["groups"],
        json!([team])
    );
    put(&mut nas, json!([bob]));
    assert_eq!(
        get(&mut nas, &format!("/user/id/{alice}"))["groups"],
        json!([])
    );
    let unknown = put(&mut nas, json!([alice, 9999]));
    assert_eq!(refused(unknown), complaint("group_update.users", 22));
    assert_eq!(get(&mut nas, &path)["users"], json!([bob]));

    call(&mut nas, "DELETE", &format!("/user/id/{bob}"), &Value::Null);
    assert_eq!(get(&mut nas, &path)["users"], json!([]));
}

#[test]
fn primary_members_show_and_cannot_be_dropped() {
    for (release, status) in [(SCALE, 422), (CORE, 200)] {
        let mut nas = install(release);
        let alice = create(&mut nas, &person("alice", &json!({})));
        let group = get(&mut nas, "/group?group=alice")[0].clone();
        assert_eq!(group["users"], json!([alice]));
        let path = format!("/group/id/{}", group["id"]);
        assert_eq!(
            call(&mut nas, "PUT", &path, &json!({"users": []})).0,
            status
        );
        assert_eq!(get(&mut nas, &path)["users"], json!([alice]));
    }
}

#[test]
fn a_gid_is_fixed_from_25_04_on() {
    let mut nas = install(SCALE);
    let id = create_group(&mut nas, &json!({"name": "team"}));
    assert_eq!(
        call(
            &mut nas,
            "PUT",
            &format!("/group/id/{id}"),
            &json!({"gid": 8888})
        )
        .0,
        200
    );
    assert_eq!(get(&mut nas, &format!("/group/id/{id}"))["gid"], 8888);
    let mut nas = install(GOLDEYE);
    let id = create_group(&mut nas, &json!({"name": "team"}));
    let reply = call(
        &mut nas,
        "PUT",
        &format!("/group/id/{id}"),
        &json!({"gid": 8888}),
    );
    assert_eq!(refused(reply), complaint("group_update.gid", 22));
}

#[test]
fn deleting_a_group_moves_its_primary_users() {
    let mut nas = install(SCALE);
    let alice = create(&mut nas, &person("alice", &json!({})));
    let id = get(&mut nas, "/group?group=alice")[0]["id"].clone();
    assert_eq!(
        call(&mut nas, "DELETE", &format!("/group/id/{id}"), &Value::Null),
        (200, id)
    );
    let user = get(&mut nas, &format!("/user/id/{alice}"));
    assert_eq!(user["group"]["bsdgrp_group"], "nogroup");

    let (status, reply) = call(&mut nas, "DELETE", "/group/id/1", &Value::Null);
    assert_eq!((status, &reply["errno"]), (422, &json!(13)));
    let reply = call(&mut nas, "DELETE", "/group/id/99999", &Value::Null);
    assert_eq!(refused(reply), complaint("null", 2));
}

#[test]
fn administrators_get_their_role_from_a_group() {
    let mut nas = install(GOLDEYE);
    let alice = create(&mut nas, &person("alice", &json!({})));
    let admins = get(&mut nas, "/group?gid=544")[0].clone();
    let mut users = admins["users"].as_array().unwrap().clone();
    users.push(json!(alice));
    call(
        &mut nas,
        "PUT",
        &format!("/group/id/{}", admins["id"]),
        &json!({"users": users}),
    );
    assert_eq!(
        get(&mut nas, &format!("/user/id/{alice}"))["roles"],
        json!(["FULL_ADMIN"])
    );
}
