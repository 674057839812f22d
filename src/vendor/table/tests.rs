use serde_json::{Map, Value, json};

use super::super::profile::{Problems, Section};
use super::super::translated::{Subject, SubjectGroup, Translated};
use super::{Table, TableContext, compile_table};
use crate::scim::ResourceKind;
use crate::scim::schema::SchemaSet;

/// A table whose key is `login`, and these rows and rules.
fn table(rows: &str) -> Table {
    let text = format!("[fields]\nlogin = {{ from = ['userName'] }}\n{rows}");
    let toml: toml::Table = text.parse().unwrap();
    let problems = Problems::default();
    let table = compile_table(
        &Section::root(&toml, &problems),
        TableContext {
            kind: ResourceKind::User,
            key: "login".to_owned(),
            marker: None,
            schemas: SchemaSet::core(),
        },
    );
    assert_eq!(problems.into_errors("test", &text), []);
    table
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

fn translate(table: &Table, document: Value, groups: &[SubjectGroup]) -> Translated {
    table.translate(&Subject {
        id: "1",
        document: &object(document),
        groups,
        appliance: "nas",
    })
}

fn group(display: &str, external_id: Option<&str>) -> SubjectGroup {
    SubjectGroup {
        id: "g".to_owned(),
        display: display.to_owned(),
        external_id: external_id.map(str::to_owned),
    }
}

fn field(rows: &str, document: Value) -> Option<Value> {
    translate(&table(rows), document, &[]).fields.remove("x")
}

#[test]
fn the_first_path_that_is_present_wins() {
    let rows = r#"x = { from = ['emails[primary eq true].value', 'emails[type eq "work"].value', 'emails.value', 'name.givenName + name.familyName'] }"#;
    let home = json!({"value": "h@x", "type": "home"});
    let work = json!({"value": "w@x", "type": "work"});
    let primary = json!({"value": "p@x", "type": "other", "primary": true});
    for (document, expected) in [
        (
            json!({"userName": "j", "emails": [home, work, primary]}),
            Some(json!("p@x")),
        ),
        (
            json!({"userName": "j", "emails": [home, work]}),
            Some(json!("w@x")),
        ),
        (
            json!({"userName": "j", "emails": [home, home]}),
            Some(json!("h@x")),
        ),
        (
            json!({"userName": "j", "name": {"givenName": "J", "familyName": "D"}}),
            Some(json!("J D")),
        ),
        (
            json!({"userName": "j", "name": {"familyName": "D"}}),
            Some(json!("D")),
        ),
        (json!({"userName": "j"}), None),
    ] {
        assert_eq!(field(rows, document.clone()), expected, "{document}");
    }
}

#[test]
fn enterprise_attributes_and_lists() {
    let document = json!({
        "userName": "j",
        "roles": [{"value": "a"}, {"value": "b"}],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Grid"},
    });
    assert_eq!(
        field("x = { from = 'enterprise.department' }", document.clone()),
        Some(json!("Grid"))
    );
    assert_eq!(
        field(
            "x = { from = 'roles.value', apply = { join = ',' } }",
            document.clone()
        ),
        Some(json!("a,b"))
    );
    assert_eq!(
        field("x = { from = 'roles.value', type = 'list' }", document),
        Some(json!(["a", "b"]))
    );
}

#[test]
fn a_group_or_role_chooses_the_value() {
    let table = table(
        "x = { choose = [{ group = 'Storage Admins', value = 'administrator' }, { group = 'ext-7', value = 'operator' }, { role = 'power', value = 'poweruser' }], default = 'guest' }",
    );
    let plain = json!({"userName": "j"});
    let powerful = json!({"userName": "j", "roles": [{"value": "Power"}]});
    for (document, groups, expected) in [
        (&plain, vec![group("storage admins", None)], "administrator"),
        (&plain, vec![group("Other", Some("ext-7"))], "operator"),
        (&plain, vec![group("ext-7-not", Some("EXT-7"))], "guest"),
        (&powerful, vec![], "poweruser"),
        (
            &powerful,
            vec![group("x", Some("ext-7")), group("Storage Admins", None)],
            "administrator",
        ),
        (&plain, vec![], "guest"),
    ] {
        let translated = translate(&table, document.clone(), &groups);
        assert_eq!(translated.fields["x"], json!(expected), "{groups:?}");
    }
}

#[test]
fn templates_see_declared_variables_and_absence_is_absence() {
    let rows = "x = { template = '{{ user.name.givenName }} of {{ user.enterprise.department }} on {{ appliance }}, {{ groups | length }}' }";
    let table = table(rows);
    let full = json!({
        "userName": "j",
        "name": {"givenName": "Jane"},
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "R&D <1>"},
    });
    let translated = translate(&table, full, &[group("a", None)]);
    assert_eq!(translated.fields["x"], json!("Jane of R&D <1> on nas, 1"));

    let translated = translate(&table, json!({"userName": "j"}), &[]);
    assert_eq!(translated.fields.get("x"), None);
    assert_eq!(translated.violations, []);
}

#[test]
fn a_template_cannot_run_long() {
    let rows = "x = { template = '{% for a in user.userName %}{% for b in user.userName %}{% for c in user.userName %}{{ c }}{% endfor %}{% endfor %}{% endfor %}' }";
    let translated = translate(&table(rows), json!({"userName": "j".repeat(200)}), &[]);
    assert_eq!(translated.fields.get("x"), None);
    assert!(
        translated.violations[0].message.contains("template"),
        "{:?}",
        translated.violations
    );
}

#[test]
fn what_the_vendor_would_not_take_is_dropped_with_a_note_or_refused() {
    for (row, value, expected) in [
        ("max_length = 3", "abcd", None),
        ("max_length = 3, too_long = 'truncate'", "ab d", Some("ab")),
        ("max_length = 3", "åäö", Some("åäö")),
        ("pattern = '^[a-z]+$'", "A1", None),
        ("not_pattern = '^root$'", "root", None),
        ("one_of = ['a', 'b']", "c", None),
        ("apply = ['country_alpha2']", "Atlantis", None),
    ] {
        let optional = table(&format!("x = {{ from = 'title', {row} }}"));
        let translated = translate(&optional, json!({"userName": "j", "title": value}), &[]);
        assert_eq!(
            translated.fields.get("x").and_then(Value::as_str),
            expected,
            "{row}"
        );
        assert_eq!(
            translated.notes.len(),
            usize::from(expected != Some(value)),
            "{row}"
        );
        assert_eq!(translated.violations, [], "{row}");
        if expected.is_none() {
            let note = &translated.notes[0];
            assert!(note.contains(value) && note.starts_with("title"), "{note}");
            let required = table(&format!("x = {{ from = 'title', required = true, {row} }}"));
            let translated = translate(&required, json!({"userName": "j", "title": value}), &[]);
            assert_eq!(translated.violations.len(), 1, "{row}");
            assert_eq!(translated.violations[0].field, "x");
        }
    }
}

#[test]
fn numbers_and_booleans_are_typed() {
    for (row, value, expected) in [
        ("type = 'integer', min = 1, max = 9", "5", Some(json!(5))),
        ("type = 'integer', min = 1, max = 9", "10", None),
        ("type = 'integer', min = 1, max = 9", "0", None),
        ("type = 'integer'", "five", None),
        ("type = 'boolean'", "True", Some(json!(true))),
        ("type = 'boolean'", "yes", None),
        ("type = 'list'", "a", Some(json!(["a"]))),
    ] {
        assert_eq!(
            field(
                &format!("x = {{ from = 'title', {row} }}"),
                json!({"userName": "j", "title": value})
            ),
            expected,
            "{row}: {value}"
        );
    }
}

#[test]
fn a_missing_required_value_is_a_violation_unless_the_row_does_not_apply() {
    let rows = "x = { from = 'title', required = true, when = 'userType eq \"Employee\"' }";
    let employee = translate(
        &table(rows),
        json!({"userName": "j", "userType": "Employee"}),
        &[],
    );
    assert_eq!(employee.violations.len(), 1);
    assert!(employee.violations[0].message.contains("title"));
    let guest = translate(
        &table(rows),
        json!({"userName": "j", "userType": "Guest"}),
        &[],
    );
    assert_eq!(guest.violations, []);
}

#[test]
fn without_a_key_there_is_a_violation_and_no_key() {
    let translated = translate(&table(""), json!({"displayName": "J"}), &[]);
    assert_eq!(translated.key, None);
    assert_eq!(translated.violations[0].field, "login");
}

#[test]
fn absent_means_active() {
    let table = table("");
    assert!(translate(&table, json!({"userName": "j"}), &[]).active);
    assert!(!translate(&table, json!({"userName": "j", "active": false}), &[]).active);
}

#[test]
fn rules_across_fields() {
    let rows = r#"
        kind = { from = 'userType' }
        mail = { from = 'emails.value' }
        nick = { from = 'nickName' }
        [[rule]]
        when = { kind = ['sms', 'dual'] }
        require = ['mail']
        forbid = ['nick']
        message = 'No mail, no token.'
    "#;
    let table = table(rows);
    let mail = json!([{"value": "a@b"}]);
    for (document, broken) in [
        (json!({"userName": "j", "userType": "sms"}), Some("mail")),
        (
            json!({"userName": "j", "userType": "sms", "emails": mail}),
            None,
        ),
        (
            json!({"userName": "j", "userType": "dual", "emails": mail, "nickName": "n"}),
            Some("nick"),
        ),
        (
            json!({"userName": "j", "userType": "none", "nickName": "n"}),
            None,
        ),
        (json!({"userName": "j"}), None),
    ] {
        let violations = translate(&table, document.clone(), &[]).violations;
        assert_eq!(
            violations.first().map(|v| v.field.as_str()),
            broken,
            "{document}"
        );
    }
}

#[test]
fn secrets_are_listed_and_never_among_the_fields() {
    let rows = "password = { secret = true, generate = { length = 20, alphabet = 'abcdefghijklmnopqrstuvwxyz?0123' }, forbidden = '?', max_length = 50, on = 'create' }";
    let translated = translate(&table(rows), json!({"userName": "j", "password": "p"}), &[]);
    assert!(!translated.fields.contains_key("password"));
    let secret = &translated.secrets[0];
    assert_eq!(
        secret.generate,
        Some((20, "abcdefghijklmnopqrstuvwxyz0123".to_owned()))
    );
    assert_eq!((secret.max_length, secret.changeable), (Some(50), false));
    assert_eq!(secret.forbidden, "?");
}

#[test]
fn an_update_sends_what_differs_and_empties_what_went_away() {
    let table = table(
        r#"
        text = { from = 'title' }
        none = { from = 'nickName', empty = 'null' }
        mail = { from = 'emails.value', compare = 'ci' }
        list = { from = 'roles.value', type = 'list', compare = 'set' }
        once = { from = 'externalId', on = 'create' }
        later = { from = 'userType', on = 'change' }
        "#,
    );
    let applied = object(json!({
        "login": "j", "text": "t", "none": "n", "mail": "A@B", "list": ["a", "b"], "once": "1",
    }));
    let changed = |desired: Value| Value::Object(table.changes(&applied, &object(desired)));

    assert_eq!(changed(Value::Object(applied.clone())), json!({}));
    assert_eq!(
        changed(
            json!({"login": "k", "text": "u", "none": "n", "mail": "a@b", "list": ["b", "a"], "once": "2", "later": "l"})
        ),
        json!({"text": "u", "later": "l"})
    );
    assert_eq!(
        changed(json!({"login": "j"})),
        json!({"text": "", "none": null, "mail": "", "list": []})
    );
}

#[test]
fn after_an_update_the_written_values_are_applied_and_the_others_kept() {
    let table = table(
        "text = { from = 'title' }\nnick = { from = 'nickName' }\nmail = { from = 'emails.value', compare = 'ci' }\nonce = { from = 'externalId', on = 'create' }",
    );
    let applied =
        object(json!({"login": "j", "text": "t", "nick": "n", "mail": "A@B", "once": "1"}));
    let desired = object(json!({"login": "k", "nick": "o", "mail": "a@b", "once": "2"}));
    let after = table.after_update(&applied, &desired);
    assert_eq!(
        Value::Object(after.clone()),
        json!({"login": "j", "nick": "o", "mail": "A@B", "once": "1"})
    );
    assert_eq!(table.changes(&after, &desired), Map::new());
}

#[test]
fn an_account_equals_an_intent_by_what_it_shows() {
    let table = table(
        "mail = { from = 'emails.value', compare = 'ci' }\ngroup = { value = true, compare = 'never' }\nroles = { from = 'roles.value', type = 'list', compare = 'set', ignore = ['default'] }",
    );
    let intent = object(json!({"login": "j", "mail": "a@b", "group": true, "roles": ["x", "y"]}));
    let same = |observed: Value| table.same_as(&object(observed), &intent);
    assert!(same(
        json!({"login": "j", "mail": "A@B", "group": 7, "roles": ["y", "default", "x"], "uid": 1})
    ));
    assert!(same(json!({"login": "j"})));
    assert!(!same(json!({"login": "J", "mail": "a@b"})));
    assert!(!same(json!({"login": "j", "mail": "c@d"})));
    assert!(!same(json!({"login": "j", "roles": ["x"]})));
}
