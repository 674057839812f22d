use serde_json::{Value, json};

use super::{
    CORE, FANGTOOTH, GOLDEYE, SCALE, call, complaint, create, get, install, person, refused,
};

#[test]
fn a_create_answers_with_the_row_id_or_with_the_user_and_its_password() {
    for release in [CORE, SCALE] {
        let (status, reply) = call(
            &mut install(release),
            "POST",
            "/user/",
            &person("alice", &json!({})),
        );
        assert_eq!(status, 200);
        assert!(reply.is_i64(), "{reply}");
    }
    let mut nas = install(GOLDEYE);
    let (status, reply) = call(&mut nas, "POST", "/user", &person("alice", &json!({})));
    assert_eq!((status, &reply["password"]), (200, &json!("x")));
    assert_eq!(
        reply["last_password_change"],
        json!({"$date": 1_700_000_000_000_i64})
    );
    let (_, read) = call(
        &mut nas,
        "GET",
        &format!("/user/id/{}", reply["id"]),
        &Value::Null,
    );
    assert!(read.get("password").is_none());
}

#[test]
fn a_new_user_gets_numbers_and_a_group_of_its_name() {
    let mut nas = install(SCALE);
    let id = create(&mut nas, &person("alice", &json!({})));
    let user = get(&mut nas, &format!("/user/id/{id}"));
    assert_eq!(user["uid"], 3000);
    assert_eq!(user["group"]["bsdgrp_group"], "alice");
    assert_eq!(user["home"], "/var/empty");
    assert_eq!(user["shell"], "/usr/bin/zsh");
    assert_eq!(user["groups"], json!([]));
    assert!(
        user["smbhash"]
            .as_str()
            .unwrap()
            .starts_with("alice:3000:XXXX")
    );

    let mut nas = install(CORE);
    let id = create(&mut nas, &person("alice", &json!({})));
    let user = get(&mut nas, &format!("/user/id/{id}"));
    assert_eq!(
        (&user["uid"], &user["shell"]),
        (&json!(1000), &json!("/bin/csh"))
    );
    assert_eq!(user["sudo"], json!(false));
}

#[test]
fn names_of_the_v1_api_are_unknown() {
    let seed = json!({"bsdusr_uid": "1100", "bsdusr_username": "myuser"});
    let keys = refused(call(&mut install(SCALE), "POST", "/user", &seed));
    let keys: Vec<&str> = keys.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "user_create.username",
            "user_create.full_name",
            "user_create.bsdusr_uid",
            "user_create.bsdusr_username",
        ]
    );
    // CORE stops at the first, and leaves the prefix out.
    let keys = refused(call(&mut install(CORE), "POST", "/user", &seed));
    assert_eq!(keys, complaint("bsdusr_uid", 22));
}

#[test]
fn a_taken_name_is_told_by_its_error_number_and_letter_case_counts() {
    for release in [CORE, SCALE, FANGTOOTH, GOLDEYE] {
        let mut nas = install(release);
        create(&mut nas, &person("alice", &json!({})));
        let again = call(&mut nas, "POST", "/user", &person("alice", &json!({})));
        assert_eq!(
            refused(again),
            complaint("user_create.username", 17),
            "{release}"
        );
        create(&mut nas, &person("ALICE", &json!({})));
    }
}

#[test]
fn smb_names_clash_whatever_their_case() {
    let mut nas = install(SCALE);
    create(&mut nas, &person("alice", &json!({"smb": true})));
    let other = call(
        &mut nas,
        "POST",
        "/user",
        &person("Alice", &json!({"smb": true})),
    );
    assert_eq!(refused(other), complaint("user_create.smb", 17));
    create(&mut nas, &person("Alice", &json!({})));
}

#[test]
fn smb_is_the_default_and_joins_builtin_users_until_a_list_leaves_it_out() {
    let mut nas = install(SCALE);
    let mut body = person("bob", &json!({}));
    body.as_object_mut().unwrap().remove("smb");
    let id = create(&mut nas, &body);
    let group = get(&mut nas, "/group?gid=545")[0]["id"].clone();
    let path = format!("/user/id/{id}");
    assert_eq!(get(&mut nas, &path)["groups"], json!([group]));
    call(&mut nas, "PUT", &path, &json!({"groups": []}));
    assert_eq!(get(&mut nas, &path)["groups"], json!([]));

    let disabled = json!({"smb": true, "password_disabled": true, "password": null});
    let reply = call(&mut nas, "POST", "/user", &person("eve", &disabled));
    assert_eq!(
        refused(reply),
        complaint("user_create.password_disabled", 22)
    );
    let plain = create(&mut nas, &person("dora", &json!({})));
    let path = format!("/user/id/{plain}");
    let reply = call(&mut nas, "PUT", &path, &json!({"smb": true}));
    assert_eq!(refused(reply), complaint("user_update.smb", 22));
    assert_eq!(
        call(
            &mut nas,
            "PUT",
            &path,
            &json!({"smb": true, "password": "y"})
        )
        .0,
        200
    );
}

#[test]
fn user_names_follow_the_rules_of_the_family() {
    let accepted = |release: &str, name: &str| {
        let (status, _) = call(
            &mut install(release),
            "POST",
            "/user",
            &person(name, &json!({})),
        );
        status == 200
    };
    let long = "a".repeat(33);
    for (name, core, electric_eel, goldeye) in [
        ("1abc", true, true, false),
        ("-abc", false, false, false),
        ("a b", false, false, false),
        ("a@b", false, false, false),
        ("ab$", true, true, false),
        ("a$b", false, false, false),
        ("aaaaaaaaaaaaaaaaa", false, true, true),
        (&long, false, true, false),
        ("", true, false, false),
        ("üser", false, false, false),
        (".a", true, true, false),
        ("a.b", true, true, true),
        ("a\\b", false, false, false),
    ] {
        assert_eq!(accepted(CORE, name), core, "CORE {name}");
        assert_eq!(accepted(SCALE, name), electric_eel, "24.10 {name}");
        assert_eq!(accepted(GOLDEYE, name), goldeye, "25.10 {name}");
    }
    let keys = refused(call(
        &mut install(SCALE),
        "POST",
        "/user",
        &person("a b", &json!({})),
    ));
    assert_eq!(keys.len(), 2, "24.10 answers for both halves of its union");
    assert!(
        keys[0]
            .0
            .starts_with("user_create.username.function-after[validate_local_username()")
    );
}

#[test]
fn mail_addresses_are_checked_strictly_from_24_10_on() {
    for (mail, accepted) in [
        ("a@example.com", true),
        ("a@corp.local", false),
        ("", false),
        ("nope", false),
    ] {
        let reply = call(
            &mut install(SCALE),
            "POST",
            "/user",
            &person("em", &json!({"email": mail})),
        );
        assert_eq!(reply.0 == 200, accepted, "{mail}");
        if !accepted {
            assert_eq!(refused(reply), complaint("user_create.email", 22));
        }
    }
    assert_eq!(
        call(
            &mut install(SCALE),
            "POST",
            "/user",
            &person("em", &json!({"email": null}))
        )
        .0,
        200
    );
    assert_eq!(
        call(
            &mut install(CORE),
            "POST",
            "/user",
            &person("em", &json!({"email": "a@corp.local"}))
        )
        .0,
        200
    );
}

#[test]
fn passwords_are_required_coupled_and_wiped() {
    let mut nas = install(SCALE);
    let mut without = person("carl", &json!({}));
    without.as_object_mut().unwrap().remove("password");
    assert_eq!(
        refused(call(&mut nas, "POST", "/user", &without)),
        complaint("user_create.password", 22)
    );
    let both = person("carl", &json!({"password_disabled": true}));
    assert_eq!(
        refused(call(&mut nas, "POST", "/user", &both)),
        complaint("user_create.password_disabled", 22)
    );

    let id = create(&mut nas, &person("alice", &json!({"password": "a?b"})));
    let path = format!("/user/id/{id}");
    assert_eq!(
        call(&mut nas, "PUT", &path, &json!({"password": null})).0,
        200
    );
    assert_eq!(get(&mut nas, &path)["unixhash"], "*");

    let mut core = install(CORE);
    let question = person("bob", &json!({"password": "a?b"}));
    assert_eq!(
        refused(call(&mut core, "POST", "/user", &question)),
        complaint("user_create.password", 22)
    );
    let id = create(&mut core, &person("bob", &json!({})));
    let reply = call(
        &mut core,
        "PUT",
        &format!("/user/id/{id}"),
        &json!({"password": null}),
    );
    assert_eq!(refused(reply), complaint("password", 22));
}

#[test]
fn an_empty_password_is_committed_before_25_04_finds_fault_with_it() {
    let empty = person("dora", &json!({"password": "", "password_disabled": true}));
    let mut nas = install(FANGTOOTH);
    assert_eq!(call(&mut nas, "POST", "/user", &empty).0, 500);
    assert_eq!(
        get(&mut nas, "/user?username=dora")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let mut nas = install(GOLDEYE);
    assert_eq!(
        refused(call(&mut nas, "POST", "/user", &empty)),
        complaint("user_create.password", 22)
    );
    assert_eq!(get(&mut nas, "/user?username=dora"), json!([]));
}

#[test]
fn a_random_password_comes_back_once() {
    let mut nas = install(GOLDEYE);
    let mut body = person("alice", &json!({"random_password": true}));
    body.as_object_mut().unwrap().remove("password");
    let (status, reply) = call(&mut nas, "POST", "/user", &body);
    assert_eq!(status, 200);
    assert!(reply["password"].as_str().unwrap().len() >= 12);
    let both = person("bob", &json!({"random_password": true}));
    assert_eq!(
        refused(call(&mut nas, "POST", "/user", &both)),
        complaint("user_create.random_password", 22)
    );
}

#[test]
fn a_failed_create_can_leave_its_primary_group_and_a_retry_takes_it() {
    let mut nas = install(CORE);
    let (status, reply) = call(
        &mut nas,
        "POST",
        "/user",
        &person("carl", &json!({"groups": [9999]})),
    );
    assert_eq!((status, &reply["errno"]), (422, &json!(2)));
    let orphan = get(&mut nas, "/group?group=carl")[0]["id"].clone();
    assert!(orphan.is_i64());
    let id = create(&mut nas, &person("carl", &json!({})));
    assert_eq!(
        get(&mut nas, &format!("/user/id/{id}"))["group"]["id"],
        orphan
    );

    let mut nas = install(SCALE);
    let reply = call(
        &mut nas,
        "POST",
        "/user",
        &person("carl", &json!({"groups": [9999]})),
    );
    assert_eq!(refused(reply), complaint("user_create.groups.0", 22));
    assert_eq!(get(&mut nas, "/group?group=carl"), json!([]));
}

#[test]
fn an_unknown_primary_group_is_answered_in_three_ways() {
    let mut nas = install(SCALE);
    let named = json!({"group": 9999, "group_create": false});
    let (status, reply) = call(&mut nas, "POST", "/user", &person("carl", &named));
    assert_eq!((status, &reply["errno"]), (422, &json!(14)));
    let id = create(&mut nas, &person("alice", &json!({})));
    let (status, reply) = call(
        &mut nas,
        "PUT",
        &format!("/user/id/{id}"),
        &json!({"group": 9999}),
    );
    assert_eq!(
        (status, &reply["message"]),
        (500, &json!("list index out of range"))
    );
    let mut nas = install(FANGTOOTH);
    let reply = call(&mut nas, "POST", "/user", &person("carl", &named));
    assert_eq!(refused(reply), complaint("user_create.group", 2));
}

#[test]
fn an_update_changes_what_it_names_and_nothing_else() {
    let mut nas = install(SCALE);
    let id = create(
        &mut nas,
        &person("alice", &json!({"email": "a@example.com"})),
    );
    let path = format!("/user/id/{id}");
    let before = get(&mut nas, &path);
    assert_eq!(call(&mut nas, "PUT", &path, &json!({})), (200, json!(id)));
    assert_eq!(get(&mut nas, &path), before);

    call(
        &mut nas,
        "PUT",
        &path,
        &json!({"username": "alice2", "locked": true}),
    );
    let after = get(&mut nas, &path);
    assert_eq!(
        (&after["username"], &after["locked"]),
        (&json!("alice2"), &json!(true))
    );
    assert_eq!(
        after["group"]["bsdgrp_group"], "alice",
        "the group keeps its name"
    );
    assert_eq!(after["smbhash"], before["smbhash"], "and so does the hash");
    assert_eq!(after["email"], "a@example.com");
    assert_eq!(get(&mut nas, "/user?username=alice"), json!([]));
}

#[test]
fn read_only_keys_are_refused() {
    let mut nas = install(SCALE);
    let id = create(&mut nas, &person("alice", &json!({})));
    let user = get(&mut nas, &format!("/user/id/{id}"));
    let keys = refused(call(&mut nas, "PUT", &format!("/user/id/{id}"), &user));
    assert!(keys.contains(&("user_update.id".into(), 22)), "{keys:?}");
}

#[test]
fn a_uid_is_fixed_from_25_04_on() {
    for (release, status) in [(SCALE, 200), (FANGTOOTH, 422), (GOLDEYE, 422)] {
        let mut nas = install(release);
        let id = create(&mut nas, &person("alice", &json!({})));
        assert_eq!(
            call(
                &mut nas,
                "PUT",
                &format!("/user/id/{id}"),
                &json!({"uid": 7777})
            )
            .0,
            status
        );
    }
    let reply = call(
        &mut install(SCALE),
        "POST",
        "/user",
        &person("a", &json!({"uid": 0})),
    );
    assert_eq!(refused(reply), complaint("user_create.uid", 17));
    assert_eq!(
        call(
            &mut install(CORE),
            "POST",
            "/user",
            &person("a", &json!({"uid": "0"}))
        )
        .0,
        200
    );
}

#[test]
fn homes_lie_in_the_pool() {
    let mut nas = install(SCALE);
    let reply = call(
        &mut nas,
        "POST",
        "/user",
        &person("a", &json!({"home": "/home/a"})),
    );
    assert_eq!(refused(reply), complaint("user_create.home", 22));
    let key = json!({"sshpubkey": "ssh-ed25519 AAAA"});
    let reply = call(&mut nas, "POST", "/user", &person("a", &key));
    assert_eq!(refused(reply), complaint("user_create.sshpubkey", 22));
    let home =
        json!({"home": "/mnt/tank/home", "home_create": true, "sshpubkey": "ssh-ed25519 AAAA"});
    let id = create(&mut nas, &person("a", &home));
    assert_eq!(
        get(&mut nas, &format!("/user/id/{id}"))["home"],
        "/mnt/tank/home/a"
    );
}

#[test]
fn what_came_with_the_system_stays() {
    let mut nas = install(SCALE);
    let reply = call(&mut nas, "PUT", "/user/id/1", &json!({"username": "toor"}));
    assert_eq!(refused(reply), complaint("user_update.username", 22));
    assert_eq!(
        call(
            &mut nas,
            "PUT",
            "/user/id/1",
            &json!({"full_name": "Rooty"})
        )
        .0,
        200
    );
    let (status, reply) = call(&mut nas, "DELETE", "/user/id/2", &Value::Null);
    assert_eq!((status, &reply["errno"]), (422, &json!(22)));
    let (_, reply) = call(&mut install(GOLDEYE), "DELETE", "/user/id/1", &Value::Null);
    assert!(reply["message"].as_str().unwrap().contains("active user"));
}

#[test]
fn somebody_with_full_rights_stays_unlocked_from_25_10_on() {
    let reply = call(
        &mut install(GOLDEYE),
        "PUT",
        "/user/id/1",
        &json!({"locked": true}),
    );
    assert_eq!(refused(reply), complaint("user_update.locked", 22));
}

#[test]
fn a_delete_takes_the_group_along_unless_told_or_used() {
    let mut nas = install(SCALE);
    let alice = create(&mut nas, &person("alice", &json!({})));
    let path = format!("/user/id/{alice}");
    let reply = call(&mut nas, "DELETE", &path, &json!({"x": 1}));
    assert_eq!(refused(reply), complaint("options.x", 22));
    assert_eq!(
        call(&mut nas, "DELETE", &path, &Value::Null),
        (200, json!(alice))
    );
    assert_eq!(get(&mut nas, "/group?group=alice"), json!([]));
    let reply = call(&mut nas, "DELETE", &path, &Value::Null);
    assert_eq!(refused(reply), complaint("null", 2));
    let reply = call(&mut nas, "PUT", &path, &json!({}));
    assert_eq!(refused(reply), complaint("null", 2));

    let bob = create(&mut nas, &person("bob", &json!({})));
    assert!(bob > alice, "row ids are never used again");
    call(
        &mut nas,
        "DELETE",
        &format!("/user/id/{bob}"),
        &json!({"delete_group": false}),
    );
    let group = get(&mut nas, "/group?group=bob")[0]["id"].clone();
    let with_it = json!({"group": group, "group_create": false});
    let carl = create(&mut nas, &person("carl", &with_it));
    create(&mut nas, &person("dora", &with_it));
    call(
        &mut nas,
        "DELETE",
        &format!("/user/id/{carl}"),
        &Value::Null,
    );
    assert_eq!(
        get(&mut nas, "/group?group=bob").as_array().unwrap().len(),
        1
    );
}

#[test]
fn the_next_uid_is_the_lowest_gap() {
    let mut nas = install(SCALE);
    let alice = create(&mut nas, &person("alice", &json!({})));
    create(&mut nas, &person("bob", &json!({})));
    assert_eq!(get(&mut nas, "/user/get_next_uid"), json!(3002));
    call(
        &mut nas,
        "DELETE",
        &format!("/user/id/{alice}"),
        &Value::Null,
    );
    assert_eq!(get(&mut nas, "/user/get_next_uid"), json!(3000));
}

#[test]
fn the_password_file_is_asked_by_name() {
    let mut nas = install(SCALE);
    let (status, root) = call(
        &mut nas,
        "POST",
        "/user/get_user_obj",
        &json!({"username": "root"}),
    );
    assert_eq!((status, &root["pw_uid"]), (200, &json!(0)));
    assert_eq!(
        call(
            &mut nas,
            "POST",
            "/user/get_user_obj",
            &json!({"username": "zz"})
        )
        .0,
        500
    );
    let (status, shells) = call(&mut nas, "POST", "/user/shell_choices", &json!([]));
    assert_eq!((status, &shells["/usr/bin/zsh"]), (200, &json!("zsh")));
}

#[test]
fn a_password_can_be_tried_where_the_api_lets_nobody_in() {
    let mut nas = install(SCALE);
    let id = create(&mut nas, &person("alice", &json!({"password": "first"})));
    let mut matches = |password: &str, change: Value| {
        call(&mut nas, "PUT", &format!("/user/id/{id}"), &change);
        let body = json!({"username": "alice", "password": password});
        call(&mut nas, "POST", "/_sim/password", &body).1["matches"].clone()
    };
    assert_eq!(matches("first", json!({})), true);
    assert_eq!(matches("first", json!({"password": "second"})), false);
    assert_eq!(matches("second", json!({"locked": true})), false);
    assert_eq!(matches("second", json!({"locked": false})), true);
    assert_eq!(matches("second", json!({"password_disabled": true})), false);
    let back = matches("second", json!({"password_disabled": false}));
    assert_eq!(back, true, "disabling a password does not destroy it");
}
