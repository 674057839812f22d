use serde_json::{Map, Value, json};

use super::super::exchange::Answer;
use super::super::listing::Cursor;
use super::super::membership::Membership;
use super::super::profile::Profile;
use super::{Address, Disobeyed, ObjectProfile};
use crate::scim::ResourceKind;

const AT: Address<'static> = Address {
    id: "7",
    key: "jane",
};

const TEAM: Address<'static> = Address {
    id: "3",
    key: "staff",
};

fn object(vendor: &str, kind: ResourceKind) -> ObjectProfile {
    let text = Profile::builtin(vendor).unwrap();
    Profile::compile(vendor, text, &toml::Table::new())
        .unwrap()
        .object(kind)
        .unwrap()
        .clone()
}

fn answer(body: Value) -> Answer {
    Answer {
        status: 200,
        code: None,
        headers: Vec::new(),
        size: 1,
        body: Some(body),
        unreadable: false,
    }
}

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

#[test]
fn capabilities_follow_from_the_profile() {
    for (vendor, rename, fallback) in [
        ("truenas", true, false),
        ("fortiauthenticator", false, false),
        ("nimble", true, false),
        ("foreman", true, true),
    ] {
        let user = object(vendor, ResourceKind::User);
        assert!(user.can_disable() && user.can_delete(), "{vendor}");
        assert_eq!(user.can_rename(), rename, "{vendor}");
        assert_eq!(user.rename_request(AT, "x").unwrap().is_some(), rename);
        assert_eq!(user.delete_falls_back_to_disable(), fallback, "{vendor}");
    }
    let group = object("truenas", ResourceKind::Group);
    assert!(!group.can_disable());
    assert_eq!(group.disable_request(AT).unwrap(), None);
}

#[test]
fn keys_are_compared_as_the_vendor_does_and_protected_in_any_case() {
    let foreman = object("foreman", ResourceKind::User);
    assert_eq!(foreman.fold_key("Jane"), foreman.fold_key("jANE"));
    assert_eq!(
        foreman.namespace(),
        object("foreman", ResourceKind::Group).namespace()
    );
    let truenas = object("truenas", ResourceKind::User);
    assert_ne!(truenas.fold_key("Jane"), truenas.fold_key("jane"));
    assert_ne!(
        truenas.namespace(),
        object("truenas", ResourceKind::Group).namespace()
    );
    assert!(truenas.is_protected_key("ROOT") && !truenas.is_protected_key("jane"));
}

#[test]
fn a_temporary_key_is_one_that_the_vendor_takes() {
    for vendor in Profile::builtin_names() {
        let user = object(vendor, ResourceKind::User);
        let key = user.temporary_key("01J-ABC def/0123456789abcdef0123456789abcdef");
        assert!(key.starts_with("tmp01jabc"), "{vendor}: {key}");
        assert!(key.len() <= 60 && key.chars().all(|c| c.is_ascii_alphanumeric()));
        let renamed = user.translate(&super::super::translated::Subject {
            id: "1",
            document: &fields(json!({"userName": key})),
            groups: &[],
            appliance: "x",
        });
        assert_eq!(renamed.key.as_deref(), Some(key.as_str()), "{vendor}");
    }
}

#[test]
fn no_request_addresses_more_than_one_object() {
    for vendor in Profile::builtin_names() {
        let user = object(vendor, ResourceKind::User);
        for id in ["", " ", "..", "."] {
            let at = Address { id, key: "jane" };
            assert!(user.delete_request(at).is_err(), "{vendor}");
            assert!(user.disable_request(at).is_err(), "{vendor}");
            assert!(user.enable_request(at).is_err(), "{vendor}");
            assert!(user.read_request(id).is_err(), "{vendor}");
            let none = Map::new();
            assert!(
                user.update_request(at, &none, &none, &none).is_err(),
                "{vendor}"
            );
        }
    }
}

#[test]
fn a_created_secret_is_sent_and_marked() {
    let user = object("fortiauthenticator", ResourceKind::User);
    let secrets = fields(json!({"password": "hunter2"}));
    let created = user
        .create_request(&fields(json!({"username": "j"})), false, &secrets)
        .unwrap();
    assert_eq!(
        created.body,
        Some(json!({"username": "j", "password": "hunter2", "active": false, "reason": 0}))
    );
    assert!(created.secret_fields.contains(&"password".to_owned()));
    // Create-only: an update never carries it.
    let updated = user
        .update_request(AT, &fields(json!({"city": "Lund"})), &Map::new(), &secrets)
        .unwrap();
    assert_eq!(updated.body, Some(json!({"city": "Lund"})));

    let user = object("nimble", ResourceKind::User);
    let updated = user
        .update_request(AT, &Map::new(), &Map::new(), &secrets)
        .unwrap();
    assert_eq!(updated.body, Some(json!({"data": {"password": "hunter2"}})));
}

#[test]
fn the_password_that_an_answer_repeats_is_not_observed() {
    let user = object("truenas", ResourceKind::User);
    let observed = user
        .observe_one(&answer(
            json!({"id": 7, "username": "j", "password": "clear"}),
        ))
        .unwrap();
    assert_eq!(Value::Object(observed.fields), json!({"username": "j"}));
}

#[test]
fn what_was_ignored_and_what_was_altered_are_told_apart() {
    let user = object("fortiauthenticator", ResourceKind::User);
    let before = fields(json!({"city": "Lund", "email": "j@x.example"}));
    let written = fields(json!({"city": "Umea", "email": "k@x.example", "company": "Corp"}));
    let shown = |value: Value| user.disobeyed(&fields(value), &before, &written);
    let obeyed = json!({"city": "Umea", "email": "k@x.example", "company": "Corp"});
    assert_eq!(shown(obeyed), Disobeyed::default());
    // Old firmware has no company, and does not show one.
    let partly = shown(json!({"city": "Lund", "email": "K@x.example"}));
    assert_eq!(partly.ignored, ["city"]);
    assert_eq!(partly.altered, ["email"]);
    // Of what was not there before, the vendor's empty value says that it is still not there.
    assert_eq!(shown(json!({"company": ""})).ignored, ["company"]);
}

#[test]
fn answers_of_another_shape_are_refused() {
    let user = object("foreman", ResourceKind::User);
    assert!(user.observe_many(&answer(json!([]))).is_err());
    assert!(
        user.observe_many(&answer(json!({"results": [{"login": "j"}]})))
            .is_err()
    );
    assert!(
        user.observe_many(&answer(json!({"results": [{"id": 7}]})))
            .is_err()
    );
    assert!(
        user.observe_one(&answer(json!({"id": {"a": 1}, "login": "j"})))
            .is_err()
    );
    let rows = user.observe_many(&answer(json!({"results": []})));
    assert_eq!(rows, Ok(Vec::new()));
}

#[test]
fn an_id_is_taken_from_the_first_place_that_has_one() {
    let user = object("truenas", ResourceKind::User);
    assert_eq!(user.created_id(&answer(json!(71))).as_deref(), Some("71"));
    assert_eq!(
        user.created_id(&answer(json!({"id": 71}))).as_deref(),
        Some("71")
    );
    assert_eq!(user.created_id(&answer(json!({"id": null}))), None);

    let user = object("fortiauthenticator", ResourceKind::User);
    let located = |location: &str| {
        let mut answer = answer(json!(null));
        answer.headers = vec![("location".to_owned(), location.to_owned())];
        user.created_id(&answer)
    };
    assert_eq!(located("/api/v1/localusers/12").as_deref(), Some("12"));
    assert_eq!(
        located("https://evil.example/api/v1/localusers/12/").as_deref(),
        Some("12")
    );
    assert_eq!(located("/api/v1/localusers/../users/x/"), None);
}

#[test]
fn pages_go_on_until_the_total_is_reached() {
    let user = object("foreman", ResourceKind::User);
    let query = |cursor: &Cursor| user.list_request(cursor).unwrap().unwrap().query;
    let page = |rows: usize, total: usize| {
        answer(json!({"subtotal": total, "results": vec![json!({"id": 1, "login": "j"}); rows]}))
    };
    let first = Cursor::default();
    assert!(query(&first).contains(&("page".to_owned(), "1".to_owned())));
    assert!(query(&first).contains(&("order".to_owned(), "id ASC".to_owned())));
    let second = user.next_page(&first, &page(500, 700)).unwrap().unwrap();
    assert!(query(&second).contains(&("page".to_owned(), "2".to_owned())));
    assert_eq!(user.next_page(&second, &page(200, 700)), Ok(None));
    // Fewer rows than the vendor promised: absence from the list proves nothing.
    assert!(user.next_page(&second, &page(0, 700)).is_err());
    assert!(
        user.next_page(&first, &answer(json!({"results": []})))
            .is_err()
    );

    let nimble = object("nimble", ResourceKind::User);
    let next = nimble
        .next_page(
            &Cursor::default(),
            &answer(json!({"data": [{"id": "1", "name": "j"}], "totalRows": 2})),
        )
        .unwrap()
        .unwrap();
    let request = nimble.list_request(&next).unwrap().unwrap();
    assert!(
        request
            .query
            .contains(&("startRow".to_owned(), "1".to_owned()))
    );

    let truenas = object("truenas", ResourceKind::User);
    assert_eq!(
        truenas.next_page(&Cursor::default(), &answer(json!([]))),
        Ok(None)
    );
}

#[test]
fn members_as_a_list_are_written_whole() {
    let group = object("foreman", ResourceKind::Group);
    let Some(Membership::List(list)) = group.membership() else {
        panic!("Foreman lists members on the group");
    };
    let written = list
        .write_request(TEAM, &["7".to_owned(), "9".to_owned()])
        .unwrap();
    assert_eq!(written.path, "/api/usergroups/3");
    assert_eq!(
        written.body,
        Some(json!({"usergroup": {"user_ids": [7, 9]}}))
    );
    assert!(list.write_request(TEAM, &["jane".to_owned()]).is_err());

    // A list of groups does not show members: unknown, not none.
    let rows = group
        .observe_many(&answer(json!({"results": [{"id": 3, "name": "x"}]})))
        .unwrap();
    assert_eq!(rows[0].members, None);
    let shown = group.observe_one(&answer(json!({"id": 3, "name": "x", "users": []})));
    assert_eq!(shown.unwrap().members, Some(Vec::new()));
}

#[test]
fn members_as_objects_are_added_and_removed_one_by_one() {
    let group = object("fortiauthenticator", ResourceKind::Group);
    let Some(Membership::Objects(objects)) = group.membership() else {
        panic!("FortiAuthenticator has an object for each membership");
    };
    let added = objects.add_request("8", "6").unwrap();
    assert_eq!(
        added.body,
        Some(json!({"user": "/api/v1/localusers/6/", "group": "/api/v1/usergroups/8/"}))
    );
    assert_eq!(
        objects.remove_request("41").unwrap().path,
        "/api/v1/localgroup-memberships/41/"
    );
    assert!(objects.remove_request("").is_err());
    // The last one is another group's.
    let memberships = objects.read(
        &answer(json!({
            "meta": {"total_count": 2},
            "objects": [
                {"id": 41, "user": "/api/v1/localusers/6/", "group": "/api/v1/usergroups/8/"},
                {"id": 42, "user": "/api/v1/localusers/17", "group": "/api/v1/usergroups/8"},
                {"id": 43, "user": "/api/v1/localusers/17", "group": "/api/v1/usergroups/18/"},
            ],
        })),
        "8",
    );
    let pair = |member: &str, id: &str| (member.to_owned(), id.to_owned());
    assert_eq!(memberships, Ok(vec![pair("6", "41"), pair("17", "42")]));
    assert!(
        objects
            .read(
                &answer(json!({"objects": [{"id": 1, "group": "/api/v1/usergroups/8/"}]})),
                "8"
            )
            .is_err()
    );
}
