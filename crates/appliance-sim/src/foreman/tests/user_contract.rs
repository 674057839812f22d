use serde_json::{Value, json};

use super::{MIDDLE, NEW, OLD, call, create, get, install, put, refused, try_create};

#[test]
fn create_show_update_and_delete_have_their_own_shapes() {
    let mut foreman = install(NEW);
    let user = create(
        &mut foreman,
        "Alice",
        &json!({"firstname": "Al", "lastname": "Ice", "mail": "a@example.com"}),
    );
    assert_eq!(
        (&user["mail_enabled"], &user["disabled"]),
        (&json!(false), &json!(false))
    );
    assert_eq!(user["auth_source_internal"]["id"], 1);
    assert_eq!(user["organizations"][0]["title"], "Default Organization");
    assert_eq!(user["created_at"], "2023-11-14 22:13:20 UTC");
    let path = format!("/users/{}", user["id"]);
    assert_eq!(get(&mut foreman, &path), user);

    let (status, deleted) = call(&mut foreman, "DELETE", &path, &Value::Null);
    assert_eq!(status, 200);
    assert!(
        deleted["password_hash"]
            .as_str()
            .unwrap()
            .starts_with("$2a$")
    );
    assert_eq!(deleted["created_at"], "2023-11-14T22:13:20.000Z");
    assert_eq!(
        (&deleted["lower_login"], &deleted["name"]),
        (&json!("alice"), &json!("Al Ice"))
    );
    let id = &user["id"];
    let gone = json!({"error": {"message": format!("Resource user not found by id '{id}'")}});
    assert_eq!(
        call(&mut foreman, "DELETE", &path, &Value::Null),
        (404, gone)
    );
}

#[test]
fn a_user_is_found_by_id_by_id_and_more_and_by_login_as_typed() {
    let mut foreman = install(NEW);
    let id = create(&mut foreman, "Alice", &json!({}))["id"].clone();
    for path in [
        format!("/users/{id}"),
        format!("/users/{id}-foo"),
        "/users/Alice".into(),
    ] {
        assert_eq!(get(&mut foreman, &path)["id"], id, "{path}");
    }
    assert_eq!(
        call(&mut foreman, "GET", "/users/alice", &Value::Null).0,
        404
    );
    let digits = create(&mut foreman, "12345", &json!({}))["id"].clone();
    assert_eq!(get(&mut foreman, "/users/12345")["id"], digits);
    // The system's own accounts take the first ids and are for nobody to see.
    assert_eq!(call(&mut foreman, "GET", "/users/1", &Value::Null).0, 404);
}

#[test]
fn what_is_missing_is_complained_about_by_field() {
    let mut foreman = install(NEW);
    for body in [json!({}), json!({"user": {}}), json!([1])] {
        assert_eq!(
            refused(call(&mut foreman, "POST", "/users", &body)),
            ["login", "auth_source_id"]
        );
    }
    let reply = try_create(&mut foreman, "t1", &json!({"password": null}));
    assert_eq!(
        reply.1["error"]["full_messages"],
        json!(["Password hash can't be blank"])
    );
    assert_eq!(reply.1["error"]["id"], json!(null));
    assert_eq!(refused(reply), ["password_hash"]);
    assert_eq!(
        refused(try_create(
            &mut foreman,
            "t1",
            &json!({"auth_source_id": 2})
        )),
        ["auth_source"]
    );
    assert_eq!(
        try_create(&mut foreman, "t1", &json!({"auth_source_id": 99})).0,
        500
    );
    assert_eq!(
        call(&mut foreman, "POST", "/users", &json!({"user": "x"})).0,
        500
    );
}

#[test]
fn logins_are_unique_whatever_their_case_and_share_names_with_groups() {
    let mut foreman = install(NEW);
    let id = create(&mut foreman, "Alice", &json!({}))["id"].clone();
    assert_eq!(
        refused(try_create(&mut foreman, "aLICE", &json!({}))),
        ["login"]
    );
    call(
        &mut foreman,
        "POST",
        "/usergroups",
        &json!({"usergroup": {"name": "team"}}),
    );
    assert_eq!(
        refused(try_create(&mut foreman, "team", &json!({}))),
        ["base"]
    );
    let reply = call(
        &mut foreman,
        "POST",
        "/usergroups",
        &json!({"usergroup": {"name": "Alice"}}),
    );
    assert_eq!(refused(reply), ["name"]);
    assert_eq!(put(&mut foreman, &id, json!({"login": "ALICE"})).0, 200);
    create(&mut foreman, "bob", &json!({}));
    assert_eq!(
        refused(put(&mut foreman, &id, json!({"login": "BOB"}))),
        ["login"]
    );
}

#[test]
fn logins_names_and_mails_have_their_letters() {
    let mut foreman = install(NEW);
    for (login, accepted) in [
        ("a@b", true),
        ("a\\b", true),
        ("a+b", true),
        ("a#b", true),
        ("a$b", true),
        ("üser", true),
        (".json", true),
        ("a b", false),
        ("a/b", false),
        ("a!b", false),
        ("a,b", false),
        ("", false),
        ("current_user", false),
    ] {
        assert_eq!(
            try_create(&mut foreman, login, &json!({})).0 == 201,
            accepted,
            "{login}"
        );
    }
    assert_eq!(
        try_create(&mut foreman, &"a".repeat(101), &json!({})).0,
        422
    );
    let id = create(&mut foreman, "alice", &json!({}))["id"].clone();
    for (name, accepted) in [
        ("O'N", true),
        ("A;B", true),
        ("Ünï", true),
        ("", true),
        ("A!", false),
        ("A&B", false),
    ] {
        assert_eq!(
            put(&mut foreman, &id, json!({"firstname": name})).0 == 200,
            accepted,
            "{name}"
        );
    }
    assert_eq!(
        put(&mut foreman, &id, json!({"lastname": "x".repeat(51)})).0,
        422
    );
    for (mail, accepted) in [
        ("a@b", true),
        ("ü@x.de", true),
        ("nope", false),
        ("a b@c.de", false),
    ] {
        assert_eq!(
            put(&mut foreman, &id, json!({"mail": mail})).0 == 200,
            accepted,
            "{mail}"
        );
    }
    for (field, value, accepted) in [
        ("locale", "xx", true),
        ("locale", "sv-SE", true),
        ("locale", "english", false),
        ("timezone", "Stockholm", true),
        ("timezone", "Europe/Stockholm", true),
        ("timezone", "Mars", false),
    ] {
        assert_eq!(
            put(&mut foreman, &id, json!({field: value})).0 == 200,
            accepted,
            "{value}"
        );
    }
}

#[test]
fn a_mail_is_asked_for_by_updates_while_mails_are_on() {
    let mut foreman = install(NEW);
    let id = create(&mut foreman, "bob", &json!({}))["id"].clone();
    assert_eq!(put(&mut foreman, &id, json!({"firstname": "Bob"})).0, 200);
    assert_eq!(
        refused(put(&mut foreman, &id, json!({"mail_enabled": true}))),
        ["mail"]
    );
    // Before 3.4 mails were on by default, so that nearly every update of such a user fails.
    let mut foreman = install(MIDDLE);
    let id = create(&mut foreman, "bob", &json!({}))["id"].clone();
    assert_eq!(
        refused(put(&mut foreman, &id, json!({"firstname": "Bob"}))),
        ["mail"]
    );
    assert_eq!(
        put(
            &mut foreman,
            &id,
            json!({"firstname": "Bob", "mail_enabled": false})
        )
        .0,
        200
    );
}

#[test]
fn disabling_exists_from_2_2_on() {
    for (release, kept) in [
        (NEW, json!(true)),
        (MIDDLE, json!(true)),
        (OLD, Value::Null),
    ] {
        let mut foreman = install(release);
        let id = create(&mut foreman, "bob", &json!({"mail": "b@x.de"}))["id"].clone();
        let (status, reply) = put(&mut foreman, &id, json!({"disabled": true}));
        assert_eq!((status, &reply["disabled"]), (200, &kept), "{release}");
    }
}

#[test]
fn roles_are_replaced_and_null_leaves_them() {
    let mut foreman = install(NEW);
    let id = create(&mut foreman, "bob", &json!({}))["id"].clone();
    let mut roles = |changes: Value| {
        let (status, reply) = put(&mut foreman, &id, changes);
        assert_eq!(status, 200, "{reply}");
        let roles = reply["roles"].as_array().unwrap();
        roles
            .iter()
            .map(|role| role["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(roles(json!({"role_ids": [8, 2]})), ["Manager", "Viewer"]);
    assert_eq!(roles(json!({"role_ids": null})), ["Manager", "Viewer"]);
    assert_eq!(roles(json!({"role_ids": ["8"]})), ["Viewer"]);
    assert_eq!(
        roles(json!({"role_ids": [1]})),
        Vec::<String>::new(),
        "the default role is hidden"
    );
    assert_eq!(roles(json!({"role_names": ["Viewer"]})), ["Viewer"]);
    assert_eq!(roles(json!({"roles": [{"id": 2}]})), ["Manager"]);
    assert_eq!(roles(json!({"role_ids": []})), Vec::<String>::new());
    let (status, reply) = put(&mut foreman, &id, json!({"role_ids": [9999]}));
    assert_eq!(
        (status, reply),
        (
            422,
            json!({"error": {"message": "Couldn't find Role with 'id'=9999"}})
        )
    );
    let mut old = install(OLD);
    let id = create(&mut old, "bob", &json!({"mail": "b@x.de"}))["id"].clone();
    assert_eq!(put(&mut old, &id, json!({"role_ids": [9999]})).0, 404);
}

#[test]
fn unknown_keys_are_dropped_and_types_are_bent() {
    let mut foreman = install(NEW);
    let user = create(
        &mut foreman,
        "bob",
        &json!({"id": 77, "usergroup_ids": [1], "foo": "x"}),
    );
    assert_ne!(user["id"], 77);
    let id = &user["id"];
    assert_eq!(
        put(&mut foreman, id, json!({"disabled": "True"})).1["disabled"],
        true
    );
    assert_eq!(
        put(&mut foreman, id, json!({"disabled": "false"})).1["disabled"],
        false
    );
    assert_eq!(
        call(&mut foreman, "PUT", &format!("/users/{id}"), &json!({})).0,
        200
    );
    let flat = json!({"login": 123, "auth_source_name": "Internal", "password": "x"});
    let (status, reply) = call(&mut foreman, "POST", "/users", &flat);
    assert_eq!((status, &reply["login"]), (201, &json!("123")));
}

#[test]
fn external_users_keep_their_login_and_have_no_password() {
    let mut foreman = install(NEW);
    let external = json!({"auth_source_id": 3, "password": null});
    let user = create(&mut foreman, "ext1", &external);
    assert_eq!(user["auth_source_external"]["id"], 3);
    assert_eq!(
        put(&mut foreman, &user["id"], json!({"password": "zzz"})).0,
        200
    );
    assert_eq!(
        refused(put(&mut foreman, &user["id"], json!({"login": "ext2"}))),
        ["login"]
    );
}

#[test]
fn one_cannot_do_everything_to_oneself() {
    let mut foreman = install(NEW);
    let own = json!(4);
    assert_eq!(
        refused(put(&mut foreman, &own, json!({"disabled": true}))),
        ["disabled"]
    );
    assert_eq!(
        refused(put(&mut foreman, &own, json!({"admin": false}))),
        ["admin"]
    );
    assert_eq!(
        refused(put(&mut foreman, &own, json!({"password": "y"}))),
        ["current_password"]
    );
    let (status, reply) = call(&mut foreman, "DELETE", "/users/4", &Value::Null);
    assert_eq!(
        (status, &reply["error"]["missing_permissions"]),
        (403, &json!(null))
    );
    // A second administrator counts, even a disabled one.
    create(
        &mut foreman,
        "second",
        &json!({"admin": true, "disabled": true}),
    );
    assert_eq!(put(&mut foreman, &own, json!({"admin": false})).0, 200);
}

#[test]
fn who_owns_a_host_cannot_be_deleted() {
    let mut foreman = install(NEW);
    let id = create(&mut foreman, "owner", &json!({}))["id"].clone();
    let host = json!({"host": {"name": "h1.example.com", "owner_id": id}});
    let (_, host) = call(&mut foreman, "POST", "/hosts", &host);
    let reply = call(
        &mut foreman,
        "DELETE",
        &format!("/users/{id}"),
        &Value::Null,
    );
    assert_eq!(
        reply.1["error"]["errors"]["base"],
        json!(["owner is used by h1.example.com"])
    );
    assert_eq!(refused(reply), ["base"]);
    call(
        &mut foreman,
        "DELETE",
        &format!("/hosts/{}", host["id"]),
        &Value::Null,
    );
    assert_eq!(
        call(
            &mut foreman,
            "DELETE",
            &format!("/users/{id}"),
            &Value::Null
        )
        .0,
        200
    );
}

#[test]
fn ssh_keys_are_rows_of_their_own() {
    let mut foreman = install(NEW);
    let id = create(&mut foreman, "bob", &json!({}))["id"].clone();
    let path = format!("/users/{id}/ssh_keys");
    let body = json!({"ssh_key": {"name": "laptop", "key": "ssh-ed25519 AAAA bob"}});
    let (status, key) = call(&mut foreman, "POST", &path, &body);
    assert_eq!(status, 201);
    assert_eq!(get(&mut foreman, &path)["results"][0]["name"], "laptop");
    assert_eq!(
        get(&mut foreman, &format!("/users/{id}"))["ssh_keys"][0]["id"],
        key["id"]
    );
    let nonsense = json!({"ssh_key": {"name": "x", "key": "nonsense"}});
    assert_eq!(
        refused(call(&mut foreman, "POST", &path, &nonsense)),
        ["key"]
    );
    assert_eq!(
        call(
            &mut foreman,
            "DELETE",
            &format!("{path}/{}", key["id"]),
            &Value::Null
        )
        .0,
        200
    );
    assert_eq!(get(&mut foreman, &path)["total"], 0);
}

#[test]
fn organizations_and_locations_are_replaced_and_must_exist() {
    let mut foreman = install(NEW);
    let id = create(&mut foreman, "bob", &json!({}))["id"].clone();
    let (_, reply) = put(
        &mut foreman,
        &id,
        json!({"location_ids": [], "organization_ids": []}),
    );
    assert_eq!(
        (&reply["locations"], &reply["organizations"]),
        (&json!([]), &json!([]))
    );
    let reply = put(&mut foreman, &id, json!({"default_location_id": 2}));
    assert_eq!(refused(reply), ["default_location"]);
    let (status, reply) = put(&mut foreman, &id, json!({"location_ids": [999]}));
    assert_eq!(status, 422);
    assert!(
        reply["error"]["message"]
            .as_str()
            .unwrap()
            .contains("Taxonomy")
    );
}
