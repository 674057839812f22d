use serde_json::{Value, json};

use super::{NEW, call, create, get, install, put, refused};
use crate::foreman::Foreman;

fn create_group(foreman: &mut Foreman, fields: &Value) -> Value {
    let (status, reply) = call(
        foreman,
        "POST",
        "/usergroups",
        &json!({"usergroup": fields}),
    );
    assert_eq!(status, 201, "{reply}");
    reply
}

fn put_group(foreman: &mut Foreman, id: &Value, fields: Value) -> (u16, Value) {
    call(
        foreman,
        "PUT",
        &format!("/usergroups/{id}"),
        &json!({"usergroup": fields}),
    )
}

#[test]
fn members_are_replaced_and_show_on_the_user() {
    let mut foreman = install(NEW);
    let alice = create(&mut foreman, "alice", &json!({}))["id"].clone();
    let bob = create(&mut foreman, "bob", &json!({}))["id"].clone();
    let team = create_group(
        &mut foreman,
        &json!({"name": "team", "user_ids": [alice, bob], "role_ids": [8]}),
    );
    assert_eq!(team["users"][0]["login"], "alice");
    assert_eq!(team["roles"][0]["name"], "Viewer");
    let id = &team["id"];
    let entry = get(&mut foreman, "/usergroups")["results"][0].clone();
    assert_eq!(
        entry.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["admin", "created_at", "updated_at", "name", "id"]
    );

    let (_, reply) = put_group(&mut foreman, id, json!({"user_ids": [bob]}));
    assert_eq!(reply["users"].as_array().unwrap().len(), 1);
    assert_eq!(
        get(&mut foreman, &format!("/users/{alice}"))["usergroups"],
        json!([])
    );
    assert_eq!(
        get(&mut foreman, &format!("/users/{bob}"))["usergroups"][0]["name"],
        "team"
    );
    assert_eq!(
        get(&mut foreman, &format!("/usergroups/{id}/users"))["total"],
        1
    );
    let (_, reply) = put_group(&mut foreman, id, json!({"user_ids": []}));
    assert_eq!(reply["users"], json!([]));
}

#[test]
fn an_unknown_member_is_reported_as_an_unknown_group() {
    let mut foreman = install(NEW);
    let body = json!({"usergroup": {"name": "team", "user_ids": [9999]}});
    let (status, reply) = call(&mut foreman, "POST", "/usergroups", &body);
    assert_eq!(status, 404);
    assert_eq!(
        reply["error"]["message"],
        "Resource usergroup not found by id ''"
    );
    let id = create_group(&mut foreman, &json!({"name": "team"}))["id"].clone();
    let (status, reply) = put_group(&mut foreman, &id, json!({"user_ids": [9999]}));
    assert_eq!(status, 404);
    assert_eq!(
        reply["error"]["message"],
        format!("Resource usergroup not found by id '{id}'")
    );
    assert_eq!(
        put_group(&mut foreman, &id, json!({"role_ids": [9999]})).0,
        422
    );
}

#[test]
fn names_are_unique_as_typed() {
    let mut foreman = install(NEW);
    let id = create_group(&mut foreman, &json!({"name": "team"}))["id"].clone();
    create_group(&mut foreman, &json!({"name": "TEAM"}));
    for name in ["team", ""] {
        let reply = call(
            &mut foreman,
            "POST",
            "/usergroups",
            &json!({"usergroup": {"name": name}}),
        );
        assert_eq!(refused(reply), ["name"]);
    }
    assert_eq!(put_group(&mut foreman, &id, json!({"name": "crew"})).0, 200);
    assert_eq!(get(&mut foreman, "/usergroups/crew")["id"], id);
}

#[test]
fn groups_nest_without_cycles_and_hand_down_their_rights() {
    let mut foreman = install(NEW);
    let alice = create(&mut foreman, "alice", &json!({}))["id"].clone();
    let team =
        create_group(&mut foreman, &json!({"name": "team", "user_ids": [alice]}))["id"].clone();
    let parent = create_group(
        &mut foreman,
        &json!({"name": "parent", "usergroup_ids": [team], "admin": true}),
    );
    assert_eq!(parent["usergroups"][0]["name"], "team");
    assert_eq!(
        refused(put_group(
            &mut foreman,
            &team,
            json!({"usergroup_ids": [team]})
        )),
        ["usergroups"]
    );
    assert_eq!(
        refused(put_group(
            &mut foreman,
            &team,
            json!({"usergroup_ids": [parent["id"]]})
        )),
        ["usergroups"]
    );

    let user = get(&mut foreman, &format!("/users/{alice}"));
    assert_eq!(
        (&user["admin"], &user["effective_admin"]),
        (&json!(false), &json!(true))
    );
    let names = |list: &Value| {
        list.as_array()
            .unwrap()
            .iter()
            .map(|group| group["name"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&user["usergroups"]), [json!("team")]);
    assert_eq!(
        names(&user["cached_usergroups"]),
        [json!("parent"), json!("team")]
    );
    assert_eq!(
        get(&mut foreman, "/users?search=usergroup%3Dparent")["subtotal"],
        1
    );
}

#[test]
fn the_group_that_makes_the_last_administrator_stays() {
    let mut foreman = install(NEW);
    let group = create_group(
        &mut foreman,
        &json!({"name": "admins", "admin": true, "user_ids": [4]}),
    );
    assert_eq!(put(&mut foreman, &json!(4), json!({"admin": false})).0, 422);
    let alice = create(&mut foreman, "alice", &json!({}))["id"].clone();
    put_group(&mut foreman, &group["id"], json!({"user_ids": [4, alice]}));
    assert_eq!(put(&mut foreman, &json!(4), json!({"admin": false})).0, 200);
    let path = format!("/usergroups/{}", group["id"]);
    assert_eq!(
        refused(call(&mut foreman, "DELETE", &path, &Value::Null)),
        ["base"]
    );
}

#[test]
fn a_deleted_group_leaves_its_members() {
    let mut foreman = install(NEW);
    let alice = create(&mut foreman, "alice", &json!({}))["id"].clone();
    let id =
        create_group(&mut foreman, &json!({"name": "team", "user_ids": [alice]}))["id"].clone();
    let path = format!("/usergroups/{id}");
    let (status, reply) = call(&mut foreman, "DELETE", &path, &Value::Null);
    assert_eq!(
        (status, &reply["created_at"]),
        (200, &json!("2023-11-14T22:13:20.000Z"))
    );
    assert_eq!(call(&mut foreman, "DELETE", &path, &Value::Null).0, 404);
    assert_eq!(
        get(&mut foreman, &format!("/users/{alice}"))["usergroups"],
        json!([])
    );
}
