//! Objects that are known by their key: the badge server of the guide.

use serde_json::{Map, Value, json};

use super::super::exchange::Answer;
use super::super::listing::Cursor;
use super::super::membership::Membership;
use super::super::profile::Profile;
use super::{Address, ObjectProfile};
use crate::scim::ResourceKind;

const HERON: &str = include_str!("../../../tests/data/profiles/heron/profile.toml");

const JANE: Address<'static> = Address {
    id: "41",
    key: "jane/../porter",
};

fn object(text: &str, kind: ResourceKind) -> ObjectProfile {
    Profile::compile("heron", text, &toml::Table::new())
        .unwrap()
        .object(kind)
        .unwrap()
        .clone()
}

fn numbered(number: &str, body: Value) -> Answer {
    Answer {
        status: 200,
        code: None,
        headers: vec![("x-badge-number".to_owned(), number.to_owned())],
        size: 1,
        body: Some(body),
        unreadable: false,
    }
}

fn refusal(text: &str) -> String {
    Profile::compile("heron", text, &toml::Table::new())
        .unwrap_err()
        .to_string()
}

#[test]
fn a_key_is_one_segment_of_a_path_and_never_an_empty_one() {
    let user = object(HERON, ResourceKind::User);
    assert!(user.is_addressed_by_key());
    let deletion = user.delete_request(JANE).unwrap().unwrap();
    assert_eq!(deletion.path, "/v1/badges/jane%2F..%2Fporter");
    for key in ["", " ", ".", ".."] {
        let nobody = Address { id: "41", key };
        let none = Map::new();
        assert!(user.delete_request(nobody).is_err(), "{key:?}");
        assert!(user.disable_request(nobody).is_err(), "{key:?}");
        assert!(user.rename_request(nobody, "jane").is_err(), "{key:?}");
        assert!(user.update_request(nobody, &none, &none, &none).is_err());
    }
}

#[test]
fn built_in_vendors_know_their_objects_by_id() {
    for vendor in Profile::builtin_names() {
        let text = Profile::builtin(vendor).unwrap();
        assert!(
            !object(text, ResourceKind::User).is_addressed_by_key(),
            "{vendor}"
        );
    }
}

#[test]
fn a_header_gives_the_id_of_the_one_object_only() {
    let user = object(HERON, ResourceKind::User);
    let one = numbered("41", json!({"name": "jane"}));
    assert_eq!(user.observe_many(&one).unwrap()[0].id, "41");
    assert_eq!(user.observe_one(&one).unwrap().id, "41");

    let page = json!({"badges": [{"name": "ann", "number": 3}, {"name": "jane", "number": 41}]});
    let rows = user.observe_page(&numbered("99", page)).unwrap();
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["3", "41"]);
    let nameless = numbered("99", json!({"badges": [{"name": "ann"}]}));
    assert!(user.observe_page(&nameless).is_err());

    assert!(
        user.observe_many(&numbered("x41", json!({"name": "jane"})))
            .is_err()
    );
    assert!(
        user.observe_many(&numbered("41", json!([{"name": "jane"}])))
            .is_err()
    );
}

#[test]
fn a_header_alone_is_refused_where_there_are_rows() {
    let text = HERON.replace(r#", "/number"]"#, "]");
    let shown = refusal(&text);
    assert!(shown.contains("rows of a list have no headers"), "{shown}");
    let text = HERON.replacen("object  = \"\"", "object  = \"\"\nitems = \"/badges\"", 1);
    let shown = refusal(&text);
    assert!(shown.contains("a list and one object"), "{shown}");
}

#[test]
fn a_list_goes_on_behind_its_last_row() {
    let user = object(HERON, ResourceKind::User);
    let query = |cursor: &Cursor| user.list_request(cursor).unwrap().unwrap().query;
    let page = |names: &[&str], more: Value| {
        let rows: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
        numbered("1", json!({"badges": rows, "more": more}))
    };
    let limit = ("limit".to_owned(), "100".to_owned());
    let first = Cursor::default();
    assert_eq!(query(&first), std::slice::from_ref(&limit));
    let second = user.next_page(&first, &page(&["ann", "jo&e"], json!(true)));
    let second = second.unwrap().unwrap();
    assert_eq!(
        query(&second),
        [limit, ("after".to_owned(), "jo&e".to_owned())]
    );
    assert_eq!(
        user.next_page(&second, &page(&["zoe"], json!(false))),
        Ok(None)
    );

    for incomplete in [
        page(&["jo&e"], json!(true)),
        page(&[], json!(true)),
        page(&["zoe"], Value::Null),
    ] {
        assert!(
            user.next_page(&second, &incomplete).is_err(),
            "{incomplete:?}"
        );
    }
}

#[test]
fn without_a_word_on_more_only_an_empty_page_is_the_last() {
    let text = HERON.replace(r#"more = "/more", "#, "");
    let user = object(&text, ResourceKind::User);
    let page = |rows: Value| numbered("1", json!({"badges": rows}));
    let next = user.next_page(&Cursor::default(), &page(json!([{"name": "ann"}])));
    let next = next.unwrap().unwrap();
    assert_eq!(user.next_page(&next, &page(json!([]))), Ok(None));
}

#[test]
fn members_are_the_names_of_a_map() {
    let group = object(HERON, ResourceKind::Group);
    let members = |body: Value| {
        group
            .observe_many(&numbered("7", body))
            .unwrap()
            .remove(0)
            .members
    };
    assert_eq!(
        members(json!({"name": "x", "members": {"41": {}, "42": {"since": "x"}}})),
        Some(vec!["41".to_owned(), "42".to_owned()])
    );
    assert_eq!(
        members(json!({"name": "x", "members": {}})),
        Some(Vec::new())
    );
    // Not what the profile says: unknown, not none.
    assert_eq!(members(json!({"name": "x", "members": []})), None);
    assert_eq!(members(json!({"name": "x"})), None);

    let Some(Membership::List(list)) = group.membership() else {
        panic!("a map is written as a whole, as a list is");
    };
    let team = Address {
        id: "7",
        key: "night watch",
    };
    let written = list
        .write_request(team, &["41".to_owned(), "42".to_owned()])
        .unwrap();
    assert_eq!(written.path, "/v1/teams/night%20watch/members");
    assert_eq!(written.body, Some(json!({"41": {}, "42": {}})));
    let emptied = list.write_request(team, &[]).unwrap();
    assert_eq!(emptied.body, Some(json!({})));
}
